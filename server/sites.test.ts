// Several servers on one database, several sites, everything at once over a handful of items: afterwards nothing is oversold, doubled, lost
// or half, every message has arrived, and the record proves itself. The seed is printed with a failure; each run has its own.

import { createHash, randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { sql } from './db.ts'
import type { Answer } from './lane.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { quantity } from '../core/quantity.ts'
import { expireHolds } from './expiry.ts'
import { isRefusal } from '../core/refusal.ts'
import { readFeed, logHeads } from './feed.ts'
import { placeAcrossSites } from './flow/reserve-across-sites.ts'
import type { Command } from './stages.ts'
import { testDatabase } from './test-database.ts'
import { allDelivered, expectAgreed, testServer, until, type TestServer } from './test-sites.ts'
import { expectVerified } from './test-verify.ts'
import { orderOf, testWorld } from './test-world.ts'

const CLIENTS = 24
const TRIES_MAX = 50
const SENT_AGAIN = 'sent again'

const { server, owner, connection } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX', 'SFO'], items: { A: 60, B: 60, C: 20, D: 5 } })
const sites = await Promise.all(['SEA', 'PDX', 'SFO'].map((code) => world.site(code)))
const items = await Promise.all(['A', 'B', 'C', 'D'].map((sku) => world.item(sku)))

/** Numbers below a limit, the same for the same seed. */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

interface Placed { readonly order: string; readonly home: SiteId; readonly sources: readonly SiteId[] }

/** One client: it places orders and does what may be done to them, at either server, and sends some things twice. */
async function client(servers: readonly TestServer[], steps: number, seed: number, count: (what: string) => void): Promise<void> {
  const below = numbersFrom(seed)
  const one = <T>(list: readonly T[]): T => list[below(list.length)]!
  const placed: Placed[] = []
  /** Sends until it is answered: with the same key, at any server. */
  const answered = async (submit: (at: TestServer) => Promise<Answer>): Promise<Answer> => {
    const at = below(5) === 0 ? servers : [one(servers)]
    let answers = await Promise.all(at.map(submit))
    for (let tries = 1; tries < TRIES_MAX && answers.some((answer) => answer.status === 503); tries += 1) {
      count(SENT_AGAIN)
      answers = await Promise.all(servers.map(submit))
    }
    expect(answers.map((answer) => answer.body)).toEqual(answers.map(() => answers[0]!.body))
    expect(answers[0]!.status, answers[0]!.body).toBeLessThan(500)
    return answers[0]!
  }
  const send = async (site: SiteId, command: Command): Promise<void> => {
    const request = { command, caller: 'race', key: world.newId(), sha256: createHash('sha256').update(JSON.stringify(command)).digest() }
    const answer = await answered((at) => at.lanes.submit(site, request))
    count(`${command.kind} ${answer.status < 300 ? 'done' : 'refused'}`)
  }
  const place = async (): Promise<void> => {
    const home = one(sites)
    const order = orderOf(world, home, Array.from({ length: 1 + below(3) }, () => [one(items), 1 + below(3)] as const), { priority: below(3) })
    const command = { ...order, lines: order.lines.map((line) => ({ ...line, source: one(sites) })) }
    const request = { command, caller: 'race', key: world.newId(), sha256: createHash('sha256').update(JSON.stringify(command)).digest() }
    const answer = await answered((at) => placeAcrossSites(at.lanes, home, request))
    expect(answer.status, answer.body).toBe(201)
    const { id, lines } = JSON.parse(answer.body) as { id: string; lines: { source: string }[] }
    placed.push({ order: id, home, sources: await Promise.all(lines.map((line) => world.site(line.source))) })
    count('order placed')
  }
  const onOrder = async (commandOf: (order: string) => Command, atHome = false): Promise<void> => {
    if (placed.length === 0) return
    const { order, home, sources } = one(placed)
    await send(atHome ? home : one(sources), commandOf(order))
  }
  const fulfil = async (): Promise<void> => {
    if (placed.length === 0) return
    const { order, sources } = one(placed)
    const source = one(sources)
    await send(source, { kind: 'allocate', order })
    await send(source, { kind: 'pick', order, pickedAt: world.now() })
    await send(source, { kind: 'ship', order, shipment: world.newId(), shippedAt: world.now() })
  }
  const line = (item: ItemId, some: number) => ({ line: 1, item, quantity: quantity(some), lot: '', serial: '' })
  const deeds = [
    place, place, place, fulfil,
    () => onOrder((order) => ({ kind: 'deliver', order, shipment: null, deliveredAt: world.now(), receivedBy: 'Ann' })),
    () => onOrder((order) => ({ kind: 'cancelOrder', order, lines: below(2) === 0 ? null : [1] }), true),
    () => send(one(sites), { kind: 'sendTransfer', transfer: world.newId(), to: one(sites), sentAt: world.now(), lines: [line(one(items), 1 + below(4))] }),
    () => send(one(sites), {
      kind: 'sell', order: world.newId(), customer: world.customer, reference: null, soldAt: world.now(),
      lines: [{ ...line(one(items), 1), unitPrice: money(250) }],
    }),
    () => send(one(sites), {
      kind: 'receive', receipt: world.newId(), purchase: null, receivedAt: world.now(),
      lines: [{ ...line(one(items), 1 + below(3)), place: 100 as never, expiresOn: null, value: null }],
    }),
  ]
  for (let step = 0; step < steps; step += 1) await one(deeds)()
}

/** Runs every client at two servers; `meanwhile` may disturb them until the clients are done. */
async function race(steps: number, meanwhile: (busy: () => boolean, answered: () => number) => Promise<void>): Promise<{ faults: number; counts: ReadonlyMap<string, number> }> {
  const seed = randomInt(2 ** 31)
  const servers = [testServer(connection, world), testServer(connection, world)]
  for (const one of servers) one.relay.start()
  const counts = new Map<string, number>()
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1)
  let busy = true
  try {
    const answered = (): number => [...counts].reduce((sum, [what, times]) => (what === SENT_AGAIN ? sum : sum + times), 0)
    const disturbed = meanwhile(() => busy, answered)
    await Promise.all(Array.from({ length: CLIENTS }, (_none, index) => client(servers, steps, seed + index, count))).finally(() => {
      busy = false
    })
    await disturbed
    world.wait(3_600_000)
    await expireHolds(servers[0]!.lanes)
    await allDelivered(server)
    await expectAgreed(server)
    await expectVerified(server, world.sealKey)
    await expectFeedWhole()
    return { faults: servers.flatMap((one) => one.faults).length, counts }
  } catch (error) {
    throw new Error(`With seed ${seed}, after ${JSON.stringify([...counts])}`, { cause: error })
  } finally {
    await Promise.all(servers.map((one) => one.stop()))
  }
}

