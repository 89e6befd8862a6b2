// What an order was priced with is tampered with as the database's owner could: verify must find it and name the line.

import { expect, test } from 'vitest'
import type { Day } from '../../core/calendar.ts'
import { controlSite } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { otherItems } from '../../core/price-book.ts'
import { quantity } from '../../core/quantity.ts'
import { sql } from '../db.ts'
import { testDatabase } from '../test-database.ts'
import { testHttp } from '../test-http.ts'
import { expectVerified } from '../test-verify.ts'
import { testWorld } from '../test-world.ts'
import { verify } from '../verify.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { items: { A: 100 } })
const http = await testHttp(server, world)
const [admin, a] = [await http.key('admin'), await world.item('A')]
const since = { validFrom: '2026-01-01' as Day, validTo: null }
const everybody = { customer: null, group: null }
await world.send(controlSite, {
  kind: 'setPriceBook',
  rows: [
    { kind: 'list', code: 'ALL', name: 'All', currency: 'EUR', ...everybody, ...since },
    { kind: 'price', list: 'ALL', item: a, minimum: quantity(1), unitPrice: money(333), ...since },
    { kind: 'discount', code: 'TEN', level: 'line', ...everybody, item: null, perMillion: 100_000, amount: null, currency: null, minimum: quantity(0), minimumAmount: money(0), ...since },
    { kind: 'taxCode', code: 'VAT', name: 'VAT' },
    { kind: 'taxRate', code: 'VAT', validFrom: since.validFrom, perMillion: 190_000 },
    { kind: 'itemTax', item: otherItems, code: 'VAT' },
    { kind: 'rate', currency: 'EUR', validFrom: since.validFrom, rate_e9: 1_083_400_000 },
  ],
})
await http.call(admin, 'POST', '/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }] })
const lines = [{ sku: 'A', quantity: 3 }, { sku: 'A', quantity: 2 }]
await http.call(admin, 'POST', '/api/orders', { site: 'SEA', customer: 'C1', currency: 'EUR', discount: { amount: 101 }, lines })
await owner.script('create schema saved; create table saved.line_price as table line_price; create table saved.order_terms as table order_terms; create table saved.order_line as table order_line')
const tables = ['line_price', 'order_terms', 'order_line']
const restore = tables.map((table) => `delete from ${table}; insert into ${table} select * from saved.${table}`).join('; ')

test('what was priced by the book is in order', async () => {
  expect((await expectVerified(server, world.sealKey)).ok).toBe(true)
  expect(await owner.query(sql`select line, tax_minor as tax from line_price order by line`)).toEqual([{ line: 1, tax: 159 }, { line: 2, tax: 106 }])
})

test.each([
  ['the discount',           'order prices', sql`update line_price set discount_minor = discount_minor + 1 where line = 1`],
  ['its share of the order', 'order prices', sql`update line_price set order_discount_minor = order_discount_minor + 1 where line = 1`],
  ['all of it comes off',    'order prices', sql`update line_price set discount_minor = 100000 where line = 1`],
  ['the tax',                'order prices', sql`update line_price set tax_minor = tax_minor - 1 where line = 1`],
  ['the rate of tax',        'order prices', sql`update line_price set tax_per_million = 70000 where line = 1`],
  ['the price',              'order prices', sql`update order_line set unit_price_minor = unit_price_minor + 1 where line = 1`],
  ['the steps',              'order prices', sql`update line_price set steps = replace(steps::text, '333', '334')::json where line = 1`],
  ['the row',                'order prices', sql`delete from line_price where line = 1`],
  ['the basis',              'order prices', sql`update order_line set price_basis = 'given' where line = 1`],
  ['the order of its terms', 'order terms',  sql`update order_terms set order_id = gen_random_uuid()`],
  ['the currency',           'order terms',  sql`update order_terms set currency = 'USD'`],
])('%s, changed by hand, is found by "%s"', async (_what, name, statement) => {
  try {
    expect(await owner.execute(statement)).toBeGreaterThan(0)
    const found = (await verify(owner, { sealKey: world.sealKey })).checks.find((check) => check.name === name)
    expect(found).toMatchObject({ ok: false, offending: { site: 'SEA', key: expect.stringMatching(/^order /) as string } })
  } finally {
    await owner.script(`begin; ${restore}; commit`)
  }
})
