import { describe, expect, test } from 'vitest'
import { quantity } from '../core/quantity.ts'
import { sql } from './db.ts'
import { testDatabase } from './test-database.ts'
import { orderOf, testWorld } from './test-world.ts'

const { server } = await testDatabase()

interface Row { readonly sellable: number; readonly reserved: number; readonly demand: number }

describe('a lane', async () => {
  const world = await testWorld(server, { sites: ['SEA'], items: { A: 10, B: 5, C: 0 } })
  const [sea, a, b] = [await world.site('SEA'), await world.item('A'), await world.item('B')]
  const availability = async (item: number): Promise<Row> =>
    (await server.query<Row>(sql`select sellable, reserved, demand from availability where site_id = ${sea} and item_id = ${item}`))[0]!

  test('takes an order to delivered, and the record follows at every step', async () => {
    const order = orderOf(world, sea, [[a, 3], [b, 1]])
    const placed = await world.send(sea, order)
    expect(placed).toMatchObject({ status: 201, body: { number: 'SEA-1', lines: [{ held: 3, backordered: 0 }, { held: 1 }] } })
    expect(await availability(a)).toEqual({ sellable: 10, reserved: 3, demand: 3 })
    const id = order.order
    expect((await world.send(sea, { kind: 'pick', order: id, pickedAt: world.now() })).body).toMatchObject({ code: 'order_state_forbids' })
    expect((await world.send(sea, { kind: 'allocate', order: id })).status).toBe(200)
    expect((await world.send(sea, { kind: 'pick', order: id, pickedAt: world.now() })).status).toBe(200)
    expect((await world.send(sea, { kind: 'ship', order: id, shipment: world.newId(), shippedAt: world.now() })).status).toBe(201)
    expect(await availability(a)).toEqual({ sellable: 7, reserved: 0, demand: 0 })
    expect((await world.send(sea, { kind: 'deliver', order: id, shipment: null, deliveredAt: world.now(), receivedBy: 'Ann' })).status).toBe(200)
    const back = await world.send(sea, { kind: 'return', order: id, returnedAt: world.now(), lines: [{ line: 1, quantity: quantity(1), lot: '', serial: '' }] })
    expect(back.status).toBe(201)
    expect(await availability(a)).toEqual({ sellable: 7, reserved: 0, demand: 0 })
  })

  test('answers the same key the same way, once', async () => {
    const order = orderOf(world, sea, [[b, 1]])
    const first = await world.send(sea, order, 'same')
    const again = await world.send(sea, order, 'same')
    expect(again).toEqual({ ...first, replayed: true })
    expect((await world.send(sea, { ...order, priority: 1 }, 'same')).body).toMatchObject({ code: 'idempotency_key_reused' })
  })

  test('folds what arrives together: nobody gets the same unit', async () => {
    const before = await availability(a)
    const orders = Array.from({ length: 40 }, () => orderOf(world, sea, [[a, 1]]))
    const answers = await Promise.all(orders.map((order) => world.send(sea, order)))
    const held = answers.map((one) => (one.body['lines'] as { held: number }[])[0]!.held)
    expect(held.reduce((sum, one) => sum + one, 0)).toBe(before.sellable - before.reserved)
    expect(await availability(a)).toMatchObject({ reserved: before.sellable, sellable: before.sellable })
  })
})
