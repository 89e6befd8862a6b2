// Planning: what a site's working copy knows of planning: the rules by which orders are proposed, what people know of demand that its history does not, and the
// runs that were asked for. The plan itself is worked out outside the lanes (server/loop/replenish.ts); what is ordered of it goes through them.

import type { Day, Instant } from './calendar.ts'
import type { ItemId, PartyId, SiteId } from './item.ts'
import type { Money } from './money.ts'
import type { Shape } from './table.ts'

/** What a plan takes to be in stock: what is believed, or what is recorded. */
export const stockBases = ['belief', 'record'] as const
export type StockBasis = (typeof stockBases)[number]

/** By which rules a site's orders are proposed; those of site 0 hold where a site has none of its own. */
export interface PlanningRule {
  readonly site: SiteId
  /** Thousandths: how surely nothing is short until the order after the next one is there. */
  readonly service_e3: number
  /** Days until the next order can be made. */
  readonly reviewDays: number
  readonly stock: StockBasis
}

/** What a value costs that lies for a year: capital, room, loss. */
export const HOLDING_PER_YEAR = 0.25
export const YEAR_DAYS = 365

/** Before anybody said otherwise. */
export const usualRule: Omit<PlanningRule, 'site'> = { service_e3: 950, reviewDays: 7, stock: 'belief' }

export const itemPolicies = ['review', 'levels', 'none'] as const
export type ItemPolicy = (typeof itemPolicies)[number]

/** By which policy an item is ordered, where it is not by its site's rule alone; null where that, or what is said of every site, holds. */
export interface ItemPolicyTerms {
  /** As all are, by reorder levels (s, S), or not by the plan. */
  readonly policy: ItemPolicy | null
  /** Units: ordered at or below the one, up to the other; null where they are worked out from what an order costs. */
  readonly reorderPoint: number | null
  readonly orderUpTo: number | null
  /** Of an order, minor units; null where levels are given. */
  readonly fixedOrderCost: Money | null
  /** Thousandths instead of the rule's; `cost` for as surely as missing and holding one cost. */
  readonly service: number | 'cost' | null
  /** Most units that fit at the site. */
  readonly shelfMax: number | null
  /** Days that goods last from when they come in. */
  readonly shelfLifeDays: number | null
}

/** That of site 0 holds where a site says nothing. */
export interface ItemPlanning extends ItemPolicyTerms {
  readonly site: SiteId
  readonly item: ItemId
}

/** What a site says of an item before what is said of every site; a policy goes with its own levels and cost. */
export function planningOf(own: ItemPolicyTerms | undefined, everywhere: ItemPolicyTerms | undefined): ItemPolicyTerms | undefined {
  if (own === undefined || everywhere === undefined) return own ?? everywhere
  const { policy, reorderPoint, orderUpTo, fixedOrderCost } = own.policy === null ? everywhere : own
  return {
    policy,
    reorderPoint,
    orderUpTo,
    fixedOrderCost,
    service: own.service ?? everywhere.service,
    shelfMax: own.shelfMax ?? everywhere.shelfMax,
    shelfLifeDays: own.shelfLifeDays ?? everywhere.shelfLifeDays,
  }
}

/** Demand of an item at a site in some days, as a person knows it better: so many per cent more or fewer than what is forecast. */
export interface ForecastAdjustment {
  readonly adjustment: string
  readonly item: ItemId
  readonly from: Day
  readonly to: Day
  /** More than what is forecast, or, below 0, less. */
  readonly percent: number
  readonly reason: string
  readonly adjuster: string
  readonly madeAt: Instant
  readonly undoneAt: Instant | null
  /** What was forecast of these days together as it was made: what the adjustment is measured against (core/loop/forecast.ts). */
  readonly forecastUnits: number
}

/** What a change of so many per cent makes of one; never less than nothing. */
export const changedBy = (percent: number): number => Math.max(0, 1 + percent / 100)

/** By how much a day is changed: several adjustments of one day count one after the other. */
export const factorOn = (day: string, adjustments: readonly { readonly from: string; readonly to: string; readonly percent: number }[]): number =>
  adjustments.reduce((factor, { from, to, percent }) => (from <= day && day <= to ? factor * changedBy(percent) : factor), 1)

