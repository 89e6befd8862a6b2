// Migrate: brings a database to what this code expects, forward only. A migration is a numbered file of SQL whose first line says why; its
// row is inserted first in its own transaction, so of two servers that start at once one runs it and the other waits and skips it.
// What was applied must not have changed since, and a database newer than the code is refused rather than guessed at.
//
// Afterwards tables are distributed (where Citus is) and the server's role gets what the manifest allows: both compare what is with what
// should be, so a run cut off in the middle is finished by the next.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient, sql, type Connection, type Database } from './db.ts'
import { distribute } from './distribute.ts'
import { grantServerRole } from './grants.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  readonly checksum: string
  readonly text: string
}

export type MigrationErrorCode = 'migration_malformed' | 'migration_changed' | 'database_newer'

export class MigrationError extends Error {
  readonly code: MigrationErrorCode

  constructor(code: MigrationErrorCode, message: string) {
    super(message)
    this.name = 'MigrationError'
    this.code = code
  }
}

export interface MigrateOptions {
  /** Milliseconds since 1970, from the injected clock. */
  readonly clock: () => number
  readonly folder?: string
  readonly report?: (step: string) => void
}

const MIGRATIONS_FOLDER = join(import.meta.dirname, 'migrations')
/** A migration waits this long for a table that others use, then lets them pass and tries again. */
const LOCK_WAIT_SECONDS_MAX = 2
const MIGRATION_TRIES_MAX = 10
const RETRY_MILLISECONDS = 500

/** Returns the names of the migrations that this call applied. The database is opened by its owner, without a role. */
export async function migrate(
  database: Database,
  { clock, folder = MIGRATIONS_FOLDER, report = () => undefined }: MigrateOptions,
): Promise<readonly string[]> {
  const known = await readMigrations(folder)
  await retried(() => createMigrationTable(database))
  const applied = await appliedMigrations(database)
  refuseUnknown(known, applied)
  const done: string[] = []
  for (const migration of known.slice(applied.length)) {
    report(`Migrating the database: ${migration.name}`)
    if (await retried(() => apply(database, migration, clock))) done.push(migration.name)
  }
  await retried(() => distribute(database))
  await retried(() => grantServerRole(database))
  return done
}

export async function readMigrations(folder = MIGRATIONS_FOLDER): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (file, index) => {
      const text = await readFile(join(folder, file), 'utf8')
      const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1])
      if (number !== index + 1)
        throw new MigrationError('migration_malformed', `${file} is not migration ${index + 1}: they are numbered without gaps, 0001-name.sql.`)
      if (!/^-- \S/.test(text)) throw new MigrationError('migration_malformed', `${file} does not say why in its first line.`)
      return { number, name: file.slice(0, -'.sql'.length), text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

export interface Applied {
  readonly number: number
  readonly name: string
  readonly checksum: string
}

export async function createMigrationTable(database: Connection): Promise<void> {
  const [found] = await database.query<{ there: boolean }>(sql`select to_regclass('public.migration') is not null as there`)
  if (found!.there) return
  // "If not exists" does not see what another starter makes at this moment, and then fails in one of several ways; the lock goes with the script's end.
  await database.script(`
    ${lockOutStarters};
    create table if not exists migration (number int primary key, name text not null, checksum text not null, applied_at timestamptz not null)`)
}

/** Who holds this lock, until his transaction ends, keeps others from making the schema. */
export const lockOutStarters = "select pg_advisory_xact_lock(hashtext('quartermaster migration'))"

export function appliedMigrations(database: Connection): Promise<readonly Applied[]> {
  return database.query<Applied>(sql`select number, name, checksum from migration order by number`)
}

function refuseUnknown(known: readonly Migration[], applied: readonly Applied[]): void {
  for (const { number, name, checksum } of applied) {
    const migration = known[number - 1]
    if (!migration) {
      throw new MigrationError('database_newer', `The database has migration ${name}, which this Quartermaster does not know: use a newer one.`)
    }
    if (migration.checksum !== checksum) {
      throw new MigrationError(
        'migration_changed',
        `Migration ${migration.name} was changed after it had been applied: restore its text and write a new one.`,
      )
    }
  }
}

/** False when another starter ran it first. */
const apply = (database: Database, migration: Migration, clock: () => number): Promise<boolean> =>
  database.transaction((tx) => applyIn(tx, migration, clock))

/** Applies a migration in a transaction of its caller. */
export async function applyIn(tx: Connection, { number, name, checksum, text }: Migration, clock: () => number): Promise<boolean> {
  // Without the first, tables linked by foreign keys become coordinator tables on Citus; both mean nothing to plain PostgreSQL.
  await tx.script("set local citus.enable_local_reference_table_foreign_keys = off; set local citus.multi_shard_modify_mode = 'sequential'")
  const inserted = await tx.execute(sql`
    insert into migration (number, name, checksum, applied_at)
    values (${number}, ${name}, ${checksum}, to_timestamp(${clock()}::float8 / 1000))
    on conflict do nothing`)
  if (inserted === 0) return false
  // Only now: the insert may wait for as long as another starter's migration takes.
  await tx.script(`set local lock_timeout = '${LOCK_WAIT_SECONDS_MAX}s'`)
  await tx.script(text)
  return true
}

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isTransient(error) || attempt === MIGRATION_TRIES_MAX) throw error
      await sleep(RETRY_MILLISECONDS)
    }
  }
}
