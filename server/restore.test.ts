// Backup and restore: what comes out of the file is what was there at one moment, whole, proved, and a new beginning for who follows the feed.

import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { instant } from '../core/calendar.ts'
import { controlSite, type SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { quantity } from '../core/quantity.ts'
import { backUp, type BackedUp, type BackupOptions } from './backup.ts'
import { writeBackup } from './backup/file.ts'
import type { BackedUpTable, Manifest } from './backup/manifest.ts'
import { openDatabase, sql, type Database } from './db.ts'
import { expireHolds } from './expiry.ts'
import { FeedWriter, logHeads } from './feed.ts'
import { readHeads, readHeadsFile } from './heads.ts'
import { manifest as tables } from './manifest.ts'
import { migrate, readMigrations } from './migrate.ts'
import { openServer } from './open.ts'
import { removeTemporary, startTemporary, temporaryFolder } from './postgres/temporary.ts'
import { deliverAll } from './relay.ts'
import { restore, type RestoreOptions, type Restored } from './restore.ts'
import { testDatabase, urlOf, type TestDatabase } from './test-database.ts'
import { testHttp } from './test-http.ts'
import { expectVerified } from './test-verify.ts'
import { orderOf, testWorld, type TestWorld } from './test-world.ts'

const POSTGRES_15 = '/usr/lib/postgresql/15'
const folder = await temporaryFolder()
afterAll(() => removeTemporary(folder))
const at = (name: string): string => join(folder, name)
const clock = (): number => Date.parse('2026-05-06T07:08:09.123Z')
const KEY = 'ab'.repeat(32)
const hexOf = ({ sealKey }: TestWorld): string => sealKey.toString('hex')

const backedUp = ({ connection }: Pick<TestDatabase, 'connection'>, file: string, options: Partial<BackupOptions> = {}): Promise<BackedUp> =>
  backUp({ folder: at('beside'), url: urlOf(connection), sealKey: KEY, file: at(file), force: false, clock, ...options })
const restored = ({ connection }: Pick<TestDatabase, 'connection'>, file: string, options: Partial<RestoreOptions> = {}): Promise<Restored> =>
  restore({ folder: at('beside'), url: urlOf(connection), sealKey: KEY, file: at(file), clock, report: () => undefined, ...options })

/** What two backups must have in common when the one is of what was restored from the other. */
const contentOf = ({ manifest }: BackedUp, but: readonly string[] = ['epoch']): readonly unknown[] =>
  manifest.tables.filter(({ name }) => !but.includes(name)).map(({ name, columns, rows, bytes, sha256 }) => ({ name, columns, rows, bytes, sha256 }))

/** Over a connection that is gone afterwards: who restores wants the database to himself. */
async function asOwner({ connection }: TestDatabase, script: string): Promise<void> {
  const database = openDatabase(connection)
  await database.script(script)
  await database.close()
}

const count = async (database: Database, from: string): Promise<number> =>
  (await database.query<{ count: number }>({ text: `select count(*) as count from ${from}`, values: [] }))[0]!.count

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
    expect(contentOf(again)).toEqual(contentOf(taken))
    expect(taken.manifest.tables.map(({ name }) => name).toSorted()).toEqual(Object.keys(tables).filter((name) => name !== 'migration' && name !== 'web_session').toSorted())
  })

  test('has the grants that the server needs, and none that it must not have', async () => {
    await expect(target.server.script('delete from move')).rejects.toMatchObject({ code: '42501' })
    expect(await migrate(target.owner, { clock })).toEqual([])
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
    for (const time of [clock(), clock() + 1000]) {
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
    expect(contentOf(await backedUp(target, 'values-again.qmb', { sealKey: hexOf(world) }))).toEqual(contentOf(first))
  })
})

