// Limits: what is too much for a record, a column or a message is refused by name or set right on arrival; it is never a fault, and nothing
// behind it waits for ever.

import { describe, expect, test } from 'vitest'
import { quantity } from '../core/quantity.ts'
import { sql } from './db.ts'
import { testDatabase } from './test-database.ts'
import { testHttp } from './test-http.ts'
import { expectVerified } from './test-verify.ts'
import { testWorld } from './test-world.ts'

const { server } = await testDatabase()
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

  test('is a quantity that is whole and beyond 2^53', () => {
    expect(() => quantity(2 ** 53)).toThrow('beyond 2^53')
    expect(() => quantity(0.5)).toThrow('not a whole number')
  })
})

test('nothing was a fault, and the record verifies', async () => {
  expect(http.faults).toEqual([])
  expect(await server.query(sql`select 1 from exception`)).toEqual([])
  await expectVerified(server, world.sealKey)
})
