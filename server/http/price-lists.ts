// The price book, read: each part of it page by page.

import { RATE_ONE } from '../../core/currency.ts'
import { otherItems } from '../../core/price-book.ts'
import { isRefusal } from '../../core/refusal.ts'
import { sql } from '../db.ts'
import type { Readers } from './call.ts'
import { keyIn, pageOf } from './page.ts'

export const priceReaders = {
  listPriceLists: async ({ context, query: { cursor, limit } }) => {
    const after = keyIn(cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await context.database.query<{ code: string }>(sql`
      select l.code, l.name, l.currency, p.code as customer, l.customer_group as "group", l.valid_from as "validFrom", l.valid_to as "validTo",
        (select count(*) from price r where r.list_code = l.code) as prices
      from price_list l left join party p on p.party_id = l.customer_id
      where l.code collate "C" > ${after?.[0] ?? ''} order by l.code collate "C" limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.code])
  },
  listPrices: async ({ context, query: { list, sku = null, cursor, limit } }) => {
    const after = keyIn(cursor, ['string', 'number', 'string'])
    if (after !== undefined && isRefusal(after)) return after
    const [from, minimum, day] = after ?? ['', 0, '']
    const rows = await context.database.query<{ sku: string; minimum: number; validFrom: string }>(sql`
      select i.sku, i.name, r.minimum, r.unit_price_minor as "unitPrice", r.valid_from as "validFrom", r.valid_to as "validTo"
      from price r join item i on i.item_id = r.item_id
      where r.list_code = ${list} and (${sku}::text is null or i.sku = ${sku})
        and (i.sku collate "C", r.minimum, r.valid_from::text collate "C") > (${from}, ${minimum}::bigint, ${day})
      order by i.sku collate "C", r.minimum, r.valid_from limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.sku, row.minimum, row.validFrom])
  },
  listDiscounts: async ({ context, query: { cursor, limit } }) => {
    const after = keyIn(cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await context.database.query<{ code: string }>(sql`
      select d.code, d.level, p.code as customer, d.customer_group as "group", i.sku, d.per_million as "perMillion", d.amount_minor as amount, d.currency,
        d.minimum, d.minimum_minor as "minimumAmount", d.valid_from as "validFrom", d.valid_to as "validTo"
      from discount d left join party p on p.party_id = d.customer_id left join item i on i.item_id = d.item_id
      where d.code collate "C" > ${after?.[0] ?? ''} order by d.code collate "C" limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.code])
  },
  listTaxCodes: async ({ context, query: { cursor, limit } }) => {
    const after = keyIn(cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await context.database.query<{ code: string }>(sql`
      select t.code, t.name,
        coalesce((select json_agg(json_build_object('validFrom', r.valid_from, 'perMillion', r.per_million) order by r.valid_from)
          from tax_rate r where r.code = t.code), '[]') as rates,
        (select count(*) from item_tax x where x.code = t.code and x.item_id <> ${otherItems}) as items,
        exists (select from item_tax x where x.code = t.code and x.item_id = ${otherItems}) as others
      from tax_code t where t.code collate "C" > ${after?.[0] ?? ''} order by t.code collate "C" limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.code])
  },
  listExchangeRates: async ({ context, query: { currency = null, cursor, limit } }) => {
    const after = keyIn(cursor, ['string', 'string'])
    if (after !== undefined && isRefusal(after)) return after
    const [from, day] = after ?? ['', '9999-12-31']
    const rows = await context.database.query<{ currency: string; validFrom: string; rate_e9: number }>(sql`
      select currency, valid_from as "validFrom", rate_e9
      from exchange_rate
      where (${currency}::text is null or currency = ${currency})
        and (currency collate "C" > ${from} or (currency = ${from} and valid_from::text collate "C" < ${day}))
      order by currency collate "C", valid_from desc limit ${limit + 1}`)
    return pageOf(
      rows,
      limit,
      (row) => [row.currency, row.validFrom],
      ({ rate_e9, ...row }) => ({ ...row, rate: rateText(rate_e9) }),
    )
  },
  listPaymentTerms: async ({ context, query: { cursor, limit } }) => {
    const after = keyIn(cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await context.database.query<{ code: string }>(sql`
      select code, name, net_days as "netDays", discount_days as "discountDays", discount_per_million as "discountPerMillion"
      from payment_term where code collate "C" > ${after?.[0] ?? ''} order by code collate "C" limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.code])
  },
  listCustomerTerms: async ({ context, query: { customer = null, cursor, limit } }) => {
    const after = keyIn(cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await context.database.query<{ customer: string }>(sql`
      select p.code as customer, p.name, t.customer_group as "group", t.currency, t.tax_code as "taxCode", t.payment_term as "paymentTerm",
        t.minimum_life_days as "minimumLifeDays"
      from customer_terms t join party p on p.party_id = t.customer_id
      where p.code collate "C" > ${after?.[0] ?? ''} and (${customer}::text is null or p.code = ${customer})
      order by p.code collate "C" limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.customer])
  },
} satisfies Partial<Readers>

/** As it is written down: no digit more than it has. */
function rateText(rate_e9: number): string {
  const fraction = String(rate_e9 % RATE_ONE)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${Math.floor(rate_e9 / RATE_ONE)}${fraction === '' ? '' : `.${fraction}`}`
}
