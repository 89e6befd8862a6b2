import { expect, inject, test } from 'vitest'
import type { Day } from '../core/calendar.ts'
import { sql } from '../server/db.ts'
import { isRelayed, Relay } from '../server/relay.ts'
import { quickRelay, until } from '../server/test-sites.ts'
import { expectVerified } from '../server/test-verify.ts'
import { demonstrate } from './demo.ts'
import { live, withScratch } from './replay.ts'

const LAST = '2025-12-31' as Day

test('the last days of the real orders are lived so that they end on a day; what was sold out is built; beside a server no day lies behind', async () => {
  await withScratch(inject('cluster'), { keep: false }, async (opened, clock) => {
    const run = await live(opened, clock, { lately: { days: 2, until: LAST } })
    expect(run).toMatchObject({ days: 2, lastDay: LAST })
    const [orders] = await opened.owner.query<{ first: Day; last: Day; orders: number }>(sql`
      select min(ordered_at)::date as first, max(ordered_at)::date as last, count(distinct reference) as orders from orders -- every site: the test's`)
    expect(orders).toEqual({ first: '2025-12-30', last: LAST, orders: run.totals.orders })
    const [built] = await opened.owner.query<{ bicycles: number }>(sql`
      select count(*) as bicycles from work_order w join item i on i.item_id = w.item_id where i.sku like 'BK-%' -- every site: the test's`)
    expect(built!.bicycles).toBeGreaterThan(0)
    const { lanes, database } = opened
    expect(await isRelayed(database)).toBe(false)
    const relay = new Relay({ database, lanes, limits: quickRelay })
    relay.start()
    await until(async () => isRelayed(database))
    const told = await demonstrate(opened, clock, { days: 1, seed: 7, from: '2026-01-10' as Day })
    await relay.stop()
    expect(told).toMatchObject({ first_day: '2026-01-10', last_day: '2026-01-10' })
    expect(await isRelayed(database)).toBe(false)
    await expectVerified(database, opened.sealKey)
  })
}, 240_000)