test('two servers, three sites and everything at once leave one true record', async () => {
  const { faults, counts } = await race(25, () => Promise.resolve())
  expect(faults).toBe(0)
  for (const what of ['order placed', 'ship done', 'deliver done', 'cancelOrder done', 'sendTransfer done', 'sell done']) {
    expect(counts.get(what) ?? 0, `${what} of ${JSON.stringify([...counts])}`).toBeGreaterThan(0)
  }
})

test('so they do while their connections are cut again and again', async () => {
  let cuts = 0
  await race(12, async (busy, answered) => {
    for (let before = -1; busy(); await sleep(50)) {
      // Where nothing comes through between two cuts, more of them prove nothing.
      if (answered() === before) continue
      before = answered()
      cuts += 1
      await owner.execute(sql`
        select pg_terminate_backend(pid) from (
          select pid from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and usename is not null
          order by hash_numeric((pid * ${cuts % 97})::numeric) limit 3) t`)
    }
  })
  expect(cuts).toBeGreaterThan(3)
}, 120_000)

/** The feed has every event of every site once, each site's in order. */
async function expectFeedWhole(): Promise<void> {
  const heads = await logHeads(server)
  const total = heads.reduce((sum, head) => sum + head.sequence, 0)
  const last = new Map<SiteId, number>()
  let cursor: { epoch: number; position: number } | undefined
  await until(async () => {
    const page = await readFeed(server, cursor, 500)
    if (isRefusal(page)) throw new Error(page.detail)
    for (const { site, sequence } of page.events) {
      expect(sequence).toBe((last.get(site) ?? 0) + 1)
      last.set(site, sequence)
    }
    cursor = page.cursor
    return cursor.position >= total
  })
  expect(heads.map((head) => last.get(head.site))).toEqual(heads.map((head) => head.sequence))
}
