// Replenish, what is read of a part of a plan: items of one site that lie in a range, each with what is known of it. Every table is asked once a part.

import type { Day } from '../../core/calendar.ts'
import type { ItemId, PartyId, SiteId, Source } from '../../core/item.ts'
import type { ItemAdjustments } from '../../core/loop/forecast.ts'
import type { LotThere } from '../../core/loop/replenish-aged.ts'
import { nothingBehind, type Behind, type Open } from '../../core/loop/replenish.ts'
import { planningOf, usualRule, type ForecastAdjustment, type ItemPlanning, type ItemPolicyTerms, type PlanningRule } from '../../core/planning.ts'
import { sql, type Connection } from '../db.ts'
import { adjustmentColumns, itemPlanningColumns } from '../lane/planning.ts'

export interface Part {
  readonly site: SiteId
  readonly run: string
  readonly level: number
  readonly source: Source
  readonly lowLevelCode: number
  readonly firstItem: ItemId
  readonly lastItem: ItemId
}

export interface PlanSite {
  readonly site: SiteId
  readonly code: string
  readonly owner: PartyId
  readonly rule: Omit<PlanningRule, 'site'>
}

export interface KnownItem {
  readonly item: ItemId
  readonly sku: string
  readonly makeDays: number
  readonly price: number
  readonly cost: number
  readonly recorded: number
  readonly supply: number
}

export async function planSiteOf(connection: Connection, site: SiteId): Promise<PlanSite> {
  const [row] = await connection.query<Omit<PlanSite, 'rule'>>(sql`select site_id as site, code, owner_id as owner from site where site_id = ${site}`)
  const rules = await connection.query<PlanningRule>(sql`
    select site_id as site, service_e3, review_days as "reviewDays", stock from planning_rule where site_id in (0, ${site}) order by site_id desc`)
  return { ...row!, rule: rules[0] ?? usualRule }
}

/** Items of the part, of its class, that were ever at the site or are wanted there, and new ones that are forecast as another that was, or have levels there. */
export const itemsOf = (connection: Connection, { site, source, firstItem, lastItem }: Part, owner: PartyId): Promise<readonly KnownItem[]> =>
  connection.query<KnownItem>(sql`
    select i.item_id as item, i.sku, i.make_days as "makeDays", i.list_price_minor as price, i.standard_cost_minor as cost,
      coalesce(a.sellable, 0) as recorded, coalesce(a.supply, 0) as supply
    from (
      select item_id from availability where site_id = ${site} and owner_id = ${owner} and item_id between ${firstItem} and ${lastItem}
      union
      select n.item_id from forecast_analogue n join availability l on l.site_id = ${site} and l.item_id = n.like_item_id and l.owner_id = ${owner}
      where n.item_id between ${firstItem} and ${lastItem}
      union
      select item_id from item_planning where site_id = ${site} and item_id between ${firstItem} and ${lastItem} and policy = 'levels') k
    join item i on i.item_id = k.item_id and i.source = ${source}
    left join availability a on a.site_id = ${site} and a.item_id = k.item_id and a.owner_id = ${owner}
    order by i.item_id`)

interface OpenRow extends Open {
  readonly item: ItemId
  readonly direction: 'supply' | 'demand'
}

/** What is planned and open, by day. */
export async function openOf(
  connection: Connection,
  { site, firstItem, lastItem }: Part,
  owner: PartyId,
): Promise<ReadonlyMap<ItemId, readonly OpenRow[]>> {
  const rows = await connection.query<OpenRow>(sql`
    select item_id as item, direction, due_on as due, sum(planned - posted - cancelled)::bigint as quantity
    from planned_move
    where site_id = ${site} and item_id between ${firstItem} and ${lastItem} and owner_id = ${owner} and planned - posted - cancelled > 0
      and status <> 'proposed' and bound is not true
    group by item_id, direction, due_on`)
  return Map.groupBy(rows, (row) => row.item)
}

export async function adjustmentsOf(connection: Connection, { site, firstItem, lastItem }: Part, today: Day): Promise<ItemAdjustments> {
  const rows = await connection.query<ForecastAdjustment>(sql`
    select ${adjustmentColumns} from forecast_adjustment
    where site_id = ${site} and item_id between ${firstItem} and ${lastItem} and to_on > ${today}::date and undone_at is null order by made_at`)
  return Map.groupBy(rows, (row) => row.item)
}

export interface KnownPolicy {
  readonly terms: ItemPolicyTerms
  /** Of what lasts only so long. */
  readonly lots: readonly LotThere[]
}

