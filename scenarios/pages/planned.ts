// Planned: an item of the company of the pages that sells by the week and is nearly gone, and a plan that says what to order of it.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '../rig/caller.ts'
import type { Post } from './family.ts'

export const COFFEE = { sku: 'CO-800', name: 'Coffee, 1 kg' } as const

const DAY_MILLISECONDS = 86_400_000
export const ago = (days: number): string => new Date(Date.now() - days * DAY_MILLISECONDS).toISOString()
const WEEKS = 16
/** Weeks ago with twice as many. */
const PROMOTED: ReadonlySet<number> = new Set([9, 4])
const LOOK_MILLISECONDS = 100

/** An item that sells by the week and is nearly gone, and a plan; returns the order that it proposes. */
export async function furnishPlan(post: Post, site: string, caller: Caller, server: string): Promise<string> {
  await post('/api/items', { items: [{ ...COFFEE, unit: 'EA', standardCost: 800, listPrice: 1_490, category: 'Food' }] })
  await post('/api/supplier-items', { offers: [{ supplier: 'S-1', sku: COFFEE.sku, price: 800, leadTimeDays: 5, minimum: 24, multiple: 12 }] })
  await post('/api/receipts', {
    site,
    receivedAt: ago(WEEKS * 7 + 1),
    lines: [{ sku: COFFEE.sku, quantity: 8 * (WEEKS + PROMOTED.size) + 6, place: 'SHELF' }],
  })
  for (let week = WEEKS; week > 0; week -= 1)
    await post('/api/sales', {
      site,
      soldAt: ago(week * 7 - 3),
      lines: [{ sku: COFFEE.sku, quantity: (7 + (week % 3)) * (PROMOTED.has(week) ? 2 : 1) }],
    })
  // A promotion of two weeks of late, and it comes again.
  const sale = { kind: 'promotion', name: 'Coffee weeks', site, sku: COFFEE.sku }
  const time = (days: number) => ({ from: ago(days).slice(0, 10), to: ago(days - 6).slice(0, 10) })
  await post('/api/demand-events', {
    events: [
      { ...sale, ...time(63) },
      { ...sale, ...time(28) },
      { ...sale, ...time(-9) },
    ],
  })
  await post('/api/plan/runs', {})
  await planned(caller, server, undefined)
  const { rows } = (await caller.expect([server], { method: 'GET', path: `/api/plan/orders?site=${site}&from=supplier` })) as unknown as {
    rows: readonly { readonly id: string; readonly code: string }[]
  }
  return rows.find((row) => row.code === 'S-1')!.id
}

/** The plan that holds; none before the first. */
export const planNow = async (caller: Caller, server: string): Promise<string | undefined> =>
  ((await caller.expect([server], { method: 'GET', path: '/api/plan' })) as { readonly plan: { readonly id: string } | null }).plan?.id

/** Waits until another plan holds than the one before. */
export async function planned(caller: Caller, server: string, before: string | undefined): Promise<void> {
  while ((await planNow(caller, server)) === before) await sleep(LOOK_MILLISECONDS)
}
