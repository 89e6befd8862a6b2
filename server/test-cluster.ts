// The test run's PostgreSQL: one embedded cluster in a temporary folder, with a template database that is migrated once. Vitest calls `setup`
// before and `teardown` after all tests. A run that was killed leaves its cluster behind; the next run stops and removes it.

import { mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDatabase, type ConnectionSettings } from './db.ts'
import { migrate } from './migrate.ts'
import { startEmbedded, type Embedded } from './postgres/embedded.ts'
import { stopPostmaster } from './postgres/postmaster.ts'
import { isRunning } from './postgres/run.ts'

export interface TestCluster {
  readonly connection: ConnectionSettings
  /** A database to clone: migrated, and nobody connected to it. */
  readonly template: string
}

const PREFIX = 'quartermaster-test-'

let running: Embedded | undefined
const folder = join(tmpdir(), `${PREFIX}${process.pid}`)

export async function setup(project: TestProject): Promise<void> {
  await sweepKilledRuns()
  await mkdir(folder, { recursive: true })
  running = await startEmbedded({ folder })
  const database = openDatabase(running.connection)
  await migrate(database, { clock: () => 0 })
  await database.close()
  project.provide('cluster', { connection: running.connection, template: running.connection.database })
}

export async function teardown(): Promise<void> {
  await running?.stop()
  await rm(folder, { recursive: true, force: true })
}

/** Folders carry the number of the process that made them. */
export async function sweepKilledRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const maker = Number(/^\d+/.exec(name.slice(PREFIX.length))?.[0])
    if (!Number.isSafeInteger(maker) || isRunning(maker)) continue
    const left = join(tmpdir(), name)
    await stopPostmaster(join(left, 'postgres', 'data'))
    await rm(left, { recursive: true, force: true })
  }
}
