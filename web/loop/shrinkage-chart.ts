// Shrinkage, its chart over time: the value of each stretch of the period as a column from one zero, what has a cause below what nobody explains, and the
// per cent of sales as a line to a scale of its own. Stretches in which nothing was lost or sold are drawn too: a gap in time is no gap in the picture.

export const chart = { width: 960, height: 200 } as const
const MARGIN = 16
const STRETCHES_MAX = 400
const day_ms = 86_400_000

export type Stretch = 'day' | 'week' | 'month'

interface Sum {
  readonly key: string
  readonly value: number
  readonly unexplainedValue: number
  readonly percentOfSales: number | null
}

export interface DrawnStretch {
  readonly on: string
  readonly value: number
  readonly unexplainedValue: number
  readonly percent: number | null
  readonly x: number
  /** From `knownTop` down to zero what has a cause, from there up to `top` what has none. */
  readonly knownTop: number
  readonly top: number
}

export interface Drawn {
  readonly stretches: readonly DrawnStretch[]
  readonly step: number
  readonly zero: number
  /** The figures at the upper edge. */
  readonly most: number
  readonly mostPercent: number
  /** Pieces of a line: it breaks where nothing was sold. */
  readonly percents: string
}

/** So long that a column can be told from the next. */
export function stretchOf(from: string, to: string): Stretch {
  const days = (Date.parse(to) - Date.parse(from)) / day_ms + 1
  return days <= 62 ? 'day' : days <= 371 ? 'week' : 'month'
}

/** The first day of each stretch of a period, Mondays of weeks. */
export function beginnings(from: string, to: string, by: Stretch): readonly string[] {
  const at = new Date(`${from}T00:00:00Z`)
  if (by === 'week') at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7))
  if (by === 'month') at.setUTCDate(1)
  const found: string[] = []
  const end = Date.parse(`${to}T00:00:00Z`)
  while (at.getTime() <= end && found.length < STRETCHES_MAX) {
    found.push(at.toISOString().slice(0, 10))
    if (by === 'month') at.setUTCMonth(at.getUTCMonth() + 1)
    else at.setUTCDate(at.getUTCDate() + (by === 'week' ? 7 : 1))
  }
  return found
}

/** Where everything stands. What was found beyond what was lost goes below zero. */
export function chartOf(sums: readonly Sum[], days: readonly string[]): Drawn {
  const known = new Map(sums.map((one) => [one.key, one]))
  const rows = days.map((on) => ({ on, sum: known.get(on) ?? { key: on, value: 0, unexplainedValue: 0, percentOfSales: null } }))
  const most = Math.max(1, ...rows.map(({ sum }) => Math.max(sum.value, sum.value - sum.unexplainedValue)))
  const least = Math.min(0, ...rows.map(({ sum }) => Math.min(sum.value, sum.value - sum.unexplainedValue)))
  const scale = (chart.height - 2 * MARGIN) / (most - least)
  const yOf = (value: number): number => rounded(MARGIN + (most - value) * scale)
  const mostPercent = Math.max(0.01, ...rows.map(({ sum }) => sum.percentOfSales ?? 0))
  const percentY = (percent: number): number => rounded(chart.height - MARGIN - (Math.max(percent, 0) / mostPercent) * (chart.height - 2 * MARGIN))
  const step = chart.width / Math.max(rows.length, 1)
  let pen = 'M'
  let percents = ''
  const stretches = rows.map(({ on, sum }, index) => {
    const { value, unexplainedValue, percentOfSales: percent } = sum
    if (percent === null) pen = 'M'
    else {
      percents += `${pen}${rounded((index + 0.5) * step)} ${percentY(percent)}`
      pen = 'L'
    }
    return { on, value, unexplainedValue, percent, x: rounded(index * step), knownTop: yOf(value - unexplainedValue), top: yOf(value) }
  })
  return { stretches, step: rounded(step), zero: yOf(0), most, mostPercent, percents }
}

const rounded = (pixels: number): number => Math.round(pixels * 100) / 100
