import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase, sql } from '../db.ts'
import { testFolder } from '../test-database.ts'
import { greet } from './greeting.ts'
import { keepEmbedded } from './kept.ts'
import { removeTemporary } from './temporary.ts'

test('kill -9 of PostgreSQL under two keepers: it is back by itself, with what was committed, and stops with the last of them', async () => {
  const folder = await testFolder()
  try {
    const steps: string[] = []
    const keepers = [await keepEmbedded({ folder, report: (step) => steps.push(step) }), await keepEmbedded({ folder })]
    const { connection } = keepers[0]!
    const database = openDatabase(connection)
    await database.script('create table kept as select 42 as answer')
    process.kill(Number((await readFile(join(folder, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0]), 'SIGKILL')
    await expect.poll(() => database.query(sql`select answer from kept`).catch(() => undefined), { timeout: 30_000 }).toEqual([{ answer: 42 }])
    await expect.poll(() => steps).toContain('PostgreSQL is gone; starting it again')
    await database.close()
    await keepers[0]!.stop()
    expect(await greet(connection.host)).toBe('ready')
    await keepers[1]!.stop()
    expect(await greet(connection.host)).toBe('silent')
  } finally {
    await removeTemporary(folder)
  }
})
