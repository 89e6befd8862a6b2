// J1 to J3: what customers took week by week becomes a forecast, that and what is there become proposals with their reasons, and what is approved is ordered once,
// whoever plans, approves or dies meanwhile.

import { describe, expect, test } from 'vitest'
import { day_ms } from '../core/calendar.ts'
import { sql } from '../server/db.ts'
import { workOnPlan } from '../server/loop/replenish-run.ts'
import { expectVerified } from '../server/test-verify.ts'
import type { Row } from './rig/asking.ts'
import { plannedCompany as company, type Planned } from './rig/planned-company.ts'

const WEEKS = 20

describe('J1: demand is forecast from the ledger', () => {
  test('week by week, adjusted by people, who are measured', { timeout: 120_000 }, async () => {
    const { world, get, done, send, trade, plan, itemPlan } = await company()
    await trade(WEEKS)
    await plan()
    const before = await itemPlan('TEA', 'SHOP')
    expect(before.history.length).toBeGreaterThanOrEqual(WEEKS - 1)
    const weekly = before.history.reduce((sum, units) => sum + units, 0) / before.history.length
    for (const { mean, low, high } of before.forecast) {
      expect(Math.abs(mean - weekly)).toBeLessThan(6)
      expect([low <= mean, mean <= high]).toEqual([true, true])
    }
    const day = (ahead: number): string => new Date(world.now() + ahead * day_ms).toISOString().slice(0, 10)
    const adjustment = { site: 'SHOP', sku: 'TEA', from: day(1), to: day(14), percent: 50, reason: 'Promotion' }
    const made = await done('/api/forecast-adjustments', adjustment)
    expect(Number(made['adjustedUnits'])).toBeCloseTo(1.5 * Number(made['forecastUnits']), 6)
    await plan()
    const after = await itemPlan('TEA', 'SHOP')
    // Two days of lead time and seven until the next order: all of them in the promotion.
    expect(after.line.basis['forecast']! / before.line.basis['forecast']!).toBeCloseTo(1.5, 6)
    expect(after.line.quantity).toBeGreaterThan(before.line.quantity)

    for (const [wrong, code, field] of [
      [{ percent: -200 }, 'body_not_valid', 'percent'],
      [{ percent: 0 }, 'body_not_valid', 'percent'],
      [{ from: day(9), to: day(3) }, 'date_not_valid', 'from'],
      [{ from: day(-9), to: day(-3) }, 'date_not_valid', 'to'],
      [{ to: day(5_000) }, 'date_not_valid', 'to'],
      [{ sku: 'NONE' }, 'item_not_known', 'sku'],
    ] as const) {
      const { status, body } = await send('POST', '/api/forecast-adjustments', { ...adjustment, ...wrong })
      expect([status, body['code']], JSON.stringify(wrong)).toEqual([422, code])
      expect(JSON.stringify(body)).toContain(field)
    }

    world.wait(15 * day_ms)
    await plan()
    const told = await get('/api/forecast-adjustments?site=SHOP')
    // Nobody bought any, so more was forecast by half, and the adjuster made it worse by just that.
    expect((told['rows'] as unknown as Row[])[0]).toMatchObject({ percent: 50, sold: 0, undoneAt: null })
    const [{ valueAdded }] = told['rows'] as unknown as [{ valueAdded: number }]
    expect(valueAdded).toBeCloseTo(-0.5 * Number(made['forecastUnits']), 6)
    expect(told['byAdjuster']).toMatchObject([{ adjustments: 1, nearer: 0, valueAdded }])
    await done(`/api/forecast-adjustments/${String(made['id'])}/reversal`, { site: 'SHOP' })
    expect((await get('/api/forecast-adjustments?site=SHOP'))['byAdjuster']).toEqual([])
    expect(await send('POST', `/api/forecast-adjustments/${crypto.randomUUID()}/reversal`, { site: 'SHOP' })).toMatchObject({ status: 404, body: { code: 'adjustment_not_known' } })
  })
})

