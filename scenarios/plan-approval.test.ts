// J3: orders of a plan are placed without a person looking at each: by a rule right after a plan is done, as a caller of its own, once, whoever dies on the way; and all
// that conditions allow at a person's word, who is told which are not and why.

import { describe, expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { approveByRules } from '../server/loop/replenish-approve.ts'
import { expectVerified } from '../server/test-verify.ts'
import type { Row } from './rig/asking.ts'
import { plannedCompany } from './rig/planned-company.ts'

async function proposed() {
  const company = await plannedCompany()
  await company.trade(8)
  const rules = () => approveByRules({ database: company.server, lanes: company.world.lanes, clock: company.world.now })
  return { ...company, rules }
}

describe('a rule', () => {
  test('places what it allows as its own caller, once, and what it does not is left to people', { timeout: 180_000 }, async () => {
    const { server, owner, world, get, done, send, plan, orders, rules } = await proposed()
    await plan()
    // Without a rule nothing is placed, and one that is set later is for the next plan.
    expect(await rules()).toBe(0)
    await done('/api/approval-rules', { valueMax: 100_000_000, from: ['site'] })
    expect(await rules()).toBe(0)
    expect(await orders('SHOP')).toMatchObject([{ ordered: false }])

    await done('/api/approval-rules', { site: 'DC', valueMax: 100_000_000, suppliers: ['S1'], usualTimesMax: 2 })
    expect((await get('/api/approval-rules'))['rows']).toEqual([
      { site: null, valueMax: 100_000_000, from: ['site'], suppliers: [], usualTimesMax: null },
      { site: 'DC', valueMax: 100_000_000, from: [], suppliers: ['S1'], usualTimesMax: 2 },
    ])
    const run = await plan()
    const both = await Promise.all([rules(), rules()])
    expect(both[0] + both[1]).toBeGreaterThanOrEqual(1)
    expect(await orders('SHOP')).toMatchObject([{ ordered: true }])
    // Nothing was bought there before, so no order is a usual one.
    expect(await orders('DC')).toMatchObject([{ from: 'supplier', ordered: false }])
    // Who was killed before the run was marked finds that all is placed.
    await owner.query(sql`update plan_run set ruled_at = null where run_id = ${run}`)
    await rules()
    const [shop] = await orders('SHOP')
    expect(await owner.query(sql`select distinct document_id as id from planned_move where kind = 'transfer_in'`)).toEqual([{ id: shop!['id'] }])
    const audit = (await get('/api/audit?site=SHOP&limit=5'))['rows'] as unknown as Row[]
    expect(audit[0]).toMatchObject({ actor: 'plan rule', action: 'orderPlanned', status: 201 })

    // Nobody ends a rule that is not there.
    await done('/api/approval-rules/ending', { site: 'DC' })
    expect(await send('POST', '/api/approval-rules/ending', { site: 'DC' })).toMatchObject({ status: 404, body: { code: 'approval_rule_not_known' } })
    expect(await send('POST', '/api/approval-rules', { valueMax: 1, suppliers: ['NONE'] })).toMatchObject({ status: 422, body: { code: 'party_not_known' } })
    await expectVerified(server, world.sealKey)
  })
})

describe('all that conditions allow', () => {
  test('is ordered at a word, once, and what is not is told with its reason', { timeout: 120_000 }, async () => {
    const { server, world, send, plan, orders, done } = await proposed()
    await plan({ budget: 0 })
    const ask = (site: string, more: object = {}) => send('POST', '/api/plan/approvals', { site, valueMax: 100_000_000, ...more })
    const [shop] = await orders('SHOP')
    expect(await ask('SHOP')).toMatchObject({ status: 201, body: { ordered: [], next: null, kept: [{ id: shop!['id'], code: 'DC', why: 'budget', because: 'It is beyond the budget.' }] } })
    await plan()
    const [now] = await orders('SHOP')
    expect(await ask('SHOP', { valueMax: 1 })).toMatchObject({ body: { ordered: [], kept: [{ why: 'value', because: /more than 0.01/ }] } })
    expect(await ask('SHOP', { from: ['production'] })).toMatchObject({ body: { ordered: [], kept: [{ why: 'kind' }] } })
    const four = await Promise.all(Array.from({ length: 4 }, () => ask('SHOP', { from: ['site'] })))
    expect(four.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    const placed = four.flatMap(({ body }) => body['ordered'] as unknown as Row[]).filter((one) => one['placed'] === true)
    expect(placed).toEqual([{ id: now!['id'], placed: true }])
    expect(await ask('SHOP')).toMatchObject({ body: { ordered: [], kept: [], next: null } })
    // Somebody bought it by hand since: it is not ordered again, and one goes on after it.
    const [centre] = await orders('DC')
    await done('/api/purchases', { site: 'DC', supplier: 'S1', lines: ['TEA', 'CUP'].map((sku) => ({ sku, quantity: 100_000 })) })
    expect(await ask('DC')).toMatchObject({ body: { ordered: [{ id: centre!['id'], placed: false }], next: null } })
    expect(await ask('DC', { after: centre!['id'] })).toMatchObject({ body: { ordered: [], kept: [], next: null } })
    await expectVerified(server, world.sealKey)
  })
})
