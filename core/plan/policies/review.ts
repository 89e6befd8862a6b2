// Review: how many to order of one item at one site now, when the next order can be made only after a while, and what is in stock is not known but believed.
// The order is the least that meets the target on average over what may be there:
//
//   sum over x of p(x) F(x + pipeline + quantity) >= service,
//
// with F the demand, and the stock that goes unseen, of lead time and review period together (horizon-demand.ts). With a stock that is known this is the
// order-up-to policy (Snyder and Shen, Fundamentals of Supply Chain Theory, 4.3); with a belief, the stock counts as the number that, known, would call for
// the same order (`countsAs`): the less is known, the less it counts as. Never by what a record says: DeHoratius, Mersereau and Schrage, M&SOM 10(2), 2008.

import type { Believed } from '../counting/count-value.ts'
import { lotSize } from '../mrp.ts'
import { HorizonDemand } from './horizon-demand.ts'
import { bestReorderLevels, powerReorderLevels } from './reorder-levels.ts'

/** What an order is to reach. */
export type ReviewTarget =
  /** The probability that nothing is short until the order after this one is there. */
  | { readonly kind: 'service'; readonly service: number }
  /** The share of what is demanded between this order's arrival and the next one's that is served at once. */
  | { readonly kind: 'fill'; readonly fill: number }
  /** What costs least: of a unit that is short, and of a unit held for a day; a service of shortage / (shortage + holding x days between orders). */
  | { readonly kind: 'cost'; readonly shortage: number; readonly holding: number }

export interface ReviewInput {
  /** What may be there now, in whole units. */
  readonly stock: Believed
  /** Units that arrive before the order after this one would; less what is promised already. */
  readonly pipeline: number
  /** Units on average on each day from tomorrow on; days after the last are as these are on average. */
  readonly demandPerDay: ArrayLike<number>
  /** Variance of a day's demand over its mean, at least 1. */
  readonly dispersion: number
  /** Units a day that will go unseen. */
  readonly lossPerDay: number
  /** The probability that what is ordered now can be sold after 0, 1, 2 ... days. */
  readonly leadTime: ArrayLike<number>
  /** Days until the next order can be made. */
  readonly reviewDays: number
  readonly target: ReviewTarget
  /** Units that are ordered together. */
  readonly pack?: number
  readonly minimum?: number
  /** Most units that there may be, with those on their way. */
  readonly shelf?: number
  /** Where an order itself costs something: (s, S) with what a unit costs to hold for a day. */
  readonly fixed?: { readonly cost: number; readonly holding: number; readonly method?: 'exact' | 'power' }
}

/** What is to be expected by the time the order after this one is there. */
export interface Outlook {
  /** The probability that some are short. */
  readonly stockout: number
  /** Units short, and units left, on average. */
  readonly short: number
  readonly left: number
}

export interface BoundChange {
  readonly bound: 'pack' | 'minimum' | 'shelf'
  readonly from: number
  readonly to: number
}

export interface ReviewedOrder {
  readonly quantity: number
  /** quantity before packs, minimum and shelf: orderUpTo - countsAs - pipeline, where that is above 0 and the reorder point is reached. */
  readonly wanted: number
  /** Units that would be enough were the stock known; and at or below how many one orders. */
  readonly orderUpTo: number
  readonly reorderPoint: number
  /** The stock, as if known, that calls for the same order as the belief; and how many there are on average. */
  readonly countsAs: number
  readonly expected: number
  /** Of the horizon, lead time and review period, what is demanded or lost: mean and standard deviation. */
  readonly demand: number
  readonly deviation: number
  /** The cycle service that is aimed at; of a fill rate, that which goes with it. */
  readonly service: number
  readonly withOrder: Outlook
  readonly withoutOrder: Outlook
  /** What a pack, the minimum or the shelf made of what was wanted. */
  readonly changes: readonly BoundChange[]
  /** What was asked for and is not possible or not sensible: then the nearest that is was taken. */
  readonly bounded: readonly ('service' | 'demand' | 'stock' | 'lead_time' | 'age')[]
  /** Units that were reckoned together, 1 but for large demand. */
  readonly lump: number
}

