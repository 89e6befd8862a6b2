// Stories of transfers, through the public door: a shop's shortage becomes the distribution centre's, and that one's the plant's; the goods go the same
// way back and are nowhere twice; and the record proves it at every step.

import { describe, expect, test } from 'vitest'
import { deliverAll } from '../server/relay.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

interface Row { readonly [name: string]: unknown }
interface Transferred { readonly id: string; readonly from: string; readonly lines: number }

describe('a bell that the shop does not have', async () => {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['PLANT', 'DC', 'SHOP'] })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const call = async (method: 'GET' | 'POST', url: string, body?: unknown) => {
    const reply = await http.call(admin, method, url, body)
    return { status: reply.status, body: reply.body as Record<string, never> & Row }
  }
  const done = async (url: string, body: unknown) => {
    const { status, body: answer } = await call('POST', url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  const cover = async (site: string) => await done('/api/shortages/cover', { site })
  const transferOf = ({ transfers }: { readonly transfers?: unknown }): Transferred => (transfers as readonly Transferred[])[0]!
  const hear = () => deliverAll({ database: server, lanes: world.lanes })
  const verified = () => expectVerified(server, world.sealKey)
  const nextDay = () => world.wait(86_400_000)
  const stockAt = async (site: string) => ((await call('GET', `/api/availability?site=${site}`)).body['rows'] as unknown as Row[]).map((row) => row['sellable'])

  await done('/api/parties', { parties: [{ code: 'C1', name: 'C1', kind: 'customer' }, { code: 'S1', name: 'S1', kind: 'supplier' }] })
  await done('/api/items', { items: [{ sku: 'BELL', name: 'Bell', standardCost: 100 }] })
  await done('/api/supplier-items', { offers: [{ supplier: 'S1', sku: 'BELL', price: 90, leadTimeDays: 3, minimum: 10 }] })
  const source = (site: string, from: string, transferDays: number) => ({ site, source: 'buy', from, transferDays })
  let shopAsks: Transferred, centreAsks: Transferred, order: string

  test('no two sites supply each other', async () => {
    await done('/api/site-sources', { sources: [source('SHOP', 'DC', 1), source('DC', 'PLANT', 2)] })
    expect(await call('POST', '/api/site-sources', { sources: [source('PLANT', 'SHOP', 1)] })).toMatchObject({ status: 422, body: { code: 'source_cyclic', field: 'sources/1/from' } })
    expect((await call('GET', '/api/site-sources')).body['rows']).toMatchObject([source('DC', 'PLANT', 2), source('SHOP', 'DC', 1)])
  })

  test('is asked of the distribution centre, which asks the plant, which buys it; each once, however often it is run', async () => {
    order = String((await done('/api/orders', { site: 'SHOP', customer: 'C1', lines: [{ sku: 'BELL', quantity: 4 }] }))['number'])
    const dry = (await call('GET', '/api/shortages?site=SHOP')).body
    expect(dry).toMatchObject({ lines: [{ short: 4, source: 'site', supplier: 'DC', quantity: 4 }], transfers: [{ from: 'DC', lines: 1 }], purchases: [] })
    shopAsks = transferOf(await cover('SHOP'))
    await verified()
    expect((await call('GET', `/api/transfers/${shopAsks.id}?site=DC`)).body).toMatchObject({ code: 'transfer_not_known' })
    await hear()
    centreAsks = transferOf(await cover('DC'))
    await hear()
    expect(await cover('PLANT')).toMatchObject({ lines: [{ demand: 4, source: 'supplier', quantity: 10 }], purchases: [{ supplier: 'S1' }], transfers: [] })
    for (const site of ['SHOP', 'DC', 'PLANT']) expect(await cover(site)).toMatchObject({ lines: [], purchases: [], transfers: [] })
    await verified()
  })

  test('leaves the plant when it is there, and is nowhere until the dock has it', async () => {
    expect(await call('POST', `/api/transfers/${centreAsks.id}/dispatch`, { site: 'PLANT' })).toMatchObject({ status: 409, body: { code: 'not_held' } })
    const [purchase] = (await call('GET', '/api/purchases?site=PLANT')).body['rows'] as unknown as Row[]
    await done('/api/receipts', { site: 'PLANT', purchase: purchase!['id'], lines: [{ sku: 'BELL', quantity: 10 }] })
    const sent = await done(`/api/transfers/${centreAsks.id}/dispatch`, { site: 'PLANT' })
    await verified()
    await hear()
    await verified()
    expect([await stockAt('PLANT'), await stockAt('DC')]).toEqual([[6], [0]])
    const { body } = await call('GET', `/api/transfers/${centreAsks.id}?site=DC`)
    expect(body).toMatchObject({ lines: [{ direction: 'supply', quantity: 4, posted: 0, due: sent['arrivesOn'] }], underWay: [{ sku: 'BELL', quantity: 4, from: 'PLANT' }] })
    nextDay()
    nextDay()
    await done(`/api/transfers/${centreAsks.id}/arrival`, { site: 'DC' })
    expect(await call('POST', `/api/transfers/${centreAsks.id}/arrival`, { site: 'DC' })).toMatchObject({ status: 409, body: { code: 'nothing_to_do' } })
    await verified()
  })

  test('goes on to the shop and is held for the customer', async () => {
    await done(`/api/transfers/${shopAsks.id}/dispatch`, { site: 'DC' })
    await hear()
    await done(`/api/transfers/${shopAsks.id}/arrival`, { site: 'SHOP' })
    expect((await call('GET', `/api/orders/${order}`)).body).toMatchObject({ state: 'held' })
    expect([await stockAt('PLANT'), await stockAt('DC'), await stockAt('SHOP')]).toEqual([[6], [0], [4]])
    await verified()
  })

  test('may be asked for by hand', async () => {
    const { id } = await done('/api/transfer-requests', { site: 'SHOP', from: 'PLANT', lines: [{ sku: 'BELL', quantity: 5 }] }) as unknown as { id: string }
    await hear()
    await done(`/api/transfers/${id}/dispatch`, { site: 'PLANT' })
    await hear()
    await done(`/api/transfers/${id}/arrival`, { site: 'SHOP' })
    expect([await stockAt('PLANT'), await stockAt('SHOP')]).toEqual([[1], [9]])
    expect(await call('POST', '/api/transfer-requests', { site: 'SHOP', from: 'SHOP', lines: [{ sku: 'BELL', quantity: 5 }] })).toMatchObject({ status: 422, body: { code: 'same_site' } })
    await verified()
  })
})

