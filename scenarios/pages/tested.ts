// Tested: a shop of its own that has sold a dozen kinds of tea for half a year, and two back-tests of it that are done, of which more goes unseen in the second.

import { setTimeout as sleep } from 'node:timers/promises'
import { chanceOf } from '../../core/rng.ts'
import type { Caller } from '../rig/caller.ts'
import type { Post } from './family.ts'
import { ago } from './planned.ts'

export const TEA_SITE = 'TAC'
const TEAS = ['Assam', 'Ceylon', 'Darjeeling', 'Earl Grey', 'Genmaicha', 'Gunpowder', 'Jasmine', 'Keemun', 'Matcha', 'Oolong', 'Rooibos', 'Sencha']
const [WEEKS, MONTH_WEEKS] = [34, 4]
const LOOK_MILLISECONDS = 100

export interface Tested {
  readonly run: string
  /** With more that goes unseen. */
  readonly other: string
}

/** How many are bought in a week on average. */
const meanOf = (index: number): number => 2 + index
const skuOf = (index: number): string => `TE-${101 + index}`

export async function furnishBacktests(post: Post, caller: Caller, server: string): Promise<Tested> {
  const site = TEA_SITE
  await post('/api/sites', { code: site, name: 'Tacoma Tea Room' })
  await post('/api/items', {
    items: TEAS.map((name, index) => ({
      sku: skuOf(index),
      name: `${name}, 100 g`,
      unit: 'EA',
      standardCost: 300 + 70 * index,
      listPrice: 690 + 150 * index,
      category: 'Food',
    })),
  })
  await post('/api/supplier-items', {
    offers: TEAS.map((_name, index) => ({ supplier: 'S-1', sku: skuOf(index), price: 300 + 70 * index, leadTimeDays: 6, minimum: 6, multiple: 6 })),
  })
  const lines = (quantity: (index: number) => number) =>
    TEAS.map((_name, index) => ({ sku: skuOf(index), quantity: quantity(index) })).filter((line) => line.quantity > 0)
  const chance = chanceOf(5)
  for (let week = WEEKS; week > 0; week -= 1) {
    // A month's supply comes in every month, and a little more at first.
    const months = week === WEEKS ? 1.4 : week % MONTH_WEEKS === 0 ? 1 : 0
    const received = lines((index) => Math.round(months * MONTH_WEEKS * meanOf(index))).map((line) => ({ ...line, place: 'SHELF' }))
    if (received.length > 0) await post('/api/receipts', { site, receivedAt: ago(week * 7 + 1), lines: received })
    await post('/api/sales', { site, soldAt: ago(week * 7 - (week % 5)), lines: lines((index) => chance.poisson(meanOf(index))) })
  }
  return { run: await aBacktest(post, caller, server, 0.04), other: await aBacktest(post, caller, server, 0.12) }
}

async function aBacktest(post: Post, caller: Caller, server: string, shrink: number): Promise<string> {
  const policies = [
    { name: "Today's rule", serviceLevel: 0.95 },
    { name: 'Record 95 %', serviceLevel: 0.95, stock: 'record' },
    { name: 'Record 99 %', serviceLevel: 0.99, stock: 'record' },
    { name: 'Belief 99 %', serviceLevel: 0.99 },
    { name: 'Belief 95 %, counted every 30 days', serviceLevel: 0.95, countDays: 30 },
    { name: 'Belief 95 %, mean of 26 weeks', serviceLevel: 0.95, forecast: 'mean' },
    { name: 'Truth 95 %', serviceLevel: 0.95, stock: 'truth' },
  ]
  const { id } = await post('/api/backtests', { site: TEA_SITE, days: 180, shrink, policies })
  await tested(caller, server, String(id))
  return String(id)
}

export async function tested(caller: Caller, server: string, id: string): Promise<void> {
  while ((await caller.expect([server], { method: 'GET', path: `/api/backtests/${id}` }))['state'] === 'running') await sleep(LOOK_MILLISECONDS)
}
