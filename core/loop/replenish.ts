// Replenish: what to order of an item at a site now: from what is believed to be there, what is on its way, what is wanted already and what customers are going to
// want here and at all sites and of all products behind. Pure: a line of the plan follows from its figures alone, and tells them all.
//
// A site that supplies others, and an item that others are made of, is planned by its echelon: demand of everything behind it against all that stands and is on its
// way behind it too (A. Clark and H. Scarf, Management Science 6, 1960), so an order of a shop is not taken for a new demand when it reaches the warehouse.

import { addDays, day_ms, startOf, type Day } from '../calendar.ts'
import type { Believed } from '../plan/counting/count-value.ts'
import type { PeriodicReview, ReviewedOrder, ReviewInput } from '../plan/policies/review.ts'
import { lotSize } from '../plan/mrp.ts'
import type { ItemPolicyTerms, PlanningRule } from '../planning.ts'
import type { DemandForecast } from './forecast.ts'
import { agedOrder, type AgedOrder, type LotThere } from './replenish-aged.ts'
import { byLevels, byPolicy, fixedOf, levelsOf, serviceAsked, type PolicyBasis } from './replenish-policy.ts'

/** What everything behind an item at a site wants and has: sites that it supplies, and what is made of it. All in its own units. */
export interface Behind {
  readonly perDay: number
  readonly variancePerDay: number
  /** What is there and on its way, less what is wanted already. */
  readonly position: number
  /** How long it takes, at most, until goods of here are where they are wanted. */
  readonly days: number
}

export const nothingBehind: Behind = { perDay: 0, variancePerDay: 0, position: 0, days: 0 }

/** How an item is had at a site. */
export interface Origin {
  readonly leadDays: number
  readonly minimum: number
  readonly multiple: number
  /** Of one, minor units. */
  readonly price: number
}

export interface Open {
  readonly due: Day
  readonly quantity: number
}

export interface ReplenishInput {
  readonly today: Day
  readonly rule: Omit<PlanningRule, 'site'>
  /** What may be there, and what the record says. */
  readonly stock: Believed
  readonly recorded: number
  readonly lossPerDay: number
  readonly demand: DemandForecast
  readonly behind: Behind
  /** What comes, and what customers and others want of it already. */
  readonly supplies: readonly Open[]
  readonly demands: readonly Open[]
  readonly origin: Origin | undefined
  /** What a customer pays for one, minor units. */
  readonly salePrice: number
  /** Where the item has a planning of its own: what it says, and the lots that are there where it says how long they last. */
  readonly terms?: ItemPolicyTerms
  readonly lots?: readonly LotThere[]
}

/** Figures that a line follows from, as they are kept and shown. */
export interface Basis {
  readonly today: Day
  readonly service: number
  readonly reviewDays: number
  readonly leadDays: number
  readonly method: string
  readonly recorded: number
  readonly expected: number
  readonly countsAs: number
  readonly lossPerDay: number
  readonly supply: number
  /** What is wanted already: late or today, and later within the time that is planned. */
  readonly overdue: number
  readonly booked: number
  /** Customers' demand here on average in that time, beyond what is booked. */
  readonly forecast: number
  /** Where events and prices are known of that time: so many times what is wanted without them. */
  readonly known?: number
  readonly behind: Behind
  /** All demand, and what goes unseen, of that time: mean and standard deviation. */
  readonly wanted: number
  readonly deviation: number
  readonly orderUpTo: number
  readonly reorderPoint: number
  /** Order up to that, less what counts as there, less what comes beyond what is wanted. */
  readonly short: number
  readonly stockoutWithout: number
  readonly stockoutWith: number
  readonly unitsAtRisk: number
  readonly changes: ReviewedOrder['changes']
  readonly bounded: readonly string[]
  readonly price: number
  readonly minimum: number
  readonly multiple: number
  /** What the item's own planning made of it. */
  readonly by?: PolicyBasis
  /** Where its source's terms raised it: from how many, why, and for how many days it lasts then (replenish-joined.ts). */
  readonly joined?: { readonly from: number; readonly by: 'least' | 'load'; readonly lasts: number }
}

