// Standing, checked: the counts that the picture of the flow is a sum of are those of the rows themselves. Of deliveries those days are counted again
// that are still shown.

import { delivered_days_kept } from '../../core/standing.ts'
import { sql } from '../db.ts'
import { rowCheck, type CheckGroup } from './check.ts'

const standingCheck = rowCheck(
  'flow',
  'What stands at each stage is what planned moves and lines of shipments say, by the day it is due.',
  sql`
    -- every site: verification
    with kept as materialized (
      select site_id, (recorded_at at time zone 'UTC')::date - ${delivered_days_kept}::int as day from site_head
    ), under_way as (
      select c.site_id, c.shipment_id, c.line, c.part, c.quantity - c.delivered - c.came_back - c.lost as quantity
      from shipment_line c where c.quantity - c.delivered - c.came_back - c.lost > 0
    ), arrived as (
      select h.site_id, h.shipment_id, h.order_id, (h.delivered_at at time zone 'UTC')::date as day
      from shipment h join kept k on k.site_id = h.site_id where h.delivered_at >= k.day::timestamp at time zone 'UTC'
    ), carried as (
      select h.site_id, h.order_id, c.line, c.part, null::date as day, c.quantity
      from under_way c join shipment h on h.site_id = c.site_id and h.shipment_id = c.shipment_id
      union all
      select h.site_id, h.order_id, c.line, c.part, h.day, c.delivered
      from arrived h join shipment_line c on c.site_id = h.site_id and c.shipment_id = h.shipment_id and c.delivered > 0
    )
    select 'flow_standing' as "table", site_id as site, format('stage %s, due %s', stage, due_on) as key,
      format('It says %s lines worth %s; the rows give %s worth %s.', coalesce(f.lines, 0), coalesce(f.value_minor, 0), coalesce(t.lines, 0),
        coalesce(t.value_minor, 0)) as problem
    from (
      select f.* from flow_standing f left join kept k on k.site_id = f.site_id
      where f.lines <> 0 and (f.stage not in ('deliver', 'deliver_late') or k.day is null or f.due_on >= k.day)
    ) f
    full join (
      select r.site_id, r.stage, r.due_on, sum(r.lines)::bigint as lines, sum(r.value_minor)::numeric as value_minor
      from (
        select p.site_id, s.stage, p.due_on, 1 as lines, s.quantity::numeric * p.unit_price_minor as value_minor
        from planned_move p
        cross join lateral (values
          ('order', p.planned - p.posted - p.cancelled),
          ('promise', p.planned - p.posted - p.cancelled - p.held),
          ('reserve', p.held - p.allocated),
          ('store', p.allocated)) s (stage, quantity)
        where p.planned - p.posted - p.cancelled > 0 and p.kind = 'order' and p.hold_expires_at is null and s.quantity > 0
        union all
        select p.site_id, case p.kind when 'output' then 'produce' else p.kind end, p.due_on, 1,
          (p.planned - p.posted - p.cancelled)::numeric * p.unit_price_minor
        from planned_move p
        where p.planned - p.posted - p.cancelled > 0 and p.kind in ('purchase', 'output')
        union all
        select c.site_id, s.stage, coalesce(c.day, c.due_on), c.lines, c.value_minor
        from (
          select c.site_id, c.day, p.due_on, count(*) as lines, sum(c.quantity::numeric * p.unit_price_minor)::numeric as value_minor
          from carried c
          join planned_move p on p.site_id = c.site_id and p.document_id = c.order_id and p.line = c.line and p.part = c.part
          group by c.site_id, c.day, p.due_on
        ) c
        cross join lateral (values
          ('transport', c.day is null), ('deliver', c.day is not null), ('deliver_late', c.day > c.due_on)) s (stage, stands)
        where s.stands
      ) r
      group by r.site_id, r.stage, r.due_on
    ) t using (site_id, stage, due_on)
    where coalesce(f.lines, 0) <> coalesce(t.lines, 0) or coalesce(f.value_minor, 0) <> coalesce(t.value_minor, 0)
    order by site_id, stage, due_on limit 1`,
)

export const standingGroup: CheckGroup = { checks: [standingCheck] }
