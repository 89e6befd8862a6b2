// Forecast: what customers will want of an item at a site, day by day, from what they took of it week by week, and from what people know besides. The forecasting
// itself is core/plan/forecasting/; here it meets the record and those who adjust it, who are measured by what their adjustments were worth.

import { addDays, day_ms, startOf, type Day } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import { announce, type Draft } from '../ledger.ts'
import { forecastOf, type Method } from '../plan/forecasting/forecast.ts'
import { changedBy, factorOn, type ForecastAdjustment, type ForecastAnalogue } from '../planning.ts'
import { refuse, type Refusal } from '../refusal.ts'

export const WEEK_DAYS = 7
/** So much of the past is looked at: two years, so that each season was there twice. */
export const HISTORY_WEEKS = 104
export const YEAR_WEEKS = 52

/** What customers took in a week, less what came back; 0 is the week that ended yesterday. */
export interface SoldWeek {
  readonly weeksAgo: number
  readonly units: number
}

/** Weeks, the oldest first, from the first in which any were sold, at most `HISTORY_WEEKS`; of a week in which more came back than went, 0. */
export function weeklyHistory(sold: Iterable<SoldWeek>): Float64Array {
  const weeks = new Float64Array(HISTORY_WEEKS)
  let first = HISTORY_WEEKS
  for (const { weeksAgo, units } of sold) {
    const week = HISTORY_WEEKS - 1 - weeksAgo
    if (week < 0 || week >= HISTORY_WEEKS) continue
    weeks[week]! += Math.max(0, units)
    first = Math.min(first, week)
  }
  return weeks.slice(first)
}

export interface DemandForecast {
  readonly method: Method
  /** Units a day on average, from tomorrow on. */
  readonly perDay: Float64Array
  /** Variance of the demand of all these days together over their mean, at least 1. */
  readonly dispersion: number
  /** Units a week on average and where they lie with 80 %, week by week, before anybody adjusted them. */
  readonly weeks: { readonly mean: Float64Array; readonly low: Float64Array; readonly high: Float64Array }
  /** Where something is known beforehand of these days: so many times what is wanted without it, all of them together. */
  readonly known?: number
}

const [LOW, MIDDLE, HIGH, HIGHEST] = [0.1, 0.5, 0.9, 0.95]
/** How many standard deviations lie between the middle and the highest of these levels. */
const HIGHEST_DEVIATIONS = 1.6449

/** What is wanted on so many days from tomorrow on; of each week the days' shares, the first that of tomorrow. Of weeks that nobody could see, no number. */
export function demandForecast(
  history: Float64Array,
  today: Day,
  days: number,
  adjustments: readonly ForecastAdjustment[],
  weekdays?: ArrayLike<number>,
  known?: KnownDays,
): DemandForecast {
  const horizon = Math.max(1, Math.ceil(days / WEEK_DAYS))
  const { method, mean, quantiles, cumulative } = forecastOf(history, { horizon, seasons: [YEAR_WEEKS], levels: [LOW, MIDDLE, HIGH, HIGHEST] })
  const plain = Float64Array.from({ length: days }, (_none, ahead) => {
    const factor = factorOn(addDays(today, ahead + 1), adjustments)
    return Math.max(0, mean[Math.floor(ahead / WEEK_DAYS)]!) * (weekdays?.[ahead % WEEK_DAYS] ?? 1 / WEEK_DAYS) * factor
  })
  const perDay = known === undefined ? plain : plain.map((units, ahead) => units * known.factor(ahead))
  const dispersion = method === 'none' ? 1 : dispersionOf(method, history, cumulative)
  const about = (deviations: number): Float64Array =>
    mean.map((units) => Math.max(0, units + deviations * Math.sqrt(Math.max(0, units) * dispersion)))
  const weeks = isShort(history)
    ? { mean, low: about(-OUTER_DEVIATIONS), high: about(OUTER_DEVIATIONS) }
    : { mean, low: quantiles[0]!, high: quantiles[2]! }
  if (known === undefined) return { method, perDay, dispersion, weeks }
  const byWeek = Float64Array.from(mean, (_units, week) => weekFactor(known, week, weekdays))
  const driven = (units: Float64Array): Float64Array => units.map((some, week) => some * byWeek[week]!)
  const [all, without] = [perDay, plain].map((units) => units.reduce((sum, some) => sum + some, 0))
  return {
    method,
    perDay,
    dispersion,
    weeks: { mean: driven(weeks.mean), low: driven(weeks.low), high: driven(weeks.high) },
    known: without! > 0 ? all! / without! : 1,
  }
}

/** What is known beforehand of days: of the one so many days after tomorrow, so many times what is wanted without it (forecast-known.ts). */
export interface KnownDays {
  readonly factor: (ahead: number) => number
}

const weekFactor = ({ factor }: KnownDays, week: number, weekdays?: ArrayLike<number>): number => {
  let sum = 0
  for (let day = 0; day < WEEK_DAYS; day += 1) sum += (weekdays?.[day] ?? 1 / WEEK_DAYS) * factor(week * WEEK_DAYS + day)
  return sum
}

