// Backups for tests: into files of a temporary folder, from and into databases that are named by their addresses.

import { join } from 'node:path'
import { afterAll } from 'vitest'
import { backUp, type BackedUp, type BackupOptions } from './backup.ts'
import { openDatabase, type ConnectionSettings, type Database } from './db.ts'
import { removeTemporary, temporaryFolder } from './postgres/temporary.ts'
import { restore, type RestoreOptions, type Restored } from './restore.ts'
import { urlOf } from './test-database.ts'
import type { TestWorld } from './test-world.ts'

interface Reachable {
  readonly connection: ConnectionSettings
}

export interface TestBackups {
  readonly folder: string
  /** A file's path in the folder. */
  readonly at: (name: string) => string
  readonly backedUp: (source: Reachable, file: string, options?: Partial<BackupOptions>) => Promise<BackedUp>
  readonly restored: (target: Reachable, file: string, options?: Partial<RestoreOptions>) => Promise<Restored>
}

/** Of a ledger that was sealed by nobody yet. */
export const ANY_KEY = 'ab'.repeat(32)
export const backupClock = (): number => Date.parse('2026-05-06T07:08:09.123Z')

/** The folder is removed after the file's tests. */
export async function testBackups(): Promise<TestBackups> {
  const folder = await temporaryFolder()
  afterAll(() => removeTemporary(folder))
  const at = (name: string): string => join(folder, name)
  const usual = { folder: at('beside'), sealKey: ANY_KEY, clock: backupClock }
  return {
    folder,
    at,
    backedUp: ({ connection }, file, options) => backUp({ ...usual, url: urlOf(connection), file: at(file), force: false, ...options }),
    restored: ({ connection }, file, options) => restore({ ...usual, url: urlOf(connection), file: at(file), report: () => undefined, ...options }),
  }
}

export const hexOf = ({ sealKey }: TestWorld): string => sealKey.toString('hex')

/** What two backups must have in common when the one is of what was restored from the other: all but the epoch. */
export const contentOf = ({ tables }: BackedUp['manifest']): readonly unknown[] =>
  tables.filter(({ name }) => name !== 'epoch').map(({ name, columns, rows, bytes, sha256 }) => ({ name, columns, rows, bytes, sha256 }))

export const count = async (database: Database, from: string): Promise<number> =>
  (await database.query<{ count: number }>({ text: `select count(*) as count from ${from}`, values: [] }))[0]!.count

/** Runs a script over a connection that is gone afterwards: who restores wants the database to himself. */
export async function asOwner({ connection }: Reachable, script: string): Promise<void> {
  const database = openDatabase(connection)
  await database.script(script)
  await database.close()
}
