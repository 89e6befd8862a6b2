// The relay: every message has one effect, in order, whatever fails, dies or is delivered twice.

import { afterEach, describe, expect, test } from 'vitest'
import { instant } from '../core/calendar.ts'
import { quantity } from '../core/quantity.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import { sql } from './db.ts'
import type { Answer, Request } from './lane.ts'
import { Relay } from './relay.ts'
import { testDatabase } from './test-database.ts'
import { allDelivered, expectAgreed, quickRelay, testServer, until } from './test-sites.ts'
import { expectVerified } from './test-verify.ts'
import { orderOf, testWorld } from './test-world.ts'

const { server, owner, connection } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 100_000 } })
const [sea, pdx, a] = [await world.site('SEA'), await world.site('PDX'), await world.item('A')]
const running: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
  await expectAgreed(server)
  await expectVerified(server, world.sealKey)
})

const transfer = (from: SiteId, to: SiteId, item: ItemId, count: number) => world.send(from, {
  kind: 'sendTransfer', transfer: world.newId(), to, sentAt: world.now(), lines: [{ line: 1, item, quantity: quantity(count) }],
})

/** An order of SEA that PDX serves, confirmed by nobody yet but by the message that is under way. */
async function orderAtPdx(): Promise<string> {
  const order = orderOf(world, sea, [[a, 1]])
  const lines = order.lines.map((line) => ({ ...line, source: pdx }))
  await world.send(pdx, { kind: 'holdForOrder', order: order.order, home: sea, priority: 5, expiresAt: instant(world.now() + 60_000), lines })
  await world.send(sea, { ...order, lines, heldElsewhere: [{ line: 1, held: quantity(1), day: null }] })
  return order.order
}

const stockAt = async (site: SiteId): Promise<number> =>
  (await server.query<{ sellable: number }>(sql`select sellable from availability where site_id = ${site} and item_id = ${a}`))[0]!.sellable

/** The transfers a site received, in the order of its ledger, and those that were sent to it, in the order of the sender's. */
const transfersAt = (site: SiteId, cause: string): Promise<{ document: string }[]> => server.query<{ document: string }>(sql`
  select document_id as document from move where site_id = ${site} and cause = ${cause} order by sequence`)

function start(submit: (site: SiteId, request: Request) => Promise<Answer> = (site, request) => world.lanes.submit(site, request)) {
  const faults: unknown[] = []
  const relay = new Relay({ database: server, lanes: { submit }, limits: quickRelay, onFault: (error) => faults.push(error) })
  relay.start()
  running.push(relay)
  return { relay, faults }
}

