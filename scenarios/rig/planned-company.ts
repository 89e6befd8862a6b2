// Planned company: a shop that sells two items, a warehouse that supplies it, a supplier of that one, and a kit that the warehouse makes of one of them; and how its
// plan is asked for and read.

import { expect } from 'vitest'
import { day_ms } from '../../core/calendar.ts'
import { chanceOf } from '../../core/rng.ts'
import { idSource } from '../../server/ids.ts'
import { lookAtBeliefs } from '../../server/loop/belief.ts'
import { workOnPlan } from '../../server/loop/replenish-run.ts'
import { testDatabase } from '../../server/test-database.ts'
import { testHttp } from '../../server/test-http.ts'
import { testWorld } from '../../server/test-world.ts'
import { askingAs, type Row } from './asking.ts'

export async function plannedCompany() {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SHOP', 'DC'], items: { TEA: 30, CUP: 30, GIFT: 5 } })
  const http = await testHttp(server, world)
  const { get, done, send } = askingAs(http, await http.key('admin'))
  await done('/api/parties', {
    parties: [
      { code: 'C1', name: 'A customer', kind: 'customer' },
      { code: 'S1', name: 'A supplier', kind: 'supplier' },
    ],
  })
  await done('/api/site-sources', {
    sources: [
      { site: 'SHOP', source: 'buy', from: 'DC', transferDays: 2 },
      { site: 'SHOP', source: 'make', from: 'DC', transferDays: 2 },
    ],
  })
  await done('/api/supplier-items', {
    offers: ['TEA', 'CUP'].map((sku) => ({ supplier: 'S1', sku, price: 250, leadTimeDays: 7, minimum: 20, multiple: 10 })),
  })
  await done('/api/items/GIFT/supply', { source: 'make', makeDays: 1 })
  await done('/api/bills', { lines: [{ parent: 'GIFT', component: 'CUP', quantity: 2, validFrom: '2000-01-01' }] })
  const chance = chanceOf(11)
  /** About two of each item a day; what is gone of them comes in again every week, as if ordered. */
  const trade = async (weeks: number): Promise<void> => {
    for (let week = 0; week < weeks; week += 1) {
      const gone: Record<string, number> = { TEA: 0, CUP: 0 }
      for (let day = 0; day < 7; day += 1) {
        for (const sku of ['TEA', 'CUP']) {
          const quantity = chance.poisson(2)
          if (quantity > 0) await done('/api/sales', { site: 'SHOP', lines: [{ sku, quantity }] })
          gone[sku]! += quantity
        }
        world.wait(day_ms)
      }
      const lines = Object.entries(gone).flatMap(([sku, quantity]) => (quantity > 0 ? [{ sku, quantity, place: 'SHELF' }] : []))
      if (week < weeks - 2) await done('/api/receipts', { site: 'SHOP', lines })
    }
  }
  const options = { database: server, clock: world.now, newId: idSource(world.now) }
  const plan = async (body: object = {}): Promise<string> => {
    await lookAtBeliefs({ database: server, clock: world.now })
    const { id } = await done('/api/plan/runs', body)
    expect(await workOnPlan(options, String(id))).toBe(true)
    return String(id)
  }
  const orders = async (site: string): Promise<Row[]> => (await get(`/api/plan/orders?site=${site}`))['rows'] as unknown as Row[]
  const itemPlan = async (sku: string, site: string) => (await get(`/api/items/${sku}/plan?site=${site}`)) as unknown as Planned
  return { server, owner, world, get, done, send, trade, plan, orders, itemPlan, options }
}

export interface Planned extends Row {
  readonly history: readonly number[]
  readonly forecast: readonly { readonly mean: number; readonly low: number; readonly high: number }[]
  readonly line: {
    readonly quantity: number
    readonly because: string
    readonly order: string | null
    readonly basis: Record<string, number> & { readonly behind: Record<string, number>; readonly today: string }
  }
}