/** Of so few weeks nobody can tell how far a forecast may be off: then demand is taken to spread as that of most items does. */
const SHORT_WEEKS = 12
const USUAL_DISPERSION = 3
/** Between the middle and what lies below with 90 %. */
const OUTER_DEVIATIONS = 1.2816

const isShort = (history: Float64Array): boolean => history.length < SHORT_WEEKS

type Together = ReturnType<typeof forecastOf>['cumulative']

/** Of few weeks, as usual; of what is wanted seldom, as it was by the history; else by how far the forecast's own quantiles lie apart. */
function dispersionOf(method: Method, history: Float64Array, cumulative: Together): number {
  if (isShort(history)) return historyDispersion(history)
  if (method === 'intermittent') return sampleDispersion(history.subarray(-YEAR_WEEKS))
  const { mean, quantiles } = cumulative()
  const last = mean.length - 1
  const deviation = Math.max(0, quantiles[3]![last]! - quantiles[1]![last]!) / HIGHEST_DEVIATIONS
  return mean[last]! > 0 ? Math.max(1, (deviation * deviation) / mean[last]!) : 1
}

/** How demand spread around its mean by the history alone; of few weeks, rather as usual. */
export function historyDispersion(history: Float64Array): number {
  const known = Math.min(1, history.length / SHORT_WEEKS)
  return known * sampleDispersion(history) + (1 - known) * USUAL_DISPERSION
}

function sampleDispersion(weeks: Float64Array): number {
  const values = weeks.filter((units) => Number.isFinite(units))
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length
  if (values.length < 2 || mean === 0) return 1
  const variance = values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1)
  return Math.max(1, variance / mean)
}

/** Units that are forecast of the days from `from` to `to` together; days that are past already count nothing. */
export function forecastUnits(history: Float64Array, today: Day, from: Day, to: Day, weekdays?: ArrayLike<number>, known?: KnownDays): number {
  const days = Math.round((startOf(to) - startOf(today)) / day_ms)
  if (days < 1) return 0
  const skipped = Math.max(0, Math.round((startOf(from) - startOf(today)) / day_ms) - 1)
  return demandForecast(history, today, days, [], weekdays, known)
    .perDay.subarray(skipped)
    .reduce((sum, units) => sum + units, 0)
}

/** What an adjustment was worth: by so many units the forecast was nearer to what was sold than without it; below 0 it was farther. */
export function valueAdded({ forecastUnits: plain, percent }: Pick<ForecastAdjustment, 'forecastUnits' | 'percent'>, sold: number): number {
  return Math.abs(sold - plain) - Math.abs(sold - plain * changedBy(percent))
}

export interface AdjustForecast extends Omit<ForecastAdjustment, 'madeAt' | 'undoneAt' | 'adjuster'> {
  readonly kind: 'adjustForecast'
}

/** Says that an item will sell better or worse than its history tells; the next plan counts on it. */
export function adjustForecast({ kind: _kind, ...adjustment }: AdjustForecast, draft: Draft): object | Refusal {
  const { adjustment: id, item, from, to, percent, reason, forecastUnits: units } = adjustment
  if (from > to) return refuse('date_not_valid', 'from', 'A time begins before it ends.')
  if (to <= draft.state.today) return refuse('date_not_valid', 'to', 'What was sold already is not forecast any more.')
  draft.forecastAdjustment.put({ ...adjustment, adjuster: draft.actor, madeAt: draft.state.now, undoneAt: null })
  announce(draft, { type: 'forecast.adjusted', subject: id, data: { item, from, to, percent, reason } })
  return { id, from, to, percent, forecastUnits: units, adjustedUnits: units * changedBy(percent) }
}

export interface UndoForecastAdjustment {
  readonly kind: 'undoForecastAdjustment'
  readonly adjustment: string
}

/** Takes an adjustment back; once is enough. */
export function undoForecastAdjustment({ adjustment: id }: UndoForecastAdjustment, draft: Draft): object | Refusal {
  const adjustment = draft.forecastAdjustment.get(id)
  if (adjustment === undefined) return refuse('adjustment_not_known', 'id', 'There is no such adjustment at this site.')
  if (adjustment.undoneAt === null) {
    draft.forecastAdjustment.put({ ...adjustment, undoneAt: draft.state.now })
    announce(draft, { type: 'forecast.adjustment_undone', subject: id, data: { item: adjustment.item } })
  }
  return { id }
}

export interface SetForecastAnalogue extends ForecastAnalogue {
  readonly kind: 'setForecastAnalogue'
  readonly sku: string
  readonly likeSku: string | null
}

/** Says as which other item a new one is forecast, at every site, from the next plan on; null takes it back. */
export function setForecastAnalogue({ item, like, percent, sku, likeSku }: SetForecastAnalogue, draft: Draft): object | Refusal {
  if (like === item) return refuse('analogue_itself', 'like', 'An item is not forecast as itself: name another that is like it.')
  draft.forecastAnalogue.put({ item, like, percent })
  const told = { sku, like: likeSku, percent }
  announce(draft, { type: 'forecast.analogue_set', subject: sku, data: told })
  return told
}

/** What an item's adjustments are found by. */
export type ItemAdjustments = ReadonlyMap<ItemId, readonly ForecastAdjustment[]>
