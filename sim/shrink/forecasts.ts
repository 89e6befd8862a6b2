// Forecasts, in the simulator: how much is wanted, as the product forecasts it (core/loop/forecast.ts): anew each week, from what was sold week by week. Who believes
// something takes a day on which the shelf was probably empty for as much less of a day, and a week of such days for none: its demand was not seen.

import type { Day } from '../../core/calendar.ts'
import { demandForecast, WEEK_DAYS } from '../../core/loop/forecast.ts'
import type { ShelfWorld } from './world.ts'

/** The probability that there was none of an item in the evening. */
export type EmptyOf = (item: number, day: number) => number

/** What the other items sell counts for so many weeks. */
const PRIOR_WEEKS = 2
/** Of a week, what must have been seen of it. */
const SEEN_LEAST = 0.5
const ANY_DAY = '2026-01-05' as Day

export class Forecasts {
  readonly #emptyOf: EmptyOf | undefined
  readonly #history: number[][]
  readonly #units: Float64Array
  readonly #seen: Float64Array
  readonly #sold: Uint8Array
  readonly #means: Float64Array
  readonly #category: number

  constructor({ items }: ShelfWorld, emptyOf?: EmptyOf) {
    this.#emptyOf = emptyOf
    this.#history = items.map(() => [])
    this.#units = new Float64Array(items.length)
    this.#seen = new Float64Array(items.length)
    this.#sold = new Uint8Array(items.length)
    this.#category = items.reduce((sum, one) => sum + one.mean, 0) / items.length
    this.#means = new Float64Array(items.length).fill(this.#category)
  }

  sold(item: number, units: number): void {
    this.#units[item]! += units
    this.#sold[item] = 1
  }

  /** True when a week is over and all is forecast anew. */
  evening(day: number): boolean {
    for (const item of this.#units.keys()) {
      const empty = this.#emptyOf?.(item, day) ?? 0
      // A shelf from which somebody bought ran out in the middle of the day, on average.
      this.#seen[item]! += 1 - (this.#sold[item] === 1 ? empty / 2 : empty)
    }
    this.#sold.fill(0)
    if (day % WEEK_DAYS !== WEEK_DAYS - 1) return false
    for (const item of this.#units.keys()) this.#week(item)
    return true
  }

  /** Units on an average day. */
  mean(item: number): number {
    return this.#means[item]!
  }

  #week(item: number): void {
    const share = this.#seen[item]! / WEEK_DAYS
    const history = this.#history[item]!
    history.push(share < SEEN_LEAST ? Number.NaN : this.#units[item]! / share)
    this.#units[item] = 0
    this.#seen[item] = 0
    const weeks = history.filter((units) => Number.isFinite(units)).length
    const { perDay } = demandForecast(Float64Array.from(history), ANY_DAY, WEEK_DAYS, [])
    this.#means[item] = (weeks * perDay[0]! + PRIOR_WEEKS * this.#category) / (weeks + PRIOR_WEEKS)
  }
}
