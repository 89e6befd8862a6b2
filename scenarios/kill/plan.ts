// Kill, the plan: `qm plan` is killed with -9 at random moments while it plans, the server with it now and then, and two buyers order what is proposed all the
// while. Whatever was cut off, the next one goes on; then every item must be planned once, what nobody ordered of as in a run that nobody disturbed, and what was
// ordered must be what that run proposed, once. `npm run test:kill-plan -- --kills 40`; ends with one line of JSON, and with 1 if anything was lost or doubled.

import { isDeepStrictEqual, parseArgs } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeKey } from '../../cli/key.ts'
import { day_ms } from '../../core/calendar.ts'
import { sql, type Database } from '../../server/db.ts'
import { openServer, type Opened } from '../../server/open.ts'
import { removeTemporary } from '../../server/postgres/temporary.ts'
import { verify } from '../../server/verify.ts'
import { Chance } from '../chance.ts'
import { Caller } from '../rig/caller.ts'
import { quiet } from '../rig/quiet.ts'
import { folderOfRun, startServerProcess, type ServerProcess } from '../rig/server-process.ts'
import { furnishPlanned, orderOne, proposed } from './planned.ts'
import { startPlanner } from './planner.ts'

/** So many kills, then a run that may end and is looked at. */
const KILLS_A_ROUND = 4
/** One in so many must have met a run that was under way; as many more times are tried for it. */
const MET = 4
const TRIES = 3
/** The server dies with every third one. */
const WITH_SERVER = 3
const BUYERS = 2
/** They take their time, and order some of an order's lines, so that there is always something to order. */
const REST_MILLISECONDS_MAX = 400
const CHOSEN = 3
const LOOK_MILLISECONDS = 10
/** A plan is of a day: one that is compared with another shall be of the same. */
const BEFORE_MIDNIGHT_MILLISECONDS = 300_000

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '8' },
    items: { type: 'string', default: '1100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
})
const note = (text: string): void => void (values.json || process.stderr.write(`${text}\n`))
const found: string[] = []

const leftOfDay = day_ms - (Date.now() % day_ms)
if (leftOfDay < BEFORE_MIDNIGHT_MILLISECONDS) await sleep(leftOfDay)
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
  const caller = new Caller(secret, BUYERS + 2)
  await furnishPlanned(caller, server.url, Number(values.items))
  const { milliseconds } = await planToTheEnd()
  const reference = await withDatabase(({ owner }) => linesOf(owner))
  note(`undisturbed: ${reference.size} lines in ${milliseconds} ms`)

  const chance = new Chance(Number(values.seed))
  let over = false
  const counts = { kills: 0, ordered: 0, whilePlanning: 0, withServer: 0 }
  const buyers = Array.from({ length: BUYERS }, async (_none, index) => {
    const own = new Chance(Number(values.seed) * 1_000 + index)
    while (!over) {
      const open = await proposed(caller, server!.url)
      if (open.length > 0 && (await orderOne(caller, server!.url, own.oneOf(open), () => own.once(CHOSEN)))) counts.ordered += 1
      await sleep(own.below(REST_MILLISECONDS_MAX))
    }
  })
  const killing = killOn(caller, chance, counts, reference).finally(() => (over = true))
  await Promise.all([killing, ...buyers])
  const left = await orderAll(caller, counts, reference)
  caller.close()
  if (!(await server.stop())) found.push('The server did not stop in order.')
  const checked = await withDatabase((opened) => verify(opened.owner, { sealKey: opened.sealKey }))
  found.push(...checked.checks.filter((check) => !check.ok).map(({ name, offending }) => `verify: ${name}: ${JSON.stringify(offending)}`))
  const result = { ...counts, lines: reference.size, left, verify: checked.ok, seed: Number(values.seed) }
  if (found.length > 0) process.stderr.write(`${found.slice(0, 30).join('\n')}\n`)
  process.stdout.write(`${JSON.stringify({ ...result, found: found.length, seconds: Math.round((performance.now() - began) / 1_000) })}\n`)
  return found.length === 0 ? 0 : 1
}

type Counts = { kills: number; ordered: number; whilePlanning: number; withServer: number }

/** Kills, and looks at what comes of the run after each round. */
async function killOn(caller: Caller, chance: Chance, counts: Counts, reference: Lines): Promise<void> {
  const wanted = Number(values.kills)
  for (let kills = 1; kills <= wanted || (counts.whilePlanning * MET < wanted && kills <= wanted * TRIES); kills += 1) {
    const planner = startPlanner(folder, found)
    const met = await underWay(caller, planner.ended, chance)
    const withServer = kills % WITH_SERVER === 0
    planner.kill()
    if (withServer) {
      const port = Number(new URL(server!.url).port)
      await server!.kill()
      server = await startServerProcess(folder, port)
      counts.withServer += 1
    }
    await planner.ended
    if (met !== null) counts.whilePlanning += 1
    note(
      `${kills}: killed qm plan${withServer ? ' and the server' : ''}, ${met === null ? 'when it was done' : `${met.done} of ${met.parts} parts done`}`,
    )
    counts.kills += 1
    if (kills % KILLS_A_ROUND !== 0) continue
    await planToTheEnd()
    await withDatabase(async ({ owner }) => compare(reference, await linesOf(owner)))
  }
  if (counts.whilePlanning * MET < wanted) found.push(`Only ${counts.whilePlanning} of ${counts.kills} kills met a plan that was under way.`)
}

