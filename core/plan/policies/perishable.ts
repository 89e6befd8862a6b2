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
  /** What is wanted already, and taken from the oldest as it is there or comes. */
  readonly taken?: number
  /** Whether customers wait for what is not there yet: then only what never comes is missed. */
  readonly waits?: boolean
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
export function perish({ lots, believed, taken = 0, waits = false, demandPerDay, dispersion }: AgedStock, days: number): Perished {
  const sorted = lots.map((lot, at) => ({ ...lot, at })).toSorted((one, other) => one.expires - other.expires || one.arrives - other.arrives)
  const there = sorted.reduce((sum, { units, arrives }) => sum + (arrives <= 0 ? units : 0), 0)
  const found = foundOf(believed, there)
  const all = sorted.reduce((sum, { units }) => sum + units, found)
  if (!(all <= UNITS_MAX) || !sorted.every(({ units }) => Number.isInteger(units) && units >= 0))
    throw new RangeError('Lots must be whole, and not too large.')
  const begun = goneOf(believed, there + found, taken, all)
  let gone = begun.gone
  const expiredByLot = lots.map(() => 0)
  let [expired, sold, missed] = [0, 0, begun.missed]
  for (let day = 0; day < Math.min(days, DAYS_MAX); day += 1) {
    const arrived = sorted.reduce((sum, { units, arrives }) => sum + (arrives <= day ? units : 0), found)
    const served = sell(gone, waits ? all : arrived, demandPerDay[Math.min(day, demandPerDay.length - 1)] ?? 0, dispersion)
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

/** What is left of a day's demand below that is nothing. */
const NOTHING = 1e-15

/**
 * How many packs to order of goods that arrive and expire on those days: the number that costs least over the days looked at, of equals the least. What one
 * pack more saves is ever less (demand by demand each of the three is convex in the order), so the first that saves nothing is found by doubling and halving.
 */
export function perishableOrder(stock: AgedStock, order: Omit<AgedLot, 'units'>, days: number, costs: PerishableCosts, pack = 1): PerishableOrder {
  const known = new Map<number, Perished>()
  const at = (packs: number): Perished => {
    const before = known.get(packs)
    if (before !== undefined) return before
    const now = perish({ ...stock, lots: packs > 0 ? [...stock.lots, { ...order, units: packs * pack }] : stock.lots }, days)
    known.set(packs, now)
    return now
  }
  const cost = (packs: number): number => perishedCost(at(packs), costs)
  const isEnough = (packs: number): boolean => !(cost(packs + 1) < cost(packs) - 1e-12)
  const most = Math.floor((UNITS_MAX - unitsOf(stock)) / pack) - 1
  let [not, enough] = [-1, 0]
  while (enough < most && !isEnough(enough)) [not, enough] = [enough, Math.min(most, 2 * enough + 1)]
  while (enough - not > 1) {
    const middle = Math.floor((not + enough) / 2)
    if (isEnough(middle)) enough = middle
    else not = middle
  }
  return { quantity: enough * pack, withOrder: at(enough), withoutOrder: at(0), cost: cost(enough) }
}

/** What becomes of goods, in money. */
export const perishedCost = ({ missed, expired, left }: Perished, costs: PerishableCosts): number =>
  missed * costs.missed + expired * costs.expired + left * costs.left

/** By the record, and what may be there besides. */
function unitsOf({ lots, believed }: AgedStock): number {
  const there = lots.reduce((sum, { units, arrives }) => sum + (arrives <= 0 ? units : 0), 0)
  return lots.reduce((sum, { units }) => sum + units, foundOf(believed, there))
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
    for (let units = 0; units < room && rest > NOTHING; units += 1) {
      next[some + units]! += chance * wanted[units]!
      sold += chance * units * wanted[units]!
      rest -= wanted[units]!
    }
    next[some + room]! += chance * Math.max(0, rest)
    sold += chance * room * Math.max(0, rest)
  }
  return { gone: next, sold, missed: Math.max(0, mean - sold) }
}

/** How many more than the record has there may be at most. */
const foundOf = (believed: Believed | undefined, there: number): number =>
  believed === undefined ? 0 : Math.min(UNITS_MAX, Math.max(0, believed.low + (believed.cells - 1) * believed.step - there))

/** How many are gone as it begins, missing of the record or taken; and how many on average are taken of what never comes. */
function goneOf(believed: Believed | undefined, there: number, taken: number, all: number): { readonly gone: Float64Array; readonly missed: number } {
  const gone = new Float64Array(all + 1)
  let missed = 0
  const { low, step, chances, cells } = believed ?? { low: there, step: 1, chances: [1], cells: 1 }
  for (let cell = 0; cell < cells; cell += 1) {
    const units = Math.min(there, Math.max(0, there - (low + cell * step))) + taken
    gone[Math.min(all, units)]! += chances[cell]!
    missed += chances[cell]! * Math.max(0, units - all)
  }
  return { gone, missed }
}
