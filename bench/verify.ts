// How long verify takes for a long ledger: `npm run bench:verify -- --moves 10000000`. The budget of the design is a minute for ten million
// moves on two cores. Everything is on a PostgreSQL of its own in a temporary folder, which is removed afterwards.

import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { Instant } from '../core/calendar.ts'
import { openDatabase, sql, type Database } from '../server/db.ts'
import { SERVER_ROLE, SERVER_SETTINGS } from '../server/manifest.ts'
import { migrate } from '../server/migrate.ts'
import { startTemporary } from '../server/postgres/temporary.ts'
import { verify } from '../server/verify.ts'
import { postgresMilliseconds } from './processor-time.ts'
import { makeItems } from './catalogue.ts'
import { makeHistory, type SiteHistory } from './history.ts'

const { values } = parseArgs({
  options: {
    moves: { type: 'string', default: '1000000' },
    sites: { type: 'string', default: '4' },
    items: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '1' },
  },
})
const [moves, sites, items, rounds] = [values.moves, values.sites, values.items, values.rounds].map(Number) as [number, number, number, number]
const LINES_AN_ORDER = 3
const NEVER = 2_000_000_000
const usualHistory = {
  lines: LINES_AN_ORDER,
  longer_every: NEVER,
  tills: false,
  customers: 0,
  bins: 0,
  left: 100,
  sold_out_every: NEVER,
  begun: Date.parse('2026-01-01T00:00:00Z') as Instant,
  // An order a minute at each site: ten million moves of four sites are most of a year, and what arrived lately is little of it.
  milliseconds: 60_000,
}
const sealKey = createHash('sha256').update('bench').digest()

const embedded = await startTemporary()
const owner = openDatabase(embedded.connection)
/** As `qm verify` opens it: with a server's rights and settings. */
const database = openDatabase(embedded.connection, { role: SERVER_ROLE, settings: SERVER_SETTINGS })
const stop = async (code: number): Promise<never> => {
  await Promise.all([database.close(), owner.close()])
  await embedded.stop()
  process.exit(code)
}
// A statement may run for minutes: PostgreSQL is stopped under it.
process.once('SIGINT', () => void embedded.stop().then(() => process.exit(130)))
try {
  await migrate(owner, { clock: () => 0 })
  const started = performance.now()
  await make(owner)
  const seconds_to_make = Math.round((performance.now() - started) / 1000)
  let ok = true
  for (let round = 0; round < rounds; round += 1) ok = (await measure(seconds_to_make)) && ok
  await stop(ok ? 0 : 1)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  await stop(1)
}

async function make(into: Database): Promise<void> {
  await makeItems(into, items)
  const orders = Math.ceil((moves / sites - items) / (2 * LINES_AN_ORDER))
  const numbers = Array.from({ length: sites }, (_none, index) => index + 1)
  const histories = numbers.map((site): SiteHistory => ({ ...usualHistory, site, code: `SITE${site}`, orders, items }))
  await makeHistory(into, histories, sealKey)
  await into.script('vacuum analyze')
}

async function measure(seconds_to_make: number): Promise<boolean> {
  const [before, own] = [postgresMilliseconds(embedded.pid), process.cpuUsage()]
  const { checks, ...result } = await verify(database, { sealKey })
  const [after, owned] = [postgresMilliseconds(embedded.pid), process.cpuUsage(own)]
  const [size] = await database.query<{ bytes: number }>(sql`select pg_database_size(current_database()) as bytes`)
  const figures = {
    ...result,
    moves_per_s: Math.round(result.moves / result.seconds),
    // On a machine with other work these say more than the clock does.
    cpu_seconds_postgres: before === null || after === null ? null : Math.round((after - before) / 10) / 100,
    cpu_seconds_verify: Math.round((owned.user + owned.system) / 1e4) / 100,
    seconds_to_make,
    gigabytes: Math.round(size!.bytes / 1e7) / 100,
    memory_megabytes: Math.round(process.memoryUsage().rss / 2 ** 20),
    failed: checks.filter((check) => !check.ok),
    seconds_by_check: Object.fromEntries(checks.toSorted((a, b) => b.seconds - a.seconds).map((check) => [check.name, check.seconds])),
  }
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
  return result.ok
}