/** What is said of how each item is ordered, at the site or everywhere, and which lots are there of what lasts only so long; most items have nothing. */
export async function policiesOf(
  connection: Connection,
  { site, firstItem, lastItem }: Part,
  owner: PartyId,
): Promise<ReadonlyMap<ItemId, KnownPolicy>> {
  const rows = await connection.query<ItemPlanning>(sql`
    select ${itemPlanningColumns} from item_planning
    where site_id in (0, ${site}) and item_id between ${firstItem} and ${lastItem} -- every site: this one, and what holds of all`)
  const terms = new Map(
    [...Map.groupBy(rows, (row) => row.item)].map(([item, some]) => [
      item,
      planningOf(
        some.find((row) => row.site === site),
        some.find((row) => row.site !== site),
      )!,
    ]),
  )
  const aged = [...terms].flatMap(([item, { shelfLifeDays }]) => (shelfLifeDays === null ? [] : [item]))
  const lots = aged.length === 0 ? [] : await lotsOf(connection, site, owner, aged)
  const lotsByItem = Map.groupBy(lots, (row) => row.item)
  return new Map([...terms].map(([item, one]) => [item, { terms: one, lots: lotsByItem.get(item) ?? [] }]))
}

/** What the record has of each day of expiry. */
const lotsOf = (
  connection: Connection,
  site: SiteId,
  owner: PartyId,
  items: readonly ItemId[],
): Promise<readonly (LotThere & { readonly item: ItemId })[]> =>
  connection.query(sql`
    select s.item_id as item, l.expires_on as "expiresOn", sum(s.quantity)::bigint as units
    from stock s left join lot l on l.site_id = s.site_id and l.item_id = s.item_id and l.lot = s.lot
    where s.site_id = ${site} and s.item_id = any(${items}::int[]) and s.owner_id = ${owner} and s.condition = 'sellable'
    group by s.item_id, l.expires_on having sum(s.quantity)::bigint > 0 order by s.item_id, l.expires_on`)

interface BehindRow extends Behind {
  readonly item: ItemId
}

/** What sites that this one supplies, and what is made here of these items, are planned to want: both stand at a lower level, so they are planned already. */
export async function behindOf(connection: Connection, part: Part, today: Day): Promise<ReadonlyMap<ItemId, Behind>> {
  const { site, run, source, firstItem, lastItem } = part
  const rows = await connection.query<BehindRow>(sql`
    select l.item_id as item, sum(l.demand_per_day)::float8 as "perDay", sum(l.variance_per_day)::float8 as "variancePerDay", sum(l.position)::float8 as position,
      max(l.behind_days)::float8 as days
    from site_source s
    join plan_line l on l.site_id = s.site_id and l.run_id = ${run} and l.item_id between ${firstItem} and ${lastItem} and l.source = 'site'
    where s.from_site_id = ${site} and s.item_source = ${source} -- every site: those that this one supplies
    group by l.item_id
    union all
    select b.component_id, sum(l.demand_per_day * p.per)::float8, sum(l.variance_per_day * p.per ^ 2)::float8, sum(l.position * p.per)::float8,
      max(l.behind_days)::float8
    from bill_line b
    cross join lateral (select b.quantity::float8 / b.batch * 1000000 / (1000000 - b.scrap_per_million) as per) p
    join plan_line l on l.site_id = ${site} and l.run_id = ${run} and l.item_id = b.parent_id and l.source = 'production'
    where b.component_id between ${firstItem} and ${lastItem} and b.valid_from <= ${today}::date and (b.valid_to is null or b.valid_to >= ${today}::date)
    group by b.component_id
    union all
    -- What a site has asked of this one since its own part was planned is demand here, and was not on its way there yet.
    select l.item_id, 0, 0, sum(greatest(0, a.asked - l.supply))::float8, 0
    from (
      select home_site_id, item_id, sum(planned - posted - cancelled)::bigint as asked
      from planned_move
      where site_id = ${site} and item_id between ${firstItem} and ${lastItem} and kind = 'transfer_out' and planned - posted - cancelled > 0
      group by home_site_id, item_id) a
    join site_source s on s.site_id = a.home_site_id and s.item_source = ${source} and s.from_site_id = ${site}
    join plan_line l on l.site_id = a.home_site_id and l.run_id = ${run} and l.item_id = a.item_id and l.source = 'site' -- every site: those that this one supplies
    group by l.item_id`)
  const behind = new Map<ItemId, Behind>()
  for (const { item, ...more } of rows) {
    const known = behind.get(item) ?? nothingBehind
    behind.set(item, {
      perDay: known.perDay + more.perDay,
      variancePerDay: known.variancePerDay + more.variancePerDay,
      position: known.position + more.position,
      days: Math.max(known.days, more.days),
    })
  }
  return behind
}