export interface ReplenishLine {
  readonly quantity: number
  readonly due: Day
  readonly value: number
  readonly risk: number
  readonly message: { readonly kind: 'expedite' | 'surplus'; readonly quantity: number } | undefined
  readonly basis: Basis
  /** What those who supply this site, or what it is made of, are told. */
  readonly told: Behind
}

/** Days that a line looks ahead: until the order after this one is there, and until what is here is where it is wanted. */
export const horizonDays = (leadDays: number, { reviewDays }: Pick<PlanningRule, 'reviewDays'>, behind: Behind): number =>
  Math.max(1, Math.min(HORIZON_DAYS_MAX, leadDays + reviewDays + Math.ceil(behind.days)))

const HORIZON_DAYS_MAX = 730

export function replenish(input: ReplenishInput, review: PeriodicReview): ReplenishLine {
  const { today, rule, stock, lossPerDay, demand, behind, origin, salePrice } = input
  const days = demand.perDay.length
  const until = addDays(today, days)
  const supply = sum(input.supplies, () => true)
  const overdue = sum(input.demands, ({ due }) => due <= today)
  const booked = sum(input.demands, ({ due }) => due > today && due <= until)
  const later = sum(input.demands, ({ due }) => due > until)
  const own = demand.perDay.reduce((total, units) => total + units, 0)
  // What is booked is of what was forecast; where more is booked than that, all of it.
  const left = own > booked ? (own - booked) / own : 0
  const forecast = own * left
  const perDay = demand.perDay.map((units) => units * left + behind.perDay)
  const mean = forecast + behind.perDay * days
  const variance = forecast * demand.dispersion + behind.variancePerDay * days
  const position = behind.position + supply - overdue - booked
  const leadDays = Math.max(0, days - rule.reviewDays)
  const price = origin?.price ?? 0
  const { terms } = input
  const service = terms && serviceAsked(terms, { price, salePrice }, rule.reviewDays)
  const dispersion = mean > 0 ? Math.max(1, variance / mean) : 1
  const asked: ReviewInput = {
    stock,
    pipeline: Math.round(position),
    demandPerDay: perDay,
    dispersion,
    // What nobody wants need not be replaced when it is lost.
    lossPerDay: mean > 0 ? lossPerDay : 0,
    leadTime: atDay(leadDays),
    reviewDays: rule.reviewDays,
    target: { kind: 'service', service: service ?? rule.service_e3 / 1000 },
    ...(origin && { pack: origin.multiple }),
  }
  const reviewed = review.order(asked)
  const { order, quantity, by, unitsAtRisk } =
    terms === undefined ? plain(reviewed, origin) : policied(input, terms, { reviewed, asked, perDay, supply, taken: overdue + booked }, review)
  return {
    quantity,
    due: addDays(today, origin?.leadDays ?? 0),
    value: quantity * price,
    risk: Math.round(unitsAtRisk * salePrice),
    message: messageOf(input, order, perDay, supply - overdue),
    basis: { ...basisOf(input, order, { supply, overdue, booked, forecast, unitsAtRisk }), ...(by && { by }) },
    told: {
      perDay: own / days + behind.perDay,
      variancePerDay: (own * demand.dispersion) / days + behind.variancePerDay,
      position: order.expected + position - later,
      days: (origin?.leadDays ?? 0) + behind.days,
    },
  }
}

interface Chosen {
  readonly order: ReviewedOrder
  readonly quantity: number
  readonly by?: PolicyBasis
  readonly unitsAtRisk: number
}

/** As the review says, in whole lots. */
function plain(order: ReviewedOrder, origin: Origin | undefined): Chosen {
  const quantity = origin === undefined ? 0 : lotSize(order.wanted, origin.minimum, origin.multiple)
  return { order, quantity, unitsAtRisk: quantity === 0 ? 0 : Math.max(0, order.withoutOrder.short - order.withOrder.short) }
}

interface Reviewed {
  readonly reviewed: ReviewedOrder
  readonly asked: ReviewInput
  readonly perDay: Float64Array
  readonly supply: number
  readonly taken: number
}

