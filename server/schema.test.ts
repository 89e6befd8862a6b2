import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDatabase, type Database } from './db.ts'
import { migrate } from './migrate.ts'
import { startTemporary } from './postgres/temporary.ts'
import { renderSchema } from './schema.ts'
import { testDatabase } from './test-database.ts'

const POSTGRES_15 = '/usr/lib/postgresql/15'
const [migrated, empty] = await Promise.all([testDatabase(), testDatabase('empty')])
const committed = (): Promise<string> => readFile(join(import.meta.dirname, 'schema.sql'), 'utf8')

/** Migrates an empty database of another server version and hands it over. */
async function onOtherServer(binaries: string, work: (database: Database) => Promise<void>): Promise<void> {
  const embedded = await startTemporary({ binaries })
  const database = openDatabase(embedded.connection)
  try {
    await migrate(database, { clock: () => 0 })
    await work(database)
  } finally {
    await database.close()
    await embedded.stop()
  }
}

describe('schema.sql', () => {
  test('is what the migrations make on the embedded PostgreSQL ("npm run schema" rewrites it)', async () => {
    expect(await renderSchema(migrated.owner)).toBe(await committed())
  })

  test('is what the migrations make on PostgreSQL 15', async () => {
    if (!existsSync(join(POSTGRES_15, 'bin', 'initdb'))) {
      expect(process.env.CI).not.toBe('true')
      process.stdout.write('not run: schema on PostgreSQL 15\n')
      return
    }
    await onOtherServer(POSTGRES_15, async (database) => {
      expect(await database.query({ text: "select current_setting('server_version_num')::int / 10000 as major", values: [] })).toEqual([{ major: 15 }])
      expect(await renderSchema(database)).toBe(await committed())
    })
  })

  test('is a script that makes the same schema again', async () => {
    await empty.owner.script(await committed())
    expect(await renderSchema(empty.owner)).toBe(await committed())
  })

  test('shows what should not be there', async () => {
    await empty.owner.script(`
      create function touch() returns trigger language plpgsql as 'begin return new; end';
      create trigger touched before update on stock for each row execute function touch();
      create view seen as select 1 as one;
      grant update on move to public;`)
    const text = await renderSchema(empty.owner)
    for (const line of ['CREATE TRIGGER touched', 'function touch()', 'view or sequence seen', 'grant update on move to public']) expect(text).toContain(line)
  })
})
