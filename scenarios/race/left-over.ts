// Left over: when all is quiet, nothing that could serve somebody lies idle, and nothing is held that nobody holds. Read through the public
// API, as the clients would: availability of each site, the orders that are not closed, work orders and transfers, and the exceptions.

import type { Caller } from '../rig/caller.ts'
import { openingOf, type Company } from '../rig/company.ts'
import type { Short } from './oversold.ts'
import type { Floor, Order } from './floor.ts'

interface Available {
  readonly sku: string
  readonly sellable: number
  readonly reserved: number
  readonly free: number
  readonly demand: number
}

export interface Outcome {
  /** Pieces that lie free while somebody waits for them, or are held for nobody. */
  readonly leftOver: number
  readonly shorts: readonly (Short & { readonly site: string; readonly sku: string })[]
  /** Of each item, over all sites. */
  readonly sellable: ReadonlyMap<string, number>
  readonly negative: number
  readonly found: readonly string[]
}

const READERS = 32

export async function outcomeOf(caller: Caller, server: string, company: Company, floor: Floor): Promise<Outcome> {
  const held = await heldByOrders(caller, server, floor)
  await addHeldBySupply(caller, server, floor, held)
  const numbers = new Map(floor.orders.map((order) => [order.id, order.number]))
  const found: string[] = []
  const shorts: (Short & { readonly site: string; readonly sku: string })[] = []
  const sellable = new Map<string, number>()
  let [leftOver, negative] = [0, 0]
  for (const site of company.sites) {
    for (const row of await caller.rows<Available>(server, `/api/availability?site=${site}`)) {
      sellable.set(row.sku, (sellable.get(row.sku) ?? 0) + row.sellable)
      const idle = Math.min(row.free, row.demand - row.reserved)
      const known = held.get(`${site} ${row.sku}`) ?? 0
      if (idle > 0) found.push(`${site} ${row.sku}: ${idle} are free while somebody waits.`)
      if (known !== row.reserved) found.push(`${site} ${row.sku}: ${row.reserved} are reserved, and documents hold ${known}.`)
      leftOver += Math.max(idle, 0) + Math.abs(known - row.reserved)
    }
    for (const row of await caller.rows<Raised>(server, `/api/exceptions?site=${site}`)) {
      if (row.kind === 'negative_stock') negative += row.quantity
      else if (row.document !== null && !row.kind.startsWith('supply_'))
        shorts.push({ order: numbers.get(row.document) ?? row.document, line: row.line ?? 0, quantity: row.quantity, site, sku: row.sku })
    }
  }
  return { leftOver, shorts, sellable, negative, found }
}

interface Raised {
  readonly kind: string
  readonly sku: string
  readonly document: string | null
  readonly line: number | null
  readonly quantity: number
}

/** What the orders that are not closed hold, by site and item. */
async function heldByOrders(caller: Caller, server: string, floor: Floor): Promise<Map<string, number>> {
  const held = new Map<string, number>()
  const orders = floor.orders.filter((order) => !order.closed)
  const read = async (): Promise<void> => {
    for (let order: Order | undefined; (order = orders.pop()) !== undefined;) {
      const { planned } = (await caller.expect([server], { method: 'GET', path: `/api/orders/${order.number}` })) as unknown as Planned
      for (const row of planned) {
        const key = `${row.site} ${order.lines[row.line - 1]!.sku}`
        held.set(key, (held.get(key) ?? 0) + row.held)
      }
    }
  }
  await Promise.all(Array.from({ length: READERS }, read))
  return held
}

/** What is held for components of work orders, and for other sites. */
async function addHeldBySupply(caller: Caller, server: string, floor: Floor, held: Map<string, number>): Promise<void> {
  const add = (site: string, rows: readonly { readonly sku: string; readonly held: number }[]): void => {
    for (const row of rows) held.set(`${site} ${row.sku}`, (held.get(`${site} ${row.sku}`) ?? 0) + row.held)
  }
  const read = async (path: string): Promise<Detail> => (await caller.expect([server], { method: 'GET', path })) as unknown as Detail
  for (const { id, site } of floor.everyWork) add(site, (await read(`/api/work-orders/${id}?site=${site}`)).components)
  for (const { id, from } of floor.requests) add(from, (await read(`/api/transfers/${id}?site=${from}`)).lines)
}

interface Detail {
  readonly components: readonly { readonly sku: string; readonly held: number }[]
  readonly lines: readonly { readonly sku: string; readonly held: number }[]
}

interface Planned {
  readonly planned: readonly { readonly site: string; readonly line: number; readonly held: number }[]
}

/** Of each item, what the answers say must be left over all sites, against what is recorded: nothing comes from nowhere and nothing goes. */
export function conservation(
  company: Company,
  flows: readonly { readonly sku: string; readonly change: number }[],
  sellable: ReadonlyMap<string, number>,
): string[] {
  const opening = (sku: string): number => company.sites.reduce((sum, site) => sum + openingOf(company, site, sku), 0)
  const expected = new Map(company.skus.map((sku) => [sku, opening(sku)]))
  for (const { sku, change } of flows) expected.set(sku, expected.get(sku)! + change)
  return [...expected]
    .filter(([sku, quantity]) => sellable.get(sku) !== quantity)
    .map(([sku, quantity]) => `${sku}: ${quantity} must be there, and ${sellable.get(sku)} are.`)
}
