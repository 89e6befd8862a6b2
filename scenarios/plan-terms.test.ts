// J3: what suppliers and sites ask of an order: below the least it is raised by what is needed next, or waits and says so; a load that is nearly full is filled.

import { describe, expect, test } from 'vitest'
import { addDays } from '../core/calendar.ts'
import { sql } from '../server/db.ts'
import { expectVerified } from '../server/test-verify.ts'
import type { Row } from './rig/asking.ts'
import { plannedCompany, type Planned } from './rig/planned-company.ts'

const WEEKS = 20
type Line = Row & Planned['line']

async function traded() {
  const company = await plannedCompany()
  await company.trade(WEEKS)
  const terms = (more: object) => company.done('/api/source-terms', { terms: [{ from: 'supplier', code: 'S1', ...more }] })
  const one = async (site: string) => {
    const [order] = await company.orders(site)
    return { order: order!, lines: (await company.get(`/api/plan/orders/${String(order!['id'])}?site=${site}`))['rows'] as unknown as Line[] }
  }
  return { ...company, terms, one }
}

describe('a least order', () => {
  test('is reached by what is needed next in packs, or waits and says so, and is ordered whole', { timeout: 180_000 }, async () => {
    const { server, world, get, plan, send, terms, one, orders } = await traded()
    await plan()
    const before = await one('DC')
    const worth = Number(before.order['value'])
    expect(before.order).toMatchObject({ waits: false, joined: null })

    await terms({ least: worth + 20_000 })
    await plan()
    const after = await one('DC')
    expect(after.order).toMatchObject({ waits: false, withinBudget: true })
    expect(Number(after.order['value'])).toBeGreaterThanOrEqual(worth + 20_000)
    expect(after.order['joined']).toMatch(/^Raised from [\d.]+ to [\d.]+ by what is needed next, for the least order of /)
    const sum = after.lines.reduce((total, line) => total + Number(line['value']), 0)
    expect(sum).toBe(after.order['value'])
    const lasts: string[] = []
    for (const line of after.lines) {
      const { joined } = line.basis as unknown as { joined?: { from: number; lasts: number } }
      expect(line.quantity % 10).toBe(0)
      if (joined === undefined) continue
      expect(line.quantity).toBeGreaterThan(joined.from)
      const until = addDays(line.basis.today as never, Math.round(joined.lasts))
      expect(line['because']).toContain(`Raised for the least order: ${line.quantity}, which lasts until about ${until}.`)
      lasts.push(until)
    }
    expect(lasts.length).toBeGreaterThan(0)

    // More than may be brought forward: it waits as proposed, in nobody's sum, and a person may order it all the same.
    await terms({ least: 100_000_000 })
    await plan({ budget: 1_000_000 })
    const waiting = await one('DC')
    expect(waiting.order).toMatchObject({ waits: true, value: worth, withinBudget: true })
    expect(waiting.order['joined']).toMatch(/^Waits for the least order of 1000000.00: [\d.]+ so far/)
    expect(await get('/api/plan')).toMatchObject({ waiting: 1, orders: 1 })
    expect(await send('POST', `/api/plan/orders/${String(waiting.order['id'])}/approval`, { site: 'DC' })).toMatchObject({ status: 201, body: { placed: true } })
    expect(await orders('DC')).toMatchObject([{ ordered: true }])
    await expectVerified(server, world.sealKey)
  })

  test('and a load of a site of ours are asked by site and supplier, and unknown ones refused', { timeout: 120_000 }, async () => {
    const { plan, send, one, done, get, owner } = await traded()
    await plan()
    const pieces = (await one('SHOP')).lines.reduce((total, line) => total + line.quantity, 0)
    await done('/api/source-terms', { terms: [{ from: 'site', code: 'DC', loadUnits: pieces + 2 }] })
    await plan()
    const { order, lines } = await one('SHOP')
    expect(lines.reduce((total, line) => total + line.quantity, 0)).toBe(pieces + 2)
    expect(order['joined']).toMatch(/to fill 1 load with what is needed next/)
    expect(await get('/api/source-terms')).toMatchObject({ rows: [{ from: 'site', code: 'DC', least: 0, loadUnits: pieces + 2, loadWeight: null }] })
    for (const [wrong, code, status] of [
      [{ from: 'supplier', code: 'C1' }, 'party_not_known', 422],
      [{ from: 'site', code: 'NONE' }, 'site_not_known', 404],
      [{ from: 'site', code: 'DC', loadUnits: 0 }, 'body_not_valid', 422],
      [{ from: 'supplier', code: 'S1', least: -1 }, 'body_not_valid', 422],
    ] as const)
      expect(await send('POST', '/api/source-terms', { terms: [wrong] })).toMatchObject({ status, body: { code } })
    expect(await owner.query(sql`select type from outbox where type = 'planning.source_terms_set'`)).toHaveLength(1)
  })
})
