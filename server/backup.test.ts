// A backup is one moment: what comes out of it is what was there, whole, to the byte, and a new beginning for who follows the feed.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { instant } from '../core/calendar.ts'
import type { SiteId } from '../core/item.ts'
import { quantity } from '../core/quantity.ts'
import type { BackedUp } from './backup.ts'
import { sql } from './db.ts'
import { expireHolds } from './expiry.ts'
import { FeedWriter, logHeads } from './feed.ts'
import { readHeads } from './heads.ts'
import { manifest as tables } from './manifest.ts'
import { migrate } from './migrate.ts'
import { deliverAll } from './relay.ts'
import type { Restored } from './restore.ts'
import { backupClock, contentOf, count, hexOf, testBackups } from './test-backup.ts'
import { testDatabase, type TestDatabase } from './test-database.ts'
import { testHttp } from './test-http.ts'
import { expectVerified } from './test-verify.ts'
import { orderOf, testWorld } from './test-world.ts'

const { backedUp, restored } = await testBackups()

describe('a backup taken while many clients write', async () => {
  const source = await testDatabase()
  const world = await testWorld(source.server, { sites: ['SEA', 'PDX'], items: { A: 100_000, B: 50 } })
  const sites = [await world.site('SEA'), await world.site('PDX')]
  const [a, b] = [await world.item('A'), await world.item('B')]
  const sealKey = hexOf(world)
  const target = await testDatabase('empty')
  const file = 'busy.qmb'
  let taken: BackedUp
  let answer: Restored
  const acknowledged: string[] = []
  let before: readonly string[] = []

  test('is one moment: what was acknowledged before is in it, what is in it is whole, and it verifies', async () => {
    let over = false
    const client = async (number: number): Promise<void> => {
      const site = sites[number % 2]!
      while (!over) {
        const order = orderOf(world, site, [[a, 1], [b, 1], [a, 2]])
        expect((await world.send(site, order)).status).toBe(201)
        acknowledged.push(order.order)
        if (number % 4 === 0) {
          await world.send(site, { kind: 'allocate', order: order.order })
          await world.send(site, { kind: 'pick', order: order.order, pickedAt: world.now() })
        }
      }
    }
    const [sea, pdx] = sites as [SiteId, SiteId]
    // Under way when it is taken: goods that no message has brought yet, and a hold that nobody will confirm.
    await world.send(sea, { kind: 'sendTransfer', transfer: world.newId(), to: pdx, sentAt: world.now(), lines: [{ line: 1, item: a, quantity: quantity(7) }] })
    const { order, lines } = orderOf(world, pdx, [[a, 3]])
    expect(await world.send(pdx, { kind: 'holdForOrder', order, home: sea, priority: 5, expiresAt: instant(world.now() + 60_000), lines })).toMatchObject({ status: 201 })
    const clients = Array.from({ length: 32 }, (_none, number) => client(number))
    while (acknowledged.length < 300) await new Promise((soon) => setTimeout(soon, 5))
    // The snapshot is taken after this, and long before the last table is read.
    before = [...acknowledged]
    taken = await backedUp(source, file, { sealKey })
    const during = acknowledged.length
    over = true
    await Promise.all(clients)
    expect(during).toBeGreaterThan(before.length)

    answer = await restored(target, file, { sealKey })
    expect(answer.verification).toMatchObject({ ok: true })
    expect(answer.verification.moves).toBe(taken.manifest.heads.reduce((sum, head) => sum + head.sequence, 0))
    expect(await readHeads(target.owner, world.sealKey, taken.manifest.created_at)).toEqual(taken.manifest.heads)
    const orders = await target.owner.query<{ id: string; lines: number; planned: number }>(sql`
      select o.order_id::text as id, (select count(*) from order_line l where l.order_id = o.order_id) as lines,
        (select count(*) from planned_move p where p.document_id = o.order_id) as planned
      from orders o`)
    const found = new Set(orders.map(({ id }) => id))
    expect(before.filter((id) => !found.has(id))).toEqual([])
    expect(orders.filter(({ lines, planned }) => lines !== 3 || planned !== 3)).toEqual([])
    expect(found.size).toBeLessThan(await count(source.owner, 'orders'))
  })

  test('restored, is backed up again as the same rows to the byte', async () => {
    const again = await backedUp(target, 'again.qmb', { sealKey })
    expect(contentOf(again.manifest)).toEqual(contentOf(taken.manifest))
    expect(taken.manifest.tables.map(({ name }) => name).toSorted()).toEqual(Object.keys(tables).filter((name) => name !== 'migration' && name !== 'web_session').toSorted())
  })

  test('has the grants that the server needs, and none that it must not have', async () => {
    await expect(target.server.script('delete from move')).rejects.toMatchObject({ code: '42501' })
    expect(await migrate(target.owner, { clock: backupClock })).toEqual([])
  })

  test('goes on: messages are delivered, holds expire, orders are taken, and it verifies', async () => {
    const there = await testWorld(target.server, { sites: [], items: {} })
    const [sea, pdx] = sites as [SiteId, SiteId]
    expect(await count(target.owner, "move where cause = 'transfer_in'")).toBe(0)
    expect(await deliverAll({ database: target.server, lanes: there.lanes })).toBe(1)
    expect(await count(target.owner, "move where cause = 'transfer_in'")).toBe(1)
    const holds = (): Promise<number> => count(target.owner, 'planned_move where hold_expires_at is not null and held > 0')
    expect(await holds()).toBe(1)
    there.wait(60_000)
    await expireHolds(there.lanes)
    expect(await holds()).toBe(0)
    expect(await there.send(sea, orderOf(there, sea, [[a, 5]]))).toMatchObject({ status: 201, body: { lines: [{ held: 5 }] } })
    expect(await there.send(pdx, orderOf(there, pdx, [[a, 5]]))).toMatchObject({ status: 201 })
    await expectVerified(target.server, world.sealKey, taken.manifest.heads)
  })
})

