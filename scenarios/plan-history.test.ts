// J1: what was sold while there was nothing to sell is not taken for what is wanted, and a busy Saturday is ordered for before it comes.

import { describe, expect, test } from 'vitest'
import { dayOf, day_ms, startOf } from '../core/calendar.ts'
import { idSource } from '../server/ids.ts'
import { lookAtBeliefs } from '../server/loop/belief.ts'
import { workOnPlan } from '../server/loop/replenish-run.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs } from './rig/asking.ts'

const WEEKS = 32
const SATURDAY = 6

interface Planned {
  readonly history: readonly number[]
  readonly emptyDays: readonly number[]
  readonly weekdays: readonly number[]
  readonly forecast: readonly { readonly mean: number }[]
  readonly line: { readonly basis: { readonly forecast: number } } | null
}

async function shop() {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SHOP'], items: { TEA: 1, CUP: 1 } })
  const http = await testHttp(server, world)
  const { get, done } = askingAs(http, await http.key('admin'))
  /** One of each a day, on Saturdays four; of tea there is only enough for three weeks of four, of cups always. */
  for (let week = 0; week < WEEKS; week += 1) {
    if (week % 4 === 0) await done('/api/receipts', { site: 'SHOP', lines: [{ sku: 'TEA', quantity: 20, place: 'SHELF' }, { sku: 'CUP', quantity: 40, place: 'SHELF' }] })
    for (let day = 0; day < 7; day += 1) {
      const quantity = new Date(world.now()).getUTCDay() === SATURDAY ? 4 : 1
      const lines = [{ sku: 'CUP', quantity }, ...(week % 4 < 2 ? [{ sku: 'TEA', quantity }] : [])]
      await done('/api/sales', { site: 'SHOP', lines })
      world.wait(day_ms)
    }
  }
  await lookAtBeliefs({ database: server, clock: world.now })
  const { id } = await done('/api/plan/runs', {})
  await workOnPlan({ database: server, clock: world.now, newId: idSource(world.now) }, String(id))
  return { owner, world, get, itemPlan: async (sku: string) => (await get(`/api/items/${sku}/plan?site=SHOP`)) as unknown as Planned }
}

describe('J1: demand behind an empty shelf', () => {
  test('is forecast as if there had always been some, by the days of the week', { timeout: 180_000 }, async () => {
    const { owner, world, itemPlan } = await shop()
    const [tea, cup] = [await itemPlan('TEA'), await itemPlan('CUP')]
    const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length
    // Half of the weeks sold ten, half of them none: five on average, but ten are wanted, as of the other.
    expect(mean(tea.history)).toBeLessThan(6)
    expect(mean(tea.forecast.map((week) => week.mean))).toBeGreaterThan(8)
    expect(mean(tea.forecast.map((week) => week.mean))).toBeLessThan(12)
    expect(mean(cup.forecast.map((week) => week.mean))).toBeCloseTo(10, 0)
    const empty = tea.emptyDays.reduce((sum, days) => sum + days, 0)
    expect(empty).toBeGreaterThan((WEEKS / 2 - 4) * 7)
    expect(empty).toBeLessThan((WEEKS / 2) * 7 + WEEKS / 4)
    expect(cup.emptyDays.every((days) => days < 1)).toBe(true)

    // The first of the seven days is tomorrow.
    const saturday = (SATURDAY - new Date(startOf(dayOf(world.now())) + day_ms).getUTCDay() + 7) % 7
    for (const { weekdays } of [tea, cup]) {
      expect(mean(weekdays) * 7).toBeCloseTo(1, 9)
      expect(weekdays[saturday]).toBeGreaterThan(0.3)
      expect(Math.max(...weekdays.filter((_share, day) => day !== saturday))).toBeLessThan(0.15)
    }
    await expectVerified(owner, world.sealKey)
  })
})
