// The test run's PostgreSQL: one embedded cluster in a temporary folder, with a template database that is migrated once. Vitest calls `setup`
// before and `teardown` after all tests.

import type { TestProject } from 'vitest/node'
import { openDatabase, type ConnectionSettings } from './db.ts'
import { migrate } from './migrate.ts'
import type { Embedded } from './postgres/embedded.ts'
import { startTemporary } from './postgres/temporary.ts'

export interface TestCluster {
  readonly connection: ConnectionSettings
  /** A database to clone: migrated, and nobody connected to it. */
  readonly template: string
}

let running: Embedded | undefined

export async function setup(project: TestProject): Promise<void> {
  running = await startTemporary()
  const database = openDatabase(running.connection)
  await migrate(database, { clock: () => 0 })
  await database.close()
  project.provide('cluster', { connection: running.connection, template: running.connection.database })
}

export async function teardown(): Promise<void> {
  await running?.stop()
}
