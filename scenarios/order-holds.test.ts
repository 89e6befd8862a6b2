// A2: orders on hold, through the public API: who, when and why; what is stopped and what is not; and who may take a hold off.

import { describe, expect, test } from 'vitest'
import { deliverAll } from '../server/relay.ts'
import { placeAcrossSites } from '../server/flow/reserve-across-sites.ts'
import { sql } from '../server/db.ts'
import { verify } from '../server/verify.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { orderOf, testWorld } from '../server/test-world.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { BIKE: 100 } })
const http = await testHttp(server, world)
const [sea, pdx, bike] = [await world.site('SEA'), await world.site('PDX'), await world.item('BIKE')]
const [admin, sales, warehouse] = [await http.key('admin'), await http.key('sales'), await http.key('warehouse')]
await http.call(admin, 'POST', '/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }] })

const by = (secret: string) => async (url: string, body: object = {}) => {
  world.wait(1_000)
  const reply = await http.call(secret, 'POST', url, body)
  return { status: reply.status, ...(reply.body as { code?: string; hold?: string; number?: string }) }
}
const [asAdmin, asSales, asWarehouse] = [by(admin), by(sales), by(warehouse)]
interface Told {
  readonly state: string
  readonly can: string[]
  readonly holds: object[]
  readonly planned: { held: number }[]
}
const told = async (at: string) => (await http.call(sales, 'GET', at)).body as unknown as Told
const placed = async () => `/api/orders/${(await asSales('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'BIKE', quantity: 2 }] })).number}`

describe('A2: an order on hold', () => {
  test('keeps its stock, and is not released before the hold is taken off', async () => {
    const at = await placed()
    const { hold, status } = await asSales(`${at}/holds`, { reason: 'The customer moves house.' })
    expect(status).toBe(201)
    expect(await told(at)).toMatchObject({ state: 'held', can: ['change', 'cancel', 'unpack', 'deliver', 'return'], planned: [{ held: 2 }] })
    expect(await asWarehouse(`${at}/allocation`)).toMatchObject({ status: 409, code: 'order_on_hold' })
    expect(await asSales(`${at}/holds/${hold}/release`, { note: 'She has moved.' })).toMatchObject({ status: 200 })
    expect(await asWarehouse(`${at}/allocation`)).toMatchObject({ status: 200 })
    expect((await told(at)).holds).toEqual([
      { hold, kind: 'manual', reason: 'The customer moves house.', placedAt: expect.any(String), placedBy: 'a sales', takenOffAt: expect.any(String), takenOffBy: 'a sales', note: 'She has moved.' },
    ])
    const { rows } = (await http.call(sales, 'GET', `${at}/events`)).body as { rows: { type: string; data: object }[] }
    expect(rows.map((one) => one.type)).toEqual(['order.placed', 'order.put_on_hold', 'order.taken_off_hold', 'order.allocated'])
  })

  test.each([
    ['released', ['allocation'], 'pick'],
    ['picked',   ['allocation', 'pick'], 'packages'],
    ['packed',   ['allocation', 'pick', 'packages'], 'shipment'],
  ])('that is %s already goes no further, and may be cancelled', async (_state, before, next) => {
    const at = await placed()
    for (const action of before) expect((await asWarehouse(`${at}/${action}`)).status).toBeLessThan(300)
    const { hold } = await asWarehouse(`${at}/holds`, { kind: 'fraud', reason: 'Three cards were tried.' })
    expect(await asWarehouse(`${at}/${next}`)).toMatchObject({ status: 409, code: 'order_on_hold' })
    expect(await asSales(`${at}/holds/${hold}/release`)).toMatchObject({ status: 403, code: 'role_not_allowed' })
    expect(await asSales(`${at}/cancellation`)).toMatchObject({ status: 200 })
  })

  test('for credit is for an admin to take off; of two holds both must be', async () => {
    const at = await placed()
    const [credit, manual] = [(await asSales(`${at}/holds`, { kind: 'credit', reason: 'Over the limit.' })).hold, (await asSales(`${at}/holds`, { reason: 'Ask first.' })).hold]
    expect(await asSales(`${at}/holds/${credit}/release`)).toMatchObject({ status: 403 })
    expect(await asSales(`${at}/holds/${manual}/release`)).toMatchObject({ status: 200 })
    expect(await asWarehouse(`${at}/allocation`)).toMatchObject({ code: 'order_on_hold' })
    expect(await asAdmin(`${at}/holds/${credit}/release`)).toMatchObject({ status: 200 })
    expect(await asWarehouse(`${at}/allocation`)).toMatchObject({ status: 200 })
  })

  test('is refused what makes no sense: a hold that is not there, one taken off twice, a sale', async () => {
    const at = await placed()
    const { hold } = await asSales(`${at}/holds`, { reason: 'Ask first.' })
    expect(await asSales(`${at}/holds/${world.newId()}/release`)).toMatchObject({ status: 404, code: 'hold_not_known' })
    await asSales(`${at}/holds/${hold}/release`)
    expect(await asSales(`${at}/holds/${hold}/release`)).toMatchObject({ status: 409, code: 'nothing_to_do' })
    const sale = await asSales('/api/sales', { site: 'SEA', lines: [{ sku: 'BIKE', quantity: 1 }] })
    expect(await asSales(`/api/orders/${sale.number}/holds`, { reason: 'Too late.' })).toMatchObject({ status: 409, code: 'order_state_forbids' })
  })
})

test('A2: a site that serves lines of the order is told, and stops until it is told again', async () => {
  const command = orderOf(world, sea, [[bike, 3]])
  const remote = { ...command, lines: command.lines.map((line) => ({ ...line, source: pdx })) }
  const answer = await placeAcrossSites(world.lanes, sea, { command: remote, caller: 'test', key: 'remote', sha256: Buffer.alloc(32) })
  const { number } = JSON.parse(answer.body) as { number: string }
  const at = `/api/orders/${number}`
  await deliverAll({ database: server, lanes: world.lanes })
  const { hold } = await asSales(`${at}/holds`, { reason: 'Ask first.' })
  await deliverAll({ database: server, lanes: world.lanes })
  expect(await asWarehouse(`${at}/allocation`, { site: 'PDX' })).toMatchObject({ status: 409, code: 'order_on_hold' })
  await asSales(`${at}/holds/${hold}/release`)
  await deliverAll({ database: server, lanes: world.lanes })
  expect(await asWarehouse(`${at}/allocation`, { site: 'PDX' })).toMatchObject({ status: 200 })
})

test.each([
  ['forgotten where the order is served', sql`delete from order_hold where site_id = ${pdx}`],
  ['taken off where the order is served', sql`update order_hold set note = 'x' where site_id = ${pdx}`],
  ['forgotten at home',                   sql`delete from order_hold where site_id = ${sea} and order_id in (select order_id from order_hold where site_id = ${pdx})`],
])('verify finds a hold that was %s by hand', async (_what, statement) => {
  await owner.script('create table saved as table order_hold')
  expect(await owner.execute(statement)).toBeGreaterThan(0)
  const found = (await verify(owner, { sealKey: world.sealKey })).checks.filter((check) => !check.ok)
  await owner.script('delete from order_hold; insert into order_hold select * from saved; drop table saved')
  expect(found).toMatchObject([{ name: 'order holds', offending: { table: 'order_hold', site: 'PDX' } }])
})

test('the record verifies afterwards, and nothing was a fault', async () => {
  await expectVerified(server, world.sealKey)
  expect(http.faults).toEqual([])
})
