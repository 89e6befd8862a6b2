// Perishable: goods of several ages, of which those that expire first are sold first. How many expire, and what one more order adds to that.
//
// Lots in the order in which they expire are one after another on a line of units; what has left it, sold, lost or expired, is a number u that only grows. A
// day's demand moves u on, at most to what has arrived; a lot's last day moves it to the lot's end at least, and what it skips has expired. So one distribution
// of u is enough whatever the ages are (S. Nahmias, Operations Research 23, 1975, for the depletion by age). What is believed to be missing of the record is
// taken to have gone from the oldest.

import type { Believed } from '../counting/count-value.ts'
import { unitsWanted } from '../filter/demand.ts'

export interface AgedLot {
  readonly units: number
  /** Days from today: on the morning of which it is there, 0 for what is there; and in the evening of which what is left has expired. */
  readonly arrives: number
  readonly expires: number
}

export interface AgedStock {
  /** By the record, the first to expire first; a later arrival must not expire before an earlier lot. */
  readonly lots: readonly AgedLot[]
  /** What is really there of those that have arrived: what is missing of the record is gone; more than the record is as if it were the oldest. */
  readonly believed?: Believed
  /** Units on average on each day from today on; days after the last are as the last. */
  readonly demandPerDay: ArrayLike<number>
  /** Variance of a day's demand over its mean, at least 1. */
  readonly dispersion: number
}

export interface Perished {
  /** Units on average, over the days looked at: expired, sold, wanted and missed. */
  readonly expired: number
  readonly sold: number
  readonly missed: number
  /** Units that are there at the end on average. */
  readonly left: number
  /** Lot by lot, how many of it expire on average. */
  readonly expiredByLot: readonly number[]
}

/** Units and days beyond which one does not look. */
const [UNITS_MAX, DAYS_MAX] = [4_096, 366]

/** What becomes of the goods in the next days. Throws a RangeError for more units than it looks at. */
export function perish({ lots, believed, demandPerDay, dispersion }: AgedStock, days: number): Perished {
  const sorted = lots.map((lot, at) => ({ ...lot, at })).toSorted((one, other) => one.expires - other.expires || one.arrives - other.arrives)
  const there = sorted.reduce((sum, { units, arrives }) => sum + (arrives <= 0 ? units : 0), 0)
  const missing = missingOf(believed, there)
  const found = missing.found
  const all = sorted.reduce((sum, { units }) => sum + units, found)
  if (!(all <= UNITS_MAX) || !sorted.every(({ units }) => Number.isInteger(units) && units >= 0))
    throw new RangeError('Lots must be whole, and not too large.')
  let gone: Float64Array = new Float64Array(all + 1)
  gone.set(missing.chances.subarray(0, all + 1))
  const expiredByLot = lots.map(() => 0)
  let [expired, sold, missed] = [0, 0, 0]
  for (let day = 0; day < Math.min(days, DAYS_MAX); day += 1) {
    const arrived = sorted.reduce((sum, { units, arrives }) => sum + (arrives <= day ? units : 0), found)
    const served = sell(gone, arrived, demandPerDay[Math.min(day, demandPerDay.length - 1)] ?? 0, dispersion)
    gone = served.gone
    sold += served.sold
    missed += served.missed
    let end = found
    for (const { units, arrives, expires, at } of sorted) {
      end += arrives <= day ? units : 0
      if (expires !== day || arrives > day) continue
      let skipped = 0
      for (let some = 0; some < end; some += 1) {
        skipped += (end - some) * gone[some]!
        gone[end]! += gone[some]!
        gone[some] = 0
      }
      expiredByLot[at] = skipped
      expired += skipped
    }
  }
  const until = Math.min(days, DAYS_MAX) - 1
  const arrived = sorted.reduce((sum, { units, arrives }) => sum + (arrives <= until ? units : 0), found)
  const left = gone.reduce((sum, chance, some) => sum + chance * Math.max(0, arrived - some), 0)
  return { expired, sold, missed, left, expiredByLot }
}

export interface PerishableOrder {
  readonly quantity: number
  /** With it and without any. */
  readonly withOrder: Perished
  readonly withoutOrder: Perished
  readonly cost: number
}

export interface PerishableCosts {
  /** Of a unit missed, of one expired, and of one left at the end. */
  readonly missed: number
  readonly expired: number
  readonly left: number
}

/** Orders looked at, in packs. */
const ORDERS_MAX = 400

/**
 * How many packs to order of goods that arrive and expire on those days: the number that costs least over the days looked at, of equals the least. One pack
 * after another, as long as it gets cheaper: more than enough costs ever more.
 */
export function perishableOrder(stock: AgedStock, order: Omit<AgedLot, 'units'>, days: number, costs: PerishableCosts, pack = 1): PerishableOrder {
  const at = (units: number): Perished => perish({ ...stock, lots: units > 0 ? [...stock.lots, { ...order, units }] : stock.lots }, days)
  const cost = ({ missed, expired, left }: Perished): number => missed * costs.missed + expired * costs.expired + left * costs.left
  const withoutOrder = at(0)
  let [quantity, best] = [0, withoutOrder]
  for (let packs = 1; packs <= ORDERS_MAX; packs += 1) {
    const more = at(packs * pack)
    if (!(cost(more) < cost(best) - 1e-12)) break
    ;[quantity, best] = [packs * pack, more]
  }
  return { quantity, withOrder: best, withoutOrder, cost: cost(best) }
}

/** The distribution of what is gone when the day's demand was served from what had arrived. */
function sell(
  gone: Float64Array,
  arrived: number,
  mean: number,
  dispersion: number,
): { readonly gone: Float64Array; readonly sold: number; readonly missed: number } {
  const next = new Float64Array(gone.length)
  const wanted = unitsWanted(Math.max(0, mean), Math.max(1, dispersion), arrived + 1)
  let sold = 0
  for (let some = 0; some < gone.length; some += 1) {
    const chance = gone[some]!
    if (chance === 0) continue
    const room = Math.max(0, arrived - some)
    let rest = 1
    for (let units = 0; units < room && rest > 0; units += 1) {
      next[some + units]! += chance * wanted[units]!
      sold += chance * units * wanted[units]!
      rest -= wanted[units]!
    }
    next[some + room]! += chance * Math.max(0, rest)
    sold += chance * room * Math.max(0, rest)
  }
  return { gone: next, sold, missed: Math.max(0, mean - sold) }
}

/** How many are missing of what the record has, and how many more than it there may be at most. */
function missingOf(believed: Believed | undefined, there: number): { readonly chances: Float64Array; readonly found: number } {
  if (believed === undefined) return { chances: Float64Array.of(1), found: 0 }
  const { low, step, chances, cells } = believed
  const found = Math.min(UNITS_MAX, Math.max(0, low + (cells - 1) * step - there))
  const missing = new Float64Array(there + found + 1)
  for (let cell = 0; cell < cells; cell += 1)
    missing[Math.min(missing.length - 1, Math.max(0, there + found - (low + cell * step)))]! += chances[cell]!
  return { chances: missing, found }
}
