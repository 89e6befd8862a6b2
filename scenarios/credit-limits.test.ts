// A2: credit limits, through the public API: an order over the limit is held, what is on credit follows the goods and what accounting tells, and many who
// order at once never get past it.

import { describe, expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { verify } from '../server/verify.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { BIKE: 10_000 } })
const http = await testHttp(server, world)
const [admin, sales, warehouse] = [await http.key('admin'), await http.key('sales'), await http.key('warehouse')]
const customers = Array.from({ length: 12 }, (_, index) => `C${index + 1}`)
await http.call(admin, 'POST', '/api/parties', { parties: customers.map((code) => ({ code, name: `Customer ${code}`, kind: 'customer' })) })
let next = 0
/** One whom no test has met. */
const somebody = (): string => customers[next++]!

const by = (secret: string) => async (url: string, body: object = {}) => {
  world.wait(1_000)
  const reply = await http.call(secret, 'POST', url, body)
  return { status: reply.status, ...(reply.body as { code?: string; number?: string; id?: string; hold?: string; open?: number; owed?: number }) }
}
const [asAdmin, asSales, asWarehouse] = [by(admin), by(sales), by(warehouse)]
const limit = (customer: string, more: object) => asAdmin('/api/credit-limits', { site: 'SEA', customer, ...more })
const order = async (customer: string, quantity: number, more: object = {}) =>
  `/api/orders/${(await asSales('/api/orders', { site: 'SEA', customer, lines: [{ sku: 'BIKE', quantity, unitPrice: 1_000 }], ...more })).number}`
const holds = async (at: string) => ((await http.call(sales, 'GET', at)).body as { holds: { kind: string; reason: string; takenOffAt: string | null }[] }).holds
const account = async (customer: string) => {
  const { rows } = (await http.call(sales, 'GET', '/api/credit-limits?site=SEA&limit=100')).body as { rows: { customer: string }[] }
  return rows.find((row) => row.customer === customer)
}
const send = async (at: string) => {
  for (const what of ['allocation', 'pick', 'packages', 'shipment']) expect((await asWarehouse(`${at}/${what}`)).status, what).toBeLessThan(300)
}

describe('A2: a credit limit', () => {
  test('holds the order that goes over it, and not the one that reaches it', async () => {
    const who = somebody()
    expect(await limit(who, { limit: 5_000 })).toMatchObject({ status: 200, limit: 5_000, owed: 0, open: 0 })
    expect(await holds(await order(who, 5))).toEqual([])
    const over = await order(who, 1)
    expect(await holds(over)).toMatchObject([{ kind: 'credit', takenOffAt: null, reason: 'With it the customer has USD 60.00 on credit, which is over the limit of USD 50.00.' }])
    expect(await asWarehouse(`${over}/allocation`)).toMatchObject({ status: 409, code: 'order_on_hold' })
    expect(await account(who)).toMatchObject({ limit: 5_000, owed: 0, open: 6_000, left: -1_000, currency: 'USD' })
  })

  test('counts what was ordered before it was set, what leaves, and what accounting tells', async () => {
    const who = somebody()
    const at = await order(who, 3)
    expect(await limit(who, { limit: 4_000, owed: 500 })).toMatchObject({ owed: 500, open: 3_000 })
    await send(at)
    expect(await account(who)).toMatchObject({ owed: 3_500, open: 0, left: 500 })
    expect(await limit(who, { limit: 4_000, owed: 0 })).toMatchObject({ owed: 0, open: 0 })
    expect(await holds(await order(who, 4))).toEqual([])
  })

  test('frees what is cancelled, and holds an order of which more is wanted', async () => {
    const who = somebody()
    await limit(who, { limit: 3_000 })
    const [kept, gone] = [await order(who, 1), await order(who, 2)]
    await asSales(`${gone}/cancellation`)
    expect(await account(who)).toMatchObject({ open: 1_000 })
    expect(await asSales(`${kept}/change`, { lines: [{ line: 1, quantity: 4 }] })).toMatchObject({ status: 200 })
    expect(await account(who)).toMatchObject({ open: 4_000, left: -1_000 })
    expect(await holds(kept)).toMatchObject([{ kind: 'credit', takenOffAt: null }])
    expect(await asSales(`${kept}/change`, { lines: [{ line: 1, quantity: 5 }] })).toMatchObject({ status: 200 })
    expect(await holds(kept)).toHaveLength(1)
  })

  test('does not count what is paid at once: a sale, or an order that the provider pays for', async () => {
    const who = somebody()
    await limit(who, { limit: 0 })
    await asSales('/api/sales', { site: 'SEA', customer: who, lines: [{ sku: 'BIKE', quantity: 2, unitPrice: 1_000 }] })
    expect(await holds(await order(who, 2, { payment: { token: 'card' } }))).toMatchObject([{ kind: 'payment' }])
    expect(await account(who)).toMatchObject({ owed: 0, open: 0 })
    expect(await holds(await order(who, 1))).toMatchObject([{ kind: 'credit' }])
  })

  test('is of one site, and ends when it is taken away', async () => {
    const who = somebody()
    await limit(who, { limit: 0 })
    const elsewhere = await asSales('/api/orders', { site: 'PDX', customer: who, lines: [{ sku: 'BIKE', quantity: 1 }] })
    expect(await holds(`/api/orders/${elsewhere.number}`)).toEqual([])
    expect(await limit(who, { limit: null })).toMatchObject({ status: 200, limit: null })
    expect(await account(who)).toBeUndefined()
    expect(await limit(who, { limit: null })).toMatchObject({ status: 409, code: 'nothing_to_do' })
    expect(await holds(await order(who, 50))).toEqual([])
  })

  test('is for an admin to set; who may sell sees it', async () => {
    expect(await asSales('/api/credit-limits', { site: 'SEA', customer: 'C1', limit: 1 })).toMatchObject({ status: 403, code: 'role_not_allowed' })
    expect(await limit('NOBODY', { limit: 1 })).toMatchObject({ status: 422, code: 'party_not_known' })
    expect(await limit('C1', { limit: -1 })).toMatchObject({ status: 422 })
  })

  test('holds out when many order at once: what is not on hold comes to no more than it', async () => {
    const who = somebody()
    await limit(who, { limit: 10_000 })
    const placed = await Promise.all(Array.from({ length: 64 }, () => order(who, 3)))
    const held = await Promise.all(placed.map(holds))
    expect(held.filter((one) => one.length === 0)).toHaveLength(3)
    expect(await account(who)).toMatchObject({ open: 64 * 3_000 })
  })
})

test('verify finds an account that was changed by hand', async () => {
  await owner.script('create table saved as table credit_account')
  expect(await owner.execute(sql`update credit_account set open_minor = open_minor + 1 where customer_id = (select min(customer_id) from credit_account)`)).toBe(1)
  const found = (await verify(owner, { sealKey: world.sealKey })).checks.filter((check) => !check.ok)
  await owner.script('delete from credit_account; insert into credit_account select * from saved; drop table saved')
  expect(found).toMatchObject([{ name: 'credit', offending: { table: 'credit_account', site: 'SEA' } }])
})

test('the record verifies afterwards, and nothing was a fault', async () => {
  await expectVerified(server, world.sealKey)
  expect(http.faults).toEqual([])
})
