import { describe, expect, inject, test } from 'vitest'
import { sql } from '../server/db.ts'
import type { Opened } from '../server/open.ts'
import { expectVerified } from '../server/test-verify.ts'
import { demonstrate, type Demonstrated } from './demo.ts'
import { live, withScratch } from './replay.ts'

const ORDERS = 250
const DAYS = 12

interface History { readonly told: Demonstrated; readonly moves: readonly object[]; readonly hidden: readonly object[]; readonly shelves: readonly object[]; readonly rights: readonly object[] }

/** A history with a seed: what happened, without ids and hours of recording. */
const history = (seed: number): Promise<History> =>
  withScratch(inject('cluster'), { keep: false }, async (opened, clock) => {
    await live(opened, clock, { orders_max: ORDERS })
    const told = await demonstrate(opened, clock, { days: DAYS, seed })
    await expectVerified(opened.database, opened.sealKey)
    return { told, ...(await happened(opened)) }
  })

async function happened({ owner }: Opened): Promise<Omit<History, 'told'>> {
  const [moves, hidden, shelves, rights] = await Promise.all([
    owner.query<object>(sql`
      select site_id, item_id, quantity, from_place_id, to_place_id, cause, value_minor, occurred_at
      from move order by site_id, occurred_at, item_id, cause, from_place_id, to_place_id, quantity, value_minor`),
    owner.query<object>(sql`select * from simulation.hidden_loss order by site_id, item_id, happened_on, cause`),
    owner.query<object>(sql`
      select site_id, item_id, coalesce(r.quantity, 0) as recorded, t.quantity as truly, coalesce(h.quantity, 0) as hidden
      from simulation.shelf t
      left join (select site_id, item_id, sum(quantity)::bigint as quantity from stock group by 1, 2) r using (site_id, item_id)
      left join (select site_id, item_id, sum(quantity)::bigint as quantity from simulation.hidden_loss group by 1, 2) h using (site_id, item_id)`),
    owner.query<object>(sql`select grantee from information_schema.role_table_grants where table_schema = 'simulation' and grantee = 'quartermaster_server'`),
  ])
  return { moves, hidden, shelves, rights }
}

describe('the company lives on', async () => {
  const [one, again, other] = [await history(7), await history(7), await history(8)]

  test('the same for the same seed, and otherwise for another', () => {
    expect({ ...again.told, seconds: 0 }).toEqual({ ...one.told, seconds: 0 })
    expect(again.moves).toEqual(one.moves)
    expect(again.hidden).toEqual(one.hidden)
    expect(other.moves).not.toEqual(one.moves)
  })

  test('customers come, and the shelf is what the record says less what went unseen', () => {
    expect(one.told).toMatchObject({ days: DAYS, seed: 7 })
    expect(one.told.orders).toBeGreaterThan(0)
    expect(one.shelves.length).toBeGreaterThan(0)
    for (const row of one.shelves as { recorded: number; truly: number; hidden: number }[]) {
      expect(row.truly).toBe(row.recorded - row.hidden)
      expect(row.truly).toBeGreaterThanOrEqual(0)
    }
    expect(one.rights).toEqual([])
  })
}, 240_000)
