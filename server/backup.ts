// Backup: the whole database as it was at one moment, in one file, while servers go on. One connection holds one snapshot and sends a table after
// the other through PostgreSQL's COPY, which is the same on every version, so a backup of one PostgreSQL is restored into another. Tables are
// locked against being altered before the snapshot is taken, or rows of an altered one would be missing in it without a word.
//
// What is left out: sessions, since who signed out must not be signed in again by a restore; and the list of migrations, which the manifest has.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { textOf, instant, type Instant } from '../core/calendar.ts'
import { BackupError } from './backup/fault.ts'
import { writeBackup, type BackupWriter } from './backup/file.ts'
import { BACKUP_FORMAT, type BackedUpTable, type Manifest } from './backup/manifest.ts'
import type { Clock } from './clock.ts'
import { openCopySession, sql, type Connection, type CopySession } from './db.ts'
import { readHeads } from './heads.ts'
import { sealHead, type Head } from './lane/chain.ts'
import { leftOut, manifest as tables } from './manifest.ts'
import { appliedMigrations } from './migrate.ts'
import { keyMissing, reach, type OpenOptions, type Reached } from './open.ts'
import { exists } from './postgres/room.ts'

export interface BackupOptions extends Pick<OpenOptions, 'folder' | 'url' | 'sealKey' | 'report'> {
  readonly file: string
  /** Whether a file that is there may be replaced. */
  readonly force: boolean
  readonly clock: Clock
  /** Told of each piece: the table, and bytes of rows so far. */
  readonly onBytes?: (table: string, bytes: number) => void
  readonly signal?: AbortSignal
}

export interface BackedUp {
  readonly manifest: Manifest
  readonly bytes: number
  readonly seconds: number
}

/** Backs up a database that runs, or an embedded one that does not. */
export async function backUp(options: BackupOptions): Promise<BackedUp> {
  const { folder, url, sealKey } = options
  if (url !== undefined && sealKey === undefined) throw keyMissing()
  if (url === undefined && !(await exists(join(folder, 'postgres')))) throw new BackupError('nothing_to_back_up', `There is no data in ${folder}.`)
  const reached = await reach(options)
  try {
    const session = await openCopySession(reached.connection)
    try {
      return await backUpOver(session, reached.keyOf, options)
    } finally {
      await session.close()
    }
  } finally {
    await reached.leave()
  }
}

async function backUpOver(session: CopySession, keyOf: Reached['keyOf'], options: BackupOptions): Promise<BackedUp> {
  const started = performance.now()
  await beginSnapshot(session)
  const sealKey = await keyOf(session)
  await refuseOtherKey(session, sealKey)
  const told = await aboutDatabase(session, sealKey, instant(options.clock()))
  // A key that came from outside stays outside; the folder's own has no other copy than beside the data that may be lost.
  const seal_key = options.sealKey === undefined ? sealKey.toString('hex') : null
  const { manifest, bytes } = await writeBackup(options.file, options, async (writer) => {
    const written: BackedUpTable[] = []
    for (const one of await tablesOf(session)) written.push(await copyTable(session, writer, one, options))
    return { ...told, seal_key, tables: written }
  })
  return { manifest, bytes, seconds: (performance.now() - started) / 1000 }
}

async function beginSnapshot(session: CopySession): Promise<void> {
  const before = await tablesOf(session)
  if (!before.some(({ name }) => name === 'site_head')) throw new BackupError('nothing_to_back_up', 'The database has no tables of Quartermaster.')
  await session.script('begin isolation level repeatable read, read only')
  // The snapshot is taken by the first question after it.
  await session.script(`lock table migration, ${before.map(({ name }) => name).join(', ')} in access share mode`)
  const locked = await tablesOf(session)
  if (JSON.stringify(locked) !== JSON.stringify(before)) throw new Error('The database was migrated at this moment: try again.')
}

interface Table {
  readonly name: string
  readonly columns: readonly string[]
}

/** Tables that are there, of an older schema perhaps, in the order in which they can be filled. */
async function tablesOf(session: Connection): Promise<readonly Table[]> {
  const rows = await session.query<Table>(sql`
    select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') group by c.relname`)
  const found = new Map(rows.map((row) => [row.name, row]))
  return Object.keys(tables)
    .filter((name) => !leftOut.has(name))
    .flatMap((name) => found.get(name) ?? [])
}

/** A key that fits no head at all is another ledger's: what is signed with it could not be proved after a restore. */
async function refuseOtherKey(session: Connection, sealKey: Buffer): Promise<void> {
  const heads = await session.query<Head & { readonly site: number; readonly seal: Buffer }>(sql`
    -- every site: whether the key is theirs
    select site_id as site, move_sequence as moves, move_hash as hash, outbox_sequence as events, last_number as numbers, seal
    from site_head where length(seal) > 0`)
  if (heads.length === 0 || heads.some((head) => head.seal.equals(sealHead(sealKey, head.site, head)))) return
  throw new BackupError('seal_key_wrong', 'The ledger was sealed with another key than the one given: a backup could not be proved after a restore.')
}

async function aboutDatabase(session: Connection, sealKey: Buffer, at: Instant): Promise<Omit<Manifest, 'seal_key' | 'tables'>> {
  const created_at = textOf(at)
  const [row] = await session.query<{ epoch: number }>(sql`select max(epoch) as epoch from epoch`)
  const heads = await readHeads(session, sealKey, created_at)
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { version: string }
  const migrations = await appliedMigrations(session)
  return { format: BACKUP_FORMAT, product: version, created_at, epoch: row!.epoch, migrations: [...migrations], heads: [...heads] }
}

async function copyTable(
  session: CopySession,
  writer: BackupWriter,
  { name, columns }: Table,
  { onBytes = () => undefined, signal }: BackupOptions,
): Promise<BackedUpTable> {
  const rows = session.copyOut(`copy ${name} (${columns.join(', ')}) to stdout`)
  let bytes = 0
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of rows as AsyncIterable<Buffer>) {
      signal?.throwIfAborted()
      onBytes(name, (bytes += piece.length))
      yield piece
    }
  }
  return { name, columns: [...columns], ...(await writer.table(name, pieces())) }
}
