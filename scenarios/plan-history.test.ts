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
  const { get, done, send } = askingAs(http, await http.key('admin'))
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
  const plan = async (): Promise<void> => {
    await lookAtBeliefs({ database: server, clock: world.now })
    const { id } = await done('/api/plan/runs', {})
    expect(await workOnPlan({ database: server, clock: world.now, newId: idSource(world.now) }, String(id))).toBe(true)
  }
  await plan()
  return { owner, world, get, done, send, plan, itemPlan: async (sku: string) => (await get(`/api/items/${sku}/plan?site=SHOP`)) as unknown as Planned }
}

describe('J1: demand behind an empty shelf', () => {
  test('is forecast as if there had always been some, by the days of the week', { timeout: 180_000 }, async () => {
    const { owner, world, done, send, plan, itemPlan } = await shop()
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

    // A new sort of cup was never there; half as many as of the other are thought to be wanted of it.
    await done('/api/items', { items: [{ sku: 'MUG', name: 'Mug', unit: 'EA', standardCost: 100, listPrice: 300 }] })
    await plan()
    expect(await itemPlan('MUG')).toMatchObject({ history: [], analogue: null, method: 'none', line: null })
    const likeItself = await send('POST', '/api/items/MUG/analogue', { like: 'MUG' })
    expect(likeItself).toMatchObject({ status: 422, body: { code: 'analogue_itself', field: 'like' } })
    expect(await send('POST', '/api/items/MUG/analogue', { like: 'NONE' })).toMatchObject({ status: 422, body: { code: 'item_not_known', field: 'like' } })
    await done('/api/items/MUG/analogue', { like: 'CUP', percent: 50 })
    await plan()
    const mug = await itemPlan('MUG')
    expect(mug).toMatchObject({ history: [], analogue: { like: 'CUP', percent: 50 } })
    expect(mean(mug.forecast.map((week) => week.mean))).toBeCloseTo(5, 0)
    expect(mug.line?.basis.forecast).toBeGreaterThan(3)
    await done('/api/items/MUG/analogue', { like: null })
    await plan()
    expect(await itemPlan('MUG')).toMatchObject({ analogue: null, line: null })
    await expectVerified(owner, world.sealKey)
  })
})
