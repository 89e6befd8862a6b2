// Stories of promises and of sourcing (A3, A5), through the public door: a basket is promised as a whole, what was promised stays, and a rule that people
// read and change says from where orders are served.

import { describe, expect, test, vi } from 'vitest'
import type { SiteId } from '../core/item.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld, type TestWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

/** Shops in Seattle and Portland, and a distribution centre that is three days away from both. */
async function company() {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX', 'DC'] })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const { get, post, done } = askingAs(http, admin)
  await done('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Parts', kind: 'supplier' }] })
  await done('/api/items', { items: ['LAMP', 'BELL', 'SEAT'].map((sku) => ({ sku, name: sku, listPrice: 1_000 })) })
  const stock = async (site: string, sku: string, quantity: number) => done('/api/receipts', { site, lines: [{ sku, quantity, place: 'SHELF' }] })
  const day = (days: number) => new Date(Date.parse(`${world.today()}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  const buy = async (site: string, sku: string, quantity: number, days: number) =>
    String((await done('/api/purchases', { site, supplier: 'S1', lines: [{ sku, quantity, due: day(days) }] }))['id'])
  const basket = async (site: string, ...lines: readonly (readonly [string, number])[]) =>
    done('/api/promises/basket', { site, lines: lines.map(([sku, quantity]) => ({ sku, quantity })) })
  const order = async (site: string, ...lines: readonly (readonly [string, number])[]) =>
    done('/api/orders', { site, customer: 'C1', lines: lines.map(([sku, quantity]) => ({ sku, quantity })) })
  const rule = async (more: object) => {
    await done('/api/sourcing', { site: 'SEA', prefers: 'date', sourcesMax: 2, splitsLines: true, lanes: [{ from: 'PDX', cost: 900, transitDays: 1 }, { from: 'DC', cost: 300, transitDays: 3 }], ...more })
    world.wait(10_000)
  }
  return { world, http, get, post, done, stock, day, buy, basket, order, rule, verified: () => expectVerified(server, world.sealKey) }
}

/** Lets no order hold anything at a site before so many want to: each has chosen the site by what it saw there before the others took it. */
function meetAt({ lanes }: TestWorld, site: SiteId, orders: number): void {
  const submit = lanes.submit.bind(lanes)
  const { promise: allHere, resolve } = Promise.withResolvers<void>()
  let here = 0
  vi.spyOn(lanes, 'submit').mockImplementation(async (at, request) => {
    if (at === site && request.command.kind === 'holdForOrder') {
      here += 1
      if (here === orders) resolve()
      await allHere
    }
    return submit(at, request)
  })
}

const told = (answer: Row) => (answer['lines'] as Row[]).map(({ sku, source, quantity, promised }) => [sku, source, quantity, promised])

describe('A3: a whole basket is promised in one call', async () => {
  const { get, done, stock, day, buy, basket, order, post, verified } = await company()
  await stock('SEA', 'LAMP', 5)
  const purchase = await buy('SEA', 'LAMP', 10, 6)

  test('each line after what the lines before it took, with what it counts on, and what nobody knows', async () => {
    const answer = await basket('SEA', ['LAMP', 4], ['LAMP', 4], ['BELL', 1])
    expect(answer).toMatchObject({
      site: 'SEA', promised: null,
      lines: [
        { line: 1, promised: day(0), confidence: 'high', reason: 'in_stock', parts: [{ source: 'SEA', held: 4 }] },
        { line: 2, promised: day(6), confidence: 'medium', reason: 'incoming_supply', parts: [{ source: 'SEA', held: 1 }] },
        { line: 3, promised: null, confidence: 'none', reason: 'no_supply', parts: [{ held: 0 }] },
      ],
    })
    expect((answer['absent'] as unknown as Row[]).map((one) => one['input'])).toEqual(['belief', 'lead_times', 'capacity', 'calendars'])
  })

  test('and placing it gives the same, line by line; asking held nothing', async () => {
    const asked = await basket('SEA', ['LAMP', 4], ['LAMP', 4], ['BELL', 1])
    const placed = await order('SEA', ['LAMP', 4], ['LAMP', 4], ['BELL', 1])
    const promised = (answer: Row) => (answer['lines'] as Row[]).map((line) => [line['promised'], line['reason']])
    expect(promised(placed)).toEqual(promised(asked))
    await verified()
  })

  test('odoo #260603: a late purchase rewrites no promise: what was given stays as it was given', async () => {
    const before = await get('/api/orders/SEA-1')
    expect(before['promises']).toMatchObject([
      { line: 1, promised: day(0), confidence: 'high', because: null },
      { line: 2, promised: day(6), confidence: 'medium', reason: 'incoming_supply', because: '1 of it is held, the rest counts on supply that is on its way.' },
      { line: 3, promised: null, confidence: 'none', because: 'All of it waits: nothing that is on its way covers it.' },
    ])
    await done(`/api/purchases/${purchase}/due-date`, { site: 'SEA', lines: [{ line: 1, due: day(20) }] })
    const after = await get('/api/orders/SEA-1')
    expect(after['promises']).toEqual(before['promises'])
    expect((after['lines'] as unknown as Row[])[1]).toMatchObject({ promised: day(6), estimate: day(20) })
    await verified()
  })

  test('supply that is overdue is not told as sure', async () => {
    await buy('SEA', 'SEAT', 5, -2)
    expect(await basket('SEA', ['SEAT', 2])).toMatchObject({ lines: [{ promised: day(0), confidence: 'low' }] })
  })

  test('what is not known is refused by its line', async () => {
    expect(await post('/api/promises/basket', { site: 'SEA', lines: [{ sku: 'LAMP', quantity: 1 }, { sku: 'NONE', quantity: 1 }] })).toMatchObject({ status: 422, body: { code: 'item_not_known', field: 'lines/2/sku' } })
    expect(await post('/api/promises/basket', { site: 'SEA', lines: [{ sku: 'LAMP', quantity: 0 }] })).toMatchObject({ status: 422, body: { code: 'quantity_not_positive' } })
  })
})

describe('A5: orders are sourced by a rule that people read and change', async () => {
  const { world, get, post, stock, day, basket, order, rule, done, verified } = await company()
  await stock('SEA', 'LAMP', 2)
  await stock('PDX', 'LAMP', 20)
  await stock('DC', 'LAMP', 100)
  await stock('DC', 'BELL', 100)

  test('without one a site serves its orders itself', async () => {
    expect(await get('/api/sourcing?site=SEA')).toMatchObject({ lanes: [], inWords: 'SEA serves its orders itself', tag: null })
    expect(await basket('SEA', ['LAMP', 8])).toMatchObject({ lines: [{ promised: null, parts: [{ source: 'SEA', held: 2, because: null }] }] })
  })

  test('the earliest day first: what is asked and what is ordered come from the same sites, and the reason is kept', async () => {
    await rule({})
    expect(await get('/api/sourcing?site=SEA')).toMatchObject({ inWords: 'the earliest day, then the fewest sites, then the least cost; at most 2 sites an order, a line may be split' })
    expect(await basket('SEA', ['LAMP', 8])).toMatchObject({ lines: [{ promised: day(1), parts: [{ source: 'PDX', quantity: 8, because: expect.stringContaining('PDX serves it, 1 day away') as string }] }] })
    const placed = await order('SEA', ['LAMP', 8])
    expect(told(placed)).toEqual([['LAMP', 'PDX', 8, day(1)]])
    expect((await get(`/api/orders/${String(placed['number'])}`))['promises']).toMatchObject([
      { line: 1, source: 'PDX', promised: day(1), confidence: 'high', because: expect.stringContaining('SEA has 2 of 8') as string },
    ])
    await verified()
  })

  test('a line is split where that is sooner, and goes on in a line of its own', async () => {
    const placed = await order('SEA', ['LAMP', 14], ['BELL', 1])
    expect(told(placed).map(([sku, source, quantity]) => [sku, source, quantity])).toEqual([['LAMP', 'DC', 14], ['BELL', 'DC', 1]])
    const parted = await order('SEA', ['LAMP', 13])
    expect(told(parted).map(([sku, source, quantity]) => [sku, source, quantity])).toEqual([['LAMP', 'SEA', 2], ['LAMP', 'PDX', 11]])
    expect((parted['lines'] as unknown as Row[])[1]).toMatchObject({ line: 2, partOf: 1, held: 11 })
    await verified()
  })

  test('the least cost, one site, and what a site keeps', async () => {
    await rule({ prefers: 'cost', sourcesMax: 1, ownCost: 500 })
    expect(told(await order('SEA', ['LAMP', 5]))).toEqual([['LAMP', 'DC', 5, day(3)]])
    await rule({ sourcesMax: 1, lanes: [{ from: 'DC', transitDays: 3, keepPercent: 90 }] })
    expect(told(await order('SEA', ['LAMP', 60]))).toMatchObject([['LAMP', 'SEA', 60, null]])
  })

  test('a site that was named is asked, whatever the rule says', async () => {
    await rule({})
    const placed = await done('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'BELL', quantity: 1, source: 'DC' }] })
    expect(told(placed)).toEqual([['BELL', 'DC', 1, day(3)]])
    await verified()
  })

  test('two at once want the last ones: the lane that refuses is sought anew, by the rule, and the customer is told why', async () => {
    await stock('PDX', 'SEAT', 5)
    await stock('DC', 'SEAT', 5)
    meetAt(world, await world.site('PDX'), 2)
    const [one, other] = await Promise.all([order('SEA', ['SEAT', 5]), order('SEA', ['SEAT', 5])])
    vi.restoreAllMocks()
    expect([one, other].map((answer) => String(told(answer)[0]![1])).toSorted((a, b) => a.localeCompare(b))).toEqual(['DC', 'PDX'])
    const sought = [one, other].find((answer) => told(answer)[0]![1] === 'DC')!
    expect(sought['lines']).toMatchObject([{ held: 5, promised: day(3), because: expect.stringContaining('PDX had not enough any more when asked') as string }])
    await verified()
  })

  test('a rule that another changed meanwhile is not overwritten, and one that names a site twice or itself is refused', async () => {
    const { tag } = await get('/api/sourcing?site=SEA')
    const body = { site: 'SEA', prefers: 'cost', sourcesMax: 2, splitsLines: false, lanes: [{ from: 'PDX' }] }
    await done('/api/sourcing', { ...body, ifMatch: tag })
    expect(await post('/api/sourcing', { ...body, ifMatch: tag })).toMatchObject({ status: 412, body: { code: 'changed_meanwhile' } })
    expect(await post('/api/sourcing', { ...body, lanes: [{ from: 'PDX' }, { from: 'PDX' }] })).toMatchObject({ status: 422, body: { code: 'source_doubled', field: 'lanes/2/from' } })
    expect(await post('/api/sourcing', { ...body, lanes: [{ from: 'SEA' }] })).toMatchObject({ status: 422, body: { code: 'source_cyclic', field: 'lanes/1/from' } })
    expect(await post('/api/sourcing', { ...body, lanes: [{ from: 'NOSITE' }] })).toMatchObject({ status: 404, body: { code: 'site_not_known' } })
    expect((await get('/api/sourcing?site=SEA'))['lanes']).toMatchObject([{ from: 'PDX', cost: 0, keepPercent: 0 }])
    world.wait(10_000)
  })
})