describe('a restore refuses', async () => {
  const source = await testDatabase()
  const world = await testWorld(source.server, { sites: ['SEA'], items: { A: 10 } })
  const sealKey = hexOf(world)
  const { manifest } = await backedUp(source, 'good.qmb', { sealKey })
  const nothingIn = async ({ owner }: TestDatabase): Promise<void> =>
    expect(await owner.query(sql`select relname from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([])

  test.each<[string, 'migrated' | 'empty', string, string]>([
    ['our data',                  'migrated', "insert into item values (1, 'A', 'A', 'EA', 'none', 1, 1)",  'rows in item'],
    ['a second party',            'migrated', "insert into party values (2, 'C', 'C', 'customer')",         'rows in party'],
    ['a reader\'s place in a log', 'migrated', "insert into outbox_cursor values (1, 'x', 1)",              'rows in outbox_cursor'],
    ['a table of another',        'empty',    'create table mine (a int)',                                  'has mine'],
    ['a view of another',         'empty',    'create view mine as select 1 as a',                          'has mine'],
    ['a sequence of another',     'migrated', 'create sequence mine',                                       'has mine'],
  ])('a database that has %s', async (_story, template, script, told) => {
    const target = await testDatabase(template)
    await asOwner(target, script)
    await expect(restored(target, 'good.qmb', { sealKey })).rejects.toMatchObject({ code: 'target_not_empty', message: expect.stringContaining(told) as string })
  })

  test('a database that somebody uses', { timeout: 30_000 }, async () => {
    const target = await testDatabase()
    const session = await target.server.session()
    await expect(restored(target, 'good.qmb', { sealKey })).rejects.toMatchObject({ code: 'target_in_use' })
    session.release()
    expect(await count(target.owner, 'party')).toBe(1)
  })

  test('a backup of a newer schema, or of one that was changed', async () => {
    const target = await testDatabase('empty')
    const known = manifest.migrations
    for (const [code, migrations] of [
      ['backup_newer', [...known, { number: known.length + 1, name: '9999-future', checksum: 'x' }]],
      ['backup_foreign', [...known.slice(0, -1), { ...known.at(-1)!, checksum: 'x' }]],
    ] as const) {
      await writeBackup(at('other.qmb'), { force: true }, () => Promise.resolve({ ...manifest, migrations: [...migrations], tables: [] }))
      await expect(restored(target, 'other.qmb', { sealKey })).rejects.toMatchObject({ code })
    }
    await nothingIn(target)
  })

  test('rows that are not those of its schema, and leaves nothing of the others', async () => {
    const target = await testDatabase('empty')
    const pieces = async function* (text: string): AsyncGenerator<Buffer> { yield Buffer.from(text) }
    const rowsOf = async (but: Readonly<Record<string, string>>, more: Partial<BackedUpTable> = {}): Promise<void> => {
      await writeBackup(at('odd.qmb'), { force: true }, async (writer): Promise<Manifest> => {
        const written: BackedUpTable[] = []
        for (const { name, columns } of manifest.tables) written.push({ name, columns, ...await writer.table(name, pieces(but[name] ?? '')), ...(name === 'party' ? more : {}) })
        return { ...manifest, heads: [], tables: written }
      })
    }
    const party = "1\tCOMPANY\tOurs\tcompany\n"
    for (const [code, make] of [
      ['backup_foreign', () => rowsOf({ party, item: 'x\n' })],
      ['backup_foreign', () => rowsOf({ party: `${party}2\tA\tA\tking\n` })],
      ['backup_foreign', () => rowsOf({ party, site: "0\tCONTROL\tC\t7\t\\N\n" })],
      ['backup_altered', () => rowsOf({ party }, { rows: 2 })],
      ['backup_altered', () => rowsOf({ party }, { sha256: '0'.repeat(64) })],
    ] as const) {
      await make()
      await expect(restored(target, 'odd.qmb', { sealKey })).rejects.toMatchObject({ code })
    }
    await writeBackup(at('odd.qmb'), { force: true }, () => Promise.resolve({ ...manifest, heads: [], tables: [] }))
    await expect(restored(target, 'odd.qmb', { sealKey })).rejects.toMatchObject({ code: 'backup_foreign' })
    await nothingIn(target)
  })

  test('a key that is not the ledger\'s, and asks for one that is nowhere', async () => {
    const target = await testDatabase('empty')
    await expect(restored(target, 'good.qmb', { sealKey: KEY })).rejects.toMatchObject({ code: 'seal_key_wrong' })
    await expect(restored(target, 'good.qmb', { sealKey: 'short' })).rejects.toMatchObject({ code: 'seal_key_not_valid' })
    await expect(restored(target, 'good.qmb', { sealKey: undefined })).rejects.toMatchObject({ code: 'seal_key_missing' })
    await nothingIn(target)
    await expect(backUp({ folder, url: urlOf(source.connection), sealKey: KEY, file: at('wrong.qmb'), force: false, clock })).rejects.toMatchObject({ code: 'seal_key_wrong' })
    await expect(backUp({ folder, url: urlOf(source.connection), file: at('wrong.qmb'), force: false, clock })).rejects.toMatchObject({ code: 'seal_key_missing' })
    await expect(backedUp(target, 'wrong.qmb')).rejects.toMatchObject({ code: 'nothing_to_back_up' })
    await expect(backUp({ folder: at('nowhere'), file: at('wrong.qmb'), force: false, clock })).rejects.toMatchObject({ code: 'nothing_to_back_up' })
    expect([existsSync(at('wrong.qmb')), existsSync(at('nowhere'))]).toEqual([false, false])
  })

  test('nothing when it was stopped in the middle: the next one restores', async () => {
    const target = await testDatabase()
    const stopping = new AbortController()
    const onBytes = (what: string): void => void (what === 'loaded' && stopping.abort(new Error('stopped here')))
    await expect(restored(target, 'good.qmb', { sealKey, onBytes, signal: stopping.signal })).rejects.toThrow('stopped here')
    await asOwner(target, "select 1 / (select count(*)::int from party where party_id = 1)")
    expect(await restored(target, 'good.qmb', { sealKey })).toMatchObject({ verification: { ok: true } })
  })

  test('and says no, when what it restored does not verify', async () => {
    const broken = await testDatabase()
    const there = await testWorld(broken.server, { sites: ['SEA'], items: { A: 10 } })
    await broken.owner.execute(sql`update stock set quantity = quantity + 1`)
    await backedUp(broken, 'broken.qmb', { sealKey: hexOf(there) })
    const { verification } = await restored(await testDatabase('empty'), 'broken.qmb', { sealKey: hexOf(there) })
    expect(verification.checks.filter((check) => !check.ok).map((check) => check.offending?.table)).toContain('stock')
  })
})

describe('a backup of an older schema', () => {
  test('is restored as it was, and then migrated forward', async () => {
    const { owner, connection } = await testDatabase('empty')
    const migrations = at('migrations')
    await mkdir(migrations)
    for (const { name } of (await readMigrations()).slice(0, 5)) await cp(join(import.meta.dirname, 'migrations', `${name}.sql`), join(migrations, `${name}.sql`))
    await migrate(owner, { clock, folder: migrations })
    const id = '019a0000-0000-7000-8000-000000000001'
    await owner.script(`
      insert into party values (5, 'S1', 'Parts', 'supplier');
      insert into item values (9, 'A', 'A', 'EA', 'none', 120, 250);
      insert into outbox values (7, 3, 'purchase.placed', 1, '${id}', null, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '{"supplier":"S1"}');
      insert into planned_move values (7, '${id}', 1, 1, 'purchase', 'supply', 'firm', 9, 1, 1, 100, 7, '2026-02-01', 0, 3, 10, 4, 1, 0, 0, 0, null)`)
    await rm(at('old.qmb'), { force: true })
    const { manifest } = await backedUp({ connection }, 'old.qmb')
    expect(manifest.migrations.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
    const target = await testDatabase()
    const steps: string[] = []
    await restored(target, 'old.qmb', { report: (step) => steps.push(step) })
    expect(steps.filter((step) => step.startsWith('Migrating'))).toHaveLength((await readMigrations()).length - 5)
    expect(await target.owner.query(sql`select supplier_id as supplier from purchase`)).toEqual([{ supplier: 5 }])
    expect(await target.owner.query(sql`select quantity, received, cancelled from purchase_line`)).toEqual([{ quantity: 10, received: 4, cancelled: 1 }])
    expect(await migrate(target.owner, { clock })).toEqual([])
  })
})

describe('one file on every version', () => {
  test('goes from 18 to 15 and back, the same to the byte', async () => {
    if (!existsSync(join(POSTGRES_15, 'bin', 'initdb'))) {
      expect(process.env.CI).not.toBe('true')
      process.stdout.write('not run: a restore on PostgreSQL 15\n')
      return
    }
    const source = await testDatabase()
    const world = await testWorld(source.server, { sites: ['SEA'], items: { A: 1000 } })
    const [sea, a] = [await world.site('SEA'), await world.item('A')]
    for (let made = 0; made < 20; made += 1) await world.send(sea, orderOf(world, sea, [[a, 1], [a, 2]]))
    const sealKey = hexOf(world)
    const first = await backedUp(source, 'from-18.qmb', { sealKey })
    const other = await startTemporary({ binaries: POSTGRES_15 })
    try {
      expect((await restored(other, 'from-18.qmb', { sealKey })).verification).toMatchObject({ ok: true })
      const second = await backedUp(other, 'from-15.qmb', { sealKey })
      expect(contentOf(second)).toEqual(contentOf(first))
      expect((await restored(await testDatabase('empty'), 'from-15.qmb', { sealKey })).verification).toMatchObject({ ok: true })
    } finally {
      await other.stop()
    }
  })
})

describe('an embedded database', () => {
  const [here, there] = [at('here'), at('there')]
  const createSite = { kind: 'createSite', code: 'SEA', name: 'Seattle' } as const
  afterAll(() => Promise.all([here, there].map(removeTemporary)))

  test('is backed up with its key, and restored where there was another', { timeout: 60_000 }, async () => {
    const opened = await openServer({ folder: here })
    await opened.lanes.submit(controlSite, { command: createSite, caller: 'test', key: 'k1', sha256: Buffer.alloc(32) })
    // While it runs.
    const { manifest } = await backUp({ folder: here, file: at('embedded.qmb'), force: false, clock })
    expect(manifest.seal_key).toBe(opened.sealKey.toString('hex'))
    await opened.close()
    // And when it does not.
    const closed = await backUp({ folder: here, file: at('closed.qmb'), force: false, clock })
    expect(contentOf(closed)).toEqual(contentOf({ ...closed, manifest }))

    const empty = await openServer({ folder: there })
    await empty.close()
    await writeFile(join(there, 'heads.ndjson'), '')
    const said: string[] = []
    const { verification, epoch } = await restore({ folder: there, file: at('embedded.qmb'), clock, report: (step) => said.push(step) })
    expect(verification.ok).toBe(true)
    expect((await readdir(there)).toSorted()).toEqual(['heads.ndjson', 'heads.ndjson.before-2026-05-06T070809123Z', 'postgres', 'seal.key', 'seal.key.before-2026-05-06T070809123Z'])
    expect(await readFile(join(there, 'seal.key.before-2026-05-06T070809123Z'), 'utf8')).toBe(`${empty.sealKey.toString('hex')}\n`)
    expect(said.filter((step) => step.includes('was kept as'))).toHaveLength(2)
    expect(await readHeadsFile(join(there, 'heads.ndjson'))).toEqual(manifest.heads)

    const again = await openServer({ folder: there })
    expect(again.sealKey).toEqual(opened.sealKey)
    expect(await again.catalog.siteByCode('SEA')).toMatchObject({ name: 'Seattle' })
    const item = { sku: 'A', name: 'A', unit: 'EA', tracking: 'none', standardCost: money(1), listPrice: money(1) } as const
    expect(await again.lanes.submit(controlSite, { command: { kind: 'createItems', items: [item] }, caller: 'test', key: 'k2', sha256: Buffer.alloc(32) })).toMatchObject({ status: 201 })
    expect(await again.database.query(sql`select max(epoch) as epoch from epoch`)).toEqual([{ epoch }])
    await again.close()
  })

  test('elsewhere gets its key written down where nobody has it', async () => {
    const target = await testDatabase('empty')
    const beside = at('key-beside')
    const said: string[] = []
    await restored(target, 'embedded.qmb', { folder: beside, sealKey: undefined, report: (step) => said.push(step) })
    expect(said.join('\n')).toContain('set QUARTERMASTER_SEAL_KEY')
    const key = (await readFile(join(beside, 'seal.key'), 'utf8')).trim()
    const database = openDatabase(target.connection)
    await expectVerified(database, Buffer.from(key, 'hex'))
    await database.close()
  })
})
