// Stories of storage, transport and delivery through the public API: what a picker, a packer and a driver meet on an ordinary day.

import { describe, expect, test } from 'vitest'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'] })
const http = await testHttp(server, world)
const [admin, warehouse, driver] = [await http.key('admin'), await http.key('warehouse'), await http.key('driver')]
const KILOGRAM = 1_000_000

interface Told {
  readonly status: number
  readonly rows: object[]
  readonly [field: string]: unknown
}

const by = (secret: string) => async (method: 'GET' | 'POST', url: string, body?: object) => {
  world.wait(1_000)
  const reply = await http.call(secret, method, url, body)
  return { ...reply.body, status: reply.status } as Told
}
const [asAdmin, asWarehouse, asDriver] = [by(admin), by(warehouse), by(driver)]
const exceptions = async () => ((await asWarehouse('GET', '/api/exceptions?site=SEA')).rows as { kind: string }[]).filter((one) => one.kind === 'short_pick')
const stockOf = async (sku: string) =>
  ((await asWarehouse('GET', `/api/stock?site=SEA&sku=${sku}`)).rows as { place: string; quantity: number }[]).map((row) => [row.place, row.quantity] as const).toSorted(([a], [b]) => (a < b ? -1 : 1))

await asAdmin('POST', '/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }] })
await asAdmin('POST', '/api/items', { items: ['BIKE', 'BELL', 'LAMP', 'LOCK', 'RACK'].map((sku) => ({ sku, name: sku, weight: KILOGRAM })) })
await asAdmin('POST', '/api/services', {
  services: [
    { code: 'GROUND', carrier: 'XRQ', name: 'Truck ground', minimum: 395, rate: 99, rateUnit: 'LB', transitDays: 5 },
    { code: 'FAST', carrier: 'ZY', name: 'Express', minimum: 995, rate: 450, rateUnit: 'KG', transitDays: 1 },
  ],
})
const bins = { 'A-1': [1, 1, 1], 'A-2': [1, 2, 1], 'B-1': [2, 1, 1], 'B-2': [2, 2, 1] } as const
await asWarehouse('POST', '/api/places', {
  site: 'SEA', places: Object.entries(bins).map(([code, [aisle, rack, level]]) => ({ code, kind: 'bin', position: { aisle, rack, level } })),
})

/** Goods come in at the dock and go to bins. */
async function stocked(sku: string, ...places: readonly (readonly [bin: string | undefined, quantity: number])[]): Promise<string[]> {
  const into: string[] = []
  for (const [to, quantity] of places) {
    expect((await asWarehouse('POST', '/api/receipts', { site: 'SEA', lines: [{ sku, quantity }] })).status).toBe(201)
    const put = await asWarehouse('POST', '/api/putaways', { site: 'SEA', sku, quantity, ...(to === undefined ? {} : { to }) })
    expect(put.status).toBe(201)
    into.push(put['place'] as string)
  }
  return into
}

/** Places an order and releases it; returns where it is. */
async function released(sku: string, quantity: number): Promise<string> {
  const placed = await asAdmin('POST', '/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku, quantity }] })
  const at = `/api/orders/${placed['number'] as string}`
  expect((await asWarehouse('POST', `${at}/allocation`, {})).status).toBe(200)
  return at
}
const stateOf = async (at: string) => (await asAdmin('GET', at))['state'] as string
const walk = async (at: string) => ((await asWarehouse('GET', `${at}/picks`)).rows as { place: string; quantity: number }[]).map((row) => [row.place, row.quantity])

describe('putaway', () => {
  test('sends goods where the item stands, else into the nearest empty bin, and says when there is none', async () => {
    expect((await asWarehouse('GET', '/api/bin-suggestions?site=SEA&sku=BELL'))).toMatchObject({ place: 'A-1', reason: 'empty' })
    expect(await stocked('BELL', [undefined, 4], [undefined, 2])).toEqual(['A-1', 'A-1'])
    expect((await asWarehouse('GET', '/api/bin-suggestions?site=SEA&sku=BELL'))).toMatchObject({ place: 'A-1', reason: 'same_item' })
    expect(await stocked('LAMP', [undefined, 1])).toEqual(['A-2'])
    expect(await stocked('LOCK', [undefined, 1])).toEqual(['B-2'])
    expect(await stocked('RACK', [undefined, 1])).toEqual(['B-1'])
    expect((await asWarehouse('GET', '/api/bin-suggestions?site=SEA&sku=BIKE'))).toMatchObject({ status: 409, code: 'no_bin_free' })
    expect(await asWarehouse('POST', '/api/relocations', { site: 'SEA', sku: 'BELL', quantity: 2, from: 'A-1', to: 'B-1' })).toMatchObject({ status: 201, place: 'B-1' })
    expect(await stockOf('BELL')).toEqual([['A-1', 4], ['B-1', 2]])
    const places = (await asWarehouse('GET', '/api/places?site=SEA&kind=bin')).rows
    expect(places).toMatchObject([{ code: 'A-1', aisle: 1, rack: 1, level: 1, stockRows: 1 }, { code: 'A-2' }, { code: 'B-1', stockRows: 2 }, { code: 'B-2' }])
  })
})

describe('a picker', () => {
  test('is led up one aisle and down the next; a bin that lacks goods sends him to another, and somebody to count', async () => {
    await stocked('LAMP', ['A-1', 2], ['B-1', 5])
    const at = await released('LAMP', 5)
    expect(await walk(at)).toEqual([['A-1', 2], ['A-2', 1], ['B-1', 2]])
    const before = await stockOf('LAMP')
    const pick = await asWarehouse('POST', `${at}/pick`, { picks: [{ line: 1, place: 'A-1', quantity: 0, short: true }] })
    expect(pick).toMatchObject({ status: 200, missed: [{ line: 1, missing: 2, elsewhere: 2 }] })
    expect(await walk(at)).toEqual([['A-2', 1], ['B-1', 4]])
    expect(await exceptions()).toMatchObject([{ kind: 'short_pick', sku: 'LAMP', place: 'A-1', quantity: 2 }])
    expect(await stockOf('LAMP')).toEqual(before)
    expect(await asWarehouse('POST', `${at}/pick`, {})).toMatchObject({ status: 200, lines: [{ quantity: 1 }, { quantity: 4 }] })
    expect(await stateOf(at)).toBe('picked')
    await asWarehouse('POST', '/api/counts', { site: 'SEA', sku: 'LAMP', counted: 0, place: 'A-1' })
    expect(await exceptions()).toEqual([])
  })

  test('may stop half way: the rest of the pick list stays to be picked, and what waited is released later (erpnext #52851)', async () => {
    const at = await released('BELL', 6)
    expect(await asWarehouse('POST', `${at}/pick`, { picks: [{ line: 1, place: 'B-1', quantity: 1 }] })).toMatchObject({ status: 200, lines: [{ quantity: 1 }] })
    expect(await walk(at)).toEqual([['A-1', 4], ['B-1', 1]])
    // What was picked goes at once; the rest is still to be picked.
    expect((await asWarehouse('POST', `${at}/shipment`, {})).status).toBe(201)
    expect(await asWarehouse('POST', `${at}/pick`, { picks: [{ line: 1, place: 'A-1', quantity: 1, short: true }] })).toMatchObject({ missed: [{ missing: 3, elsewhere: 0 }] })
    expect(await walk(at)).toEqual([['B-1', 1]])
    await stocked('BELL', ['B-2', 3])
    expect(await asWarehouse('POST', `${at}/allocation`, {})).toMatchObject({ status: 200, lines: [{ allocated: 3 }] })
    expect((await asWarehouse('POST', `${at}/pick`, {})).status).toBe(200)
    expect((await asWarehouse('POST', `${at}/shipment`, {})).status).toBe(201)
    expect(await stateOf(at)).toBe('shipped')
  })

  test('sees the lists of all orders of his site, page by page', async () => {
    await stocked('RACK', ['A-1', 3])
    const orders = [await released('RACK', 2), await released('RACK', 2)]
    const all = (await asWarehouse('GET', '/api/picks?site=SEA')).rows
    expect(all).toMatchObject([{ place: 'A-1', sku: 'RACK', aisle: 1 }, { place: 'A-1' }, { place: 'B-1' }])
    const first = await asWarehouse('GET', '/api/picks?site=SEA&limit=2')
    const second = await asWarehouse('GET', `/api/picks?site=SEA&limit=2&cursor=${first['next'] as string}`)
    expect([...(first.rows), ...(second.rows)]).toEqual(all)
    expect(second['next']).toBeNull()
    for (const at of orders) await asAdmin('POST', `${at}/cancellation`, {})
    expect((await asWarehouse('GET', '/api/picks?site=SEA')).rows).toEqual([])
  })
})

describe('a shipment', () => {
  const packed = async (sku: string, quantity: number): Promise<string> => {
    await stocked(sku, ['B-2', quantity])
    const at = await released(sku, quantity)
    await asWarehouse('POST', `${at}/pick`, {})
    return at
  }

  test('is packed, rated, shipped, tracked, tried in vain and delivered; the promise stays as it was given', async () => {
    const at = await packed('LOCK', 3)
    const one = await asWarehouse('POST', `${at}/packages`, { carton: 250_000, lines: [{ line: 1, quantity: 2 }] })
    expect(one).toMatchObject({ status: 201, weight: 2_250_000, package: expect.stringMatching(/^\d{18}$/) as string })
    const wrong = await asWarehouse('POST', `${at}/packages`, { weighed: 5 })
    expect(await asWarehouse('POST', `${at}/unpacking`, { package: wrong['package'] as string })).toMatchObject({ status: 200, unpacked: 1 })
    await asWarehouse('POST', `${at}/packages`, { weighed: 1_300_000 })
    expect(await stateOf(at)).toBe('packed')
    const rates = await asWarehouse('GET', `${at}/rates`)
    // 3.55 kg are 7.83 pounds: 7.75 by the pound, 15.98 by the kilogram.
    expect(rates).toMatchObject({ weight: 3_550_000, rows: [{ code: 'GROUND', price: 775, transitDays: 5, promised: '2026-03-07' }, { code: 'FAST', price: 1_598 }] })
    expect(await asWarehouse('POST', `${at}/shipment`, { service: 'SLOW' })).toMatchObject({ status: 422, code: 'service_not_known' })
    const shipped = await asWarehouse('POST', `${at}/shipment`, { service: 'GROUND' })
    expect(shipped).toMatchObject({ status: 201, weight: 3_550_000, price: 775, promised: '2026-03-07' })
    const id = shipped['shipment'] as string
    const track = (body: object) => asDriver('POST', `/api/shipments/${id}/tracking`, { site: 'SEA', ...body })
    expect(await track({ event: 'out_for_delivery', estimated: '2026-03-08' })).toMatchObject({ status: 201, state: 'out_for_delivery', promised: '2026-03-07', estimated: '2026-03-08' })
    expect(await track({ event: 'handed_over', occurredAt: '2026-03-02T08:00:00Z' })).toMatchObject({ state: 'out_for_delivery', estimated: '2026-03-08' })
    expect(await track({ event: 'delivered' })).toMatchObject({ status: 422, code: 'body_not_valid' })
    expect(await asDriver('POST', `${at}/delivery-failure`, { reason: 'nobody at home' })).toMatchObject({ status: 200, estimated: '2026-03-03' })
    const onTheWay = (await asAdmin('GET', '/api/shipments?site=SEA&state=in_transit')).rows
    expect(onTheWay).toMatchObject([{ id, state: 'in_transit', service: 'GROUND', price: 775, promised: '2026-03-07', estimated: '2026-03-03' }])
    const delivery = { receivedBy: 'Ann', note: 'at the gate', position: { latitude_e6: 47_609_700, longitude_e6: -122_333_100 } }
    expect((await asDriver('POST', `${at}/delivery`, delivery)).status).toBe(200)
    expect(await asAdmin('GET', `/api/shipments/${id}?site=SEA`)).toMatchObject({
      state: 'delivered', receivedBy: 'Ann', note: 'at the gate', latitude_e6: 47_609_700, promised: '2026-03-07', lines: [{ sku: 'LOCK', quantity: 3, delivered: 3 }],
      packages: [{ weight: 2_250_000, content: [{ sku: 'LOCK', quantity: 2 }] }, { weight: 1_300_000, weighed: true, content: [{ quantity: 1 }] }],
      tracking: [{ event: 'out_for_delivery' }, { event: 'handed_over' }, { event: 'attempt_failed', note: 'nobody at home' }, { event: 'delivered' }],
    })
    expect(await stateOf(at)).toBe('delivered')
  })

  test('may be taken in part: what the customer does not want comes back to be looked at, and is not sold', async () => {
    const at = await packed('BIKE', 4)
    const id = (await asWarehouse('POST', `${at}/shipment`, {}))['shipment'] as string
    expect(await asDriver('POST', `${at}/delivery`, { receivedBy: 'Ann', accepted: [{ line: 1, quantity: 5 }] })).toMatchObject({ status: 409, code: 'more_than_shipped' })
    expect((await asDriver('POST', `${at}/delivery`, { receivedBy: 'Ann', accepted: [{ line: 1, quantity: 3 }] })).status).toBe(200)
    expect(await stateOf(at)).toBe('shipped')
    expect(await asWarehouse('POST', `${at}/undelivered`, { shipment: id })).toMatchObject({ status: 201, lines: [{ line: 1, quantity: 1 }] })
    expect((await asAdmin('GET', at))['lines']).toMatchObject([{ shipped: 4, delivered: 3, cameBack: 1 }])
    expect(await stateOf(at)).toBe('delivered')
    expect((await asAdmin('GET', '/api/stock?site=SEA&sku=BIKE')).rows).toMatchObject([{ place: 'INSPECTION', condition: 'quarantine', quantity: 1 }])
    expect((await asAdmin('GET', '/api/availability?site=SEA&sku=BIKE')).rows).toMatchObject([{ sellable: 0 }])
  })

  test('is not delivered before it left', async () => {
    const at = await packed('BIKE', 1)
    expect(await asDriver('POST', `${at}/delivery`, { receivedBy: 'Ann' })).toMatchObject({ status: 404, code: 'shipment_not_known' })
    await asWarehouse('POST', `${at}/shipment`, {})
    expect(await asDriver('POST', `${at}/delivery`, { receivedBy: 'Ann', deliveredAt: '2026-03-01T12:00:00Z' })).toMatchObject({ status: 422, code: 'before_shipment' })
    expect((await asDriver('POST', `${at}/delivery`, { receivedBy: 'Ann' })).status).toBe(200)
  })

  test('lists turn their pages, and take no cursor they did not make', async () => {
    const all = (await asAdmin('GET', '/api/shipments?site=SEA')).rows as { id: string }[]
    expect(all.length).toBeGreaterThan(3)
    const pages: object[] = []
    for (let next: string | null = ''; next !== null;) {
      const page = await asAdmin('GET', `/api/shipments?site=SEA&limit=2${next === '' ? '' : `&cursor=${next}`}`)
      pages.push(...(page.rows))
      next = page['next'] as string | null
    }
    expect(pages).toEqual(all)
    const cursor = Buffer.from(JSON.stringify(['not an id'])).toString('base64url')
    expect(await asAdmin('GET', `/api/shipments?site=SEA&cursor=${cursor}`)).toMatchObject({ status: 400, code: 'cursor_not_valid' })
    expect(await asAdmin('GET', `/api/shipments/${all[0]!.id}?site=PDX`)).toMatchObject({ status: 404, code: 'shipment_not_known' })
  })
})

test('sites do not share the begin of their numbers', async () => {
  expect((await asAdmin('POST', '/api/sites', { code: 'GSA', name: 'A', ssccPrefix: '0614141' })).status).toBe(201)
  expect(await asAdmin('POST', '/api/sites', { code: 'GSB', name: 'B', ssccPrefix: '06141411' })).toMatchObject({ status: 409, code: 'code_taken', field: 'ssccPrefix' })
  expect(await asAdmin('POST', '/api/sites', { code: 'GSB', name: 'B', ssccPrefix: '061' })).toMatchObject({ status: 422, code: 'body_not_valid' })
})

test('all of it verifies', async () => {
  expect(http.faults).toEqual([])
  await expectVerified(server, world.sealKey)
})
