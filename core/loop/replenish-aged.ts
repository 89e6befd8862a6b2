// Replenish, aged: how many to order of goods that expire: as many as cost least over the time that is planned, of a unit missed, of one that expires and of one left
// (plan/policies/perishable.ts), by the lots that are there and on their way. What one left costs is what the service stands for, missed x (1 - service) / service,
// so where nothing can expire in that time the order is what the service alone would make it (in packs, not the pack that is hardly worth it); what expires was paid for too.
//
// A lot is sold on the days before its expiry. What comes lasts so many days from its day, and no less than what is there before it: then the older goes first.
// What is wanted already is taken from the oldest. What is on its way counts, as it does by service, whenever it comes: if it is late, the plan says to have it sooner.

import { startOf, day_ms, type Day } from '../calendar.ts'
import type { Believed } from '../plan/counting/count-value.ts'
import { lotSize } from '../plan/mrp.ts'
import { perish, perishableOrder, perishedCost, type AgedLot, type AgedStock, type Perished } from '../plan/policies/perishable.ts'

/** A lot that is there. */
export interface LotThere {
  readonly units: number
  /** On this day it is not sold any more; null where nobody knows: then it is as new. */
  readonly expiresOn: Day | null
}

export interface AgedInput {
  readonly today: Day
  readonly lots: readonly LotThere[]
  readonly stock: Believed
  readonly supplies: readonly { readonly due: Day; readonly quantity: number }[]
  /** Wanted already. */
  readonly taken: number
  /** From tomorrow on, to the day on which the order after this one is there; and what goes unseen. */
  readonly demandPerDay: Float64Array
  readonly lossPerDay: number
  readonly dispersion: number
  readonly shelfLifeDays: number
  readonly leadDays: number
  readonly minimum: number
  readonly multiple: number
  /** Of one, minor units. */
  readonly price: number
  readonly salePrice: number
  readonly service: number
}

export interface AgedOrder {
  readonly quantity: number
  /** Units that expire on average without an order, and with one of so many. */
  readonly without: number
  readonly with: (quantity: number) => number
  /** Units that customers miss on average for want of it. */
  readonly missed: (quantity: number) => number
}

/** More units or days than that are ordered by service alone: reckoning every unit's age would take too long. */
const UNITS_MAX = 1_500
const DAYS_MAX = 120
/** What is wanted at most, for how large it becomes: so many times the mean. */
const TIMES_MEAN = 2

export function agedOrder(input: AgedInput): AgedOrder | 'size' {
  const { demandPerDay, minimum, multiple, price, salePrice, service, leadDays, shelfLifeDays } = input
  const arrives = Math.max(1, leadDays)
  const stock = agedStock(input, arrives)
  const days = demandPerDay.length + 1
  const wanted = demandPerDay.reduce((sum, units) => sum + units, 0) + input.lossPerDay * days + input.taken
  const [there, coming] = [unitsOf(stock.lots.filter((lot) => lot.arrives === 0)), unitsOf(stock.lots.filter((lot) => lot.arrives > 0))]
  const believed = input.stock.low + (input.stock.cells - 1) * input.stock.step
  if (!(days <= DAYS_MAX && Math.max(there, believed) + coming + TIMES_MEAN * wanted + minimum + multiple <= UNITS_MAX)) return 'size'
  // Where nothing is earned, one missed is as bad as one that was paid for.
  const missed = salePrice > price ? salePrice - price : Math.max(1, price)
  const left = (missed * (1 - service)) / service
  const costs = { missed, left, expired: price + left }
  const lot = {
    arrives,
    expires: Math.max(arrives + shelfLifeDays - 1, ...stock.lots.filter((one) => one.arrives < arrives).map((one) => one.expires)),
  }
  const at = (quantity: number): Perished =>
    perish({ ...stock, lots: quantity > 0 ? [...stock.lots, { ...lot, units: quantity }] : stock.lots }, days)
  const best = perishableOrder(stock, lot, days, costs, multiple)
  const least = lotSize(best.quantity, minimum, multiple)
  const isWorth = least === best.quantity || perishedCost(at(least), costs) < perishedCost(best.withoutOrder, costs)
  const quantity = isWorth ? least : 0
  return {
    quantity,
    without: best.withoutOrder.expired,
    with: (some) => (some === 0 ? best.withoutOrder : some === best.quantity ? best.withOrder : at(some)).expired,
    missed: (some) => Math.max(0, best.withoutOrder.missed - (some === best.quantity ? best.withOrder : at(some)).missed),
  }
}

const unitsOf = (lots: readonly AgedLot[]): number => lots.reduce((total, { units }) => total + units, 0)

/** Days from today, 0 for today, on which nothing is sold any more; nobody sells what was sold today twice, so today wants none. */
function agedStock(
  { today, lots, stock, supplies, taken, demandPerDay, lossPerDay, dispersion, shelfLifeDays }: AgedInput,
  arrives: number,
): AgedStock {
  const ahead = (day: Day): number => Math.round((startOf(day) - startOf(today)) / day_ms)
  const there = lots.map(({ units, expiresOn }) => ({
    units,
    arrives: 0,
    expires: Math.max(0, (expiresOn === null ? shelfLifeDays : ahead(expiresOn)) - 1),
  }))
  let last = there.reduce((most, { expires }) => Math.max(most, expires), 0)
  const coming = supplies
    .map(({ due, quantity }) => ({ units: quantity, on: Math.max(1, ahead(due)) }))
    .toSorted((one, other) => one.on - other.on)
    .map(({ units, on }) => ({ units, arrives: Math.min(on, arrives), expires: (last = Math.max(last, on + shelfLifeDays - 1)) }))
  const perDay = [0, ...Array.from(demandPerDay, (units) => units + lossPerDay)]
  return { lots: [...there, ...coming], believed: { ...stock, low: Math.floor(stock.low) }, taken, waits: true, demandPerDay: perDay, dispersion }
}
