// Estimate: when the open part of an order's lines can be expected now, beside the promise, which stays as it was given. It is not kept
// anywhere: it follows from what is held and from the pegs, so it is right at the moment it is asked for.
//
// What is held can go today; what is pegged comes with the latest of its supplies, and a supply that is overdue today at the earliest. A line that
// neither stock nor supply covers, or that counts on a work order of which a component is not covered, has no estimate.

import type { Day } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { sql, type Connection } from '../db.ts'

/** By line; a line of which nothing is open is missing. */
export async function estimatesOf(database: Connection, home: SiteId, order: string, today: Day): Promise<ReadonlyMap<number, Day | null>> {
  const rows = await database.query<{ line: number; estimate: Day | null }>(sql`
    -- every site: an order's lines may be served by any of them
    with recursive own as (
      select p.* from planned_move p
      where p.document_id = ${order} and p.kind = 'order' and p.planned - p.posted - p.cancelled > 0
        and p.site_id in (select l.source_site_id from order_line l where l.site_id = ${home} and l.order_id = ${order})
    ), demand (line, site_id, document_id, at, part, lacks) as (
      select o.line, o.site_id, o.document_id, o.line, o.part, o.held + o.pegged < o.planned - o.posted - o.cancelled from own o
      union
      select d.line, c.site_id, c.document_id, c.line, c.part, c.held + c.pegged < c.planned - c.posted - c.cancelled
      from demand d
      join peg g on g.site_id = d.site_id and g.demand_document_id = d.document_id and g.demand_line = d.at and g.demand_part = d.part
      join planned_move c on c.site_id = g.site_id and c.document_id = g.supply_document_id and c.kind = 'component'
        and c.planned - c.posted - c.cancelled > 0
    ), supply as (
      select o.line, max(s.due_on) as due
      from own o
      join peg g on g.site_id = o.site_id and g.demand_document_id = o.document_id and g.demand_line = o.line and g.demand_part = o.part
      join planned_move s on s.site_id = g.site_id and s.document_id = g.supply_document_id and s.line = g.supply_line and s.part = g.supply_part
      group by o.line
    )
    select d.line, case when not bool_or(d.lacks) then greatest(${today}::date, max(l.requested_on), max(s.due)) end as estimate
    from demand d
    join order_line l on l.site_id = ${home} and l.order_id = ${order} and l.line = d.line
    left join supply s on s.line = d.line
    group by d.line`)
  return new Map(rows.map((row) => [row.line, row.estimate]))
}
