// The price book: price lists, discounts, tax codes, exchange rates and terms of payment, and what an order would cost by it.

import { z } from 'zod'
import type { RefusalCode } from '../core/refusal.ts'
import { endpoint } from './endpoint.ts'
import {
  amount,
  code,
  cursor,
  day,
  days_max,
  instantText,
  limit,
  LINES_MAX,
  name,
  onePrice,
  page,
  priceOfUnit,
  quantity,
  quantityInUnit,
  siteCode,
  toldAmount,
  toldAsked,
  toldDay,
  unit,
  wholeWithoutUnit,
} from './fields.ts'

const MILLION = 1_000_000
/** Tax may be more than the goods. */
const TAX_PER_MILLION_MAX = 10 * MILLION
const MINIMUM_LIFE_DAYS_MAX = 3_650

const perMillion = z.int().min(0).max(MILLION).meta({ description: 'Millionths: 50000 is 5 %', example: 50_000 })
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'A currency is three capital letters of ISO 4217.')
  .meta({ example: 'EUR' })
const done = z.object({}).loose()
const refused = (refusal: RefusalCode, message: string, path: string[]) => ({ message, params: { refusal }, path })

const rows = <Row extends z.ZodType>(row: Row) => z.array(row).min(1).max(LINES_MAX)
const validity = { validFrom: day, validTo: day.optional().meta({ description: 'The last day; open without it' }) }
const endsAfter = (row: { readonly validFrom: string; readonly validTo?: string | undefined }): boolean =>
  row.validTo === undefined || row.validTo >= row.validFrom
const endsTooEarly = refused('date_not_valid', 'It would end before it begins.', ['validTo'])
const audience = {
  customer: code.optional().meta({ description: 'Only for this customer' }),
  group: code.optional().meta({ description: 'Only for customers of this group; with neither, for everybody' }),
}
const toldAudience = { customer: z.string().nullable(), group: z.string().nullable() }
const toldValidity = { validFrom: toldDay, validTo: toldDay.nullable() }
const forOne = (row: { readonly customer?: string | undefined; readonly group?: string | undefined }): boolean =>
  row.customer === undefined || row.group === undefined
const forBoth = { message: 'It is for one customer or for a group, not both.', path: ['group'] }

/** What who places an order gives off: a share or an amount. */
export const discountGiven = z
  .strictObject({ perMillion: perMillion.optional(), amount: amount.optional() })
  .refine((off) => (off.perMillion === undefined) !== (off.amount === undefined), { message: 'Either perMillion or amount.' })
  .meta({ description: 'Instead of the discounts of the price book' })

/** What a new order says of its prices as a whole. */
export const pricing = {
  currency: currency.optional().meta({ description: "Without it the customer's, or the company's own" }),
  discount: discountGiven.optional(),
}

export const quotedOrder = z
  .strictObject({
    site: siteCode,
    customer: code,
    orderedAt: instantText.optional(),
    ...pricing,
    lines: rows(
      z
        .strictObject({ sku: code, quantity: quantityInUnit, unit, unitPrice: amount.optional(), priceOfUnit, discount: discountGiven.optional() })
        .refine(...wholeWithoutUnit('quantity'))
        .refine(...onePrice),
    ),
  })
  .meta({ id: 'QuotedOrder' })

export const amounts = z
  .object({ goods: toldAmount, discount: toldAmount, net: toldAmount, tax: toldAmount, gross: toldAmount })
  .meta({ description: "In minor units of the order's currency" })
const priceSteps = z
  .array(z.object({ step: z.enum(['item', 'given', 'unit_price', 'list', 'exchange', 'line_discount', 'order_discount', 'tax']) }).loose())
  .meta({ description: 'How the amounts came about, step by step' })

/** What a line of an order is told to cost. */
export const toldPrice = {
  amounts: amounts.meta({ description: 'Of the whole line' }),
  taxCode: z.string().nullable(),
  steps: priceSteps,
}

export const orderTerms = z
  .object({ paymentTerm: z.string().nullable(), netDays: z.int().nullable(), rate_e9: z.int() })
  .loose()
  .nullable()
  .meta({ description: "Terms of payment, and the rate of the currency in billionths of the company's" })

const priceList = z
  .strictObject({ code, name, currency, ...audience, ...validity })
  .refine(endsAfter, endsTooEarly)
  .refine(forOne, forBoth)
