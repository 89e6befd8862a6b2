// Stories of kits and substitutes (A4, A6), through the public door: a bundle is promised, held, picked and shipped by what is in it, and what is sent
// instead of something else is declared, offered and told.

import { describe, expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { verify } from '../server/verify.ts'
import { askingAs, type Row } from './rig/asking.ts'

async function shop() {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'DC'] })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const { get, post, done } = askingAs(http, admin)
  await done('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Parts', kind: 'supplier' }] })
  await done('/api/items', { items: [['SET', 2_500], ['CUP', 500], ['POT', 2_000], ['LAMP', 900], ['LAMP2', 1_100], ['LAMP3', 700]].map(([sku, listPrice]) => ({ sku, name: sku, listPrice })) })
  await done('/api/kits', { kits: [{ sku: 'SET', components: [{ sku: 'CUP', quantity: 2 }, { sku: 'POT', quantity: 1 }] }] })
  // What an item is sold as is looked up again after ten seconds.
  world.wait(10_000)
  const stock = async (site: string, sku: string, quantity: number) => done('/api/receipts', { site, lines: [{ sku, quantity, place: 'SHELF' }] })
  const order = async (...lines: readonly object[]) => done('/api/orders', { site: 'SEA', customer: 'C1', lines })
  const basket = async (...lines: readonly object[]) => done('/api/promises/basket', { site: 'SEA', lines })
  const act = async (number: unknown, ...actions: readonly string[]) => {
    for (const action of actions) await done(`/api/orders/${String(number)}/${action}`, {})
  }
  const day = (days: number) => new Date(Date.parse(`${world.today()}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  return { server, owner, world, get, post, done, stock, order, basket, act, day, verified: () => expectVerified(server, world.sealKey) }
}
const rowsOf = (answer: Row, name = 'lines') => answer[name] as Row[]

describe('A4: a kit is promised, held, picked and shipped by its components', async () => {
  const { server, owner, world, get, post, done, stock, order, basket, act, day, verified } = await shop()
  await stock('SEA', 'CUP', 6)
  await stock('SEA', 'POT', 9)

  test('medusa #16825, odoo #272560: bundles and single pieces of one basket are summed per component before they are promised', async () => {
    const answer = await basket({ sku: 'SET', quantity: 2 }, { sku: 'CUP', quantity: 2 }, { sku: 'SET', quantity: 1 })
    expect(rowsOf(answer).map((line) => [line['sku'], line['promised']])).toEqual([['SET', day(0)], ['CUP', day(0)], ['SET', null]])
  })

  test('its price is shared to the cent, and the order tells the kit as it was sold', async () => {
    const placed = await order({ sku: 'SET', quantity: 2, unitPrice: 2_503 })
    expect(rowsOf(placed)).toMatchObject([{ line: 1, sku: 'CUP', quantity: 2, held: 2, kit: 1 }, { line: 2, sku: 'CUP', quantity: 2, partOf: 1, kit: 1 }, { line: 3, sku: 'POT', quantity: 2, kit: 1 }])
    const told = await get(`/api/orders/${String(placed['number'])}`)
    expect(told['kits']).toEqual([{ kit: 1, sku: 'SET', name: 'SET', quantity: 2, unitPrice: 2_503, asked: null }])
    expect(rowsOf(told).reduce((sum, line) => sum + Number(line['quantity']) * Number(line['unitPrice']), 0)).toBe(5_006)
    await act(placed['number'], 'allocation', 'pick', 'shipment')
    expect(await get(`/api/orders/${String(placed['number'])}`)).toMatchObject({ state: 'shipped' })
    await verified()
  })

  test('two at once want the last one: no piece is promised twice, and of a kit that waits only whole kits are picked', async () => {
    const [one, other] = await Promise.all([order({ sku: 'SET', quantity: 1 }), order({ sku: 'SET', quantity: 1 })])
    const short = [one, other].find((answer) => rowsOf(answer).some((line) => line['held'] === 0))!
    expect(rowsOf(short)).toMatchObject([{ sku: 'CUP', held: 0, promised: null }, { sku: 'POT', held: 1, promised: null, because: expect.stringContaining('part of a kit') as string }])
    expect(await post(`/api/orders/${String(short['number'])}/allocation`, {})).toMatchObject({ status: 409, body: { code: 'not_held' } })
    await done('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku: 'CUP', quantity: 2, due: day(3) }] })
    await stock('SEA', 'CUP', 2)
    await act(short['number'], 'allocation', 'pick', 'shipment')
    await verified()
  })

  test('a part that the picker does not find keeps the rest of its kit here: broken kits do not leave', async () => {
    await stock('SEA', 'CUP', 4)
    const { number } = await order({ sku: 'SET', quantity: 2 })
    await act(number, 'allocation')
    await done(`/api/orders/${String(number)}/pick`, { picks: [{ line: 1, quantity: 2, short: true }, { line: 2, quantity: 2 }] })
    await act(number, 'shipment')
    expect(rowsOf(await get(`/api/orders/${String(number)}`)).map((line) => line['shipped'])).toEqual([2, 1])
    expect(await post(`/api/orders/${String(number)}/shipment`, {})).toMatchObject({ status: 409, body: { code: 'kit_torn' } })
    await verified()
  })

  test('its lines are cancelled together or not at all', async () => {
    const { number } = await order({ sku: 'SET', quantity: 1 }, { sku: 'POT', quantity: 1 })
    expect(await post(`/api/orders/${String(number)}/cancellation`, { lines: [1] })).toMatchObject({ status: 409, body: { code: 'kit_torn' } })
    await done(`/api/orders/${String(number)}/cancellation`, { lines: [1, 3] })
    await verified()
  })

  test('it comes from one site that has all of it', async () => {
    await stock('DC', 'CUP', 10)
    await stock('DC', 'POT', 10)
    await done('/api/sourcing', { site: 'SEA', prefers: 'date', sourcesMax: 2, splitsLines: true, lanes: [{ from: 'DC', transitDays: 2 }] })
    world.wait(10_000)
    expect(rowsOf(await order({ sku: 'SET', quantity: 4 })).map((line) => [line['sku'], line['source'], line['promised']])).toEqual([['CUP', 'DC', day(2)], ['POT', 'DC', day(2)]])
    await verified()
  })

  test('what is in it is said once and plainly', async () => {
    const kit = (sku: string, ...skus: string[]) => ({ kits: [{ sku, components: skus.map((one) => ({ sku: one, quantity: 1 })) }] })
    expect(await post('/api/kits', kit('LAMP', 'SET'))).toMatchObject({ status: 422, body: { code: 'kit_nested', field: 'kits/1/components/1/sku' } })
    expect(await post('/api/kits', kit('CUP', 'LAMP'))).toMatchObject({ status: 422, body: { code: 'kit_nested', field: 'kits/1/sku' } })
    expect(await post('/api/kits', kit('LAMP', 'CUP', 'CUP'))).toMatchObject({ status: 422, body: { code: 'kit_doubled' } })
    expect(await post('/api/kits', kit('LAMP', 'NONE'))).toMatchObject({ status: 422, body: { code: 'item_not_known' } })
    expect(await post('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'SET', quantity: 1_000_000_000_000 }] })).toMatchObject({ status: 422, body: { code: 'quantity_too_large' } })
    expect(rowsOf(await get('/api/kits?sku=SET'), 'rows')).toMatchObject([{ component: 'CUP', quantity: 2 }, { component: 'POT', quantity: 1 }])
  })

  test('verify finds a kit whose price or number was changed', async () => {
    await owner.execute(sql`update order_kit set unit_price_minor = unit_price_minor + 1 where kit = 1 and unit_price_minor = 2503`)
    const { checks } = await verify(server, { sealKey: world.sealKey, heads: [] })
    expect(checks.find((check) => !check.ok)).toMatchObject({ name: 'kits', offending: { table: 'order_kit', site: 'SEA' } })
  })
})

describe('A6: substitutes are declared, offered with the promise, and chosen by the customer or by a rule', async () => {
  const { world, get, post, done, stock, order, basket, day, verified } = await shop()
  await stock('SEA', 'LAMP', 2)
  await stock('SEA', 'LAMP2', 5)
  await done('/api/substitutes', { items: [{ sku: 'LAMP', substitutes: [{ sku: 'LAMP2', twoWay: true }, { sku: 'LAMP3' }] }] })
  world.wait(10_000)

  test('both ways where it was said so', async () => {
    expect(rowsOf(await get('/api/substitutes'), 'rows').map((row) => [row['sku'], row['substitute'], row['chosenBy']])).toEqual([['LAMP', 'LAMP2', 'customer'], ['LAMP', 'LAMP3', 'customer'], ['LAMP2', 'LAMP', 'customer']])
  })

  test('offered where the line cannot be had in time, and only then', async () => {
    expect(rowsOf(await basket({ sku: 'LAMP', quantity: 2 }))).toMatchObject([{ promised: day(0), substitutes: [] }])
    expect(rowsOf(await basket({ sku: 'LAMP', quantity: 3 }))).toMatchObject([
      { promised: null, substitutes: [{ sku: 'LAMP2', promised: day(0), held: 3, chosenBy: 'customer' }, { sku: 'LAMP3', promised: null, held: 0 }] },
    ])
  })

  test('the customer takes one, and keeps the price of what was asked for', async () => {
    const placed = await order({ sku: 'LAMP2', quantity: 3, insteadOf: 'LAMP' })
    expect(rowsOf(placed)).toMatchObject([{ sku: 'LAMP2', held: 3, insteadOf: 'LAMP', because: 'It is sent instead of LAMP. It is in stock.' }])
    const told = await get(`/api/orders/${String(placed['number'])}`)
    expect(rowsOf(told)).toMatchObject([{ sku: 'LAMP2', unitPrice: 900 }])
    expect(told['promises']).toMatchObject([{ insteadOf: 'LAMP', confidence: 'high' }])
    expect(await post('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'CUP', quantity: 1, insteadOf: 'LAMP' }] })).toMatchObject({ status: 422, body: { code: 'substitute_not_known', field: 'lines/1/insteadOf' } })
    await verified()
  })

  test('a rule sends one by itself where all of it is in stock, unless the customer will have none', async () => {
    await done('/api/substitutes', { items: [{ sku: 'LAMP', substitutes: [{ sku: 'LAMP3', chosenBy: 'rule' }, { sku: 'LAMP2', chosenBy: 'rule' }] }] })
    world.wait(10_000)
    expect(rowsOf(await basket({ sku: 'LAMP', quantity: 2 }, { sku: 'LAMP', quantity: 1 }))).toMatchObject([{ parts: [{ sku: 'LAMP', insteadOf: null }] }, { promised: day(0), parts: [{ sku: 'LAMP2', insteadOf: 'LAMP' }] }])
    const none = await order({ sku: 'LAMP', quantity: 3, substitutes: false })
    expect(rowsOf(none)).toMatchObject([{ sku: 'LAMP', held: 2, backordered: 1 }])
    const placed = await order({ sku: 'LAMP', quantity: 2 })
    expect(rowsOf(placed)).toMatchObject([{ sku: 'LAMP2', held: 2, insteadOf: 'LAMP' }])
    // There are no more of either.
    expect(rowsOf(await order({ sku: 'LAMP', quantity: 2 }))).toMatchObject([{ sku: 'LAMP', held: 0 }])
    await verified()
  })

  test('an item is no substitute for itself', async () => {
    expect(await post('/api/substitutes', { items: [{ sku: 'LAMP', substitutes: [{ sku: 'LAMP' }] }] })).toMatchObject({ status: 422, body: { code: 'substitute_itself' } })
  })
})
