// Storm: many clients do everything that can be done at a site, each kind about as often as any other, until so many commands are answered and each kind
// was accepted as often as it must be; then the ledger must prove itself. `npm run test:storm -- --commands 100000 --clients 32`; ends with one line of JSON, and with 1 if it is red.
//
// Most commands must be accepted, since one that is refused changes nothing; and each kind so often that it has met all others.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeKey } from '../../cli/key.ts'
import { HEADS_FILE, readHeadsFile } from '../../server/heads.ts'
import { verify } from '../../server/verify.ts'
import { Chance } from '../chance.ts'
import { wrongRows } from '../recount.ts'
import { Caller } from '../rig/caller.ts'
import { furnish, type Company } from '../rig/company.ts'
import { quiet } from '../rig/quiet.ts'
import { inRun, type Run } from '../rig/run.ts'
import { startServerProcess } from '../rig/server-process.ts'
import { STORM_AWAITED } from './awaited.ts'
import { Ground, type Attempt } from './ground.ts'
import { planOn, type Planned } from './planning.ts'
import { STORM_LOTTED } from './receipts.ts'
import { stepBefore } from './step-before.ts'
import { STORM_BINS, steps, type Kind } from './steps.ts'

const SERVERS = 2
const ACCEPTED_PERCENT_MIN = 70
/** How much longer a storm may last for the kinds that were accepted too seldom: with every endpoint there is a kind more. */
const LONGER_MAX = 1.25
const FOUND_SHOWN = 20
/** One in so many is any kind. */
const ANY_KIND = 40
/** What was done so many times as often is not what the rarest kind lacks. */
const ENOUGH_BEFORE = 12

const company: Company = {
  sites: ['SEA', 'PDX', 'GEG'],
  skus: ['PART', ...Array.from({ length: 40 }, (_none, index) => `ITEM-${index + 1}`), 'KIT'],
  opening: { SEA: 300, PDX: 300, GEG: 300 },
  kit: { sku: 'KIT', bought: 'PART', components: { 'ITEM-1': 1, 'ITEM-2': 2 } },
}

