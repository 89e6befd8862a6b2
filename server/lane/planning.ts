// Planning in the lane: rules, adjustments of forecasts and runs that a command is about, and what it makes of them.

import { textOf } from '../../core/calendar.ts'
import { controlSite, type ItemId, type SiteId } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import type {
  ApprovalRule,
  DemandEvent,
  ForecastAdjustment,
  ForecastAnalogue,
  ItemPlanning,
  PlanningRule,
  PlanRun,
  PlanSchedule,
  SourceTerms,
} from '../../core/planning.ts'
import { sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'
import { maybe } from './rows.ts'

export interface AskedPlanning {
  /** Sites whose rules are wanted. */
  readonly rules?: readonly SiteId[]
  /** Adjustments of this site's forecasts. */
  readonly adjustments?: readonly string[]
  /** Items whose analogues are wanted. */
  readonly analogues?: readonly ItemId[]
  /** Items of which it is wanted how this site plans them. */
  readonly items?: readonly ItemId[]
  /** Names of events of which all that stand are wanted, and events by their ids. */
  readonly eventNames?: readonly string[]
  readonly events?: readonly string[]
  /** Sites whose rules of approval are wanted. */
  readonly approvals?: readonly SiteId[]
  /** Suppliers and sites whose terms are wanted. */
  readonly terms?: readonly Pick<SourceTerms, 'source' | 'sourceId'>[]
  /** Whether the hour of the night is wanted. */
  readonly schedule?: true
  /** Runs, and that which is under way. */
  readonly runs?: readonly string[]
}

export const rulesOf = (sites: readonly SiteId[]): Statement => sql`
  select site_id as site, service_e3, review_days as "reviewDays", stock from planning_rule where site_id = any(${sites}::int[])`

export const adjustmentColumns: Statement = sql`
  adjustment_id as adjustment, item_id as item, from_on as "from", to_on as "to", percent, reason, adjuster, made_at as "madeAt", undone_at as "undoneAt",
  forecast_units as "forecastUnits"`

export const analogueColumns: Statement = sql`item_id as item, like_item_id as "like", percent`

export const itemPlanningColumns: Statement = sql`
  site_id as site, item_id as item, policy, reorder_point as "reorderPoint", order_up_to as "orderUpTo", fixed_cost_minor as "fixedOrderCost",
  case when service_by_cost then to_json('cost'::text) else to_json(service_e3) end as service, shelf_max as "shelfMax", shelf_life_days as "shelfLifeDays"`

export const eventColumns: Statement = sql`
  event_id as event, kind, name, from_on as "from", to_on as "to", site_id as site, item_id as item, category, maker, made_at as "madeAt", undone_at as "undoneAt"`

export const termsColumns: Statement = sql`
  t.source, t.source_id as "sourceId", t.least_minor as least, t.load_units as "loadUnits", t.load_weight_mg as "loadWeight"`

export const scheduleColumns: Statement = sql`
  site_id as site, plan_at as "planAt", time_zone as "timeZone", set_at as "setAt"`

export const approvalRuleColumns: Statement = sql`
  site_id as site, value_max_minor as "valueMax", sources, supplier_ids as suppliers, usual_times_e1 as "usualTimes_e1", ended`

export const runColumns: Statement = sql`
  run_id as run, planned_on as "plannedOn", asked_at as "askedAt", asker, state, budget_minor as budget, ended_at as "endedAt"`

const eventsNamed = (events: readonly string[], names: readonly string[]): Statement => sql`
  select ${eventColumns} from demand_event
  where event_id = any(${events}::uuid[]) or (undone_at is null and lower(name) = any(${names.map((name) => name.toLowerCase())}::text[]))`

export async function readPlanning(into: Into, site: SiteId, asked: readonly AskedPlanning[]): Promise<void> {
  const analogues = asked.flatMap((one) => one.analogues ?? [])
  const items = asked.flatMap((one) => one.items ?? [])
  const [rules, adjustments, runs, terms, approvals] = [
    asked.flatMap((one) => one.rules ?? []),
    asked.flatMap((one) => one.adjustments ?? []),
    asked.flatMap((one) => one.runs ?? []),
    asked.flatMap((one) => one.terms ?? []),
    asked.flatMap((one) => one.approvals ?? []),
  ]
  const [events, names] = [asked.flatMap((one) => one.events ?? []), asked.flatMap((one) => one.eventNames ?? [])]
  await Promise.all([
    ...(events.length + names.length === 0 ? [] : [into('demandEvent', eventsNamed(events, names))]),
    ...(rules.length === 0 ? [] : [into('planningRule', rulesOf(rules))]),
    ...(adjustments.length === 0
      ? []
      : [
          into(
            'forecastAdjustment',
            sql`select ${adjustmentColumns} from forecast_adjustment where site_id = ${site} and adjustment_id = any(${adjustments}::uuid[])`,
          ),
        ]),
    ...(analogues.length === 0
      ? []
      : [into('forecastAnalogue', sql`select ${analogueColumns} from forecast_analogue where item_id = any(${analogues}::int[])`)]),
    ...(items.length === 0
      ? []
      : [into('itemPlanning', sql`select ${itemPlanningColumns} from item_planning where site_id = ${site} and item_id = any(${items}::int[])`)]),
    ...(asked.some((one) => one.schedule) ? [into('planSchedule', sql`select ${scheduleColumns} from plan_schedule where site_id = ${site}`)] : []),
    ...(approvals.length === 0
      ? []
      : [into('approvalRule', sql`select ${approvalRuleColumns} from approval_rule where site_id = any(${approvals}::int[])`)]),
    ...(terms.length === 0
      ? []
      : [
          into(
            'sourceTerms',
            sql`
            select ${termsColumns} from unnest(${terms.map((one) => one.source)}::text[], ${terms.map((one) => one.sourceId)}::int[]) a (source, source_id)
            join source_terms t on t.source = a.source and t.source_id = a.source_id`,
          ),
        ]),
    ...(runs.length === 0
      ? []
      : [
          into(
            'planRun',
            sql`select ${runColumns} from plan_run where site_id = ${controlSite} and (run_id = any(${runs}::uuid[]) or state = 'running')`,
          ),
        ]),
  ])
}

export function writePlanning({
  site,
  tables: { planningRule, forecastAdjustment, forecastAnalogue, itemPlanning, demandEvent, planRun, sourceTerms, approvalRule, planSchedule },
}: State): Statement[] {
  const [terms, approvals, schedules] = [sourceTerms.changes(), approvalRule.changes(), planSchedule.changes()]
  const [analogues, items, events] = [forecastAnalogue.changes(), itemPlanning.changes(), demandEvent.changes()]
  const [rules, adjustments, runs] = [planningRule.changes(), forecastAdjustment.changes(), planRun.changes()]
  return [
    ...[...rules.updated, ...rules.inserted].map(putRule),
    ...[...terms.updated, ...terms.inserted].map(putTerms),
    ...[...approvals.updated, ...approvals.inserted].map(putApprovalRule),
    ...[...schedules.updated, ...schedules.inserted].map(putSchedule),
    ...[...analogues.updated, ...analogues.inserted].map(putAnalogue),
    ...[...items.updated, ...items.inserted].map(putItemPlanning),
    ...(events.inserted.length === 0 ? [] : [insertEvents(events.inserted)]),
    ...events.updated.map(undoEvent),
    ...adjustments.inserted.map((row) => insertAdjustment(site, row)),
    ...adjustments.updated.map((row) => undoAdjustment(site, row)),
    ...runs.inserted.map(insertRun),
    ...runs.updated.map(endRun),
  ]
}

const putRule = ({ site, service_e3, reviewDays, stock }: PlanningRule): Statement => sql`
  insert into planning_rule (site_id, service_e3, review_days, stock) values (${site}, ${service_e3}, ${reviewDays}, ${stock})
  on conflict (site_id) do update set service_e3 = excluded.service_e3, review_days = excluded.review_days, stock = excluded.stock`

const putAnalogue = ({ item, like, percent }: ForecastAnalogue): Statement => sql`
  insert into forecast_analogue (item_id, like_item_id, percent) values (${item}, ${like}, ${percent})
  on conflict (item_id) do update set like_item_id = excluded.like_item_id, percent = excluded.percent`

const putItemPlanning = ({ site, item, service, ...row }: ItemPlanning): Statement => sql`
  insert into item_planning (site_id, item_id, policy, reorder_point, order_up_to, fixed_cost_minor, service_e3, service_by_cost, shelf_max, shelf_life_days)
  values (${site}, ${item}, ${row.policy}, ${row.reorderPoint}, ${row.orderUpTo}, ${row.fixedOrderCost}, ${service === 'cost' ? null : service},
    ${service === 'cost'}, ${row.shelfMax}, ${row.shelfLifeDays})
  on conflict (site_id, item_id) do update set policy = excluded.policy, reorder_point = excluded.reorder_point, order_up_to = excluded.order_up_to,
    fixed_cost_minor = excluded.fixed_cost_minor, service_e3 = excluded.service_e3, service_by_cost = excluded.service_by_cost,
    shelf_max = excluded.shelf_max, shelf_life_days = excluded.shelf_life_days`

const insertEvents = (rows: readonly DemandEvent[]): Statement => sql`
  insert into demand_event (event_id, kind, name, from_on, to_on, site_id, item_id, category, maker, made_at)
  select * from unnest(
    ${rows.map((row) => row.event)}::uuid[], ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.name)}::text[],
    ${rows.map((row) => row.from)}::date[], ${rows.map((row) => row.to)}::date[], ${rows.map((row) => row.site)}::int[],
    ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.category)}::text[], ${rows.map((row) => row.maker)}::text[],
    ${rows.map((row) => textOf(row.madeAt))}::timestamptz[])`

const undoEvent = ({ event, undoneAt }: DemandEvent): Statement => sql`
  update demand_event set undone_at = ${maybe(undoneAt)}::timestamptz where event_id = ${event}::uuid`

const putApprovalRule = ({ site, valueMax, sources, suppliers, usualTimes_e1, ended }: ApprovalRule): Statement => sql`
  insert into approval_rule (site_id, value_max_minor, sources, supplier_ids, usual_times_e1, ended)
  values (${site}, ${valueMax}, ${sources}::text[], ${suppliers}::int[], ${usualTimes_e1}, ${ended})
  on conflict (site_id) do update set value_max_minor = excluded.value_max_minor, sources = excluded.sources, supplier_ids = excluded.supplier_ids,
    usual_times_e1 = excluded.usual_times_e1, ended = excluded.ended`

const putSchedule = ({ site, planAt, timeZone, setAt }: PlanSchedule): Statement => sql`
  insert into plan_schedule (site_id, plan_at, time_zone, set_at) values (${site}, ${planAt}, ${timeZone}, ${textOf(setAt)}::timestamptz)
  on conflict (site_id) do update set plan_at = excluded.plan_at, time_zone = excluded.time_zone, set_at = excluded.set_at`

const putTerms = ({ source, sourceId, least, loadUnits, loadWeight }: SourceTerms): Statement => sql`
  insert into source_terms (source, source_id, least_minor, load_units, load_weight_mg) values (${source}, ${sourceId}, ${least}, ${loadUnits}, ${loadWeight})
  on conflict (source, source_id) do update set least_minor = excluded.least_minor, load_units = excluded.load_units, load_weight_mg = excluded.load_weight_mg`

const insertAdjustment = (site: SiteId, row: ForecastAdjustment): Statement => sql`
  insert into forecast_adjustment (site_id, adjustment_id, item_id, from_on, to_on, percent, reason, adjuster, made_at, forecast_units)
  values (${site}, ${row.adjustment}, ${row.item}, ${row.from}::date, ${row.to}::date, ${row.percent}, ${row.reason}, ${row.adjuster},
    ${textOf(row.madeAt)}::timestamptz, ${row.forecastUnits})`

const undoAdjustment = (site: SiteId, row: ForecastAdjustment): Statement => sql`
  update forecast_adjustment set undone_at = ${maybe(row.undoneAt)}::timestamptz where site_id = ${site} and adjustment_id = ${row.adjustment}`

const insertRun = (row: PlanRun): Statement => sql`
  insert into plan_run (site_id, run_id, planned_on, asked_at, asker, state, budget_minor)
  values (${controlSite}, ${row.run}, ${row.plannedOn}::date, ${textOf(row.askedAt)}::timestamptz, ${row.asker}, ${row.state}, ${row.budget})`

const endRun = (row: PlanRun): Statement => sql`
  update plan_run set state = ${row.state}, ended_at = ${maybe(row.endedAt)}::timestamptz where site_id = ${controlSite} and run_id = ${row.run} and state = 'running'`