/** More than that nobody can promise; a target above it is taken as this. */
export const SERVICE_MOST = 0.999_99
/** Longer lead times and larger numbers are taken as these. */
const LEAD_DAYS_MOST = 730
const UNITS_MOST = 1e9
const DISPERSION_MOST = 1e4
/** Enough for any whole number of units. */
const HALVINGS_MAX = 64
/** Above so many units together, (s, S) is not searched but approximated. */
const EXACT_UNITS = 400
/** Lots of at most so many periods' demand are small (Ehrhardt and Mosier). */
const SMALL_LOT = 1.5

const CERTAIN = [1]
const SURE: Believed = { low: 0, step: 1, chances: [1], cells: 1 }

/** A stock that is known. */
export const known = (units: number): Believed => ({ ...SURE, low: units })

/** Plans orders one after another; it holds the tables that are written over, so one stands for a million items. */
export class PeriodicReview {
  readonly #horizon = new HorizonDemand()
  readonly #lead = new HorizonDemand()
  readonly #whole = new Float64Array(LEAD_DAYS_MOST + 1)
  readonly #before = new Float64Array(LEAD_DAYS_MOST + 1)
  readonly #chances = new Float64Array(LEAD_DAYS_MOST + 1)
  readonly #period = new HorizonDemand()
  readonly #one = new Float64Array(1)
  #last: { readonly stock: Believed; readonly expected: number; readonly pipeline: number } = { stock: SURE, expected: 0, pipeline: 0 }
  #days = 0
  #dispersion = 1
  #bounded: ReviewedOrder['bounded'][number][] = []

