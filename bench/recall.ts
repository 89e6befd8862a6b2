// Recall: how long it takes, in a ledger of a million moves, from the order to recall a lot until every site holds what is left of it and of all that was
// made of it, and the list of the customers who have some is there. Over HTTP and through lanes and relay, as anybody would do it.

import { hash } from 'node:crypto'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { controlSite } from '../core/item.ts'
import { sql } from '../server/db.ts'
import { newSecret } from '../server/http/master.ts'
import { startServer, type RunningServer } from '../server/main.ts'
import { removeTemporary, temporaryFolder } from '../server/postgres/temporary.ts'
import { makeRecallWorld, RECALLED, type RecallWorldSize } from './recall-world.ts'

export interface RecallSettings extends RecallWorldSize {
  /** How often it is recalled and lifted after the first time; the longest counts. */
  readonly rounds: number
}

export const usualRecall: RecallSettings = { moves: 1_000_000, assemblies: 60, rounds: 3 }

export interface RecallBench {
  /** In the ledger. */
  readonly moves: number
  /** From the order to recall until all is held and the customers are listed: the longest of all rounds but the first. */
  readonly seconds: number
  /**
   * The same for the very first recall: no lane of these sites has asked its database anything before, since the world was made behind them, and each
   * has all its statements planned for it.
   */
  readonly first_seconds: number
  /** Of `seconds`: the recall's answer, the sites' holds, and the trace with its list of customers. */
  readonly recall_seconds: number
  readonly held_seconds: number
  readonly trace_seconds: number
  /** Backwards, from one lot that was sold to the supplier. */
  readonly backward_seconds: number
  readonly lots: number
  readonly sites: number
  readonly customers: number
  readonly machine: { readonly processors: number; readonly model: string; readonly load_before: number; readonly load_after: number }
  readonly seconds_to_make: number
}

interface Trace {
  readonly lots: readonly { readonly sku: string; readonly lot: string; readonly level: number }[]
  readonly customers: readonly object[]
  readonly standing: readonly { readonly condition: string }[]
}

export async function benchRecall(settings: RecallSettings, report: (step: string) => void): Promise<RecallBench> {
  const load_before = loadavg()[0]!
  const folder = await temporaryFolder()
  const server = await startServer({ folder, host: '127.0.0.1', port: 0 })
  try {
    const began = performance.now()
    report(`Making ${settings.moves} moves`)
    await makeRecallWorld(server.opened, settings)
    const seconds_to_make = Math.round((performance.now() - began) / 1000)
    const ask = asking(server, await keyOf(server))
    report('The first round')
    const first = await oneRound(server, ask)
    const rounds = []
    for (let round = 1; round <= settings.rounds; round += 1) {
      report(`Round ${round} of ${settings.rounds}`)
      rounds.push(await oneRound(server, ask))
    }
    const longest = rounds.toSorted((a, b) => b.seconds - a.seconds)[0]!
    const [{ moves }] = (await server.opened.database.query<{ moves: number }>(
      sql`select sum(move_sequence)::bigint as moves from site_head -- every site: the size of it all`,
    )) as [{ moves: number }]
    const load_after = loadavg()[0]!
    const machine = { processors: availableParallelism(), model: cpus()[0]?.model ?? 'not known', load_before, load_after }
    return { moves, ...longest, first_seconds: first.seconds, machine, seconds_to_make }
  } finally {
    await server.stop()
    await removeTemporary(folder)
  }
}

type Round = Omit<RecallBench, 'moves' | 'first_seconds' | 'machine' | 'seconds_to_make'>