describe('a transfer that is not wanted any more', async () => {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['DC', 'SHOP'] })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const call = async (method: 'GET' | 'POST', url: string, body?: unknown) => {
    const reply = await http.call(admin, method, url, body)
    return { status: reply.status, body: reply.body as Row }
  }
  const done = async (url: string, body: unknown) => {
    const { status, body: answer } = await call('POST', url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  const hear = () => deliverAll({ database: server, lanes: world.lanes })
  const verified = () => expectVerified(server, world.sealKey)
  const ask = async (quantity: number) => {
    world.wait(1_000)
    return askNow(quantity)
  }
  const askNow = async (quantity: number) => String((await done('/api/transfer-requests', { site: 'SHOP', from: 'DC', lines: [{ sku: 'BELL', quantity }] }))['id'])
  const cancel = (id: string, site = 'SHOP') => call('POST', `/api/transfers/${id}/cancellation`, { site })
  const at = async (site: string, id: string) => (await call('GET', `/api/transfers/${id}?site=${site}`)).body
  const availability = async (site: string) => ((await call('GET', `/api/availability?site=${site}`)).body['rows'] as Row[])[0]

  await done('/api/parties', { parties: [{ code: 'C1', name: 'C1', kind: 'customer' }] })
  await done('/api/items', { items: [{ sku: 'BELL', name: 'Bell', standardCost: 100 }] })
  await done('/api/receipts', { site: 'DC', lines: [{ sku: 'BELL', quantity: 9 }] })

  test('is called off where it was asked for: what was held is free, the customer it was for is named, and buying is asked of again', async () => {
    const order = String((await done('/api/orders', { site: 'SHOP', customer: 'C1', lines: [{ sku: 'BELL', quantity: 3 }] }))['number'])
    const id = await ask(3)
    // Before the other site has heard of it at all.
    expect(await at('SHOP', id)).toMatchObject({ state: 'asked', other: 'DC', can: ['cancel'], lines: [{ sku: 'BELL', there: null }], pegs: [{ quantity: 3, kind: 'order', order }] })
    await hear()
    expect(await at('SHOP', id)).toMatchObject({ lines: [{ there: { held: 3, posted: 0 } }] })
    expect(await at('DC', id)).toMatchObject({ direction: 'out', other: 'SHOP', state: 'held', can: ['send', 'cancel'] })
    expect((await cancel(id)).body).toMatchObject({ asked: 3, lines: [] })
    await verified()
    await hear()
    await verified()
    expect(await at('SHOP', id)).toMatchObject({ state: 'cancelled', can: [], cancelled: 3, pegs: [], lines: [{ there: { cancelled: 3 } }] })
    expect([await availability('DC'), await availability('SHOP')]).toMatchObject([{ reserved: 0, demand: 0, free: 9 }, { supply: 0, demand: 3 }])
    const exceptions = (await call('GET', '/api/exceptions?site=SHOP')).body['rows'] as Row[]
    expect(exceptions).toMatchObject([{ kind: 'supply_short', quantity: 3, detail: expect.stringContaining(order) }])
    expect((await call('GET', '/api/shortages?site=SHOP')).body).toMatchObject({ lines: [{ sku: 'BELL', short: 3 }] })
    expect(await cancel(id)).toMatchObject({ status: 409, body: { code: 'transfer_left', field: 'id' } })
    expect(await cancel(id, 'DC')).toMatchObject({ status: 409, body: { code: 'transfer_left' } })
    expect(await cancel(world.newId())).toMatchObject({ status: 404, body: { code: 'transfer_not_known' } })
    await done(`/api/orders/${order}/cancellation`, {})
  })

  test('leaves at the same moment: whichever lane turn comes first, every bell is in one place', async () => {
    for (let round = 0; round < 6; round += 1) {
      const id = await ask(1)
      await hear()
      const [sent, called] = await Promise.all([call('POST', `/api/transfers/${id}/dispatch`, { site: 'DC' }), round % 2 === 0 ? cancel(id, 'DC') : cancel(id)])
      await hear()
      await verified()
      const { state, underWay } = await at('SHOP', id)
      if (round % 2 === 0) expect([[201, 409], [409, 200]]).toContainEqual([sent.status, called.status])
      else expect([sent.status, called.status]).toEqual([201, 200])
      expect([state, (underWay as Row[]).length]).toEqual(sent.status === 201 ? ['under_way', 1] : ['cancelled', 0])
      if (sent.status === 201) await done(`/api/transfers/${id}/arrival`, { site: 'SHOP' })
    }
    const [there, here] = [await availability('DC'), await availability('SHOP')]
    expect(Number(there!['sellable']) + Number(here!['sellable'])).toBe(9)
  })

  test('is called off where it was asked of, and arrives short of what was counted: both sites know', async () => {
    await done('/api/receipts', { site: 'DC', lines: [{ sku: 'BELL', quantity: 10 }] })
    const before = Number((await availability('SHOP'))!['sellable'])
    const [refused, counted] = [await ask(2), await ask(4)]
    await hear()
    await done(`/api/transfers/${refused}/cancellation`, { site: 'DC' })
    await done(`/api/transfers/${counted}/dispatch`, { site: 'DC' })
    await hear()
    expect(await call('POST', `/api/transfers/${counted}/arrival`, { site: 'SHOP', lines: [{ line: 2, quantity: 1 }] })).toMatchObject({ status: 422, body: { code: 'line_not_known', field: 'lines/1/line' } })
    expect(await done(`/api/transfers/${counted}/arrival`, { site: 'SHOP', lines: [{ line: 1, quantity: 3 }] })).toMatchObject({ differences: [{ line: 1, sent: 4, found: 3 }] })
    await verified()
    expect(Number((await availability('SHOP'))!['sellable'])).toBe(before + 3)
    expect(((await call('GET', '/api/exceptions?site=SHOP')).body['rows'] as Row[]).at(-1)).toMatchObject({ kind: 'count_difference', quantity: 1 })
    const list = async (query: string) => ((await call('GET', `/api/transfers?site=SHOP${query}`)).body['rows'] as Row[]).map((row) => row['id'])
    expect((await list('')).slice(0, 2)).toEqual([counted, refused])
    expect((await list('&state=cancelled'))[0]).toBe(refused)
    expect(await list('&direction=out')).toEqual([])
    const { body } = await call('GET', '/api/transfers?site=SHOP&limit=1')
    expect((await call('GET', `/api/transfers?site=SHOP&limit=1&cursor=${String(body['next'])}`)).body['rows']).toMatchObject([{ id: refused }])
  })
})
