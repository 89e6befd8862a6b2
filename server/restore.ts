// Restore: a backup into an empty database, whole or not at all. The file is read twice: once to see that no byte of it changed, then, in one
// transaction, the schema that it was taken of is made, its rows are loaded, newer migrations run over them, and a new epoch of the feed begins.
// Whatever ends it before the commit, kill -9 among it, leaves the database as it was.
//
// Afterwards the record is proved as by `qm verify`, with the heads that the backup was signed with: what came out of the file is what went in.

import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { instant } from '../core/calendar.ts'
import { BackupError } from './backup/fault.ts'
import { openBackup, type BackupFile } from './backup/file.ts'
import type { BackedUpTable, Manifest } from './backup/manifest.ts'
import type { Clock } from './clock.ts'
import { APPLICATION_NAME, openCopySession, openDatabase, sql, commit, type Connection, type CopySession } from './db.ts'
import { beginEpoch } from './feed.ts'
import { HEADS_FILE, signatureOf } from './heads.ts'
import { leftOut, manifest as rules, SERVER_ROLE, SERVER_SETTINGS } from './manifest.ts'
import { applyIn, createMigrationTable, lockOutStarters, migrate, readMigrations, type Migration } from './migrate.ts'
import { OpenError, reach, readKey, sealKeyFile, sealKeyFrom, sealKeyText, writeSecretOnce, type OpenOptions, type Reached } from './open.ts'
import { verify, type Verification, type VerifyOptions } from './verify.ts'

export interface RestoreOptions extends Pick<OpenOptions, 'folder' | 'url' | 'sealKey'> {
  readonly file: string
  readonly clock: Clock
  /** Told what happens, in words for a person. */
  readonly report: (step: string) => void
  /** Told how far the file was looked through, and then how far it was loaded. */
  readonly onBytes?: (what: 'looked through' | 'loaded', done: number, of: number) => void
  readonly onVerified?: VerifyOptions['report']
  readonly signal?: AbortSignal
}

export interface Restored {
  readonly manifest: Manifest
  readonly epoch: number
  readonly seconds: number
  readonly verification: Verification
}

/** How long a connection of a process that was killed may take to go. */
const LEAVING_TRIES_MAX = 20
const LEAVING_TRY_MILLISECONDS = 250

/** Restores into an embedded database or another one, proves it, and says what was found. */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const started = performance.now()
  const { file, folder, url, onBytes } = options
  const backup = await openBackup(file, (done, of) => onBytes?.('looked through', done, of))
  try {
    const { manifest } = backup
    const migrations = await migrationsFor(manifest, file)
    const sealKey = await keyFor(manifest, options)
    const reached = await reach({ folder, url, sealKey: sealKey.toString('hex'), report: options.report })
    try {
      const epoch = await load(reached, backup, migrations, sealKey, options)
      const verification = await prove(reached, manifest, sealKey, options)
      return { manifest, epoch, verification, seconds: (performance.now() - started) / 1000 }
    } finally {
      await reached.leave()
    }
  } finally {
    await backup.close()
  }
}

/** The migrations of the backup, and those that came since. */
async function migrationsFor(
  { migrations }: Manifest,
  file: string,
): Promise<{ readonly until: readonly Migration[]; readonly since: readonly Migration[] }> {
  const known = await readMigrations()
  for (const { number, name, checksum } of migrations) {
    const migration = known[number - 1]
    if (migration === undefined)
      throw new BackupError('backup_newer', `${file} has migration ${name}, which this Quartermaster does not know: use a newer one.`)
    if (migration.checksum !== checksum)
      throw new BackupError(
        'backup_foreign',
        `${file} was made with another text of migration ${migration.name}: restore it with the Quartermaster that made it.`,
      )
  }
  return { until: known.slice(0, migrations.length), since: known.slice(migrations.length) }
}