describe('J2, J3: one plan', () => {
  test('says what to buy, make and move with every figure, and each order is placed once', { timeout: 180_000 }, async () => {
    const { server, world, get, done, send, trade, plan, orders, itemPlan } = await company()
    await trade(WEEKS)
    expect(await get('/api/plan')).toMatchObject({ plan: null, running: null, orders: 0 })
    await plan()

    const [shop, centre] = [await orders('SHOP'), await orders('DC')]
    expect(shop).toMatchObject([{ from: 'site', code: 'DC', ordered: false, withinBudget: true }])
    expect(centre).toMatchObject([{ from: 'supplier', code: 'S1' }])
    const order = await get(`/api/plan/orders/${String(shop[0]!['id'])}?site=SHOP`)
    const lines = order['rows'] as unknown as (Row & Planned['line'])[]
    expect(new Set(lines.map((line) => line['sku']))).toEqual(new Set(['CUP', 'TEA']))
    for (const { quantity, basis, because } of lines) {
      const position = basis['supply']! + basis.behind['position']! - basis['overdue']! - basis['booked']!
      expect(basis['short']).toBe(Math.ceil(basis['orderUpTo']! - basis['countsAs']! - Math.round(position)))
      expect(quantity).toBe(basis['short'])
      expect(because).toContain(`${quantity} are short.`)
    }
    // The warehouse plans by what the shop has too, and not by what the shop asks for.
    const tea = (await itemPlan('TEA', 'DC')).line
    expect(tea.basis.behind['perDay']).toBeGreaterThan(1)
    expect(tea.quantity % 10).toBe(0)
    expect(tea.quantity === 0 || tea.quantity >= 20).toBe(true)

    const approve = (id: unknown, site: string, body: object = {}) => send('POST', `/api/plan/orders/${String(id)}/approval`, { site, ...body })
    const approved = await approve(shop[0]!['id'], 'SHOP')
    expect(approved).toMatchObject({ status: 201, body: { placed: true } })
    expect(await approve(shop[0]!['id'], 'SHOP')).toMatchObject({ status: 409, body: { code: 'plan_order_approved' } })
    expect(await orders('SHOP')).toMatchObject([{ ordered: true }])
    // Somebody buys by hand what the plan proposes too: what is approved afterwards is so many fewer.
    const proposed = (await get(`/api/plan/orders/${String(centre[0]!['id'])}?site=DC`))['rows'] as unknown as (Row & Planned['line'])[]
    await done('/api/purchases', { site: 'DC', supplier: 'S1', lines: proposed.map((line) => ({ sku: line['sku'], quantity: line.quantity })) })
    const late = await approve(centre[0]!['id'], 'DC')
    expect(late).toMatchObject({ status: 201, body: { placed: false, lines: proposed.map(() => ({ ordered: 0 })) } })
    await plan()
    expect([await orders('SHOP'), await orders('DC')]).toEqual([[], []])
    expect(await approve(shop[0]!['id'], 'SHOP')).toMatchObject({ status: 404, body: { code: 'plan_order_not_known' } })
    await expectVerified(server, world.sealKey)
  })

  test('makes what is sold of parts, and buys parts for what is made', { timeout: 120_000 }, async () => {
    const { done, trade, plan, orders, itemPlan, send } = await company()
    await trade(4)
    for (let some = 0; some < 4; some += 1) await done('/api/sales', { site: 'SHOP', lines: [{ sku: 'GIFT', quantity: 1 }] })
    await trade(2)
    await plan()
    const gift = (await itemPlan('GIFT', 'SHOP')).line
    expect(gift.quantity).toBeGreaterThanOrEqual(0)
    const atCentre = (await itemPlan('GIFT', 'DC')).line
    expect(atCentre.basis.behind['perDay']).toBeGreaterThan(0)
    const cups = (await itemPlan('CUP', 'DC')).line
    const behind = (await itemPlan('CUP', 'SHOP')).line
    // What the shop sells of cups, and twice what everybody wants of gifts.
    expect(cups.basis.behind['perDay']).toBeCloseTo(behind.basis['forecast']! / 9 + 2 * atCentre.basis.behind['perDay']!, 1)
    for (const one of (await orders('DC')).filter((row) => row['from'] === 'production')) {
      expect(await send('POST', `/api/plan/orders/${String(one['id'])}/approval`, { site: 'DC' })).toMatchObject({ status: 201, body: { placed: true } })
    }
  })

  test('goes on after a worker died, with two at once, and can be cancelled', { timeout: 120_000 }, async () => {
    const { server, owner, done, send, trade, options, orders, get } = await company()
    await trade(6)
    const { id } = await done('/api/plan/runs', {})
    expect(await send('POST', '/api/plan/runs', {})).toMatchObject({ status: 409, body: { code: 'plan_running' } })
    const stopping = new AbortController()
    // The first worker dies after a part, as if killed: what it did stands, what it did not is left.
    expect(await workOnPlan({ ...options, signal: stopping.signal, onPart: () => stopping.abort() }, String(id))).toBe(false)
    expect(await get('/api/plan')).toMatchObject({ plan: null, running: { id, done: 1 } })
    const both = await Promise.all([workOnPlan(options, String(id)), workOnPlan(options, String(id))])
    expect(both.filter(Boolean)).toEqual([true])
    const lines = await owner.query<{ twice: number; lines: number }>(sql`
      select count(*)::int as lines, (count(*) - count(distinct (site_id, item_id)))::int as twice from plan_line`)
    expect(lines).toMatchObject([{ twice: 0 }])
    const planned = await orders('SHOP')
    const next = await done('/api/plan/runs', {})
    await done(`/api/plan/runs/${String(next['id'])}/cancellation`, {})
    expect(await workOnPlan(options, String(next['id']))).toBe(false)
    expect(await orders('SHOP')).toEqual(planned)
    expect(await server.query(sql`select 1 as one from plan_line where run_id = ${String(next['id'])}`)).toEqual([])
    expect(await send('POST', `/api/plan/runs/${String(id)}/cancellation`, {})).toMatchObject({ status: 409, body: { code: 'plan_done' } })
    expect(await send('POST', `/api/plan/runs/${crypto.randomUUID()}/cancellation`, {})).toMatchObject({ status: 404, body: { code: 'plan_not_known' } })
  })

  test('spends no more than there is, where the most is at risk first; approvals at once order once', { timeout: 120_000 }, async () => {
    const { trade, plan, orders, send, owner, done } = await company()
    await trade(WEEKS)
    await plan({ budget: 0 })
    expect(await orders('SHOP')).toMatchObject([{ withinBudget: false }])
    const rule = { serviceLevel: 0.8, reviewDays: 3, stock: 'record' }
    await plan()
    const [first] = await orders('SHOP')
    await done('/api/planning-rules', { site: 'SHOP', ...rule })
    await plan()
    const [second] = await orders('SHOP')
    expect(Number(second!['value'])).toBeLessThan(Number(first!['value']))
    const tries = await Promise.all(Array.from({ length: 8 }, () => send('POST', `/api/plan/orders/${String(second!['id'])}/approval`, { site: 'SHOP' })))
    expect([201, 409].map((status) => tries.filter((one) => one.status === status).length)).toEqual([1, 7])
    const placed = await owner.query(sql`select distinct document_id from planned_move where kind = 'transfer_in'`)
    expect(placed).toHaveLength(1)
  })
})
