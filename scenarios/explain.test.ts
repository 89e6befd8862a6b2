// Stories of figures that explain themselves, through the public door; and a hundred figures of random days, each recounted from the rows that
// explain it by code that shares nothing with the product. The long form is `npm run test:explain -- --figures 1000`.

import { describe, expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { revalue } from '../server/revaluation.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { testWorld } from '../server/test-world.ts'
import { verify } from '../server/verify.ts'
import { checkFigures } from './explain/figures.ts'
import { livedGround } from './explain/ground.ts'
import { askingAs, type Row } from './rig/asking.ts'

const day_ms = 86_400_000

async function shop() {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'SHOP'] })
  const http = await testHttp(server, world)
  const asking = askingAs(http, await http.key('admin'))
  await asking.done('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Parts', kind: 'supplier' }] })
  await asking.done('/api/items', { items: [{ sku: 'BELL', name: 'Bell', standardCost: 100 }, { sku: 'OIL', name: 'Oil', tracking: 'lot' }] })
  return { server, owner, world, http, ...asking }
}

describe('B8: a quantity is explained by the moves that made it', async () => {
  const { world, get, done, send } = await shop()
  const receipt = String((await done('/api/receipts', { site: 'SEA', lines: [{ sku: 'BELL', quantity: 10, value: 1_000, place: 'SHELF' }] }))['id'])
  const noon = new Date(world.now()).toISOString()
  world.wait(3_600_000)
  await done('/api/losses', { site: 'SEA', sku: 'BELL', quantity: 3, cause: 'breakage', lostAt: new Date(world.now()).toISOString() })
  await done('/api/condition-changes', { site: 'SEA', sku: 'BELL', quantity: 2, from: 'sellable', to: 'damaged' })

  test('newest first, each with what there was then, its document and a sentence', async () => {
    const explained = await get('/api/explain/quantity?site=SEA&sku=BELL')
    expect(explained).toMatchObject({
      figure: { quantity: 7 }, formulas: { quantity: 'sum(rows.in) - sum(rows.out)' }, carried: { quantity: 0 }, next: null,
      rows: [{ cause: 'loss', in: 0, out: 3, sum: 7, from: 'SHELF', to: 'loss.breakage' }, { cause: 'receipt', in: 10, out: 0, sum: 10, document: receipt }],
    })
    expect(explained['says']).toBe(`7 of BELL were at SEA on ${String(explained['at']).slice(0, 10)} at ${String(explained['at']).slice(11, 16)} UTC, as far as move 3 was known: what came in less what went out.`)
  })

  test('as it was, as it was known, and of one condition only', async () => {
    expect(await get(`/api/explain/quantity?site=SEA&sku=BELL&at=${noon}`)).toMatchObject({ figure: { quantity: 10 }, rows: [{ cause: 'receipt' }] })
    expect(await get('/api/explain/quantity?site=SEA&sku=BELL&sequence=2')).toMatchObject({ figure: { quantity: 7 }, sequence: 2 })
    const damaged = await get('/api/explain/quantity?site=SEA&sku=BELL&condition=damaged&place=SHELF')
    expect(damaged).toMatchObject({ figure: { quantity: 2 }, rows: [{ cause: 'condition', in: 2, out: 0 }] })
    expect(await get('/api/explain/quantity?site=SHOP&sku=BELL')).toMatchObject({ figure: { quantity: 0 }, rows: [], carried: { quantity: 0 } })
  })

  test('a page adds up alone, and the next is of the same moment whatever is told meanwhile', async () => {
    const first = await get('/api/explain/quantity?site=SEA&sku=BELL&limit=1')
    expect(first).toMatchObject({ figure: { quantity: 7 }, rows: [{ out: 3 }], carried: { quantity: 10 } })
    await done('/api/receipts', { site: 'SEA', lines: [{ sku: 'BELL', quantity: 100, value: 1, place: 'SHELF' }] })
    const second = await get(`/api/explain/quantity?site=SEA&sku=BELL&limit=1&cursor=${String(first['next'])}`)
    expect(second).toMatchObject({ figure: { quantity: 7 }, at: first['at'], rows: [{ in: 10, sum: 10 }], carried: { quantity: 0 }, next: null })
  })

  test('what is asked for and is not there is refused', async () => {
    const asked = async (query: string) => (await send('GET', `/api/explain/quantity?${query}`)).body['code']
    expect(await asked('site=SEA&sku=BELL&place=NOWHERE')).toBe('place_not_known')
    expect(await asked('site=SEA&sku=BELL&owner=C1')).toBe('party_not_known')
    expect(await asked('site=SEA&sku=NONE')).toBe('item_not_known')
    expect(await asked('site=SEA&sku=BELL&cursor=x')).toBe('cursor_not_valid')
    const forged = Buffer.from(JSON.stringify([8e15, 8e15, 8e15])).toString('base64url')
    expect((await send('GET', `/api/explain/quantity?site=SEA&sku=BELL&cursor=${forged}`)).body['code']).toBe('cursor_not_valid')
    expect(await get('/api/explain/quantity?site=SEA&sku=BELL&at=9999-12-31T23:59:59.999Z')).toMatchObject({ figure: { quantity: 107 } })
  })
})

