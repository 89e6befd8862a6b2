// Stories of backorders (A6), through the public door: parts leave as they are there, preorders count on purchases, and when there is not enough for all,
// classes of customers fare by their strategy.

import { describe, expect, test } from 'vitest'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

async function shop() {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA'] })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const { get, post, done } = askingAs(http, admin)
  const customers = ['WIN', 'GAIN', 'FILL', 'LOSE', 'ANN']
  await done('/api/parties', { parties: [...customers.map((code) => ({ code, name: code, kind: 'customer' })), { code: 'S1', name: 'Parts', kind: 'supplier' }] })
  await done('/api/items', { items: [{ sku: 'LAMP', name: 'LAMP' }] })
  const stock = async (quantity: number) => done('/api/receipts', { site: 'SEA', lines: [{ sku: 'LAMP', quantity, place: 'SHELF' }] })
  const order = async (customer: string, quantity: number, more = {}) => {
    world.wait(1_000)
    return String((await done('/api/orders', { site: 'SEA', customer, lines: [{ sku: 'LAMP', quantity }], ...more }))['number'])
  }
  const day = (days: number) => new Date(Date.parse(`${world.today()}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  const buy = async (quantity: number, days: number) => String((await done('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku: 'LAMP', quantity, due: day(days) }] }))['id'])
  const held = async (number: string) => ((await get(`/api/orders/${number}`))['planned'] as unknown as Row[])[0]!['held']
  const act = async (number: string, ...actions: readonly string[]) => {
    for (const action of actions) await done(`/api/orders/${number}/${action}`, {})
  }
  return { world, get, post, done, stock, order, buy, day, held, act, verified: () => expectVerified(server, world.sealKey) }
}
const linesOf = (answer: Row) => answer['lines'] as Row[]

describe('A6: partial shipment and preorders', async () => {
  const { get, post, done, stock, order, buy, day, act, verified } = await shop()

  test('what is there leaves, the rest follows when it comes; who wants all at once waits for it', async () => {
    await stock(6)
    const parts = await order('ANN', 10)
    await act(parts, 'allocation', 'pick', 'shipment')
    expect(linesOf(await get(`/api/orders/${parts}`))).toMatchObject([{ quantity: 10, shipped: 6 }])
    const whole = await order('ANN', 2, { shipComplete: true })
    await stock(5)
    expect(await post(`/api/orders/${whole}/allocation`, {})).toMatchObject({ status: 409, body: { code: 'order_not_complete' } })
    await act(parts, 'allocation', 'pick', 'shipment')
    expect(await get(`/api/orders/${parts}`)).toMatchObject({ state: 'shipped' })
    await stock(1)
    await act(whole, 'allocation', 'pick', 'shipment')
    await verified()
  })

  test('a preorder counts on the purchase that brings it: promised for its day, pegged to it, held when it is received, and no more than it brings', async () => {
    const purchase = await buy(5, 7)
    const [first, second] = [await order('ANN', 3), await order('ANN', 3)]
    expect(linesOf(await get(`/api/orders/${first}`))).toMatchObject([{ promised: day(7) }])
    expect((await get(`/api/orders/${first}`))['pegs']).toMatchObject([{ quantity: 3, kind: 'purchase', supply: purchase }])
    expect(linesOf(await get(`/api/orders/${second}`))).toMatchObject([{ promised: null }])
    await done('/api/receipts', { site: 'SEA', purchase, lines: [{ line: 1, sku: 'LAMP', quantity: 5, place: 'SHELF' }] })
    expect((await get(`/api/orders/${first}`))['planned']).toMatchObject([{ held: 3, pegged: 0 }])
    expect((await get(`/api/orders/${second}`))['planned']).toMatchObject([{ held: 2 }])
    await verified()
  })
})

describe('A6: when there is not enough for all, classes of customers fare by their strategy', async () => {
  const { get, post, done, stock, order, held, act, buy, verified } = await shop()
  const classes = (['win', 'gain', 'fill', 'lose'] as const).map((strategy) => ({ code: strategy.toUpperCase(), name: strategy, strategy, customers: [strategy.toUpperCase()] }))
  await done('/api/backorder-classes', { classes })
  await stock(10)
  const lost = await order('LOSE', 6)
  const gains = await order('GAIN', 4)
  const wins = await order('WIN', 5)
  const ann = await order('ANN', 3)

  test('the dry run says who would get what and changes nothing', async () => {
    expect(await get('/api/reallocations?site=SEA&sku=LAMP')).toEqual({
      lines: [
        { order: lost, line: 1, strategy: 'lose', wanted: 6, before: 6, after: 0 },
        { order: wins, line: 1, strategy: 'win', wanted: 5, before: 0, after: 5 },
        { order: ann, line: 1, strategy: 'redistribute', wanted: 3, before: 0, after: 1 },
      ],
    })
    expect([await held(lost), await held(gains), await held(wins), await held(ann)]).toEqual([6, 4, 0, 0])
  })

  test('doing it gives just that; who lost keeps his promise, is an exception, and counts on what is on its way', async () => {
    const purchase = await buy(9, 4)
    const before = await get(`/api/orders/${lost}`)
    await done('/api/reallocations', { site: 'SEA', sku: 'LAMP' })
    expect([await held(lost), await held(gains), await held(wins), await held(ann)]).toEqual([0, 4, 5, 1])
    const after = await get(`/api/orders/${lost}`)
    expect([linesOf(after)[0]!['promised'], after['promises']]).toEqual([linesOf(before)[0]!['promised'], before['promises']])
    expect(after['pegs']).toMatchObject([{ supply: purchase, quantity: 6 }])
    expect(((await get('/api/exceptions?site=SEA'))['rows'] as unknown as Row[]).filter((row) => row['kind'] === 'hold_shorted')).toMatchObject([{ order: lost, quantity: 6, detail: expect.stringContaining('customers that come first') as string }])
    expect((await done('/api/reallocations', { site: 'SEA', sku: 'LAMP' }))['lines']).toEqual([])
    await verified()
  })

  test('what is set aside for picking is nobody\'s to take', async () => {
    await act(wins, 'allocation')
    await done('/api/backorder-classes', { classes: [{ ...classes[0]!, strategy: 'lose' }, { ...classes[3]!, strategy: 'win' }] })
    await done('/api/reallocations', { site: 'SEA', sku: 'LAMP' })
    expect([await held(wins), await held(lost), await held(gains)]).toEqual([5, 1, 4])
    await verified()
  })

  test('a customer is in one class, and who is not known is refused', async () => {
    await done('/api/backorder-classes', { classes: [{ code: 'GAIN', name: 'gain', strategy: 'gain', customers: ['ANN', 'GAIN'] }] })
    await done('/api/backorder-classes', { classes: [{ code: 'FILL', name: 'fill', strategy: 'fill', customers: ['ANN'] }] })
    expect(((await get('/api/backorder-classes'))['rows'] as unknown as Row[]).map(({ code, customers }) => [code, customers])).toEqual([['FILL', 1], ['GAIN', 1], ['LOSE', 1], ['WIN', 1]])
    expect(await post('/api/backorder-classes', { classes: [{ code: 'X', name: 'x', strategy: 'win', customers: ['NOBODY'] }] })).toMatchObject({ status: 422, body: { code: 'party_not_known' } })
    expect(await post('/api/reallocations', { site: 'SEA', sku: 'NONE' })).toMatchObject({ status: 422, body: { code: 'item_not_known' } })
  })
})