describe('who follows the feed', async () => {
  const source = await testDatabase()
  const world = await testWorld(source.server, { sites: ['SEA'], items: { A: 100 } })
  const [sea, a] = [await world.site('SEA'), await world.item('A')]
  const sealKey = hexOf(world)
  const append = async ({ server }: TestDatabase): Promise<void> => {
    const session = await server.session()
    await new FeedWriter(session).append(await logHeads(session))
    session.release()
  }
  const read = async (one: TestDatabase, cursor: string, headers: Record<string, string> = {}) => {
    const there = await testWorld(one.server, { sites: [], items: {} })
    const http = await testHttp(one.server, there)
    const secret = await http.key('auditor')
    return http.call(secret, 'GET', `/api/events${cursor === '' ? '' : `?cursor=${cursor}`}`, undefined, headers)
  }

  test('is told by every cursor from before a restore, also of the same backup a second time, that it has passed', async () => {
    await world.send(sea, orderOf(world, sea, [[a, 1]]))
    await append(source)
    const first = await read(source, '')
    expect(first).toMatchObject({ status: 200 })
    const old = String(first.body['next'])
    await backedUp(source, 'feed.qmb', { sealKey })

    const cursors = [old]
    for (const time of [backupClock(), backupClock() + 1000]) {
      const target = await testDatabase('empty')
      const { epoch } = await restored(target, 'feed.qmb', { sealKey, clock: () => time })
      for (const cursor of cursors) {
        expect(await read(target, cursor)).toMatchObject({ status: 410, body: { code: 'epoch_passed', field: 'cursor' } })
        expect(await read(target, '', { accept: 'text/event-stream', 'last-event-id': cursor })).toMatchObject({ status: 410, body: { code: 'epoch_passed' } })
      }
      const anew = await read(target, '')
      expect(anew.body['rows']).toEqual(first.body['rows'])
      expect(await read(target, String(anew.body['next']))).toMatchObject({ status: 200, body: { rows: [] } })
      cursors.push(String(anew.body['next']))
      expect(await target.owner.query(sql`select epoch, begun_at as at, reason from epoch order by epoch desc limit 1`)).toEqual([
        { epoch, at: time, reason: 'restored from the backup of 2026-05-06T07:08:09.123Z' },
      ])
    }
  })
})

