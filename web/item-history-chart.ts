// Item history, its chart: days as columns from left to right, in upwards and out downwards from one zero, and what is there as a line, all to one scale.

export const chart = { width: 960, height: 220 } as const
const MARGIN = 18

interface History {
  readonly behind: readonly { readonly on: string; readonly came: number; readonly went: number; readonly onHand: number }[]
  readonly ahead: readonly { readonly on: string; readonly supply: number; readonly demand: number; readonly expected: number }[]
}

export interface DrawnDay {
  readonly on: string
  readonly isAhead: boolean
  readonly came: number
  readonly went: number
  /** In the evening. */
  readonly there: number
  readonly x: number
  readonly cameTop: number
  readonly wentBottom: number
}

export interface Drawn {
  readonly days: readonly DrawnDay[]
  readonly step: number
  readonly zero: number
  /** Where the days behind end. */
  readonly today: number
  /** The figure at the upper edge. */
  readonly most: number
  readonly behindLine: string
  readonly aheadLine: string
}

/** Where everything stands; 0 lies so that what is below it has room too. */
export function chartOf({ behind, ahead }: History): Drawn {
  const days = [
    ...behind.map(({ on, came, went, onHand }) => ({ on, came, went, there: onHand, isAhead: false })),
    ...ahead.map(({ on, supply, demand, expected }) => ({ on, came: supply, went: demand, there: expected, isAhead: true })),
  ]
  const most = Math.max(1, ...days.map((one) => Math.max(one.came, one.there)))
  const least = Math.min(0, ...days.map((one) => Math.min(-one.went, one.there)))
  const scale = (chart.height - 2 * MARGIN) / (most - least)
  const yOf = (figure: number): number => rounded(MARGIN + (most - figure) * scale)
  const step = chart.width / days.length
  const drawn = days.map((one, index) => ({ ...one, x: rounded(index * step), cameTop: yOf(one.came), wentBottom: yOf(-one.went) }))
  const line = (rows: typeof drawn): string =>
    rows.map((row, index) => `${index === 0 ? 'M' : 'L'}${rounded(row.x + step / 2)} ${yOf(row.there)}`).join('')
  const now = drawn.slice(0, behind.length)
  return {
    days: drawn,
    step: rounded(step),
    zero: yOf(0),
    today: rounded(behind.length * step),
    most,
    behindLine: line(now),
    aheadLine: line([...now.slice(-1), ...drawn.slice(behind.length)]),
  }
}

const rounded = (pixels: number): number => Math.round(pixels * 100) / 100
