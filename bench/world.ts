// World: what the benches order from: one site, one customer, many items with more stock of each than a run can sell, and one item on which
// a run can put everything. Made through the lanes, like any other master data and stock.

import { hash, randomUUID } from 'node:crypto'
import type { Instant } from '../core/calendar.ts'
import { controlSite, type ItemId, type PartyId, type SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import { newSecret } from '../server/http/master.ts'
import type { Opened } from '../server/open.ts'
import type { Command } from '../server/stages.ts'

export interface BenchItem {
  readonly item: ItemId
  readonly sku: string
}

export interface BenchWorld {
  readonly site: SiteId
  readonly siteCode: string
  readonly owner: PartyId
  readonly customer: PartyId
  readonly customerCode: string
  readonly items: readonly BenchItem[]
  readonly hot: BenchItem
  /** An API key that may place orders. */
  readonly secret: string
}

/** What the world is made with; a running server has all of it. */
export type Ground = Pick<Opened, 'lanes' | 'catalog' | 'clock' | 'newId'>

const CHUNK_ROWS = 1_000
/** Money stays below 2^53 minor units. */
const STOCK_EACH = 1_000_000_000

export async function furnish(ground: Ground, items_count: number): Promise<BenchWorld> {
  const { catalog } = ground
  const [siteCode, customerCode] = ['SEA', 'BENCH']
  const skus = Array.from({ length: items_count + 1 }, (_, index) => `ITEM-${String(index).padStart(6, '0')}`)
  await must(ground, controlSite, { kind: 'createSite', code: siteCode, name: 'Seattle' })
  await must(ground, controlSite, { kind: 'createParties', parties: [{ code: customerCode, name: 'A customer', kind: 'customer' }] })
  const { site, owner } = (await catalog.siteByCode(siteCode))!
  for (let at = 0; at < skus.length; at += CHUNK_ROWS) await stock(ground, site, skus.slice(at, at + CHUNK_ROWS))
  const secret = newSecret()
  await must(ground, controlSite, { kind: 'createKey', name: 'Bench', role: 'sales', sites: [site], secretSha256: hash('sha256', secret, 'hex') })
  const known = await catalog.itemsBySku(skus)
  const [hot, ...items] = skus.map((sku) => ({ item: known.get(sku)!.item, sku }))
  return { site, siteCode, owner, customer: (await catalog.party(customerCode))!.party, customerCode, items, hot: hot!, secret }
}

async function stock(ground: Ground, site: SiteId, skus: readonly string[]): Promise<void> {
  const { catalog, clock, newId } = ground
  await must(ground, controlSite, {
    kind: 'createItems',
    items: skus.map((sku) => ({ sku, name: `Item ${sku}`, unit: 'EA', tracking: 'none', standardCost: money(100), listPrice: money(250) })),
  })
  const known = await catalog.itemsBySku(skus)
  await must(ground, site, {
    kind: 'openStock',
    document: newId(),
    openedAt: clock() as Instant,
    lines: skus.map((sku, index) => ({
      line: index + 1,
      item: known.get(sku)!.item,
      quantity: quantity(STOCK_EACH),
      place: standardPlaces.shelf,
      lot: '',
      serial: '',
      expiresOn: null,
      condition: 'sellable',
      value: money(STOCK_EACH * 100),
    })),
  })
}

async function must({ lanes }: Ground, site: SiteId, command: Command): Promise<void> {
  const sha256 = hash('sha256', JSON.stringify(command), 'buffer')
  const { status, body } = await lanes.submit(site, { command, caller: 'bench', key: randomUUID(), sha256 })
  if (status >= 300) throw new Error(`The bench's world could not be made: ${body}`)
}
