// Recount: the totals of a replay counted again, in SQL and from other rows than the replay saw: what left to customers from the ledger's
// moves, what was delivered from shipments and tills' moves, what is open from planned moves. And the questions that a promise must stand: is any
// line left waiting although its item is free at its source, or although the day has passed on which what it waits for was to come?

import type { Day } from '../core/calendar.ts'
import { virtualPlaces } from '../core/place.ts'
import { sql, type Database } from '../server/db.ts'
import type { Totals } from './journey.ts'

export interface Recount extends Totals {
  readonly moves: number
  /** Units that went to customers, by the ledger. */
  readonly unitsMoved: number
  /** Lines that wait although their item is free. */
  readonly waitingForNothing: number
  readonly till_lines: number
  readonly purchase_orders: number
  readonly work_orders: number
  readonly transfers: number
  readonly shipments: number
  readonly days_late_mean: number
  /** Lines that are not delivered whole, by the reason: what they wait for can be had nowhere, is on its way, or should have come. */
  readonly backordered_by_code: Readonly<Partial<Record<BackorderCode, number>>>
}

type BackorderCode = 'no_source' | 'lead_time_not_passed' | 'lead_time_passed'

export async function recount(database: Database, today: Day): Promise<Recount> {
  const [row] = await database.query<Omit<Recount, 'backordered_by_code'>>(sql`
    -- every site: a recount leaves none out
    with delivered as (
      select h.order_id, l.line, sum(l.quantity)::bigint as quantity, max((h.shipped_at at time zone 'UTC')::date) as shipped_on
      from shipment h join shipment_line l on l.site_id = h.site_id and l.shipment_id = h.shipment_id
      where h.delivered_at is not null
      group by h.order_id, l.line
      union all
      select document_id, line, sum(quantity)::bigint, max((occurred_at at time zone 'UTC')::date) from move where cause = 'sale' group by document_id, line
    ), line as (
      select o.quantity as ordered, coalesce(d.quantity, 0) as delivered,
        greatest(d.shipped_on - coalesce(o.promised_on, o.requested_on), 0) as days_late
      from order_line o left join delivered d on d.order_id = o.order_id and d.line = o.line
    )
    select (select count(distinct reference) from orders) as orders, count(*) as lines, count(*) filter (where delivered = ordered) as delivered,
      count(*) filter (where delivered > 0 and delivered < ordered) as partly, count(*) filter (where delivered = 0) as backordered,
      coalesce(sum(ordered), 0)::bigint as units, coalesce(sum(delivered), 0)::bigint as "unitsDelivered",
      (select coalesce(sum(planned - posted - cancelled), 0)::bigint from planned_move where kind = 'order') as "unitsBackordered",
      coalesce(round(avg(days_late) filter (where delivered = ordered), 2), 0)::float8 as "days_late_mean",
      (select count(*) from orders o join order_line l on l.site_id = o.site_id and l.order_id = o.order_id where o.kind = 'sale') as till_lines,
      (select count(*) from purchase) as "purchase_orders", (select count(*) from work_order) as "work_orders",
      (select count(distinct document_id) from move where cause = 'transfer_out') as transfers,
      (select count(*) from shipment) as shipments, (select count(*) from move) as moves,
      (select coalesce(sum(quantity), 0)::bigint from move where to_place_id = ${virtualPlaces.customer}) as "unitsMoved",
      (select count(*)
        from planned_move p join availability a on a.site_id = p.site_id and a.item_id = p.item_id and a.owner_id = p.owner_id
        left join belief b on b.site_id = a.site_id and b.item_id = a.item_id and b.owner_id = a.owner_id
        where p.direction = 'demand' and p.bound is null and p.held < p.planned - p.posted - p.cancelled 
          and a.sellable - least(greatest(a.sellable, 0), coalesce(b.doubted_heard, 0)) > a.reserved) as "waitingForNothing"
    from line`)
  return { ...row!, backordered_by_code: await backorders(database, today) }
}

/**
 * Why lines are open. A line waits for the supplies it is pegged to; those for the components of their work order, or for the other end of their
 * transfer; and so on. Where anything on that way is neither held nor pegged whole, it can be had nowhere; else it comes when the last is due.
 */
async function backorders(database: Database, today: Day): Promise<Recount['backordered_by_code']> {
  const rows = await database.query<{ code: BackorderCode; lines: number }>(sql`
    -- every site: as above
    with recursive waits as (
      select p.site_id, p.document_id, p.line, p.part, p.site_id as at, p.document_id as document, p.line as row, p.part as piece
      from planned_move p where p.kind = 'order' and p.planned - p.posted - p.cancelled > 0
      union
      select w.site_id, w.document_id, w.line, w.part, d.site_id, d.document_id, d.line, d.part
      from waits w
      join peg g on g.site_id = w.at and g.demand_document_id = w.document and g.demand_line = w.row and g.demand_part = w.piece
      join planned_move s on s.site_id = g.site_id and s.document_id = g.supply_document_id and s.line = g.supply_line and s.part = g.supply_part
      join planned_move d on d.document_id = s.document_id and d.planned - d.posted - d.cancelled > 0
        and ((s.kind = 'output' and d.site_id = s.site_id and d.kind = 'component') or (s.kind = 'transfer_in' and d.kind = 'transfer_out' and d.line = s.line))
    ), reason as (
      select w.site_id, w.document_id, w.line, w.part,
        bool_or(d.held + d.pegged < d.planned - d.posted - d.cancelled) as missing,
        max(s.due_on) filter (where s.kind = 'purchase' or s.planned - s.posted - s.cancelled > 0) as due_on
      from waits w
      join planned_move d on d.site_id = w.at and d.document_id = w.document and d.line = w.row and d.part = w.piece
      left join peg g on g.site_id = w.at and g.demand_document_id = w.document and g.demand_line = w.row and g.demand_part = w.piece
      left join planned_move s on s.site_id = g.site_id and s.document_id = g.supply_document_id and s.line = g.supply_line and s.part = g.supply_part
      group by w.site_id, w.document_id, w.line, w.part
    )
    select case when missing then 'no_source' when due_on >= ${today}::date then 'lead_time_not_passed' else 'lead_time_passed' end as code, count(*) as lines
    from reason group by 1 order by 1`)
  return Object.fromEntries(rows.map(({ code, lines }) => [code, lines]))
}

/** What differs between the two counts, in words; nothing when they agree. */
export function differences(
  totals: Totals,
  again: Totals & Pick<Recount, 'moves' | 'unitsMoved' | 'waitingForNothing' | 'backordered_by_code'>,
): readonly string[] {
  const names = Object.keys(totals) as readonly (keyof Totals)[]
  const { lead_time_passed: passed = 0 } = again.backordered_by_code
  return [
    ...names.filter((name) => totals[name] !== again[name]).map((name) => `${name}: ${totals[name]} were seen, ${again[name]} are recorded`),
    ...(totals.lines === totals.delivered + totals.partly + totals.backordered
      ? []
      : ['lines: some are neither delivered, partly delivered nor backordered']),
    ...(totals.units === totals.unitsDelivered + totals.unitsBackordered ? [] : ['units: some are neither delivered nor backordered']),
    ...(again.unitsMoved === again.unitsDelivered ? [] : [`units: ${again.unitsMoved} went to customers, ${again.unitsDelivered} were delivered`]),
    ...(again.waitingForNothing === 0 ? [] : [`${again.waitingForNothing} lines wait although their item is free`]),
    ...(passed === 0 ? [] : [`${passed} lines wait although what they wait for was to come before`]),
  ]
}
