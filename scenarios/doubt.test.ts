// I5: promises use the belief. A shelf is emptied and nobody writes it down; the days on which nobody buys make it doubtful, and from then on a customer who orders
// is promised only what is safe, or from another site. That there is probably none is an exception with its cost, which a count ends; who waited is served.

import { describe, expect, test } from 'vitest'
import { day_ms } from '../core/calendar.ts'
import { chanceOf } from '../core/rng.ts'
import { sql } from '../server/db.ts'
import { beliefLimits, lookAtBeliefs } from '../server/loop/belief.ts'
import { heedBeliefs } from '../server/doubts.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

const skus = ['SOAP', 'T0', 'T1', 'T2', 'T3', 'T4']

/** Two shops; the first sells one or two of most of its items on most days. */
async function shops() {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: Object.fromEntries(skus.map((sku) => [sku, sku === 'SOAP' ? 44 : 200])) })
  const http = await testHttp(server, world)
  const { get, done, send } = askingAs(http, await http.key('admin'))
  const chance = chanceOf(7)
  await done('/api/parties', { parties: [{ code: 'WEB', name: 'A customer', kind: 'customer' }] })
  const trade = async (days: number, some: readonly string[]): Promise<void> => {
    for (let day = 0; day < days; day += 1) {
      for (const sku of some) if (chance.fraction() < 0.8) await done('/api/sales', { site: 'SEA', lines: [{ sku, quantity: 1 + chance.below(2) }] })
      world.wait(day_ms)
    }
  }
  const look = async (): Promise<number> => {
    await lookAtBeliefs({ database: server, clock: world.now, limits: beliefLimits })
    return heedBeliefs(world.lanes)
  }
  const rows = async (path: string): Promise<Row[]> => (await get(path))['rows'] as unknown as Row[]
  const soap = async (): Promise<Row> => (await rows('/api/availability?site=SEA&sku=SOAP'))[0]!
  const order = (quantity: number, source?: string) => send('POST', '/api/orders', { site: 'SEA', customer: 'WEB', lines: [{ sku: 'SOAP', quantity, ...(source && { source }) }] })
  const ask = (quantity: number) => send('POST', '/api/promises', { site: 'SEA', sku: 'SOAP', quantity })
  const phantoms = async () => (await rows('/api/exceptions?site=SEA')).filter((row) => row['kind'] === 'phantom_stock')
  return { server, owner, world, get, done, send, trade, look, rows, soap, order, ask, phantoms }
}

/** Thirty days of trade, then twenty-five on which the shelf is empty and nobody knows. */
async function emptied() {
  const shop = await shops()
  await shop.trade(30, skus)
  await shop.look()
  const sure = await shop.soap()
  await shop.trade(25, skus.slice(1))
  return { ...shop, sure }
}