const price = z
  .strictObject({
    list: code,
    sku: code,
    minimum: quantity.default(1).meta({ description: 'From how many on' }),
    unitPrice: amount.meta({ description: "Minor units of the list's currency" }),
    ...validity,
  })
  .refine(endsAfter, endsTooEarly)
const discount = z
  .strictObject({
    code,
    level: z.enum(['line', 'order']),
    ...audience,
    sku: code.optional().meta({ description: 'Of a line: only of this item' }),
    perMillion: perMillion.optional(),
    amount: amount.optional(),
    currency: currency.optional().meta({ description: 'Of the amounts' }),
    minimum: z.int().min(0).max(1_000_000_000_000).default(0).meta({ description: 'Of a line: from how many of the item on' }),
    minimumAmount: amount.default(0).meta({ description: 'Of an order: from which value of its goods on' }),
    ...validity,
  })
  .refine(endsAfter, endsTooEarly)
  .refine(forOne, forBoth)
  .refine((off) => (off.perMillion === undefined) !== (off.amount === undefined), { message: 'Either perMillion or amount.', path: ['amount'] })
  .refine((off) => off.currency !== undefined || (off.amount === undefined && off.minimumAmount === 0), {
    message: 'An amount has a currency.',
    path: ['currency'],
  })
  .refine((off) => off.level === 'line' || off.sku === undefined, { message: 'A discount of an order is of no item.', path: ['sku'] })

const book = { roles: ['sales'], scope: 'none', writes: true, output: done, status: 200 } as const
const asked = { roles: ['sales', 'till', 'shop', 'auditor'], scope: 'none', writes: false, status: 200 } as const

