// A2: what an order costs, through the public API: price lists with breaks and days, discounts, tax, other currencies, terms of payment; and why.

import { describe, expect, test } from 'vitest'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { BIKE: 1_000, BELL: 1_000 } })
const http = await testHttp(server, world)
const [sales, shop, till] = [await http.key('sales'), await http.key('shop'), await http.key('till')]
const FRESH_MILLISECONDS = 10_001

const post = async (secret: string, url: string, body: object) => {
  world.wait(1_000)
  const reply = await http.call(secret, 'POST', url, body)
  return { status: reply.status, ...(reply.body as { number?: string; code?: string; field?: string }) }
}
interface Told {
  readonly currency: string
  readonly totals: object
  readonly terms: object | null
  readonly lines: readonly { readonly unitPrice: number; readonly steps: readonly object[] }[]
}
const told = async (number: string) => (await http.call(sales, 'GET', `/api/orders/${number}`)).body as unknown as Told
/** Places an order and reads it back; what is refused has only its refusal. */
const order = async (body: object, secret = sales): Promise<Partial<Told> & { readonly status: number; readonly code?: unknown; readonly field?: unknown }> => {
  const { status, number, code, field } = await post(secret, '/api/orders', { site: 'SEA', customer: 'SHOP', ...body })
  return status === 201 ? { status, ...(await told(number!)) } : { status, code, field }
}

await post(sales, '/api/parties', {
  parties: ['SHOP', 'FLEET', 'PARIS', 'RETAIL'].map((code) => ({ code, name: `Customer ${code}`, kind: 'customer' })),
})
const since = '2026-01-01'
const book = [
  ['/api/price-lists', {
    lists: [
      { code: 'RETAIL', name: 'Everybody', currency: 'USD', validFrom: since },
      { code: 'TRADE', name: 'Bicycle shops', currency: 'USD', group: 'TRADE', validFrom: since },
      { code: 'FLEET', name: 'The city fleet', currency: 'USD', customer: 'FLEET', validFrom: since, validTo: '2026-12-31' },
    ],
  }],
  ['/api/prices', {
    prices: [
      { list: 'RETAIL', sku: 'BIKE', unitPrice: 50_000, validFrom: since },
      { list: 'RETAIL', sku: 'BIKE', unitPrice: 45_000, validFrom: '2026-03-01', validTo: '2026-03-31' },
      { list: 'TRADE', sku: 'BIKE', unitPrice: 40_000, validFrom: since },
      { list: 'TRADE', sku: 'BIKE', minimum: 10, unitPrice: 36_000, validFrom: since },
      { list: 'FLEET', sku: 'BIKE', unitPrice: 33_333, validFrom: since },
    ],
  }],
  ['/api/discounts', { discounts: [{ code: 'BULK', level: 'order', perMillion: 20_000, minimumAmount: 300_000, currency: 'USD', validFrom: since }] }],
  ['/api/tax-codes', { codes: [
    { code: 'STANDARD', name: 'Sales tax', rates: [{ validFrom: since, perMillion: 101_000 }], others: true },
    { code: 'EXPORT', name: 'Exports', rates: [{ validFrom: since, perMillion: 0 }] },
  ] }],
  ['/api/exchange-rates', { rates: [{ currency: 'EUR', validFrom: since, rate: '1.0834' }] }],
  ['/api/payment-terms', { terms: [{ code: 'NET30', name: '30 days net, 2 % in 10', netDays: 30, discountDays: 10, discountPerMillion: 20_000 }] }],
  ['/api/customer-terms', { customers: [
    { customer: 'SHOP', group: 'TRADE', paymentTerm: 'NET30' },
    { customer: 'PARIS', currency: 'EUR', taxCode: 'EXPORT' },
  ] }],
] as const

test.each(book)('A2: the price book takes what is put at %s', async (url, body) => {
  expect((await post(sales, url, body)).status).toBe(200)
})