describe('the relay', () => {
  test('delivers transfers in the order in which they were sent', async () => {
    const before = [await stockAt(sea), await stockAt(pdx)]
    start()
    await Promise.all(Array.from({ length: 250 }, () => transfer(sea, pdx, a, 2)))
    await allDelivered(server)
    expect([await stockAt(sea), await stockAt(pdx)]).toEqual([before[0]! - 500, before[1]! + 500])
    expect(await transfersAt(pdx, 'transfer_in')).toEqual(await transfersAt(sea, 'transfer_out'))
  })

  test('delivers twice, or loses the answer, to no effect', async () => {
    const before = await stockAt(pdx)
    let calls = 0
    start(async (site, request) => {
      calls += 1
      await world.lanes.submit(site, request)
      const answer = await world.lanes.submit(site, request)
      expect(answer.replayed).toBe(true)
      return calls % 3 === 0 ? { status: 503, body: 'the answer was lost', replayed: false } : answer
    })
    await Promise.all(Array.from({ length: 20 }, () => transfer(sea, pdx, a, 1)))
    await allDelivered(server)
    expect(await stockAt(pdx)).toBe(before + 20)
  })

  test('holds up the queue of the site whose message is not taken, and no other, until it is', async () => {
    const before = [await stockAt(sea), await stockAt(pdx)]
    let broken = true
    const { relay, faults } = start((site, request) =>
      broken && site === pdx
        ? Promise.resolve({ status: 409, body: '{"code":"not_enough_stock"}', replayed: false })
        : world.lanes.submit(site, request),
    )
    await transfer(sea, pdx, a, 1)
    await transfer(pdx, sea, a, 3)
    await until(async () => relay.stuck.some((one) => one.tries > 2) && (await stockAt(sea)) === before[0]! + 2)
    expect(relay.stuck).toMatchObject([{ site: sea, target: pdx, type: 'transfer.sent' }])
    expect(String(faults[0])).toMatch(/did not take message \d+ of site \d+ \(transfer\.sent\): 409/)
    broken = false
    await allDelivered(server)
    expect(relay.stuck).toEqual([])
    expect(await stockAt(pdx)).toBe(before[1]! - 2)
  })

  test('never lets a second message about one thing overtake the first', async () => {
    const [first, second] = await Promise.all([orderAtPdx(), orderAtPdx()])
    await world.send(sea, { kind: 'cancelOrder', order: first, lines: null })
    const seen: string[] = []
    let failures = 3
    start((site, request) => {
      const { order } = request.command as { order?: string }
      if (order === first && failures-- > 0) return Promise.resolve({ status: 503, body: '', replayed: false })
      seen.push(`${request.command.kind} ${order === first ? 'first' : 'second'}`)
      return world.lanes.submit(site, request)
    })
    await allDelivered(server)
    expect(seen).toContain('confirmHold second')
    expect(seen.indexOf('cancelForHome first')).toBeGreaterThan(seen.lastIndexOf('confirmHold first'))
    expect(second).not.toBe(first)
  })

  test('is one at a time; when its connection is cut, another or itself takes over and nothing is lost', async () => {
    const before = await stockAt(pdx)
    const servers = [testServer(connection, world), testServer(connection, world)]
    running.push(...servers)
    for (const one of servers) one.relay.start()
    const leaders = (): number => servers.filter((one) => one.relay.leads).length
    for (let round = 0; round < 5; round += 1) {
      await until(() => leaders() === 1)
      const sent = Promise.all(Array.from({ length: 20 }, () => transfer(sea, pdx, a, 1)))
      await owner.query(sql`
        select pg_terminate_backend(l.pid) from pg_locks l
        where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())`)
      await sent
    }
    await allDelivered(server)
    await until(() => leaders() === 1)
    expect(await stockAt(pdx)).toBe(before + 100)
  })

  test('delivers what is owed before it stops, and a server that starts delivers what was left', async () => {
    const before = await stockAt(pdx)
    const { relay } = start()
    await until(() => relay.leads)
    await Promise.all(Array.from({ length: 30 }, () => transfer(sea, pdx, a, 1)))
    await relay.stop()
    expect(await stockAt(pdx)).toBe(before + 30)
    await transfer(sea, pdx, a, 5)
    expect(await stockAt(pdx)).toBe(before + 30)
    start()
    await allDelivered(server)
    expect(await stockAt(pdx)).toBe(before + 35)
  })

  test('two that relay at once, each believing it is alone, deliver each message once', async () => {
    const before = await stockAt(pdx)
    const submit = (site: SiteId, request: Request): Promise<Answer> => world.lanes.submit(site, request)
    const unlocked = { ...server, session: async () => {
      const session = await server.session()
      return { ...session, query: async <Row>(statement: Parameters<typeof session.query>[0]): Promise<Row[]> =>
        (statement.text.includes('advisory') ? [{ locked: true }] : session.query<Row>(statement)) as Promise<Row[]> }
    } }
    const relays = [1, 2].map(() => new Relay({ database: unlocked, lanes: { submit }, limits: quickRelay }))
    running.push(...relays)
    for (const relay of relays) relay.start()
    await until(() => relays.every((relay) => relay.leads))
    for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 10 }, () => transfer(sea, pdx, a, 1)))
    await allDelivered(server)
    expect(await stockAt(pdx)).toBe(before + 100)
  })
})