/** The key in the file, or the one that was given or lies in the folder; it must be the one that the backup's heads were signed with. */
async function keyFor({ seal_key, heads }: Manifest, { folder, sealKey }: RestoreOptions): Promise<Buffer> {
  const outside = sealKey === undefined ? undefined : sealKeyFrom(sealKey)
  const inside = seal_key === null ? undefined : Buffer.from(seal_key, 'hex')
  const key = inside ?? outside ?? (await readKey(sealKeyFile(folder)))
  if (key === undefined)
    throw new OpenError('seal_key_missing', 'The backup does not hold the key that its ledger is sealed with: set QUARTERMASTER_SEAL_KEY.')
  if ((outside !== undefined && !outside.equals(key)) || heads.some((head) => head.signature !== signatureOf(key, head)))
    throw new BackupError('seal_key_wrong', 'The ledger of the backup is sealed with another key than the one given.')
  return key
}

async function load(
  { connection }: Reached,
  backup: BackupFile,
  migrations: { readonly until: readonly Migration[]; readonly since: readonly Migration[] },
  sealKey: Buffer,
  options: RestoreOptions,
): Promise<number> {
  const { clock, report, folder } = options
  const session = await openCopySession(connection)
  try {
    await session.script('begin')
    // A server that starts meanwhile waits with its migrations, and then finds ours.
    await session.script(lockOutStarters)
    await refuseInUse(session)
    await refuseFull(session)
    await layKey(options, sealKey)
    await setAside(join(folder, HEADS_FILE), options)
    await dropEmpty(session)
    await createMigrationTable(session)
    for (const migration of migrations.until) await applyIn(session, migration, clock)
    await loadTables(session, backup, options)
    for (const migration of migrations.since) {
      report(`Migrating what was restored: ${migration.name}`)
      await applyIn(session, migration, clock)
    }
    const epoch = await beginEpoch(session, instant(clock()), `restored from the backup of ${backup.manifest.created_at}`)
    options.signal?.throwIfAborted()
    await commit(session)
    return epoch
  } finally {
    // What was not committed is rolled back with the connection.
    await session.close()
  }
}

async function refuseInUse(session: Connection): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const [row] = await session.query<{ others: number }>(sql`
      select count(*) as others from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name = ${APPLICATION_NAME}`)
    if (row!.others === 0) return
    if (attempt === LEAVING_TRIES_MAX) throw new BackupError('target_in_use', 'A server or another command uses the database: stop it first.')
    await sleep(LEAVING_TRY_MILLISECONDS)
    // What others do is looked up once a transaction.
    await session.script('select pg_stat_clear_snapshot()')
  }
}

/** What migrations themselves put into an empty schema: our company, the control site with its head, the first epoch. */
const rowsOfEmptySchema: Readonly<Record<string, number>> = { party: 1, site: 1, site_head: 1, epoch: 1 }

async function refuseFull(session: Connection): Promise<void> {
  const tables = await tablesThere(session)
  const strange = tables.find((name) => rules[name] === undefined)
  if (strange !== undefined)
    throw new BackupError('target_not_empty', `The database has ${strange}, which is not Quartermaster's: restore into an empty one.`)
  // Who comes now waits at the first table that he reads, and then finds what was restored.
  if (tables.length > 0) await session.script(`lock table ${tables.join(', ')} in access exclusive mode`)
  for (const name of tables.filter((one) => one !== 'migration')) {
    const [row] = await session.query<{ rows: number }>({
      text: `select count(*) as rows from (select from ${name} limit ${(rowsOfEmptySchema[name] ?? 0) + 1}) t`,
      values: [],
    })
    if (row!.rows > (rowsOfEmptySchema[name] ?? 0))
      throw new BackupError('target_not_empty', `The database is in use: it has rows in ${name}. Restore into an empty one.`)
  }
}

/** Tables, views and sequences, but for those of extensions. */
async function tablesThere(session: Connection): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(sql`
    select c.relname::text as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
    order by c.relname`)
  return rows.map(({ name }) => name)
}

/** An empty schema of this code is newer than the backup's may be: that one is made anew. */
async function dropEmpty(session: Connection): Promise<void> {
  const tables = await tablesThere(session)
  if (tables.length > 0) await session.script(`drop table ${tables.join(', ')}`)
}

