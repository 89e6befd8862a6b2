import { describe, expect, inject, test } from 'vitest'
import type { Day } from '../core/calendar.ts'
import { openDatabase, sql } from '../server/db.ts'
import { arrival, at, deliveryDay } from './hours.ts'
import { Journeys, type Totals } from './journey.ts'
import { differences, recount, type Recount } from './recount.ts'
import { replay, withScratch } from './replay.ts'

const databases = async () => {
  const database = openDatabase({ ...inject('cluster').connection, database: 'postgres' }, { connections_max: 1 })
  const rows = await database.query<{ name: string }>(sql`select datname as name from pg_database where datname like 'replay_%'`)
  await database.close()
  return rows.map((row) => row.name)
}

describe('a replay of the first 800 orders', () => {
  test('accounts for every line, agrees with a recount, and leaves a record that verifies', async () => {
    const { replayed, again, negative, name } = await withScratch(inject('cluster'), { keep: false }, async (opened, clock, scratch) => ({
      name: scratch.database,
      replayed: await replay(opened, clock, { orders_max: 800 }),
      again: await recount(opened.owner, '2026-01-01' as Day),
      negative: await opened.owner.query(sql`select site_id, item_id from stock where quantity < 0`),
    }))
    expect(replayed).toMatchObject({ ok: true, orders: 800, lines: 800, units: 800, differences: [], verify: { ok: true, failed: [] } })
    // Every bicycle can be bought for and built, so every line is delivered in the end, and nothing is left on its way.
    expect(replayed).toMatchObject({ delivered: 800, partly: 0, backordered: 0, delivered_percent: 100, backordered_by_code: {} })
    expect(replayed.purchase_orders).toBeGreaterThan(0)
    expect(replayed.work_orders).toBeGreaterThan(0)
    expect(replayed.transfers).toBeGreaterThan(0)
    // Some are sold at tills of what shops have on record, and some that are asked for there are shipped; no record goes below zero.
    expect(replayed.till_lines).toBeGreaterThan(0)
    expect(replayed.endless_aisle_lines).toBeGreaterThan(0)
    expect(negative).toEqual([])
    // All of it is ordered in ones, so what is not sold at a till is shipped by itself.
    expect(replayed.shipments + replayed.till_lines).toBe(800)
    expect(again).toMatchObject({ waitingForNothing: 0, unitsMoved: 800 })
    // Other tests have theirs at the same time.
    expect(await databases()).not.toContain(name)
  }, 480_000)
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
  const journeys = new Journeys()
  journeys.begin('SO1', [1, 2, 3].map((line) => ({ line, quantity: 4 })))
  journeys.onSold('SO1', [{ line: 1, quantity: 4 }])
  journeys.onShipped('SO1', [{ line: 2, quantity: 1 }])
  journeys.onDelivered('SO1', [{ line: 2, quantity: 1 }])
  const { totals } = journeys

  test('say of each line whether all, some or nothing of it was delivered', () => {
    expect(totals).toEqual({ orders: 1, lines: 3, delivered: 1, partly: 1, backordered: 1, units: 12, unitsDelivered: 5, unitsBackordered: 7 })
  })

  test('know no order twice, and no line that nobody asked for', () => {
    expect(() => journeys.begin('SO1', [])).toThrow('asked for twice')
    expect(() => journeys.onShipped('SO1', [{ line: 4, quantity: 1 }])).toThrow('Nobody asked')
  })

  test.each([
    [{},                                           []],
    [{ orders: 2 },                                ['orders: 1 were seen, 2 are recorded']],
    [{ waitingForNothing: 3 },                     ['3 lines wait although their item is free']],
    [{ backordered_by_code: { lead_time_passed: 1 } }, ['1 lines wait although what they wait for was to come before']],
    [{ unitsMoved: 6 },                            ['units: 6 went to customers, 5 were delivered']],
    [{ delivered: 2, unitsBackordered: 8 },        ['delivered: 1 were seen, 2 are recorded', 'unitsBackordered: 7 were seen, 8 are recorded']],
  ] as [Partial<Totals & Recount>, string[]][])('that differ by %j are told', (other, told) => {
    expect(differences(totals, { ...totals, moves: 0, unitsMoved: 5, waitingForNothing: 0, backordered_by_code: {}, ...other })).toEqual(told)
  })
})
