// Company: the small world of a rig: sites, items, a customer and opening stock, all made through the public API.

import type { Caller } from './caller.ts'

export interface Company {
  readonly sites: readonly string[]
  readonly skus: readonly string[]
  /** Pieces of each item that a site begins with. */
  readonly opening: Readonly<Record<string, number>>
}

export const CUSTOMER = 'C1'

export async function furnish(caller: Caller, server: string, { sites, skus, opening }: Company): Promise<void> {
  const post = (path: string, body: object, key: string) => caller.expect([server], { method: 'POST', path, body, key })
  await post('/api/items', { items: skus.map((sku) => ({ sku, name: `Item ${sku}`, standardCost: 250 })) }, 'furnish-items')
  await post('/api/parties', { parties: [{ code: CUSTOMER, name: 'The customer', kind: 'customer' }] }, 'furnish-parties')
  for (const site of sites) {
    await post('/api/sites', { code: site, name: site }, `furnish-${site}`)
    await post('/api/receipts', { site, lines: skus.map((sku) => ({ sku, quantity: opening[site], place: 'SHELF' })) }, `receipt-opening-${site}`)
  }
}