interface Met {
  readonly parts: number
  readonly done: number
}

/** Waits for a moment of a run that is under way; null where it was over before. */
async function underWay(caller: Caller, ended: Promise<void>, chance: Chance): Promise<Met | null> {
  const share = chance.below(100) / 100
  let isOver = false
  void ended.then(() => (isOver = true))
  while (!isOver) {
    const plan = await caller.once(server!.url, { method: 'GET', path: '/api/plan' })
    const running = (plan?.answer['running'] ?? null) as Met | null
    if (running !== null && running.parts > 0 && running.done >= share * running.parts) return running
    await sleep(LOOK_MILLISECONDS)
  }
  return null
}

/** Orders what is still proposed, plans once more, and compares what was ordered in all with what was proposed at first; returns what is proposed still. */
async function orderAll(caller: Caller, counts: Counts, reference: Lines): Promise<number> {
  await planToTheEnd()
  for (const one of await proposed(caller, server!.url)) if (await orderOne(caller, server!.url, one, () => true)) counts.ordered += 1
  await withDatabase(async ({ owner }) => (await quiet(owner)) || found.push('Messages between sites were not delivered in time.'))
  await planToTheEnd()
  return withDatabase(async ({ owner }) => {
    const lines = await linesOf(owner)
    compare(reference, lines)
    const ordered = await orderedOf(owner)
    for (const [key, { sku, quantity }] of reference) {
      const wanted = sku.startsWith('BOUGHT') ? quantity : 0
      if ((ordered.get(key) ?? 0) !== wanted) found.push(`${key}: ${ordered.get(key) ?? 0} were ordered, ${wanted} were proposed`)
    }
    const left = [...lines.values()].filter(({ sku, quantity }) => sku.startsWith('BOUGHT') && quantity > 0)
    if (left.length > 0) found.push(`${left.length} lines are proposed again, of which everything was ordered: ${JSON.stringify(left[0])}`)
    return left.length
  })
}

interface Line {
  readonly sku: string
  readonly quantity: number
  readonly told: object
}
type Lines = ReadonlyMap<string, Line>

/** The plan's lines by site and item; two of one would be found. */
async function linesOf(owner: Database): Promise<Lines> {
  const rows = await owner.query<Line & { readonly key: string }>(sql`
    select s.code || ' ' || i.sku as key, i.sku, l.quantity, json_build_object('due', l.due_on, 'value', l.value_minor, 'risk', l.risk_minor, 'supply', l.supply,
      'from', l.source, 'position', l.position, 'basis', l.basis) as told
    from plan_line l join site s on s.site_id = l.site_id join item i on i.item_id = l.item_id
    join plan_run r on r.run_id = l.run_id and r.state = 'done' -- every site: the audit of a rig`)
  const lines = new Map(rows.map(({ key, ...line }) => [key, line]))
  if (lines.size < rows.length) found.push(`${rows.length - lines.size} items are planned twice`)
  return lines
}

/** Every item is planned, and that of which nobody ordered anything as it was in the run that nobody disturbed. */
function compare(reference: Lines, lines: Lines): void {
  for (const [key, line] of reference) {
    const now = lines.get(key)
    if (now === undefined) found.push(`${key} is not planned`)
    else if (line.sku.startsWith('LEFT') && !isDeepStrictEqual(now, line))
      found.push(`${key}: ${JSON.stringify(now)} where ${JSON.stringify(line)} was planned undisturbed`)
  }
  if (lines.size > reference.size) found.push(`${lines.size - reference.size} lines more than undisturbed`)
}

/** What was ordered of each item for each site. */
async function orderedOf(owner: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await owner.query<{ key: string; ordered: number }>(sql`
    select s.code || ' ' || i.sku as key, sum(p.planned)::bigint as ordered
    from planned_move p join site s on s.site_id = p.site_id join item i on i.item_id = p.item_id
    where p.direction = 'supply' group by 1 -- every site: the audit of a rig`)
  return new Map(rows.map((row) => [row.key, row.ordered]))
}

async function planToTheEnd(): Promise<{ readonly milliseconds: number }> {
  const began = performance.now()
  await startPlanner(folder, found).ended
  return { milliseconds: Math.round(performance.now() - began) }
}

/** Not kept open in between: this process shall never be the one that starts PostgreSQL again. */
async function withDatabase<Result>(work: (opened: Opened) => Promise<Result>): Promise<Result> {
  const opened = await openServer({ folder })
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}
