import { hash } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { money } from '../core/money.ts'
import { quantity } from '../core/quantity.ts'
import { openDatabase, sql } from '../server/db.ts'
import { SERVER_ROLE, siteTables } from '../server/manifest.ts'
import { testDatabase } from '../server/test-database.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { LINES_AN_ORDER, ORDERS_A_TRANSACTION, placeAtLimit } from './limit.ts'
import { furnish } from './world.ts'

const { connection, owner } = await testDatabase()
// One connection, so that asking it to tell what it wrote asks the one that wrote.
const server = openDatabase(connection, { role: SERVER_ROLE, connections_max: 1 })
afterAll(() => server.close())

/** Rows written to each table since the statistics began. */
type Written = Readonly<Record<string, { readonly inserted: number; readonly updated: number; readonly deleted: number }>>

describe('the limit', async () => {
  const { lanes, catalog, now, newId, sealKey } = await testWorld(server, { sites: [] })
  const world = await furnish({ lanes, catalog, clock: now, newId }, 900)
  // Both place the same lines, so that both find the same items hot.
  const linesOf = (order: number) => Array.from({ length: LINES_AN_ORDER }, (_, line) => ({ item: (order * 7 + line * 311) % 900, quantity: 1 + ((order + line) % 3) }))

  const written = async (work: () => Promise<void>): Promise<Written> => {
    const count = async () => {
      await server.query(sql`select pg_stat_force_next_flush()`)
      return owner.query<{ table: string; inserted: number; updated: number; deleted: number }>(sql`
        select relname::text as "table", n_tup_ins as inserted, n_tup_upd as updated, n_tup_del as deleted from pg_stat_user_tables
        where relname = any(${siteTables}::text[]) order by relname`)
    }
    const before = await count()
    await work()
    const after = await count()
    return Object.fromEntries(after.map((row, index) => [row.table, {
      inserted: row.inserted - before[index]!.inserted, updated: row.updated - before[index]!.updated, deleted: row.deleted - before[index]!.deleted,
    }]))
  }

  const throughTheLane = async (count = ORDERS_A_TRANSACTION): Promise<void> => {
    const answers = await Promise.all(Array.from({ length: count }, (_, order) => {
      const lines = linesOf(order).map((line, index) => ({
        line: index + 1, item: world.items[line.item]!.item, quantity: quantity(line.quantity), unitPrice: money(250), requested: '2026-03-02' as never, source: world.site,
      }))
      return lanes.submit(world.site, {
        caller: 'key:1', key: newId(), sha256: hash('sha256', String(order), 'buffer'),
        command: {
          kind: 'placeOrder', order: newId(), customer: world.customer, reference: null, shipComplete: false, priority: 5, orderedAt: now(),
          heldElsewhere: [], lines,
        },
      })
    }))
    expect(new Set(answers.map((one) => one.status))).toEqual(new Set([201]))
  }

  const atTheLimit = async (): Promise<void> => {
    const session = await server.session()
    let transactions = 0
    // Drawn in the limit's own order: an item, then a quantity, line by line.
    const drawn = Array.from({ length: ORDERS_A_TRANSACTION }, (_, order) => linesOf(order)).flat().flatMap(({ item, quantity: some }) => [item / 900, (some - 1) / 3])
    await placeAtLimit(session, {
      world, sealKey, clock: now, newId, random: () => drawn.shift()! + 1e-9, more: () => (transactions += 1) === 1, onCommit: () => undefined,
    })
    session.release()
  }

  test('writes exactly the rows of 200 orders that went through the lane', async () => {
    // What stands at a stage on a day is a row that the day's first order makes.
    await throughTheLane(1)
    const lane = await written(throughTheLane)
    const limit = await written(atTheLimit)
    expect(limit).toEqual(lane)
    expect(limit).toMatchObject({
      orders: { inserted: 200, updated: 0 }, order_line: { inserted: 600 }, planned_move: { inserted: 600, updated: 0 }, idempotency_key: { inserted: 200 },
      outbox: { inserted: 200 }, site_head: { inserted: 0, updated: 1 }, move: { inserted: 0 },
    })
    expect(limit['availability']!.updated).toBe(new Set(Array.from({ length: 200 }, (_, order) => linesOf(order).map((line) => line.item)).flat()).size)
  })

  test('writes rows as wide as the lane\'s, and what it wrote verifies', async () => {
    const [widths] = await owner.query<Record<string, number[]>>(sql`
      with numbered as (select o.order_id, o.number <= 201 as lane from orders o where o.site_id = ${world.site})
      select
        array(select avg(pg_column_size(o.*))::int from orders o join numbered n using (order_id) where o.site_id = ${world.site} group by lane) as orders,
        array(select avg(pg_column_size(l.*))::int from order_line l join numbered n using (order_id) where l.site_id = ${world.site} group by lane) as lines,
        array(select avg(pg_column_size(p.*))::int from planned_move p join numbered n on n.order_id = p.document_id where p.site_id = ${world.site} group by lane) as planned,
        array(select avg(pg_column_size(b.*))::int from outbox b join numbered n on n.order_id::text = b.subject where b.site_id = ${world.site} group by lane) as events,
        array(select avg(pg_column_size(k.*))::int from idempotency_key k join numbered n on k.answer like '%' || n.order_id || '%' where k.site_id = ${world.site} group by lane) as keys`)
    for (const [table, [first, second]] of Object.entries(widths!)) expect(Math.abs(first! - second!), `bytes of ${table}: ${first} and ${second}`).toBeLessThanOrEqual(2)
    await expectVerified(owner, sealKey)
  })
})