describe('A2: a line without a price', () => {
  test.each([
    ['a shop, below the break',   { customer: 'SHOP', lines: [{ sku: 'BIKE', quantity: 9 }] },                                40_000],
    ['a shop, from the break on', { customer: 'SHOP', lines: [{ sku: 'BIKE', quantity: 10 }] },                               36_000],
    ['a customer with a list',    { customer: 'FLEET', lines: [{ sku: 'BIKE', quantity: 1 }] },                               33_333],
    ['everybody, in the sale',    { customer: 'RETAIL', lines: [{ sku: 'BIKE', quantity: 1 }] },                              45_000],
    ['everybody, before it',      { customer: 'RETAIL', orderedAt: '2026-02-28T12:00:00Z', lines: [{ sku: 'BIKE', quantity: 1 }] }, 50_000],
    ['in euros, exchanged',       { customer: 'PARIS', lines: [{ sku: 'BIKE', quantity: 1 }] },                               41_536],
    ['in no list',                { customer: 'SHOP', lines: [{ sku: 'BELL', quantity: 1 }] },                                250],
  ])('of %s is priced by the server', async (_who, body, unitPrice) => {
    expect((await order(body)).lines?.[0]!.unitPrice).toBe(unitPrice)
  })

  test('costs at the order what it was quoted, and the totals add up', async () => {
    const body = { customer: 'SHOP', lines: [{ sku: 'BIKE', quantity: 10 }, { sku: 'BELL', quantity: 3, discount: { perMillion: 100_000 } }] }
    const quoted = (await http.call(sales, 'POST', '/api/order-quotes', { site: 'SEA', ...body })).body as unknown as { totals: object; lines: object[] }
    const placed = await order(body)
    expect(placed.totals).toEqual({ goods: 360_750, discount: 75 + 7_214, net: 353_461, tax: 35_700, gross: 389_161 })
    expect(quoted.totals).toEqual(placed.totals)
    expect(placed.terms).toMatchObject({ paymentTerm: 'NET30', netDays: 30, discountDays: 10, rate_e9: 1_000_000_000 })
  })

  test('says step by step how its price came about', async () => {
    const { lines } = await order({ customer: 'PARIS', lines: [{ sku: 'BIKE', quantity: 2, discount: { amount: 100 } }] })
    expect(lines![0]!.steps).toEqual([
      { step: 'list', list: 'RETAIL', currency: 'USD', minimum: 1, validFrom: '2026-03-01', unitPrice: 45_000 },
      { step: 'exchange', from: 'USD', to: 'EUR', from_e9: 1_000_000_000, to_e9: 1_083_400_000, unitPrice: 41_536 },
      { step: 'line_discount', code: null, perMillion: null, amount: 100, of: 83_072, off: 100 },
      { step: 'tax', code: 'EXPORT', validFrom: since, perMillion: 0, of: 82_972, tax: 0 },
    ])
  })

  test('keeps its price when the list is changed, and the next order has the new one', async () => {
    const { number } = await post(sales, '/api/orders', { site: 'SEA', customer: 'FLEET', lines: [{ sku: 'BIKE', quantity: 1 }] })
    await post(sales, '/api/prices', { prices: [{ list: 'FLEET', sku: 'BIKE', unitPrice: 30_000, validFrom: since }] })
    world.wait(FRESH_MILLISECONDS)
    expect((await told(number!)).lines[0]!.unitPrice).toBe(33_333)
    expect((await order({ customer: 'FLEET', lines: [{ sku: 'BIKE', quantity: 1 }] })).lines?.[0]!.unitPrice).toBe(30_000)
  })

  test('keeps its price when more of it is wanted, with the discount and the tax of the whole; a line that is added costs what it costs now', async () => {
    const body = { customer: 'SHOP', lines: [{ sku: 'BIKE', quantity: 2, discount: { perMillion: 100_000 } }] }
    const { number } = await post(sales, '/api/orders', { site: 'SEA', ...body })
    const changed = await post(sales, `/api/orders/${number}/change`, { lines: [{ line: 1, quantity: 5 }], added: [{ sku: 'BELL', quantity: 4 }] })
    expect(changed.status).toBe(200)
    const { lines, totals } = await told(number!)
    expect(lines.map((line) => [line.unitPrice, line.steps.length])).toEqual([[40_000, 3], [250, 2]])
    expect(totals).toEqual({ goods: 201_000, discount: 20_000, net: 181_000, tax: 18_281, gross: 199_281 })
  })

  test("is priced the same at the till, for whom the till says", async () => {
    const { number } = await post(till, '/api/sales', { site: 'SEA', customer: 'SHOP', lines: [{ sku: 'BIKE', quantity: 1 }] })
    expect((await told(number!)).totals).toEqual({ goods: 40_000, discount: 0, net: 40_000, tax: 4_040, gross: 44_040 })
  })
})

describe('A2: who says himself what it costs', () => {
  test('may when he sells, and may not when he is a web shop', async () => {
    const own = { lines: [{ sku: 'BIKE', quantity: 1, unitPrice: 1 }] }
    expect((await order(own)).lines?.[0]).toMatchObject({ unitPrice: 1, steps: [{ step: 'given', currency: 'USD', unitPrice: 1 }, { step: 'tax' }] })
    expect(await order(own, shop)).toEqual({ status: 403, code: 'role_not_allowed', field: 'lines/1/unitPrice' })
    expect(await order({ discount: { perMillion: 1 }, lines: [{ sku: 'BIKE', quantity: 1 }] }, shop)).toEqual({ status: 403, code: 'role_not_allowed', field: 'discount' })
    const { status, number } = await post(shop, '/api/orders', { site: 'SEA', customer: 'SHOP', lines: [{ sku: 'BIKE', quantity: 1 }] })
    expect([status, (await told(number!)).lines[0]!.unitPrice]).toEqual([201, 40_000])
  })

  test.each([
    ['a currency without a rate', { currency: 'GBP', lines: [{ sku: 'BIKE', quantity: 1 }] },                                           'rate_not_known', 'currency'],
    ['more off than it costs',    { lines: [{ sku: 'BIKE', quantity: 1, discount: { amount: 40_001 } }] },                              'discount_too_large', 'lines/1/discount'],
    ['beyond every figure',       { lines: [{ sku: 'BIKE', quantity: 1_000_000_000_000, unitPrice: 1_000_000_000_000, discount: { perMillion: 1 } }] }, 'quantity_too_large', ''],
    ['both kinds of discount',    { lines: [{ sku: 'BIKE', quantity: 1, discount: { amount: 1, perMillion: 1 } }] },                    'body_not_valid', 'lines/1/discount'],
  ])('is refused for %s', async (_what, body, code, field) => {
    expect(await order(body)).toEqual({ status: 422, code, field })
  })
})

