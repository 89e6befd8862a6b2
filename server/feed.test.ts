// The feed: each site's order, nothing lost or doubled, whoever appends and whenever he dies.

import { describe, expect, test } from 'vitest'
import { isRefusal } from '../core/refusal.ts'
import type { SiteId } from '../core/item.ts'
import { sql } from './db.ts'
import { FeedWriter, logHeads, readFeed, type FeedCursor, type FeedEvent, type FeedPage } from './feed.ts'
import { testDatabase } from './test-database.ts'
import { expectVerified } from './test-verify.ts'
import { orderOf, testWorld } from './test-world.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 1000 } })
const [sea, pdx, a] = [await world.site('SEA'), await world.site('PDX'), await world.item('A')]

async function page(after: FeedCursor | undefined, limit: number): Promise<FeedPage> {
  const read = await readFeed(server, after, limit)
  if (isRefusal(read)) throw new Error(read.detail)
  return read
}

async function readAll(limit: number): Promise<FeedEvent[]> {
  const events: FeedEvent[] = []
  for (let cursor: FeedCursor | undefined; ;) {
    const read = await page(cursor, limit)
    if (read.events.length === 0) return events
    events.push(...read.events)
    cursor = read.cursor
  }
}

const appendAll = async (writer: FeedWriter): Promise<boolean> => writer.append(await logHeads(server))

async function expectWhole(events: readonly FeedEvent[]): Promise<void> {
  expect(events.map((event) => event.position)).toEqual(events.map((_event, index) => index + 1))
  for (const { site, sequence } of await logHeads(server)) {
    const own = events.filter((event) => event.site === site).map((event) => event.sequence)
    expect(own).toEqual(Array.from({ length: sequence }, (_none, index) => index + 1))
  }
}

const order = (site: SiteId) => world.send(site, orderOf(world, site, [[a, 1]]))

describe('the feed', () => {
  test('is empty before anything is appended, and its end is no fault', async () => {
    expect(await page(undefined, 10)).toEqual({ events: [], cursor: { epoch: 1, position: 0 } })
  })

  test('shows every site\'s events in the site\'s order, page by page', async () => {
    const session = await server.session()
    const writer = new FeedWriter(session)
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([order(sea), order(sea), order(pdx)])
      expect(await appendAll(writer)).toBe(true)
    }
    expect(await appendAll(writer)).toBe(true)
    session.release()
    const events = await readAll(1000)
    await expectWhole(events)
    for (const limit of [1, 2, 3, 7]) expect(await readAll(limit)).toEqual(events)
    expect(events.find((event) => event.type === 'order.placed')).toMatchObject({ version: 1, data: { lines: [{ sku: 'A', held: 1 }] } })
  })

  test('goes on where a writer that died left off', async () => {
    await order(pdx)
    const session = await server.session()
    expect(await appendAll(new FeedWriter(session))).toBe(true)
    session.release()
    await expectWhole(await readAll(100))
  })

  test('is whole when two append at once by accident: who comes second writes nothing and looks again', async () => {
    const sessions = await Promise.all([server.session(), server.session()])
    const writers = sessions.map((session) => new FeedWriter(session))
    const written: boolean[] = []
    let busy = true
    const append = async (writer: FeedWriter): Promise<void> => {
      while (busy) written.push(await appendAll(writer))
    }
    const appending = writers.map(append)
    for (let round = 0; round < 60; round += 1) await Promise.all([order(sea), order(pdx)])
    busy = false
    await Promise.all(appending)
    while (!(await appendAll(writers[0]!)));
    for (const session of sessions) session.release()
    expect(written).toContain(false)
    await expectWhole(await readAll(1000))
    await expectVerified(server, world.sealKey)
  })

  test('refuses a cursor beyond its end, of no place, or from before a restore', async () => {
    const end = (await readAll(1000)).length
    expect(await page({ epoch: 1, position: end }, 10)).toEqual({ events: [], cursor: { epoch: 1, position: end } })
    for (const position of [end + 1, -1, 0.5]) {
      expect(await readFeed(server, { epoch: 1, position }, 10)).toMatchObject({ refused: 'cursor_not_valid' })
    }
    await owner.execute(sql`insert into epoch (epoch, begun_at, reason) values (2, '2026-03-03T00:00:00Z', 'restored')`)
    expect(await readFeed(server, { epoch: 1, position: 1 }, 10)).toMatchObject({ refused: 'epoch_passed' })
    expect(await readFeed(server, { epoch: 3, position: 1 }, 10)).toMatchObject({ refused: 'cursor_not_valid' })
    expect((await page(undefined, 2)).cursor).toEqual({ epoch: 2, position: 2 })
  })
})
