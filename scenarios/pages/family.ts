// Family: rubber of which grips are made, and bars of those, in several lots, sold to a customer and recalled in one of its lots: what a trace is drawn of.

export type Post = (path: string, body: object) => Promise<Readonly<Record<string, unknown>>>

const days = (from: number): string => new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10)

/** At a site, of a supplier, for a customer; the parties are there already. */
export async function furnishFamily(
  post: Post,
  { site, supplier, customer }: { readonly site: string; readonly supplier: string; readonly customer: string },
): Promise<void> {
  const made = { unit: 'EA', tracking: 'lot', source: 'make', makeDays: 1 }
  await post('/api/items', {
    items: [
      { sku: 'RU-700', name: 'Natural rubber', unit: 'EA', tracking: 'lot', standardCost: 300, listPrice: 700 },
      { sku: 'GR-710', name: 'Grip, pair', standardCost: 700, listPrice: 1_900, ...made },
      { sku: 'BR-720', name: 'Bar with grips', standardCost: 2_900, listPrice: 6_900, ...made },
    ],
  })
  await post('/api/bills', {
    lines: [
      { parent: 'GR-710', component: 'RU-700', quantity: 1, validFrom: days(-30) },
      { parent: 'BR-720', component: 'GR-710', quantity: 1, validFrom: days(-30) },
    ],
  })
  for (const [lot, quantity] of [
    ['R-1', 30],
    ['R-2', 10],
  ] as const) {
    const bought = await post('/api/purchases', { site, supplier, lines: [{ sku: 'RU-700', quantity, due: days(0) }] })
    await post('/api/receipts', { site, purchase: bought['id'], lines: [{ sku: 'RU-700', quantity, lot, expiresOn: days(500) }] })
  }
  const make = async (sku: string, lot: string, quantity: number): Promise<void> => {
    const work = await post('/api/work-orders', { site, sku, quantity })
    const at = `/api/work-orders/${String(work['id'])}`
    await post(`${at}/release`, { site })
    await post(`${at}/issue`, { site })
    await post(`${at}/output`, { site, quantity, lot })
  }
  for (const lot of ['G-1', 'G-2', 'G-3']) await make('GR-710', lot, 10)
  for (const lot of ['B-1', 'B-2', 'B-3', 'B-4']) await make('BR-720', lot, 6)
  const { number } = await post('/api/orders', { site, customer, lines: [{ sku: 'BR-720', quantity: 8 }] })
  for (const action of ['allocation', 'pick', 'shipment']) await post(`/api/orders/${String(number)}/${action}`, {})
  await post('/api/recalls', { sku: 'GR-710', lot: 'G-2', reason: 'The grips of this day slip when they are wet.' })
}
