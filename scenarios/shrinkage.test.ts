// Stories of shrinkage through the public door: every loss has a cause, a reason and evidence, and is told by cause, place of origin, item, supplier, site
// and time; what it is told by is recounted from the moves by plain SQL that shares nothing with the product.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lossPlaces } from '../core/loss.ts'
import { sql } from '../server/db.ts'
import { revalue } from '../server/revaluation.ts'
import { rollSales, shrinks } from '../server/shrinkage.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'
import { wrongRows } from './recount.ts'

const day_ms = 86_400_000

async function shop() {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'] })
  const http = await testHttp(server, world)
  const secret = await http.key('admin')
  const asking = askingAs(http, secret)
  const { done, post, get } = asking
  await done('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Dairy', kind: 'supplier' }] })
  await done('/api/items', { items: [{ sku: 'BELL', name: 'Bell', standardCost: 100, listPrice: 250, category: 'Bikes' }, { sku: 'MILK', name: 'Milk', tracking: 'lot', standardCost: 50, listPrice: 80 }] })
  await done('/api/supplier-items', { offers: [{ supplier: 'S1', sku: 'MILK', price: 50, leadTimeDays: 1 }] })
  const receive = (sku: string, quantity: number, more: object = {}, site = 'SEA') =>
    done('/api/receipts', { site, lines: [{ sku, quantity, place: 'SHELF', value: quantity * (sku === 'BELL' ? 100 : 50), ...more }] })
  const lose = (body: object) => done('/api/losses', { site: 'SEA', sku: 'BELL', quantity: 1, cause: 'lost', ...body })
  const refused = async (path: string, body: object) => (await post(path, body)).body['code']
  const report = async (query: string): Promise<Row & { rows: Row[]; total: Row; rest: Row | null }> => {
    const told: Row = await get(`/api/shrinkage?${query}`)
    return { ...told, rows: told['rows'] as Row[], total: told['total'] as Row, rest: told['rest'] as Row | null }
  }
  const listed = async (url: string): Promise<Row[]> => ((await get(url)) as Row)['rows'] as Row[]
  const at = (milliseconds: number) => new Date(world.now() + milliseconds).toISOString()
  return { server, owner, world, http, secret, ...asking, receive, lose, refused, report, listed, at }
}

const loss = { site: 'SEA', sku: 'BELL', quantity: 1, cause: 'lost' }

describe('I1 a loss is entered with its cause, in whose words and with what evidence', async () => {
  const { server, world, http, secret, get, listed, done, receive, lose, refused } = await shop()
  await receive('BELL', 20)

  test('and all of it is kept with the loss', async () => {
    const { id } = await lose({ quantity: 3, cause: 'theft_internal', note: 'Seen on the camera.', evidence: 'CAM-7/14:03' })
    const rows = await listed('/api/differences?site=SEA&cause=loss')
    expect(rows).toMatchObject([{ document: id, cause: 'theft_internal', difference: -3, value: -300, note: 'Seen on the camera.', evidence: 'CAM-7/14:03', entered: true, undone: false }])
  })

  test.each(['theft', 'theft_external', 'breakage', 'expiry', 'lost', 'administrative', 'supplier_short', 'transit', 'unexplained'])('because of %s', async (cause) => {
    expect(await lose({ cause })).toMatchObject({ cause, value: 100 })
  })

  test('what is not said rightly is refused, and moves nothing', async () => {
    const before = await get('/api/moves?site=SEA')
    expect(await refused('/api/losses', { ...loss, sku: '4006381333931' })).toBe('item_not_known')
    expect(await refused('/api/losses', { ...loss, cause: 'gremlins' })).toBe('body_not_valid')
    expect(await refused('/api/losses', { ...loss, evidence: 'x'.repeat(201) })).toBe('body_not_valid')
    expect(await refused('/api/losses', { ...loss, quantity: 0 })).toBe('quantity_not_positive')
    expect(await refused('/api/losses', { ...loss, place: 'NOWHERE' })).toBe('place_not_known')
    expect(await refused('/api/losses', { ...loss, sku: 'MILK' })).toBe('lot_missing')
    expect(await get('/api/moves?site=SEA')).toEqual(before)
  })

  test('a retry with the same key counts once', async () => {
    const headers = { 'idempotency-key': world.newId() }
    const send = () => http.call(secret, 'POST', '/api/losses', loss, headers)
    const [first, second] = [await send(), await send()]
    expect([first.status, second.body]).toEqual([201, first.body])
    const [row] = await server.query<{ count: number }>(sql`select count(*) as count from loss where document_id = ${String((first.body as Row)['id'])}`)
    expect(row!.count).toBe(1)
  })

  test('and is undone once, at what it was worth, by a move the other way', async () => {
    const { id } = await lose({ quantity: 2, cause: 'administrative' })
    expect(await done(`/api/losses/${String(id)}/reversal`, { site: 'SEA', note: 'It was the other shelf.' })).toMatchObject({ loss: id, quantity: 2, value: 200 })
    expect(await refused(`/api/losses/${String(id)}/reversal`, { site: 'SEA' })).toBe('loss_undone')
    expect(await refused(`/api/losses/${world.newId()}/reversal`, { site: 'SEA' })).toBe('loss_not_known')
    expect(await refused(`/api/losses/${String(id)}/reversal`, { site: 'PDX' })).toBe('loss_not_known')
    const rows = await listed('/api/shrinkage/moves?site=SEA&cause=administrative&limit=2')
    expect(rows).toMatchObject([{ difference: 2, value: 200, entered: false, note: 'It was the other shelf.' }, { difference: -2, document: id, undone: true }])
    await expectVerified(server, world.sealKey)
  })
})

