// Company: the small world of a rig: sites, items, a customer and opening stock, all made through the public API.

import type { Caller } from './caller.ts'

export interface Company {
  readonly sites: readonly string[]
  readonly skus: readonly string[]
  /** Pieces of each item that a site begins with. */
  readonly opening: Readonly<Record<string, number>>
  /** An item among them that is made of others, so many of each, one of which is bought; neither is there at first. All others can be bought too. */
  readonly kit?: { readonly sku: string; readonly bought: string; readonly components: Readonly<Record<string, number>> }
  /** Sites whose bought items another site supplies. */
  readonly supplied?: Readonly<Record<string, string>>
}

/** Pieces of an item that a site begins with. */
export const openingOf = ({ opening, kit }: Company, site: string, sku: string): number =>
  sku === kit?.sku || sku === kit?.bought ? 0 : opening[site]!

export const CUSTOMER = 'C1'
export const SUPPLIER = 'S1'

export async function furnish(caller: Caller, server: string, { sites, skus, opening, kit, supplied = {} }: Company): Promise<void> {
  const post = (path: string, body: object, key: string) => caller.expect([server], { method: 'POST', path, body, key })
  await post(
    '/api/items',
    { items: skus.map((sku) => ({ sku, name: `Item ${sku}`, standardCost: 250, source: sku === kit?.sku ? 'make' : 'buy' })) },
    'furnish-items',
  )
  await post(
    '/api/parties',
    {
      parties: [
        { code: CUSTOMER, name: 'The customer', kind: 'customer' },
        { code: SUPPLIER, name: 'The supplier', kind: 'supplier' },
      ],
    },
    'furnish-parties',
  )
  if (kit !== undefined) {
    const lines = Object.entries(kit.components).map(([component, quantity]) => ({ parent: kit.sku, component, quantity, validFrom: '2000-01-01' }))
    await post('/api/bills', { lines }, 'furnish-bills')
    const offers = skus.filter((sku) => sku !== kit.sku).map((sku) => ({ supplier: SUPPLIER, sku, price: 250, leadTimeDays: 0, minimum: 5 }))
    await post('/api/supplier-items', { offers }, 'furnish-offers')
  }
  const stocked = skus.filter((sku) => sku !== kit?.sku && sku !== kit?.bought)
  for (const site of sites) {
    await post('/api/sites', { code: site, name: site }, `furnish-${site}`)
    await post('/api/receipts', { site, lines: stocked.map((sku) => ({ sku, quantity: opening[site], place: 'SHELF' })) }, `receipt-opening-${site}`)
  }
  const sources = Object.entries(supplied).map(([site, from]) => ({ site, source: 'buy', from, transferDays: 0 }))
  if (sources.length > 0) await post('/api/site-sources', { sources }, 'furnish-sources')
}
