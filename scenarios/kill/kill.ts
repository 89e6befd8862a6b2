// Kill: clients work against one server while it, its PostgreSQL or both are killed with -9 again and again; then every acknowledgement is
// looked for. `npm run test:kill -- --cycles 100`; ends with one line of JSON, and with 1 if anything was lost, doubled or left half.
//
// On a real disk: what PostgreSQL has told to be synced must be there afterwards. docs/reliability.md says what this proves and what not.

import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeKey } from '../../cli/key.ts'
import { sql } from '../../server/db.ts'
import { expireHolds } from '../../server/expiry.ts'
import { HEADS_FILE, readHeadsFile } from '../../server/heads.ts'
import { sourcingLimits } from '../../server/flow/reserve-across-sites.ts'
import { openServer, type Opened } from '../../server/open.ts'
import { removeTemporary } from '../../server/postgres/temporary.ts'
import { verify } from '../../server/verify.ts'
import { Chance } from '../chance.ts'
import { Caller } from '../rig/caller.ts'
import { furnish, type Company } from '../rig/company.ts'
import { auditEffects, type Effects } from '../rig/effects.ts'
import { quiet } from '../rig/quiet.ts'
import { folderOfRun, startServerProcess, type ServerProcess } from '../rig/server-process.ts'
import { blows, strike } from './blows.ts'
import { AckLog, client, Gate, type Killing } from './client.ts'

const AUDIT_CYCLES = 10
const LOAD_MILLISECONDS = { least: 200, most: 1_200 }
const READY_SECONDS_MAX = 60
const HEALTH_MILLISECONDS = 10
/** PostgreSQL needs a moment to notice that a connection's process was killed. */
const NOTICE_MILLISECONDS = 50
const company: Company = {
  sites: ['SEA', 'PDX', 'GEG'],
  skus: ['KIT', 'PART', ...Array.from({ length: 50 }, (_none, index) => `ITEM-${index + 1}`)],
  kit: { sku: 'KIT', bought: 'PART', components: { 'ITEM-1': 2, PART: 1 } },
  opening: { SEA: 100_000, PDX: 100_000, GEG: 100_000 },
}

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '10' },
    clients: { type: 'string', default: '16' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
})
const note = (text: string): void => void (values.json || process.stderr.write(`${text}\n`))
const found: string[] = []

const disk = await diskOf(tmpdir())
if (disk.includes('tmpfs')) throw new Error(`${tmpdir()} is memory (${disk}): set TMPDIR to a folder on a disk.`)
const folder = await folderOfRun()
let server: ServerProcess | undefined
try {
  process.exitCode = await run()
} catch (error) {
  process.stderr.write(`${server?.said()}\n`)
  throw error
} finally {
  await server?.kill()
  await removeTemporary(folder)
}

async function run(): Promise<0 | 1> {
  const began = performance.now()
  const secret = await withDatabase(async (opened) => (await makeKey(opened, { name: 'Kill', role: 'admin', sites: [] })).secret)
  server = await startServerProcess(folder)
  const { url } = server
  const chance = new Chance(Number(values.seed))
  const clients = Number(values.clients)
  const killing: Killing = {
    company,
    url,
    caller: new Caller(secret, clients + 1),
    gate: new Gate(),
    log: new AckLog(join(folder, 'acknowledged.ndjson')),
    surprises: found,
    counts: { unknown: 0, givenUp: 0 },
  }
  await furnish(killing.caller, url, company)
  const working = Array.from({ length: clients }, (_none, index) => client(killing, index, new Chance(Number(values.seed) * 1000 + index)))
  const killed = cycles(killing, chance).finally(() => (killing.gate.over = true))
  // Together, so that a client that is never answered ends the run at once.
  const [ready] = await Promise.all([killed, ...working])
  const effects = await lastAudit(killing)
  const result = {
    cycles: ready.length,
    acknowledged: effects.acknowledged,
    unknown: killing.counts.unknown,
    given_up: killing.counts.givenUp,
    lost: effects.lost,
    doubled: effects.doubled,
    halves: effects.halves,
    expired: effects.expired,
    ready_seconds: { median: inSeconds(ready.toSorted((a, b) => a - b)[ready.length >> 1] ?? 0), max: inSeconds(Math.max(0, ...ready)) },
    verify: effects.verify,
    disk,
    seed: Number(values.seed),
    seconds: inSeconds(performance.now() - began),
  }
  if (found.length > 0) process.stderr.write(`${found.slice(0, 30).join('\n')}\n`)
  process.stdout.write(`${JSON.stringify(result)}\n`)
  return found.length === 0 ? 0 : 1
}

