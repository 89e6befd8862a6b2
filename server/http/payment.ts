// Payments over HTTP: where an order's payment stands with the payment provider.

import { paidOf, paymentStateOf, type PaymentStep } from '../../core/payment.ts'
import type { SiteId } from '../../core/item.ts'
import { sql, type Database } from '../db.ts'
import { told } from './call.ts'

/** What an order is paid with, and every step of it; null where it is not paid through the provider. */
export async function readPayment(database: Database, site: SiteId, order: string): Promise<object | null> {
  const [payment] = await database.query<{ steps: readonly PaymentStep[] }>(sql`
    select coalesce(json_agg(json_build_object('step', s.step, 'action', s.action, 'amount', s.amount_minor, 'state', s.state, 'reason', s.reason,
        'askedAt', (extract(epoch from s.asked_at) * 1000)::bigint, 'answeredAt', (extract(epoch from s.answered_at) * 1000)::bigint) order by s.step)
      filter (where s.step is not null), '[]') as steps
    from payment p left join payment_step s on s.site_id = p.site_id and s.order_id = p.order_id
    where p.site_id = ${site} and p.order_id = ${order}
    group by p.order_id`)
  if (payment === undefined) return null
  const { steps } = payment
  return { state: paymentStateOf(steps), ...paidOf(steps), steps: steps.map((step) => told(step, ['askedAt', 'answeredAt'])) }
}
