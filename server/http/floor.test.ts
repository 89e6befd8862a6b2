// What the floor reads: places as one walks, pick lists by what comes next, and where the record was corrected.

import { describe, expect, test } from 'vitest'
import { money } from '../../core/money.ts'
import { quantity } from '../../core/quantity.ts'
import { placeAcrossSites } from '../flow/reserve-across-sites.ts'
import { deliverAll } from '../relay.ts'
import { testDatabase } from '../test-database.ts'
import { testHttp } from '../test-http.ts'
import { testWorld } from '../test-world.ts'

const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'] })
const http = await testHttp(server, world)
const admin = await http.key('admin')
interface Told { readonly rows: Record<string, unknown>[]; readonly next: string | null; readonly [field: string]: unknown }
const get = async (url: string) => {
  const reply = await http.call(admin, 'GET', url)
  expect(reply.status, reply.text).toBe(200)
  return reply.body as unknown as Told
}
const post = async (url: string, body: object) => {
  world.wait(1_000)
  const reply = await http.call(admin, 'POST', url, body)
  expect(reply.status, reply.text).toBeLessThan(300)
  return reply.body as unknown as Told
}
await post('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }] })
await post('/api/items', { items: ['BIKE', 'BELL'].map((sku) => ({ sku, name: sku, weight: 1_000, standardCost: 200 })) })
await post('/api/places', {
  site: 'SEA',
  places: [['B-1', 2, 1], ['A-2', 1, 2], ['A-1', 1, 1], ['B-2', 2, 2]].map(([code, aisle, rack]) => ({ code, kind: 'bin', position: { aisle, rack, level: 1 } })),
})
await post('/api/receipts', { site: 'SEA', lines: [{ sku: 'BIKE', quantity: 6, place: 'A-2' }, { sku: 'BELL', quantity: 4, place: 'B-1' }, { sku: 'BIKE', quantity: 2, place: 'B-1' }] })

describe('places', () => {
  test('come as one walks, up one aisle and down the next, with what stands there', async () => {
    const { rows } = await get('/api/places?site=SEA&by=walk')
    expect(rows.map((row) => row['code']).slice(0, 4)).toEqual(['A-1', 'A-2', 'B-2', 'B-1'])
    expect(rows.at(1)).toMatchObject({ kind: 'bin', aisle: 1, rack: 2, items: 1, quantity: 6, stockRows: 1 })
    expect(rows.at(3)).toMatchObject({ items: 2, quantity: 6 })
    const first = await get('/api/places?site=SEA&by=walk&limit=3')
    expect((await get(`/api/places?site=SEA&by=walk&limit=3&cursor=${first.next}`)).rows[0]).toMatchObject({ code: 'B-1' })
    expect((await get('/api/places?site=SEA&code=A-2')).rows).toMatchObject([{ code: 'A-2', quantity: 6 }])
  })

  test('tell what stands at one of them', async () => {
    expect((await get('/api/stock?site=SEA&place=B-1')).rows).toMatchObject([{ sku: 'BIKE', quantity: 2 }, { sku: 'BELL', quantity: 4 }])
  })
})

describe('pick lists', () => {
  const lists = async (stage = '') => (await get(`/api/pick-lists?site=SEA${stage}`)).rows
  test('go from bin to door: what is in its bin, what is loose, what is packed', async () => {
    const number = String((await post('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'BIKE', quantity: 7 }, { sku: 'BELL', quantity: 1 }] }))['number'])
    expect(await lists()).toEqual([])
    await post(`/api/orders/${number}/allocation`, {})
    expect(await lists('&stage=to_pick')).toMatchObject([{ order: number, customer: 'Ann', lines: 2, first: 'A-2', toPick: 8, loose: 0, packed: 0 }])
    await post(`/api/orders/${number}/pick`, { picks: [{ line: 1, place: 'A-2', quantity: 6 }] })
    expect(await get(`/api/orders/${number}/picks`)).toMatchObject({
      can: ['pick', 'pack', 'ship'], toPick: 2, loose: 6, rows: [{ place: 'B-1', sku: 'BIKE', name: 'BIKE', quantity: 1 }, { place: 'B-1', sku: 'BELL', quantity: 1 }],
    })
    await post(`/api/orders/${number}/pick`, {})
    expect(await lists('&stage=to_pick')).toEqual([])
    expect(await lists('&stage=to_pack')).toMatchObject([{ order: number, first: null, toPick: 0, loose: 8 }])
    const packed = await post(`/api/orders/${number}/packages`, { carton: 500 })
    expect(await lists('&stage=to_ship')).toMatchObject([{ order: number, packed: 8 }])
    expect(await get(`/api/orders/${number}/picks`)).toMatchObject({ rows: [], packages: [{ sscc: packed['package'], weight: packed['weight'], quantity: 8 }] })
    await post(`/api/orders/${number}/shipment`, {})
    expect(await lists()).toEqual([])
    expect(await get(`/api/orders/${number}/picks`)).toMatchObject({ can: [], packed: 0, packages: [] })
  })

  test('of an order that another site took are that site\'s and this one\'s', async () => {
    await post('/api/receipts', { site: 'SEA', lines: [{ sku: 'BELL', quantity: 5, place: 'B-1' }] })
    const [sea, pdx, bell] = [await world.site('SEA'), await world.site('PDX'), await world.item('BELL')]
    const customer = (await world.catalog.party('C1'))!.party
    const line = { line: 1, item: bell, quantity: quantity(2), source: sea, unitPrice: money(500), requested: world.today() }
    const command = { kind: 'placeOrder', order: world.newId(), customer, reference: null, shipComplete: false, priority: 5, orderedAt: world.now(), lines: [line], heldElsewhere: [] } as const
    const placed = await placeAcrossSites(world.lanes, pdx, { command, caller: 'test', key: 'across', sha256: Buffer.alloc(32), reference: null })
    const { number } = JSON.parse(placed.body) as { number: string }
    await deliverAll({ database: server, lanes: world.lanes })
    await post(`/api/orders/${number}/allocation`, { site: 'SEA' })
    expect(await lists()).toMatchObject([{ order: number, customer: 'Ann', toPick: 2 }])
    expect(await get(`/api/orders/${number}/picks?site=SEA`)).toMatchObject({ site: 'SEA', can: ['pick', 'pack', 'ship'], rows: [{ order: number, quantity: 2 }] })
    expect((await get('/api/pick-lists?site=PDX')).rows).toEqual([])
  })
})

describe('corrections', () => {
  test('are what counts found and what was lost, newest first, with their sign and value', async () => {
    expect(await post('/api/counts', { site: 'SEA', sku: 'BELL', place: 'A-1', counted: 2 })).toMatchObject({ difference: 2, value: 400 })
    expect(await post('/api/counts', { site: 'SEA', sku: 'BELL', place: 'A-1', counted: 1 })).toMatchObject({ difference: -1, value: -200 })
    await post('/api/losses', { site: 'SEA', sku: 'BELL', place: 'A-1', quantity: 1, cause: 'theft', note: 'Seen on camera' })
    expect((await get('/api/differences?site=SEA&cause=count')).rows).toMatchObject([
      { sku: 'BELL', place: 'A-1', difference: -1, value: -200, cause: 'unexplained' },
      { sku: 'BELL', place: 'A-1', difference: 2, value: 400, cause: 'found' },
    ])
    expect((await get('/api/differences?site=SEA&cause=loss')).rows).toMatchObject([{ difference: -1, value: -200, cause: 'theft', note: 'Seen on camera', place: 'A-1' }])
    const first = await get('/api/differences?site=SEA&cause=count&limit=1')
    expect((await get(`/api/differences?site=SEA&cause=count&limit=1&cursor=${first.next}`)).rows).toMatchObject([{ difference: 2 }])
  })
})