async function oneRound(server: RunningServer, ask: Ask): Promise<Round> {
  const began = performance.now()
  const seconds = (): number => rounded((performance.now() - began) / 1000)
  const recalled = (await ask('/api/recalls', { ...RECALLED, reason: 'Measured' })) as { readonly id: string; readonly sites: readonly string[] }
  const recall_seconds = seconds()
  await until(() => allHeld(server, recalled.id))
  const held_seconds = rounded(seconds() - recall_seconds)
  const trace = (await ask(`/api/items/${RECALLED.sku}/trace?lot=${RECALLED.lot}`)) as Trace
  const total = seconds()
  if (trace.standing.some((one) => one.condition === 'sellable')) throw new Error('Some of it is sellable after it was recalled.')
  const last = trace.lots.at(-1)!
  const back = performance.now()
  const backwards = (await ask(`/api/items/${last.sku}/trace?lot=${last.lot}`)) as Trace
  if (!backwards.lots.some((one) => one.lot === RECALLED.lot)) throw new Error('The way back does not lead to the lot.')
  const backward_seconds = rounded((performance.now() - back) / 1000)
  await ask(`/api/recalls/${recalled.id}/lifting`, {})
  const { length: lots } = trace.lots
  const figures = { recall_seconds, held_seconds, trace_seconds: rounded(total - recall_seconds - held_seconds), backward_seconds }
  await releaseAll(server, recalled.id, recalled.sites.length)
  return { seconds: total, ...figures, lots, sites: recalled.sites.length, customers: trace.customers.length }
}

type Ask = (path: string, body?: object) => Promise<unknown>

const asking =
  ({ url, opened }: RunningServer, secret: string): Ask =>
  async (path, body) => {
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'idempotency-key': opened.newId() }
    const answer = await fetch(`${url}${path}`, body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }

async function keyOf({ opened: { lanes, newId } }: RunningServer): Promise<string> {
  const secret = newSecret()
  const command = { kind: 'createKey', name: 'Bench', role: 'admin', sites: [], secretSha256: hash('sha256', secret, 'hex') } as const
  await lanes.submit(controlSite, { command, caller: 'bench', key: newId(), sha256: Buffer.alloc(32) })
  return secret
}

const LOOK_MILLISECONDS = 20
const HELD_MILLISECONDS_MAX = 60_000

/** Whether sites have said of every message that it is held; a site with many lots gets several. */
async function allHeld({ opened: { database } }: RunningServer, recall: string): Promise<boolean> {
  const [row] = await database.query<{ ordered: number; held: number }>(sql`
    select (select count(*) from outbox o where o.site_id = ${controlSite} and o.type = 'recall.ordered' and starts_with(o.subject, ${recall})) as ordered,
      (select count(*) from site s join outbox o on o.site_id = s.site_id -- every site: that was told
        and o.subject = ${recall} and o.type = 'recall.held') as held`)
  return row!.ordered > 0 && row!.held >= row!.ordered
}

/** Whether so many sites have said that they let go; a recall that was lifted is another one next time. */
async function allReleased({ opened: { database } }: RunningServer, recall: string, sites: number): Promise<boolean> {
  const [row] = await database.query<{ sites: number }>(sql`
    select count(*) as sites from site s join outbox o on o.site_id = s.site_id -- every site: that was told
      and o.subject = ${recall} and o.type = 'recall.released'`)
  return row!.sites >= sites
}

/** The next round finds the goods on the shelves again, as if somebody had looked at them all. */
async function releaseAll(server: RunningServer, recall: string, sites: number): Promise<void> {
  await until(() => allReleased(server, recall, sites))
  await server.opened.owner.transaction(async (tx) => {
    await tx.execute(sql`update stock set condition = 'sellable' where condition = 'quarantine' -- every site: of the world`)
    await tx.execute(sql`
      update availability a set sellable = t.quantity -- every site: of the world
      from (select site_id, item_id, sum(quantity)::bigint as quantity from stock group by site_id, item_id) t
      where a.site_id = t.site_id and a.item_id = t.item_id and a.sellable <> t.quantity`)
  })
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + HELD_MILLISECONDS_MAX; !(await isSo()); await sleep(LOOK_MILLISECONDS)) {
    if (performance.now() > end) throw new Error('The sites did not hold what they were told to.')
  }
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000
