// Item plan, its chart: weeks from left to right; what was sold as bars, then the forecast as a line in the band in which it lies with a probability of 80 %, and,
// where people adjusted it, what they made of it.

import { factorOn } from '../../core/planning.ts'

export const chart = { width: 960, height: 220 } as const
const MARGIN = 18

export interface Week {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** After what people said of it. */
  readonly adjusted: number
}

export interface DrawnWeeks {
  readonly step: number
  readonly zero: number
  readonly most: number
  readonly bars: readonly { readonly x: number; readonly y: number; readonly height: number }[]
  /** Below weeks in which there was probably nothing for some days: as wide as those days. */
  readonly empty: readonly { readonly x: number; readonly width: number }[]
  readonly mean: string
  readonly fan: string
  readonly adjusted: string
}

/** Where everything stands; the last weeks of the history and all that is forecast. */
export function chartOf(history: readonly number[], emptyDays: readonly number[], forecast: readonly Week[]): DrawnWeeks {
  const most = Math.max(1, ...history, ...forecast.map((week) => Math.max(week.high, week.adjusted)))
  const scale = (chart.height - 2 * MARGIN) / most
  const yOf = (units: number): number => rounded(MARGIN + (most - units) * scale)
  const step = chart.width / Math.max(1, history.length + forecast.length)
  const middle = (index: number): number => rounded((history.length + index + 0.5) * step)
  const line = (of: (week: Week) => number): string =>
    forecast.map((week, index) => `${index === 0 ? 'M' : 'L'}${middle(index)} ${yOf(of(week))}`).join('')
  const back = forecast.map((week, index) => `L${middle(index)} ${yOf(week.low)}`).toReversed()
  return {
    step: rounded(step),
    zero: yOf(0),
    most,
    bars: history.map((units, index) => ({ x: rounded(index * step + 1), y: yOf(units), height: rounded(yOf(0) - yOf(units)) })),
    empty: emptyDays.flatMap((days, index) => (isEmptied(days) ? [{ x: rounded(index * step), width: rounded((step * days) / WEEK_DAYS) }] : [])),
    mean: line((week) => week.mean),
    fan: forecast.length === 0 ? '' : `${line((week) => week.high)}${back.join('')}Z`,
    adjusted: forecast.some((week) => week.adjusted !== week.mean) ? line((week) => week.adjusted) : '',
  }
}

/** Less than that is not worth a word. */
export const isEmptied = (days: number): boolean => days >= 0.5

const rounded = (pixels: number): number => Math.round(pixels * 100) / 100
const day_ms = 86_400_000
const WEEK_DAYS = 7

/** By how much a week that begins so many days after `today` is adjusted: its days' factors on average. */
export function factorOf(today: string, week: number, adjustments: Parameters<typeof factorOn>[1]): number {
  let sum = 0
  for (let day = 0; day < WEEK_DAYS; day += 1) sum += factorOn(dayAfter(today, week * WEEK_DAYS + day + 1), adjustments)
  return sum / WEEK_DAYS
}

/** The first day of a week, counted from the one that begins tomorrow; those before it have numbers below 0. */
export const beginOf = (today: string, week: number): string => dayAfter(today, week * WEEK_DAYS + 1)

const dayAfter = (today: string, days: number): string => new Date(Date.parse(today) + days * day_ms).toISOString().slice(0, 10)
