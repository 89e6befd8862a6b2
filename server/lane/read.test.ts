import { describe, expect, test } from 'vitest'
import { addDays } from '../../core/calendar.ts'
import { controlSite, type ItemId, type SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { standardPlaces } from '../../core/place.ts'
import { quantity } from '../../core/quantity.ts'
import { sql } from '../db.ts'
import { Lanes } from '../lane.ts'
import { testDatabase } from '../test-database.ts'
import { expectVerified } from '../test-verify.ts'
import { orderOf, testWorld, type TestWorld } from '../test-world.ts'

/** An item told apart by lot, with so many of each lot at the shelf; each lot expires so many days from today. */
async function stockedByLot(world: TestWorld, site: SiteId, sku: string, lots: Readonly<Record<string, readonly [quantity: number, days: number]>>): Promise<ItemId> {
  await world.send(controlSite, { kind: 'createItems', items: [{ sku, name: sku, unit: 'EA', tracking: 'lot', standardCost: money(100), listPrice: money(250) }] })
  const item = await world.item(sku)
  const lines = Object.entries(lots).map(([lot, [some, days]], index) => ({
    line: index + 1, item, quantity: quantity(some), place: standardPlaces.shelf, serial: '', lot, expiresOn: addDays(world.today(), days), value: null,
  }))
  await world.send(site, { kind: 'receive', receipt: world.newId(), purchase: null, receivedAt: world.now(), lines })
  return item
}

describe('a batch reads enough', async () => {
  const { server } = await testDatabase()
  const faults: unknown[] = []
  const world = await testWorld(server, { items: { A: 10, B: 3 } }, { onFault: (error) => faults.push(error) })
  const [sea, a, b] = [await world.site('SEA'), await world.item('A'), await world.item('B')]
  const sell = (item: ItemId, some: number, lot = '') =>
    world.send(sea, {
      kind: 'sell', order: world.newId(), customer: world.customer, reference: null, soldAt: world.now(),
      lines: [{ line: 1, item, quantity: quantity(some), unitPrice: money(250), lot, serial: '' }],
    })
  const planned = (order: string) => server.query<object>(sql`select held, allocated from planned_move where site_id = ${sea} and document_id = ${order}::uuid`)

  test('to take from the last in line, whoever ordered in other batches', async () => {
    const orders = [[3, 5], [3, 9], [3, 1]].map(([wanted, priority]) => orderOf(world, sea, [[a, wanted!]], { priority: priority! }))
    for (const order of orders) await world.send(sea, order)
    expect(await sell(a, 3)).toMatchObject({ status: 201 })
    const held = await Promise.all(orders.map((order) => planned(order.order)))
    expect(held.flat()).toMatchObject([{ held: 3 }, { held: 1 }, { held: 3 }])
  })

  test('to take a lot from an order that it is allocated to, however much there is of others', async () => {
    const item = await stockedByLot(world, sea, 'LOT', { L1: [2, 3], L2: [50, 9] })
    const order = orderOf(world, sea, [[item, 2]])
    await world.send(sea, order)
    await world.send(sea, { kind: 'allocate', order: order.order })
    expect(await sell(item, 1, 'L1')).toMatchObject({ status: 201 })
    expect(await planned(order.order)).toEqual([{ held: 2, allocated: 1 }])
  })

  test('to give what is freed to those who wait, also when both come together', async () => {
    const [first, second] = [orderOf(world, sea, [[b, 3]]), orderOf(world, sea, [[b, 2]])]
    await world.send(sea, first)
    await Promise.all([world.send(sea, second), world.send(sea, { kind: 'cancelOrder', order: first.order, lines: null })])
    expect(await planned(second.order)).toMatchObject([{ held: 2 }])
  })

  const receive = (item: ItemId, some: number) =>
    world.send(sea, {
      kind: 'receive', receipt: world.newId(), purchase: null, receivedAt: world.now(),
      lines: [{ line: 1, item, quantity: quantity(some), place: standardPlaces.shelf, lot: '', serial: '', expiresOn: null, value: null }],
    })

  test('to give what comes in to the most urgent, as far as it goes, and not to read who comes after them', async () => {
    await world.send(controlSite, { kind: 'createItems', items: [{ sku: 'C', name: 'C', unit: 'EA', tracking: 'none', standardCost: money(100), listPrice: money(250) }] })
    const c = await world.item('C')
    const orders = [[3, 5], [2, 1], [4, 5], [1, 9]].map(([wanted, priority]) => orderOf(world, sea, [[c, wanted!]], { priority: priority! }))
    for (const order of orders) await world.send(sea, order)
    const held = async () => (await Promise.all(orders.map((order) => planned(order.order)))).flat().map((row) => (row as { held: number }).held)
    for (const [came, expected] of [[1, [0, 1, 0, 0]], [3, [2, 2, 0, 0]], [5, [3, 2, 4, 0]]] as const) {
      expect(await receive(c, came)).toMatchObject({ status: 201 })
      expect(await held(), `after ${came} more came`).toEqual(expected)
    }
    // Both at once: one batch, which reaches as far as both.
    await Promise.all([receive(c, 1), receive(c, 2), world.send(sea, orderOf(world, sea, [[c, 2]]))])
    expect(await held()).toEqual([3, 2, 4, 1])
    const [availability] = await server.query<object>(sql`select sellable, reserved, demand from availability where site_id = ${sea} and item_id = ${c}`)
    expect(availability).toEqual({ sellable: 12, reserved: 12, demand: 12 })
  })

  test('to let go of what a line was promised from, when it is given other stock', async () => {
    await world.send(controlSite, { kind: 'createItems', items: [{ sku: 'D', name: 'D', unit: 'EA', tracking: 'none', standardCost: money(100), listPrice: money(250) }] })
    const d = await world.item('D')
    const purchase = world.newId()
    await world.send(sea, {
      kind: 'purchase', purchase, supplier: world.customer, orderedAt: world.now(),
      lines: [{ line: 1, item: d, quantity: quantity(5), unitPrice: money(90), due: addDays(world.today(), 9) }],
    })
    const order = orderOf(world, sea, [[d, 4]])
    await world.send(sea, order)
    const rows = () => server.query<object>(sql`
      select kind, held, pegged from planned_move where site_id = ${sea} and document_id in (${purchase}::uuid, ${order.order}::uuid) order by kind`)
    expect(await rows()).toEqual([{ kind: 'order', held: 0, pegged: 4 }, { kind: 'purchase', held: 0, pegged: 4 }])
    expect(await receive(d, 3)).toMatchObject({ status: 201 })
    expect(await rows()).toEqual([{ kind: 'order', held: 3, pegged: 1 }, { kind: 'purchase', held: 0, pegged: 1 }])
  })

  test('and verifies, without any batch that failed', async () => {
    expect(await expectVerified(server, world.sealKey)).toMatchObject({ ok: true })
    expect(faults).toEqual([])
  })
})

describe('goods of a line that another site served', async () => {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 4 } })
  const [sea, pdx, a] = [await world.site('SEA'), await world.site('PDX'), await world.item('A')]

  test('come back to stock that is read before it is written', async () => {
    const order = orderOf(world, sea, [[a, 2]])
    const command = { ...order, lines: order.lines.map((line) => ({ ...line, source: pdx })), heldElsewhere: [{ line: 1, held: quantity(2), day: world.today() }] }
    expect(await world.send(sea, command)).toMatchObject({ status: 201 })
    for (const progress of ['shipped', 'delivered'] as const) {
      await world.send(sea, { kind: 'noteProgress', order: order.order, progress, lines: [{ line: 1, quantity: quantity(2) }] })
    }
    for (const line of [1, 1]) {
      const back = { line, quantity: quantity(1), lot: '', serial: '' }
      expect(await world.send(sea, { kind: 'return', order: order.order, returnedAt: world.now(), lines: [back] })).toMatchObject({ status: 201 })
    }
    const stock = await server.query<object>(sql`select condition, quantity from stock where site_id = ${sea} order by condition`)
    expect(stock).toEqual([{ condition: 'quarantine', quantity: 2 }, { condition: 'sellable', quantity: 4 }])
    expect(await server.query<object>(sql`select quantity, value_minor as value from item_value where site_id = ${sea}`)).toEqual([{ quantity: 6, value: 600 }])
  })
})

describe('a day that begins', async () => {
  const { server } = await testDatabase()
  const world = await testWorld(server)
  const sea = await world.site('SEA')

  test('while a batch runs demotes no lot unseen', async () => {
    const item = await stockedByLot(world, sea, 'LOT', { L1: [2, 2] })
    // A clock that is a day further each time it is read.
    const lanes = new Lanes({
      ...world.lanes.options,
      clock: () => {
        world.wait(86_400_000)
        return Number(world.now())
      },
    })
    const order = orderOf(world, sea, [[item, 1]])
    for (const key of ['first', 'second']) await lanes.submit(sea, { command: { ...order, order: world.newId() }, caller: 'test', key, sha256: Buffer.alloc(32) })
    expect(await server.query<object>(sql`select condition, quantity from stock where site_id = ${sea}`)).toEqual([{ condition: 'expired', quantity: 2 }])
  })
})
