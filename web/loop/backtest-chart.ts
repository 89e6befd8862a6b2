// Back-test, its chart: each policy as a point, what is served at once upwards against what is tied up in stock to the right, with both intervals as bars. Places
// are parts of a hundred of the drawing, so that words in it keep their size however wide it is.

import type { Interval } from '../../core/loop/backtest/figures.ts'

export interface Compared {
  readonly name: string
  readonly figures: { readonly fillRate: Interval; readonly cash: Interval }
}

export interface Bar {
  readonly low: number
  readonly high: number
}

export interface DrawnPolicy {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly across: Bar
  readonly along: Bar
}

export interface Tick {
  readonly value: number
  readonly at: number
}

export interface DrawnPolicies {
  readonly points: readonly DrawnPolicy[]
  readonly cash: readonly Tick[]
  readonly served: readonly Tick[]
}

const [LEFT, RIGHT, TOP, BOTTOM] = [9, 96, 6, 86]
const TICKS = 5
/** Policies that come to the same would have no room apart. */
const [CASH_SPAN_MIN, SERVED_SPAN_MIN] = [100, 0.002]

export function chartOf(policies: readonly Compared[]): DrawnPolicies {
  const cash = spanOf(
    policies.map((one) => one.figures.cash),
    CASH_SPAN_MIN,
  )
  const served = spanOf(
    policies.map((one) => one.figures.fillRate),
    SERVED_SPAN_MIN,
  )
  const xOf = (value: number): number => rounded(LEFT + ((value - cash.low) / (cash.high - cash.low)) * (RIGHT - LEFT))
  const yOf = (value: number): number => rounded(BOTTOM - ((value - served.low) / (served.high - served.low)) * (BOTTOM - TOP))
  return {
    points: policies.map(({ name, figures }) => ({
      name,
      x: xOf(figures.cash.value),
      y: yOf(figures.fillRate.value),
      across: { low: xOf(figures.cash.low), high: xOf(figures.cash.high) },
      along: { low: yOf(figures.fillRate.low), high: yOf(figures.fillRate.high) },
    })),
    cash: ticksOf(cash, xOf),
    served: ticksOf(served, yOf),
  }
}

/** From the least to the most of all intervals. */
function spanOf(intervals: readonly Interval[], least: number): Bar {
  if (intervals.length === 0) return { low: 0, high: least }
  const [low, high] = [Math.min(...intervals.map((one) => one.low)), Math.max(...intervals.map((one) => one.high))]
  const spare = Math.max(0, least - (high - low)) / 2
  return { low: low - spare, high: high + spare }
}

/** Round figures within: steps of one, two or five of some power of ten. */
function ticksOf({ low, high }: Bar, at: (value: number) => number): readonly Tick[] {
  const rough = (high - low) / TICKS
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10)
  const first = Math.ceil(low / step)
  const count = Math.max(0, Math.floor(high / step) - first + 1)
  return Array.from({ length: count }, (_none, index) => ({ value: (first + index) * step, at: at((first + index) * step) }))
}

const rounded = (part: number): number => Math.round(part * 100) / 100