/** As the item's own planning says. */
function policied(input: ReplenishInput, terms: ItemPolicyTerms, known: Reviewed, review: PeriodicReview): Chosen {
  const { reviewed, asked } = known
  const { pipeline } = asked
  const fixed = fixedOf(terms, input.origin?.price ?? 0)
  const levels = levelsOf(terms, reviewed, fixed && review.order({ ...asked, fixed }))
  const order = byLevels(reviewed, levels, pipeline)
  const aged = agedOf(input, terms, known)
  const { quantity, by } = byPolicy({ terms, order, lots: input.origin, supply: known.supply, pipeline, aged })
  const withOrder = review.outlook(quantity)
  const served = typeof aged === 'object' ? aged.missed(quantity) : order.withoutOrder.short - withOrder.short
  const bounded = aged === 'size' ? [...order.bounded, 'age' as const] : order.bounded
  return { order: { ...order, withOrder, bounded }, quantity, by, unitsAtRisk: quantity === 0 ? 0 : Math.max(0, served) }
}

/** What is ordered of goods that expire; undefined where they do not, or are ordered by levels or not at all. */
function agedOf(input: ReplenishInput, { policy, shelfLifeDays }: ItemPolicyTerms, known: Reviewed): AgedOrder | 'behind' | 'size' | undefined {
  const { origin, behind } = input
  if (shelfLifeDays === null || origin === undefined || (policy ?? 'review') !== 'review') return undefined
  // How old is what stands with those behind is not known here.
  if (behind.perDay > 0 || behind.position !== 0) return 'behind'
  const { dispersion, lossPerDay } = known.asked
  return agedOrder({
    ...origin,
    today: input.today,
    lots: input.lots ?? [],
    stock: input.stock,
    supplies: input.supplies,
    taken: known.taken,
    demandPerDay: known.perDay,
    lossPerDay,
    dispersion,
    shelfLifeDays,
    salePrice: input.salePrice,
    service: known.reviewed.service,
  })
}

type Figures = Pick<Basis, 'supply' | 'overdue' | 'booked' | 'forecast' | 'unitsAtRisk'>

function basisOf({ today, rule, recorded, lossPerDay, demand, behind, origin }: ReplenishInput, order: ReviewedOrder, figures: Figures): Basis {
  return {
    ...figures,
    today,
    reviewDays: rule.reviewDays,
    leadDays: origin?.leadDays ?? 0,
    method: demand.method,
    ...(demand.known !== undefined && { known: demand.known }),
    recorded,
    lossPerDay,
    behind,
    service: order.service,
    expected: order.expected,
    countsAs: order.countsAs,
    wanted: order.demand,
    deviation: order.deviation,
    orderUpTo: order.orderUpTo,
    reorderPoint: order.reorderPoint,
    short: order.wanted,
    stockoutWithout: order.withoutOrder.stockout,
    stockoutWith: order.withOrder.stockout,
    changes: order.changes,
    bounded: order.bounded,
    price: origin?.price ?? 0,
    minimum: origin?.minimum ?? 1,
    multiple: origin?.multiple ?? 1,
  }
}

const sum = (rows: readonly Open[], of: (row: Open) => boolean): number => rows.reduce((total, row) => total + (of(row) ? row.quantity : 0), 0)

const leadTimes: Float64Array[] = []
function atDay(days: number): Float64Array {
  return (leadTimes[days] ??= Float64Array.from({ length: days + 1 }, (_none, day) => (day === days ? 1 : 0)))
}

/** Of open orders: what comes after it will probably have run out, and what will not be needed even by the order after next. */
function messageOf(
  { stock, supplies, today, rule }: ReplenishInput,
  { expected, orderUpTo, countsAs, demand }: ReviewedOrder,
  perDay: Float64Array,
  coming: number,
): ReplenishLine['message'] {
  const next = supplies.toSorted((a, b) => (a.due < b.due ? -1 : 1))[0]
  if (next === undefined) return undefined
  const ahead = Math.max(0, Math.round((startOf(next.due) - startOf(today)) / day_ms))
  const until = perDay.subarray(0, ahead).reduce((total, units) => total + units, 0)
  const missing = Math.min(next.quantity, Math.floor(until - Math.max(0, expected)))
  if (ahead > 0 && missing > 0 && stock.cells > 0) return { kind: 'expedite', quantity: missing }
  const more = Math.floor(countsAs + coming - orderUpTo - (demand / perDay.length) * rule.reviewDays)
  const surplus = Math.min(
    more,
    sum(supplies, () => true),
  )
  return surplus > 0 ? { kind: 'surplus', quantity: surplus } : undefined
}