/** Kills once a cycle, at a random moment of the load; returns the milliseconds until the server was ready again. */
async function cycles(killing: Killing, chance: Chance): Promise<number[]> {
  const ready: number[] = []
  const port = Number(new URL(killing.url).port)
  for (let cycle = 1; cycle <= Number(values.cycles); cycle += 1) {
    await sleep(LOAD_MILLISECONDS.least + chance.below(LOAD_MILLISECONDS.most - LOAD_MILLISECONDS.least))
    const blow = blows[(cycle - 1) % blows.length]!
    const struck = performance.now()
    if (await strike(blow, folder, server!, chance)) server = await startServerProcess(folder, port)
    else await sleep(NOTICE_MILLISECONDS)
    await readiness(killing)
    ready.push(performance.now() - struck)
    note(`${cycle}: killed ${blow}, ready after ${inSeconds(ready.at(-1)!)} s`)
    if (cycle % AUDIT_CYCLES === 0 && cycle < Number(values.cycles)) await audit(killing)
  }
  return ready
}

async function readiness({ caller, url }: Killing): Promise<void> {
  for (const until = performance.now() + READY_SECONDS_MAX * 1000; performance.now() < until; await sleep(HEALTH_MILLISECONDS)) {
    if ((await caller.once(url, { method: 'GET', path: '/api/health' }))?.status === 200) return
  }
  throw new Error(`The server was not ready within ${READY_SECONDS_MAX} s.`)
}

type Audited = Effects & { readonly verify: { readonly ok: boolean; readonly moves: number } }

/** Holds at sites that no order has confirmed yet. */
async function holdsOnTrial({ owner }: Opened): Promise<number> {
  const [row] = await owner.query<{ holds: number }>(sql`
    select count(*)::int as holds from planned_move -- every site: the audit of a rig
    where hold_expires_at is not null and planned - posted - cancelled > 0`)
  return row!.holds
}

/** Between two cycles: the clients wait, messages are delivered, and everything is looked for. */
async function audit({ gate, log }: Killing): Promise<void> {
  gate.shut = true
  await gate.empty()
  const { lost, doubled, halves, acknowledged } = await withDatabase((opened) => audited(opened, log))
  note(`audit: ${acknowledged} acknowledged, ${lost} lost, ${doubled} doubled, ${halves} halves`)
  gate.shut = false
}

/** At the end: what nobody confirmed and nobody asked for again must be gone once its time is over. */
async function lastAudit({ caller, log }: Killing): Promise<Audited & { readonly expired: number }> {
  await withDatabase((opened) => quiet(opened.owner))
  caller.close()
  if (!(await server!.stop())) found.push('The server did not stop in order.')
  const later = (sourcingLimits.hold_minutes + 1) * 60_000
  return withDatabase(
    async (opened) => {
      const expired = await holdsOnTrial(opened)
      await expireHolds(opened.lanes)
      const left = await holdsOnTrial(opened)
      if (left > 0) found.push(`${left} holds were never confirmed, and their time is over.`)
      const effects = await audited(opened, log)
      return { ...effects, halves: effects.halves + left, expired }
    },
    () => Date.now() + later,
  )
}

async function audited(opened: Opened, log: AckLog): Promise<Audited> {
  if (!(await quiet(opened.owner))) found.push('Messages between sites were not delivered in time.')
  const effects = await auditEffects(opened.owner, log.read())
  const heads = await readHeadsFile(join(folder, HEADS_FILE))
  const { ok, moves, checks } = await verify(opened.owner, { sealKey: opened.sealKey, heads })
  found.push(...effects.found, ...checks.filter((check) => !check.ok).map(({ name, offending }) => `verify: ${name}: ${JSON.stringify(offending)}`))
  return { ...effects, verify: { ok, moves } }
}

/** Not kept open in between: this process shall never be the one that starts PostgreSQL again. */
async function withDatabase<Result>(work: (opened: Opened) => Promise<Result>, clock?: () => number): Promise<Result> {
  const opened = await openServer({ folder, ...(clock && { clock }) })
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

/** The file system that a folder lies on, e.g. `ext4 at /`. */
async function diskOf(path: string): Promise<string> {
  const mounts = (await readFile('/proc/mounts', 'utf8').catch(() => '')).split('\n').map((line) => line.split(' '))
  const [, place, type] =
    mounts
      .filter(([, at]) => at !== undefined && `${path}/`.startsWith(at.endsWith('/') ? at : `${at}/`))
      .toSorted((a, b) => b[1]!.length - a[1]!.length)[0] ?? []
  return type === undefined ? process.platform : `${type} at ${place}`
}

function inSeconds(milliseconds: number): number {
  return Math.round(milliseconds / 10) / 100
}
