// Limits: what is too much for a record, a column or a message is refused by name or set right on arrival; it is never a fault, and nothing
// behind it waits for ever.

import { describe, expect, test } from 'vitest'
import { quantity } from '../core/quantity.ts'
import { testDatabase } from './test-database.ts'
import { sql } from './db.ts'
import { allDelivered, expectAgreed, testServer, until } from './test-sites.ts'
import { testHttp } from './test-http.ts'
import { expectVerified } from './test-verify.ts'
import { testWorld } from './test-world.ts'

const { server, connection } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 1_000 } })
const http = await testHttp(server, world)
const admin = await http.key('admin')
const post = (url: string, body: unknown) => http.call(admin, 'POST', url, body)
await post('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }] })
await post('/api/items', { items: [{ sku: 'MANY', name: 'Many' }, { sku: 'DEAR', name: 'Dear', standardCost: 1_000_000_000 }] })

describe('what is too large', () => {
  test('as a sum is refused, although each part of it was taken', async () => {
    const lines = Array.from({ length: 1_000 }, () => ({ sku: 'MANY', quantity: 1_000_000_000_000 }))
    for (let count = 1; count <= 9; count += 1) expect((await post('/api/receipts', { site: 'SEA', lines })).status).toBe(201)
    const refused = { status: 422, body: { code: 'quantity_too_large' } }
    expect(await post('/api/receipts', { site: 'SEA', lines })).toMatchObject(refused)
    expect(await post('/api/counts', { site: 'SEA', sku: 'DEAR', counted: 1_000_000_000 })).toMatchObject(refused)
    expect((await post('/api/receipts', { site: 'SEA', lines: [{ sku: 'MANY', quantity: 1 }] })).status).toBe(201)
  })

  test('for a message is no refusal, which would be kept: it is tried again, and taken once there is less', async () => {
    const [pdx, many] = [await world.site('PDX'), await world.item('MANY')]
    const lines = Array.from({ length: 1_000 }, () => ({ sku: 'MANY', quantity: 1_000_000_000_000 }))
    for (let count = 1; count <= 9; count += 1) expect((await post('/api/receipts', { site: 'PDX', lines })).status).toBe(201)
    expect((await post('/api/transfers', { site: 'SEA', to: 'PDX', lines })).status).toBe(201)
    const { relay, stop } = testServer(connection, world)
    relay.start()
    await until(() => relay.stuck.length > 0)
    expect((await post('/api/counts', { site: 'PDX', place: 'DOCK', sku: 'MANY', counted: 1 })).status).toBe(201)
    await allDelivered(server)
    await stop()
    const rows = await server.query(sql`select sellable from availability where site_id = ${pdx} and item_id = ${many}`)
    expect(rows).toEqual([{ sellable: 1_000_000_000_000_001 }])
  })

  test('for a column, or past the last year, is refused by its field', async () => {
    const lines = [{ sku: 'A', quantity: 1, line: 3_000_000_000 }]
    expect(await post('/api/receipts', { site: 'SEA', lines })).toMatchObject({ status: 422, body: { code: 'body_not_valid', field: 'lines/1/line' } })
    const receivedAt = '9999-12-31T23:59:59-12:00'
    expect(await post('/api/receipts', { site: 'SEA', receivedAt, lines: [{ sku: 'A', quantity: 1 }] })).toMatchObject({
      status: 422,
      body: { code: 'date_not_valid' },
    })
  })

  test('is a quantity that is whole and beyond 2^53', () => {
    expect(() => quantity(2 ** 53)).toThrow('beyond 2^53')
    expect(() => quantity(0.5)).toThrow('not a whole number')
  })
})

test('more holds than can be thought of fall with the stock that a count takes', async () => {
  await post('/api/items', { items: [{ sku: 'HELD', name: 'Held by very many' }] })
  await post('/api/receipts', { site: 'SEA', lines: [{ sku: 'HELD', quantity: 21_000, place: 'SHELF' }] })
  const lines = Array.from({ length: 1_000 }, () => ({ sku: 'HELD', quantity: 1 }))
  const placed = await Promise.all(Array.from({ length: 21 }, () => post('/api/orders', { site: 'SEA', customer: 'C1', lines })))
  expect(placed.map((one) => one.status)).toEqual(placed.map(() => 201))
  expect((await post('/api/counts', { site: 'SEA', sku: 'HELD', counted: 0 })).status).toBe(201)
  expect((await http.call(admin, 'GET', '/api/availability?site=SEA&sku=HELD')).body['rows']).toMatchObject([{ sellable: 0, reserved: 0, demand: 21_000 }])
})

describe('a transfer of a serial that the other site has too', () => {
  test('is written off there with an exception, and what is behind it arrives', async () => {
    await post('/api/items', { items: [{ sku: 'SERIAL', name: 'By serial', tracking: 'serial' }] })
    for (const site of ['SEA', 'PDX']) {
      expect((await post('/api/receipts', { site, lines: [{ sku: 'SERIAL', quantity: 1, serial: 'S1' }] })).status).toBe(201)
    }
    const behind = [{ sku: 'A', quantity: 5 }]
    for (const sent of [[{ sku: 'SERIAL', quantity: 1 }], behind]) {
      expect((await post('/api/transfers', { site: 'SEA', to: 'PDX', lines: sent })).status).toBe(201)
    }
    const { relay, stop } = testServer(connection, world)
    relay.start()
    await allDelivered(server)
    await stop()
    expect((await http.call(admin, 'GET', '/api/availability?site=PDX&sku=A')).body['rows']).toMatchObject([{ sellable: 1_005 }])
    const raised = (await http.call(admin, 'GET', '/api/exceptions?site=PDX&limit=1000')).body['rows'] as { kind: string; sku: string; quantity: number }[]
    expect(raised).toMatchObject([{ kind: 'serial_doubled', sku: 'SERIAL', quantity: 1 }])
    await expectAgreed(server)
  })
})

test('nothing was a fault, and the record verifies', async () => {
  expect(http.faults).toEqual([])
  await expectVerified(server, world.sealKey)
})
