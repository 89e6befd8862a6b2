// A12: an order line that is not served from stock: bought for it alone and held for it when it comes, or shipped to the customer by its supplier, as one
// move at what it cost. Neither takes anything that others could have, and nobody else gets what was bought for it.

import { describe, expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { raiseOverdue } from '../server/overdue.ts'
import { FakeProvider } from '../server/payment/fake-provider.ts'
import { askNew, paymentLimits } from '../server/payments.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { verify } from '../server/verify.ts'
import { askingAs, type Row } from './rig/asking.ts'

const DAY = 86_400_000
const list = (answer: Row, name: string) => answer[name] as Row[]

async function house(items: Readonly<Record<string, number>>) {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'DC'], items })
  const http = await testHttp(server, world)
  const asking = askingAs(http, await http.key('admin'))
  const { get } = asking
  /** What is done later is later. */
  const later = <Answer>(send: (url: string, body: unknown) => Promise<Answer>) => (url: string, body: unknown) => {
    world.wait(1_000)
    return send(url, body)
  }
  const [post, done] = [later(asking.post), later(asking.done)]
  await done('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Parts', kind: 'supplier' }, { code: 'S2', name: 'More parts', kind: 'supplier' }] })
  const offers = Object.keys(items).flatMap((sku) => [
    { sku, supplier: 'S1', price: 70, leadTimeDays: 5, preferred: true }, { sku, supplier: 'S2', price: 90, leadTimeDays: 2 },
  ])
  await done('/api/supplier-items', { offers })
  const order = async (lines: readonly object[], more: object = {}) => {
    const answer = await done('/api/orders', { site: 'SEA', customer: 'C1', lines, ...more })
    return { answer, at: `/api/orders/${String(answer['number'])}` }
  }
  const bought = async (at: string) => list(await get(at), 'bought')
  const shipped = (purchase: unknown, lines: readonly object[], more: object = {}) => post(`/api/purchases/${String(purchase)}/shipment`, { site: 'SEA', lines, ...more })
  const act = async (at: string, ...steps: readonly string[]) => {
    for (const step of steps) await done(`${at}/${step}`, {})
  }
  const free = async (sku: string) => list(await get(`/api/availability?site=SEA&sku=${sku}`), 'rows')[0] ?? {}
  const exceptions = async (kind: string) => list(await get('/api/exceptions?site=SEA'), 'rows').filter((one) => one['kind'] === kind)
  const day = (days: number) => new Date(Date.parse(`${world.today()}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
  const worth = async (days = 0) => Number((await get(`/api/values?site=SEA&on=${day(days)}`))['value'])
  return { server, owner, world, get, post, done, order, bought, shipped, act, free, exceptions, day, worth, verified: () => expectVerified(server, world.sealKey) }
}

describe('A12: back to back', async () => {
  const { get, post, done, order, bought, act, free, exceptions, day, verified } = await house({ A: 5, B: 4 })

  test('it is bought for the line alone: stock is not taken for it, and others are promised as if it were not there', async () => {
    const { answer, at } = await order([{ sku: 'A', quantity: 3, supply: 'purchase' }, { sku: 'B', quantity: 1 }])
    expect(list(answer, 'lines')).toMatchObject([
      { held: 0, promised: day(5), reason: 'incoming_supply', because: 'It is bought of S1 for this line alone, and comes within 5 days.' }, { held: 1, promised: day(0) },
    ])
    const [one] = await bought(at)
    expect(one).toMatchObject({ line: 1, supplier: 'S1', quantity: 3, received: 0, bound: true })
    expect(await get(at)).toMatchObject({ state: 'backordered', lines: [{ supply: { how: 'purchase', supplier: 'S1', unitCost: 70 }, estimate: day(5) }, { supply: null }], pegs: [{ line: 1, quantity: 3, supply: one!['purchase'] }] })
    expect(await free('A')).toMatchObject({ sellable: 5, reserved: 0, demand: 0, supply: 0 })
    // Nothing is short because of it, and all that stands there can be promised to others.
    expect(list(await done('/api/shortages/cover', { site: 'SEA' }), 'lines')).toEqual([])
    const { answer: other } = await order([{ sku: 'A', quantity: 6 }])
    expect(list(other, 'lines')).toMatchObject([{ held: 5, promised: null }])
    await done('/api/purchases', { site: 'SEA', supplier: 'S2', lines: [{ sku: 'A', quantity: 4 }] })
    expect(await get(at)).toMatchObject({ pegs: [{ line: 1, quantity: 3, supply: one!['purchase'] }] })
    // What comes is held for it, though another waits longer; and no class of customers gets it.
    await done('/api/receipts', { site: 'SEA', purchase: one!['purchase'], lines: [{ sku: 'A', quantity: 3 }] })
    expect(list(await get(at), 'planned')).toMatchObject([{ line: 1, held: 3 }, { line: 2, held: 1 }])
    expect(await free('A')).toMatchObject({ sellable: 8, reserved: 8 })
    await done('/api/backorder-classes', { classes: [{ code: 'FIRST', name: 'First', strategy: 'win', customers: ['C1'] }] })
    await done('/api/reallocations', { site: 'SEA', sku: 'A' })
    expect(list(await get(at), 'planned')).toMatchObject([{ line: 1, held: 3 }, { line: 2, held: 1 }])
    await act(at, 'allocation', 'pick', 'shipment')
    expect(await get(at)).toMatchObject({ state: 'shipped' })
    await verified()
  })

  test('a line that is cancelled leaves its purchase as supply for anybody, or calls it off when asked', async () => {
    const { at } = await order([{ sku: 'B', quantity: 6, supply: 'purchase' }])
    const waits = await order([{ sku: 'B', quantity: 5 }])
    expect(list(waits.answer, 'lines')).toMatchObject([{ held: 3, promised: null }])
    const [one] = await bought(at)
    expect(await done(`${at}/cancellation`, {})).toMatchObject({ purchases: [{ purchase: one!['purchase'], quantity: 6, became: 'supply_for_anybody' }] })
    expect(await free('B')).toMatchObject({ supply: 6 })
    expect(await get(waits.at)).toMatchObject({ pegs: [{ quantity: 2, supply: one!['purchase'] }], lines: [{ estimate: day(5) }] })
    expect(await bought(at)).toMatchObject([{ bound: false }])
    await done('/api/receipts', { site: 'SEA', purchase: one!['purchase'], lines: [{ sku: 'B', quantity: 6 }] })
    expect(await free('B')).toMatchObject({ sellable: 9 + 1 - 1 + 0, supply: 0 })
    const again = await order([{ sku: 'B', quantity: 2, supply: 'purchase' }])
    expect(await done(`${again.at}/cancellation`, { callsOff: true })).toMatchObject({ purchases: [{ quantity: 2, became: 'called_off' }] })
    expect(await free('B')).toMatchObject({ supply: 0 })
    await verified()
  })

  test('too few came: the line waits, the exception names its order, and the rest is bought of another', async () => {
    const { at } = await order([{ sku: 'A', quantity: 4, supply: 'purchase' }])
    const [one] = await bought(at)
    expect(await post(`${at}/purchases`, {})).toMatchObject({ status: 409, body: { code: 'nothing_to_do' } })
    await done('/api/receipts', { site: 'SEA', purchase: one!['purchase'], lines: [{ sku: 'A', quantity: 1, isLast: true }] })
    expect(await exceptions('supply_short')).toMatchObject([{ detail: expect.stringContaining(at.slice('/api/orders/'.length)) as string, hurtLines: 1 }])
    expect(await get(at)).toMatchObject({ state: 'backordered', planned: [{ held: 1, pegged: 0 }] })
    const answer = await done(`${at}/purchases`, { lines: [{ line: 1, supplier: 'S2' }] })
    expect(answer).toMatchObject({ purchases: [{ how: 'purchase', lines: [{ line: 1, quantity: 3 }] }] })
    expect(await bought(at)).toMatchObject([{ supplier: 'S1', received: 1, cancelled: 3 }, { supplier: 'S2', quantity: 3, bound: true }])
    expect(await post(`${at}/change`, { lines: [{ line: 1, quantity: 5 }] })).toMatchObject({ status: 409, body: { code: 'line_bought' } })
    await verified()
  })

  test('what cannot be bought for a line is said before anything is ordered', async () => {
    const refused = async (line: object, more: object = {}) => {
      const { status, body } = await post('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'A', quantity: 1, ...line }], ...more })
      return [status, body['code'], body['field']]
    }
    await done('/api/items', { items: [{ sku: 'NOBODY', name: 'Nobody offers it' }, { sku: 'BY-TENS', name: 'By tens' }] })
    await done('/api/supplier-items', { offers: [{ sku: 'BY-TENS', supplier: 'S1', price: 1, leadTimeDays: 1, minimum: 10, multiple: 10 }] })
    expect(await refused({ sku: 'NOBODY', supply: 'purchase' })).toEqual([422, 'offer_not_known', 'lines/1/supplier'])
    expect(await refused({ sku: 'BY-TENS', supply: 'purchase', quantity: 15 })).toEqual([422, 'supply_not_possible', 'lines/1/quantity'])
    expect(await refused({ supplier: 'S1' })).toEqual([422, 'supply_not_possible', 'lines/1/supplier'])
    expect(await refused({ supply: 'purchase', source: 'DC' })).toEqual([422, 'supply_not_possible', 'lines/1/supply'])
    expect(await refused({ supply: 'drop_ship' }, { shipComplete: true })).toEqual([422, 'supply_not_possible', 'lines/1/supply'])
    expect(await refused({ supply: 'drop_ship' }, { collect: {} })).toEqual([422, 'supply_not_possible', 'lines/1/supply'])
  })
})

describe('A12: drop shipment', async () => {
  const { server, owner, world, get, post, done, order, bought, shipped, act, free, exceptions, day, worth, verified } = await house({ A: 5, B: 4 })

  test('the supplier ships in parts: one move to the customer at what it cost, and stock is worth what it was', async () => {
    const before = await worth()
    expect(before).toBeGreaterThan(0)
    const { answer, at } = await order([{ sku: 'A', quantity: 3, supply: 'drop_ship', supplier: 'S2' }, { sku: 'B', quantity: 1 }])
    expect(list(answer, 'lines')).toMatchObject([{ promised: day(2), because: 'S2 ships it to the customer, within 2 days.' }, { held: 1 }])
    const [one] = await bought(at)
    const purchase = one!['purchase']
    expect(await get(`/api/purchases/${String(purchase)}?site=SEA`)).toMatchObject({ lines: [{ direct: true, order: at.slice('/api/orders/'.length), orderLine: 1, open: 3 }] })
    expect(await post('/api/receipts', { site: 'SEA', purchase, lines: [{ sku: 'A', quantity: 3 }] })).toMatchObject({ status: 409, body: { code: 'ships_to_customer' } })
    expect(await shipped(purchase, [{ line: 1, quantity: 4 }])).toMatchObject({ status: 409, body: { code: 'more_than_expected' } })
    expect(await shipped(purchase, [{ line: 1, quantity: 0 }])).toMatchObject({ status: 422, body: { code: 'quantity_not_positive' } })
    const { body } = await shipped(purchase, [{ line: 1, quantity: 2 }], { carrier: 'Fast', trackingNumber: 'F-1', estimated: day(1) })
    expect(await worth()).toBe(before)
    // Our own part goes its own way.
    await act(at, 'allocation', 'pick', 'shipment')
    expect(await get(at)).toMatchObject({ state: 'backordered', lines: [{ shipped: 2 }, { shipped: 1 }] })
    await shipped(purchase, [{ line: 1, quantity: 1 }])
    expect(await get(at)).toMatchObject({ state: 'shipped', lines: [{ shipped: 3, delivered: 0 }, { shipped: 1 }] })
    expect(list(await get(at), 'shipments')[0]).toMatchObject({ shipment: body['shipment'], supplier: 'S2', carrier: 'Fast', trackingNumber: 'F-1', promised: day(1) })
    await done(`/api/shipments/${String(body['shipment'])}/tracking`, { site: 'SEA', event: 'in_transit' })
    await done(`${at}/delivery`, { receivedBy: 'Ann' })
    expect(await get(at)).toMatchObject({ state: 'delivered' })
    const moves = list(await get('/api/moves?site=SEA&sku=A'), 'rows').filter((one) => one['cause'] === 'drop_shipment')
    expect(moves.map((one) => [one['quantity'], one['value']])).toEqual(expect.arrayContaining([[2, 180], [1, 90]]))
    expect(await free('A')).toMatchObject({ sellable: 5, reserved: 0, demand: 0, supply: 0 })
    // Of our own stock one piece of B was sold; a day later it is worth what it was today, and yesterday what it was then.
    const after = before - Number(list(await get('/api/moves?site=SEA&sku=B'), 'rows').find((one) => one['cause'] === 'shipment')!['value'])
    expect(await worth()).toBe(after)
    world.wait(DAY)
    expect([await worth(), await worth(-1)]).toEqual([after, after])
    await verified()
  })

  test('goods of it come back to our desk like any others', async () => {
    const { at } = await order([{ sku: 'A', quantity: 1, supply: 'drop_ship' }])
    await shipped((await bought(at))[0]!['purchase'], [{ line: 1, quantity: 1 }])
    await done(`${at}/delivery`, { receivedBy: 'Ann' })
    const { rma } = await done(`${at}/return`, { lines: [{ line: 1, quantity: 1 }] })
    await done(`/api/returns/${String(rma)}/disposition`, { site: 'SEA', lines: [{ line: 1, quantity: 1, found: 'as_new', disposition: 'restock' }] })
    expect(await free('A')).toMatchObject({ sellable: 6 })
    await verified()
  })

  test('what the supplier refuses waits again, and the exception names the order; it is bought of another, or cancelled', async () => {
    const { at } = await order([{ sku: 'A', quantity: 5, supply: 'drop_ship' }])
    const [one] = await bought(at)
    expect((await shipped(one!['purchase'], [{ line: 1, quantity: 2, isLast: true }])).body).toMatchObject({ closed: [{ line: 1, cancelled: 3 }] })
    expect(await exceptions('supply_short')).toMatchObject([{ quantity: 3, detail: expect.stringContaining(at.slice('/api/orders/'.length)) as string }])
    expect(await get(at)).toMatchObject({ state: 'backordered', can: expect.arrayContaining(['buy']) as string[], planned: [{ posted: 2, pegged: 0 }] })
    await done(`${at}/purchases`, { lines: [{ line: 1, supplier: 'S2' }] })
    const [, other] = await bought(at)
    expect((await shipped(other!['purchase'], [{ line: 1, quantity: 0, isLast: true }])).body).toMatchObject({ shipment: null, closed: [{ cancelled: 3 }] })
    await done(`${at}/cancellation`, {})
    expect(await get(at)).toMatchObject({ state: 'shipped', lines: [{ shipped: 2, cancelled: 3 }] })
    await verified()
  })

  test('it is cancelled only before the supplier shipped it, and then he is to ship no more', async () => {
    const { at } = await order([{ sku: 'B', quantity: 2, supply: 'drop_ship' }])
    const [one] = await bought(at)
    expect(await done(`${at}/cancellation`, {})).toMatchObject({ purchases: [{ became: 'called_off', quantity: 2 }] })
    expect(await shipped(one!['purchase'], [{ line: 1, quantity: 1 }])).toMatchObject({ status: 409, body: { code: 'nothing_to_do' } })
    const other = await order([{ sku: 'B', quantity: 2, supply: 'drop_ship' }])
    await shipped((await bought(other.at))[0]!['purchase'], [{ line: 1, quantity: 2 }])
    expect(await post(`${other.at}/cancellation`, {})).toMatchObject({ status: 409, body: { code: 'order_state_forbids' } })
    await verified()
  })

  test('what comes late is raised like any other purchase', async () => {
    const { at } = await order([{ sku: 'B', quantity: 1, supply: 'drop_ship' }])
    const [one] = await bought(at)
    await done(`/api/purchases/${String(one!['purchase'])}/due-date`, { site: 'SEA', lines: [{ line: 1, due: day(9) }] })
    expect(await exceptions('supply_late')).toMatchObject([{ hurtLines: 1 }])
    expect(await get(at)).toMatchObject({ lines: [{ promised: day(5), estimate: day(9) }] })
    world.wait(10 * DAY)
    expect(await raiseOverdue(world.lanes)).toBe(1)
    await shipped(one!['purchase'], [{ line: 1, quantity: 1 }])
    expect([await exceptions('supply_late'), await exceptions('supply_overdue')]).toEqual([[], []])
    await verified()
  })

  test('of two notices of the same goods one is taken', async () => {
    const { at } = await order([{ sku: 'A', quantity: 2, supply: 'drop_ship' }])
    const { purchase } = (await bought(at))[0]!
    const told = await Promise.all([1, 2].map(() => shipped(purchase, [{ line: 1, quantity: 2 }])))
    expect(told.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([201, 409])
    await verified()
  })

  test('paid for: nothing is ordered before the payment is authorised, and it is captured as the supplier ships', async () => {
    const provider = new FakeProvider()
    const look = () => askNew({ database: server, lanes: world.lanes, provider, limits: { ...paymentLimits, answer_milliseconds_max: 50 } })
    const { at } = await order([{ sku: 'A', quantity: 2, supply: 'drop_ship', unitPrice: 300 }], { payment: { token: 'card' } })
    expect([await bought(at), (await get(at))['payment']]).toMatchObject([[], { state: 'asked', authorised: 0 }])
    expect(await post(`${at}/purchases`, {})).toMatchObject({ status: 409, body: { code: 'order_on_hold' } })
    await look()
    const [one] = await bought(at)
    expect([one, (await get(at))['payment']]).toMatchObject([{ quantity: 2 }, { state: 'authorised', authorised: 600, captured: 0 }])
    await shipped(one!['purchase'], [{ line: 1, quantity: 1, isLast: true }])
    await look()
    expect((await get(at))['payment']).toMatchObject({ state: 'captured', captured: 300 })
    // The supplier has no more: nothing is bought again by itself, and the rest of the authorisation is given up with the line.
    expect(await bought(at)).toHaveLength(1)
    await done(`${at}/cancellation`, {})
    await look()
    expect((await get(at))['payment']).toMatchObject({ captured: 300, steps: [{ action: 'authorise' }, { action: 'capture' }, { action: 'void', amount: 300 }] })
    await verified()
  })

  test('a hold that is taken off lets it be bought', async () => {
    const { at } = await order([{ sku: 'A', quantity: 1, supply: 'purchase' }])
    const { hold } = await done(`${at}/holds`, { reason: 'Ask first' })
    const [one] = await bought(at)
    await done(`/api/purchases/${String(one!['purchase'])}/cancellation`, { site: 'SEA' })
    await done(`${at}/holds/${String(hold)}/release`, {})
    // It was bought once: what fell through is a person's to decide.
    expect(await bought(at)).toHaveLength(1)
    await done(`${at}/purchases`, {})
    expect(await bought(at)).toHaveLength(2)
    await verified()
  })

  test('verify finds a shipment that says of it what the purchase does not', async () => {
    await owner.execute(sql`update shipment set purchase_id = null where purchase_id is not null`)
    const { checks } = await verify(server, { sealKey: world.sealKey, heads: [] })
    expect(checks.find((check) => !check.ok)).toMatchObject({ name: 'drop shipments', offending: { table: 'purchase_line', site: 'SEA' } })
  })
})
