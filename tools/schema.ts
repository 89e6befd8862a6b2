// Writes server/schema.sql: an embedded PostgreSQL in a temporary folder, all migrations, and what the catalog then says.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '../server/db.ts'
import { migrate } from '../server/migrate.ts'
import { startTemporary } from '../server/postgres/temporary.ts'
import { renderSchema } from '../server/schema.ts'

const file = join(import.meta.dirname, '..', 'server', 'schema.sql')
const embedded = await startTemporary()
try {
  const database = openDatabase(embedded.connection)
  await migrate(database, { clock: Date.now })
  await writeFile(file, await renderSchema(database))
  await database.close()
  console.log(`Wrote ${file}`)
} finally {
  await embedded.stop()
}
