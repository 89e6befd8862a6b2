// Planned: a company for killing its plan: two shops that a warehouse supplies, and items that sold for weeks and are nearly gone; of half of them buyers order what
// is proposed, the others nobody orders, so that their lines must stay as they are.

import { day_ms } from '../../core/calendar.ts'
import type { Caller } from '../rig/caller.ts'

const centre = 'DC'
const shops = ['SH1', 'SH2'] as const
const [WEEKS, SUPPLIERS, LINES] = [6, 20, 1_000]

export async function furnishPlanned(caller: Caller, url: string, items: number): Promise<void> {
  const post = (path: string, body: object, key: string) => caller.expect([url], { method: 'POST', path, body, key })
  const skus = Array.from({ length: items }, (_none, index) => `${index % 2 === 0 ? 'BOUGHT' : 'LEFT'}-${index}`)
  const parties = Array.from({ length: SUPPLIERS }, (_none, index) => ({ code: `S${index}`, name: `Supplier ${index}`, kind: 'supplier' }))
  await post('/api/parties', { parties }, 'parties')
  for (const site of [centre, ...shops]) await post('/api/sites', { code: site, name: site }, `site-${site}`)
  await post('/api/site-sources', { sources: shops.map((site) => ({ site, source: 'buy', from: centre, transferDays: 2 })) }, 'sources')
  await post('/api/planning-rules', { serviceLevel: 0.95, reviewDays: 7, stock: 'record' }, 'rule')
  for (const [number, some] of cut(skus).entries()) {
    await post('/api/items', { items: some.map((sku) => ({ sku, name: sku, standardCost: 250, listPrice: 400 })) }, `items-${number}`)
    const offers = some.map((sku, index) => ({ supplier: `S${index % SUPPLIERS}`, sku, price: 250, leadTimeDays: 7 }))
    await post('/api/supplier-items', { offers }, `offers-${number}`)
    for (const site of [centre, ...shops]) {
      const lines = some.map((sku, index) => ({ sku, quantity: site === centre ? 5 : WEEKS * (3 + (index % 5)) + 2, place: 'SHELF' }))
      await post('/api/receipts', { site, lines }, `opening-${site}-${number}`)
    }
    for (const site of shops)
      for (let week = 1; week <= WEEKS; week += 1) {
        const soldAt = new Date(Date.now() - (week * 7 - 3) * day_ms).toISOString()
        const lines = some.map((sku, index) => ({ sku, quantity: 3 + (index % 5) }))
        await post('/api/sales', { site, soldAt, lines }, `sold-${site}-${week}-${number}`)
      }
  }
}

const cut = (skus: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(skus.length / LINES) }, (_none, index) => skus.slice(index * LINES, (index + 1) * LINES))

interface Proposed {
  readonly id: string
  readonly site: string
  readonly ordered: boolean
}

/** Orders that are proposed and not ordered, of all sites. */
export async function proposed(caller: Caller, url: string): Promise<readonly Proposed[]> {
  const all: Proposed[] = []
  for (const site of [...shops, centre]) {
    const list = await caller.settled([url], { method: 'GET', path: `/api/plan/orders?site=${site}` })
    all.push(...((list?.answer['rows'] ?? []) as readonly Proposed[]).filter((row) => !row.ordered))
  }
  return all
}

/** Orders what is proposed in one order of items that are bought, or as many of its lines as are chosen; true where anything was ordered. */
export async function orderOne(caller: Caller, url: string, { id, site }: Proposed, isChosen: () => boolean): Promise<boolean> {
  const order = await caller.settled([url], { method: 'GET', path: `/api/plan/orders/${id}?site=${site}` })
  // A later plan may have replaced it.
  const rows = (order?.answer['rows'] ?? []) as readonly { readonly sku: string; readonly quantity: number }[]
  const lines = rows.filter(({ sku }) => sku.startsWith('BOUGHT') && isChosen()).map(({ sku, quantity }) => ({ sku, quantity }))
  if (lines.length === 0) return false
  const path = `/api/plan/orders/${id}/approval`
  const reply = await caller.settled([url], { method: 'POST', path, body: { site, lines }, key: crypto.randomUUID() })
  if (reply === undefined || ![201, 404, 409].includes(reply.status)) throw new Error(`An approval was answered with ${reply?.status} ${reply?.text}`)
  return reply.answer['placed'] === true
}
