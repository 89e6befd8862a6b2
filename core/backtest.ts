// Backtest: a question to the company's own past: how its last days would have gone under other rules. A run lives each item's days again under each policy
// (core/loop/backtest/); what is asked never changes once it was, so a run that was cut off comes to the same result.

import type { Day, Instant } from './calendar.ts'
import type { SiteId } from './item.ts'
import type { Shape } from './table.ts'

/** What a policy orders from: what is believed, what is recorded, or, as nobody can, the truth. */
export const testedStocks = ['belief', 'record', 'truth'] as const
/** How it forecasts: as a plan does, as the last half year was on average, or as the same weeks of a year ago. */
export const testedForecasts = ['automatic', 'mean', 'seasonal-naive'] as const

export interface TestedPolicy {
  readonly name: string
  /** How surely nothing is short until the order after next. */
  readonly service: number
  readonly reviewDays: number
  readonly stock: (typeof testedStocks)[number]
  /** Each item is counted once in so many days; 0 for never. */
  readonly countDays: number
  readonly forecast: (typeof testedForecasts)[number]
}

export interface BacktestOptions {
  readonly from: Day
  readonly days: number
  /** Units that go unseen for each that is sold, on average; how fast differs between items. */
  readonly shrink: number
  readonly seed: number
}

/** What may be asked for. */
export const backtestLimits = {
  days_min: 14,
  days_max: 1_000,
  shrink_max: 0.5,
  seed_max: 2_147_483_647,
  count_days_max: 1_000,
  policies_max: 12,
  name_characters_max: 80,
} as const

export interface AskedBacktest extends BacktestOptions {
  /** Null for every site. */
  readonly site: SiteId | null
  /** Without two of one name. */
  readonly policies: readonly TestedPolicy[]
}

export interface BacktestRun {
  readonly run: string
  readonly askedAt: Instant
  readonly asker: string
  readonly asked: AskedBacktest
  readonly state: 'running' | 'done' | 'cancelled' | 'failed'
  readonly endedAt: Instant | null
}

export interface BacktestRows {
  backtestRun: BacktestRun
}

/** The group of those that are under way. */
export const underWay = 'under way'

export const backtestShapes: { readonly [Name in keyof BacktestRows]: Shape<BacktestRows[Name]> } = {
  backtestRun: { key: (row) => row.run, groups: (row) => (row.state === 'running' ? [underWay] : []) },
}