  order(input: ReviewInput): ReviewedOrder {
    this.#bounded = []
    const stock = this.#stock(input.stock)
    const pipeline = this.#held(input.pipeline, -UNITS_MOST, UNITS_MOST, 'stock')
    const reviewDays = this.#held(Math.round(input.reviewDays), 0, LEAD_DAYS_MOST, 'lead_time')
    this.#expect(input, reviewDays)
    const expected = meanOf(stock)
    const target = this.#target(input.target, reviewDays)
    const isFill = input.target.kind === 'fill'
    const level = target === 0 ? 0 : this.#least(SURE, target, isFill, -1, Math.ceil(this.#horizon.most))
    const countsAs = target === 0 ? Math.floor(expected) : this.#countsAs(stock, target, isFill, level)
    const service = isFill ? Math.min(this.#horizon.atMost(level), SERVICE_MOST) : target
    const { reorderPoint, orderUpTo } = this.#reorder(input, level, service, reviewDays)
    const position = countsAs + pipeline
    const isReached = input.fixed === undefined || position <= reorderPoint
    const wanted = isReached ? Math.max(0, Math.ceil(orderUpTo - position)) : 0
    const changes: BoundChange[] = []
    const quantity = bounded(wanted, expected + pipeline, input, changes)
    this.#last = { stock, expected, pipeline }
    return {
      quantity,
      wanted,
      orderUpTo,
      reorderPoint,
      countsAs,
      expected,
      demand: this.#horizon.mean,
      deviation: Math.sqrt(this.#horizon.variance),
      service,
      withOrder: this.#outlook(stock, expected, pipeline + quantity),
      withoutOrder: this.#outlook(stock, expected, pipeline),
      changes,
      bounded: this.#bounded,
      lump: this.#horizon.lump,
    }
  }

  /** What is to be expected where so many are ordered instead of what was worked out last. */
  outlook(quantity: number): Outlook {
    const { stock, expected, pipeline } = this.#last
    return this.#outlook(stock, expected, pipeline + quantity)
  }

  #held(value: number, least: number, most: number, what: ReviewedOrder['bounded'][number]): number {
    if (value >= least && value <= most) return value
    if (!this.#bounded.includes(what)) this.#bounded.push(what)
    return value > most ? most : Math.max(least, Number.isNaN(value) ? 0 : least)
  }

  /** As it is told, or none where it is told so that nothing can be made of it. */
  #stock(stock: Believed): Believed {
    const { low, step, chances, cells } = stock
    let sum = 0
    for (let cell = 0; cell < cells; cell += 1) sum += chances[cell]!
    const isThere = sum > 0 && sum < Infinity && Math.abs(low) <= UNITS_MOST && step >= 1 && step * cells <= UNITS_MOST
    if (!isThere) return known(this.#held(Number.NaN, 0, 0, 'stock'))
    const isWhole = Number.isInteger(low) && Number.isInteger(step)
    if (Math.abs(sum - 1) < 1e-9 && isWhole) return stock
    return {
      low: Math.floor(low),
      step: Math.floor(step),
      cells,
      chances: Float64Array.from({ length: cells }, (_none, cell) => chances[cell]! / sum),
    }
  }

  /** Fills the tables: the demand of lead time and review period, and of the lead time alone where a fill rate asks for it. */
  #expect({ demandPerDay, lossPerDay, dispersion, leadTime, target }: ReviewInput, reviewDays: number): void {
    const parts = Math.min(leadTime.length, LEAD_DAYS_MOST + 1)
    if (leadTime.length > parts) this.#held(leadTime.length, 0, parts, 'lead_time')
    const lost = this.#held(lossPerDay, 0, UNITS_MOST, 'demand')
    const [whole, before, chances] = [this.#whole, this.#before, this.#chances]
    let [count, all] = [0, 0]
    this.#days = 0
    for (let days = 0; days < parts; days += 1) {
      const chance = leadTime[days]!
      if (!(chance > 0)) continue
      whole[count] = this.#held(wantedIn(demandPerDay, days + reviewDays) + lost * (days + reviewDays), 0, UNITS_MOST, 'demand')
      before[count] = this.#held(wantedIn(demandPerDay, days) + lost * days, 0, UNITS_MOST, 'demand')
      chances[count] = chance
      count += 1
      all += chance
      this.#days += chance * (days + reviewDays)
    }
    if (!(all > 0 && all < Infinity)) {
      this.#held(Number.NaN, 0, 0, 'lead_time')
      ;[count, all, chances[0], before[0]] = [1, 1, 1, 0]
      whole[0] = this.#held(wantedIn(demandPerDay, reviewDays) + lost * reviewDays, 0, UNITS_MOST, 'demand')
    }
    this.#days = this.#days / all || reviewDays
    if (all !== 1) for (let part = 0; part < count; part += 1) chances[part]! /= all
    const spread = this.#held(dispersion, 1, DISPERSION_MOST, 'demand')
    this.#dispersion = spread
    this.#horizon.set(whole, chances, count, spread)
    if (target.kind === 'fill') this.#lead.set(before, chances, count, spread)
  }

  /** What is to be reached, at most what is sensible; 0 where nothing is. */
  #target(target: ReviewTarget, reviewDays: number): number {
    if (target.kind === 'service') return this.#held(target.service, 0, SERVICE_MOST, 'service')
    if (target.kind === 'fill') return this.#held(target.fill, 0, SERVICE_MOST, 'service')
    const shortage = this.#held(target.shortage, 0, UNITS_MOST, 'service')
    const holding = this.#held(target.holding, 0, UNITS_MOST, 'service') * Math.max(1, reviewDays)
    return shortage === 0 ? 0 : this.#held(shortage / (shortage + holding), 0, SERVICE_MOST, 'service')
  }

  /** Between the least and the most that may be there: were either known, just `level` in all would be enough. */
  #countsAs(stock: Believed, target: number, isFill: boolean, level: number): number {
    const { low, step, cells } = stock
    return level - this.#least(stock, target, isFill, level - (low + (cells - 1) * step) - 1, level - low)
  }

  /** The least that, added to what may be there, reaches the target, more than `not` and at most `enough`: by halving, as more never serve less. */
  #least(stock: Believed, target: number, isFill: boolean, not: number, enough: number): number {
    for (let halving = 0; enough - not > 1 && halving < HALVINGS_MAX; halving += 1) {
      const middle = Math.floor((not + enough) / 2)
      if (this.#reached(stock, middle, isFill) >= target) enough = middle
      else not = middle
    }
    return enough
  }

  /** What is reached on average over what may be there, with so many more. */
  #reached({ low, step, chances, cells }: Believed, more: number, isFill: boolean): number {
    const [horizon, lead] = [this.#horizon, this.#lead]
    let sum = 0
    if (!isFill) {
      for (let cell = 0; cell < cells; cell += 1) sum += chances[cell]! * horizon.atMost(low + cell * step + more)
      return sum
    }
    const between = horizon.mean - lead.mean
    const isBetween = between > 1e-12
    for (let cell = 0; cell < cells; cell += 1) {
      const units = low + cell * step + more
      sum += chances[cell]! * (horizon.short(units) - (isBetween ? lead.short(units) : 0))
    }
    const all = isBetween ? between : horizon.mean
    return all > 1e-12 ? 1 - sum / all : 1
  }

