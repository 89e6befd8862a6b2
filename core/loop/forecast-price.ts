// Forecast, price: on which days an item's price is not the usual one. What was paid tells of the weeks behind, whoever gave the price; the price book, of everybody's
// lists, tells of the days ahead. Each is held against its own middle, so that customers who always pay less than the list do not look like a price to come.

import { addDays, day_ms, startOf, type Day } from '../calendar.ts'
import { HISTORY_WEEKS, WEEK_DAYS } from './forecast.ts'
import type { PriceTime } from './forecast-known.ts'

export const PRICE_DAYS_BEHIND = HISTORY_WEEKS * WEEK_DAYS
export const PRICE_DAYS_AHEAD = 730
/** A price so near to the usual one is the usual one. */
const SAME = 0.03
/** None is taken for farther from the usual one, e.g. what is given away. */
const TIMES_MAX = 10

/** A price of the book, from a day to a day; null where no end is known. Later ones go before earlier ones. */
export interface BookPrice {
  readonly from: Day
  readonly to: Day | null
  readonly price: number
}

/** What each day asks, from `PRICE_DAYS_BEHIND` days before today to `PRICE_DAYS_AHEAD` after; undefined where it is always the same. */
export function bookPrices(rows: readonly BookPrice[], list: number, today: Day): Float64Array | undefined {
  const begin = addDays(today, -PRICE_DAYS_BEHIND)
  const prices = new Float64Array(PRICE_DAYS_BEHIND + PRICE_DAYS_AHEAD + 1).fill(list)
  const at = (day: Day): number => Math.round((startOf(day) - startOf(begin)) / day_ms)
  for (const { from, to, price } of rows) prices.fill(price, Math.max(0, at(from)), to === null ? undefined : Math.max(0, at(to) + 1))
  return prices.some((price) => price !== prices[0]) ? prices : undefined
}

/** Times of another price: weeks behind by what was paid in them (no number where nothing was sold), days ahead by the book. */
export function priceTimes(paid: ArrayLike<number>, book: Float64Array, today: Day): readonly PriceTime[] {
  const weeks = Float64Array.from(paid)
  const usualPaid = middleOf(weeks.filter((price) => price > 0))
  const usual = middleOf(book.subarray(0, PRICE_DAYS_BEHIND))
  const begin = addDays(today, -weeks.length * WEEK_DAYS)
  const behind = Array.from(weeks, (price, week): PriceTime => {
    const from = addDays(begin, week * WEEK_DAYS)
    return { from, to: addDays(from, WEEK_DAYS - 1), times: price > 0 ? price / usualPaid : 1 }
  })
  const ahead: PriceTime[] = []
  for (let day = PRICE_DAYS_BEHIND + 1; day < book.length; day += 1) {
    const [on, times] = [addDays(today, day - PRICE_DAYS_BEHIND), usual > 0 ? book[day]! / usual : 1]
    const last = ahead.at(-1)
    if (last?.times === times) ahead[ahead.length - 1] = { ...last, to: on }
    else ahead.push({ from: on, to: on, times })
  }
  return [...behind, ...ahead]
    .filter(({ times }) => Math.abs(times - 1) >= SAME)
    .map((one) => ({ ...one, times: Math.min(TIMES_MAX, Math.max(1 / TIMES_MAX, one.times)) }))
}

function middleOf(values: Float64Array): number {
  const sorted = values.toSorted()
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