const { values } = parseArgs({
  options: {
    commands: { type: 'string', default: '100000' },
    clients: { type: 'string', default: '32' },
    // So often each kind must be accepted; a hundredth of the commands that are wanted without it, for which a storm must be long.
    least: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
})
const wanted = Number(values.commands)
const least = Number(values.least ?? wanted / 100)
const note = (text: string): void => void (values.json || process.stderr.write(`${text}\n`))

/** What became of the commands of a kind. */
interface Tally {
  sent: number
  accepted: number
  readonly refusals: Record<string, number>
}
type Tallies = Readonly<Record<Kind, Tally>>

process.exitCode = await inRun(storm)

async function storm(run: Run): Promise<0 | 1> {
  const { folder, opened, servers } = run
  const began = performance.now()
  const { secret } = await makeKey(opened, { name: 'Storm', role: 'admin', sites: [] })
  const other = await makeKey(opened, { name: 'Another', role: 'admin', sites: [] })
  for (let count = 0; count < SERVERS; count += 1) servers.push(await startServerProcess(folder, 0, ['--payments', 'fake']))
  const [caller, another] = [secret, other.secret].map((one) => new Caller(one, Number(values.clients) * 2)) as [Caller, Caller]
  const urls = servers.map((server) => server.url)
  const url = urls[0]!
  await furnish(caller, url, company)
  const items = [
    { sku: STORM_LOTTED, name: 'Told apart by lot', standardCost: 250, tracking: 'lot' },
    ...STORM_AWAITED.map((sku) => ({ sku, name: 'Not there yet', standardCost: 250 })),
  ]
  await caller.expect([url], { method: 'POST', path: '/api/items', body: { items }, key: 'furnish-more' })
  await makeBins(caller, url)
  const [ground, tallies] = [new Ground(company, (path) => look(caller, url, path)), newTallies()]
  note(`${values.clients} clients send ${wanted} commands, seed ${values.seed}`)
  const stormed = performance.now()
  const planned = planOn(another, url, company, () => isOver(tallies))
  await Promise.all(Array.from({ length: Number(values.clients) }, (_none, index) => client([caller, another], urls, ground, tallies, index)))
  const seconds = (performance.now() - stormed) / 1000
  note('The storm is over; waiting until it is quiet')
  await planned
  const delivered = await quiet(opened.owner)
  for (const one of [caller, another]) one.close()
  const stopped = await Promise.all(servers.map((server) => server.stop()))
  return judge(run, tallies, { seconds, began, delivered, stopped: stopped.every(Boolean), planned: await planned })
}

/** What is not told is nothing to go by. */
async function look(caller: Caller, url: string, path: string): Promise<object> {
  return (await caller.once(url, { method: 'GET', path }))?.answer ?? {}
}

async function makeBins(caller: Caller, url: string): Promise<void> {
  const places = Array.from({ length: STORM_BINS }, (_none, index) => ({ code: `BIN-${index + 1}`, kind: 'bin' }))
  for (const site of company.sites) {
    await caller.expect([url], { method: 'POST', path: '/api/places', body: { site, places }, key: `furnish-bins-${site}` })
    const lines = company.skus.filter((sku) => sku.startsWith('ITEM-')).map((sku) => ({ sku, quantity: 100, place: 'DOCK' }))
    await caller.expect([url], { method: 'POST', path: '/api/receipts', body: { site, lines }, key: `furnish-dock-${site}` })
  }
}

function newTallies(): Tallies {
  return Object.fromEntries(Object.keys(steps).map((kind) => [kind, { sent: 0, accepted: 0, refusals: {} }])) as unknown as Tallies
}

function isOver(tallies: Tallies): boolean {
  const sent = sentOf(tallies)
  return sent >= wanted && (leastOf(tallies) >= least || sent >= wanted * LONGER_MAX)
}

function leastOf(tallies: Tallies): number {
  return Math.min(...Object.values(tallies).map((one) => one.accepted))
}

function sentOf(tallies: Tallies): number {
  return Object.values(tallies).reduce((sum, one) => sum + one.sent, 0)
}

async function client(
  [caller, other]: readonly [Caller, Caller],
  urls: readonly string[],
  ground: Ground,
  tallies: Tallies,
  index: number,
): Promise<void> {
  const chance = new Chance(Number(values.seed) * 1000 + index)
  for (let number = 1; !isOver(tallies); number += 1) {
    const [kind, attempt] = nextStep(ground, tallies, chance)
    const tally = tallies[kind]
    tally.sent += 1
    const order = chance.once(2) ? urls : urls.toReversed()
    const { path, body, isOther = false } = attempt
    const reply = (await (isOther ? other : caller).settled(order, { method: 'POST', path, body, key: `${kind}-${index}-${number}` }))!
    if (reply.status < 300) {
      tally.accepted += 1
      await attempt.accepted?.(reply.answer)
    } else {
      const code = String(reply.answer['code'])
      tally.refusals[code] = (tally.refusals[code] ?? 0) + 1
      attempt.refused?.()
    }
  }
}

/**
 * Mostly the kind that was accepted least often, or where there is nothing to do it to, what must come before it: what comes late in a journey would be
 * seldom. Else any.
 */
function nextStep(ground: Ground, tallies: Tallies, chance: Chance): readonly [Kind, Attempt] {
  // Whoever looked what can be done does it at once: soon it is something else.
  const remedy = steps.applyRemedy(ground, chance)
  if (remedy !== undefined) return ['applyRemedy', remedy]
  const kinds = Object.keys(steps) as Kind[]
  const rarest = chance.once(ANY_KIND) ? [] : kinds.toSorted((a, b) => tallies[a].accepted - tallies[b].accepted)
  for (let at = 0; ; at += 1) {
    const first = rarest[at] ?? chance.oneOf(kinds)
    const enough = ENOUGH_BEFORE * (tallies[first].accepted + 1)
    for (let kind: Kind | undefined = first; kind !== undefined; kind = stepBefore[kind]) {
      if (kind !== first && tallies[kind].accepted > enough) continue
      const attempt = steps[kind](ground, chance)
      if (attempt !== undefined) return [kind, attempt]
    }
  }
}

interface Passed {
  readonly seconds: number
  readonly began: number
  readonly delivered: boolean
  readonly stopped: boolean
  readonly planned: Planned
}

async function judge({ folder, opened, servers }: Run, tallies: Tallies, { seconds, began, delivered, stopped, planned }: Passed): Promise<0 | 1> {
  const verification = await verify(opened.owner, { sealKey: opened.sealKey, heads: await readHeadsFile(join(folder, HEADS_FILE)) })
  const [commands, accepted] = [sentOf(tallies), Object.values(tallies).reduce((sum, one) => sum + one.accepted, 0)]
  const percent = Math.round((accepted / commands) * 1000) / 10
  const seldom = Object.entries(tallies).filter(([, one]) => one.accepted < least)
  const faults = servers.flatMap((server) => server.faults)
  const found = [
    ...(percent < ACCEPTED_PERCENT_MIN ? [`Only ${percent} % of the commands were accepted.`] : []),
    ...seldom.map(
      ([kind, { accepted: some, refusals }]) => `${kind} was accepted ${some} times only; it was refused with ${JSON.stringify(refusals)}.`,
    ),
    ...faults,
    ...(delivered ? [] : ['Messages between sites were not delivered in time.']),
    ...(stopped ? [] : ['A server did not stop in order.']),
    ...verification.checks.filter((check) => !check.ok).map(({ name, offending }) => `verify: ${name}: ${JSON.stringify(offending)}`),
    ...(await wrongRows(opened.owner)).map((row) => `recount: ${JSON.stringify(row)}`),
  ]
  for (const one of found.slice(0, FOUND_SHOWN)) process.stderr.write(`${one}\n`)
  const result = {
    commands,
    accepted,
    accepted_percent: percent,
    least: leastOf(tallies),
    ...planned,
    by_kind: tallies,
    commands_per_s: Math.round(commands / seconds),
    faults: faults.length,
    verify: { ok: verification.ok, moves: verification.moves },
    seed: Number(values.seed),
    seconds: Math.round((performance.now() - began) / 100) / 10,
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
  return found.length === 0 ? 0 : 1
}
