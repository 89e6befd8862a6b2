// A restore is whole or not at all, into an empty database only, on any version, from any older schema, and with the ledger's own key.

import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { controlSite } from '../core/item.ts'
import { money } from '../core/money.ts'
import { backUp } from './backup.ts'
import { writeBackup } from './backup/file.ts'
import type { BackedUpTable, Manifest } from './backup/manifest.ts'
import { openDatabase, sql } from './db.ts'
import { readHeadsFile } from './heads.ts'
import { migrate, readMigrations } from './migrate.ts'
import { openServer } from './open.ts'
import { removeTemporary, startTemporary } from './postgres/temporary.ts'
import { restore } from './restore.ts'
import { ANY_KEY, asOwner, backupClock, contentOf, count, hexOf, testBackups } from './test-backup.ts'
import { testDatabase, urlOf, type TestDatabase } from './test-database.ts'
import { expectVerified } from './test-verify.ts'
import { orderOf, testWorld } from './test-world.ts'

const POSTGRES_15 = '/usr/lib/postgresql/15'
const { folder, at, backedUp, restored } = await testBackups()

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
    const party = "1\tCOMPANY\tOurs\tcompany\tUSD\n"
    for (const [code, make] of [
      ['backup_foreign', () => rowsOf({ party, item: 'x\n' })],
      ['backup_foreign', () => rowsOf({ party: `${party}2\tA\tA\tking\tUSD\n` })],
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
    await expect(restored(target, 'good.qmb', { sealKey: ANY_KEY })).rejects.toMatchObject({ code: 'seal_key_wrong' })
    await expect(restored(target, 'good.qmb', { sealKey: 'short' })).rejects.toMatchObject({ code: 'seal_key_not_valid' })
    await expect(restored(target, 'good.qmb', { sealKey: undefined })).rejects.toMatchObject({ code: 'seal_key_missing' })
    await nothingIn(target)
    await expect(backUp({ folder, url: urlOf(source.connection), sealKey: ANY_KEY, file: at('wrong.qmb'), force: false, clock: backupClock })).rejects.toMatchObject({ code: 'seal_key_wrong' })
    await expect(backUp({ folder, url: urlOf(source.connection), file: at('wrong.qmb'), force: false, clock: backupClock })).rejects.toMatchObject({ code: 'seal_key_missing' })
    await expect(backedUp(target, 'wrong.qmb')).rejects.toMatchObject({ code: 'nothing_to_back_up' })
    await expect(backUp({ folder: at('nowhere'), file: at('wrong.qmb'), force: false, clock: backupClock })).rejects.toMatchObject({ code: 'nothing_to_back_up' })
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

  test.each(['empty', 'migrated'] as const)('to be overtaken by a server that starts meanwhile on an %s database', async (template) => {
    const target = await testDatabase(template)
    const starter = openDatabase(target.connection)
    let started: Promise<readonly string[]> | undefined
    const onBytes = (what: string): void => void (what === 'loaded' && (started ??= migrate(starter, { clock: backupClock })))
    expect(await restored(target, 'good.qmb', { sealKey, onBytes })).toMatchObject({ verification: { ok: true } })
    expect(await started).toEqual([])
    expect(await count(target.owner, 'move')).toBe(1)
    await starter.close()
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
    await migrate(owner, { clock: backupClock, folder: migrations })
    const id = '019a0000-0000-7000-8000-000000000001'
    await owner.script(`
      insert into party values (5, 'S1', 'Parts', 'supplier');
      insert into item values (9, 'A', 'A', 'EA', 'none', 120, 250);
      insert into outbox values (7, 3, 'purchase.placed', 1, '${id}', null, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '{"supplier":"S1"}');
      insert into planned_move values (7, '${id}', 1, 1, 'purchase', 'supply', 'firm', 9, 1, 1, 100, 7, '2026-02-01', 0, 3, 10, 4, 1, 0, 0, 0, null)`)
    const { manifest } = await backedUp({ connection }, 'old.qmb')
    expect(manifest.migrations.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
    const target = await testDatabase()
    const steps: string[] = []
    await restored(target, 'old.qmb', { report: (step) => steps.push(step) })
    expect(steps.filter((step) => step.startsWith('Migrating'))).toHaveLength((await readMigrations()).length - 5)
    expect(await target.owner.query(sql`select supplier_id as supplier from purchase`)).toEqual([{ supplier: 5 }])
    expect(await target.owner.query(sql`select quantity, received, cancelled from purchase_line`)).toEqual([{ quantity: 10, received: 4, cancelled: 1 }])
    expect(await migrate(target.owner, { clock: backupClock })).toEqual([])
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
      expect(contentOf(second.manifest)).toEqual(contentOf(first.manifest))
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
    const { manifest } = await backUp({ folder: here, file: at('embedded.qmb'), force: false, clock: backupClock })
    expect(manifest.seal_key).toBe(opened.sealKey.toString('hex'))
    await opened.close()
    // And when it does not.
    const closed = await backUp({ folder: here, file: at('closed.qmb'), force: false, clock: backupClock })
    expect(contentOf(closed.manifest)).toEqual(contentOf(manifest))

    const empty = await openServer({ folder: there })
    await empty.close()
    await writeFile(join(there, 'heads.ndjson'), '')
    const said: string[] = []
    const { verification, epoch } = await restore({ folder: there, file: at('embedded.qmb'), clock: backupClock, report: (step) => said.push(step) })
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
