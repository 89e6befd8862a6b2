// Credit in the lane: the accounts of customers who have a limit, and what their orders were priced with. A site where nobody has one reads neither.

import type { CreditAccount } from '../../core/credit.ts'
import type { PartyId, SiteId } from '../../core/item.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import type { Into } from './into.ts'
import { readLinePrices } from './price-book.ts'
import { distinct } from './rows.ts'

const accountsWhere = (condition: Statement): Statement => sql`
  select customer_id as customer, currency, limit_minor as "limit", owed_minor as owed, open_minor as open from credit_account where ${condition}`

export const readAccounts = (into: Into, site: SiteId, customers: readonly PartyId[]): Promise<void> =>
  into('creditAccount', accountsWhere(sql`site_id = ${site} and customer_id = any(${distinct(customers)}::int[])`))

/** Of orders: their customers' accounts, and what their lines are worth. */
export const readCredit = (into: Into, site: SiteId, orders: readonly string[]): Promise<void>[] => [
  into(
    'creditAccount',
    accountsWhere(sql`
    site_id = ${site} and customer_id in (select customer_id from orders where site_id = ${site} and order_id = any(${orders}::uuid[]))`),
  ),
  ...readWorth(into, site, orders),
]

export const readWorth = (into: Into, site: SiteId, orders: readonly string[]): Promise<void>[] => [
  readLinePrices(into, site, orders),
  into(
    'orderTerms',
    sql`
    select order_id as "order", currency, rate_e9, payment_term as "paymentTerm", net_days as "netDays", discount_days as "discountDays",
      discount_per_million as "discountPerMillion"
    from order_terms where site_id = ${site} and order_id = any(${orders}::uuid[])`,
  ),
]

/** Orders of customers of which something has not left. */
export async function openOrdersOf(tx: Connection, site: SiteId, customers: readonly PartyId[]): Promise<readonly string[]> {
  const rows = await tx.query<{ order: string }>(sql`
    select o.order_id as "order" from orders o
    where o.site_id = ${site} and o.customer_id = any(${customers}::int[]) and exists (
      select from order_line l where l.site_id = o.site_id and l.order_id = o.order_id and l.quantity > l.cancelled + l.shipped)`)
  return rows.map((row) => row.order)
}

export const putAccounts = (site: SiteId, rows: readonly CreditAccount[]): Statement => sql`
  insert into credit_account (site_id, customer_id, currency, limit_minor, owed_minor, open_minor)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.customer)}::int[], ${rows.map((row) => row.currency)}::text[], ${rows.map((row) => row.limit)}::bigint[],
    ${rows.map((row) => row.owed)}::bigint[], ${rows.map((row) => row.open)}::bigint[]) t
  on conflict (site_id, customer_id)
  do update set currency = excluded.currency, limit_minor = excluded.limit_minor, owed_minor = excluded.owed_minor, open_minor = excluded.open_minor`

export const deleteAccounts = (site: SiteId, rows: readonly CreditAccount[]): Statement => sql`
  delete from credit_account where site_id = ${site} and customer_id = any(${rows.map((row) => row.customer)}::int[])`
