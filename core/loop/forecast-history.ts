// Forecast, history: what customers wanted of an item, as far as it was seen. Where the shelf was probably empty nobody could buy, and what was sold then tells of fewer
// days than its week has; what days of the week are like is told by the item, and as long as it sold little, by its site.

import { day_ms, startOf, type Day } from '../calendar.ts'
import type { EmptyTime } from './belief-empty.ts'
import { WEEK_DAYS } from './forecast.ts'

/** Of so many weeks, the last of which ended yesterday, the days on which there was probably nothing. */
export function emptyDaysOf(weeks: number, times: readonly EmptyTime[], today: Day): Float64Array {
  const begin = startOf(today) / day_ms - weeks * WEEK_DAYS
  const empty = new Float64Array(weeks)
  for (const [until, days] of times) {
    const from = until - days
    const last = Math.min(weeks - 1, Math.floor((until - begin) / WEEK_DAYS))
    for (let week = Math.max(0, Math.floor((from - begin) / WEEK_DAYS)); week <= last; week += 1) {
      const [first, end] = [begin + week * WEEK_DAYS, begin + (week + 1) * WEEK_DAYS]
      empty[week] = Math.min(WEEK_DAYS, empty[week]! + Math.max(0, Math.min(end, until) - Math.max(first, from)))
    }
  }
  return empty
}

/** Of a week, what must have been seen of it; else it tells nothing. */
const SEEN_LEAST = 0.5

/** What would have been sold had there always been some: a week that was seen in part counts as much more, and one of which little was seen is not a number. */
export const seenWeeks = (weeks: Float64Array, emptyDays: Float64Array): Float64Array =>
  weeks.map((units, week) => {
    const seen = 1 - emptyDays[week]! / WEEK_DAYS
    return seen < SEEN_LEAST ? Number.NaN : units / seen
  })

/** Until an item has a year of its own. */
const OWN_WEEKS_ENOUGH = 52

/** The weeks of a new item with those of another before them, of which it is thought to sell a share: until it has a year of its own. Both end yesterday. */
export function withAnalogue(own: Float64Array, like: Float64Array, share: number): Float64Array {
  if (own.length >= OWN_WEEKS_ENOUGH || like.length <= own.length) return own
  return Float64Array.of(...like.subarray(0, like.length - own.length).map((units) => units * share), ...own)
}

/** An item that sold so many tells as much of the days of the week as its site does. */
const SITE_UNITS = 70

const evenly = new Float64Array(WEEK_DAYS).fill(1 / WEEK_DAYS)

/**
 * Which share of a week's demand each of the next seven days has; together 1. Units by day, the first that of tomorrow's weekday; days on which more came
 * back than went count none. What little an item sold is filled up by what its site's days are like (a Dirichlet prior).
 */
export function weekdayShares(units: ArrayLike<number>, site: ArrayLike<number> = evenly): Float64Array {
  const sold = Float64Array.from({ length: WEEK_DAYS }, (_none, ahead) => Math.max(0, units[ahead] ?? 0))
  const all = sold.reduce((sum, one) => sum + one, 0)
  return sold.map((some, ahead) => (some + SITE_UNITS * site[ahead]!) / (all + SITE_UNITS))
}