/**
 * The key lies beside the data before the first row is there, so no ledger is ever without it; before a ledger is there any key will do. Another
 * one that lies there may be some other ledger's only one: it is kept under another name. For a database elsewhere the key is written down only
 * where nobody has given it.
 */
async function layKey(options: RestoreOptions, sealKey: Buffer): Promise<void> {
  const { folder, url, sealKey: given, report } = options
  if (given !== undefined) return
  const file = sealKeyFile(folder)
  const there = await readKey(file)
  if (there?.equals(sealKey) !== true) {
    await setAside(file, options)
    await writeSecretOnce(file, sealKeyText(sealKey))
  }
  if (url !== undefined) report(`The key of the ledger stands in ${file}: set QUARTERMASTER_SEAL_KEY to it for the server.`)
}

/** What was written beside another ledger, or beside later days of this one, is kept under another name. */
async function setAside(file: string, { clock, report }: RestoreOptions): Promise<void> {
  if (!existsSync(file)) return
  const kept = `${file}.before-${new Date(clock()).toISOString().replaceAll(/[:.]/g, '')}`
  await rename(file, kept)
  report(`${file} was kept as ${kept}`)
}

async function loadTables(session: CopySession, backup: BackupFile, { onBytes, signal }: RestoreOptions): Promise<void> {
  const { tables } = backup.manifest
  const there = await tablesThere(session)
  const made = there.filter((name) => !leftOut.has(name))
  const missing = made.find((name) => !tables.some((one) => one.name === name)) ?? tables.find((one) => !made.includes(one.name))?.name
  if (missing !== undefined) throw new BackupError('backup_foreign', `Table ${missing} is not both in the backup and in the schema it tells of.`)
  // What the migrations put there comes from the backup too.
  await session.script(`truncate ${there.filter((name) => name !== 'migration').join(', ')}`)
  const all = tables.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  const loaded = (bytes: number): void => onBytes?.('loaded', (done += bytes), all)
  for (const table of tables) await loadTable(session, backup, table, { loaded, signal })
}

async function loadTable(
  session: CopySession,
  backup: BackupFile,
  table: BackedUpTable,
  { loaded, signal }: { readonly loaded: (bytes: number) => void; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const { name, columns, rows } = table
  const blocks = async function* (): AsyncGenerator<Buffer> {
    for await (const block of backup.rowsOf(table)) {
      signal?.throwIfAborted()
      yield block
      loaded(block.length)
    }
  }
  // Nobody has seen the table yet, so its rows may be written as if they had always been there: nothing needs to touch them again.
  const into = session.copyIn(`copy ${name} (${columns.join(', ')}) from stdin with (freeze)`)
  await pipeline(blocks, into).catch((error: unknown) => {
    throw isOfRows(error) ? new BackupError('backup_foreign', `The rows of ${name} do not fit the schema: ${error.message}`) : error
  })
  if (into.rowCount !== rows) throw new BackupError('backup_altered', `${into.rowCount} rows of ${name} were loaded; the backup has ${rows}.`)
}

/** PostgreSQL found fault with what a row says, not with the connection or itself. */
const isOfRows = (error: unknown): error is Error => error instanceof Error && /^2[23]/.test(String((error as { code?: unknown }).code))

/** Grants, where Citus keeps what, what the planner must know; then every invariant of the record. */
async function prove({ connection }: Reached, { heads }: Manifest, sealKey: Buffer, options: RestoreOptions): Promise<Verification> {
  const { clock, report, folder, onVerified } = options
  const owner = openDatabase(connection, { connections_max: 1 })
  const database = openDatabase(connection, { role: SERVER_ROLE, settings: SERVER_SETTINGS })
  try {
    await migrate(owner, { clock, report })
    await owner.script('analyze')
    if (existsSync(folder) && heads.length > 0)
      await writeFile(join(folder, HEADS_FILE), heads.map((head) => `${JSON.stringify(head)}\n`).join(''), { flag: 'wx' })
    report('Verifying what was restored')
    return await verify(database, { sealKey, heads, ...(onVerified === undefined ? {} : { report: onVerified }) })
  } finally {
    await Promise.all([database.close(), owner.close()])
  }
}
