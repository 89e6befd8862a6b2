// Payments in the lane: how an order's payment and its steps are read and written. The prices of its lines come with them: what is due is reckoned from
// those.

import { textOf } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import type { Payment, PaymentStep } from '../../core/payment.ts'
import { sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'
import { readLinePrices } from './price-book.ts'

export const readPayment = (into: Into, site: SiteId, orders: readonly string[]): Promise<void> =>
  into(
    'payment',
    sql`
    select order_id as "order", token, currency, hold_id as hold from payment where site_id = ${site} and order_id = any(${orders}::uuid[])`,
  )

export async function readPaymentSteps(into: Into, site: SiteId, payments: readonly Payment[]): Promise<void> {
  if (payments.length === 0) return
  const orders = payments.map((one) => one.order)
  await Promise.all([
    into(
      'paymentStep',
      sql`
      select order_id as "order", step, action, amount_minor as amount, state, reference, reason, asked_at as "askedAt", answered_at as "answeredAt"
      from payment_step where site_id = ${site} and order_id = any(${orders}::uuid[]) order by order_id, step`,
    ),
    readLinePrices(into, site, orders),
  ])
}

export const putPayments = (site: SiteId, rows: readonly Payment[]): Statement => sql`
  insert into payment (site_id, order_id, token, currency, hold_id)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.token)}::text[], ${rows.map((row) => row.currency)}::text[],
    ${rows.map((row) => row.hold)}::uuid[]) t
  on conflict (site_id, order_id) do update set token = excluded.token`

export const putPaymentSteps = (site: SiteId, rows: readonly PaymentStep[]): Statement => sql`
  insert into payment_step (site_id, order_id, step, action, amount_minor, state, reference, reason, asked_at, answered_at)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.step)}::int[], ${rows.map((row) => row.action)}::text[],
    ${rows.map((row) => row.amount)}::bigint[], ${rows.map((row) => row.state)}::text[], ${rows.map((row) => row.reference)}::text[],
    ${rows.map((row) => row.reason)}::text[], ${rows.map((row) => textOf(row.askedAt))}::timestamptz[],
    ${rows.map((row) => (row.answeredAt === null ? null : textOf(row.answeredAt)))}::timestamptz[]) t
  on conflict (site_id, order_id, step)
  do update set state = excluded.state, reference = excluded.reference, reason = excluded.reason, answered_at = excluded.answered_at`
