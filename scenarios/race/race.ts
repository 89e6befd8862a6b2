// Race: many clients, two server processes and one database, all after the same few items, which they order, sell, buy, make and move; then
// everything the clients were told is held against what stands in the record. `npm run test:race -- --seconds 60 --clients 64`; ends with one line of JSON, and with 1 if it is red.
//
// What is promised, what is checked and why it is fair: docs/reliability.md.

import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeKey } from '../../cli/key.ts'
import { verify } from '../../server/verify.ts'
import { HEADS_FILE, readHeadsFile } from '../../server/heads.ts'
import { Chance } from '../chance.ts'
import { Caller } from '../rig/caller.ts'
import { furnish, openingOf, type Company } from '../rig/company.ts'
import { auditEffects } from '../rig/effects.ts'
import { quiet } from '../rig/quiet.ts'
import { inRun, type Run } from '../rig/run.ts'
import { startServerProcess, type ServerProcess } from '../rig/server-process.ts'
import { client } from './client.ts'
import { Floor, needOf } from './floor.ts'
import { History } from './history.ts'
import { conservation, outcomeOf } from './left-over.ts'
import { excesses, undueShorts } from './oversold.ts'
import type { Race } from './setting.ts'

const SERVERS = 2
const FOUND_SHOWN = 20
/**
 * 20 items of 100 pieces each, more of them at one site than at the next; a kit that is made of the two hottest and of a part, neither of which is there
 * at first; and a site that another supplies.
 */
const company: Company = {
  sites: ['SEA', 'PDX', 'GEG'],
  skus: ['PART', ...Array.from({ length: 20 }, (_none, index) => `HOT-${index + 1}`), 'KIT'],
  opening: { SEA: 50, PDX: 30, GEG: 20 },
  kit: { sku: 'KIT', bought: 'PART', components: { PART: 1, 'HOT-1': 1, 'HOT-2': 2 } },
  supplied: { GEG: 'SEA' },
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: '64' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
    history: { type: 'string' },
  },
})
const note = (text: string): void => void (values.json || process.stderr.write(`${text}\n`))

process.exitCode = await inRun(race)

async function race(run: Run): Promise<0 | 1> {
  const { folder, opened, servers } = run
  const began = performance.now()
  const { secret } = await makeKey(opened, { name: 'Race', role: 'admin', sites: [] })
  for (let count = 0; count < SERVERS; count += 1) servers.push(await startServerProcess(folder))
  const clients = Number(values.clients)
  const caller = new Caller(secret, clients * 2)
  await furnish(caller, servers[0]!.url, company)
  const setting = raceOf(caller, servers, clients)
  const until = performance.now() + Number(values.seconds) * 1000
  note(`${clients} clients race for ${values.seconds} s, seed ${values.seed}`)
  await Promise.all(Array.from({ length: clients }, (_none, index) => client(setting, index, new Chance(Number(values.seed) * 1000 + index), until)))
  note('The race is over; waiting until it is quiet')
  return judge(run, setting, began)
}

function raceOf(caller: Caller, servers: readonly ServerProcess[], clients: number): Race {
  const floor = new Floor()
  for (const site of company.sites) floor.put(site, needOf(company.skus.map((sku) => ({ sku, quantity: openingOf(company, site, sku) }))))
  const urls = servers.map((server) => server.url)
  return { company, caller, servers: urls, history: new History(), floor, acknowledged: [], doubled: [], surprises: [], clients }
}

async function judge({ folder, opened, servers }: Run, race: Race, began: number): Promise<0 | 1> {
  const { happenings } = race.history
  const delivered = await quiet(opened.owner)
  const outcome = await outcomeOf(race.caller, race.servers[0]!, company, race.floor)
  race.caller.close()
  const stopped = await Promise.all(servers.map((server) => server.stop()))
  const effects = await auditEffects(opened.owner, race.acknowledged)
  const heads = await readHeadsFile(join(folder, HEADS_FILE))
  const verification = await verify(opened.owner, { sealKey: opened.sealKey, heads })
  const over = excesses(happenings, (site, sku) => openingOf(company, site, sku), outcome.shorts)
  const gone = conservation(company, flowsOf(race), outcome.sellable)
  const faults = servers.flatMap((server) => server.faults)
  const found = [
    ...over.map(({ site, sku, given, there }) => `${site} ${sku}: ${given} were given away, and ${there} can have been there.`),
    ...undueShorts(happenings, outcome.shorts),
    ...outcome.found,
    ...effects.found,
    ...race.doubled,
    ...race.surprises,
    ...gone,
    ...faults,
    ...(delivered ? [] : ['Messages between sites were not delivered in time.']),
    ...(stopped.every(Boolean) ? [] : ['A server did not stop in order.']),
    ...verification.checks.filter((check) => !check.ok).map(({ name, offending }) => `verify: ${name}: ${JSON.stringify(offending)}`),
  ]
  const result = {
    operations: race.history.operations,
    acknowledged: effects.acknowledged,
    by_kind: Object.fromEntries(
      [...Map.groupBy(race.acknowledged, ({ key }) => key.slice(0, key.indexOf('-')))].map(([kind, all]) => [kind, all.length]),
    ),
    oversold: over.reduce((sum, one) => sum + one.given - one.there, 0) + outcome.negative,
    left_over: outcome.leftOver,
    duplicated: effects.doubled + race.doubled.length,
    lost: effects.lost + effects.halves + gone.length,
    shorted: outcome.shorts.reduce((sum, one) => sum + one.quantity, 0),
    faults: faults.length,
    verify: { ok: verification.ok, moves: verification.moves },
    seed: Number(values.seed),
    seconds: Math.round((performance.now() - began) / 100) / 10,
  }
  if (found.length > 0) await complain(found, race.history)
  process.stdout.write(`${JSON.stringify(result)}\n`)
  return found.length === 0 && outcome.negative === 0 ? 0 : 1
}

/** What came into the company and what left it, as clients were told. */
function flowsOf({ history }: Race): { readonly sku: string; readonly change: number }[] {
  const ordered = new Map<string, readonly { readonly sku: string }[]>()
  return history.happenings
    .filter((one) => one.type === 'ok')
    .flatMap(({ command, told }) => {
      if (command.kind === 'receipt' || command.kind === 'output') return command.lines.map(({ sku, quantity }) => ({ sku, change: quantity }))
      if (command.kind === 'sale') return command.lines.map(({ sku, quantity }) => ({ sku, change: -quantity }))
      if (told !== undefined && 'goods' in told) {
        const sign = command.kind === 'issue' || command.kind === 'dispatch' ? -1 : 1
        return told.goods.map(({ sku, quantity }) => ({ sku, change: sign * quantity }))
      }
      if (told !== undefined && 'order' in told) ordered.set(told.order, told.lines)
      if (told === undefined || !('shipped' in told) || command.kind !== 'ship') return []
      return told.shipped.map(({ line, quantity }) => ({ sku: ordered.get(command.order)![line - 1]!.sku, change: -quantity }))
    })
}

async function complain(found: readonly string[], { happenings }: History): Promise<void> {
  const file = join(tmpdir(), `quartermaster-race-${values.seed}.ndjson`)
  await writeFile(file, happenings.map((one) => `${JSON.stringify(one)}\n`).join(''))
  const more = found.length > FOUND_SHOWN ? [`... and ${found.length - FOUND_SHOWN} more`] : []
  process.stderr.write(`${[...found.slice(0, FOUND_SHOWN), ...more, `The history stands in ${file}`].join('\n')}\n`)
}
