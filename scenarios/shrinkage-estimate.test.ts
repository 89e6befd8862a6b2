// I3: stories of shrinkage that is only estimated: between two counts of an item it is accrued from what is sold, and the count reverses it, because then what
// is really gone is in the record. What the report says is recounted from what the test itself sold and counted, day by day.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { day_ms } from '../core/calendar.ts'
import { beliefLimits, lookAtBeliefs } from '../server/loop/belief.ts'
import { rollSales } from '../server/shrinkage.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

interface Amounts { readonly units: number, readonly value: number }
interface Accrual { readonly before: number, readonly accrued: number, readonly reversed: number, readonly now: number }
interface Rate { readonly percent: number, readonly low: number | null, readonly high: number | null, readonly own: number | null, readonly reliance: number }
interface Told {
  readonly site: string
  readonly category: string
  readonly items: number
  readonly rates: { readonly units: Rate, readonly value: Rate } | null
  readonly book: Amounts
  readonly accrual: { readonly units: Accrual, readonly value: Accrual }
  readonly estimated: Amounts
  readonly counted: Amounts & { readonly items: number }
  readonly interval: { readonly low: number, readonly high: number } | null
  readonly belief: (Amounts & { readonly low: number, readonly high: number }) | null
  readonly disagrees: boolean
}

/** Bikes at 100 for 250, bells at 10 for 25, a thousand of each at each site. */
async function shop() {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'] })
  const http = await testHttp(server, world)
  const asking = askingAs(http, await http.key('admin'))
  const { done, get } = asking
  const skus = { B1: 'Bikes', B2: 'Bikes', B3: 'Bikes', L1: 'Bells', L2: 'Bells', L3: 'Bells', X: null }
  await done('/api/items', {
    items: Object.entries(skus).map(([sku, category]) => ({ sku, name: sku, category, standardCost: sku[0] === 'L' ? 10 : 100, listPrice: sku[0] === 'L' ? 25 : 250 })),
  })
  for (const site of ['SEA', 'PDX']) {
    await done('/api/receipts', { site, lines: Object.keys(skus).map((sku) => ({ sku, quantity: 1_000, place: 'SHELF', value: sku[0] === 'L' ? 10_000 : 100_000 })) })
  }
  const sell = (sku: string, quantity: number, site = 'SEA') => done('/api/sales', { site, lines: [{ sku, quantity }] })
  /** So many fewer are found than are recorded. */
  const count = async (sku: string, missing: number, site = 'SEA') => {
    const [row] = ((await get(`/api/availability?site=${site}&sku=${sku}`)) as unknown as { rows: Row[] }).rows
    return done('/api/counts', { site, sku, counted: Number(row!['sellable']) - missing })
  }
  const estimate = async (query = 'site=SEA') =>
    (await get(`/api/shrinkage/estimate?${query}`)) as unknown as { readonly from: string, readonly on: string, readonly learntItems: number, readonly rows: readonly Told[], readonly total: Pick<Told, 'book' | 'accrual' | 'estimated' | 'counted'> }
  const of = async (category: string, query?: string): Promise<Told> => (await estimate(query)).rows.find((row) => row.category === category)!
  const today = (days = 0): string => new Date(world.now() + days * day_ms).toISOString().slice(0, 10)
  return { server, owner, world, ...asking, sell, count, estimate, of, today }
}

