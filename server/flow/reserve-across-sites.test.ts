// An order whose lines other sites serve: in one piece, in pieces, and cut short before every one of its steps.

import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { OrderAnswer } from '../../core/flow/flow.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import { sql } from '../db.ts'
import { expireHolds } from '../expiry.ts'
import { testDatabase } from '../test-database.ts'
import { allDelivered, expectAgreed, testServer } from '../test-sites.ts'
import { expectVerified } from '../test-verify.ts'
import { orderOf, testWorld } from '../test-world.ts'
import { hasRemoteLines, placeAcrossSites, sourcingLimits, type OrderRequest, type SourcingOptions } from './reserve-across-sites.ts'

const { server, connection } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX', 'SFO'], items: { A: 1000, B: 1000, C: 10 } })
const [sea, pdx, sfo] = [await world.site('SEA'), await world.site('PDX'), await world.site('SFO')]
const [a, b, c] = [await world.item('A'), await world.item('B'), await world.item('C')]
const expiry_milliseconds = sourcingLimits.hold_minutes * 60_000

/** An order at SEA: item, quantity, source. */
function requestOf(lines: readonly (readonly [ItemId, number, SiteId])[], { key, reference = null }: { key?: string; reference?: string | null } = {}): OrderRequest {
  const order = orderOf(world, sea, lines.map(([item, wanted]) => [item, wanted] as const), { reference })
  const command = { ...order, lines: order.lines.map((line, index) => ({ ...line, source: lines[index]![2] })) }
  const sha256 = createHash('sha256').update(JSON.stringify(command.lines)).digest()
  return { command, caller: 'web', key: key ?? randomUUID(), sha256, reference }
}

async function place(request: OrderRequest, options?: SourcingOptions): Promise<{ status: number; replayed: boolean; body: OrderAnswer & { code?: string } }> {
  const { status, body, replayed } = await placeAcrossSites(world.lanes, sea, request, options)
  return { status, replayed, body: JSON.parse(body) as OrderAnswer }
}

const heldAt = async (site: SiteId, item: ItemId): Promise<number> =>
  (await server.query<{ reserved: number }>(sql`select reserved from availability where site_id = ${site} and item_id = ${item}`))[0]?.reserved ?? 0

const expiring = async (): Promise<number> => (await server.query<{ count: number }>(sql`
  select count(*) as count from planned_move where hold_expires_at is not null and planned > cancelled`))[0]!.count

async function deliverAll(): Promise<void> {
  const other = testServer(connection, world)
  other.relay.start()
  await allDelivered(server)
  await other.stop()
  expect(other.faults).toEqual([])
}

