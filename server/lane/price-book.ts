// The price book in the lane, and what orders were priced with. What was said before under the same key is replaced; rows that others name
// stand before those that name them.

import type { SiteId } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import type { LinePrice, OrderTerms } from '../../core/order-price.ts'
import type { PriceBookRow } from '../../core/price-book.ts'
import { joined, sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'

type Kind = PriceBookRow['kind']
type Of<K extends Kind> = Extract<PriceBookRow, { readonly kind: K }>

export function writePriceBook({ tables }: State): Statement[] {
  const { inserted, updated } = tables.priceBook.changes()
  const rows = [...inserted, ...updated]
  if (rows.length === 0) return []
  const put = <K extends Kind>(kind: K, make: (rows: readonly Of<K>[]) => Statement): Statement[] => {
    const some = rows.filter((row): row is Of<K> => row.kind === kind)
    return some.length === 0 ? [] : [make(some)]
  }
  return [
    ...put('list', putLists),
    ...put('price', putPrices),
    ...put('discount', putDiscounts),
    ...put('taxCode', putTaxCodes),
    ...put('taxRate', putTaxRates),
    ...put('itemTax', putItemTaxes),
    ...put('rate', putRates),
    ...put('paymentTerm', putPaymentTerms),
    ...put('customerTerms', putCustomerTerms),
  ]
}

const putLists = (rows: readonly Of<'list'>[]): Statement => sql`
  insert into price_list (code, name, currency, customer_id, customer_group, valid_from, valid_to)
  select * from unnest(
    ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.currency)}::text[],
    ${rows.map((row) => row.customer)}::int[], ${rows.map((row) => row.group)}::text[], ${rows.map((row) => row.validFrom)}::date[],
    ${rows.map((row) => row.validTo)}::date[])
  on conflict (code)
  do update set name = excluded.name, currency = excluded.currency, customer_id = excluded.customer_id, customer_group = excluded.customer_group,
    valid_from = excluded.valid_from, valid_to = excluded.valid_to`

const putPrices = (rows: readonly Of<'price'>[]): Statement => sql`
  insert into price (item_id, list_code, minimum, valid_from, valid_to, unit_price_minor)
  select * from unnest(
    ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.list)}::text[], ${rows.map((row) => row.minimum)}::bigint[],
    ${rows.map((row) => row.validFrom)}::date[], ${rows.map((row) => row.validTo)}::date[], ${rows.map((row) => row.unitPrice)}::bigint[])
  on conflict (item_id, list_code, minimum, valid_from)
  do update set valid_to = excluded.valid_to, unit_price_minor = excluded.unit_price_minor`

const putDiscounts = (rows: readonly Of<'discount'>[]): Statement => sql`
  insert into discount (code, level, customer_id, customer_group, item_id, per_million, amount_minor, currency, minimum, minimum_minor, valid_from,
    valid_to)
  select * from unnest(
    ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.level)}::text[], ${rows.map((row) => row.customer)}::int[],
    ${rows.map((row) => row.group)}::text[], ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.perMillion)}::int[],
    ${rows.map((row) => row.amount)}::bigint[], ${rows.map((row) => row.currency)}::text[], ${rows.map((row) => row.minimum)}::bigint[],
    ${rows.map((row) => row.minimumAmount)}::bigint[], ${rows.map((row) => row.validFrom)}::date[], ${rows.map((row) => row.validTo)}::date[])
  on conflict (code)
  do update set level = excluded.level, customer_id = excluded.customer_id, customer_group = excluded.customer_group, item_id = excluded.item_id,
    per_million = excluded.per_million, amount_minor = excluded.amount_minor, currency = excluded.currency, minimum = excluded.minimum,
    minimum_minor = excluded.minimum_minor, valid_from = excluded.valid_from, valid_to = excluded.valid_to`

const putTaxCodes = (rows: readonly Of<'taxCode'>[]): Statement => sql`
  insert into tax_code (code, name)
  select * from unnest(${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.name)}::text[])
  on conflict (code) do update set name = excluded.name`

const putTaxRates = (rows: readonly Of<'taxRate'>[]): Statement => sql`
  insert into tax_rate (code, valid_from, per_million)
  select * from unnest(
    ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.validFrom)}::date[], ${rows.map((row) => row.perMillion)}::int[])
  on conflict (code, valid_from) do update set per_million = excluded.per_million`

const putItemTaxes = (rows: readonly Of<'itemTax'>[]): Statement => sql`
  insert into item_tax (item_id, code)
  select * from unnest(${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.code)}::text[])
  on conflict (item_id) do update set code = excluded.code`

const putRates = (rows: readonly Of<'rate'>[]): Statement => sql`
  insert into exchange_rate (currency, valid_from, rate_e9)
  select * from unnest(
    ${rows.map((row) => row.currency)}::text[], ${rows.map((row) => row.validFrom)}::date[], ${rows.map((row) => row.rate_e9)}::bigint[])
  on conflict (currency, valid_from) do update set rate_e9 = excluded.rate_e9`

const putPaymentTerms = (rows: readonly Of<'paymentTerm'>[]): Statement => sql`
  insert into payment_term (code, name, net_days, discount_days, discount_per_million)
  select * from unnest(
    ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.netDays)}::int[],
    ${rows.map((row) => row.discountDays)}::int[], ${rows.map((row) => row.discountPerMillion)}::int[])
  on conflict (code)
  do update set name = excluded.name, net_days = excluded.net_days, discount_days = excluded.discount_days,
    discount_per_million = excluded.discount_per_million`

const putCustomerTerms = (rows: readonly Of<'customerTerms'>[]): Statement => sql`
  insert into customer_terms (customer_id, customer_group, currency, tax_code, payment_term, minimum_life_days)
  select * from unnest(
    ${rows.map((row) => row.customer)}::int[], ${rows.map((row) => row.group)}::text[], ${rows.map((row) => row.currency)}::text[],
    ${rows.map((row) => row.taxCode)}::text[], ${rows.map((row) => row.paymentTerm)}::text[], ${rows.map((row) => row.minimumLifeDays)}::int[])
  on conflict (customer_id)
  do update set customer_group = excluded.customer_group, currency = excluded.currency, tax_code = excluded.tax_code,
    payment_term = excluded.payment_term, minimum_life_days = excluded.minimum_life_days`

export const insertOrderTerms = (site: SiteId, rows: readonly OrderTerms[]): Statement => sql`
  insert into order_terms (site_id, order_id, currency, rate_e9, payment_term, net_days, discount_days, discount_per_million)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.currency)}::text[], ${rows.map((row) => row.rate_e9)}::bigint[],
    ${rows.map((row) => row.paymentTerm)}::text[], ${rows.map((row) => row.netDays)}::int[], ${rows.map((row) => row.discountDays)}::int[],
    ${rows.map((row) => row.discountPerMillion)}::int[]) t`

export const putLinePrices = (site: SiteId, rows: readonly LinePrice[]): Statement => sql`
  insert into line_price (site_id, order_id, line, discount_minor, order_discount_minor, tax_code, tax_per_million, tax_minor, steps)
  select ${site}, t.order_id, t.line, t.discount, t.order_discount, t.tax_code, t.tax_per_million, t.tax, t.steps from unnest(
    ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.discount)}::bigint[],
    ${rows.map((row) => row.orderDiscount)}::bigint[], ${rows.map((row) => row.taxCode)}::text[], ${rows.map((row) => row.taxPerMillion)}::int[],
    ${rows.map((row) => row.tax)}::bigint[], string_to_array(${joined(rows.map((row) => JSON.stringify(row.steps)))}, chr(30))::json[]
  ) t (order_id, line, discount, order_discount, tax_code, tax_per_million, tax, steps)
  on conflict (site_id, order_id, line)
  do update set discount_minor = excluded.discount_minor, order_discount_minor = excluded.order_discount_minor, tax_minor = excluded.tax_minor,
    steps = excluded.steps`

export const readLinePrices = (into: Into, site: SiteId, orders: readonly string[]): Promise<void> =>
  into(
    'linePrice',
    sql`
    select order_id as "order", line, discount_minor as discount, order_discount_minor as "orderDiscount", tax_code as "taxCode",
      tax_per_million as "taxPerMillion", tax_minor as tax, steps
    from line_price where site_id = ${site} and order_id = any(${orders}::uuid[])`,
  )
