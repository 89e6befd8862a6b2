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
    expect((await call('GET', '/api/site-sources')).body['rows']).toEqual([source('DC', 'PLANT', 2), source('SHOP', 'DC', 1)])
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
