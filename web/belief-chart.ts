// Belief, its chart: evenings from left to right; what was recorded as a line of steps, what was believed as a line in the band in which it lay with a
// probability of 90 %, and counts as dots, all to one scale that has room for what is below zero in the record.

export const chart = { width: 960, height: 240 } as const
const MARGIN = 18
const day_ms = 86_400_000

interface Evening {
  readonly on: string
  readonly recorded: number
  readonly expected: number
  readonly low: number
  readonly high: number
  readonly empty: number
}

interface Counted {
  readonly at: string
  readonly counted: number
}

export interface DrawnEvening extends Evening {
  /** Where its column begins. */
  readonly x: number
}

export interface DrawnBelief {
  readonly evenings: readonly DrawnEvening[]
  readonly step: number
  readonly zero: number
  /** The figure at the upper edge. */
  readonly most: number
  readonly recorded: string
  readonly expected: string
  readonly band: string
  readonly dots: readonly { readonly at: string; readonly x: number; readonly y: number }[]
  /** How high levels stand, in their order. */
  readonly levels: readonly number[]
}

/** Where everything stands. A count stands where its instant is in its day; levels are by which the item is ordered. */
export function chartOf(days: readonly Evening[], counts: readonly Counted[], levels: readonly number[] = []): DrawnBelief {
  const most = Math.max(1, ...days.map((one) => Math.max(one.recorded, one.high)), ...counts.map((one) => one.counted), ...levels)
  const least = Math.min(0, ...days.map((one) => one.recorded))
  const scale = (chart.height - 2 * MARGIN) / (most - least)
  const yOf = (units: number): number => rounded(MARGIN + (most - units) * scale)
  const step = chart.width / Math.max(days.length, 1)
  const middle = (index: number): number => rounded((index + 0.5) * step)
  const line = (of: (one: Evening) => number): string =>
    days.map((one, index) => `${index === 0 ? 'M' : 'L'}${middle(index)} ${yOf(of(one))}`).join('')
  const back = days.map((one, index) => `L${middle(index)} ${yOf(one.low)}`).toReversed()
  const first = days[0] === undefined ? 0 : Date.parse(days[0].on)
  return {
    evenings: days.map((one, index) => ({ ...one, x: rounded(index * step) })),
    step: rounded(step),
    zero: yOf(0),
    most,
    recorded: days
      .map(({ recorded }, index) => `${index === 0 ? `M0 ${yOf(recorded)}` : `V${yOf(recorded)}`}H${rounded((index + 1) * step)}`)
      .join(''),
    expected: line((one) => one.expected),
    band: days.length === 0 ? '' : `${line((one) => one.high)}${back.join('')}Z`,
    dots: counts.map(({ at, counted }) => ({
      at,
      x: rounded(Math.min(chart.width, Math.max(0, ((Date.parse(at) - first) / day_ms) * step))),
      y: yOf(counted),
    })),
    levels: levels.map(yOf),
  }
}

const rounded = (pixels: number): number => Math.round(pixels * 100) / 100
