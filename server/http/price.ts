// Prices over HTTP: what orders cost by the price book, and the book itself, part by part. Who may say what something costs himself is asked here.

import type { z } from 'zod'
import type { discountGiven, quotedOrder } from '../../api/price.ts'
import { dayOf, type Day, type Instant } from '../../core/calendar.ts'
import type { WantedLine } from '../../core/flow/order.ts'
import { priceOrder, type AskedLine, type GivenDiscount, type PricedOrder } from '../../core/flow/order-price.ts'
import type { ItemId, PartyId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { addAmounts, amountsOf, noAmounts } from '../../core/order-price.ts'
import type { Site } from '../../core/party.ts'
import { otherItems, type Audience, type PriceBookRow } from '../../core/price-book.ts'
import { mayPrice } from '../../core/principal.ts'
import { quantity, TooLarge } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { toldAsked } from '../../core/unit.ts'
import { sql } from '../db.ts'
import { instantOf, itemOf, partyOf, siteOf, toControl, type Asked, type ItemLine, type Readers, type Sent, type Writers } from './call.ts'
import { askedLines } from './units.ts'

type Discounted = z.output<typeof discountGiven> | undefined

/** A line as far as its price is concerned. */
interface PriceableLine {
  readonly sku: string
  readonly quantity: number
  readonly unitPrice?: number | undefined
  readonly priceOfUnit?: number | undefined
  readonly discount?: Discounted
}

export interface Priceable {
  readonly site: Site
  readonly customer: PartyId
  readonly at: Instant
  readonly currency?: string | undefined
  readonly discount?: Discounted
  readonly lines: readonly ItemLine<PriceableLine>[]
}

/** What an order costs by the book of the day it was placed on. */
export async function pricesOf(call: Asked, priceable: Priceable): Promise<PricedOrder | Refusal> {
  const forbidden = mayPrice(call.principal) ? undefined : ownPrice(priceable.lines, priceable.discount)
  return forbidden ?? pricesByBook(call, priceable)
}

/** The same, of lines that the server itself made of what was asked for. */
export async function pricesByBook(call: Asked, { site, customer, at, currency, discount, lines }: Priceable): Promise<PricedOrder | Refusal> {
  const { catalog, priceBooks } = call.context
  const book = await priceBooks.bookFor(
    customer,
    lines.map(({ item }) => item.item),
  )
  const asked = {
    customer,
    day: dayOf(at),
    companyCurrency: await catalog.currencyOf(site.site),
    currency,
    discount: givenOf(discount),
    lines: lines.map(({ line, item, asked: one, ofUnit }): AskedLine => ({
      line,
      item,
      quantity: quantity(one.quantity),
      unitPrice: one.unitPrice === undefined ? undefined : money(one.unitPrice),
      ofUnit,
      discount: givenOf(one.discount),
    })),
  }
  try {
    return priceOrder(asked, book)
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    return refuse('quantity_too_large', '', `The order would come to more than can be kept exactly: ${error.message}`)
  }
}

/** The first price or discount of who may not say any. */
function ownPrice(lines: Priceable['lines'], discount: Discounted): Refusal | undefined {
  const own = lines.find(({ asked }) => asked.unitPrice !== undefined || asked.discount !== undefined)
  if (own === undefined && discount === undefined) return undefined
  const field = own === undefined ? 'discount' : `lines/${own.line}/${fieldOfPrice(own.asked)}`
  return refuse('role_not_allowed', field, 'This role may not say itself what an order costs: leave the price to the price book.')
}

const fieldOfPrice = ({ unitPrice, priceOfUnit }: PriceableLine): string =>
  unitPrice === undefined ? 'discount' : priceOfUnit === undefined ? 'unitPrice' : 'priceOfUnit'

const givenOf = (discount: Discounted): GivenDiscount | undefined =>
  discount && { perMillion: discount.perMillion, amount: discount.amount === undefined ? undefined : money(discount.amount) }

/** What a line of a command says of its price. */
export const priceOfLine = ({ lines, terms }: PricedOrder, index: number): Pick<WantedLine, 'unitPrice' | 'priceBasis' | 'price' | 'unitWorth'> => {
  const { unitPrice, unitWorth, basis, price } = lines[index]!
  return { unitPrice, priceBasis: basis, ...(price && { price }), ...(terms && { unitWorth }) }
}

export const quoteOrder: Readers['quoteOrder'] = async (call) => {
  const body: z.output<typeof quotedOrder> = call.body
  const site = await siteOf(call, body.site)
  if (isRefusal(site)) return site
  const customer = await partyOf(call, body.customer, 'customer', 'customer')
  if (isRefusal(customer)) return customer
  const lines = await askedLines(call, body.lines)
  if (isRefusal(lines)) return lines
  const { currency, discount } = body
  const priced = await pricesOf(call, { site, customer: customer.party, at: instantOf(call, body.orderedAt), currency, discount, lines })
  if (isRefusal(priced)) return priced
  const told = priced.lines.map(({ unitPrice, basis, price }, index) => {
    const { line, item, asked, inUnit } = lines[index]!
    const amounts = amountsOf({ quantity: quantity(asked.quantity), unitPrice }, price)
    const steps = price?.steps ?? [{ step: basis, currency: priced.currency, unitPrice }]
    const told = { quantity: asked.quantity, ...(inUnit && { asked: toldAsked(inUnit) }) }
    return { line, sku: item.sku, ...told, unitPrice, ...amounts, taxCode: price?.taxCode ?? null, steps }
  })
  return {
    currency: priced.currency,
    paymentTerm: priced.terms?.paymentTerm ?? null,
    netDays: priced.terms?.netDays ?? null,
    lines: told,
    totals: told.reduce(addAmounts, noAmounts),
  }
}

const toBook = (rows: readonly PriceBookRow[]): Sent => toControl({ kind: 'setPriceBook', rows })

/** Whom something is for, as codes say it. */
async function audienceOf(
  call: Asked,
  { customer, group }: { customer?: string | undefined; group?: string | undefined },
  subject: string,
): Promise<Audience | Refusal> {
  if (customer === undefined) return { customer: null, group: group ?? null }
  const party = await partyOf(call, customer, 'customer', subject)
  return isRefusal(party) ? party : { customer: party.party, group: null }
}

/** Each row of a request as rows of the book, or the first that cannot be. */
async function rowsFrom<Row>(
  rows: readonly Row[],
  make: (row: Row, at: number) => Promise<readonly PriceBookRow[] | Refusal>,
): Promise<Sent | Refusal> {
  const made: PriceBookRow[] = []
  for (const [index, row] of rows.entries()) {
    const some = await make(row, index + 1)
    if (isRefusal(some)) return some
    made.push(...some)
  }
  return toBook(made)
}

/** Which of the codes are in the book. */
async function codesIn(
  { context }: Asked,
  table: 'price_list' | 'tax_code' | 'payment_term',
  codes: readonly string[],
): Promise<ReadonlySet<string>> {
  const statement = {
    price_list: sql`select code from price_list where code = any(${codes}::text[])`,
    tax_code: sql`select code from tax_code where code = any(${codes}::text[])`,
    payment_term: sql`select code from payment_term where code = any(${codes}::text[])`,
  }[table]
  return new Set((await context.database.query<{ code: string }>(statement)).map((row) => row.code))
}

/** A decimal number with up to nine digits behind the point, exactly. */
function billionths(text: string): number {
  const [whole, fraction = ''] = text.split('.')
  return Number(`${whole}${fraction.padEnd(9, '0')}`)
}

const dayOrNull = (day: string | undefined): Day | null => (day ?? null) as Day | null
const moneyOrNull = (amount: number | undefined): ReturnType<typeof money> | null => (amount === undefined ? null : money(amount))

export const priceWriters = {
  setPriceLists: (call) =>
    rowsFrom(call.body.lists, async (row, at) => {
      const audience = await audienceOf(call, row, `lists/${at}/customer`)
      if (isRefusal(audience)) return audience
      const { code, name, currency, validFrom, validTo } = row
      return [{ kind: 'list', code, name, currency, ...audience, validFrom: validFrom as Day, validTo: dayOrNull(validTo) }]
    }),
  setPrices: async (call) => {
    const { prices } = call.body
    const lists = await codesIn(call, 'price_list', [...new Set(prices.map((row) => row.list))])
    const items = await call.context.catalog.itemsBySku(prices.map((row) => row.sku))
    return rowsFrom(prices, async ({ list, sku, minimum, validFrom, validTo, unitPrice }, at) => {
      if (!lists.has(list)) return refuse('price_list_not_known', `prices/${at}/list`, `There is no price list ${list}.`)
      const item = items.get(sku)
      if (item === undefined) return refuse('item_not_known', `prices/${at}/sku`, `There is no item ${sku}.`)
      const valid = { validFrom: validFrom as Day, validTo: dayOrNull(validTo) }
      return [{ kind: 'price', list, item: item.item, minimum: quantity(minimum), ...valid, unitPrice: money(unitPrice) }]
    })
  },
  setDiscounts: (call) =>
    rowsFrom(call.body.discounts, async (row, at) => {
      const audience = await audienceOf(call, row, `discounts/${at}/customer`)
      if (isRefusal(audience)) return audience
      const item = row.sku === undefined ? undefined : await itemOf(call, row.sku)
      if (isRefusal(item)) return { ...item, subject: `discounts/${at}/sku` }
      const { code, level, perMillion = null, amount, currency = null, minimum, minimumAmount, validFrom, validTo } = row
      const off = { perMillion, amount: moneyOrNull(amount), currency, minimum: quantity(minimum), minimumAmount: money(minimumAmount) }
      const valid = { validFrom: validFrom as Day, validTo: dayOrNull(validTo) }
      return [{ kind: 'discount', code, level, ...audience, item: item?.item ?? null, ...off, ...valid }]
    }),
  setTaxCodes: (call) =>
    rowsFrom(call.body.codes, async ({ code, name, rates, skus, others }, at) => {
      const items: ItemId[] = others ? [otherItems] : []
      const known = await call.context.catalog.itemsBySku(skus)
      for (const [index, sku] of skus.entries()) {
        const item = known.get(sku)
        if (item === undefined) return refuse('item_not_known', `codes/${at}/skus/${index + 1}`, `There is no item ${sku}.`)
        items.push(item.item)
      }
      return [
        { kind: 'taxCode', code, name },
        ...rates.map(({ validFrom, perMillion }) => ({ kind: 'taxRate' as const, code, validFrom: validFrom as Day, perMillion })),
        ...items.map((item) => ({ kind: 'itemTax' as const, item, code })),
      ]
    }),
  setExchangeRates: async ({ body }) =>
    toBook(body.rates.map(({ currency, validFrom, rate }) => ({ kind: 'rate', currency, validFrom: validFrom as Day, rate_e9: billionths(rate) }))),
  setPaymentTerms: async ({ body }) => toBook(body.terms.map((row) => ({ kind: 'paymentTerm', ...row }))),
  setCustomerTerms: async (call) => {
    const { customers } = call.body
    const [taxCodes, terms] = await Promise.all([
      codesIn(
        call,
        'tax_code',
        customers.flatMap((row) => row.taxCode ?? []),
      ),
      codesIn(
        call,
        'payment_term',
        customers.flatMap((row) => row.paymentTerm ?? []),
      ),
    ])
    return rowsFrom(customers, async ({ customer, group = null, currency = null, taxCode = null, paymentTerm = null, minimumLifeDays }, at) => {
      const party = await partyOf(call, customer, 'customer', `customers/${at}/customer`)
      if (isRefusal(party)) return party
      if (taxCode !== null && !taxCodes.has(taxCode))
        return refuse('tax_code_not_known', `customers/${at}/taxCode`, `There is no tax code ${taxCode}.`)
      if (paymentTerm !== null && !terms.has(paymentTerm))
        return refuse('payment_term_not_known', `customers/${at}/paymentTerm`, `There are no payment terms ${paymentTerm}.`)
      return [{ kind: 'customerTerms', customer: party.party, group, currency, taxCode, paymentTerm, minimumLifeDays }]
    })
  },
} satisfies Partial<Writers>
