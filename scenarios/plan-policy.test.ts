// J2, J3: an item is ordered by the policy that it asks for: between a least and a most, no more than fits, and no more than is sold before it expires.

import { describe, expect, test } from 'vitest'
import { day_ms } from '../core/calendar.ts'
import { idSource } from '../server/ids.ts'
import { lookAtBeliefs } from '../server/loop/belief.ts'
import { workOnPlan } from '../server/loop/replenish-run.ts'
import { sql } from '../server/db.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

const WEEKS = 6
/** Each day of it is like all others: so many of each are sold. */
const SOLD = { BOLT: 2, TUB: 3, MILK: 4 }
type Sku = keyof typeof SOLD

interface Line {
  readonly quantity: number
  readonly because: string
  readonly basis: Record<string, number> & { readonly by?: Record<string, unknown>; readonly behind: Record<string, number> }
}

async function shop() {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SHOP', 'YARD'], items: { BOLT: 0, TUB: 0 } })
  const http = await testHttp(server, world)
  const asking = askingAs(http, await http.key('admin'))
  const { get, done } = asking
  await done('/api/items', { items: [{ sku: 'MILK', name: 'Milk', tracking: 'lot', standardCost: 100, listPrice: 180 }, { sku: 'SPARE', name: 'Spare part', listPrice: 500 }] })
  await done('/api/parties', { parties: [{ code: 'S1', name: 'A supplier', kind: 'supplier' }] })
  await done('/api/supplier-items', {
    offers: ['BOLT', 'TUB', 'MILK', 'SPARE'].map((sku) => ({ supplier: 'S1', sku, price: 100, leadTimeDays: 2, minimum: 1, multiple: sku === 'TUB' ? 5 : 1 })),
  })
  const day = (ahead: number): string => new Date(world.now() + ahead * day_ms).toISOString().slice(0, 10)
  for (let week = 0; week < WEEKS; week += 1) {
    const lines = Object.entries(SOLD).map(([sku, perDay]) => ({
      sku, quantity: 7 * perDay + (week === WEEKS - 1 ? 10 : 0), place: 'SHELF', ...(sku === 'MILK' && { lot: `M${week}`, expiresOn: day(week === WEEKS - 1 ? 9 : 30) }),
    }))
    await done('/api/receipts', { site: 'SHOP', lines })
    for (let weekday = 0; weekday < 7; weekday += 1) {
      await done('/api/sales', { site: 'SHOP', lines: Object.entries(SOLD).map(([sku, quantity]) => ({ sku, quantity, ...(sku === 'MILK' && { lot: `M${week}` }) })) })
      world.wait(day_ms)
    }
  }
  const plan = async (): Promise<void> => {
    await lookAtBeliefs({ database: server, clock: world.now })
    const { id } = await done('/api/plan/runs', {})
    expect(await workOnPlan({ database: server, clock: world.now, newId: idSource(world.now) }, String(id))).toBe(true)
  }
  const itemPlan = async (sku: string, site = 'SHOP') => (await get(`/api/items/${sku}/plan?site=${site}`)) as unknown as { readonly planning: readonly object[]; readonly line: Line | null }
  const line = async (sku: Sku | 'SPARE'): Promise<Line> => (await itemPlan(sku)).line!
  const says = (sku: string, planning: object, site: string | null = 'SHOP') => done(`/api/items/${sku}/planning`, { site, ...planning })
  return { ...asking, http, server, owner, world, plan, itemPlan, line, says, day }
}

const nothing = { policy: null, reorderPoint: null, orderUpTo: null, fixedOrderCost: null, service: null, shelfMax: null, shelfLifeDays: null }

