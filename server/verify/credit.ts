// Credit, checked: what a customer has on credit for what has not left is what the open lines of his orders are worth, each with its discounts, tax and rate.

import { creditOf } from '../../core/credit.ts'
import type { Currency } from '../../core/currency.ts'
import type { PartyId } from '../../core/item.ts'
import type { OrderLine } from '../../core/order.ts'
import type { LinePrice, OrderTerms } from '../../core/order-price.ts'
import { sql } from '../db.ts'
import type { Check, CheckGroup } from './check.ts'

type OpenLine = Pick<OrderLine, 'quantity' | 'cancelled' | 'shipped' | 'unitPrice'> &
  Pick<LinePrice, 'discount' | 'orderDiscount' | 'tax'> & {
    readonly site: number
    readonly customer: PartyId
    readonly ordered: Currency | null
    readonly rate_e9: number
  }

const creditCheck: Check = {
  name: 'credit',
  invariant: 'What a customer with a limit has ordered and not got comes to what is open in his account.',
  find: async (session) => {
    const accounts = await session.query<{ site: number; customer: PartyId; currency: Currency; open: number }>(sql`
      select site_id as site, customer_id as customer, currency, open_minor as open
      from credit_account -- every site: verification
      order by site_id, customer_id`)
    if (accounts.length === 0) return undefined
    const lines = await session.query<OpenLine>(sql`
      select o.site_id as site, o.customer_id as customer, l.quantity, l.cancelled, l.shipped, l.unit_price_minor as "unitPrice",
        coalesce(r.discount_minor, 0) as discount, coalesce(r.order_discount_minor, 0) as "orderDiscount", coalesce(r.tax_minor, 0) as tax,
        t.currency as ordered, coalesce(t.rate_e9, 0) as rate_e9
      from credit_account a
      join orders o on o.site_id = a.site_id and o.customer_id = a.customer_id and o.kind = 'order'
      join order_line l on l.site_id = o.site_id and l.order_id = o.order_id and l.quantity > l.cancelled + l.shipped
      left join line_price r on r.site_id = l.site_id and r.order_id = l.order_id and r.line = l.line
      left join order_terms t on t.site_id = o.site_id and t.order_id = o.order_id
      left join payment p on p.site_id = o.site_id and p.order_id = o.order_id
      where p.order_id is null -- every site: verification`)
    const byAccount = Map.groupBy(lines, (line) => `${line.site}/${line.customer}`)
    for (const { site, customer, currency, open } of accounts) {
      const worth = (byAccount.get(`${site}/${customer}`) ?? []).map((line) => {
        const terms: Pick<OrderTerms, 'currency' | 'rate_e9'> | undefined =
          line.ordered === null ? undefined : { currency: line.ordered, rate_e9: line.rate_e9 }
        return creditOf(line, line, terms, currency).open
      })
      const counted = worth.reduce((sum, some) => sum + some, 0)
      if (counted !== open)
        return { table: 'credit_account', site, key: `customer ${customer}`, problem: `${open} is open; the lines come to ${counted}.` }
    }
    return undefined
  },
}

export const creditGroup: CheckGroup = { checks: [creditCheck] }