describe('an order across sites', () => {
  test('is held where it will be served, placed at home and confirmed', async () => {
    const before = [await heldAt(sea, a), await heldAt(pdx, a), await heldAt(sfo, b)]
    const request = requestOf([[a, 2, sea], [a, 3, pdx], [b, 4, sfo]])
    expect(hasRemoteLines(sea, request.command)).toBe(true)
    const placed = await place(request)
    expect(placed).toMatchObject({
      status: 201, replayed: false,
      body: { lines: [{ held: 2, source: 'SEA' }, { held: 3, source: 'PDX', backordered: 0 }, { held: 4, source: 'SFO' }] },
    })
    expect([await heldAt(sea, a), await heldAt(pdx, a), await heldAt(sfo, b)]).toEqual([before[0]! + 2, before[1]! + 3, before[2]! + 4])
    expect(await expiring()).toBe(0)
    expect(await place(request)).toEqual({ ...placed, replayed: true })
    await deliverAll()
    await expectAgreed(server)
  })

  test('is served from elsewhere when its source has too little: home first, then who has most', async () => {
    const placed = await place(requestOf([[c, 8, pdx]]))
    expect(placed.body.lines).toMatchObject([{ source: 'PDX', held: 8 }])
    const again = await place(requestOf([[c, 8, pdx]]))
    expect(again.body.lines).toMatchObject([{ source: 'SEA', held: 8, reason: 'in_stock' }])
    const third = await place(requestOf([[c, 8, pdx]]))
    expect(third.body.lines).toMatchObject([{ source: 'SFO', held: 8, reason: 'in_stock' }])
    const none = await place(requestOf([[c, 8, pdx]]))
    expect(none.body.lines).toMatchObject([{ source: 'SEA', held: 2, backordered: 6, reason: 'no_supply' }])
    expect(await expiring()).toBe(0)
  })

  test('lets go of what it held when its home site refuses it', async () => {
    const before = [await heldAt(pdx, a), await heldAt(sfo, b)]
    await place(requestOf([[a, 1, sea]], { reference: 'PO-1' }))
    const refused = await place(requestOf([[a, 1, pdx], [b, 1, sfo]], { reference: 'PO-1' }))
    expect(refused).toMatchObject({ status: 409, body: { code: 'order_number_taken' } })
    expect([await heldAt(pdx, a), await heldAt(sfo, b)]).toEqual(before)
    const wrong = await place(requestOf([[a, 0, pdx], [b, 1, sfo]]))
    expect(wrong).toMatchObject({ status: 422, body: { code: 'quantity_not_positive' } })
    expect([await heldAt(pdx, a), await heldAt(sfo, b)]).toEqual(before)
    const key = randomUUID()
    await place(requestOf([[a, 1, pdx]], { key }))
    expect(await place(requestOf([[a, 2, pdx]], { key }))).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  })

  test('is cancelled, shipped and delivered where it is served, and its home site learns of it', async () => {
    const request = requestOf([[a, 5, pdx], [b, 5, pdx]])
    const { body: { id: order } } = await place(request)
    expect((await world.send(sea, { kind: 'cancelOrder', order, lines: [2] })).body).toMatchObject({ asked: [2] })
    await deliverAll()
    expect(await linesOf(order)).toMatchObject([{ cancelled: 0, shipped: 0 }, { cancelled: 5, shipped: 0 }])
    expect((await world.send(pdx, { kind: 'allocate', order })).status).toBe(200)
    await world.send(pdx, { kind: 'pick', order, pickedAt: world.now() })
    expect((await world.send(pdx, { kind: 'ship', order, shipment: world.newId(), shippedAt: world.now() })).status).toBe(201)
    await world.send(pdx, { kind: 'deliver', order, shipment: null, deliveredAt: world.now(), receivedBy: 'Ann' })
    await deliverAll()
    expect(await linesOf(order)).toMatchObject([{ cancelled: 0, shipped: 5, delivered: 5 }, { cancelled: 5 }])
    expect((await world.send(sea, { kind: 'cancelOrder', order, lines: null })).body).toMatchObject({ code: 'order_state_forbids' })
    await expectAgreed(server)
  })

  test('comes back to the site that served it, and its home site learns of it', async () => {
    const { body: { id: order } } = await place(requestOf([[b, 2, pdx]]))
    await world.send(pdx, { kind: 'allocate', order })
    await world.send(pdx, { kind: 'pick', order, pickedAt: world.now() })
    const shipment = world.newId()
    await world.send(pdx, { kind: 'ship', order, shipment, shippedAt: world.now() })
    expect((await world.send(pdx, { kind: 'bringBack', order, shipment, broughtAt: world.now(), lines: null })).status).toBe(201)
    await expectVerified(server, world.sealKey)
    await deliverAll()
    expect(await linesOf(order)).toMatchObject([{ shipped: 2, delivered: 0, cameBack: 2 }])
    await expectVerified(server, world.sealKey)
  })

  test('that counts on what nobody holds is refused', async () => {
    const { command } = requestOf([[a, 1, pdx]])
    expect(await world.send(sea, command)).toMatchObject({ status: 409, body: { code: 'source_unavailable' } })
  })
})

const linesOf = (order: string): Promise<object[]> => server.query<object>(sql`
  select line, cancelled, shipped, delivered, came_back as "cameBack" from order_line where site_id = ${sea} and order_id = ${order} order by line`)