/** A new item that is forecast as so many per cent of another one until it has a history of its own; null where it is not any more. */
export interface ForecastAnalogue {
  readonly item: ItemId
  readonly like: ItemId | null
  readonly percent: number
}

/** What may be known beforehand of days: more is wanted, or fewer, or the doors are closed. */
export const eventKinds = ['promotion', 'holiday', 'closed'] as const
export type EventKind = (typeof eventKinds)[number]

/** Days on which demand is another: at one site or everywhere, of one item, a category or everything. One that comes again has the same name each time. */
export interface DemandEvent {
  readonly event: string
  readonly kind: EventKind
  readonly name: string
  readonly from: Day
  /** The last day. */
  readonly to: Day
  readonly site: SiteId | null
  readonly item: ItemId | null
  /** Null of any, and where an item is named. */
  readonly category: string | null
  readonly maker: string
  readonly madeAt: Instant
  readonly undoneAt: Instant | null
}

/** What a supplier, or a site of ours that supplies others, asks of each order. */
export interface SourceTerms {
  readonly source: 'supplier' | 'site'
  readonly sourceId: PartyId | SiteId
  /** The least that an order is worth, minor units; 0 for any. */
  readonly least: number
  /** A full load in pieces, and in milligrams; null where it is no matter. */
  readonly loadUnits: number | null
  readonly loadWeight: number | null
}

export const orderSources = ['supplier', 'site', 'production'] as const
export type OrderSource = (typeof orderSources)[number]

/** Which orders of a plan may be placed without a person looking at each: none that is beyond the budget, waits, or has a doubtful line. */
export interface ApprovalConditions {
  /** Minor units, of one order. */
  readonly valueMax: number
  /** Kinds of orders, and suppliers; empty for any. */
  readonly sources: readonly OrderSource[]
  readonly suppliers: readonly PartyId[]
  /** Tenths: a purchase is worth at most so many times what one of the supplier for the site usually is; null where that is no matter. */
  readonly usualTimes_e1: number | null
}

/** Orders that are placed by themselves right after a plan is done; that of site 0 holds where a site has none of its own. */
export interface ApprovalRule extends ApprovalConditions {
  readonly site: SiteId
  readonly ended: boolean
}

/** When a plan is made by itself. */
export interface PlanSchedule {
  readonly site: SiteId
  /** 02:00 on the clocks of the zone; null for never. */
  readonly planAt: string | null
  readonly timeZone: string
  readonly setAt: Instant
}

export interface PlanRun {
  readonly run: string
  readonly plannedOn: Day
  readonly askedAt: Instant
  readonly asker: string
  /** Done is the one that is the plan. */
  readonly state: 'running' | 'done' | 'cancelled' | 'replaced'
  readonly budget: Money | null
  readonly endedAt: Instant | null
}

export interface PlanningRows {
  planningRule: PlanningRule
  forecastAdjustment: ForecastAdjustment
  forecastAnalogue: ForecastAnalogue
  itemPlanning: ItemPlanning
  demandEvent: DemandEvent
  planRun: PlanRun
  sourceTerms: SourceTerms
  approvalRule: ApprovalRule
  planSchedule: PlanSchedule
}

export const itemPlanningKey = ({ site, item }: Pick<ItemPlanning, 'site' | 'item'>): string => `${site}/${item}`
/** The group of events of one name of one kind that stand. */
export const eventGroup = ({ kind, name }: Pick<DemandEvent, 'kind' | 'name'>): string => `${kind}/${name.toLowerCase()}`

/** The group of the run that is under way. */
export const running = 'running'

export const planningShapes: { readonly [Name in keyof PlanningRows]: Shape<PlanningRows[Name]> } = {
  planningRule: { key: (row) => String(row.site) },
  forecastAdjustment: { key: (row) => row.adjustment },
  forecastAnalogue: { key: (row) => String(row.item) },
  itemPlanning: { key: (row) => itemPlanningKey(row) },
  demandEvent: { key: (row) => row.event, groups: (row) => (row.undoneAt === null ? [eventGroup(row)] : []) },
  planSchedule: { key: (row) => String(row.site) },
  approvalRule: { key: (row) => String(row.site) },
  sourceTerms: { key: (row) => `${row.source}/${row.sourceId}` },
  planRun: { key: (row) => row.run, groups: (row) => (row.state === 'running' ? [running] : []) },
}