describe('B8: value and cost are explained by moves and corrections', async () => {
  const { world, get, done } = await shop()
  const receipt = String((await done('/api/receipts', { site: 'SEA', lines: [{ sku: 'BELL', quantity: 10, value: 1_000, place: 'SHELF' }] }))['id'])
  await done('/api/sales', { site: 'SEA', lines: [{ sku: 'BELL', quantity: 5 }] })
  await done('/api/costs', { site: 'SEA', document: receipt, kind: 'bill', amount: 400 })

  test('a bill for goods that are half sold is a correction to the supplier and one to what was sold', async () => {
    expect(await get('/api/explain/value?site=SEA&sku=BELL')).toMatchObject({ figure: { quantity: 5, value: 500 }, pendingFrom: world.today() })
    await revalue(world.lanes)
    const { rows, ...explained } = await get('/api/explain/cost?site=SEA&sku=BELL&quantity=2')
    expect(explained).toMatchObject({
      method: 'average', figure: { quantity: 5, value: 700, each: 140, leaves: 280 }, pendingFrom: null, period: null, last: { quantity: 10, value: 1_400 },
    })
    expect(explained['says']).toContain('were worth 7.00 USD')
    expect(explained['says']).toContain('at the moving average: 1.40 USD each. The next 2 to leave would cost 2.80 USD.')
    const told = (rows as unknown as Row[]).map((row) => [row['kind'], row['against'], row['quantity'], row['value']].join(' '))
    expect(new Set(told)).toEqual(new Set(['correction customer 0 -200', 'correction supplier 0 400', 'move customer -5 -500', 'move supplier 10 1000']))
    expect((rows as unknown as Row[])[0]).toMatchObject({ sumQuantity: 5, sumValue: 700 })
  })

  test('a day of a closed period names the period; before anything came there is nothing, and no cost', async () => {
    const today = world.today()
    world.wait(2 * day_ms)
    await done('/api/periods', { site: 'SEA', through: today })
    expect(await get(`/api/explain/value?site=SEA&sku=BELL&on=${today}`)).toMatchObject({ figure: { value: 700 }, period: { through: today } })
    const before = await get('/api/explain/cost?site=SEA&sku=BELL&at=2026-01-01T00:00:00Z')
    expect(before).toMatchObject({ figure: { quantity: 0, value: 0, each: null, leaves: null }, rows: [], last: null })
  })
})

