// Several servers on one database, several sites, everything at once over a handful of items: afterwards nothing is oversold, doubled, lost
// or half, every message has arrived, and the record proves itself. The seed is printed with a failure; each run has its own.

import { createHash, randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
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
const STEPS = 40

const { server, connection } = await testDatabase()
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
async function client(servers: readonly TestServer[], seed: number, count: (what: string) => void): Promise<void> {
  const below = numbersFrom(seed)
  const one = <T>(list: readonly T[]): T => list[below(list.length)]!
  const placed: Placed[] = []
  const send = async (site: SiteId, command: Command): Promise<void> => {
    const request = { command, caller: 'race', key: world.newId(), sha256: createHash('sha256').update(JSON.stringify(command)).digest() }
    const answers = below(5) === 0
      ? await Promise.all(servers.map((at) => at.lanes.submit(site, request)))
      : [await one(servers).lanes.submit(site, request)]
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1)
    expect(answers[0]!.status, `${command.kind}: ${answers[0]!.body}`).toBeLessThan(500)
    count(`${command.kind} ${answers[0]!.status < 300 ? 'done' : 'refused'}`)
  }
  const place = async (): Promise<void> => {
    const home = one(sites)
    const order = orderOf(world, home, Array.from({ length: 1 + below(3) }, () => [one(items), 1 + below(3)] as const), { priority: below(3) })
    const command = { ...order, lines: order.lines.map((line) => ({ ...line, source: one(sites) })) }
    const request = { command, caller: 'race', key: world.newId(), sha256: createHash('sha256').update(JSON.stringify(command)).digest() }
    const again = below(4) === 0
    const answers = await Promise.all((again ? servers : [one(servers)]).map((at) => placeAcrossSites(at.lanes, home, request)))
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1)
    expect(answers[0]!.status, answers[0]!.body).toBe(201)
    const { id, lines } = JSON.parse(answers[0]!.body) as { id: string; lines: { source: SiteId }[] }
    placed.push({ order: id, home, sources: lines.map((line) => line.source) })
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
  for (let step = 0; step < STEPS; step += 1) await one(deeds)()
}

test('two servers, three sites and everything at once leave one true record', async () => {
  const seed = randomInt(2 ** 31)
  const servers = [testServer(connection, world), testServer(connection, world)]
  for (const one of servers) one.relay.start()
  const counts = new Map<string, number>()
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1)
  try {
    await Promise.all(Array.from({ length: CLIENTS }, (_none, index) => client(servers, seed + index, count)))
    world.wait(3_600_000)
    await expireHolds(servers[0]!.lanes)
    await allDelivered(server)
    expect(servers.flatMap((one) => one.faults), `seed ${seed}`).toEqual([])
    await expectAgreed(server)
    await expectVerified(server, world.sealKey)
    await expectFeedWhole()
    for (const what of ['order placed', 'ship done', 'deliver done', 'cancelOrder done', 'sendTransfer done', 'sell done']) {
      expect(counts.get(what) ?? 0, `seed ${seed}, ${what} of ${JSON.stringify([...counts])}`).toBeGreaterThan(0)
    }
  } catch (error) {
    throw new Error(`With seed ${seed}, after ${JSON.stringify([...counts])}`, { cause: error })
  } finally {
    await Promise.all(servers.map((one) => one.stop()))
  }
})

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