export const priceEndpoints = [
  endpoint({
    name: 'quoteOrder',
    method: 'POST',
    path: '/api/order-quotes',
    summary: 'Ask what an order would cost, and how that comes about; nothing is kept',
    roles: ['sales', 'till', 'shop', 'auditor'],
    scope: 'site',
    writes: false,
    body: quotedOrder,
    output: z.object({
      currency: z.string(),
      paymentTerm: z.string().nullable(),
      netDays: z.int().nullable(),
      lines: z.array(
        amounts
          .extend({
            line: z.int(),
            sku: z.string(),
            quantity: z.int(),
            asked: toldAsked.optional(),
            unitPrice: toldAmount,
            taxCode: z.string().nullable(),
            steps: priceSteps,
          })
          .loose(),
      ),
      totals: amounts,
    }),
    status: 200,
  }),
  endpoint({
    ...book,
    name: 'setPriceLists',
    method: 'POST',
    path: '/api/price-lists',
    summary: 'Add price lists, or say anew whom and when they are for; the closest to the customer decides',
    body: z.strictObject({ lists: rows(priceList) }),
  }),
  endpoint({
    ...asked,
    name: 'listPriceLists',
    method: 'GET',
    path: '/api/price-lists',
    summary: 'Price lists by code',
    query: z.object({ cursor, limit }),
    output: page(z.object({ code: z.string(), name: z.string(), currency: z.string(), ...toldAudience, ...toldValidity, prices: z.int() })),
  }),
  endpoint({
    ...book,
    name: 'setPrices',
    method: 'POST',
    path: '/api/prices',
    summary: 'Put prices into lists, each from a quantity and a day on',
    body: z.strictObject({ prices: rows(price) }),
  }),
  endpoint({
    ...asked,
    name: 'listPrices',
    method: 'GET',
    path: '/api/prices',
    summary: 'Prices of a list by item, quantity and day',
    query: z.object({ list: code, sku: code.optional(), cursor, limit }),
    output: page(z.object({ sku: z.string(), name: z.string(), minimum: z.int(), unitPrice: toldAmount, ...toldValidity })),
  }),
  endpoint({
    ...book,
    name: 'setDiscounts',
    method: 'POST',
    path: '/api/discounts',
    summary: 'Put discounts of lines and orders; of those that hold the one that takes off most is given',
    body: z.strictObject({ discounts: rows(discount) }),
  }),
  endpoint({
    ...asked,
    name: 'listDiscounts',
    method: 'GET',
    path: '/api/discounts',
    summary: 'Discounts by code',
    query: z.object({ cursor, limit }),
    output: page(
      z.object({
        code: z.string(),
        level: z.enum(['line', 'order']),
        ...toldAudience,
        sku: z.string().nullable(),
        perMillion: z.int().nullable(),
        amount: toldAmount.nullable(),
        currency: z.string().nullable(),
        minimum: z.int(),
        minimumAmount: toldAmount,
        ...toldValidity,
      }),
    ),
  }),
  endpoint({
    ...book,
    name: 'setTaxCodes',
    method: 'POST',
    path: '/api/tax-codes',
    summary: 'Put tax codes with their rates by date, and say for which items they are',
    body: z.strictObject({
      codes: rows(
        z.strictObject({
          code,
          name,
          rates: z
            .array(z.strictObject({ validFrom: day, perMillion: z.int().min(0).max(TAX_PER_MILLION_MAX).meta({ example: 190_000 }) }))
            .max(LINES_MAX)
            .default([]),
          skus: z.array(code).max(LINES_MAX).default([]),
          others: z.boolean().default(false).meta({ description: 'For all items that have no code of their own' }),
        }),
      ),
    }),
  }),
  endpoint({
    ...asked,
    name: 'listTaxCodes',
    method: 'GET',
    path: '/api/tax-codes',
    summary: 'Tax codes with their rates',
    query: z.object({ cursor, limit }),
    output: page(
      z.object({
        code: z.string(),
        name: z.string(),
        rates: z.array(z.object({ validFrom: toldDay, perMillion: z.int() })),
        items: z.int(),
        others: z.boolean(),
      }),
    ),
  }),
  endpoint({
    ...book,
    name: 'setExchangeRates',
    method: 'POST',
    path: '/api/exchange-rates',
    summary: "Put rates: what one unit of a currency is worth in the company's, from a day on",
    body: z.strictObject({
      rates: rows(
        z.strictObject({
          currency,
          validFrom: day,
          rate: z
            .string()
            .regex(/^(?=.*[1-9])\d{1,6}(\.\d{1,9})?$/, 'A rate is a decimal number above 0, with up to nine digits behind the point.')
            .meta({ example: '1.0834' }),
        }),
      ),
    }),
  }),
  endpoint({
    ...asked,
    name: 'listExchangeRates',
    method: 'GET',
    path: '/api/exchange-rates',
    summary: 'Exchange rates by currency, the newest first',
    query: z.object({ currency: currency.optional(), cursor, limit }),
    output: page(z.object({ currency: z.string(), validFrom: toldDay, rate: z.string() })),
  }),
  endpoint({
    ...book,
    name: 'setPaymentTerms',
    method: 'POST',
    path: '/api/payment-terms',
    summary: 'Put terms of payment',
    body: z.strictObject({
      terms: rows(
        z
          .strictObject({
            code,
            name,
            netDays: z.int().min(0).max(days_max),
            discountDays: z.int().min(0).max(days_max).default(0),
            discountPerMillion: perMillion.default(0),
          })
          .refine((term) => term.discountDays <= term.netDays, { message: 'The discount ends with the term.', path: ['discountDays'] }),
      ),
    }),
  }),
  endpoint({
    ...asked,
    name: 'listPaymentTerms',
    method: 'GET',
    path: '/api/payment-terms',
    summary: 'Terms of payment by code',
    query: z.object({ cursor, limit }),
    output: page(z.object({ code: z.string(), name: z.string(), netDays: z.int(), discountDays: z.int(), discountPerMillion: z.int() })),
  }),
  endpoint({
    ...book,
    name: 'setCustomerTerms',
    method: 'POST',
    path: '/api/customer-terms',
    summary: 'Say which group, currency, tax and terms of payment customers have',
    body: z.strictObject({
      customers: rows(
        z.strictObject({
          customer: code,
          group: code.optional(),
          currency: currency.optional(),
          taxCode: code.optional().meta({ description: "Instead of the items' own, e.g. for export" }),
          paymentTerm: code.optional(),
          minimumLifeDays: z.int().min(0).max(MINIMUM_LIFE_DAYS_MAX).default(0).meta({
            description: 'Days that goods which expire must have left when they leave for the customer; sooner ones are not picked for him',
          }),
        }),
      ),
    }),
  }),
  endpoint({
    ...asked,
    name: 'listCustomerTerms',
    method: 'GET',
    path: '/api/customer-terms',
    summary: 'What was agreed with customers',
    query: z.object({ customer: code.optional(), cursor, limit }),
    output: page(
      z.object({
        customer: z.string(),
        name: z.string(),
        group: z.string().nullable(),
        currency: z.string().nullable(),
        taxCode: z.string().nullable(),
        paymentTerm: z.string().nullable(),
        minimumLifeDays: z.int(),
      }),
    ),
  }),
] as const
