// What is bought for one order line alone, checked: line and purchase are bound to each other and to nobody else, what a supplier shipped to the customer is
// in his shipments, and lines that are bought say from whom.

import { sql } from '../db.ts'
import { rowCheck } from './check.ts'

const boundCheck = rowCheck(
  'bound supply',
  'What is bought for an order line is pegged to that line alone, for all that is to come of it, and its order line says from whom.',
  sql`
    -- every site: verification
    select 'planned_move' as "table", t.site_id as site, format('document %s, line %s', t.document_id, t.line) as key, t.problem
    from (
      select s.site_id, s.document_id, s.line, 'It is bound to an order line, and its purchase names none.' as problem
      from uncommon_plan s
      left join purchase_line l on l.site_id = s.site_id and l.purchase_id = s.document_id and l.line = s.line
      where s.bound and s.direction = 'supply' and l.order_id is null
      union all
      select s.site_id, s.document_id, s.line, format('%s are to come, and %s are pegged to its order line.', s.planned - s.posted - s.cancelled, coalesce(g.quantity, 0))
      from uncommon_plan s
      join purchase_line l on l.site_id = s.site_id and l.purchase_id = s.document_id and l.line = s.line
      left join (
        select site_id, supply_document_id, supply_line, demand_document_id, demand_line, sum(quantity)::bigint as quantity from peg
        group by site_id, supply_document_id, supply_line, demand_document_id, demand_line
      ) g on g.site_id = s.site_id and g.supply_document_id = s.document_id and g.supply_line = s.line and g.demand_document_id = l.order_id
        and g.demand_line = l.order_line
      where s.bound and s.direction = 'supply' and s.planned - s.posted - s.cancelled <> coalesce(g.quantity, 0)
      union all
      select coalesce(d.site_id, y.site_id), coalesce(d.document_id, y.order_id), coalesce(d.line, y.line), 'It is bound, or says from whom it is bought, and not both.'
      from (select site_id, document_id, line from uncommon_plan where bound and direction = 'demand') d
      full join line_supply y on y.site_id = d.site_id and y.order_id = d.document_id and y.line = d.line
      where d.site_id is null or y.site_id is null
    ) t
    order by t.site_id, t.document_id, t.line limit 1`,
)

const directCheck = rowCheck(
  'drop shipments',
  "What a supplier shipped of a purchase to the customer is in the order's shipments by that purchase; nothing of it was received.",
  sql`
    -- every site: verification
    select 'purchase_line' as "table", site_id as site, format('purchase %s, order line %s', purchase_id, line) as key,
      format('%s are shipped of the purchase; its shipments carry %s.', coalesce(b.quantity, 0), coalesce(h.quantity, 0)) as problem
    from (
      select l.site_id, l.purchase_id, l.order_line as line, sum(p.posted)::bigint as quantity
      from uncommon_plan p join purchase_line l on l.site_id = p.site_id and l.purchase_id = p.document_id and l.line = p.line
      where p.kind = 'purchase' and p.to_place_id < 100 and p.posted > 0
      group by l.site_id, l.purchase_id, l.order_line
    ) b
    full join (
      select s.site_id, s.purchase_id, c.line, sum(c.quantity)::bigint as quantity
      from shipment s join shipment_line c on c.site_id = s.site_id and c.shipment_id = s.shipment_id
      where s.purchase_id is not null
      group by s.site_id, s.purchase_id, c.line
    ) h using (site_id, purchase_id, line)
    where coalesce(b.quantity, 0) <> coalesce(h.quantity, 0)
    order by site_id, purchase_id, line limit 1`,
)

export const boughtChecks = [boundCheck, directCheck]
