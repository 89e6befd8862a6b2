// Payments, checked: what was asked of the provider is what the log says was asked; no more is captured than is authorised and than what was shipped
// comes to, and no more is refunded than was captured.

import { sql } from '../db.ts'
import { rowCheck, type CheckGroup } from './check.ts'

const askedCheck = rowCheck(
  'payment steps',
  'Every step of a payment was asked in the log of its site, in its order and amount, and belongs to an order that is paid so.',
  sql`
    -- every site: verification
    select 'payment_step' as "table", site_id as site, format('order %s, step %s', order_id, step) as key,
      case
        when p.order_id is null then 'Its order is not paid through a provider, or is not there.'
        when s.amount_minor is null then 'It was asked, and is not there.'
        else format('It says %s of %s; the log says %s of %s.', s.action, s.amount_minor, coalesce(e.action, 'nothing'), coalesce(e.amount, 0))
      end as problem
    from payment_step s
    full join (
      select site_id, subject::uuid as order_id, (data ->> 'step')::int as step, data ->> 'action' as action, (data ->> 'amount')::bigint as amount
      from outbox where type = 'payment.asked'
    ) e using (site_id, order_id, step)
    left join (select y.site_id, y.order_id from payment y join orders o on o.site_id = y.site_id and o.order_id = y.order_id) p using (site_id, order_id)
    where p.order_id is null or s.action is distinct from e.action or s.amount_minor is distinct from e.amount
    order by site_id, order_id, step limit 1`,
)

const chargedCheck = rowCheck(
  'payments',
  'No more is captured than is authorised and than what was shipped comes to; no more is refunded than was captured.',
  sql`
    -- every site: verification
    select 'payment' as "table", t.site_id as site, format('order %s', t.order_id) as key,
      format('%s authorised, %s captured, %s refunded; what was shipped comes to %s at most.', t.authorised, t.captured, t.refunded, t.shipped) as problem
    from (
      select s.site_id, s.order_id,
        coalesce(sum(s.amount_minor) filter (where s.action = 'authorise' and s.state = 'done'), 0)::bigint as authorised,
        coalesce(sum(s.amount_minor) filter (where s.action = 'capture' and s.state <> 'declined'), 0)::bigint as captured,
        coalesce(sum(s.amount_minor) filter (where s.action = 'refund' and s.state <> 'declined'), 0)::bigint as refunded,
        (select coalesce(sum(l.unit_price_minor::numeric * (l.shipped + l.lost)), 0)::numeric
            + coalesce(sum(p.tax_minor) filter (where l.shipped + l.lost > 0), 0)::numeric
          from order_line l left join line_price p on p.site_id = l.site_id and p.order_id = l.order_id and p.line = l.line
          where l.site_id = s.site_id and l.order_id = s.order_id) as shipped
      from payment_step s
      group by s.site_id, s.order_id
    ) t
    where t.captured > t.authorised or t.captured > t.shipped or t.refunded > t.captured
    order by t.site_id, t.order_id limit 1`,
)

export const paymentGroup: CheckGroup = { checks: [askedCheck, chargedCheck] }
