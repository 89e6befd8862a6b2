// B3: a lot is followed from the supplier over a plant's levels and over sites to whoever has it, both ways, and recalled: what is left is held wherever
// it stands or turns up, orders that counted on it say so, and nobody is told less than there is.

import { describe, expect, test } from 'vitest'
import { genealogyLimits } from '../server/genealogy.ts'
import { reachOf } from '../server/http/recall.ts'
import { deliverAll } from '../server/relay.ts'
import { testDatabase } from '../server/test-database.ts'
import { testContext, testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

interface Row { readonly [name: string]: unknown }
interface Lot extends Row { readonly sku: string; readonly lot: string; readonly serial: string; readonly level: number }

/** A bakery: bread of dough, dough of flour and salt, and a shop that sells it. Pans have serials, and twine is not told apart. */
async function bakery() {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['PLANT', 'SHOP'] })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const call = async (method: 'GET' | 'POST', url: string, body?: unknown, secret = admin) => {
    world.wait(1_000)
    const reply = await http.call(secret, method, url, body)
    return { status: reply.status, body: reply.body as Row }
  }
  const done = async (url: string, body: unknown = {}) => {
    const { status, body: answer } = await call('POST', url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  const rows = async (url: string) => (await call('GET', url)).body['rows'] as Row[]
  const hear = () => deliverAll({ database: server, lanes: world.lanes })
  await done('/api/parties', { parties: [['ANN', 'customer'], ['BOB', 'customer'], ['MILL', 'supplier']].map(([code, kind]) => ({ code, name: `Name of ${code}`, kind })) })
  const made = { tracking: 'lot', source: 'make' }
  await done('/api/items', {
    items: [{ sku: 'FLOUR', tracking: 'lot' }, { sku: 'SALT', tracking: 'lot' }, { sku: 'DOUGH', ...made }, { sku: 'BREAD', ...made }, { sku: 'CRUMBS', source: 'make' }, { sku: 'PAN', tracking: 'serial' }]
      .map((item) => ({ name: item.sku, standardCost: 100, ...item })),
  })
  await done('/api/bills', {
    lines: [['DOUGH', 'FLOUR', 2], ['DOUGH', 'SALT', 1], ['BREAD', 'DOUGH', 1], ['CRUMBS', 'BREAD', 1]].map(([parent, component, quantity]) => ({ parent, component, quantity, validFrom: '2026-01-01' })),
  })
  const bought = async (sku: string, lot: string, quantity: number) => {
    const { id } = await done('/api/purchases', { site: 'PLANT', supplier: 'MILL', lines: [{ sku, quantity, due: world.today() }] })
    await done('/api/receipts', { site: 'PLANT', purchase: id, lines: [{ sku, quantity, lot, expiresOn: '2026-12-31' }] })
    return id as string
  }
  const planned = async (sku: string, quantity: number) => {
    const { id } = await done('/api/work-orders', { site: 'PLANT', sku, quantity })
    await done(`/api/work-orders/${id as string}/release`, { site: 'PLANT' })
    await done(`/api/work-orders/${id as string}/issue`, { site: 'PLANT' })
    return id as string
  }
  const output = (id: string, quantity: number, lot: string) => done(`/api/work-orders/${id}/output`, { site: 'PLANT', quantity, lot })
  const order = async (site: string, customer: string, sku: string, quantity: number) =>
    String((await done('/api/orders', { site, customer, lines: [{ sku, quantity }] }))['number'])
  const shipped = async (number: string) => {
    for (const step of ['allocation', 'pick', 'shipment']) await done(`/api/orders/${number}/${step}`)
  }
  const trace = async (sku: string, lot: string, secret = admin) => (await call('GET', `/api/items/${sku}/trace?lot=${lot}`, undefined, secret)).body
  const lots = (body: Row) => (body['lots'] as Lot[]).map((one) => `${one.level} ${one.sku} ${one.lot}`)
  const at = (body: Row, kind: string) => (body[kind] as Row[]).map((one): Row & { readonly lot: string } => ({ ...one, lot: (body['lots'] as Lot[])[one['lot'] as number]!.lot }))
  const available = async (site: string, sku: string) => (await rows(`/api/availability?site=${site}&sku=${sku}`))[0]
  return { server, world, http, call, done, rows, hear, bought, planned, output, order, shipped, trace, lots, at, available, verified: () => expectVerified(server, world.sealKey) }
}

describe('B3: a lot of flour', async () => {
  const { server, world, http, call, done, rows, hear, bought, planned, output, order, shipped, trace, lots, at, available, verified } = await bakery()
  const purchase = await bought('FLOUR', 'F1', 20)
  await bought('FLOUR', 'F2', 20)
  await bought('SALT', 'S1', 20)
  const early = await planned('DOUGH', 4)
  await output(early, 4, 'D1')
  const late = await planned('DOUGH', 6)
  await output(late, 5, 'D2')
  const baking = await planned('BREAD', 4)
  await output(baking, 4, 'B1')
  const again = await planned('BREAD', 3)
  await output(again, 2, 'B2')
  await shipped(await order('PLANT', 'ANN', 'BREAD', 2))
  await done('/api/transfers', { site: 'PLANT', to: 'SHOP', lines: [{ sku: 'BREAD', quantity: 2 }] })
  await hear()
  await done('/api/sales', { site: 'SHOP', customer: 'BOB', lines: [{ sku: 'BREAD', quantity: 1, lot: 'B1' }] })
  let waits: string

  test('is followed to the mill and to every customer, over levels and sites, and so is what is unfinished', async () => {
    const flour = await trace('FLOUR', 'F1')
    expect(lots(flour)).toEqual(['0 FLOUR F1', '1 DOUGH D1', '1 DOUGH D2', '2 BREAD B1', '2 BREAD B2'])
    expect(at(flour, 'received')).toMatchObject([{ lot: 'F1', site: 'PLANT', cause: 'receipt', document: purchase, supplier: 'MILL', supplierName: 'Name of MILL', quantity: 20 }])
    expect(at(flour, 'customers').map((one) => [one.lot, one['site'], one['customer'], one['quantity']])).toEqual([['B1', 'PLANT', 'ANN', 2], ['B1', 'SHOP', 'BOB', 1]])
    expect(at(flour, 'standing').map((one) => [one.lot, one['site'], one['place'], one['quantity']])).toEqual(expect.arrayContaining([['B1', 'SHOP', 'DOCK', 1], ['B2', 'PLANT', 'DOCK', 2]]))
    expect(at(flour, 'inProduction')).toEqual(expect.arrayContaining([expect.objectContaining({ workOrder: again, sku: 'BREAD' }), expect.objectContaining({ workOrder: late, sku: 'DOUGH' })]))
    expect(flour).toMatchObject({ complete: true, unseenSites: 0, recall: null })
  })

  test('is found behind the bread, with the salt, which the flour itself never met', async () => {
    const bread = await trace('BREAD', 'B1')
    expect(lots(bread)).toEqual(expect.arrayContaining(['-2 FLOUR F1', '-2 SALT S1', '-1 DOUGH D1', '0 BREAD B1']))
    expect(lots(await trace('FLOUR', 'F1'))).not.toContain('1 SALT S1')
    expect((await trace('BREAD', 'B2'))['lots']).toBeDefined()
    expect(at(bread, 'received').map((one) => one.lot).toSorted()).toEqual(expect.arrayContaining(['F1', 'S1']))
  })

  test('is told to who may see a part, who is also told that there is more', async () => {
    const shop = await http.key('warehouse', [await world.site('SHOP')])
    const seen = await trace('FLOUR', 'F1', shop)
    expect(seen).toMatchObject({ unseenSites: 1, received: [] })
    expect(at(seen, 'customers').map((one) => one['customer'])).toEqual(['BOB'])
  })

  test('is nothing to be followed where the item is not told apart, or the lot is not named', async () => {
    expect(await call('GET', '/api/items/CRUMBS/trace?lot=X')).toMatchObject({ status: 422, body: { code: 'lot_not_tracked' } })
    expect(await call('GET', '/api/items/FLOUR/trace')).toMatchObject({ status: 422, body: { code: 'lot_missing' } })
    expect(await call('GET', '/api/items/PAN/trace')).toMatchObject({ status: 422, body: { code: 'serial_missing' } })
    expect(await call('GET', '/api/items/PAN/trace?lot=X&serial=Y')).toMatchObject({ status: 422, body: { code: 'lot_not_tracked', field: 'lot' } })
    expect(await call('POST', '/api/recalls', { sku: 'FLOUR', lot: 'NEVER', reason: 'none' })).toMatchObject({ status: 422, body: { code: 'lot_not_known' } })
    expect(await call('POST', '/api/recalls/00000000-0000-7000-8000-000000000000/lifting')).toMatchObject({ status: 404, body: { code: 'recall_not_known' } })
  })

  test('recalled, is rehearsed first: what it would hold, and whom it would hurt', async () => {
    waits = await order('PLANT', 'BOB', 'BREAD', 2)
    await done(`/api/orders/${waits}/allocation`)
    const { body } = await call('POST', '/api/recall-rehearsals', { sku: 'FLOUR', lot: 'F1' })
    expect((body['held'] as Row[]).map((one) => [one['site'], one['sku'], one['lot'], one['quantity']])).toEqual(expect.arrayContaining([['PLANT', 'BREAD', 'B2', 2], ['SHOP', 'BREAD', 'B1', 1]]))
    expect(body).toMatchObject({ shorted: [{ site: 'PLANT', order: waits, customerName: 'Name of BOB', line: 1, sku: 'BREAD', quantity: 2 }], workOrders: 2 })
    expect(await available('PLANT', 'BREAD')).toMatchObject({ sellable: 2, reserved: 2 })
  })

  let recall: string
  test('recalled, is held at every site: not sellable, not promised, and the order that counted on it says so', async () => {
    const answer = await done('/api/recalls', { sku: 'FLOUR', lot: 'F1', reason: 'Glass was found in a bag.' })
    recall = String(answer['id'])
    expect(answer).toMatchObject({ lots: 5, sites: ['PLANT', 'SHOP'] })
    await hear()
    expect(await available('PLANT', 'BREAD')).toMatchObject({ sellable: 0, reserved: 0, demand: 2 })
    expect(await available('SHOP', 'BREAD')).toMatchObject({ sellable: 0 })
    expect((await rows('/api/exceptions?site=PLANT')).filter((one) => one['kind'] === 'hold_shorted')).toMatchObject([{ order: waits, quantity: 2 }])
    expect((await call('GET', `/api/orders/${waits}`)).body['state']).toBe('backordered')
    const flour = await trace('FLOUR', 'F1')
    expect(flour).toMatchObject({ recall: { id: recall, reason: 'Glass was found in a bag.' } })
    expect((flour['lots'] as Lot[]).every((one) => one['recalled'])).toBe(true)
    expect(at(flour, 'standing').every((one) => one['condition'] === 'quarantine')).toBe(true)
    await verified()
  })

  test('is not released, sold, received, counted or opened as sellable while it is recalled', async () => {
    const pieces = { sku: 'BREAD', lot: 'B1', quantity: 1 }
    const refused = { status: 409, body: { code: 'lot_recalled' } }
    expect(await call('POST', '/api/condition-changes', { site: 'SHOP', ...pieces, place: 'DOCK', from: 'quarantine', to: 'sellable' })).toMatchObject(refused)
    expect(await call('POST', '/api/receipts', { site: 'SHOP', lines: [pieces] })).toMatchObject(refused)
    expect(await call('POST', '/api/counts', { site: 'SHOP', sku: 'BREAD', lot: 'B1', counted: 3 })).toMatchObject(refused)
    expect(await call('POST', '/api/sales', { site: 'SHOP', customer: 'BOB', lines: [pieces] })).toMatchObject(refused)
    // What a till sold before, and tells now, was right then: or nobody would know who has it.
    const { recalledAt } = (await rows('/api/recalls'))[0]!
    const before = new Date(Date.parse(String(recalledAt)) - 1).toISOString()
    expect(await call('POST', '/api/sales', { site: 'SHOP', customer: 'BOB', soldAt: before, lines: [pieces] })).toMatchObject({ status: 201 })
  })

  test('is held in what comes out of production later, too', async () => {
    await output(again, 1, 'B3')
    await output(late, 1, 'D3')
    expect(await available('PLANT', 'BREAD')).toMatchObject({ sellable: 0 })
    expect((await rows('/api/stock?site=PLANT&sku=BREAD')).find((row) => row['lot'] === 'B3')).toMatchObject({ condition: 'quarantine' })
    expect(await call('POST', '/api/condition-changes', { site: 'PLANT', sku: 'BREAD', lot: 'B3', quantity: 1, from: 'quarantine', to: 'sellable', place: 'SHELF' })).toMatchObject({ status: 409, body: { code: 'lot_recalled' } })
    await verified()
  })

  test('recalled again, stays one recall', async () => {
    expect(await done('/api/recalls', { sku: 'FLOUR', lot: 'F1', reason: 'Again.' })).toMatchObject({ id: recall })
    await hear()
    expect(await rows('/api/recalls')).toMatchObject([{ id: recall, sku: 'FLOUR', lot: 'F1', reason: 'Glass was found in a bag.', sites: ['PLANT', 'SHOP'], liftedAt: null }])
  })

  test('is larger than one recall holds only beyond named limits', async () => {
    const lot = { item: await world.item('FLOUR'), lot: 'F1', serial: '' }
    const context = testContext(server, world)
    expect(await reachOf({ context }, lot)).toHaveLength(2)
    for (const limits of [{ levels_max: 1 }, { lots_max: 2 }, { passings_max: 3 }]) {
      expect(await reachOf({ context }, lot, { ...genealogyLimits, ...limits })).toMatchObject({ refused: 'recall_too_large' })
    }
  })

  test('lifted, may be released by whoever looked at it', async () => {
    expect(await done(`/api/recalls/${recall}/lifting`)).toMatchObject({ id: recall })
    expect(await call('POST', `/api/recalls/${recall}/lifting`)).toMatchObject({ status: 409, body: { code: 'nothing_to_do' } })
    await hear()
    expect(await available('PLANT', 'BREAD')).toMatchObject({ sellable: 0 })
    await done('/api/condition-changes', { site: 'PLANT', sku: 'BREAD', lot: 'B2', quantity: 2, from: 'quarantine', to: 'sellable', place: 'DOCK' })
    expect(await available('PLANT', 'BREAD')).toMatchObject({ sellable: 2, reserved: 2 })
    expect(await trace('FLOUR', 'F1')).toMatchObject({ recall: null })
    await verified()
  })
})

describe('B3: a recall', async () => {
  const { world, call, done, rows, hear, bought, planned, output, order, shipped, trace, lots, available, verified } = await bakery()

  test('holds what was on its way when it was ordered, and what a customer brings back', async () => {
    await bought('SALT', 'S1', 5)
    await shipped(await order('PLANT', 'ANN', 'SALT', 1))
    await done('/api/transfers', { site: 'PLANT', to: 'SHOP', lines: [{ sku: 'SALT', quantity: 3 }] })
    expect(await trace('SALT', 'S1')).toMatchObject({ underWay: [{ from: 'PLANT', to: 'SHOP' }] })
    await done('/api/recalls', { sku: 'SALT', lot: 'S1', reason: 'Sand.' })
    await hear()
    expect(await rows('/api/stock?site=SHOP&sku=SALT')).toMatchObject([{ condition: 'quarantine', quantity: 3 }])
    expect(await available('PLANT', 'SALT')).toMatchObject({ sellable: 0 })
    await done('/api/orders/PLANT-1/delivery', { receivedBy: 'Ann' })
    await done('/api/orders/PLANT-1/return', { lines: [{ line: 1, quantity: 1, lot: 'S1' }] })
    expect((await trace('SALT', 'S1'))['customers']).toEqual([])
    await verified()
  })

  test('of a piece with a serial holds that piece', async () => {
    await done('/api/receipts', { site: 'PLANT', lines: [{ sku: 'PAN', quantity: 1, serial: 'P1' }, { sku: 'PAN', quantity: 1, serial: 'P2' }] })
    await done('/api/recalls', { sku: 'PAN', serial: 'P1', reason: 'Cracks.' })
    await hear()
    expect(await available('PLANT', 'PAN')).toMatchObject({ sellable: 1 })
    expect(await call('POST', '/api/condition-changes', { site: 'PLANT', sku: 'PAN', serial: 'P1', quantity: 1, place: 'DOCK', from: 'quarantine', to: 'sellable' })).toMatchObject({ status: 409, body: { code: 'lot_recalled', field: 'serial' } })
    await verified()
  })

  test('says where it must end: what is not told apart cannot be followed', async () => {
    await bought('FLOUR', 'F9', 2)
    await bought('SALT', 'S9', 1)
    await output(await planned('DOUGH', 1), 1, 'D9')
    await output(await planned('BREAD', 1), 1, 'B9')
    await output(await planned('CRUMBS', 1), 1, '')
    expect(lots(await trace('FLOUR', 'F9'))).toEqual(['0 FLOUR F9', '1 DOUGH D9', '2 BREAD B9', '3 CRUMBS '])
  })

  test('and orders that race it: nothing recalled is held, whoever comes first', async () => {
    await bought('FLOUR', 'F5', 30)
    const asked = Array.from({ length: 30 }, () => call('POST', '/api/orders', { site: 'PLANT', customer: 'ANN', lines: [{ sku: 'FLOUR', quantity: 1 }] }))
    const [recalled] = await Promise.all([call('POST', '/api/recalls', { sku: 'FLOUR', lot: 'F5', reason: 'Race.' }), hear(), ...asked])
    expect(recalled.status).toBe(201)
    await hear()
    expect(await available('PLANT', 'FLOUR')).toMatchObject({ sellable: 0, reserved: 0, demand: 30 })
    expect((await rows('/api/exceptions?site=PLANT')).filter((one) => one['kind'] === 'hold_shorted' && one['sku'] === 'FLOUR').length).toBeLessThanOrEqual(30)
    world.wait(1_000)
    await verified()
  })
})