describe('every kind of value', async () => {
  const source = await testDatabase()
  const world = await testWorld(source.server, { sites: ['SEA'], items: {} })
  const naughty = JSON.parse(await readFile(join(import.meta.dirname, '../data/security/blns.json'), 'utf8')) as string[]
  const texts = [...new Set([...naughty, '', '\\N', '\\.', '\\', 'a\tb', 'a\nb', 'a\r\nb', '\u0001\b\f\v', '\u202Eabc', 'NULL', '\ufeff', '😀'.repeat(1000)])]

  test('comes back as it was: texts, nothing, bytes, JSON, microseconds', async () => {
    await source.owner.execute(sql`
      insert into party (party_id, code, name, kind) select 100 + n, 'N' || n, t, 'customer' from unnest(${texts}::text[]) with ordinality u (t, n)`)
    const bytes = [Buffer.alloc(0), Buffer.from([0, 9, 10, 13, 92, 255]), Buffer.from('\\x00')]
    await source.owner.execute(sql`
      insert into api_key (api_key_id, name, secret_sha256, role, site_ids, created_at, revoked_at)
      select 100 + n, 'k', b, 'admin', case n when 1 then '{}' when 2 then '{1,2}'::int[] else '{3}' end, '2026-01-02T03:04:05.123456Z', case n when 1 then null else '1999-12-31T23:59:59.999999Z'::timestamptz end
      from unnest(${bytes}::bytea[]) with ordinality u (b, n)`)
    await source.owner.execute(sql`
      insert into carrier_service (service_id, code, carrier, name, minimum_minor, rate_minor, rate_unit, transit_days)
      values (7, 'x', '', '"', 0, ${Number.MAX_SAFE_INTEGER}, 'KG', null)`)
    await source.owner.execute(sql`
      insert into exception values (1, '019a0000-0000-7000-8000-000000000001', 'odd', null, null, null, 1, 'a\b', 'infinity', '-infinity', null)`)
    await source.owner.execute(sql`
      insert into outbox values (9, 1, 't', 1, 's', null, '2026-01-01T00:00:00.000001Z', '0001-01-01T00:00:00Z', ${'{ "a" : 1,\n\t"a": "\\u0041\\\\", "b":  [null, 1e400] }'}::json)`)
    await source.owner.execute(sql`
      insert into idempotency_key (site_id, caller, key, request_sha256, status, answer, recorded_at) values (1, 'c', 'k', ${Buffer.alloc(3_000_000, 92)}, 200, ${'😀\\\t\n'.repeat(500_000)}, '2026-01-01T00:00:00Z')`)
    const first = await backedUp(source, 'values.qmb', { sealKey: hexOf(world) })
    const target = await testDatabase('empty')
    // The rows are of no ledger, and verify says so; here it is only about what they are.
    await restored(target, 'values.qmb', { sealKey: hexOf(world) })
    for (const name of ['party', 'api_key', 'carrier_service', 'exception', 'outbox', 'idempotency_key']) {
      const rows = ({ owner }: TestDatabase) => owner.query({ text: `select t::text as row from ${name} t order by 1`, values: [] })
      expect(await rows(target), name).toEqual(await rows(source))
    }
    const back = await target.owner.query<{ name: string }>(sql`select name from party where party_id > 100 order by party_id`)
    expect(back.map(({ name }) => name)).toEqual(texts)
    expect(contentOf((await backedUp(target, 'values-again.qmb', { sealKey: hexOf(world) })).manifest)).toEqual(contentOf(first.manifest))
  })
})
