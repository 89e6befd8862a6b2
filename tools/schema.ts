// Writes server/schema.sql: an embedded PostgreSQL in a temporary folder, all migrations, and what the catalog then says.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../server/db.ts'
import { migrate } from '../server/migrate.ts'
import { startEmbedded } from '../server/postgres/embedded.ts'
import { renderSchema } from '../server/schema.ts'

const file = join(import.meta.dirname, '..', 'server', 'schema.sql')
const folder = await mkdtemp(join(tmpdir(), `quartermaster-test-${process.pid}-`))
const embedded = await startEmbedded({ folder })
try {
  const database = openDatabase(embedded.connection)
  await migrate(database, { clock: Date.now })
  await writeFile(file, await renderSchema(database))
  await database.close()
  console.log(`Wrote ${file}`)
} finally {
  await embedded.stop()
  await rm(folder, { recursive: true })
}
