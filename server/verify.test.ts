import { describe, expect, test } from 'vitest'
import { testDatabase } from './test-database.ts'
import { expectVerified } from './test-verify.ts'
import { orderOf, testWorld } from './test-world.ts'

const { server } = await testDatabase()

describe('verify', async () => {
  test('an empty house verifies', async () => {
    expect((await expectVerified(server, Buffer.alloc(32))).moves).toBe(0)
  })

  test('a small story verifies', async () => {
    const world = await testWorld(server, { sites: ['SEA', 'NYC'], items: { A: 10, B: 5, C: 0 } })
    const [sea, a, b] = [await world.site('SEA'), await world.item('A'), await world.item('B')]
    const order = orderOf(world, sea, [[a, 3], [b, 9]])
    expect((await world.send(sea, order)).status).toBe(201)
    await world.send(sea, { kind: 'allocate', order: order.order })
    await world.send(sea, { kind: 'pick', order: order.order, pickedAt: world.now() })
    expect((await world.send(sea, { kind: 'ship', order: order.order, shipment: world.newId(), shippedAt: world.now() })).status).toBe(201)
    expect((await expectVerified(server, world.sealKey)).moves).toBe(8)
  })
})
