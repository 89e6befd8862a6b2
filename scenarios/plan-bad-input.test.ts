// J3: bad input to a plan: what cannot be planned is bounded or says why, and the plan of all else goes on.

import { expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { idSource } from '../server/ids.ts'
import { workOnPlan } from '../server/loop/replenish-run.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'
import { plannedCompany } from './rig/planned-company.ts'

test('a company without items has a plan that proposes nothing', { timeout: 60_000 }, async () => {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['ONE'], items: {} })
  const http = await testHttp(server, world)
  const { get, done } = askingAs(http, await http.key('admin'))
  const { id } = await done('/api/plan/runs', {})
  expect(await workOnPlan({ database: server, clock: world.now, newId: idSource(world.now) }, String(id))).toBe(true)
  expect(await get('/api/plan')).toMatchObject({ plan: { id }, running: null, orders: 0, waiting: 0, value: 0, risk: 0, messages: 0 })
  expect((await get('/api/plan/orders?site=ONE'))['rows']).toEqual([])
})

test('nobody who supplies, a price of nothing, more that came back than went: each says so, and the others are planned', { timeout: 120_000 }, async () => {
  const { owner, done, trade, plan, orders, itemPlan, get } = await plannedCompany()
  await done('/api/items', { items: ['ORPHAN', 'FREE', 'BACK'].map((sku) => ({ sku, name: sku, standardCost: 0 })) })
  await done('/api/supplier-items', { offers: ['FREE', 'BACK'].map((sku) => ({ supplier: 'S1', sku, price: 0, leadTimeDays: 7 })) })
  await done('/api/receipts', { site: 'DC', lines: ['ORPHAN', 'FREE', 'BACK'].map((sku) => ({ sku, quantity: 24, place: 'SHELF' })) })
  for (let week = 0; week < 6; week += 1) {
    await done('/api/sales', { site: 'DC', lines: ['ORPHAN', 'FREE'].map((sku) => ({ sku, quantity: 4 })) })
    await trade(1)
  }
  const sold = sql`
    insert into sales_day (site_id, item_id, sold_on, units)
    select s.site_id, i.item_id, d.sold_on, -9 from site s, item i, (select distinct sold_on from sales_day) d where s.code = 'DC' and i.sku = 'BACK'`
  await owner.execute(sold)
  await plan()

  const orphan = (await itemPlan('ORPHAN', 'DC')).line as unknown as Row
  expect(orphan).toMatchObject({ quantity: 0, from: 'none', order: null })
  expect(orphan['because']).toMatch(/ are short, and nobody is known who supplies them\.$/)
  const free = (await itemPlan('FREE', 'DC')).line as unknown as Row
  expect(free).toMatchObject({ from: 'supplier', value: 0, risk: 0 })
  expect(free['quantity']).toBeGreaterThan(0)
  const back = await itemPlan('BACK', 'DC')
  expect(back.line).toMatchObject({ quantity: 0, basis: { forecast: 0, short: 0 } })
  expect(back.history.every((units) => units >= 0)).toBe(true)
  const [order] = await orders('DC')
  const skus = ((await get(`/api/plan/orders/${String(order!['id'])}?site=DC`))['rows'] as unknown as Row[]).map((row) => row['sku'])
  expect(skus).toContain('FREE')
  expect((await itemPlan('TEA', 'SHOP')).line.quantity).toBeGreaterThan(0)

  // What costs nothing fits into any budget, and never makes a least order.
  await done('/api/supplier-items', { offers: ['TEA', 'CUP'].map((sku) => ({ supplier: 'S1', sku, price: 0, leadTimeDays: 7 })) })
  await plan({ budget: 0 })
  expect(await orders('DC')).toMatchObject([{ value: 0, waits: false, joined: null, withinBudget: true }])
  await done('/api/source-terms', { terms: [{ from: 'supplier', code: 'S1', least: 100 }] })
  await plan()
  expect(await orders('DC')).toMatchObject([{ value: 0, waits: true, joined: expect.stringContaining('what may be bought early does not make it') as string }])
})

test('a circle in the network is refused, and one that stood in the database all the same ends no run', { timeout: 120_000 }, async () => {
  const { owner, send, trade, plan, orders } = await plannedCompany()
  await trade(4)
  const back = { site: 'DC', source: 'buy', from: 'SHOP', transferDays: 1 }
  expect(await send('POST', '/api/site-sources', { sources: [back] })).toMatchObject({ status: 422, body: { code: 'source_cyclic' } })
  expect(await send('POST', '/api/bills', { lines: [{ parent: 'CUP', component: 'GIFT', quantity: 1, validFrom: '2000-01-01' }] })).toMatchObject({ status: 422, body: { code: 'bill_cyclic' } })
  await owner.execute(sql`
    insert into site_source (site_id, item_source, from_site_id, transfer_days)
    select a.site_id, 'buy', b.site_id, 1 from site a, site b where a.code = 'DC' and b.code = 'SHOP'`)
  await plan()
  for (const site of ['SHOP', 'DC'])
    for (const row of await orders(site)) expect(Number.isSafeInteger(row['value'])).toBe(true)
  const [lines] = await owner.query<{ lines: number; twice: number }>(sql`
    select count(*)::int as lines, (count(*) - count(distinct (site_id, item_id)))::int as twice from plan_line`)
  expect([lines!.lines > 0, lines!.twice]).toEqual([true, 0])
})