describe('J3: an item is ordered by its own policy', async () => {
  const { get, done, send, http, owner, world, plan, itemPlan, line, says, day } = await shop()

  test('between a least and a most, up to its shelf, and as long as it lasts', { timeout: 120_000 }, async () => {
    await plan()
    const plain = { BOLT: await line('BOLT'), TUB: await line('TUB'), MILK: await line('MILK') }
    for (const one of Object.values(plain)) expect([one.quantity > 10, one.basis.by]).toEqual([true, undefined])

    // Ten are left of each: at fifteen or fewer there are to be sixty.
    expect(await says('BOLT', { policy: 'levels', reorderPoint: 15, orderUpTo: 60 })).toEqual({ ...nothing, site: 'SHOP', policy: 'levels', reorderPoint: 15, orderUpTo: 60 })
    await says('TUB', { shelfMax: 27 }, null)
    await says('MILK', { shelfLifeDays: 4 })
    await says('SPARE', { policy: 'levels', reorderPoint: 0, orderUpTo: 2 })
    await plan()
    const [bolt, tub, milk, spare] = [await line('BOLT'), await line('TUB'), await line('MILK'), await line('SPARE')]
    for (const { basis } of [bolt, tub, milk, spare]) {
      const position = basis['countsAs']! + Math.round(basis['supply']! + basis.behind['position']! - basis['overdue']! - basis['booked']!)
      expect(basis['short']).toBe(position <= basis['reorderPoint']! ? Math.max(0, Math.ceil(basis['orderUpTo']! - position)) : 0)
    }
    expect(bolt).toMatchObject({ quantity: bolt.basis['short'], basis: { orderUpTo: 60, reorderPoint: 15, by: { policy: 'levels', levels: 'given' } } })
    expect(bolt.quantity).toBe(60 - bolt.basis['countsAs']!)
    expect(bolt.because).toContain('at 15 or fewer it is ordered up to 60, as is said of it')
    expect(tub.quantity).toBe(Math.floor(Number(tub.basis.by?.['room']) / 5) * 5)
    expect(tub.basis['expected']! + tub.quantity).toBeLessThanOrEqual(27)
    expect([tub.quantity < plain.TUB.quantity, tub.basis['short']]).toEqual([true, plain.TUB.basis['short']])
    expect(tub.because).toContain('Of at most 27 that fit')
    // Fewer than service asks for, as the week's last would have expired: the shop is open for seven days and milk lasts for four.
    const expiry = milk.basis.by?.['expiry'] as Record<string, number>
    expect(expiry['byService']).toBe(plain.MILK.quantity)
    expect(milk.quantity).toBeLessThan(plain.MILK.quantity)
    expect(milk.quantity).toBeGreaterThan(8)
    expect(expiry['with']).toBeGreaterThan(expiry['without']!)
    expect(milk.because).toContain('It lasts 4 days')
    // Nobody ever had one here.
    expect(spare.quantity).toBe(2)
  })

  test('an old lot is not counted on', { timeout: 60_000 }, async () => {
    await done('/api/receipts', { site: 'SHOP', lines: [{ sku: 'MILK', quantity: 60, place: 'SHELF', lot: 'OLD', expiresOn: day(3) }] })
    await says('MILK', {})
    await plan()
    expect((await line('MILK')).quantity).toBe(0)
    await says('MILK', { shelfLifeDays: 20 })
    await plan()
    const milk = await line('MILK')
    expect(milk.quantity).toBeGreaterThan(15)
    const { without } = milk.basis.by!['expiry'] as { without: number }
    expect(without).toBeGreaterThan(40)
  })

  test('a supplier\'s least order is made of what has room', { timeout: 60_000 }, async () => {
    await done('/api/source-terms', { terms: [{ from: 'supplier', code: 'S1', least: 20_000 }] })
    await plan()
    const [tub, bolt] = [await line('TUB'), await line('BOLT')]
    expect(tub.basis['expected']! + tub.quantity).toBeLessThanOrEqual(27)
    expect(bolt.quantity).toBeLessThanOrEqual(60)
    await done('/api/source-terms', { terms: [{ from: 'supplier', code: 'S1', least: 0 }] })
  })

  test('what a site says comes first, and is taken back', { timeout: 120_000 }, async () => {
    await says('BOLT', { policy: 'none' })
    await says('BOLT', { policy: 'levels', fixedOrderCost: 2_000, service: 'cost' }, null)
    expect((await itemPlan('BOLT')).planning).toEqual([{ ...nothing, site: 'SHOP', policy: 'none' }, { ...nothing, site: null, policy: 'levels', fixedOrderCost: 2_000, service: 'cost' }])
    expect((await itemPlan('BOLT', 'YARD')).planning).toHaveLength(1)
    await plan()
    expect(await line('BOLT')).toMatchObject({ quantity: 0, basis: { by: { policy: 'none' } } })
    expect((await line('BOLT')).because).toContain('the plan does not order it')
    expect(JSON.stringify(await get('/api/plan/orders?site=SHOP'))).not.toContain('BOLT')
    await says('BOLT', {})
    await plan()
    expect((await line('BOLT')).basis.by).toMatchObject({ policy: 'levels', levels: 'cost', fixedOrderCost: 2_000, serviceByCost: true })
    await says('BOLT', {}, null)
    await plan()
    expect((await itemPlan('BOLT')).planning).toEqual([])
    const types = await owner.query<Row>(sql`select type from outbox where type = 'planning.item_set'`)
    expect(types.length).toBeGreaterThan(8)
  })

  test.each([
    ['levels without any',       { policy: 'levels' },                                                       'levels_not_valid',  'fixedOrderCost'],
    ['of a cost of nothing',     { policy: 'levels', fixedOrderCost: 0 },                                    'levels_not_valid',  'fixedOrderCost'],
    ['both levels and a cost',   { policy: 'levels', reorderPoint: 1, orderUpTo: 2, fixedOrderCost: 5 },     'levels_not_valid',  'fixedOrderCost'],
    ['a point above the level',  { policy: 'levels', reorderPoint: 5, orderUpTo: 5 },                        'levels_not_valid',  'reorderPoint'],
    ['only a point',             { policy: 'levels', reorderPoint: 5 },                                      'levels_not_valid',  'orderUpTo'],
    ['only a level',             { policy: 'levels', orderUpTo: 5 },                                         'levels_not_valid',  'reorderPoint'],
    ['levels by another policy', { policy: 'review', reorderPoint: 1, orderUpTo: 2 },                        'levels_not_valid',  'policy'],
    ['more than fits',           { policy: 'levels', reorderPoint: 1, orderUpTo: 30, shelfMax: 20 },         'levels_not_valid',  'orderUpTo'],
    ['what has no lots',         { shelfLifeDays: 5 },                                                       'item_without_lots', 'shelfLifeDays'],
    ['below nothing',            { policy: 'levels', reorderPoint: -1, orderUpTo: 5 },                       'body_not_valid',    'reorderPoint'],
    ['a service of 1',           { service: 1 },                                                             'body_not_valid',    'service'],
    ['a shelf for none',         { shelfMax: 0 },                                                            'body_not_valid',    'shelfMax'],
    ['another word',             { policy: 'guess' },                                                        'body_not_valid',    'policy'],
  ])('refused: %s', async (_name, planning, code, field) => {
    const { status, body } = await send('POST', '/api/items/TUB/planning', { site: 'SHOP', ...planning })
    expect([status, body['code']]).toEqual([422, code])
    expect(JSON.stringify(body)).toContain(field)
  })

  test('of every site only who may see every site says it', async () => {
    const buyer = askingAs(http, await http.key('buyer', [await world.site('SHOP')]))
    expect(await buyer.send('POST', '/api/items/TUB/planning', { shelfMax: 9 })).toMatchObject({ status: 403, body: { code: 'role_not_allowed' } })
    expect(await buyer.send('POST', '/api/items/TUB/planning', { site: 'YARD', shelfMax: 9 })).toMatchObject({ status: 404, body: { code: 'site_not_known' } })
    expect(await buyer.send('POST', '/api/items/NONE/planning', { site: 'SHOP' })).toMatchObject({ status: 422, body: { code: 'item_not_known' } })
    expect(await buyer.send('POST', '/api/items/TUB/planning', { site: 'SHOP', shelfMax: 40 })).toMatchObject({ status: 200, body: { shelfMax: 40 } })
    await expectVerified(owner, world.sealKey)
  })
})
