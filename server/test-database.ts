// A test file's own database, cloned from a migrated template in a tenth of a second, on the one real PostgreSQL of the test run. Called
// where a test file or a describe block is read, it drops the database when that has run; the tests inside share it.

import { randomUUID } from 'node:crypto'
import { afterAll, inject } from 'vitest'
import { openDatabase, type ConnectionSettings, type Database } from './db.ts'
import { SERVER_ROLE, SERVER_SETTINGS } from './manifest.ts'
import { temporaryCopy } from './postgres/temporary.ts'
import type { TestCluster } from './test-cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    cluster: TestCluster
  }
}

export interface TestDatabase {
  readonly connection: ConnectionSettings
  /** As the running server: cannot change what is append-only. */
  readonly server: Database
  /** As who migrates: may do everything. */
  readonly owner: Database
}

/** `template` "empty" gives a database without any table. */
export async function testDatabase(template: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> {
  const cluster = inject('cluster')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(cluster, `create database ${name} template ${template === 'migrated' ? cluster.template : 'template0'}`)
  const connection = { ...cluster.connection, database: name }
  const server = openDatabase(connection, { role: SERVER_ROLE, settings: SERVER_SETTINGS })
  const owner = openDatabase(connection)
  afterAll(async () => {
    await Promise.all([server.close(), owner.close()])
    await administer(cluster, `drop database if exists ${name} with (force)`)
  })
  return { connection, server, owner }
}

/** A folder with a PostgreSQL to itself, migrated and never used, for whoever starts, stops or kills it. Whoever asks removes it (`removeTemporary`). */
export const testFolder = (): Promise<string> => temporaryCopy(inject('cluster').made)

/** The same database as `DATABASE_URL` names it. */
export const urlOf = ({ host, port, user, database }: ConnectionSettings): string =>
  `postgres://${user}@/${database}?host=${encodeURIComponent(host!)}&port=${port}`

async function administer(cluster: TestCluster, statement: string): Promise<void> {
  const database = openDatabase({ ...cluster.connection, database: 'postgres' }, { connections_max: 1 })
  try {
    await database.script(statement)
  } finally {
    await database.close()
  }
}