describe('B8: availability is explained by stock, holds and supply', async () => {
  const { world, get, done } = await shop()
  await done('/api/receipts', { site: 'SEA', lines: [{ sku: 'BELL', quantity: 4, place: 'SHELF' }] })
  const due = new Date(world.now() + 3 * day_ms).toISOString().slice(0, 10)
  const purchase = String((await done('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku: 'BELL', quantity: 10, due }] }))['id'])
  const order = String((await done('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'BELL', quantity: 6 }] }))['number'])

  test('each figure with its rows, and what can be promised day by day', async () => {
    const explained = await get(`/api/explain/availability?site=SEA&sku=BELL&on=${due}`)
    expect(explained).toMatchObject({
      figure: { sellable: 4, reserved: 4, free: 0, demand: 6, supply: 10, promisable: 8 },
      stock: [{ place: 'SHELF', quantity: 4 }],
      planned: [{ documentKind: 'purchase', document: purchase, open: 10, direction: 'supply' }, { documentKind: 'order', number: order, open: 6, held: 4 }],
      carried: { sellable: 0, reserved: 0, demand: 0, supply: 0 },
    })
    expect((explained['days'] as unknown as Row[]).at(-1)).toEqual({ due, supply: 10, demand: 6, balance: 8, promisable: 8 })
    const first = await get('/api/explain/availability?site=SEA&sku=BELL&limit=2')
    expect(first).toMatchObject({ figure: { promisable: 4 }, planned: [{ documentKind: 'purchase' }], carried: { reserved: 4, demand: 6, supply: 0 } })
    const rest = await get(`/api/explain/availability?site=SEA&sku=BELL&limit=2&cursor=${String(first['next'])}`)
    expect(rest).toMatchObject({ stock: [], planned: [{ number: order }], next: null })
  })

  test('and a promise by what was noted then and what it stands on now', async () => {
    const explained = await get(`/api/explain/promises/${order}/1`)
    expect(explained).toMatchObject({
      figure: { promised: due, told: due, estimate: due },
      events: [{ type: 'order.placed', quantity: 6, held: 4, source: 'SEA', promised: due }],
      given: [{ number: 1, promised: due, reason: 'incoming_supply', confidence: 'medium' }],
      demand: [{ kind: 'order', open: 6, held: 4, pegged: 2 }],
      pegs: [{ kind: 'purchase', document: purchase, due, quantity: 2 }],
    })
    expect(explained['says']).toContain(`Line 1 was promised for ${due}, from supply that is expected`)
  })

  test('a line that the order does not have is refused', async () => {
    expect(await get(`/api/explain/promises/${order}/7`)).toMatchObject({ code: 'line_not_known', field: 'line' })
  })
})

describe('B8: any figure of random days', async () => {
  const database = await testDatabase()

  test('is the sum of the rows that it names, and none is left out', async () => {
    const ground = await livedGround(database, 7, 40)
    const { wrong, by_kind: kinds, rows } = await checkFigures(ground, 7, 100)
    expect(wrong).toEqual([])
    expect(kinds).toEqual({ quantity: 20, availability: 20, cost: 20, promise: 20, value: 20 })
    expect(rows).toBeGreaterThan(100)
    // The recount can fail: what nobody explained is found.
    await database.owner.query(sql`update stock set quantity = quantity + 1 where serial = ''`)
    await database.owner.query(sql`update item_value set value_minor = value_minor + 1 where quantity <> 0`)
    const { wrong: found } = await checkFigures(ground, 7, 20)
    expect(new Set(found.map((one) => one.kind))).toEqual(new Set(['quantity', 'availability', 'cost', 'value']))
  })
})

describe('B6: storage and retail sites in one view, live', async () => {
  const { get, done } = await shop()

  test("a till's sale is seen at once beside what the warehouse has", async () => {
    for (const [site, quantity] of [['SEA', 50], ['SHOP', 5]] as const) await done('/api/receipts', { site, lines: [{ sku: 'BELL', quantity, place: 'SHELF' }] })
    const view = async () => ((await get('/api/items/BELL/availability'))['rows'] as unknown as Row[]).map((row) => [row['site'], row['free']])
    expect(await view()).toEqual([['SEA', 50], ['SHOP', 5]])
    await done('/api/sales', { site: 'SHOP', lines: [{ sku: 'BELL', quantity: 2 }] })
    expect(await view()).toEqual([['SEA', 50], ['SHOP', 3]])
    expect(await get('/api/explain/quantity?site=SHOP&sku=BELL&limit=1')).toMatchObject({ figure: { quantity: 3 }, rows: [{ cause: 'sale', out: 2, documentKind: 'order' }] })
  })
})

describe('B7: verify names the first row that is not as it was written', async () => {
  const { server, owner, world, done } = await shop()

  test('an edited move, by its number', async () => {
    for (let some = 1; some <= 3; some += 1) await done('/api/receipts', { site: 'SEA', lines: [{ sku: 'BELL', quantity: some, place: 'SHELF' }] })
    expect((await verify(server, { sealKey: world.sealKey })).ok).toBe(true)
    await owner.query(sql`update move set quantity = 20 where site_id = ${await world.site('SEA')} and sequence = 2`)
    const { ok, checks } = await verify(server, { sealKey: world.sealKey })
    expect(ok).toBe(false)
    expect(checks.find((one) => one.name === 'chain')?.offending).toMatchObject({ table: 'move', site: 'SEA', key: expect.stringContaining('2') as string })
  })
})
