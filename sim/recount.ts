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
}

export async function recount(database: Database): Promise<Recount> {
  const [row] = await database.query<Recount>(sql`
    -- every site: a replay has one, and a recount leaves none out
    with delivered as (
      select h.order_id, l.line, sum(l.quantity)::bigint as quantity
      from shipment h join shipment_line l on l.site_id = h.site_id and l.shipment_id = h.shipment_id
      where h.delivered_at is not null
      group by h.order_id, l.line
    ), line as (
      select o.quantity as ordered, coalesce(d.quantity, 0) as delivered
      from order_line o left join delivered d on d.order_id = o.order_id and d.line = o.line
    )
    select (select count(*) from orders) as orders, count(*) as lines, count(*) filter (where delivered = ordered) as delivered,
      count(*) filter (where delivered > 0 and delivered < ordered) as partly, count(*) filter (where delivered = 0) as backordered,
      coalesce(sum(ordered), 0)::bigint as units, coalesce(sum(delivered), 0)::bigint as "unitsDelivered",
      (select coalesce(sum(planned - posted - cancelled), 0)::bigint from planned_move where kind = 'order') as "unitsBackordered",
      (select count(*) from move) as moves,
      (select coalesce(sum(quantity), 0)::bigint from move where to_place_id = ${virtualPlaces.customer}) as "unitsMoved",
      (select count(*)
        from planned_move p join availability a on a.site_id = p.site_id and a.item_id = p.item_id and a.owner_id = p.owner_id
        where p.direction = 'demand' and p.held < p.planned - p.posted - p.cancelled and a.sellable > a.reserved) as "waitingForNothing"
    from line`)
  return row!
}

/** What differs between the two counts, in words; nothing when they agree. */
export function differences(totals: Totals, again: Recount): readonly string[] {
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
