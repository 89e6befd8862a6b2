// Stories of supply, through the public door: what is short is bought and made once, at every level; a late truck is told to those it hurts and
// rewrites nobody's promise; what is rejected is never sold.

import { describe, expect, test } from 'vitest'
import { raiseOverdue } from '../server/overdue.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

interface Row { readonly [name: string]: unknown }

/** A maker of bicycles: a bicycle is two wheels and a frame, a wheel is a rim and 36 spokes of which a tenth breaks. */
async function maker() {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA'] })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const send = async (method: 'GET' | 'POST', url: string, body?: unknown) => {
    const reply = await http.call(admin, method, url, body)
    return { status: reply.status, body: reply.body as Record<string, never> & Row }
  }
  const post = async (url: string, body: unknown) => send('POST', url, body)
  const get = async (url: string) => (await send('GET', url)).body
  const done = async (url: string, body: unknown) => {
    const { status, body: answer } = await post(url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  await done('/api/parties', { parties: [['C1', 'customer'], ['S1', 'supplier'], ['S2', 'supplier']].map(([code, kind]) => ({ code, name: code, kind })) })
  const made = { source: 'make', makeDays: 1 }
  await done('/api/items', {
    items: [{ sku: 'BIKE', ...made }, { sku: 'WHEEL', ...made }, { sku: 'FRAME' }, { sku: 'RIM' }, { sku: 'SPOKE' }, { sku: 'BELL' }].map((item) => ({ name: item.sku, standardCost: 100, ...item })),
  })
  await done('/api/bills', {
    lines: [['BIKE', 'WHEEL', 2], ['BIKE', 'FRAME', 1], ['WHEEL', 'RIM', 1], ['WHEEL', 'SPOKE', 36, 100_000]].map(([parent, component, quantity, scrapPerMillion = 0]) =>
      ({ parent, component, quantity, scrapPerMillion, validFrom: '2026-01-01' })),
  })
  const offer = (supplier: string, sku: string, price: number, leadTimeDays: number, more = {}) => ({ supplier, sku, price, leadTimeDays, ...more })
  await done('/api/supplier-items', {
    offers: [offer('S1', 'FRAME', 5_000, 10), offer('S2', 'RIM', 900, 7), offer('S2', 'SPOKE', 20, 5, { minimum: 100, multiple: 50, preferred: true }), offer('S1', 'SPOKE', 15, 30), offer('S1', 'BELL', 300, 4, { minimum: 100 })],
  })
  const order = async (sku: string, quantity: number) => String((await done('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku, quantity }] }))['number'])
  const lineOf = async (number: string) => ((await get(`/api/orders/${number}`))['lines'] as unknown as Row[])[0]!
  const rows = async (url: string) => (await get(url))['rows'] as unknown as Row[]
  const day = (days: number) => new Date(Date.parse(`${world.today()}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  return { server, world, http, post, get, done, order, lineOf, rows, day, verified: () => expectVerified(server, world.sealKey) }
}

describe('covering shortages', async () => {
  const { get, done, order, lineOf, rows, day, world, post, verified } = await maker()

  test('erpnext #58710: a minimum is applied once to what all orders need together, and the dry run said so', async () => {
    for (const some of [35, 35, 30]) await order('BELL', some)
    const dry = await get('/api/shortages?site=SEA')
    expect(dry).toMatchObject({
      lines: [{ sku: 'BELL', demand: 100, stock: 0, supply: 0, short: 100, source: 'supplier', supplier: 'S1', minimum: 100, quantity: 100, due: day(4), because: expect.stringContaining('100 short') as string }],
      purchases: [{ supplier: 'S1', lines: 1 }], workOrders: [], more: false,
    })
    expect(await rows('/api/purchases?site=SEA')).toEqual([])
    expect((await done('/api/shortages/cover', { site: 'SEA' }))['lines']).toEqual(dry['lines'])
    expect(await get('/api/shortages?site=SEA')).toMatchObject({ lines: [], purchases: [], workOrders: [] })
    expect((await done('/api/shortages/cover', { site: 'SEA' }))['purchases']).toEqual([])
  })

  test('what is made is made at every level, and what that needs is bought, a purchase a supplier', async () => {
    world.wait(1_000)
    const number = await order('BIKE', 3)
    const dry = await get('/api/shortages?site=SEA')
    const answer = await done('/api/shortages/cover', { site: 'SEA' })
    expect(answer['lines']).toEqual(dry['lines'])
    expect((answer['lines'] as unknown as Row[]).map(({ sku, short, quantity, source }) => [sku, short, quantity, source])).toEqual([
      ['BIKE', 3, 3, 'production'], ['WHEEL', 6, 6, 'production'], ['FRAME', 3, 3, 'supplier'], ['RIM', 6, 6, 'supplier'], ['SPOKE', 240, 250, 'supplier'],
    ])
    expect(answer['purchases']).toMatchObject([{ supplier: 'S1', lines: 1 }, { supplier: 'S2', lines: 2 }])
    expect(await lineOf(number)).toMatchObject({ promised: null, estimate: day(11) })
    await verified()
  })

  test('runs through to the customer: received, issued, made twice, delivered', async () => {
    const [number] = [(await rows('/api/orders?site=SEA'))[0]!['number'] as string]
    const purchases = await rows('/api/purchases?site=SEA&limit=2')
    world.wait(9 * 86_400_000)
    for (const { id } of purchases) {
      const lines = (await get(`/api/purchases/${String(id)}?site=SEA`))['lines'] as unknown as Row[]
      await done('/api/receipts', { site: 'SEA', purchase: id, lines: lines.map(({ line, sku, quantity }) => ({ line, sku, quantity })) })
    }
    const orders = (await rows('/api/work-orders?site=SEA')).toSorted((a, b) => (a['sku'] === 'WHEEL' ? -1 : b['sku'] === 'WHEEL' ? 1 : 0))
    for (const { id, quantity } of orders) {
      await done(`/api/work-orders/${String(id)}/issue`, { site: 'SEA' })
      await done(`/api/work-orders/${String(id)}/output`, { site: 'SEA', quantity })
      expect(await get(`/api/work-orders/${String(id)}?site=SEA`)).toMatchObject({ state: 'completed', can: [] })
    }
    // 6 rims at 9.00, 240 of the spokes at 0.20 and 3 frames at 50.00 are in three bicycles.
    expect((await rows('/api/moves?site=SEA&limit=1000')).findLast((move) => move['cause'] === 'output')).toMatchObject({ sku: 'BIKE', quantity: 3, value: 6 * 900 + 240 * 20 + 3 * 5_000 })
    for (const action of ['allocation', 'pick', 'shipment']) await done(`/api/orders/${number}/${action}`, {})
    await done(`/api/orders/${number}/delivery`, { receivedBy: 'Ann' })
    expect(await get(`/api/orders/${number}`)).toMatchObject({ state: 'delivered' })
    await verified()
  })

  test('a work order needs a bill, and a bill may not lead back to itself', async () => {
    expect(await post('/api/work-orders', { site: 'SEA', sku: 'BELL', quantity: 1 })).toMatchObject({ status: 422, body: { code: 'bill_empty' } })
    const line = { quantity: 1, validFrom: '2026-01-01' }
    expect(await post('/api/bills', { lines: [{ parent: 'SPOKE', component: 'BIKE', ...line }] })).toMatchObject({ status: 422, body: { code: 'bill_cyclic' } })
    expect(await post('/api/bills', { lines: [{ parent: 'BELL', component: 'BELL', ...line }] })).toMatchObject({ status: 422, body: { code: 'bill_cyclic' } })
    expect(await post('/api/bills', { lines: [{ parent: 'BIKE', component: 'FRAME', ...line, validFrom: '2026-02-01' }] })).toMatchObject({ status: 409, body: { code: 'bill_overlaps' } })
    expect(await post('/api/bills', { lines: [{ parent: 'BIKE', component: 'NONE', ...line }] })).toMatchObject({ status: 422, body: { code: 'item_not_known' } })
    expect(await post('/api/supplier-items', { offers: [{ supplier: 'S1', sku: 'BELL', price: 1 }] })).toMatchObject({ status: 422, body: { code: 'lead_time_missing', field: 'offers/1/leadTimeDays' } })
    expect(await post('/api/purchases', { site: 'SEA', supplier: 'S2', lines: [{ sku: 'BELL', quantity: 1 }] })).toMatchObject({ status: 422, body: { code: 'lead_time_missing' } })
    expect(await get('/api/bills?sku=WHEEL')).toMatchObject({ rows: [{ component: 'RIM' }, { component: 'SPOKE', scrapPerMillion: 100_000 }] })
    expect(await get('/api/supplier-items?sku=SPOKE')).toMatchObject({ rows: [{ supplier: 'S1' }, { supplier: 'S2', minimum: 100 }] })
  })
})

test('an item that was bought is made from now on; what was bought before still comes', async () => {
  const { get, done, order, rows, post, verified } = await maker()
  const number = await order('FRAME', 3)
  await done('/api/shortages/cover', { site: 'SEA' })
  await done('/api/bills', { lines: [{ parent: 'FRAME', component: 'BELL', quantity: 1, validFrom: '2026-01-01' }] })
  expect(await done('/api/items/FRAME/supply', { source: 'make', makeDays: 4 })).toEqual({ sku: 'FRAME', source: 'make', makeDays: 4 })
  expect(await post('/api/items/NONE/supply', { source: 'make' })).toMatchObject({ status: 422, body: { code: 'item_not_known' } })
  await order('FRAME', 2)
  await done('/api/shortages/cover', { site: 'SEA' })
  expect(await rows('/api/work-orders?site=SEA')).toMatchObject([{ sku: 'FRAME', quantity: 2, makeDays: 4 }])
  const frames = (await rows('/api/purchases?site=SEA')).find((row) => row['supplier'] === 'S1' && row['value'] === 15_000)!
  expect(await get(`/api/purchases/${String(frames['id'])}?site=SEA`)).toMatchObject({ lines: [{ sku: 'FRAME', quantity: 3, open: 3 }] })
  await done('/api/receipts', { site: 'SEA', purchase: frames['id'], lines: [{ line: 1, sku: 'FRAME', quantity: 3 }] })
  expect(await get(`/api/orders/${number}`)).toMatchObject({ state: 'held' })
  await done('/api/items/FRAME/supply', { source: 'buy' })
  await order('FRAME', 1)
  await done('/api/shortages/cover', { site: 'SEA' })
  expect((await rows('/api/work-orders?site=SEA')).length).toBe(1)
  await verified()
})

describe('a supply that nobody reports', async () => {
  const { done, order, lineOf, rows, day, world, verified } = await maker()

  test('not there on its day, it is raised by itself with the customer it hurts, and settled when it comes', async () => {
    const { id } = await done('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku: 'RIM', quantity: 5, due: day(2) }] })
    const number = await order('RIM', 2)
    const overdue = async () => (await rows('/api/exceptions?site=SEA')).filter((row) => row['kind'] === 'supply_overdue')
    const promised = (await lineOf(number))['promised']
    expect(promised).toBe(day(2))
    world.wait(3 * 86_400_000)
    for (let look = 1; look <= 3; look += 1) await raiseOverdue(world.lanes)
    expect(await overdue()).toMatchObject([{ sku: 'RIM', document: id, quantity: 2, detail: expect.stringContaining(`is not there; it hurts ${number} line 1 (promised ${String(promised)})`) as string }])
    expect(await lineOf(number)).toMatchObject({ promised, estimate: day(0) })
    world.wait(86_400_000)
    await raiseOverdue(world.lanes)
    expect([(await overdue()).length, (await lineOf(number))['estimate']]).toEqual([1, day(0)])
    await done('/api/receipts', { site: 'SEA', purchase: id, lines: [{ line: 1, sku: 'RIM', quantity: 5 }] })
    expect(await overdue()).toEqual([])
    expect(await lineOf(number)).toMatchObject({ promised })
    await verified()
  })
})

describe('a supply that disappoints', async () => {
  const { get, done, order, lineOf, rows, day, post, http, verified } = await maker()

  test('late, it changes what is expected and never what was promised', async () => {
    const { id } = await done('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku: 'BELL', quantity: 10, due: day(3) }] })
    const number = await order('BELL', 4)
    expect(await lineOf(number)).toMatchObject({ promised: day(3), estimate: day(3) })
    await done(`/api/purchases/${String(id)}/due-date`, { site: 'SEA', lines: [{ line: 1, due: day(12) }] })
    expect(await lineOf(number)).toMatchObject({ promised: day(3), estimate: day(12) })
    expect(await rows('/api/exceptions?site=SEA')).toMatchObject([{ kind: 'supply_late', sku: 'BELL', document: id, quantity: 4, detail: expect.stringContaining(`${number} line 1 (promised ${day(3)})`) as string }])
    expect((await get(`/api/purchases/${String(id)}?site=SEA`))['lines']).toMatchObject([{ due: day(3), expected: day(12) }])
    // Short: three come, two of them rejected, and nothing more will.
    const line = { sku: 'BELL', line: 1, quantity: 1, rejected: 2, isLast: true }
    await done('/api/receipts', { site: 'SEA', purchase: id, lines: [line] })
    expect(await lineOf(number)).toMatchObject({ promised: day(3), estimate: null })
    expect((await get(`/api/purchases/${String(id)}?site=SEA`))['lines']).toMatchObject([{ received: 1, rejected: 2, cancelled: 9, open: 0 }])
    expect((await rows('/api/exceptions?site=SEA')).map((row) => String(row['kind'])).toSorted()).toEqual(['supply_late', 'supply_short'])
    expect(await rows('/api/stock?site=SEA&sku=BELL')).toMatchObject([{ condition: 'quarantine', place: 'INSPECTION', quantity: 2 }, { condition: 'sellable', quantity: 1 }])
    expect(await rows('/api/availability?site=SEA&sku=BELL')).toMatchObject([{ sellable: 1, reserved: 1, demand: 4, supply: 0 }])
    await done('/api/shortages/cover', { site: 'SEA' })
    expect(await lineOf(number)).toMatchObject({ promised: day(3), estimate: day(4) })
    await verified()
  })

  test('a little over is taken, more is not, and what goes back with the truck never was ours', async () => {
    const { id } = await done('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku: 'FRAME', quantity: 40, due: day(3), unitPrice: 100 }] })
    const receipt = (line: object) => post('/api/receipts', { site: 'SEA', purchase: id, lines: [{ sku: 'FRAME', line: 1, ...line }] })
    expect(await receipt({ quantity: 43 })).toMatchObject({ status: 409, body: { code: 'more_than_expected' } })
    expect(await receipt({ quantity: 0, rejected: 3, rejectedTo: 'back' })).toMatchObject({ status: 201 })
    expect(await rows('/api/stock?site=SEA&sku=FRAME')).toEqual([])
    expect(await receipt({ quantity: 41 })).toMatchObject({ status: 201 })
    expect(await receipt({ quantity: 2 })).toMatchObject({ status: 409, body: { code: 'more_than_expected' } })
    expect((await get(`/api/purchases/${String(id)}?site=SEA`))['lines']).toMatchObject([{ quantity: 40, received: 41, rejected: 3, open: 0 }])
    expect((await rows('/api/moves?site=SEA&sku=FRAME'))).toMatchObject([{ cause: 'receipt', quantity: 41, value: 4_100 }])
    expect(await receipt({ quantity: 0 })).toMatchObject({ status: 422, body: { code: 'quantity_not_positive' } })
    await verified()
  })

  test('a component that will not come leaves the customer above it without an estimate', async () => {
    const number = await order('BIKE', 1)
    await done('/api/shortages/cover', { site: 'SEA' })
    const before = (await lineOf(number))['estimate']
    expect(before).toBe(day(9))
    const [purchase] = (await rows('/api/purchases?site=SEA')).filter((row) => row['supplier'] === 'S2')
    await done(`/api/purchases/${String(purchase!['id'])}/cancellation`, { site: 'SEA', lines: [1] })
    expect(await lineOf(number)).toMatchObject({ estimate: null })
    const told = (await rows('/api/exceptions?site=SEA')).filter((row) => String(row['detail']).includes(`${number} line 1`))
    expect(told).toMatchObject([{ kind: 'supply_short', document: purchase!['id'] }])
    await verified()
  })

  test('lists go on where the last page ended', async () => {
    for (const url of ['/api/purchases?site=SEA', '/api/work-orders?site=SEA', '/api/bills?', '/api/supplier-items?']) {
      const all = await rows(`${url}&limit=1000`)
      const paged: Row[] = []
      for (let next: string | null = ''; next !== null;) {
        const page: Record<string, unknown> = await get(`${url}&limit=1${next === '' ? '' : `&cursor=${next}`}`)
        paged.push(...(page['rows'] as Row[]))
        next = page['next'] as string | null
      }
      expect(all.length).toBeGreaterThan(1)
      expect(paged).toEqual(all)
    }
    expect(await get('/api/bills?cursor=WzEsMSwieCJd')).toMatchObject({ code: 'cursor_not_valid' })
  })

  test('nothing was a fault', () => {
    expect(http.faults).toEqual([])
  })
})
