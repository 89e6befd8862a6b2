// I1: expiry written off by itself from lots. What expired stands as expired until its site's days are over; then it is a loss like any, in shrinkage with its
// value, and undone like any. Who undoes it has the last word.

import { describe, expect, test } from 'vitest'
import { day_ms } from '../core/calendar.ts'
import { ExpiredGoods, writeOffExpired } from '../server/expired-goods.ts'
import { isLed } from '../server/leader.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { until } from '../server/test-sites.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

async function dairy() {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'] })
  const http = await testHttp(server, world)
  const { done, post, get } = askingAs(http, await http.key('admin'))
  await done('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Dairy', kind: 'supplier' }] })
  await done('/api/items', { items: [{ sku: 'MILK', name: 'Milk', tracking: 'lot', standardCost: 50, listPrice: 80 }] })
  await done('/api/supplier-items', { offers: [{ supplier: 'S1', sku: 'MILK', price: 50, leadTimeDays: 1 }] })
  const days = (some: number): string => new Date(world.now() + some * day_ms).toISOString().slice(0, 10)
  const receive = (lot: string, quantity: number, expiresOn: string, more: object = {}) =>
    done('/api/receipts', { site: 'SEA', ...more, lines: [{ sku: 'MILK', quantity, place: 'SHELF', lot, expiresOn, ...('owner' in more ? {} : { value: quantity * 50 }) }] })
  const rows = async (url: string): Promise<Row[]> => (await get(url))['rows'] as unknown as Row[]
  const stock = async (site = 'SEA') => (await rows(`/api/stock?site=${site}&sku=MILK`)).filter((row) => row['quantity'] !== 0).map((row) => [row['lot'], row['condition'], row['quantity']]).toSorted((a, b) => String(a[0]).localeCompare(String(b[0])))
  const losses = (site = 'SEA') => rows(`/api/differences?site=${site}&cause=loss`)
  return { server, world, http, done, post, get, days, receive, rows, stock, losses, look: () => writeOffExpired(world.lanes) }
}

describe('I1 a lot expires and nobody comes', async () => {
  const { server, world, done, get, days, receive, rows, stock, losses, look } = await dairy()
  await receive('OLD', 10, days(1))
  await receive('NEW', 5, days(30))

  test('on its last day it is demoted, and the day after it is written off by itself, as a loss by expiry with its value', async () => {
    expect(await look()).toBe(0)
    world.wait(day_ms)
    expect(await look()).toBe(0)
    world.wait(day_ms)
    expect(await look()).toBe(1)
    expect(await stock()).toEqual([['NEW', 'sellable', 5]])
    expect(await losses()).toMatchObject([{ cause: 'expiry', lot: 'OLD', condition: 'expired', difference: -10, value: -500, entered: true, undone: false, note: `Expired on ${days(-1)}, written off by itself` }])
    const told = (await get('/api/shrinkage?site=SEA&by=origin')) as unknown as { rows: Row[] }
    expect(told.rows).toMatchObject([{ key: 'expiry', units: 10, value: 500, knownValue: 500 }])
    expect(await rows('/api/moves?site=SEA&sku=MILK')).toMatchObject([{ cause: 'receipt' }, { cause: 'receipt' }, { cause: 'expiry', actor: 'system' }, { cause: 'loss', actor: 'system' }])
  })

  test('whoever looks again writes off nothing more', async () => {
    expect([await look(), await look()]).toEqual([0, 0])
    world.wait(day_ms)
    expect(await look()).toBe(0)
  })

  test('undone, it is back as expired and is not written off again', async () => {
    const [loss] = await losses()
    await done(`/api/losses/${String(loss!['document'])}/reversal`, { site: 'SEA', note: 'It is a cheese.' })
    expect(await stock()).toEqual([['NEW', 'sellable', 5], ['OLD', 'expired', 10]])
    world.wait(day_ms)
    expect(await look()).toBe(0)
    expect(await stock()).toEqual([['NEW', 'sellable', 5], ['OLD', 'expired', 10]])
    const told = (await get('/api/shrinkage?site=SEA')) as unknown as { total: Row }
    expect(told.total).toMatchObject({ units: 0, value: 0 })
    await expectVerified(server, world.sealKey)
  })
})

describe('I1 what is not written off by itself', async () => {
  const { server, world, done, post, days, receive, rows, stock, look } = await dairy()

  test('before the days that its site gives it, and never where the site leaves it to people', async () => {
    await receive('A', 4, days(1))
    await receive('B', 4, days(1), { site: 'PDX' })
    expect((await post('/api/expiry-write-off', { site: 'SEA', afterDays: -1 })).body).toMatchObject({ code: 'body_not_valid' })
    await done('/api/expiry-write-off', { site: 'SEA', afterDays: 3 })
    await done('/api/expiry-write-off', { site: 'PDX', afterDays: null })
    expect(await rows('/api/sites')).toEqual([{ code: 'PDX', name: expect.any(String), writeOffExpiredAfterDays: null }, { code: 'SEA', name: expect.any(String), writeOffExpiredAfterDays: 3 }])
    const written: number[] = []
    for (let day = 0; day < 6; day += 1) {
      world.wait(day_ms)
      written.push(await look())
    }
    expect(written).toEqual([0, 0, 0, 0, 1, 0])
    expect([await stock('SEA'), (await stock('PDX')).length]).toEqual([[], 1])
    await done('/api/expiry-write-off', { site: 'SEA', afterDays: 0 })
  })

  test("a supplier's goods; what was picked for an order is, after expiry shorted its hold", async () => {
    await receive('THEIRS', 3, days(1), { owner: 'S1' })
    await receive('PICK', 6, days(1))
    const picked = await done('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'MILK', quantity: 4 }] })
    await done(`/api/orders/${String(picked['number'])}/allocation`, {})
    await done(`/api/orders/${String(picked['number'])}/pick`, {})
    world.wait(2 * day_ms)
    expect(await look()).toBe(2)
    expect((await stock()).map(([lot, , quantity]) => [lot, quantity])).toEqual([['THEIRS', 3]])
    expect((await rows('/api/exceptions?site=SEA')).map((row) => [row['kind'], row['quantity']])).toEqual([['hold_shorted', 4]])
    expect(await rows('/api/availability?site=SEA&sku=MILK')).toMatchObject([{ sellable: 0, reserved: 0, demand: 4 }])
    await expectVerified(server, world.sealKey)
  })
})

describe('I1 servers share the work', async () => {
  const { server, world, days, receive, losses } = await dairy()

  test('one leads and looks at once, and again when a day begins; when it stops another does', { timeout: 30_000 }, async () => {
    await receive('OLD', 10, days(0 + 1))
    world.wait(2 * day_ms)
    const onFault = (error: unknown): never => {
      throw error
    }
    const limits = { look_milliseconds: 20, lead_milliseconds: 20 }
    const [one, other] = [new ExpiredGoods({ lanes: world.lanes, limits, onFault }), new ExpiredGoods({ lanes: world.lanes, limits, onFault })]
    one.start()
    await until(() => isLed(server, 'expiredGoods'))
    other.start()
    await until(async () => (await losses()).length === 1)
    await receive('NEXT', 2, days(1))
    world.wait(2 * day_ms)
    await until(async () => (await losses()).length === 2)
    await one.stop()
    await receive('LAST', 2, days(1))
    world.wait(2 * day_ms)
    await until(async () => (await losses()).length === 3)
    await other.stop()
    await until(async () => !(await isLed(server, 'expiredGoods')))
    expect((await losses()).length).toBe(3)
  })
})
