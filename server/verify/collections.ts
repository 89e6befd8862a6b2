// Collections, checked: what is collected is served by the shop where it is, and was handed over in the moment it left; what is raised about one is about one
// that is still kept.

import { sql } from '../db.ts'
import { rowCheck, type CheckGroup } from './check.ts'

const collectionsCheck = rowCheck(
  'collections',
  'An order to collect is an order of its site, which serves all of it; what left of it was handed over; only what is kept is raised as not collected.',
  sql`
    -- every site: verification
    select t."table", t.site_id as site, format('order %s', t.order_id) as key, t.problem
    from (
      select 'collection' as "table", c.site_id, c.order_id, 'There is no such order.' as problem
      from collection c left join orders o on o.site_id = c.site_id and o.order_id = c.order_id and o.kind = 'order' where o.site_id is null
      union all
      select 'order_line', c.site_id, c.order_id, format('Line %s is served by another site.', l.line)
      from collection c join order_line l on l.site_id = c.site_id and l.order_id = c.order_id where l.source_site_id <> c.site_id
      union all
      select 'shipment', c.site_id, c.order_id, format('Shipment %s left, and nobody took it.', h.shipment_id)
      from collection c join shipment h on h.site_id = c.site_id and h.order_id = c.order_id where h.delivered_at is null
      union all
      select 'exception', e.site_id, e.document_id, 'It is raised as not collected, and is kept for nobody.'
      from exception e left join collection c on c.site_id = e.site_id and c.order_id = e.document_id
      where e.kind = 'not_collected' and e.closed_at is null and c.kept_until is null
    ) t
    order by t.site_id, t.order_id limit 1`,
)

export const collectionGroup: CheckGroup = { checks: [collectionsCheck] }
