// Order holds, checked: a site that serves lines of an order knows the holds that its home site put on it and took off, or a message about it is on
// its way; and no site knows of a hold that the home site does not.

import { sql } from '../db.ts'
import { rowCheck, type CheckGroup } from './check.ts'

const holdsCheck = rowCheck(
  'order holds',
  'Every hold belongs to an order; who serves it knows its holds as they stand at home, or will be told.',
  sql`
    -- every site: verification
    with home as materialized (
      select h.* from order_hold h join orders o on o.site_id = h.site_id and o.order_id = h.order_id
    ), told as materialized (
      select distinct m.to_site_id as site_id, (m.data -> 'row' ->> 'hold')::uuid as hold_id
      from outbox m
      left join idempotency_key k on k.site_id = m.to_site_id and k.caller = 'site:' || m.site_id and k.key = m.sequence::text and k.status < 300
      where m.type = 'order.hold_told' and m.to_site_id is not null and k.site_id is null
    )
    select 'order_hold' as "table", t.site_id as site, format('order %s, hold %s', t.order_id, t.hold_id) as key, t.problem
    from (
      select l.source_site_id as site_id, h.order_id, h.hold_id,
        case when c.hold_id is null then 'The site serves the order and does not know of the hold.' else 'It is another than at home.' end as problem
      from home h
      join (select distinct site_id, order_id, source_site_id from order_line) l on l.site_id = h.site_id and l.order_id = h.order_id
        and l.source_site_id <> h.site_id
      left join order_hold c on c.site_id = l.source_site_id and c.order_id = h.order_id and c.hold_id = h.hold_id
      where (c.kind, c.reason, c.placed_at, c.placed_by, c.taken_off_at, c.taken_off_by, c.note)
          is distinct from (h.kind, h.reason, h.placed_at, h.placed_by, h.taken_off_at, h.taken_off_by, h.note)
        and not exists (select from told t where t.site_id = l.source_site_id and t.hold_id = h.hold_id)
      union all
      select c.site_id, c.order_id, c.hold_id, 'No home site of such an order knows of it.'
      from order_hold c
      left join home h on h.order_id = c.order_id and h.hold_id = c.hold_id
      where h.hold_id is null
    ) t
    order by t.site_id, t.order_id, t.hold_id limit 1`,
)

export const orderHoldGroup: CheckGroup = { checks: [holdsCheck] }
