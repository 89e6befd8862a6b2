// Fuzz: mixed days for as long as asked, each round on a new database with a new seed; the seed of a round that failed is printed, so that
// `npm run test:fuzz -- --seed N` meets the same commands again.

import { parseArgs } from 'node:util'
import { openDatabase } from '../server/db.ts'
import { SERVER_ROLE } from '../server/manifest.ts'
import { migrate } from '../server/migrate.ts'
import { startTemporary } from '../server/postgres/temporary.ts'
import { testWorld } from '../server/test-world.ts'
import { castOf } from './mixed-commands.ts'
import { liveThrough } from './mixed-days.ts'

const ROUND_MILLISECONDS = 10_000

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } } })
const until = Date.now() + Number(values.seconds) * 1000
const postgres = await startTemporary()
try {
  const template = openDatabase(postgres.connection)
  await migrate(template, { clock: () => 0 })
  await template.close()
  for (let seed = Number(values.seed ?? Date.now() % 1_000_000); Date.now() < until; seed += 1) await round(seed)
} finally {
  await postgres.stop()
}

async function round(seed: number): Promise<void> {
  const name = `round_${seed}`
  const template = openDatabase({ ...postgres.connection, database: 'postgres' })
  await template.script(`create database ${name} template ${postgres.connection.database}`)
  const connection = { ...postgres.connection, database: name }
  const [server, owner] = [openDatabase(connection, { role: SERVER_ROLE }), openDatabase(connection)]
  try {
    const faults: unknown[] = []
    const onFault = (error: unknown): number => faults.push(error)
    const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 12, B: 6, C: 0 } }, { onFault })
    const { commands, done, codes } = await liveThrough(await castOf(world, seed), owner, Math.min(until, Date.now() + ROUND_MILLISECONDS))
    process.stdout.write(`${JSON.stringify({ seed, commands, done, faults: faults.length, codes })}\n`)
    if (faults.length > 0) throw new Error('Batches failed, though every command had its answer.', { cause: faults[0] })
  } catch (error) {
    throw new Error(`Seed ${seed} failed.`, { cause: error })
  } finally {
    await Promise.all([server.close(), owner.close()])
    await template.script(`drop database ${name} with (force)`)
    await template.close()
  }
}
