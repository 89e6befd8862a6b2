// The test run's PostgreSQL: one embedded cluster in a temporary folder, with a template database that is migrated once, and beside it a copy that was
// never used, for tests that need a PostgreSQL to themselves. Vitest calls `setup` before and `teardown` after all tests.

import type { TestProject } from 'vitest/node'
import { openDatabase, type ConnectionSettings } from './db.ts'
import { migrate } from './migrate.ts'
import { startEmbedded, type Embedded } from './postgres/embedded.ts'
import { removeTemporary, sweepKilledRuns, temporaryCopy, temporaryFolder } from './postgres/temporary.ts'

export interface TestCluster {
  readonly connection: ConnectionSettings
  /** A database to clone: migrated, and nobody connected to it. */
  readonly template: string
  /** A folder whose PostgreSQL was made and migrated, and is not running. */
  readonly made: string
}

const folders: string[] = []
let running: Embedded | undefined

export async function setup(project: TestProject): Promise<void> {
  await sweepKilledRuns()
  const made = await temporaryFolder()
  folders.push(made)
  const making = await startEmbedded({ folder: made })
  const database = openDatabase(making.connection)
  await migrate(database, { clock: () => 0 })
  await database.close()
  await making.stop()
  const folder = await temporaryCopy(made)
  folders.push(folder)
  running = await startEmbedded({ folder })
  project.provide('cluster', { connection: running.connection, template: running.connection.database, made })
}

export async function teardown(): Promise<void> {
  await running?.stop()
  for (const folder of folders) await removeTemporary(folder)
}
