// Lists as people use them: searched, filtered by what an order has come to, page by page, and the picture of what stands where.

import { describe, expect, test } from 'vitest'
import { testDatabase } from '../test-database.ts'
import { testHttp } from '../test-http.ts'
import { testWorld } from '../test-world.ts'

const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { 'AB-1': 10, 'AB-2': 0, 'ZX-9': 3 } })
const http = await testHttp(server, world)
const admin = await http.key('admin')
const get = async (url: string) => (await http.call(admin, 'GET', url)).body as { rows: Record<string, unknown>[]; next: string | null } & Record<string, unknown>
const post = async (url: string, body: object) => {
  const reply = await http.call(admin, 'POST', url, body)
  expect(reply.status, reply.text).toBeLessThan(300)
  return reply.body
}
await post('/api/items', { items: [{ sku: 'BK-R93R-48', name: 'Road-150 Red, 48' }, { sku: 'FR-1', name: 'HL Road Frame' }, { sku: 'CF-1', name: 'Café crème (1/2 kg)' }] })
await post('/api/parties', { parties: [{ code: 'C1', name: 'Ann Zweig', kind: 'customer' }, { code: 'C2', name: 'Bob', kind: 'customer' }, { code: 'S1', name: 'Parts & Annex', kind: 'supplier' }] })

async function place(customer: string, sku: string, quantity: number, ...actions: string[]): Promise<string> {
  const number = String((await post('/api/orders', { site: 'SEA', customer, lines: [{ sku, quantity }] }))['number'])
  for (const action of actions) await post(`/api/orders/${number}/${action}`, action === 'delivery' ? { receivedBy: 'Ann' } : {})
  return number
}
const delivered = await place('C1', 'AB-1', 1, 'allocation', 'pick', 'shipment', 'delivery')
const shipped = await place('C1', 'AB-1', 2, 'allocation', 'pick', 'shipment')
const allocated = await place('C2', 'AB-1', 1, 'allocation')
const held = await place('C2', 'AB-1', 1)
const backordered = await place('C1', 'AB-2', 4)
const cancelled = await place('C1', 'AB-2', 1, 'cancellation')
const inPart = await place('C1', 'ZX-9', 5)

describe('orders', () => {
  const numbers = async (query: string) => (await get(`/api/orders?site=SEA${query}`)).rows.map((row) => row['number'])

  test.each([
    ['',                       [inPart, cancelled, backordered, held, allocated, shipped, delivered]],
    ['&state=backordered',     [inPart, backordered]],
    ['&state=held',            [held]],
    ['&state=allocated',       [allocated]],
    ['&state=shipped',         [shipped]],
    ['&state=delivered',       [delivered]],
    ['&state=cancelled',       [cancelled]],
    ['&customer=C2',           [held, allocated]],
    ['&customer=C1&state=held', []],
    ['&customer=NOBODY',       []],
  ])('filtered by "%s"', async (query, expected) => expect(await numbers(query)).toEqual(expected))

  test('tell their value, their lines and the name of who asked', async () => {
    const [row] = (await get('/api/orders?site=SEA&limit=1')).rows
    expect(row).toMatchObject({ number: inPart, state: 'backordered', customer: 'C1', customerName: 'Ann Zweig', lines: 1, value: 1250, withoutPromise: 1, promised: null })
  })

  test('come page by page, by state too', async () => {
    for (const query of ['', '&state=backordered', '&customer=C1']) {
      const whole = await numbers(query)
      const paged: unknown[] = []
      for (let next: string | null = ''; next !== null;) {
        const page: { rows: Record<string, unknown>[]; next: string | null } = await get(`/api/orders?site=SEA${query}&limit=1${next === '' ? '' : `&cursor=${next}`}`)
        paged.push(...page.rows.map((row) => row['number']))
        next = page.next
      }
      expect(paged).toEqual(whole)
    }
  })

  test('have a story, and it is only theirs', async () => {
    const types = async (number: string) => (await get(`/api/orders/${number}/events`)).rows.map((row) => row['type'])
    expect(await types(delivered)).toEqual(['order.placed', 'order.allocated', 'order.picked', 'order.shipped', 'order.delivered'])
    expect(await types(cancelled)).toEqual(['order.placed', 'order.cancelled'])
    const { rows: [first], next } = await get(`/api/orders/${delivered}/events?limit=1`)
    expect(first).toMatchObject({ type: 'order.placed', site: 'SEA', data: { number: delivered } })
    expect((await get(`/api/orders/${delivered}/events?cursor=${next}`)).rows[0]).toMatchObject({ type: 'order.allocated' })
    expect((await http.call(admin, 'GET', '/api/orders/SEA-99999/events')).body).toMatchObject({ code: 'order_not_known' })
  })

  test('name the supply that covers what waits', async () => {
    await post('/api/purchases', { site: 'PDX', supplier: 'S1', lines: [{ sku: 'AB-2', quantity: 4, due: '2026-04-01' }] })
    const { number } = await post('/api/orders', { site: 'PDX', customer: 'C1', lines: [{ sku: 'AB-2', quantity: 3 }] })
    expect(await get(`/api/orders/${String(number)}`)).toMatchObject({
      lines: [{ name: 'Item AB-2', promised: '2026-04-01' }], pegs: [{ site: 'PDX', line: 1, quantity: 3, kind: 'purchase', due: '2026-04-01' }],
    })
  })
})

