// I4: what was probably there, evening by evening: worked out from the item's own events by the filter that keeps today's belief, and so it ends where that is.

import { expect, test } from 'vitest'
import { addDays, dayOf, day_ms } from '../core/calendar.ts'
import { sql } from '../server/db.ts'
import { lookAtBeliefs } from '../server/loop/belief.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'], items: { SOAP: 60, TEA: 90, NEW: 0 } })
const http = await testHttp(server, world)
const { get, done, send } = askingAs(http, await http.key('admin'))
const look = () => lookAtBeliefs({ database: server, clock: world.now })
const history = async (sku: string, more = '') =>
  (await get(`/api/items/${sku}/belief/history?site=SEA${more}`)) as unknown as Row & { readonly days: readonly Row[]; readonly counts: readonly Row[] }

test('ends at the belief of today, begins with the item, and has counts beside what was believed before', { timeout: 120_000 }, async () => {
  expect(await send('GET', '/api/items/SOAP/belief/history?site=SEA')).toMatchObject({ status: 404, body: { code: 'belief_not_known' } })
  const first = dayOf(world.now())
  for (let day = 0; day < 20; day += 1) {
    await done('/api/sales', { site: 'SEA', lines: [{ sku: 'SOAP', quantity: 2 }] })
    await done('/api/sales', { site: 'SEA', lines: [{ sku: 'TEA', quantity: 1 + (day % 2) }] })
    world.wait(day_ms)
  }
  await look()
  world.wait(9 * day_ms)
  const { days, counts, isCut } = await history('SOAP')
  expect([days[0], days.length, counts, isCut]).toEqual([expect.objectContaining({ on: first, recorded: 58 }), 30, [], false])
  expect(days.at(-1)).toMatchObject({ on: dayOf(world.now()), recorded: 20 })
  const live = await get('/api/items/SOAP/belief?site=SEA')
  const last = days.at(-1)!
  // What all items teach is taken as it is known today, from the first day on.
  for (const name of ['expected', 'empty', 'low', 'high'] as const) expect(Math.abs(Number(last[name]) - Number(live[name]))).toBeLessThanOrEqual(name === 'empty' ? 0.05 : 1)
  // While nobody buys, it is doubted more every evening, and the record stays.
  const silent = days.slice(-8)
  for (const [index, one] of silent.entries()) {
    expect(one['recorded']).toBe(20)
    if (index > 0) expect(Number(one['empty'])).toBeGreaterThan(Number(silent[index - 1]!['empty']))
  }

  await done('/api/counts', { site: 'SEA', sku: 'SOAP', counted: 3 })
  await look()
  const after = await history('SOAP', '&days=3')
  expect(after.days.map((one) => one['on'])).toEqual([2, 1, 0].map((some) => addDays(dayOf(world.now()), -some)))
  expect(after.days.at(-1)).toMatchObject({ recorded: 3, expected: 3, low: 3, high: 3, empty: 0 })
  expect(after.counts).toHaveLength(1)
  expect(after.counts[0]).toMatchObject({ counted: 3, recorded: 20 })
  expect(Math.abs(Number(after.counts[0]!['expected']) - Number(last['expected']))).toBeLessThan(0.1)
})

test('is the belief of today itself, to six digits, where all was taken in on one day', async () => {
  await done('/api/receipts', { site: 'SEA', lines: [{ sku: 'NEW', quantity: 9, place: 'SHELF' }] })
  await done('/api/losses', { site: 'SEA', sku: 'NEW', quantity: 2, place: 'SHELF', cause: 'breakage' })
  await look()
  const live = await get('/api/items/NEW/belief?site=SEA')
  const { days, events } = await history('NEW')
  const near = (name: string) => expect.closeTo(Number(live[name]), 6) as number
  expect([days, events]).toEqual([[{ on: dayOf(world.now()), recorded: 7, expected: near('expected'), low: live['low'], high: live['high'], empty: near('empty') }], 2])
  expect(await owner.query(sql`select sellable from availability a join item i using (item_id) where i.sku = 'NEW' -- every site: a test's`)).toMatchObject([{ sellable: 7 }])
})
