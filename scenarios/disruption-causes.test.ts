// K2, stories through the public door: a receipt is short, a work order comes out broken, a count finds less, a carrier loses a parcel; whom each of these
// hurts is found, nobody's promise is rewritten, and one step does what a person chose, however many choose at once.

import { describe, expect, test } from 'vitest'
import { addDays } from '../core/calendar.ts'
import { sql } from '../server/db.ts'
import { deliverAll } from '../server/relay.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

interface Remedy extends Row { readonly remedy: string; readonly with: string | null }
interface Told extends Row { readonly id: string; readonly closedAt: string | null; readonly hurt: { readonly rows: readonly Row[] }; readonly remedies: readonly Remedy[]; readonly absent: readonly Row[] }

/** Two sites with a way between them, three customers and two suppliers. */
async function ground() {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'] })
  const http = await testHttp(server, world)
  const { get, post, done } = askingAs(http, await http.key('admin'))
  await done('/api/parties', { parties: ['C1', 'C2', 'C3'].map((code) => ({ code, name: `Customer ${code}`, kind: 'customer' })) })
  await done('/api/parties', { parties: ['S1', 'S2'].map((code) => ({ code, name: code, kind: 'supplier' })) })
  await done('/api/services', { services: [{ code: 'ROAD', carrier: 'Overland', name: 'Road', minimum: 900, rate: 450, rateUnit: 'KG', transitDays: 3 }] })
  await done('/api/site-sources', { sources: [{ site: 'PDX', source: 'buy', from: 'SEA', transferDays: 2 }] })
  const day = (days: number) => addDays(world.today(), days)
  let items = 0
  const item = async (name: string, more: Row = {}): Promise<string> => {
    const sku = `${name}-${(items += 1)}`
    await done('/api/items', { items: [{ sku, name, standardCost: 700, listPrice: 2_000, weight: 400_000, ...more }] })
    return sku
  }
  const stock = (site: string, sku: string, quantity: number) => done('/api/receipts', { site, lines: [{ sku, quantity, place: 'SHELF' }] })
  const order = async (customer: string, sku: string, quantity: number, more: Row = {}): Promise<string> =>
    String((await done('/api/orders', { site: 'SEA', customer, lines: [{ sku, quantity, unitPrice: 2_000 }], ...more }))['number'])
  const buy = async (sku: string, quantity: number): Promise<string> =>
    String((await done('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku, quantity, unitPrice: 700, due: day(5) }] }))['id'])
  const told = async (id: string) => (await get(`/api/exceptions/${id}?site=SEA`)) as unknown as Told
  const raised = async (about: Row): Promise<Told> => {
    const rows = (await get('/api/exceptions?site=SEA'))['rows'] as unknown as Row[]
    return told(String(rows.findLast((row) => Object.entries(about).every(([key, value]) => row[key] === value))!['id']))
  }
  const body = ({ remedies }: Told, kind: string) => {
    const { remedy, with: partner, quantity, cost, date } = remedies.find((one) => one.remedy === kind)!
    return { site: 'SEA', remedy, with: partner, quantity, cost, date }
  }
  const choose = (exception: Told, kind: string) => done(`/api/exceptions/${exception.id}/remedy`, body(exception, kind))
  const linesOf = async (number: string) => (await get(`/api/orders/${number}`))['lines'] as unknown as Row[]
  const ship = async (number: string): Promise<string> => {
    await done(`/api/orders/${number}/allocation`, {})
    await done(`/api/orders/${number}/pick`, {})
    return String((await done(`/api/orders/${number}/shipment`, {}))['shipment'])
  }
  const promises = () => server.query<object>(sql`select site_id, order_id, line, promised_on from order_line order by 1, 2, 3 -- every site: the test's`)
  const hear = () => deliverAll({ database: server, lanes: world.lanes })
  const verified = () => expectVerified(server, world.sealKey)
  return { server, owner, world, get, post, done, day, item, stock, order, buy, told, raised, body, choose, linesOf, ship, promises, hear, verified }
}

describe('K2: whatever goes wrong with supply, the customers behind it are named', async () => {
  const { done, day, item, stock, order, buy, raised, choose, promises, hear, verified, told } = await ground()

  test('a receipt is short, and nothing more comes: who is the least urgent goes short', async () => {
    const sku = await item('LAMP')
    const purchase = await buy(sku, 5)
    const orders = [await order('C1', sku, 1), await order('C2', sku, 2), await order('C3', sku, 2)]
    await stock('PDX', sku, 4)
    const before = await promises()
    await done('/api/receipts', { site: 'SEA', purchase, lines: [{ sku, quantity: 3, line: 1, isLast: true }] })
    expect(await promises()).toEqual(before)
    const exception = await raised({ document: purchase, kind: 'supply_short' })
    expect(exception).toMatchObject({ sku, lines: 1, atRisk: 4_000, hurt: { rows: [{ order: orders[2], customer: 'C3', promised: day(5), estimate: null, state: 'hurt' }] } })
    expect(exception.remedies).toMatchObject([{ remedy: 'transfer', with: 'PDX', quantity: 2, cost: 900, inTime: 1, value: 4_000 }])
    expect(exception.absent).toMatchObject([{ what: 'substitute', why: 'Nobody said what may be sent instead.' }, {}])
    expect(await choose(exception, 'transfer')).toMatchObject({ lines: 1, left: 0 })
    await hear()
    expect((await told(exception.id)).closedAt).not.toBeNull()
    await verified()
  })

  test('a work order comes out broken: its customers are named, and what is short comes from elsewhere', async () => {
    const part = await item('FRAME')
    const bike = await item('BIKE', { source: 'make', makeDays: 1 })
    await done('/api/bills', { lines: [{ parent: bike, component: part, quantity: 1, validFrom: day(-9) }] })
    await stock('SEA', part, 3)
    await stock('PDX', bike, 1)
    const workOrder = String((await done('/api/work-orders', { site: 'SEA', sku: bike, quantity: 3 }))['id'])
    const numbers = [await order('C1', bike, 2), await order('C2', bike, 1)]
    await done(`/api/work-orders/${workOrder}/release`, { site: 'SEA' })
    await done(`/api/work-orders/${workOrder}/issue`, { site: 'SEA' })
    await done(`/api/work-orders/${workOrder}/output`, { site: 'SEA', quantity: 2, scrapped: 1 })
    const exception = await raised({ document: workOrder, kind: 'supply_short' })
    expect(exception).toMatchObject({ lines: 1, atRisk: 2_000, hurt: { rows: [{ order: numbers[1], customer: 'C2', promised: day(1), state: 'hurt' }] } })
    // It takes a day longer than was promised, so the customer is told besides.
    expect(await choose(exception, 'transfer')).toMatchObject({ left: 1 })
    await hear()
    expect(await choose(await told(exception.id), 'repromise')).toMatchObject({ left: 0 })
    expect((await told(exception.id)).hurt.rows).toMatchObject([{ promised: day(1), promisedAgain: day(2), state: 'mended' }])
    await verified()
  })

  test.each([
    ['a count finds less of a component', (sku: string): readonly [string, object] => ['/api/counts', { site: 'SEA', sku, place: 'SHELF', counted: 1 }]],
    ['a component is lost', (sku: string): readonly [string, object] => ['/api/losses', { site: 'SEA', sku, place: 'SHELF', quantity: 3, cause: 'theft' }]],
    ['a component is damaged', (sku: string): readonly [string, object] => ['/api/condition-changes', { site: 'SEA', sku, place: 'SHELF', quantity: 3, from: 'sellable', to: 'damaged' }]],
    ['a till sells a component', (sku: string): readonly [string, object] => ['/api/sales', { site: 'SEA', lines: [{ sku, quantity: 3, unitPrice: 900 }] }]],
  ] as const)('%s: who counts on what is made of it is named, over every level', async (_what, taken) => {
    const [part, wheel, bike] = [await item('SPOKE'), await item('WHEEL', { source: 'make', makeDays: 1 }), await item('BIKE', { source: 'make', makeDays: 1 })]
    await done('/api/bills', { lines: [{ parent: wheel, component: part, quantity: 2, validFrom: day(-9) }, { parent: bike, component: wheel, quantity: 2, validFrom: day(-9) }] })
    await stock('SEA', part, 4)
    await stock('PDX', part, 9)
    await done('/api/work-orders', { site: 'SEA', sku: bike, quantity: 1 })
    const workOrder = String((await done('/api/work-orders', { site: 'SEA', sku: wheel, quantity: 2 }))['id'])
    const number = await order('C2', bike, 1)
    const before = await promises()
    const [url, body] = taken(part)
    await done(url, body)
    expect((await promises()).filter((row) => before.some((one) => JSON.stringify(one) === JSON.stringify(row)))).toEqual(before)
    const exception = await raised({ document: workOrder, kind: 'hold_shorted' })
    expect(exception).toMatchObject({ sku: part, documentKind: 'output', lines: 1, atRisk: 2_000, hurt: { rows: [{ order: number, customer: 'C2', sku: bike, estimate: null, state: 'hurt' }] } })
    // Three come on the second day; wheels are made of them in one day, and the bicycle in another.
    expect(exception.remedies).toMatchObject([{ remedy: 'transfer', with: 'PDX', quantity: 3, date: day(2), lines: 1, inTime: 0 }])
    await verified()
    await choose(exception, 'transfer')
    await hear()
    expect((await told(exception.id)).hurt.rows).toMatchObject([{ promised: day(2), estimate: day(4) }])
    await verified()
  })
})

describe('K2: an exception that hurts nobody any more', async () => {
  const { done, item, stock, order, raised, choose, linesOf, verified, told, post, body } = await ground()

  test('is closed by a person, and by nobody while it hurts', async () => {
    const sku = await item('LAMP')
    await stock('SEA', sku, 4)
    const number = await order('C2', sku, 4)
    await done('/api/counts', { site: 'SEA', sku, place: 'SHELF', counted: 1 })
    const exception = await raised({ order: number, kind: 'hold_shorted' })
    expect(exception.remedies).toEqual([])
    await done('/api/counts', { site: 'SEA', sku, place: 'SHELF', counted: 4 })
    const mended = await told(exception.id)
    expect(mended.remedies).toMatchObject([{ remedy: 'settle', cost: 0, lines: 0 }])
    await done('/api/counts', { site: 'SEA', sku, place: 'SHELF', counted: 3 })
    expect(await post(`/api/exceptions/${exception.id}/remedy`, body(mended, 'settle'))).toMatchObject({ status: 409, body: { code: 'remedy_changed' } })
    await done('/api/counts', { site: 'SEA', sku, place: 'SHELF', counted: 4 })
    expect(await choose(await told(exception.id), 'settle')).toMatchObject({ left: 0 })
    expect((await told(exception.id)).closedAt).not.toBeNull()
    expect(await linesOf(number)).toMatchObject([{ quantity: 4, cancelled: 0 }])
    await verified()
  })
})

describe('K2: a carrier loses a parcel', async () => {
  const { done, post, get, world, item, stock, order, raised, choose, linesOf, ship, promises, hear, verified, told, day } = await ground()
  const lose = (number: string, shipment: string, more: Row = {}) => done(`/api/orders/${number}/shipment-loss`, { shipment, note: 'The truck burnt out', ...more })

  test('the customer is named with what is at risk; what is here goes again, and the ledger knows the loss', async () => {
    const sku = await item('LAMP')
    await stock('SEA', sku, 5)
    const number = await order('C1', sku, 3)
    const shipment = await ship(number)
    const before = await promises()
    expect(await lose(number, shipment)).toMatchObject({ lines: [{ line: 1, quantity: 3 }] })
    expect(await promises()).toEqual(before)
    expect(await get(`/api/shipments/${shipment}?site=SEA`)).toMatchObject({ state: 'lost', lines: [{ quantity: 3, lost: 3 }], tracking: [{ event: 'lost', note: 'The truck burnt out' }] })
    // Two are left; they are held, and one waits.
    expect(await get(`/api/orders/${number}`)).toMatchObject({ state: 'backordered', lines: [{ shipped: 0, lost: 3, promised: day(0) }], planned: [{ posted: 0, held: 2 }] })
    expect((await get('/api/differences?site=SEA&cause=loss'))['rows']).toMatchObject([{ sku, cause: 'transit', difference: -3, value: -2_100 }])
    const exception = await raised({ order: number, kind: 'shipment_lost' })
    expect(exception).toMatchObject({ documentKind: 'order', lines: 1, atRisk: 6_000, hurt: { rows: [{ order: number, customer: 'C1', promised: day(0), estimate: null, quantity: 3, state: 'hurt' }] } })
    expect(exception.detail).toContain('The truck burnt out. 2 of 3')
    expect(exception.remedies.map((one) => one.remedy)).toEqual(['cancel'])
    await stock('SEA', sku, 1)
    const again = await told(exception.id)
    expect(again).toMatchObject({ mended: 1, atRisk: 0, remedies: [{ remedy: 'resend', quantity: 3, cost: 900, date: day(0), inTime: 1 }, { remedy: 'cancel', cost: 6_000 }] })
    expect(await choose(again, 'resend')).toMatchObject({ left: 0 })
    const second = await ship(number)
    await done(`/api/orders/${number}/delivery`, { shipment: second, receivedBy: 'Ann' })
    expect(await get(`/api/orders/${number}`)).toMatchObject({ state: 'delivered', lines: [{ shipped: 3, delivered: 3, lost: 3 }] })
    await verified()
  })

  test('none is left: it comes from another site, or the customer is told a day', async () => {
    const sku = await item('LAMP')
    await stock('SEA', sku, 2)
    const number = await order('C2', sku, 2)
    await lose(number, await ship(number))
    await stock('PDX', sku, 4)
    const exception = await raised({ order: number, kind: 'shipment_lost' })
    expect(exception.remedies).toMatchObject([{ remedy: 'transfer', with: 'PDX', quantity: 2, cost: 900, date: day(2), lines: 1, inTime: 0 }, { remedy: 'cancel' }])
    expect(await choose(exception, 'transfer')).toMatchObject({ left: 1 })
    await hear()
    const coming = await told(exception.id)
    expect(await choose(coming, 'repromise')).toMatchObject({ left: 0 })
    expect((await told(exception.id)).hurt.rows).toMatchObject([{ promised: day(0), promisedAgain: day(2), state: 'mended' }])
    await verified()
  })

  test('the customer gives up; part of a shipment is lost, and the rest arrives', async () => {
    const sku = await item('LAMP')
    await stock('SEA', sku, 4)
    const number = await order('C3', sku, 4)
    const shipment = await ship(number)
    await lose(number, shipment, { lines: [{ line: 1, quantity: 1 }] })
    expect(await get(`/api/shipments/${shipment}?site=SEA`)).toMatchObject({ state: 'shipped', lines: [{ quantity: 4, lost: 1 }] })
    await done(`/api/orders/${number}/delivery`, { shipment, receivedBy: 'Ann' })
    const exception = await raised({ order: number, kind: 'shipment_lost' })
    expect(await choose(exception, 'cancel')).toMatchObject({ remedy: 'cancel', lines: 1, left: 0 })
    expect(await get(`/api/orders/${number}`)).toMatchObject({ state: 'delivered', lines: [{ quantity: 4, shipped: 3, delivered: 3, cancelled: 1, lost: 1 }] })
    await verified()
  })

  test("another site's order: its home is told", async () => {
    const sku = await item('LAMP')
    await stock('SEA', sku, 3)
    const { number } = await done('/api/orders', { site: 'PDX', customer: 'C1', lines: [{ sku, quantity: 2, unitPrice: 2_000, source: 'SEA' }] })
    await hear()
    const at = { site: 'SEA' }
    for (const action of ['allocation', 'pick']) await done(`/api/orders/${String(number)}/${action}`, at)
    const { shipment } = await done(`/api/orders/${String(number)}/shipment`, at)
    await hear()
    expect(await linesOf(String(number))).toMatchObject([{ shipped: 2, lost: 0 }])
    await lose(String(number), String(shipment), at)
    await verified()
    await hear()
    expect(await linesOf(String(number))).toMatchObject([{ shipped: 0, lost: 2 }])
    const exception = await raised({ kind: 'shipment_lost', sku })
    expect(exception).toMatchObject({ hurt: { rows: [{ order: number, customer: 'C1' }] } })
    expect(exception.absent).toContainEqual({ what: 'giving up all', why: "1 lines are of kits or of other sites' orders: cancel them there." })
    await verified()
  })

  test('what is not on its way is not lost', async () => {
    const sku = await item('LAMP')
    await stock('SEA', sku, 2)
    const number = await order('C1', sku, 2)
    const shipment = await ship(number)
    const url = `/api/orders/${number}/shipment-loss`
    expect(await post(url, { shipment: world.newId() })).toMatchObject({ status: 404, body: { code: 'shipment_not_known' } })
    expect(await post(url, { shipment, lines: [{ line: 1, quantity: 3 }] })).toMatchObject({ status: 409, body: { code: 'more_than_shipped' } })
    expect(await post(url, { shipment, lostAt: '2026-01-01T00:00:00Z' })).toMatchObject({ status: 422, body: { code: 'before_shipment' } })
    const answers = await Promise.all([post(url, { shipment }), post(url, { shipment }), post(`/api/orders/${number}/delivery`, { shipment, receivedBy: 'Ann' })])
    expect(answers.filter((one) => one.status < 300).length).toBe(1)
    expect(await post(url, { shipment })).toMatchObject({ status: 409, body: { code: 'nothing_to_do' } })
    await verified()
  })
})

describe('K2: something else is sent instead', async () => {
  const { done, post, get, world, day, item, stock, order, buy, raised, body, choose, linesOf, promises, verified, told } = await ground()

  /** A lamp that comes late for three customers, and another that may be sent instead, of which so many are here. */
  async function late(free: number, some: Row = {}) {
    const [sku, other] = [await item('LAMP'), await item('TORCH', { standardCost: 900 })]
    await done('/api/substitutes', { items: [{ sku, substitutes: [{ sku: other }] }] })
    if (free > 0) await stock('SEA', other, free)
    const purchase = await buy(sku, 5)
    const orders = [await order('C1', sku, 1, some), await order('C2', sku, 2), await order('C3', sku, 2)]
    await done(`/api/purchases/${purchase}/due-date`, { site: 'SEA', lines: [{ line: 1, due: day(12) }] })
    return { sku, other, purchase, orders, exception: await raised({ document: purchase, kind: 'supply_late' }) }
  }

  test('to the most urgent as far as it goes in full, at the price of what was asked for; the first promise stays', async () => {
    const { sku, other, purchase, orders, exception } = await late(4)
    // One and two of three; the third customer's two do not fit into what is left.
    expect(exception.remedies[0]).toMatchObject({ remedy: 'substitute', with: other, quantity: 3, cost: 600, date: day(0), lines: 2, inTime: 2, value: 6_000 })
    const before = await promises()
    expect(await choose(exception, 'substitute')).toMatchObject({ remedy: 'substitute', document: null, lines: 2, left: 1 })
    expect(await linesOf(orders[1]!)).toMatchObject([
      { sku, quantity: 2, cancelled: 2, promised: day(5) },
      { sku: other, quantity: 2, cancelled: 0, unitPrice: 2_000, promised: day(0) },
    ])
    expect((await promises()).filter((row) => before.some((one) => JSON.stringify(one) === JSON.stringify(row)))).toEqual(before)
    expect(await get(`/api/orders/${orders[1]!}`)).toMatchObject({ state: 'held', promises: [{}, { insteadOf: sku }] })
    // Of the late ones two are for the third customer still, and three for nobody.
    expect(await get(`/api/purchases/${purchase}?site=SEA`)).toMatchObject({ lines: [{ quantity: 5, pegged: 2 }] })
    const left = await told(exception.id)
    expect(left).toMatchObject({ closedAt: null, hurt: { rows: [{ state: 'over' }, { state: 'over' }, { state: 'hurt', order: orders[2] }] } })
    expect(left.remedies.map((one) => one.remedy)).toEqual(['repromise'])
    await choose(left, 'repromise')
    await verified()
  })

  test('what is gone meanwhile is refused, and what is left is offered', async () => {
    const { other, exception } = await late(9)
    expect(body(exception, 'substitute')).toMatchObject({ quantity: 5 })
    // A till sells most of them while somebody reads.
    await done('/api/sales', { site: 'SEA', lines: [{ sku: other, quantity: 7, unitPrice: 900 }] })
    expect(await post(`/api/exceptions/${exception.id}/remedy`, body(exception, 'substitute'))).toMatchObject({ status: 409, body: { code: 'remedy_changed' } })
    // Two are left: for the first customer, and too few in full for anybody else.
    expect((await told(exception.id)).remedies[0]).toMatchObject({ remedy: 'substitute', quantity: 1, lines: 1 })
    await verified()
  })

  test('a kit stays as it was sold, and so does what is paid through the provider', async () => {
    const [sku, other, set] = [await item('LAMP'), await item('TORCH'), await item('SET')]
    await done('/api/substitutes', { items: [{ sku, substitutes: [{ sku: other, chosenBy: 'customer' }] }] })
    await done('/api/kits', { kits: [{ sku: set, components: [{ sku, quantity: 1 }] }] })
    world.wait(10_000)
    await stock('SEA', other, 9)
    const purchase = await buy(sku, 3)
    await order('C1', set, 1)
    await order('C2', sku, 1, { payment: { token: 'card' } })
    const plain = await order('C3', sku, 1)
    await done(`/api/purchases/${purchase}/due-date`, { site: 'SEA', lines: [{ line: 1, due: day(12) }] })
    const exception = await raised({ document: purchase, kind: 'supply_late' })
    expect(exception.remedies.find((one) => one.remedy === 'substitute')).toMatchObject({ quantity: 1, lines: 1 })
    expect(exception.absent).toContainEqual({ what: 'substitute for all', why: 'Left out are lines that are of kits (1), paid through the provider (1).' })
    expect(await choose(exception, 'substitute')).toMatchObject({ lines: 1, left: 2 })
    expect(await linesOf(plain)).toMatchObject([{ sku, cancelled: 1 }, { sku: other, quantity: 1 }])
    await verified()
  })

  test('a line in picking keeps what is picked for it', async () => {
    const { sku, orders, exception } = await late(9)
    await stock('SEA', sku, 2)
    // One for the first, one of the second's two: that one is set aside.
    await done(`/api/orders/${orders[1]!}/allocation`, {})
    const now = await told(exception.id)
    expect(now.remedies[0]).toMatchObject({ remedy: 'substitute', quantity: 2, lines: 1 })
    expect(now.absent).toContainEqual({ what: 'substitute for all', why: 'Left out are lines that are in picking (1).' })
    await choose(now, 'substitute')
    await verified()
  })

  test('two people choose two things at once: one is done, the other is told', async () => {
    for (const kinds of [['substitute', 'repromise'], ['repromise', 'substitute'], ['substitute', 'substitute']]) {
      const { exception } = await late(5)
      const url = `/api/exceptions/${exception.id}/remedy`
      const answers = await Promise.all(kinds.map((kind) => post(url, body(exception, kind))))
      expect(answers.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 409])
      expect(['remedy_changed', 'exception_closed']).toContain(answers.find((one) => one.status === 409)!.body['code'])
      await verified()
    }
  })
})
