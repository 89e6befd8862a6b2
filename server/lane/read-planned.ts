// Read, planned moves: what is promised, waits and is set aside, and what each counts on, by document, by item or by key.

import type { ItemId, SiteId } from '../../core/item.ts'
import { sql, type Statement } from '../db.ts'
import { countedSums } from './counted.ts'
import type { Into } from './into.ts'

/** Rows that wait for an item and are loaded to settle it: more than this at once wait for the next command. */
export const SETTLING_ROWS_MAX = 20_000

export function readSupplied(into: Into, site: SiteId, items: readonly ItemId[]): Promise<void>[] {
  return [
    into(
      'schedule',
      sql`
      select item_id as item, owner_id as owner, due_on as due,
        ${countedSums}
      from planned_move
      where site_id = ${site} and item_id = any(${items}::int[]) and planned - posted - cancelled > 0 and status <> 'proposed'
      group by item_id, owner_id, due_on`,
    ),
    into(
      'planned',
      plannedWhere(sql`p.site_id = ${site} and p.item_id = any(${items}::int[]) and p.planned - p.posted - p.cancelled > 0
      and p.direction = 'supply'`),
    ),
  ]
}

export function readWaiting(into: Into, site: SiteId, items: readonly ItemId[], condition = sql``): Promise<void> {
  return into(
    'planned',
    plannedWhere(sql`p.site_id = ${site} and p.item_id = any(${items}::int[]) and p.planned - p.posted - p.cancelled > 0
    and p.direction = 'demand' and p.held < p.planned - p.posted - p.cancelled ${condition}
    order by p.priority, p.age, p.line limit ${SETTLING_ROWS_MAX}`),
  )
}

/** The most urgent who wait for each item, as far as so much of it reaches: whoever comes after them is given nothing. All, where that is Infinity. */
export function readNext(into: Into, site: SiteId, reaches: ReadonlyMap<ItemId, number>): Promise<void> {
  const items = [...reaches.keys()]
  const limits = [...reaches.values()].map((reach) => (reach === Infinity ? null : reach))
  return into(
    'planned',
    sql`
    select ${plannedColumns}
    from (
      select m.*, sum(m.planned - m.posted - m.cancelled - m.held) filter (where m.bound is not true) over (
        partition by m.item_id, m.owner_id order by m.priority, m.age, m.line, m.part rows between unbounded preceding and 1 preceding)::bigint as earlier
      from planned_move m
      where m.site_id = ${site} and m.item_id = any(${items}::int[]) and m.planned - m.posted - m.cancelled > 0
        and m.direction = 'demand' and m.held < m.planned - m.posted - m.cancelled) p
    join unnest(${items}::int[], ${limits}::bigint[]) r (item_id, reach) on r.item_id = p.item_id
    where r.reach is null or coalesce(p.earlier, 0) < r.reach
    order by p.priority, p.age, p.line limit ${SETTLING_ROWS_MAX}`,
  )
}

/** All of them, however many: stock that is gone must be made up for in this very batch, or its item could never be written again. */
export function readHeld(into: Into, site: SiteId, items: readonly ItemId[]): Promise<void>[] {
  return [
    into(
      'planned',
      plannedWhere(sql`p.site_id = ${site} and p.item_id = any(${items}::int[]) and p.planned - p.posted - p.cancelled > 0
      and p.direction = 'demand' and p.held > 0
      order by p.priority desc, p.age desc, p.line desc`),
    ),
    into(
      'allocation',
      allocationsWhere(sql`a.site_id = ${site} and a.item_id = any(${items}::int[]) and a.document_id = any(array(
      select p.document_id from planned_move p
      where p.site_id = ${site} and p.item_id = any(${items}::int[]) and p.planned - p.posted - p.cancelled > 0 and p.allocated > 0))`),
    ),
  ]
}

/** What these documents count on, and the supplies at the other ends. */
export async function readPegs(into: Into, site: SiteId, documents: readonly string[]): Promise<void> {
  await Promise.all([
    into('peg', pegsWhere(sql`g.site_id = ${site} and g.demand_document_id = any(${documents}::uuid[])`)),
    into(
      'planned',
      plannedAt(
        site,
        sql`
        select distinct g.supply_document_id, g.supply_line, g.supply_part from peg g
        where g.site_id = ${site} and g.demand_document_id = any(${documents}::uuid[])`,
      ),
    ),
  ])
}

const plannedColumns = sql`
  p.document_id as document, p.line, p.part, p.kind, p.direction, p.status, p.item_id as item, p.owner_id as owner, p.from_place_id as "from",
    p.to_place_id as "to", p.home_site_id as "homeSite", p.due_on as due, p.priority, p.age, p.unit_price_minor as "unitPrice", p.planned, p.posted, p.cancelled, p.held, p.pegged,
    p.allocated, p.hold_expires_at as "holdExpiresAt", p.bound`

export const plannedWhere = (condition: Statement): Statement => sql`
  select ${plannedColumns}
  from planned_move p
  where ${condition}`

/** By their keys, each looked up by itself (`limit 1` keeps it so): a plan made while tables are empty would read them all for each key. */
export const plannedAt = (site: SiteId, keys: Statement): Statement => sql`
  select ${plannedColumns}
  from (${keys}) k (document_id, line, part)
  cross join lateral (
    select * from planned_move m where m.site_id = ${site} and m.document_id = k.document_id and m.line = k.line and m.part = k.part limit 1) p`

export const allocationsWhere = (condition: Statement): Statement => sql`
  select a.document_id as document, a.line, a.part, a.item_id as item, a.owner_id as owner, a.place_id as place, a.lot, a.serial, a.package, a.quantity
  from allocation a
  where ${condition}`

export const pegsWhere = (condition: Statement): Statement => sql`
  select concat_ws('/', g.supply_document_id, g.supply_line, g.supply_part) as supply,
    concat_ws('/', g.demand_document_id, g.demand_line, g.demand_part) as demand, g.quantity
  from peg g
  where ${condition}`
