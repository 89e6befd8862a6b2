// Beliefs are kept beside the record: read from the ledger in any pieces, by any process, to the last digit the same.

import { describe, expect, test } from 'vitest'
import { money } from '../../core/money.ts'
import { day_ms, instant } from '../../core/calendar.ts'
import type { ItemId } from '../../core/item.ts'
import { standardPlaces } from '../../core/place.ts'
import { quantity } from '../../core/quantity.ts'
import { chanceOf } from '../../core/rng.ts'
import { sql } from '../db.ts'
import { testDatabase } from '../test-database.ts'
import { until } from '../test-sites.ts'
import { testWorld } from '../test-world.ts'
import { eventsOfItem } from './belief-read.ts'
import { BeliefReader, beliefLimits, lookAtBeliefs } from './belief.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'], items: { A: 60, B: 40, C: 500 } })
const sea = await world.site('SEA')
const items = await Promise.all(['A', 'B', 'C'].map((sku) => world.item(sku)))
const [a, b, c] = items as [ItemId, ItemId, ItemId]
const limits = (events_max: number) => ({ ...beliefLimits, events_max, items_max: 2 })
const look = (events_max = 1_000): Promise<number> => lookAtBeliefs({ database: server, clock: world.now, limits: limits(events_max) })

const sell = (item: ItemId, units: number) =>
  world.send(sea, {
    kind: 'sell',
    order: world.newId(),
    customer: world.customer,
    reference: null,
    soldAt: world.now(),
    lines: [{ line: 1, item, quantity: quantity(units), unitPrice: money(250), lot: '', serial: '' }],
  })
const count = (item: ItemId, counted: number) =>
  world.send(sea, {
    kind: 'count',
    document: world.newId(),
    item,
    counted: quantity(counted),
    place: standardPlaces.shelf,
    lot: '',
    serial: '',
    condition: 'sellable',
    countedAt: world.now(),
  })

const kept = () =>
  owner.query(sql`
    select r.move_sequence, r.outbox_sequence, r.learnt_on, r.shared::text, k.item_id, encode(k.state, 'hex') as state, k.noted::text
    from belief_reader r join belief_state k on k.site_id = r.site_id order by k.item_id`)
const rows = () => owner.query(sql`select * from belief order by item_id`)
/** Every row as of now: a piece tells its own items' rows only. */
const toldNow = async () => {
  await new BeliefReader({ database: server, clock: world.now, limits: limits(1) }).tellAll(server, sea)
  return rows()
}
const forget = async () => {
  for (const table of ['belief', 'belief_state', 'belief_reader']) await owner.script(`delete from ${table}`)
}

/** Weeks of trading: some sales, a count that agrees, one that does not. */
async function trade(days: number): Promise<void> {
  const chance = chanceOf(days)
  for (let day = 0; day < days; day += 1) {
    const answers = await Promise.all([sell(a, 1), ...(chance.fraction() < 0.5 ? [sell(b, 1)] : []), sell(c, 3)])
    expect(answers.map((one) => one.status)).toEqual(answers.map(() => 201))
    if (day % 5 === 4) await count(c, 500 - 3 * (day + 1) - (day > 6 ? 1 : 0))
    world.wait(day_ms)
  }
}

describe('I4: the server keeps beliefs', () => {
  test('the same, whether a ledger is read in one piece, in many, or event by event', async () => {
    await trade(12)
    expect(await look()).toBeGreaterThan(30)
    const [whole, told] = [await kept(), await toldNow()]
    expect(whole).toHaveLength(3)
    expect(told).toHaveLength(3)
    for (const events_max of [1, 3]) {
      await forget()
      await look(events_max)
      expect(await kept()).toEqual(whole)
      expect(await toldNow()).toEqual(told)
    }
  })

  test('as all that was read teaches, also of what was sold long before', async () => {
    const told = async () =>
      (await owner.query<{ item_id: number; empty: number; loss_per_day: number }>(sql`select item_id, empty, loss_per_day from belief order by item_id`)).map((row) => ({ ...row }))
    await forget()
    await look(3)
    const read = await told()
    await toldNow()
    expect(read).toEqual(await told())
  })

  test('the same for two that read at once: what one has taken in, the other does not', async () => {
    const before = await kept()
    await forget()
    await Promise.all([look(2), look(2), look(3)])
    await look()
    expect(await kept()).toEqual(before)
  })

  test('a count that agrees moves nothing and is known all the same', async () => {
    const [row] = await owner.query<{ counted: number; counted_at: number }>(sql`select counted, counted_at from belief where item_id = ${c}`)
    expect(row).toMatchObject({ counted: 500 - 30 - 1 })
  })

  test("an item's own events are read in the ledger's order, a count after its move, and cut at the oldest", async () => {
    const whole = await eventsOfItem(server, sea, c, 1_000)
    expect([whole.isCut, whole.happened.filter((one) => one.event?.what === 'sold').length, whole.happened.filter((one) => one.event?.what === 'counted').length]).toEqual([false, 12, 2])
    expect(whole.happened.reduce((sum, one) => sum + one.change, 0)).toBe(500 - 36 - 1)
    expect(whole.happened.map((one) => one.recordedAt)).toEqual(whole.happened.map((one) => one.recordedAt).toSorted((x, y) => x - y))
    const last = whole.happened.findLastIndex((one) => one.event?.what === 'counted')
    // The move of its difference, which only corrects the record.
    expect(whole.happened[last - 1]).toMatchObject({ event: { what: 'corrected', change: -1 }, change: -1 })
    // Two sales, then the count's move, then what was sold before: four moves, and of the counts the one that comes after the first of them.
    const cut = await eventsOfItem(server, sea, c, 4)
    expect(cut.isCut).toBe(true)
    expect(cut.happened).toEqual(whole.happened.slice(-5))
  })

  test('what is kept in another format is worked out anew', async () => {
    const before = await kept()
    await owner.script(`update belief_reader set shared = '{"format": 0}'::json, move_sequence = move_sequence - 1`)
    await look()
    expect(await kept()).toEqual(before)
  })

  test('rows are told anew once a day of the clock, so that silence shows; what is kept stays', async () => {
    const [before, told] = [await kept(), await rows()]
    world.wait(20 * day_ms)
    expect(await look()).toBe(0)
    expect(await kept()).toEqual(before)
    const later = (await rows()) as { expected: number; as_of: number }[]
    for (const [index, row] of later.entries()) {
      expect(row.expected).toBeLessThan((told[index] as { expected: number }).expected)
      expect(row.as_of).toBe(world.now())
    }
  })

  test('in the background, while trading goes on, and no more once it is stopped', async () => {
    const faults: unknown[] = []
    const reader = new BeliefReader({ database: server, clock: () => instant(world.now()), limits: { ...limits(10), look_milliseconds: 5 }, onFault: (error) => faults.push(error) })
    reader.start()
    const events = async (): Promise<number> => (await owner.query<{ events: number }>(sql`select events from belief where item_id = ${b}`))[0]!.events
    const before = await events()
    await sell(b, 1)
    await until(async () => (await events()) === before + 1)
    await reader.stop()
    await sell(b, 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([await events(), faults]).toEqual([before + 1, []])
  })
})
