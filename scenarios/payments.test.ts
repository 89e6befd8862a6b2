// A10: orders that are paid through a payment provider: authorised when something is held for them, captured as they are shipped, refunded as they come
// back, given up as they are cancelled; and what happens when the provider is slow, down or does it and is never heard of.

import { describe, expect, test } from 'vitest'
import { FakeProvider } from '../server/payment/fake-provider.ts'
import type { PaymentProvider } from '../server/payment/provider.ts'
import { askNew, askUnclear, paymentLimits, Payments, type PaymentsOptions } from '../server/payments.ts'
import { placeAcrossSites } from '../server/flow/reserve-across-sites.ts'
import { deliverAll } from '../server/relay.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { orderOf, testWorld } from '../server/test-world.ts'
import { sql } from '../server/db.ts'
import { verify } from '../server/verify.ts'
import { Chance } from './chance.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { BIKE: 200, ONE: 1, NONE: 0 } })
const http = await testHttp(server, world)
const [admin, shop] = [await http.key('admin'), await http.key('shop')]
await http.call(admin, 'POST', '/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }] })
const limits = { ...paymentLimits, answer_milliseconds_max: 50, look_milliseconds: 5, retry_milliseconds: 20 }
const provider = new FakeProvider()
const options: PaymentsOptions = { database: server, lanes: world.lanes, provider, limits }
const look = (some: Partial<PaymentsOptions> = {}) => askNew({ ...options, ...some })

interface Told {
  readonly state: string
  readonly totals: { gross: number }
  readonly payment: { state: string; authorised: number; captured: number; refunded: number; steps: { action: string; amount: number; state: string }[] }
}
const post = async (url: string, body: object = {}, secret = admin) => {
  world.wait(1_000)
  const reply = await http.call(secret, 'POST', url, body)
  return { status: reply.status, ...(reply.body as { number?: string; code?: string }) }
}
const told = async (at: string) => (await http.call(admin, 'GET', at)).body as unknown as Told
const steps = async (at: string) => (await told(at)).payment.steps.map((one) => [one.action, one.amount, one.state])
const paid = async (sku: string, quantity: number, token = 'card') =>
  `/api/orders/${(await post('/api/orders', { site: 'SEA', customer: 'C1', payment: { token }, lines: [{ sku, quantity }] }, shop)).number}`
const through = async (at: string, ...actions: string[]) => {
  for (const action of actions) expect([action, (await post(`${at}/${action}`, action === 'delivery' ? { receivedBy: 'Ann' } : {})).status]).toEqual([action, expect.toBeOneOf([200, 201])])
}
/** What the provider did for an order, by its own book. */
const did = async (at: string, by = provider) => {
  const { id } = (await told(at)) as unknown as { id: string }
  return by.done.filter((one) => one.key.startsWith(id)).map((one) => [one.action, one.amount])
}

describe('A10: a paid order', () => {
  test('vendure #3065: charged, then no stock: two pay for the last one, and only who gets it is ever asked for money', async () => {
    const [first, second] = [await paid('ONE', 1), await paid('ONE', 1)]
    await look()
    expect([(await told(first)).payment.state, (await told(second)).payment.state]).toEqual(['authorised', 'waiting'])
    expect(await did(second)).toEqual([])
    await through(first, 'allocation', 'pick', 'shipment')
    await look()
    expect(await did(first)).toEqual([['authorise', 250], ['capture', 250]])
    expect(await post(`${second}/allocation`)).toMatchObject({ status: 409, code: 'order_on_hold' })
    await post('/api/receipts', { site: 'SEA', lines: [{ sku: 'ONE', quantity: 1 }] })
    await look()
    expect((await told(second)).payment.state).toBe('authorised')
    await through(second, 'allocation')
  })

  test('what a carrier loses stays paid while it is sent again, costs nothing more when it is, and is refunded when it is given up', async () => {
    const lose = async (at: string) => {
      const { shipments } = (await told(at)) as unknown as { shipments: { shipment: string }[] }
      expect(await post(`${at}/shipment-loss`, { shipment: shipments.at(-1)!.shipment })).toMatchObject({ status: 201 })
      await look()
    }
    const at = await paid('BIKE', 3)
    await look()
    await through(at, 'allocation', 'pick', 'shipment')
    await look()
    await lose(at)
    expect(await did(at)).toEqual([['authorise', 750], ['capture', 750]])
    await through(at, 'allocation', 'pick', 'shipment')
    await look()
    expect(await did(at)).toEqual([['authorise', 750], ['capture', 750]])
    await lose(at)
    await through(at, 'cancellation')
    await look()
    expect(await did(at)).toEqual([['authorise', 750], ['capture', 750], ['refund', 750]])
    await expectVerified(server, world.sealKey)
  })

  test('waits on hold until it is authorised, pays what is shipped, and gives up what is cancelled', async () => {
    await post('/api/receipts', { site: 'SEA', lines: [{ sku: 'NONE', quantity: 2 }] })
    const at = await paid('NONE', 3)
    expect(await post(`${at}/allocation`)).toMatchObject({ status: 409, code: 'order_on_hold' })
    await look()
    await through(at, 'allocation', 'pick', 'shipment')
    await look()
    expect(await steps(at)).toEqual([['authorise', 750, 'done'], ['capture', 500, 'done']])
    await through(at, 'cancellation')
    await look()
    expect(await did(at)).toEqual([['authorise', 750], ['capture', 500], ['void', 250]])
    expect((await told(at)).payment).toMatchObject({ state: 'captured', authorised: 750, captured: 500, refunded: 0 })
  })

  test('that is cancelled before anything left costs nothing, also when it is being authorised at that moment', async () => {
    const [early, late] = [await paid('BIKE', 1), await paid('BIKE', 1)]
    await through(early, 'cancellation')
    await look()
    await through(late, 'cancellation')
    await look()
    for (const at of [early, late]) expect([await did(at), (await told(at)).payment.state]).toEqual([[['authorise', 250], ['void', 250]], 'voided'])
  })

  test('is refunded as it comes back', async () => {
    const at = await paid('BIKE', 3)
    await look()
    await through(at, 'allocation', 'pick', 'shipment', 'delivery')
    for (const quantity of [1, 2]) expect((await post(`${at}/return`, { lines: [{ line: 1, quantity }] })).status).toBe(201)
    await look()
    expect(await did(at)).toEqual([['authorise', 750], ['capture', 750], ['refund', 250], ['refund', 500]])
    expect((await told(at)).payment.state).toBe('refunded')
  })

  test('that is declined stays on hold, and goes on with another card', async () => {
    const at = await paid('BIKE', 1, 'declined card')
    await look()
    expect((await told(at)).payment.state).toBe('declined')
    expect(await post(`${at}/allocation`)).toMatchObject({ code: 'order_on_hold' })
    expect((await post(`${at}/payment`, { token: 'another card' })).status).toBe(200)
    await look()
    await through(at, 'allocation')
    expect(await post(`${at}/payment`)).toMatchObject({ status: 409, code: 'nothing_to_do' })
  })

  test('may be changed to less, which is given up, and not to more, which nobody authorised', async () => {
    const at = await paid('BIKE', 3)
    await look()
    expect(await post(`${at}/change`, { lines: [{ line: 1, quantity: 4 }] })).toMatchObject({ status: 409, code: 'payment_fixed', field: 'lines/1/quantity' })
    expect(await post(`${at}/change`, { added: [{ sku: 'BIKE', quantity: 1 }] })).toMatchObject({ status: 409, code: 'payment_fixed', field: 'added' })
    expect((await post(`${at}/change`, { lines: [{ line: 1, quantity: 1 }] })).status).toBe(200)
    await through(at, 'allocation', 'pick', 'shipment')
    await look()
    expect(await did(at)).toEqual([['authorise', 750], ['capture', 250], ['void', 500]])
  })

  test('that another site serves is stopped there, and captured when that site says it has shipped', async () => {
    const [sea, pdx] = [await world.site('SEA'), await world.site('PDX')]
    const command = orderOf(world, sea, [[await world.item('BIKE'), 2]])
    const payment = { token: 'card', currency: 'USD', hold: world.newId() }
    const remote = { ...command, payment, lines: command.lines.map((line) => ({ ...line, source: pdx })) }
    const answer = await placeAcrossSites(world.lanes, sea, { command: remote, caller: 'test', key: 'remote', sha256: Buffer.alloc(32) })
    const at = `/api/orders/${(JSON.parse(answer.body) as { number: string }).number}`
    await deliverAll({ database: server, lanes: world.lanes })
    expect(await post(`${at}/allocation`, { site: 'PDX' })).toMatchObject({ code: 'order_on_hold' })
    await look()
    await deliverAll({ database: server, lanes: world.lanes })
    for (const action of ['allocation', 'pick', 'shipment']) await post(`${at}/${action}`, { site: 'PDX' })
    await deliverAll({ database: server, lanes: world.lanes })
    await look()
    expect(await steps(at)).toEqual([['authorise', 500, 'done'], ['capture', 500, 'done']])
  })

  test('is refused where there is no provider, and asking for the payment of an order that has none', async () => {
    const without = await testHttp(server, world, { takesPayments: false })
    const reply = await without.call(admin, 'POST', '/api/orders', { site: 'SEA', customer: 'C1', payment: { token: 'card' }, lines: [{ sku: 'BIKE', quantity: 1 }] })
    expect([reply.status, reply.body['code']]).toEqual([409, 'payment_not_taken'])
    const { number } = await post('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'BIKE', quantity: 1 }] })
    expect(await post(`/api/orders/${number}/payment`)).toMatchObject({ status: 404, code: 'payment_not_known' })
  })
})

describe('A10: a provider that', () => {
  test.each([
    ['is down',                 async () => { throw new Error('The provider cannot be reached.') }],
    ['does not answer in time', () => new Promise<never>(() => undefined)],
  ])('%s leaves a clear state, and is asked again under the same key', async (_what, ask) => {
    const at = await paid('BIKE', 1)
    await look({ provider: { ask } })
    expect((await told(at)).payment).toMatchObject({ state: 'unclear', steps: [{ reason: expect.stringContaining('The provider') as string }] })
    expect(await post(`${at}/allocation`)).toMatchObject({ code: 'order_on_hold' })
    await askUnclear(options)
    expect([(await told(at)).payment.state, await did(at)]).toEqual(['authorised', [['authorise', 250]]])
  })

  test('did it, and the answer was lost: nobody is charged twice', async () => {
    const at = await paid('BIKE', 1)
    await look()
    await through(at, 'allocation', 'pick', 'shipment')
    const deaf: PaymentProvider = { ask: async (request) => { await provider.ask(request); throw new Error('The line broke.') } }
    await look({ provider: deaf })
    expect((await told(at)).payment).toMatchObject({ state: 'unclear', captured: 0 })
    await askUnclear(options)
    expect([(await told(at)).payment.captured, await did(at)]).toEqual([250, [['authorise', 250], ['capture', 250]]])
  })

  test('is asked and told by a server that runs, and by two at once', async () => {
    const servers = [new Payments(options), new Payments(options)]
    for (const one of servers) one.start()
    const at = await paid('BIKE', 1)
    const until = Date.now() + 20_000
    while ((await told(at)).payment.state !== 'authorised' && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 10))
    await Promise.all(servers.map((one) => one.stop()))
    expect(await did(at)).toEqual([['authorise', 250]])
  })
})

test('A10: killed at any point between provider and database, and started again, everything is charged once and nothing is lost', async () => {
  const chance = new Chance(10)
  const own = new FakeProvider()
  const strike = (): void => {
    if (chance.once(3)) throw new Error('Killed.')
  }
  const dying: PaymentsOptions = {
    database: server,
    limits,
    provider: { ask: async (request) => { strike(); const answer = await own.ask(request); strike(); return answer } },
    lanes: { submit: async (site, request) => { strike(); const answer = await world.lanes.submit(site, request); strike(); return answer } },
  }
  /** Looks as a process does that is killed and started again until a look comes to its end. */
  const survive = async (work: () => Promise<unknown>): Promise<void> => {
    for (let tries = 0; tries < 200; tries += 1) if (await work().then(() => true, () => false)) return
    throw new Error('It never came to its end.')
  }
  const orders: string[] = []
  for (let made = 0; made < 12; made += 1) orders.push(await paid('BIKE', 3))
  const settled = async (): Promise<void> => {
    await survive(() => askNew(dying))
    for (let tries = 0; tries < 200; tries += 1) {
      await survive(() => askUnclear(dying))
      const states = await Promise.all(orders.map(async (at) => (await told(at)).payment.state))
      if (!states.some((state) => state === 'unclear' || state === 'asked')) return
    }
    throw new Error('Something stayed unclear.')
  }
  await settled()
  for (const [index, at] of orders.entries()) {
    if (index % 4 === 3) await through(at, 'cancellation')
    else await through(at, 'allocation', 'pick', 'shipment', ...(index % 4 === 1 ? ['delivery'] : []))
    if (index % 4 === 1) expect((await post(`${at}/return`, { lines: [{ line: 1, quantity: 1 }] })).status).toBe(201)
  }
  await settled()
  for (const [index, at] of orders.entries()) {
    const [ship, back, cancelled] = [[['authorise', 750], ['capture', 750]], [['authorise', 750], ['capture', 750], ['refund', 250]], [['authorise', 750], ['void', 750]]]
    expect(await did(at, own)).toEqual([ship, back, ship, cancelled][index % 4])
  }
})

test.each([
  ['a capture beyond what is authorised', 'payments',      sql`update payment_step set amount_minor = amount_minor - 1 where action = 'authorise'`],
  ['a capture of what was not shipped',   'payments',      sql`update order_line set unit_price_minor = 1`],
  ['a step that nobody asked',            'payment steps', sql`insert into payment_step select site_id, order_id, 99, 'capture', 1, 'asked', null, null, '2026-03-02', null from payment limit 1`],
  ['a step that is gone',                 'payment steps', sql`delete from payment_step where action = 'void'`],
  ['a payment that is gone',              'payment steps', sql`delete from payment`],
])('verify finds %s', async (_what, name, statement) => {
  const tables = ['payment', 'payment_step', 'order_line']
  await owner.script(tables.map((table) => `create table saved_${table} as table ${table}`).join('; '))
  expect(await owner.execute(statement)).toBeGreaterThan(0)
  const found = (await verify(owner, { sealKey: world.sealKey })).checks.filter((check) => !check.ok).map((check) => check.name)
  await owner.script(tables.map((table) => `delete from ${table}; insert into ${table} select * from saved_${table}; drop table saved_${table}`).join('; '))
  expect(found).toContain(name)
})

test('the record verifies afterwards, and nothing was a fault', async () => {
  await expectVerified(server, world.sealKey)
  expect(http.faults).toEqual([])
})
