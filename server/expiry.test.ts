// Expiry: holds that no order came to confirm go by themselves, and what they held goes to who waits.

import { describe, expect, test } from 'vitest'
import { instant } from '../core/calendar.ts'
import { quantity } from '../core/quantity.ts'
import { sql } from './db.ts'
import { Expiry, expireHolds } from './expiry.ts'
import { testDatabase } from './test-database.ts'
import { until } from './test-sites.ts'
import { expectVerified } from './test-verify.ts'
import { orderOf, testWorld } from './test-world.ts'

const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 700 } })
const [sea, pdx, a] = [await world.site('SEA'), await world.site('PDX'), await world.item('A')]

const reserved = async (): Promise<number> =>
  (await server.query<{ reserved: number }>(sql`select reserved from availability where site_id = ${pdx} and item_id = ${a}`))[0]!.reserved

async function hold(lines: number, each: number): Promise<string> {
  const order = orderOf(world, pdx, Array.from({ length: lines }, () => [a, each] as const))
  const expiresAt = instant(world.now() + 60_000)
  const answer = await world.send(pdx, { kind: 'holdForOrder', order: order.order, home: sea, priority: 5, expiresAt, lines: order.lines })
  expect(answer.status).toBe(201)
  return order.order
}

describe('a hold for another site\'s order', () => {
  test('stays until its time and goes after it, many of them in several commands', async () => {
    await hold(600, 1)
    await expireHolds(world.lanes)
    expect(await reserved()).toBe(600)
    world.wait(60_000)
    await expireHolds(world.lanes)
    expect(await reserved()).toBe(0)
    await expectVerified(server, world.sealKey)
  })

  test('cannot be picked before it is confirmed, and is taken again no more once it was let go of', async () => {
    const order = await hold(1, 5)
    expect((await world.send(pdx, { kind: 'allocate', order })).body).toMatchObject({ code: 'order_state_forbids' })
    await world.send(pdx, { kind: 'releaseHold', order, lines: [1] })
    await world.send(pdx, { kind: 'confirmHold', order, lines: [1] })
    expect(await reserved()).toBe(0)
    const [line] = orderOf(world, pdx, [[a, 5]]).lines
    const again = await world.send(pdx, { kind: 'holdForOrder', order, home: sea, priority: 5, expiresAt: instant(world.now() + 60_000), lines: [line!] })
    expect(again.body).toMatchObject({ code: 'order_state_forbids' })
  })

  test('is let go of on a timer, and an order that waited gets the stock', async () => {
    await hold(1, 700)
    const { body } = await world.send(pdx, orderOf(world, pdx, [[a, 10]]))
    expect(body).toMatchObject({ lines: [{ held: 0, backordered: quantity(10) }] })
    const faults: unknown[] = []
    const expiry = new Expiry({ lanes: world.lanes, limits: { look_milliseconds: 10, commands_max: 5 }, onFault: (error) => faults.push(error) })
    expiry.start()
    world.wait(60_000)
    await until(async () => (await reserved()) === 10)
    await expiry.stop()
    expect(faults).toEqual([])
    await expectVerified(server, world.sealKey)
  })
})
