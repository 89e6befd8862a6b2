import { describe, expect, inject, test } from 'vitest'
import type { Day } from '../core/calendar.ts'
import { openDatabase, sql } from '../server/db.ts'
import { addJourney, arrival, at, begin, deliveryDay, noTotals, type Totals } from './journey.ts'
import { differences, recount } from './recount.ts'
import { replay, withScratch } from './replay.ts'

const databases = async () => {
  const database = openDatabase(inject('cluster').connection, { connections_max: 1 })
  const rows = await database.query<{ name: string }>(sql`select datname as name from pg_database where datname like 'replay_%'`)
  await database.close()
  return rows
}

describe('a replay of the first 2,000 orders', () => {
  test('accounts for every line, agrees with a recount, and leaves a record that verifies', async () => {
    const { replayed, again } = await withScratch(inject('cluster'), { keep: false }, async (opened, clock) => ({
      replayed: await replay(opened, clock, { orders_max: 2_000 }), again: await recount(opened.owner),
    }))
    expect(replayed).toMatchObject({ ok: true, orders: 2_000, lines: 2_000, units: 2_000, differences: [], verify: { ok: true, failed: [] } })
    expect(replayed.delivered + replayed.partly + replayed.backordered).toBe(2_000)
    expect(replayed.unitsDelivered + replayed.unitsBackordered).toBe(2_000)
    // Every bicycle can be bought for and built, so every line is delivered in the end, and nothing is left on its way.
    expect(replayed).toMatchObject({ delivered: 2_000, delivered_percent: 100, backordered_by_code: {} })
    expect(replayed.purchase_orders).toBeGreaterThan(0)
    expect(replayed.work_orders).toBeGreaterThan(0)
    // All of it is ordered in ones, so what is delivered is shipped by itself.
    expect(replayed.shipments).toBe(2_000)
    expect(again).toMatchObject({ waitingForNothing: 0, unitsMoved: replayed.delivered })
    expect(await databases()).toEqual([])
  }, 240_000)
})

describe('the rule of the days', () => {
  test('orders arrive over the day', () => {
    expect([0, 1, 2].map((index) => new Date(arrival('2015-01-01' as Day, index, 3)).toISOString())).toEqual(
      ['2015-01-01T09:00:00.000Z', '2015-01-01T12:00:00.000Z', '2015-01-01T15:00:00.000Z'],
    )
  })

  test.each([['SO45080', '2015-01-04'], ['SO45081', '2015-01-05'], ['SO45082', '2015-01-06'], ['SO45083', '2015-01-07'], ['X', '2015-01-04']])('%s, shipped on the 2nd, is delivered on %s', (number, day) => {
    expect(deliveryDay(number, '2015-01-02' as Day)).toBe(day)
    expect(at(day as Day, 20)).toBeGreaterThan(at('2015-01-02' as Day, 8))
  })
})

describe('the totals', () => {
  const staged = { lines: [1, 2, 3].map((line) => ({ line, quantity: 4 })) } as unknown as Parameters<typeof begin>[0]
  const journey = begin(staged, 'an id')
  Object.assign(journey.lines.get(1)!, { held: 4, shipped: 4, delivered: 4 })
  Object.assign(journey.lines.get(2)!, { held: 1, shipped: 1, delivered: 1 })
  const totals = addJourney(noTotals, journey)

  test('say of each line whether all, some or nothing of it was delivered', () => {
    expect(totals).toEqual({ orders: 1, lines: 3, delivered: 1, partly: 1, backordered: 1, units: 12, unitsDelivered: 5, unitsBackordered: 7 })
  })

  test.each([
    [{},                                    []],
    [{ orders: 2 },                         ['orders: 1 were seen, 2 are recorded']],
    [{ waitingForNothing: 3 },              ['3 lines wait although their item is free']],
    [{ unitsMoved: 6 },                     ['units: 6 went to customers, 5 were delivered']],
    [{ delivered: 2, unitsBackordered: 8 }, ['delivered: 1 were seen, 2 are recorded', 'unitsBackordered: 7 were seen, 8 are recorded']],
  ] as [Partial<Totals>, string[]][])('that differ by %j are told', (other, told) => {
    expect(differences(totals, { ...totals, moves: 0, unitsMoved: 5, waitingForNothing: 0, ...other })).toEqual(told)
  })
})