describe('I5: a shelf that thieves emptied', () => {
  test('promises nobody what is doubted, is an exception with its cost, and a count ends both', { timeout: 180_000 }, async () => {
    const { server, owner, world, get, done, look, soap, order, ask, phantoms, sure, rows } = await emptied()
    const recorded = Number(sure['sellable'])
    expect(recorded).toBeGreaterThan(3)
    expect(Number(sure['free'])).toBeGreaterThan(0)
    expect(Number(sure['free'])).toBe(recorded - Number(sure['doubted']))
    const held = await order(1)
    expect(held.body['lines']).toMatchObject([{ held: 1 }])

    expect(await look()).toBe(1)
    expect(await look()).toBe(0)
    const now = await soap()
    expect(now).toMatchObject({ sellable: recorded, reserved: 1, free: 0 })
    expect(Number(now['doubted'])).toBeGreaterThanOrEqual(recorded - 1)
    expect((await ask(2)).body).toMatchObject({ held: 0, promised: null, reason: 'no_supply', probability: null })
    expect(await get('/api/explain/availability?site=SEA&sku=SOAP')).toMatchObject({
      figure: { sellable: recorded, reserved: 1, doubted: now['doubted'], free: 0, promisable: 0 },
      formulas: { doubted: 'min(belief.doubted, max(sellable, 0))' },
      belief: { doubted: now['doubted'], serviceLevel: 0.9 },
    })

    const raised = await phantoms()
    expect(raised).toMatchObject([{ sku: 'SOAP', quantity: recorded }])
    const { lostPerDay, lostSoFar, empty } = raised[0]!['phantom'] as Record<string, number>
    expect(empty).toBeGreaterThan(0.5)
    expect([lostPerDay! > 0, lostSoFar]).toEqual([true, 0])
    world.wait(2 * day_ms)
    expect(await get(`/api/exceptions/${String(raised[0]!['id'])}?site=SEA`)).toMatchObject({ kind: 'phantom_stock', closedAt: null, remedies: [], phantom: { lostPerDay, lostSoFar: 2 * lostPerDay! } })

    // Who orders now waits, and a till that has one in its hands sells it.
    const waiting = await order(2)
    expect(waiting.body['lines']).toMatchObject([{ held: 0, promised: null }])
    await look()
    expect(await soap()).toMatchObject({ reserved: 1 })
    await expectVerified(server, world.sealKey)

    await done('/api/counts', { site: 'SEA', sku: 'SOAP', counted: 2 })
    expect(await look()).toBe(1)
    expect(await phantoms()).toEqual([])
    expect(await soap()).toMatchObject({ sellable: 2, reserved: 2, doubted: 0, free: 0 })
    expect((await rows('/api/exceptions?site=SEA')).filter((row) => row['kind'] === 'phantom_stock')).toEqual([])
    expect(await owner.query(sql`select count(*)::int as all, count(closed_at)::int as closed from exception where kind = 'phantom_stock'`)).toEqual([{ all: 1, closed: 1 }])
    await expectVerified(server, world.sealKey)
  })

  test('is served from another site, and by the record alone where its item says so', { timeout: 180_000 }, async () => {
    const { done, look, soap, send, ask, sure, owner } = await emptied()
    await look()
    await done('/api/sourcing', { site: 'SEA', prefers: 'date', sourcesMax: 1, splitsLines: false, lanes: [{ from: 'PDX', transitDays: 1 }] })
    const placed = await send('POST', '/api/orders', { site: 'SEA', customer: 'WEB', lines: [{ sku: 'SOAP', quantity: 3 }] })
    expect(placed.body['lines']).toMatchObject([{ source: 'PDX', held: 3 }])
    const basket = await send('POST', '/api/promises/basket', { site: 'SEA', lines: [{ sku: 'T0', quantity: 1 }] })
    expect(basket.body['lines']).toMatchObject([{ reason: 'in_stock', confidence: 'high', probability: expect.toSatisfy((sure_by_belief: number) => sure_by_belief >= 0.9) }])
    expect((basket.body['absent'] as unknown as Row[]).map((one) => one['input'])).toEqual(['lead_times', 'capacity', 'calendars'])

    const level = (serviceLevel: number | null) => done('/api/items/SOAP/service-level', { serviceLevel })
    expect(await level(0)).toEqual({ sku: 'SOAP', serviceLevel: 0 })
    await look()
    expect(await soap()).toMatchObject({ doubted: 0, free: sure['sellable'] })
    expect((await ask(2)).body).toMatchObject({ held: 2, reason: 'in_stock', probability: expect.toSatisfy((sure_by_belief: number) => sure_by_belief < 0.5) })
    await level(null)
    await look()
    expect(await soap()).toMatchObject({ free: 0 })
    expect(await owner.query(sql`select outbox_sequence > 0 as read from belief_reader where site_id = 0`)).toEqual([{ read: true }])
  })

  test('is known as recorded to the unit: what the reader counts up is what the ledger has', { timeout: 60_000 }, async () => {
    const { owner, trade, done, look, send } = await shops()
    await trade(4, skus)
    await send('POST', '/api/orders', { site: 'SEA', customer: 'WEB', lines: [{ sku: 'T1', quantity: 4 }] })
    await done('/api/counts', { site: 'SEA', sku: 'T2', counted: 150 })
    await done('/api/losses', { site: 'SEA', sku: 'T3', quantity: 2, cause: 'theft' })
    await trade(2, skus)
    await look()
    const off = await owner.query(sql`
      select k.item_id, k.noted ->> 'recorded' as noted, a.sellable from belief_state k
      join availability a on a.site_id = k.site_id and a.item_id = k.item_id where (k.noted ->> 'recorded')::bigint <> a.sellable`)
    expect(off).toEqual([])
  })
})