describe('I3 shrinkage between counts is estimated by category and site', async () => {
  const { server, world, send, sell, count, estimate, of, today } = await shop()

  test('before anything was counted there is the record, and no estimate', async () => {
    await sell('B1', 100)
    const told = await estimate()
    expect(told.learntItems).toBe(0)
    expect(told.rows.map((row) => [row.category, row.items, row.book.units, row.rates, row.interval])).toEqual([['', 1, 1_000, null, null], ['Bells', 3, 3_000, null, null], ['Bikes', 3, 2_900, null, null]])
    expect(told.total).toMatchObject({ book: { units: 6_900, value: 420_000 }, estimated: { units: 6_900, value: 420_000 } })
    expect((await send('GET', '/api/shrinkage/estimate?site=NOPE')).body).toMatchObject({ code: 'site_not_known' })
    expect((await send('GET', '/api/shrinkage/estimate?on=2026-01-01&from=2026-01-02')).body).toMatchObject({ code: 'date_not_valid' })
  })

  test('counts teach what share of sales is lost, and sales since accrue it until the item is counted', async () => {
    for (const sku of ['B2', 'B3', 'L1', 'L2', 'L3']) await sell(sku, 100)
    // A tenth of the bikes that are sold, and a fiftieth of the bells, besides.
    for (const [sku, missing] of [['B1', 9], ['B2', 10], ['B3', 11], ['L1', 1], ['L2', 2], ['L3', 3]] as const) await count(sku, missing)
    const counted = await of('Bikes')
    expect(counted.rates!.units).toMatchObject({ own: 10, percent: expect.closeTo(10, 0) })
    expect(counted.rates!.value).toMatchObject({ own: 4 })
    expect(counted.accrual.units).toMatchObject({ before: 0, now: 0 })
    expect(counted.counted).toEqual({ items: 3, units: 30, value: 3_000 })
    expect(counted.estimated).toEqual(counted.book)

    world.wait(day_ms)
    for (const sku of ['B1', 'B2', 'L1']) await sell(sku, 100)
    const open = await of('Bikes')
    const { percent, low, high } = open.rates!.units
    expect(open.accrual.units.now).toBe(Math.round(percent * 2))
    expect(open.estimated.units).toBe(open.book.units - open.accrual.units.now)
    expect([low! < percent, high! > percent, open.interval!.low < open.estimated.value, open.interval!.high > open.estimated.value]).toEqual([true, true, true, true])

    world.wait(day_ms)
    await count('B1', 10)
    const after = await of('Bikes', `site=SEA&from=${today()}`)
    expect(after.accrual.units.reversed).toBeGreaterThan(0)
    expect(after.accrual.units.before + after.accrual.units.accrued).toBe(after.accrual.units.reversed + after.accrual.units.now)
    // Half of what was open is of the bike that was counted.
    expect(Math.abs(after.accrual.units.reversed - after.accrual.units.now)).toBeLessThanOrEqual(1)
    expect(after.counted).toEqual({ items: 1, units: 10, value: 1_000 })
  })

  test('a category that was not counted loses what all do', async () => {
    await sell('X', 50)
    const none = await of('')
    expect(none.rates!.units).toMatchObject({ own: null, reliance: 0 })
    expect(none.rates!.units.percent).toBeGreaterThan((await of('Bells')).rates!.units.percent)
    expect(none.accrual.units.now).toBeGreaterThan(0)
  })

  test('another site has its own factor, and none until it is counted', async () => {
    expect(await of('Bikes', 'site=PDX')).toMatchObject({ rates: null, book: { units: 3_000 } })
    const before = (await estimate('')).rows.find((row) => row.site === 'PDX' && row.category === 'Bikes')!
    expect(before.rates!.units.percent).toBeCloseTo((await of('Bikes')).rates!.units.percent, 1)
    for (const sku of ['B1', 'B2', 'B3']) {
      await sell(sku, 100, 'PDX')
      await count(sku, 30 + Number(sku[1]), 'PDX')
    }
    const rows = (await estimate('')).rows.filter((row) => row.category === 'Bikes')
    const [pdx, sea] = ['PDX', 'SEA'].map((site) => rows.find((row) => row.site === site)!.rates!.units)
    expect(pdx!.percent).toBeGreaterThan(sea!.percent)
    expect(pdx!.own).toBe(sea!.own)
  })

  test('as it stood on a day is told the same later, whatever has happened since', async () => {
    const day = today()
    const told = await estimate(`site=SEA&on=${day}`)
    world.wait(day_ms)
    await sell('B1', 70)
    await count('B2', 5)
    await rollSales(server)
    expect(await estimate(`site=SEA&on=${day}`)).toEqual(told)
    await expectVerified(server, world.sealKey)
  })
})

describe('I3 beliefs stand beside the estimate', async () => {
  const { server, world, sell, count, of, today } = await shop()

  test('of today alone, with a flag where the two cannot both be right', async () => {
    for (const sku of ['B1', 'B2', 'B3']) await sell(sku, 100)
    for (const [sku, missing] of [['B1', 9], ['B2', 10], ['B3', 11]] as const) await count(sku, missing)
    await lookAtBeliefs({ database: server, clock: world.now, limits: beliefLimits })
    const told = await of('Bikes')
    expect(told.belief).not.toBeNull()
    expect(told.belief!.low).toBeLessThanOrEqual(told.belief!.value)
    expect(told.belief!.high).toBeGreaterThanOrEqual(told.belief!.value)
    expect(told.disagrees).toBe(told.interval!.high < told.belief!.low || told.belief!.high < told.interval!.low)
    await server.query({ text: 'update belief set expected = expected / 2, low = low / 2, high = high / 2, safe = low / 2', values: [] })
    const doubted = await of('Bikes')
    expect(doubted).toMatchObject({ disagrees: true, book: told.book, estimated: told.estimated })
    expect(doubted.belief!.value).toBeLessThan(told.belief!.value)
    expect(await of('Bikes', `site=SEA&on=${today(-1)}`)).toMatchObject({ belief: null, disagrees: false })
  })
})