describe('I1 more is lost than is recorded', async () => {
  const { server, world, listed, done, receive, lose, refused } = await shop()
  await receive('BELL', 5)
  const order = await done('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'BELL', quantity: 4 }] })

  test('and the record goes below zero, with an exception that says so and holds that are shorted', async () => {
    const id = String((await lose({ quantity: 8, cause: 'theft_external' }))['id'])
    const rows = await listed('/api/exceptions?site=SEA')
    expect(rows.map((row) => [row['kind'], row['document'] === id, row['quantity']]).toSorted((a, b) => String(a[0]).localeCompare(String(b[0])))).toEqual([['hold_shorted', false, 4], ['negative_stock', true, 3]])
    expect(rows.find((row) => row['kind'] === 'negative_stock')!['detail']).toBe('8 were lost where 5 were recorded: the record is -3 there. Count what is there, or undo the loss.')
    expect(await listed('/api/availability?site=SEA&sku=BELL')).toMatchObject([{ sellable: -3, reserved: 0 }])
    await done(`/api/losses/${id}/reversal`, { site: 'SEA' })
    expect(await listed('/api/availability?site=SEA&sku=BELL')).toMatchObject([{ sellable: 5, reserved: 4 }])
    expect(order['number']).toBeDefined()
    expect(await wrongRows(server)).toEqual([])
    await expectVerified(server, world.sealKey)
  })

  test('but not of a supplier\'s goods, of which there are as many as he left', async () => {
    expect(await refused('/api/losses', { ...loss, owner: 'S1', quantity: 1 })).toBe('not_enough_stock')
  })
})

describe('I1 a lot expires', async () => {
  const { world, listed, receive, lose, report, at, refused, server } = await shop()
  const soon = new Date(world.now() + day_ms).toISOString().slice(0, 10)
  await receive('MILK', 10, { lot: 'L1', expiresOn: soon })
  const before = at(0)
  world.wait(day_ms)

  test('and is written off from where it stands as expired, whatever the scanner says', async () => {
    expect(await lose({ sku: 'MILK', lot: 'L1', quantity: 4, cause: 'expiry' })).toMatchObject({ condition: 'expired', recorded: 10, origin: 'expiry', value: 200 })
    const rows = await listed('/api/stock?site=SEA&sku=MILK')
    expect(rows).toMatchObject([{ condition: 'expired', quantity: 6 }])
  })

  test('and a clock that is a day wrong: the future is refused, a late loss lands on its day', async () => {
    expect(await refused('/api/losses', { ...loss, lostAt: at(day_ms) })).toBe('happened_in_future')
    await lose({ sku: 'MILK', lot: 'L1', quantity: 1, cause: 'breakage', lostAt: before })
    const { rows } = await report('site=SEA&by=day')
    expect(rows.map((row) => [row['key'], row['units']])).toEqual([[before.slice(0, 10), 1], [at(0).slice(0, 10), 4]])
    await expectVerified(server, world.sealKey)
  })
})

describe('I6 shrinkage is told by where it enters and by what it costs', async () => {
  const { server, world, listed, done, receive, lose, report } = await shop()
  await receive('BELL', 100)
  await receive('MILK', 100, { lot: 'L1' })
  await receive('BELL', 100, {}, 'PDX')
  await done('/api/sales', { site: 'SEA', lines: [{ sku: 'BELL', quantity: 10 }, { sku: 'MILK', quantity: 10, lot: 'L1' }] })
  await rollSales(server)
  await done('/api/sales', { site: 'SEA', lines: [{ sku: 'BELL', quantity: 2 }] })
  await lose({ quantity: 2, cause: 'theft_external' })
  await lose({ quantity: 1, cause: 'lost', origin: 'till' })
  await lose({ sku: 'MILK', lot: 'L1', quantity: 5, cause: 'supplier_short', note: 'Carton of 5 was empty.' })
  await done('/api/counts', { site: 'SEA', sku: 'BELL', counted: 81 })
  await done('/api/counts', { site: 'SEA', sku: 'MILK', lot: 'L1', counted: 86 })
  await lose({ site: 'PDX', quantity: 7, cause: 'breakage' })

  test('by cause, with what counts found apart from what has a cause', async () => {
    const { rows, total } = await report('site=SEA')
    expect(rows.map((row) => [row['key'], row['units'], row['value'], row['knownUnits'], row['unexplainedUnits'], row['percentOfSales']])).toEqual([
      ['unexplained',    4, 400, 0,  4, 10.53],
      ['supplier_short', 5, 250, 5,  0, 6.58],
      ['theft_external', 2, 200, 2,  0, 5.26],
      ['lost',           1, 100, 1,  0, 2.63],
      ['found',         -1, -50, 0, -1, -1.32],
    ])
    // 12 bells and 10 bottles were sold, two of the bells after sales were rolled up last.
    expect(total).toMatchObject({ units: 11, value: 900, knownValue: 550, unexplainedValue: 350, sales: 3_800, percentOfSales: 23.68 })
  })

  test('by where it was lost, by item, supplier and site', async () => {
    const told = async (query: string) => (await report(query)).rows.map((row) => [row['key'], row['units'], row['value'], row['sales']])
    expect(await told('site=SEA&by=origin')).toEqual([['floor', 5, 550, 3_800], ['supplier', 5, 250, 3_800], ['till', 1, 100, 3_800]])
    expect(await told('site=SEA&by=item')).toEqual([['BELL', 7, 700, 3_000], ['MILK', 4, 200, 800]])
    expect(await told('site=SEA&by=supplier')).toEqual([['', 7, 700, 3_000], ['S1', 4, 200, 800]])
    expect(await told('site=SEA&by=category')).toEqual([['Bikes', 7, 700, 3_000], ['', 4, 200, 800]])
    expect(await told('site=SEA&by=cause&category=')).toEqual([['supplier_short', 5, 250, 800], ['found', -1, -50, 800]])
    expect(await told('site=SEA&by=supplier&category=Bikes')).toEqual([['', 7, 700, 3_000]])
    expect(await told('site=SEA&by=item&category=Cars')).toEqual([])
    expect(await told('by=site')).toEqual([['SEA', 11, 900, 3_800], ['PDX', 7, 700, 0]])
    const one = await report('site=SEA&by=item&limit=1')
    expect([one.rows.length, one.rest]).toMatchObject([1, { rows: 1, units: 4, value: 200, sales: 800, percentOfSales: 25 }])
  })

  test('an item is of another category from now on, and so is what was lost of it before', async () => {
    expect(await listed('/api/items?category=Bikes')).toMatchObject([{ sku: 'BELL', category: 'Bikes' }])
    expect(await listed('/api/items?category=')).toMatchObject([{ sku: 'MILK', category: null }])
    await done('/api/items/MILK/category', { category: 'Dairy' })
    expect(await listed('/api/item-categories')).toEqual([{ category: 'Bikes', items: 1 }, { category: 'Dairy', items: 1 }])
    const told = await report('site=SEA&by=category')
    expect(told.rows.map((row) => [row['key'], row['units'], row['value']])).toEqual([['Bikes', 7, 700], ['Dairy', 4, 200]])
    expect(told.total).toMatchObject({ units: 11, value: 900, sales: 3_800 })
    await done('/api/items/MILK/category', { category: null })
    expect(await listed('/api/item-categories')).toEqual([{ category: 'Bikes', items: 1 }])
  })

  test('nothing sold is no per cent, and a time that ends before it begins is none', async () => {
    expect((await report('site=PDX')).total).toMatchObject({ value: 700, sales: 0, percentOfSales: null })
    expect(await report('site=SEA&from=2026-02-02&to=2026-02-01')).toMatchObject({ code: 'date_not_valid' })
    expect((await report('site=SEA&from=2020-01-01&to=2020-01-02')).rows).toEqual([])
    expect(await report('site=NOPE')).toMatchObject({ code: 'site_not_known' })
  })

  test('each row leads to its moves, and they come to it', async () => {
    for (const filter of ['cause=unexplained', 'origin=floor', 'sku=MILK', 'supplier=S1', 'supplier=', 'category=Bikes', 'category=', '']) {
      const rows = await listed(`/api/shrinkage/moves?site=SEA&${filter}`)
      const units = rows.reduce((sum, row) => sum - Number(row['difference']), 0)
      expect([filter, units]).toEqual([filter, { 'cause=unexplained': 4, 'origin=floor': 5, 'sku=MILK': 4, 'supplier=S1': 4, 'supplier=': 7, 'category=Bikes': 7, 'category=': 4, '': 11 }[filter]])
    }
  })

  test('what is told late of the cost of lost goods is in the value, and said apart', async () => {
    const id = String((await receive('BELL', 10, { value: 1_000 }, 'PDX'))['id'])
    world.wait(60_000)
    await lose({ site: 'PDX', quantity: 103, cause: 'lost' })
    await done('/api/costs', { site: 'PDX', document: id, kind: 'freight', amount: 500 })
    await revalue(world.lanes)
    const { total } = await report('site=PDX')
    expect(total['corrected']).toBeGreaterThan(0)
    expect(total['value']).toBe(await ledgerValue(server, await world.site('PDX')))
    await expectVerified(server, world.sealKey)
  })
})

/** What the loss places of a site hold, recounted from the ledger alone. */
async function ledgerValue(server: Awaited<ReturnType<typeof shop>>['server'], site: number): Promise<number> {
  const [row] = await server.query<{ value: string }>(sql`
    select (
      select coalesce(sum(case when to_place_id in (6, 7, 8, 9, 10, 14, 15, 16, 17, 18) then value_minor else 0 end), 0)
        - coalesce(sum(case when from_place_id in (6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18) then value_minor else 0 end), 0)
      from move where site_id = ${site})
      - (select coalesce(sum(amount_minor), 0) from value_correction where site_id = ${site} and place_id in (6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18)) as value`)
  return Number(row!.value)
}

describe('I1 whatever is lost, found, undone, sold and rolled up', async () => {
  const { server, world, done, post, report } = await shop()
  await done('/api/receipts', { site: 'SEA', lines: [{ sku: 'BELL', quantity: 500, place: 'SHELF', value: 51_234 }] })
  const site = await world.site('SEA')
  const step = fc.tuple(fc.constantFrom('lose', 'lose', 'undo', 'count', 'sell', 'receive', 'roll', 'wait'), fc.integer({ min: 1, max: 9 }))

  test('its sums are the ledger\'s, by any grouping', async () => {
    const losses: string[] = []
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
        for (const [what, some] of steps) {
          if (what === 'lose') losses.push(String((await done('/api/losses', { ...loss, quantity: some, cause: ['theft', 'breakage', 'administrative', 'transit'][some % 4] }))['id']))
          if (what === 'undo' && losses.length > 0) await post(`/api/losses/${losses[some % losses.length]!}/reversal`, { site: 'SEA' })
          if (what === 'count') await done('/api/counts', { site: 'SEA', sku: 'BELL', counted: 400 + some })
          if (what === 'sell') await done('/api/sales', { site: 'SEA', lines: [{ sku: 'BELL', quantity: some }] })
          if (what === 'receive') await done('/api/receipts', { site: 'SEA', lines: [{ sku: 'BELL', quantity: some, place: 'SHELF', value: some * 97 }] })
          if (what === 'roll') await rollSales(server, some)
          if (what === 'wait') world.wait(day_ms / 4)
        }
        const [sold] = await server.query<{ sales: string }>(sql`
          select coalesce(sum(m.quantity * l.unit_price_minor), 0)::text as sales from move m
          join order_line l on l.site_id = m.site_id and l.order_id = m.document_id and l.line = m.line where m.site_id = ${site} and m.cause = 'sale'`)
        const value = await ledgerValue(server, site)
        for (const by of ['cause', 'origin', 'item', 'category', 'supplier', 'site', 'day', 'week', 'month']) {
          const { rows, rest, total } = await report(`site=SEA&by=${by}&from=2020-01-01&to=2030-01-01`)
          expect([by, total['value'], total['sales']]).toEqual([by, value, Number(sold!.sales)])
          expect(rows.reduce((sum, row) => sum + Number(row['value']), 0)).toBe(value)
          expect(rest).toBeNull()
        }
      }),
      { numRuns: 12 },
    )
    await expectVerified(server, world.sealKey)
  })

  test('it is read by the index of such moves, whose words are those of the code', async () => {
    const plan = await server.query<{ 'QUERY PLAN': string }>(sql`
      explain select count(*) from move m where m.site_id = ${site} and m.occurred_at > '2026-01-01' and ${shrinks}`)
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('move_shrinkage')
    expect(lossPlaces.toSorted((a, b) => a - b)).toEqual([6, 7, 8, 9, 10, 14, 15, 16, 17, 18])
  })
})