  /** Up to the level whenever some are wanted; where an order has a cost, (s, S) with the cost of a shortage that the service stands for. */
  #reorder(
    { fixed }: ReviewInput,
    level: number,
    service: number,
    reviewDays: number,
  ): { readonly reorderPoint: number; readonly orderUpTo: number } {
    const horizon = this.#horizon
    const each = { reorderPoint: level - 1, orderUpTo: level }
    if (fixed === undefined || !(fixed.cost > 0) || !(fixed.holding > 0) || !(service > 0) || !(horizon.mean > 1e-9)) return each
    const days = Math.max(1, reviewDays)
    const [fixedCost, holding] = [Math.min(fixed.cost, UNITS_MOST), Math.min(fixed.holding, UNITS_MOST) * days]
    const shortage = (holding * Math.max(service, 1e-6)) / (1 - service)
    const mean = (horizon.mean / Math.max(this.#days, 1)) * days
    const lot = Math.sqrt((2 * fixedCost * mean) / holding)
    const periodCost = (units: number): number => holding * (units - horizon.mean) + (holding + shortage) * horizon.short(units)
    if (fixed.method !== 'power' && horizon.lump === 1 && level + lot < EXACT_UNITS) {
      this.#one[0] = mean
      this.#period.set(this.#one, CERTAIN, 1, this.#dispersion)
      const exact = bestReorderLevels(fixedCost, periodCost, this.#period.chances(), level, EXACT_UNITS)
      if (exact !== undefined) return exact
    }
    const horizonDeviation = Math.sqrt(horizon.variance)
    const power = powerReorderLevels({ fixedCost, holding, shortage, mean, horizonMean: horizon.mean, horizonDeviation })
    if (!(Math.abs(power.reorderPoint) + Math.abs(power.orderUpTo) < UNITS_MOST ** 2)) return each
    // Of small lots the approximation may lie above what each order alone would be filled up to.
    const isSmall = power.orderUpTo - power.reorderPoint <= SMALL_LOT * mean
    const point = Math.min(Math.floor(power.reorderPoint), isSmall ? level - 1 : Infinity)
    return { reorderPoint: point, orderUpTo: Math.max(point + 1, Math.min(Math.round(power.orderUpTo), isSmall ? level : Infinity)) }
  }

  #outlook({ low, step, chances, cells }: Believed, expected: number, more: number): Outlook {
    const horizon = this.#horizon
    let [served, short] = [0, 0]
    for (let cell = 0; cell < cells; cell += 1) {
      const units = low + cell * step + more
      served += chances[cell]! * horizon.atMost(units)
      short += chances[cell]! * horizon.short(units)
    }
    return { stockout: Math.min(1, Math.max(0, 1 - served)), short, left: Math.max(0, expected + more - horizon.mean + short) }
  }
}

function meanOf({ low, step, chances, cells }: Believed): number {
  let sum = 0
  for (let cell = 0; cell < cells; cell += 1) sum += (low + cell * step) * chances[cell]!
  return sum
}

/** Units wanted in the next days. */
function wantedIn(perDay: ArrayLike<number>, days: number): number {
  let sum = 0
  for (let day = 0; day < Math.min(days, perDay.length); day += 1) sum += perDay[day]!
  if (days <= perDay.length) return sum
  return perDay.length === 0 ? 0 : (sum * days) / perDay.length
}

/** Whole packs, the minimum at least, and no more than the shelf has room for: none at all where the room is less than the minimum. */
function bounded(wanted: number, position: number, { pack = 1, minimum = 0, shelf = Infinity }: ReviewInput, changes: BoundChange[]): number {
  if (wanted <= 0) return 0
  const multiple = pack > 1 && pack <= UNITS_MOST ? pack : 1
  const least = minimum > 0 && minimum <= UNITS_MOST ? minimum : 0
  const change = (bound: BoundChange['bound'], from: number, to: number): number => {
    if (from !== to) changes.push({ bound, from, to })
    return to
  }
  const packed = change('pack', wanted, lotSize(wanted, 0, multiple))
  const lot = change('minimum', packed, lotSize(packed, least, multiple))
  const room = Number.isNaN(shelf) ? Infinity : Math.floor(Math.max(0, shelf - position) / multiple) * multiple
  return lot <= room ? lot : change('shelf', lot, room < least ? 0 : room)
}
