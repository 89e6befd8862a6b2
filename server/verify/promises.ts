// Promises, checked: what a customer was told stands beside the line it was said of, and nobody has moved the line's day since; what was sold as a kit
// is in the order's lines.

import { sql } from '../db.ts'
import { rowCheck, type CheckGroup } from './check.ts'

const promisesCheck = rowCheck(
  'promises',
  'Every promise that is kept belongs to an order line, and the line still says the day that was promised first.',
  sql`
    -- every site: verification
    select case when l.site_id is null then 'promise' else 'order_line' end as "table", p.site_id as site,
      format('order %s, line %s', p.order_id, p.line) as key,
      case when l.site_id is null then 'There is no such line.'
        else format('It says %s; what was promised is %s.', coalesce(l.promised_on::text, 'no day'), coalesce(p.promised_on::text, 'no day')) end as problem
    from promise p
    left join order_line l on l.site_id = p.site_id and l.order_id = p.order_id and l.line = p.line
    where (p.number = 1 and l.promised_on is distinct from p.promised_on or l.site_id is null)
      -- A customer who changes his order is promised anew, which the log tells.
      and not exists (select 1 from outbox o where o.site_id = p.site_id and o.subject = p.order_id::text and o.type = 'order.changed')
    order by p.site_id, p.order_id, p.line limit 1`,
)

const kitsCheck = rowCheck(
  'kits',
  'Every kit that was sold has its lines, all for as many kits, and their prices add up to its price.',
  sql`
    -- every site: verification
    select case when k.site_id is null then 'order_line' else 'order_kit' end as "table", site_id as site, format('order %s, kit %s', order_id, kit) as key,
      case when k.site_id is null then 'Its lines are of no kit that was sold.' when l.site_id is null then 'It has no lines.'
        else format('It costs %s, its lines %s; it was sold %s times, its lines are for %s to %s.', k.unit_price_minor, l.price, k.quantity, l.least, l.most) end
        as problem
    from order_kit k
    full join (
      select site_id, order_id, kit, sum(kit_each * unit_price_minor)::bigint as price, min(quantity / kit_each) as least, max(quantity / kit_each) as most
      from order_line where kit is not null group by site_id, order_id, kit
    ) l using (site_id, order_id, kit)
    where k.site_id is null or l.site_id is null or k.unit_price_minor <> l.price or l.least <> k.quantity or l.most <> k.quantity
    order by site_id, order_id, kit limit 1`,
)

export const promiseGroups: readonly CheckGroup[] = [{ checks: [promisesCheck, kitsCheck] }]