describe('I3 whatever is sold and counted', async () => {
  const { server, world, done, sell, estimate, today } = await shop()
  const skus = ['B1', 'B2', 'B3']
  const step = fc.tuple(fc.constantFrom('sell', 'sell', 'count', 'wait', 'wait', 'roll'), fc.nat({ max: 2 }), fc.integer({ min: 1, max: 9 }))

  test('what was accrued is reversed by a count or accrued still, and all of it is what the days say', async () => {
    const begun = Date.parse(today())
    const dayNow = (): number => Math.round((Date.parse(today()) - begun) / day_ms)
    const dayText = (day: number): string => new Date(begun + day * day_ms).toISOString().slice(0, 10)
    const sold: { sku: string, day: number, units: number }[] = []
    const counts: { sku: string, day: number, lost: number }[] = []
    const held = new Map(skus.map((sku) => [sku, 1_000]))
    const openOn = (sku: string, day: number): number => {
      const last = Math.max(-1, ...counts.filter((one) => one.sku === sku && one.day <= day).map((one) => one.day))
      return sold.filter((one) => one.sku === sku && one.day > last && one.day <= day).reduce((sum, one) => sum + one.units, 0)
    }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), fc.nat({ max: 4 }), async (steps, back) => {
        for (const [what, which, some] of steps) {
          const sku = skus[which]!
          if (what === 'wait') world.wait(day_ms)
          if (what === 'roll') await rollSales(server, 2)
          if (what === 'sell') {
            await sell(sku, some)
            sold.push({ sku, day: dayNow(), units: some })
            held.set(sku, held.get(sku)! - some)
          }
          if (what === 'count') {
            const lost = some - 2
            held.set(sku, held.get(sku)! - lost)
            await done('/api/counts', { site: 'SEA', sku, counted: held.get(sku) })
            counts.push({ sku, day: dayNow(), lost })
          }
        }
        const day = dayNow()
        const from = Math.max(0, day - back)
        const told = await estimate(`site=SEA&from=${dayText(from)}`)
        const row = told.rows.find((one) => one.category === 'Bikes')!
        for (const { before, accrued, reversed, now } of [row.accrual.units, row.accrual.value, told.total.accrual.units, told.total.accrual.value]) expect(before + accrued).toBe(reversed + now)
        expect(row.book.units).toBe([...held.values()].reduce((sum, one) => sum + one, 0))
        const found = counts.filter((one) => one.day >= from)
        expect(row.counted).toMatchObject({ items: new Set(found.map((one) => one.sku)).size, units: found.reduce((sum, one) => sum + one.lost, 0) })
        const known = skus.filter((sku) => counts.some((one) => one.sku === sku))
        const base = known.reduce((sum, sku) => sum + sold.filter((one) => one.sku === sku).reduce((yet, one) => yet + one.units, 0) - openOn(sku, day), 0)
        // An item that lost something and sold nothing teaches nothing.
        const teaching = known.filter((sku) => sold.filter((one) => one.sku === sku).reduce((yet, one) => yet + one.units, 0) - openOn(sku, day) > 0)
        const taught = counts.filter((one) => teaching.includes(one.sku)).reduce((sum, one) => sum + one.lost, 0)
        if (base === 0) expect(row.rates).toBeNull()
        else {
          const rate = Math.max(0, taught / base)
          const open = (at: number): number => skus.reduce((sum, sku) => sum + openOn(sku, at), 0)
          expect(Math.abs(row.accrual.units.now - rate * open(day))).toBeLessThanOrEqual(0.51)
          expect(Math.abs(row.accrual.units.before - rate * open(from - 1))).toBeLessThanOrEqual(0.51)
          expect(row.estimated.units).toBe(row.book.units - row.accrual.units.now)
        }
      }),
      { numRuns: 15 },
    )
    await expectVerified(server, world.sealKey)
  })
})
