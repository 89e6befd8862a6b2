// Replenish, by policy: what an item's own planning makes of what the review found (replenish.ts): levels that somebody gave or that cost least, a service by cost, what
// is left of the shelf, and what lasts only so long (replenish-aged.ts). Each tells what it did, so a line can be reckoned again:
//
//   short = orderUpTo - countsAs - position where position + countsAs <= reorderPoint, else 0; ordered is what of it, in whole lots, the shelf has room for.

import { announce, type Draft } from '../ledger.ts'
import type { Tracking } from '../item.ts'
import { lotSize, roomFor } from '../plan/mrp.ts'
import type { ReviewedOrder } from '../plan/policies/review.ts'
import { HOLDING_PER_YEAR, itemPlanningKey, YEAR_DAYS, type ItemPlanning, type ItemPolicy, type ItemPolicyTerms } from '../planning.ts'
import { refuse, type Refusal } from '../refusal.ts'

export interface SetItemPlanning extends Omit<ItemPlanning, 'site'> {
  readonly kind: 'setItemPlanning'
  readonly sku: string
  /** Null for every site. */
  readonly siteCode: string | null
  readonly tracking: Tracking
}

/** Says by which policy an item is ordered, from the next plan on; what was said before of the same site is replaced. */
export function setItemPlanning({ kind: _kind, sku, siteCode, tracking, item, ...terms }: SetItemPlanning, draft: Draft): object | Refusal {
  const wrong = levelsWrong(terms)
  if (wrong !== undefined) return wrong
  if (terms.shelfLifeDays !== null && tracking !== 'lot')
    return refuse('item_without_lots', 'shelfLifeDays', `${sku} is not told apart by lots, so nothing says when what is there expires.`)
  const key = { site: draft.state.site, item }
  const before = draft.itemPlanning.get(itemPlanningKey(key))
  draft.itemPlanning.put({ ...key, ...terms })
  const told = { site: siteCode, ...toldTerms(terms) }
  announce(draft, { type: 'planning.item_set', subject: sku, data: { ...told, before: before === undefined ? null : toldTerms(before) } })
  return told
}

function toldTerms({ policy, reorderPoint, orderUpTo, fixedOrderCost, service, shelfMax, shelfLifeDays }: ItemPolicyTerms) {
  const share = typeof service === 'number' ? service / 1_000 : service
  return { policy, reorderPoint, orderUpTo, fixedOrderCost, service: share, shelfMax, shelfLifeDays }
}

function levelsWrong({ policy, reorderPoint, orderUpTo, fixedOrderCost, shelfMax }: ItemPolicyTerms): Refusal | undefined {
  const no = (subject: string, detail: string): Refusal => refuse('levels_not_valid', subject, detail)
  if (policy !== 'levels') {
    const isPlain = reorderPoint === null && orderUpTo === null && fixedOrderCost === null
    return isPlain ? undefined : no('policy', 'Levels, and what an order costs, go with the policy levels.')
  }
  if (reorderPoint === null && orderUpTo === null)
    return fixedOrderCost !== null && fixedOrderCost > 0
      ? undefined
      : no('fixedOrderCost', 'Say both levels, or what an order costs: more than nothing.')
  if (fixedOrderCost !== null) return no('fixedOrderCost', 'Say the levels or what an order costs, from which they would be worked out.')
  if (reorderPoint === null) return no('reorderPoint', 'Say at how many it is ordered too.')
  if (orderUpTo === null) return no('orderUpTo', 'Say up to how many it is ordered too.')
  if (reorderPoint >= orderUpTo) return no('reorderPoint', 'It is ordered at fewer than up to how many it is.')
  return shelfMax !== null && orderUpTo > shelfMax ? no('orderUpTo', `No more than ${shelfMax} fit.`) : undefined
}

/** What an item's planning made of a line, as it is kept and shown. */
export interface PolicyBasis {
  readonly policy: ItemPolicy
  /** Whether levels are given, or cost least. */
  readonly levels?: 'given' | 'cost'
  readonly fixedOrderCost?: number
  /** Of a unit, minor units. */
  readonly holdingPerDay?: number
  readonly serviceByCost?: true
  readonly shelfMax?: number
  /** So many more fit: what is expected and on its way is there, or will be. */
  readonly room?: number
  readonly shelfLifeDays?: number
  /** Of goods that expire: how many service alone would order, and how many expire on average without the order and with it. */
  readonly expiry?: { readonly byService: number; readonly without: number; readonly with: number }
  /** Why expiry is not reckoned with: others are supplied from here, or there are too many units. */
  readonly notAged?: 'behind' | 'size'
  /** More than that no source's terms make of it. */
  readonly most?: number
}

interface Costs {
  readonly price: number
  readonly salePrice: number
}

/** What a unit costs to hold for a day, minor units. */
export const holdingPerDay = (price: number): number => (price * HOLDING_PER_YEAR) / YEAR_DAYS

const SERVICE_LEAST = 0.001
const SERVICE_MOST = 0.999

