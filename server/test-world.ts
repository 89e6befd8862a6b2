// A small named world for tests: a site or two, some items, and lanes with a clock of their own. Commands go the way all commands go.

import { createHash, randomUUID } from 'node:crypto'
import type { ItemId, PartyId, SiteId } from '../core/item.ts'
import { controlSite } from '../core/item.ts'
import { instant, type Day, type Instant } from '../core/calendar.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import { Catalog } from './catalog.ts'
import type { Database } from './db.ts'
import { idSource } from './ids.ts'
import { Lanes, type Answer, type LanesOptions } from './lane.ts'
import type { Command } from './stages.ts'

export interface TestWorld {
  readonly lanes: Lanes
  readonly catalog: Catalog
  readonly sealKey: Buffer
  /** Moves the world's clock forward. */
  readonly wait: (milliseconds: number) => void
  readonly now: () => Instant
  readonly today: () => Day
  readonly newId: () => string
  /** Sends a command under a key of its own, or the given one, and returns status and body. */
  readonly send: (
    site: SiteId,
    command: Command,
    key?: string,
  ) => Promise<{ readonly status: number; readonly body: Record<string, unknown>; readonly replayed: boolean }>
  readonly site: (code: string) => Promise<SiteId>
  readonly item: (sku: string) => Promise<ItemId>
  readonly customer: PartyId
}

const START = Date.parse('2026-03-02T08:00:00Z')

/** `sites` by code, `items` by sku; every item is stocked with so many at every site's shelf, at 1.00 each. */
export async function testWorld(
  database: Database,
  { sites = ['SEA'], items = {} }: { readonly sites?: readonly string[]; readonly items?: Readonly<Record<string, number>> } = {},
  options: Partial<LanesOptions> = {},
): Promise<TestWorld> {
  let time = START
  const clock = (): number => time
  const catalog = new Catalog(database, clock)
  const newId = idSource(clock)
  const sealKey = createHash('sha256').update("a test's key").digest()
  const lanes = new Lanes({ database, catalog, clock, newId, sealKey, ...options })
  const send: TestWorld['send'] = async (site, command, key = randomUUID()) => {
    const sha256 = createHash('sha256').update(JSON.stringify(command)).digest()
    const reference = 'reference' in command ? command.reference : null
    const answer: Answer = await lanes.submit(site, { command, caller: 'test', key, sha256, reference })
    return { status: answer.status, body: JSON.parse(answer.body) as Record<string, unknown>, replayed: answer.replayed }
  }
  const world: TestWorld = {
    lanes,
    catalog,
    sealKey,
    newId,
    send,
    customer: 1 as PartyId,
    wait: (milliseconds) => {
      time += milliseconds
    },
    now: () => instant(time),
    today: () => new Date(time).toISOString().slice(0, 10) as Day,
    site: async (code) => (await catalog.siteByCode(code))!.site,
    item: async (sku) => (await catalog.itemsBySku([sku])).get(sku)!.item,
  }
  await furnish(world, sites, items)
  return world
}

async function furnish(world: TestWorld, sites: readonly string[], items: Readonly<Record<string, number>>): Promise<void> {
  for (const code of sites) await world.send(controlSite, { kind: 'createSite', code, name: `Site ${code}` })
  const skus = Object.keys(items)
  if (skus.length === 0) return
  await world.send(controlSite, {
    kind: 'createItems',
    items: skus.map((sku) => ({ sku, name: `Item ${sku}`, unit: 'EA', tracking: 'none', standardCost: money(100), listPrice: money(250) })),
  })
  const stocked = skus.filter((sku) => items[sku]! > 0)
  if (stocked.length === 0) return
  const known = await world.catalog.itemsBySku(stocked)
  for (const code of sites) {
    await world.send(await world.site(code), {
      kind: 'openStock',
      document: world.newId(),
      openedAt: world.now(),
      lines: stocked.map((sku, index) => ({
        line: index + 1,
        item: known.get(sku)!.item,
        quantity: quantity(items[sku]!),
        place: standardPlaces.shelf,
        lot: '',
        serial: '',
        expiresOn: null,
        condition: 'sellable',
        value: money(items[sku]! * 100),
      })),
    })
  }
}

/** An order of one line an item. */
export function orderOf(
  world: TestWorld,
  home: SiteId,
  lines: readonly (readonly [ItemId, number])[],
  { priority = 5, shipComplete = false, reference = null as string | null } = {},
): Extract<Command, { kind: 'placeOrder' }> {
  return {
    kind: 'placeOrder',
    order: world.newId(),
    customer: world.customer,
    reference,
    shipComplete,
    priority,
    orderedAt: world.now(),
    heldElsewhere: [],
    lines: lines.map(([item, wanted], index) => ({
      line: index + 1,
      item,
      quantity: quantity(wanted),
      unitPrice: money(250),
      requested: world.today(),
      source: home,
    })),
  }
}