describe('a search', () => {
  const skus = async (search: string) => (await get(`/api/items?search=${encodeURIComponent(search)}`)).rows.map((row) => row['sku'])

  test.each([
    ['AB',          ['AB-1', 'AB-2']],
    ['ab-2',        ['AB-2']],
    ['BK-R93R-48',  ['BK-R93R-48']],
    ['bk-r9',       ['BK-R93R-48']],
    ['road',        ['BK-R93R-48', 'FR-1']],
    ['frame roa',   ['FR-1']],
    ['150 red',     ['BK-R93R-48']],
    ['café',        ['CF-1']],
    ['crè kg',      ['CF-1']],
    ['r93r 48',     ['BK-R93R-48']],
    ['nothing',     []],
    ["' & | !:*",   []],
  ])('for "%s" finds %j', async (search, expected) => expect(await skus(search)).toEqual(expected))

  test('finds parties of one kind', async () => {
    expect((await get('/api/parties?search=ann')).rows.map((row) => row['code'])).toEqual(['C1', 'S1'])
    expect((await get('/api/parties?search=ann&kind=customer')).rows.map((row) => row['code'])).toEqual(['C1'])
  })

  test('narrows stock and availability', async () => {
    expect((await get('/api/stock?site=SEA&search=zx')).rows).toMatchObject([{ sku: 'ZX-9', name: 'Item ZX-9', quantity: 3 }])
    expect((await get('/api/availability?site=SEA&search=ab')).rows).toMatchObject([{ sku: 'AB-1', name: 'Item AB-1' }, { sku: 'AB-2' }])
  })
})

test('an item is shown at every site that the key may see', async () => {
  const of = async (secret: string) => ((await http.call(secret, 'GET', '/api/items/AB-1/availability')).body['rows'] as object[])
  expect(await of(admin)).toMatchObject([{ site: 'PDX', sellable: 10, free: 10 }, { site: 'SEA', sellable: 7, reserved: 2, free: 5 }])
  expect(await of(await http.key('sales', [await world.site('PDX')]))).toMatchObject([{ site: 'PDX' }])
  expect((await http.call(admin, 'GET', '/api/items/NONE/availability')).body).toMatchObject({ code: 'item_not_known' })
})

test('the ledger is read from either end', async () => {
  const sequences = async (query: string) => (await get(`/api/moves?site=SEA&sku=AB-1${query}`)).rows.map((row) => row['sequence'])
  const forward = await sequences('')
  expect(await sequences('&from=newest')).toEqual(forward.toReversed())
  const { rows, next } = await get('/api/moves?site=SEA&sku=AB-1&from=newest&limit=2')
  expect(rows.map((row) => row['sequence'])).toEqual(forward.toReversed().slice(0, 2))
  expect((await sequences(`&from=newest&cursor=${next}`))).toEqual(forward.toReversed().slice(2))
})

test('the picture says what stands at each stage, and what was lost and counted', async () => {
  await post('/api/losses', { site: 'SEA', sku: 'AB-1', quantity: 1, cause: 'theft' })
  await post('/api/counts', { site: 'SEA', sku: 'ZX-9', counted: 2 })
  const standing = (lines: number, value: number, short = 0) => ({ lines, value, late: 0, short })
  expect(await get('/api/flow?site=SEA')).toMatchObject({
    flow: [
      { stage: 'order',     ...standing(4, 2 * 250 + 4 * 250 + 5 * 250, 2) },
      { stage: 'promise',   ...standing(2, 4 * 250 + 3 * 250, 2) },
      { stage: 'reserve',   ...standing(2, 250 + 2 * 250) },
      { stage: 'purchase',  ...standing(0, 0) },
      { stage: 'produce',   ...standing(0, 0) },
      { stage: 'store',     ...standing(1, 250) },
      { stage: 'transport', ...standing(1, 500) },
      { stage: 'deliver',   ...standing(1, 250) },
    ],
    loop: [{ part: 'record', count: 1 }, { part: 'shrinkage', count: 1, value: 100 }, { part: 'count', count: 1, value: 100 }],
  })
  expect(await get('/api/flow?site=PDX')).toMatchObject({ flow: [{ stage: 'order', lines: 1, short: 1 }, {}, {}, { stage: 'purchase', lines: 1, value: 400 }, {}, {}, {}, {}] })
})

test('what was promised and did not come is late', async () => {
  world.wait(40 * 86_400_000)
  const { flow } = await get('/api/flow?site=PDX') as unknown as { flow: { stage: string; late: number }[] }
  expect(flow.filter((one) => one.late > 0).map((one) => one.stage)).toEqual(['order', 'promise', 'purchase'])
})

test('nothing was a fault', () => expect(http.faults).toEqual([]))
