// Planning in a storm: steps that say what will sell, and somebody beside the clients who plans again and again and orders all that is proposed. What a plan proposes
// is so little, compared with all that happens, that it is no kind of its own.

import { setTimeout as sleep } from 'node:timers/promises'
import { addDays, dayOf, instant } from '../../core/calendar.ts'
import type { Caller } from '../rig/caller.ts'
import type { Company } from '../rig/company.ts'
import { aSite, type Step } from './ground.ts'

export const planning = {
  adjustForecast: (ground, chance) => {
    const site = aSite(ground, chance)
    const from = addDays(dayOf(instant(Date.now())), 1 + chance.below(5))
    const body = { site, sku: chance.oneOf(ground.skus), from, to: addDays(from, chance.below(20)), percent: 20 + chance.below(30), reason: 'Fair' }
    return { path: '/api/forecast-adjustments', body, accepted: ({ id }) => ground.adjustments.put({ id: String(id), site }) }
  },
  /** How an item is ordered there, another way each time: by levels, with a shelf, or as all are. */
  setItemPlanning: (ground, chance) => {
    const shelfMax = 50 + chance.below(500)
    const planning = chance.once(2)
      ? { policy: 'levels', reorderPoint: chance.below(20), orderUpTo: 20 + chance.below(30) }
      : chance.once(2)
        ? { shelfMax }
        : {}
    return { path: `/api/items/${chance.oneOf(ground.skus)}/planning`, body: { site: aSite(ground, chance), ...planning } }
  },
  undoForecastAdjustment: (ground, chance) => {
    const one = ground.adjustments.take(chance)
    return one && { path: `/api/forecast-adjustments/${one.id}/reversal`, body: { site: one.site } }
  },
} satisfies Readonly<Record<string, Step>>

const LOOK_MILLISECONDS = 500

export interface Planned {
  plans: number
  approved: number
}

const DAY_MILLISECONDS = 86_400_000
const VALUE_MAX = 1_000_000_000
const [WEEKS, SOLD_A_WEEK, ITEMS] = [8, 25, 5]

/** Weeks in which a few items sold, and a rule by which one orders for a year, so that there is something to order although all came in before the storm. */
async function furnish(caller: Caller, url: string, sites: readonly string[], skus: readonly string[]): Promise<void> {
  await caller.settled([url], {
    method: 'POST',
    path: '/api/planning-rules',
    body: { serviceLevel: 0.99, reviewDays: 365, stock: 'record' },
    key: 'plan-rule',
  })
  for (const site of sites)
    for (let week = 1; week <= WEEKS; week += 1) {
      const soldAt = new Date(Date.now() - (week * 7 - 3) * DAY_MILLISECONDS).toISOString()
      const lines = skus.map((sku) => ({ sku, quantity: SOLD_A_WEEK }))
      await caller.settled([url], { method: 'POST', path: '/api/sales', body: { site, soldAt, lines }, key: `plan-sold-${site}-${week}` })
    }
}

/** Plans and orders until the storm is over. */
export async function planOn(caller: Caller, url: string, { sites, skus }: Pick<Company, 'sites' | 'skus'>, isOver: () => boolean): Promise<Planned> {
  await furnish(caller, url, sites, skus.filter((sku) => sku.startsWith('ITEM-')).slice(-ITEMS))
  const planned: Planned = { plans: 0, approved: 0 }
  const read = async <Body>(path: string): Promise<Body | undefined> => (await caller.once(url, { method: 'GET', path }))?.answer as Body | undefined
  for (let number = 1; !isOver(); number += 1) {
    await caller.settled([url], { method: 'POST', path: '/api/plan/runs', body: {}, key: `plan-${number}` })
    while (!isOver() && (await read<{ running: object | null }>('/api/plan'))?.running !== null) await sleep(LOOK_MILLISECONDS)
    for (const site of sites) {
      // Every other plan at a word, the others one by one.
      if (number % 2 === 0) {
        const body = { site, valueMax: VALUE_MAX }
        const reply = await caller.settled([url], { method: 'POST', path: '/api/plan/approvals', body, key: `approve-${site}-${number}` })
        if (reply!.status < 300) planned.approved += (reply!.answer['ordered'] as readonly object[]).length
      }
      const orders = await read<{ rows?: readonly { readonly id: string }[] }>(`/api/plan/orders?site=${site}`)
      for (const { id } of orders?.rows ?? []) {
        const path = `/api/plan/orders/${id}/approval`
        const reply = await caller.settled([url], { method: 'POST', path, body: { site }, key: `approve-${id}` })
        if (reply!.status < 300) planned.approved += 1
      }
    }
    planned.plans += 1
  }
  return planned
}