describe('an order across sites that is cut short', async () => {
  const steps: string[] = []
  await placeAcrossSites(world.lanes, sea, requestOf([[a, 1, sea], [a, 2, pdx], [b, 3, sfo]]), { onStep: (step) => steps.push(step) })

  const cut = async (at: number, request: OrderRequest): Promise<void> => {
    let step = 0
    const died = placeAcrossSites(world.lanes, sea, request, {
      onStep: () => {
        if (step++ >= at) throw new Error('killed')
      },
    })
    await expect(died).rejects.toThrow('killed')
    // What it had sent before is still decided: a command behind it in the same lanes is answered when that is done.
    await Promise.all([pdx, sfo].map((site) => world.send(site, { kind: 'expireHolds' })))
  }
  const held = async (): Promise<number[]> => [await heldAt(sea, a), await heldAt(pdx, a), await heldAt(sfo, b)]
  const ordersOf = async (): Promise<number> => (await server.query<{ count: number }>(sql`
    select count(*) as count from orders where site_id = ${sea}`))[0]!.count

  test.each(steps.map((step, index) => [step, index] as const))('before "%s" is the same order when it is sent again', async (_step, index) => {
    const [before, orders] = [await held(), await ordersOf()]
    const request = requestOf([[a, 1, sea], [a, 2, pdx], [b, 3, sfo]])
    await cut(index, request)
    const again = await place(request)
    expect(again).toMatchObject({ status: 201, body: { lines: [{ held: 1 }, { held: 2, source: 'PDX' }, { held: 3, source: 'SFO' }] } })
    expect(await held()).toEqual([before[0]! + 1, before[1]! + 2, before[2]! + 3])
    expect(await ordersOf()).toBe(orders + 1)
    expect(await expiring()).toBe(0)
  })

  test.each(steps.map((step, index) => [step, index] as const))('before "%s" is whole or nothing when it is not', async (_step, index) => {
    await deliverAll()
    const [before, orders] = [await held(), await ordersOf()]
    await cut(index, requestOf([[a, 1, sea], [a, 2, pdx], [b, 3, sfo]]))
    await deliverAll()
    world.wait(expiry_milliseconds + 1)
    await expireHolds(world.lanes)
    const placed = (await ordersOf()) - orders
    expect(await held()).toEqual(placed === 1 ? [before[0]! + 1, before[1]! + 2, before[2]! + 3] : before)
    expect(await expiring()).toBe(0)
    await expectAgreed(server)
  })

  test.each(steps.map((step, index) => [step, index] as const))('before "%s" is held anew when it is sent again after its holds expired', async (_step, index) => {
    const [before, orders] = [await held(), await ordersOf()]
    const request = requestOf([[a, 1, sea], [a, 2, pdx], [b, 3, sfo]])
    await cut(index, request)
    world.wait(expiry_milliseconds + 1)
    if (index % 2 === 0) await expireHolds(world.lanes)
    expect(await place(request)).toMatchObject({ status: 201 })
    expect(await held()).toEqual([before[0]! + 1, before[1]! + 2, before[2]! + 3])
    expect(await ordersOf()).toBe(orders + 1)
    await deliverAll()
    await expectAgreed(server)
  })

  test('waits honestly where its stock went to others before a late confirmation, and says so', async () => {
    const request = requestOf([[c, 1, pdx]])
    await cut(3, request)
    world.wait(expiry_milliseconds + 1)
    await expireHolds(world.lanes)
    expect(await world.send(pdx, { ...orderOf(world, pdx, [[c, 2]]) })).toMatchObject({ status: 201 })
    const { body: { id: order } } = await place(request)
    const rows = await server.query<object>(sql`select part, planned, cancelled, held from planned_move where site_id = ${pdx} and document_id = ${order} order by part`)
    const raised = await server.query<object>(sql`select kind, quantity from exception where site_id = ${pdx} and document_id = ${order}`)
    expect(rows).toEqual([{ part: 1, planned: 1, cancelled: 1, held: 0 }, { part: 2, planned: 1, cancelled: 0, held: 0 }])
    expect(raised).toEqual([{ kind: 'hold_lost', quantity: 1 }])
  })

  test('and cancelled before its confirmation came holds nothing', async () => {
    const before = await heldAt(pdx, a)
    const request = requestOf([[a, 4, pdx]])
    await cut(3, request)
    world.wait(expiry_milliseconds + 1)
    await expireHolds(world.lanes)
    const rows = await server.query<{ order: string }>(sql`select order_id as "order" from orders where site_id = ${sea} order by number desc limit 1`)
    const { order } = rows[0]!
    // The source is asked to cancel although the confirmation has not come: as when messages were delivered late.
    await world.send(pdx, { kind: 'cancelForHome', order, home: sea, lines: [1] })
    expect(await place(request)).toMatchObject({ status: 201, replayed: true })
    expect(await heldAt(pdx, a)).toBe(before)
    await deliverAll()
    expect(await linesOf(order)).toMatchObject([{ cancelled: 4 }])
    await expectAgreed(server)
  })
})

test('two servers that are sent one order at once place it once', async () => {
  const other = testServer(connection, world)
  const before = [await heldAt(pdx, a), await heldAt(sfo, b)]
  const requests = Array.from({ length: 10 }, () => requestOf([[a, 1, pdx], [b, 1, sfo]]))
  const answers = await Promise.all(requests.flatMap((request) => [
    placeAcrossSites(world.lanes, sea, request), placeAcrossSites(other.lanes, sea, request), placeAcrossSites(other.lanes, sea, request),
  ]))
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 201))
  expect(new Set(answers.map((answer) => (JSON.parse(answer.body) as OrderAnswer).number)).size).toBe(10)
  expect([await heldAt(pdx, a), await heldAt(sfo, b)]).toEqual([before[0]! + 10, before[1]! + 10])
  await other.stop()
  expect(await expiring()).toBe(0)
  await deliverAll()
  await expectAgreed(server)
  await expectVerified(server, world.sealKey)
})