/**
 * How surely nothing is to be short: as said, or margin / (margin + what holding one from one order to the next costs), the newsvendor's critical ratio, to three
 * decimals; undefined where that is asked for and nothing is earned.
 */
export function serviceAsked({ service }: ItemPolicyTerms, { price, salePrice }: Costs, reviewDays: number): number | undefined {
  if (service === null) return undefined
  if (service !== 'cost') return service / 1_000
  const margin = salePrice - price
  if (margin <= 0) return undefined
  const ratio = margin / (margin + holdingPerDay(price) * reviewDays)
  return Math.min(SERVICE_MOST, Math.max(SERVICE_LEAST, Math.round(ratio * 1_000) / 1_000))
}

/** An order's cost, where levels are to be worked out from it. */
export function fixedOf({ policy, fixedOrderCost }: ItemPolicyTerms, price: number): { readonly cost: number; readonly holding: number } | undefined {
  return policy === 'levels' && fixedOrderCost !== null ? { cost: fixedOrderCost, holding: holdingPerDay(price) } : undefined
}

export interface Levels {
  readonly reorderPoint: number
  readonly orderUpTo: number
}

/**
 * Levels that are given, or worked out: so many at a time as cost least (`costed`: the exact or approximate (s, S)), at the point below which the service would not hold. The
 * (s, S) of least cost alone lets a service slip, the more the dearer an order is, as it is short less often.
 */
export function levelsOf({ policy, reorderPoint, orderUpTo }: ItemPolicyTerms, plain: Levels, costed: Levels | undefined): Levels | undefined {
  if (policy !== 'levels') return undefined
  if (reorderPoint !== null && orderUpTo !== null) return { reorderPoint, orderUpTo }
  const lot = costed === undefined ? 1 : costed.orderUpTo - costed.reorderPoint
  return { reorderPoint: plain.reorderPoint, orderUpTo: plain.reorderPoint + Math.max(1, lot) }
}

/** Nothing above the point, and up to the level at or below it. */
export function byLevels(order: ReviewedOrder, levels: Levels | undefined, pipeline: number): ReviewedOrder {
  if (levels === undefined) return order
  const position = order.countsAs + pipeline
  return { ...order, ...levels, wanted: position <= levels.reorderPoint ? Math.max(0, Math.ceil(levels.orderUpTo - position)) : 0 }
}

export interface PolicyInput {
  readonly terms: ItemPolicyTerms
  readonly order: ReviewedOrder
  readonly lots: { readonly minimum: number; readonly multiple: number; readonly price: number } | undefined
  /** On its way, and that less all that is wanted already. */
  readonly supply: number
  readonly pipeline: number
  /** What is ordered where goods expire; undefined where they do not. */
  readonly aged: { readonly quantity: number; readonly without: number; readonly with: (quantity: number) => number } | 'behind' | 'size' | undefined
}

export interface Policied {
  readonly quantity: number
  readonly by: PolicyBasis
}

/** How many are ordered, and what came of the policy. */
export function byPolicy({ terms, order, lots, supply, pipeline, aged }: PolicyInput): Policied {
  const policy = terms.policy ?? 'review'
  const byService = lots === undefined ? 0 : lotSize(order.wanted, lots.minimum, lots.multiple)
  const wanted = policy === 'none' || lots === undefined ? 0 : typeof aged === 'object' ? aged.quantity : byService
  const room = terms.shelfMax === null ? undefined : Math.max(0, Math.floor(terms.shelfMax - Math.max(0, order.expected) - supply))
  const quantity = room === undefined || wanted <= room ? wanted : roomFor(room, lots!)
  const most = Math.min(
    room ?? Infinity,
    policy === 'none' ? 0 : Infinity,
    policy === 'levels' ? Math.max(0, order.orderUpTo - order.countsAs - pipeline) : Infinity,
    typeof aged === 'object' ? quantity : Infinity,
  )
  return {
    quantity,
    by: {
      ...tellTerms(terms, lots?.price ?? 0),
      ...tellAged(aged, byService, quantity),
      ...(room !== undefined && { room }),
      ...(most < Infinity && { most }),
    },
  }
}

function tellTerms({ policy, reorderPoint, fixedOrderCost, service, shelfMax, shelfLifeDays }: ItemPolicyTerms, price: number): PolicyBasis {
  return {
    policy: policy ?? 'review',
    ...(policy === 'levels' && { levels: reorderPoint === null ? ('cost' as const) : ('given' as const) }),
    ...(fixedOrderCost !== null && { fixedOrderCost, holdingPerDay: holdingPerDay(price) }),
    ...(service === 'cost' && { serviceByCost: true as const }),
    ...(shelfMax !== null && { shelfMax }),
    ...(shelfLifeDays !== null && { shelfLifeDays }),
  }
}

function tellAged(aged: PolicyInput['aged'], byService: number, quantity: number): Pick<PolicyBasis, 'expiry' | 'notAged'> {
  if (aged === undefined) return {}
  return typeof aged === 'object' ? { expiry: { byService, without: aged.without, with: aged.with(quantity) } } : { notAged: aged }
}
