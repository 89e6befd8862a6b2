// Recount: the totals of a replay counted again, in SQL and from other rows than the replay saw: what left to customers from the ledger's
// moves, what was delivered from shipments, what is open from planned moves. And the question that a promise must stand: is any line left
// waiting although its item is free at its source?

import { virtualPlaces } from '../core/place.ts'
import { sql, type Database } from '../server/db.ts'
import type { Totals } from './journey.ts'

export interface Recount extends Totals {
  readonly moves: number
  /** Units that went to customers, by the ledger. */
  readonly unitsMoved: number
  /** Lines that wait although their item is free. */
  readonly waitingForNothing: number
  readonly purchase_orders: number
  readonly work_orders: number
  readonly shipments: number
  readonly days_late_mean: number
  /** Lines that are not delivered whole, by the reason: what they wait for is on its way, or it can be had nowhere. */
  readonly backordered_by_code: Readonly<Record<string, number>>
}

export async function recount(database: Database): Promise<Recount> {
  const [row] = await database.query<Omit<Recount, 'backordered_by_code'>>(sql`
    -- every site: a replay has one, and a recount leaves none out
    with delivered as (
      select h.order_id, l.line, sum(l.quantity)::bigint as quantity, max((h.shipped_at at time zone 'UTC')::date) as shipped_on
      from shipment h join shipment_line l on l.site_id = h.site_id and l.shipment_id = h.shipment_id
      where h.delivered_at is not null
      group by h.order_id, l.line
    ), line as (
      select o.quantity as ordered, coalesce(d.quantity, 0) as delivered,
        greatest(d.shipped_on - coalesce(o.promised_on, o.requested_on), 0) as days_late
      from order_line o left join delivered d on d.order_id = o.order_id and d.line = o.line
    )
    select (select count(*) from orders) as orders, count(*) as lines, count(*) filter (where delivered = ordered) as delivered,
      count(*) filter (where delivered > 0 and delivered < ordered) as partly, count(*) filter (where delivered = 0) as backordered,
      coalesce(sum(ordered), 0)::bigint as units, coalesce(sum(delivered), 0)::bigint as "unitsDelivered",
      (select coalesce(sum(planned - posted - cancelled), 0)::bigint from planned_move where kind = 'order') as "unitsBackordered",
      coalesce(round(avg(days_late) filter (where delivered = ordered), 2), 0)::float8 as "days_late_mean",
      (select count(*) from purchase) as "purchase_orders", (select count(*) from work_order) as "work_orders",
      (select count(*) from shipment) as shipments, (select count(*) from move) as moves,
      (select coalesce(sum(quantity), 0)::bigint from move where to_place_id = ${virtualPlaces.customer}) as "unitsMoved",
      (select count(*)
        from planned_move p join availability a on a.site_id = p.site_id and a.item_id = p.item_id and a.owner_id = p.owner_id
        where p.direction = 'demand' and p.held < p.planned - p.posted - p.cancelled and a.sellable > a.reserved) as "waitingForNothing"
    from line`)
  return { ...row!, backordered_by_code: await backorders(database) }
}

/** A line that waits is pegged to what will come, as far as it can be had; what is held or shipped only has to get there. */
async function backorders(database: Database): Promise<Readonly<Record<string, number>>> {
  const rows = await database.query<{ code: string; lines: number }>(sql`
    -- every site: as above
    select case when p.held + p.pegged < p.planned - p.posted - p.cancelled then 'no_source' else 'lead_time_not_passed' end as code, count(*) as lines
    from planned_move p where p.kind = 'order' and p.planned - p.posted - p.cancelled > 0
    group by 1 order by 1`)
  return Object.fromEntries(rows.map(({ code, lines }) => [code, lines]))
}

/** What differs between the two counts, in words; nothing when they agree. */
export function differences(totals: Totals, again: Totals & Pick<Recount, 'moves' | 'unitsMoved' | 'waitingForNothing'>): readonly string[] {
  const names = Object.keys(totals) as readonly (keyof Totals)[]
  return [
    ...names.filter((name) => totals[name] !== again[name]).map((name) => `${name}: ${totals[name]} were seen, ${again[name]} are recorded`),
    ...(totals.lines === totals.delivered + totals.partly + totals.backordered
      ? []
      : ['lines: some are neither delivered, partly delivered nor backordered']),
    ...(totals.units === totals.unitsDelivered + totals.unitsBackordered ? [] : ['units: some are neither delivered nor backordered']),
    ...(again.unitsMoved === again.unitsDelivered ? [] : [`units: ${again.unitsMoved} went to customers, ${again.unitsDelivered} were delivered`]),
    ...(again.waitingForNothing === 0 ? [] : [`${again.waitingForNothing} lines wait although their item is free`]),
  ]
}