describe('A2: the price book', () => {
  test.each([
    ['/api/prices',         { prices: [{ list: 'NONE', sku: 'BIKE', unitPrice: 1, validFrom: since }] },                                    'price_list_not_known', 'prices/1/list'],
    ['/api/prices',         { prices: [{ list: 'RETAIL', sku: 'NONE', unitPrice: 1, validFrom: since }] },                                  'item_not_known', 'prices/1/sku'],
    ['/api/prices',         { prices: [{ list: 'RETAIL', sku: 'BIKE', unitPrice: 1, validFrom: since, validTo: '2025-12-31' }] },           'date_not_valid', 'prices/1/validTo'],
    ['/api/price-lists',    { lists: [{ code: 'X', name: 'X', currency: 'USD', customer: 'SHOP', group: 'G', validFrom: since }] },         'body_not_valid', 'lists/1/group'],
    ['/api/price-lists',    { lists: [{ code: 'X', name: 'X', currency: 'USD', customer: 'NONE', validFrom: since }] },                     'party_not_known', 'lists/1/customer'],
    ['/api/discounts',      { discounts: [{ code: 'X', level: 'line', sku: 'NONE', perMillion: 1, validFrom: since }] },                    'item_not_known', 'discounts/1/sku'],
    ['/api/discounts',      { discounts: [{ code: 'X', level: 'order', amount: 1, validFrom: since }] },                                    'body_not_valid', 'discounts/1/currency'],
    ['/api/tax-codes',      { codes: [{ code: 'X', name: 'X', skus: ['BIKE', 'NONE'] }] },                                                  'item_not_known', 'codes/1/skus/2'],
    ['/api/exchange-rates', { rates: [{ currency: 'GBP', validFrom: since, rate: '0.00' }] },                                               'body_not_valid', 'rates/1/rate'],
    ['/api/customer-terms', { customers: [{ customer: 'SHOP', taxCode: 'NONE' }] },                                                         'tax_code_not_known', 'customers/1/taxCode'],
    ['/api/customer-terms', { customers: [{ customer: 'SHOP', paymentTerm: 'NONE' }] },                                                     'payment_term_not_known', 'customers/1/paymentTerm'],
  ])('refuses at %s what it cannot keep: %j', async (url, body, code, field) => {
    expect(await post(sales, url, body)).toMatchObject({ code, field })
  })

  test('is read part by part and page by page', async () => {
    const rows = async (url: string) => (await http.call(sales, 'GET', url)).body as unknown as { rows: Record<string, unknown>[]; next: string | null }
    expect((await rows('/api/price-lists')).rows.map((one) => [one['code'], one['customer'], one['group'], one['prices']])).toEqual([
      ['FLEET', 'FLEET', null, 1], ['RETAIL', null, null, 2], ['TRADE', null, 'TRADE', 2],
    ])
    const first = await rows('/api/prices?list=TRADE&limit=1')
    expect(first.rows).toMatchObject([{ sku: 'BIKE', minimum: 1, unitPrice: 40_000 }])
    expect((await rows(`/api/prices?list=TRADE&limit=1&cursor=${first.next}`)).rows).toMatchObject([{ sku: 'BIKE', minimum: 10, unitPrice: 36_000 }])
    expect((await rows('/api/discounts')).rows).toMatchObject([{ code: 'BULK', perMillion: 20_000, minimumAmount: 300_000 }])
    expect((await rows('/api/tax-codes')).rows).toMatchObject([{ code: 'EXPORT', items: 0, others: false }, { code: 'STANDARD', others: true, rates: [{ validFrom: since, perMillion: 101_000 }] }])
    expect((await rows('/api/exchange-rates?currency=EUR')).rows).toEqual([{ currency: 'EUR', validFrom: since, rate: '1.0834' }])
    expect((await rows('/api/payment-terms')).rows).toMatchObject([{ code: 'NET30', netDays: 30 }])
    expect((await rows('/api/customer-terms?customer=PARIS')).rows).toMatchObject([{ customer: 'PARIS', currency: 'EUR', taxCode: 'EXPORT', paymentTerm: null }])
  })
})

test('the record verifies afterwards, and nothing was a fault', async () => {
  await expectVerified(server, world.sealKey)
  expect(http.faults).toEqual([])
})
