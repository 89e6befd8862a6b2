// A13: an order that its customer collects: promised and picked from the shop's own stock, or brought there from another site; ready and kept until a day;
// handed over at the counter in one step; and put back where nobody came, by moves that say so.

import { describe, expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { raiseUncollected } from '../server/overdue.ts'
import { deliverAll } from '../server/relay.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { verify } from '../server/verify.ts'
import { askingAs, type Row } from './rig/asking.ts'

const DAY = 86_400_000

async function shop(items: Readonly<Record<string, number>>) {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SHOP', 'DC'], items })
  const http = await testHttp(server, world)
  const { get, post, done } = askingAs(http, await http.key('admin'))
  const till = askingAs(http, await http.key('till', [await world.site('SHOP')]))
  await done('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }] })
  const placed = async (lines: readonly object[], more: object = {}) => {
    const answer = await done('/api/orders', { site: 'SHOP', customer: 'C1', collect: { keepDays: 3 }, lines, ...more })
    return { at: `/api/orders/${String(answer['number'])}`, answer }
  }
  const act = async (at: string, ...steps: readonly string[]) => {
    for (const step of steps) await done(`${at}/${step}`, {})
  }
  const exceptions = async () => ((await get('/api/exceptions?site=SHOP'))['rows'] as unknown as Row[]).filter((one) => one['kind'] === 'not_collected')
  const day = (days: number) => new Date(Date.parse(`${world.today()}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
  const look = () => raiseUncollected(world.lanes)
  return { server, owner, world, get, post, done, till, placed, act, exceptions, day, look, verified: () => expectVerified(server, world.sealKey) }
}

const free = async (get: (url: string) => Promise<Row>, sku: string) => ((await get(`/api/availability?site=SHOP&sku=${sku}`))['rows'] as Row[])[0]

describe('A13: an order is collected at the shop', async () => {
  const { get, post, till, placed, act, day, verified } = await shop({ A: 5, B: 2 })

  test('picked by the shop, ready until a day, handed over in one step', async () => {
    const { at } = await placed([{ sku: 'A', quantity: 2 }, { sku: 'B', quantity: 1 }])
    expect(await get(at)).toMatchObject({ state: 'held', collection: { keepDays: 3, readyAt: null, keptUntil: null } })
    expect(await post(`${at}/readiness`, {})).toMatchObject({ status: 409, body: { code: 'order_state_forbids' } })
    await act(at, 'allocation', 'pick')
    expect(await get(at)).toMatchObject({ state: 'picked', can: ['change', 'cancel', 'pack', 'unpack', 'ready', 'return'] })
    expect(await post(`${at}/shipment`, {})).toMatchObject({ status: 409, body: { code: 'handed_over_otherwise' } })
    expect(await post(`${at}/collection`, { collectedBy: 'Ann' })).toMatchObject({ status: 409, body: { code: 'order_state_forbids' } })
    expect(await till.done(`${at}/readiness`, {})).toMatchObject({ keptUntil: day(3) })
    expect(await get(at)).toMatchObject({ state: 'ready', can: ['change', 'cancel', 'unpack', 'ready', 'collect', 'put_back', 'return'], collection: { keptUntil: day(3) } })
    expect((await get('/api/orders?site=SHOP&state=ready'))['rows']).toMatchObject([{ state: 'ready' }])
    await till.done(`${at}/collection`, { collectedBy: 'Ann', proof: 'Code 4711' })
    expect(await get(at)).toMatchObject({
      state: 'delivered', collection: { readyAt: null, keptUntil: null }, lines: [{ shipped: 2, delivered: 2 }, { shipped: 1, delivered: 1 }], shipments: [{ state: 'delivered', receivedBy: 'Ann' }],
    })
    expect(await free(get, 'A')).toMatchObject({ sellable: 3, reserved: 0 })
    expect(((await get(`${at}/events`))['rows'] as unknown as Row[]).map((event) => event['type'])).toEqual(
      ['order.placed', 'order.allocated', 'order.picked', 'order.ready', 'order.shipped', 'order.delivered', 'order.collected'])
    await verified()
  })

  test('packed or not, returned to the shop like any other, and never twice', async () => {
    const { at } = await placed([{ sku: 'A', quantity: 1 }])
    await act(at, 'allocation', 'pick', 'packages', 'readiness')
    const sent = await Promise.all([1, 2].map(() => post(`${at}/collection`, { collectedBy: 'Ann' })))
    expect(sent.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([201, 409])
    await till.done(`${at}/return`, { lines: [{ line: 1, quantity: 1 }] })
    expect(await get(at)).toMatchObject({ lines: [{ delivered: 1, returned: 1 }] })
    await verified()
  })

  test('an order that is delivered is not collected, nor served by another site when it is', async () => {
    const { at } = await placed([{ sku: 'A', quantity: 1 }], { collect: undefined })
    await act(at, 'allocation', 'pick')
    expect(await post(`${at}/readiness`, {})).toMatchObject({ status: 409, body: { code: 'handed_over_otherwise' } })
    const elsewhere = { site: 'SHOP', customer: 'C1', collect: {}, lines: [{ sku: 'A', quantity: 1, source: 'DC' }] }
    expect(await post('/api/orders', elsewhere)).toMatchObject({ status: 409, body: { code: 'handed_over_otherwise', field: 'lines/1/source' } })
    await act(at, 'cancellation')
    await verified()
  })

  test('on hold it is neither made ready nor handed over', async () => {
    const { at } = await placed([{ sku: 'A', quantity: 1 }])
    await act(at, 'allocation', 'pick', 'readiness')
    const { body } = await post(`${at}/holds`, { kind: 'fraud', reason: 'Three cards were tried.' })
    expect(await get(at)).toMatchObject({ state: 'ready', can: ['change', 'cancel', 'unpack', 'put_back', 'return'] })
    expect(await post(`${at}/collection`, { collectedBy: 'Ann' })).toMatchObject({ status: 409, body: { code: 'order_on_hold' } })
    await post(`${at}/holds/${String(body['hold'])}/release`, {})
    await post(`${at}/collection`, { collectedBy: 'Ann' })
    expect(await get(at)).toMatchObject({ state: 'delivered' })
  })
})

describe('A13: what the shop has not is brought there', async () => {
  const { world, get, done, placed, act, server, verified } = await shop({ A: 4 })

  test('another site sends it, it is held for the order, and collected', async () => {
    // All that stands at the shop is somebody else's already.
    await done('/api/losses', { site: 'SHOP', sku: 'A', quantity: 4, cause: 'breakage', place: 'SHELF' })
    await done('/api/site-sources', { sources: [{ site: 'SHOP', source: 'buy', from: 'DC', transferDays: 2 }] })
    const { at, answer } = await placed([{ sku: 'A', quantity: 3 }])
    expect(answer['lines']).toMatchObject([{ held: 0, source: 'SHOP' }])
    const covered = await done('/api/shortages/cover', { site: 'SHOP' })
    const [transfer] = covered['transfers'] as unknown as { id: string }[]
    const hear = async () => { while ((await deliverAll({ database: server, lanes: world.lanes })) > 0); }
    await hear()
    expect(await get(at)).toMatchObject({ state: 'backordered', pegs: [{ quantity: 3, supply: transfer!.id }] })
    await done(`/api/transfers/${transfer!.id}/dispatch`, { site: 'DC' })
    await hear()
    await done(`/api/transfers/${transfer!.id}/arrival`, { site: 'SHOP' })
    await act(at, 'allocation', 'pick', 'readiness')
    await done(`${at}/collection`, { collectedBy: 'Ann' })
    expect(await get(at)).toMatchObject({ state: 'delivered' })
    await hear()
    await verified()
  })
})

describe('A13: nobody comes', async () => {
  const { server, owner, world, get, post, done, placed, act, exceptions, day, look, verified } = await shop({ A: 9 })
  const kept = async (...packing: readonly string[]) => {
    const { at } = await placed([{ sku: 'A', quantity: 2 }])
    await act(at, 'allocation', 'pick', ...packing, 'readiness')
    return at
  }

  test('by the day: one exception says so, and keeping it longer settles it', async () => {
    const at = await kept()
    world.wait(3 * DAY)
    expect(await look()).toBe(0)
    world.wait(DAY)
    expect([await look(), await look()]).toEqual([1, 0])
    expect(await exceptions()).toMatchObject([{ order: at.slice('/api/orders/'.length), quantity: 2, detail: expect.stringContaining('nobody collected it') as string }])
    expect(await post(`${at}/readiness`, { keptUntil: day(-1) })).toMatchObject({ status: 422, body: { code: 'date_not_valid' } })
    await done(`${at}/readiness`, { keptUntil: day(2) })
    expect([await exceptions(), await look()]).toEqual([[], 0])
    expect(await post(`${at}/readiness`, { keptUntil: day(2) })).toMatchObject({ status: 409, body: { code: 'nothing_to_do' } })
    await done(`${at}/collection`, { collectedBy: 'Ann' })
    await verified()
  })

  test('its goods go back to the shelf by moves, and the order is cancelled', async () => {
    const at = await kept('packages')
    world.wait(4 * DAY)
    await look()
    const before = await free(get, 'A')
    expect(await post(`${at}/put-back`, { keepsOrder: false, to: 'INSPECTION' })).toMatchObject({ status: 409, body: { code: 'place_kind_forbids' } })
    await done(`${at}/put-back`, { keepsOrder: false })
    expect(await get(at)).toMatchObject({ state: 'cancelled', collection: { keptUntil: null } })
    expect(await free(get, 'A')).toMatchObject({ sellable: before!['sellable'], reserved: Number(before!['reserved']) - 2 })
    expect((await get('/api/stock?site=SHOP&sku=A'))['rows']).toMatchObject([{ place: 'SHELF', quantity: 7 }])
    expect([await exceptions(), await look()]).toEqual([[], 0])
    await verified()
  })

  test('or is kept, its goods still held for it, and can be made ready again', async () => {
    const at = await kept()
    world.wait(4 * DAY)
    await look()
    await done(`${at}/put-back`, { keepsOrder: true })
    expect(await get(at)).toMatchObject({ state: 'held', planned: [{ held: 2, allocated: 0 }] })
    await act(at, 'allocation', 'pick', 'readiness')
    expect(await get(at)).toMatchObject({ state: 'ready' })
    await act(at, 'cancellation')
    expect(await get(at)).toMatchObject({ state: 'cancelled', collection: { readyAt: null } })
    await verified()
  })

  test('verify finds one that is raised and kept for nobody', async () => {
    const at = await kept()
    world.wait(4 * DAY)
    await look()
    await owner.execute(sql`update collection set ready_at = null, kept_until = null`)
    const { checks } = await verify(server, { sealKey: world.sealKey, heads: [] })
    expect(checks.find((check) => !check.ok)).toMatchObject({ name: 'collections', offending: { table: 'exception', site: 'SHOP' } })
    expect(at).toBeTruthy()
  })
})
