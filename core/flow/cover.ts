// Cover: what is short is taken over from a supplier whose goods stand here, bought, made, or asked of another site of ours. Every item is netted once: all open demand, less stock, less open supply; minimum and multiple apply
// once to what is left, so nothing is ordered for each row that waits, and running it again orders nothing twice.
//
// Lines come in the order of their low-level code (core/plan/mrp.ts): a work order's components are demand before their own turn comes. What is
// bought of one supplier becomes one purchase, what is asked of one site one transfer. Each line says from which figures it follows.

import { addDays, type Day } from '../calendar.ts'
import { takeOverSome } from '../consignment.ts'
import { settle } from '../hold.ts'
import type { ItemId, PartyId, SiteId } from '../item.ts'
import { availabilityOf, type Draft } from '../ledger.ts'
import type { Money } from '../money.ts'
import { lotSize, shortage } from '../plan/mrp.ts'
import { quantity, type Quantity } from '../quantity.ts'
import { reliable } from '../stock.ts'
import { placeRequest, type AskedLine } from './cover-transfer.ts'
import { planWorkOrder, type Component } from './produce.ts'
import { placePurchase, type BoughtLine } from './purchase.ts'

export interface Offer {
  readonly from: 'supplier'
  readonly supplier: PartyId
  readonly code: string
  readonly price: Money
  readonly leadTimeDays: number
  readonly minimum: Quantity
  readonly multiple: Quantity
}

export interface Recipe {
  readonly from: 'production'
  readonly makeDays: number
  readonly components: readonly Component[]
}

/** Another site of ours, and how long the way from it takes. */
export interface Elsewhere {
  readonly from: 'site'
  readonly site: SiteId
  readonly code: string
  readonly transferDays: number
}

export type CoverSource = Offer | Recipe | Elsewhere | null

export interface CoverShortages {
  readonly kind: 'coverShortages'
  /** Items with how each is had; null where nobody offers it and no bill says how it is made. Parents come before their components. */
  readonly lines: readonly { readonly item: ItemId; readonly source: CoverSource }[]
  /** Whether there is more to cover than these. */
  readonly more: boolean
}

/** One item that was short: the figures it follows from, and what is done. */
export interface Covered {
  readonly sku: string
  readonly demand: Quantity
  /** What can be counted on of it: not what belief doubts and nobody holds. */
  readonly stock: Quantity
  readonly supply: Quantity
  readonly short: Quantity
  readonly source: 'consigned' | 'supplier' | 'production' | 'site' | 'no_source'
  /** Who supplies it: a supplier, or a site of ours. `consigned` are his goods that stand here already. */
  readonly supplier: string | null
  readonly minimum: Quantity | null
  readonly multiple: Quantity | null
  readonly quantity: Quantity
  readonly due: Day | null
  /** The same in a sentence. */
  readonly because: string
}

export interface CoverAnswer {
  readonly lines: readonly Covered[]
  readonly purchases: readonly { readonly id: string; readonly supplier: string; readonly lines: number }[]
  readonly workOrders: readonly { readonly id: string; readonly sku: string; readonly quantity: Quantity }[]
  readonly transfers: readonly { readonly id: string; readonly from: string; readonly lines: number }[]
  readonly more: boolean
}

export function coverShortages({ lines, more }: CoverShortages, draft: Draft): CoverAnswer {
  const covered: Covered[] = []
  const purchases: CoverAnswer['purchases'][number][] = []
  const workOrders: CoverAnswer['workOrders'][number][] = []
  const bought = new Map<PartyId, { readonly code: string; readonly lines: BoughtLine[] }>()
  const asked = new Map<SiteId, { readonly code: string; readonly lines: AskedLine[] }>()
  for (const { item, source } of lines) {
    const before = netOf(draft, item)
    if (shortage(before) === 0) continue
    const theirs = useConsigned(draft, item, before)
    covered.push(...theirs.lines)
    purchases.push(...theirs.purchases)
    const net = netOf(draft, item)
    const short = quantity(shortage(net))
    if (short === 0) continue
    const line = explain(draft, item, net, short, source)
    covered.push(line)
    if (source?.from === 'production') workOrders.push(make(draft, item, line.quantity, source))
    if (source?.from === 'supplier') {
      const of = bought.get(source.supplier) ?? { code: source.code, lines: [] }
      bought.set(source.supplier, of)
      of.lines.push({ line: of.lines.length + 1, item, quantity: line.quantity, unitPrice: source.price, due: line.due! })
    }
    if (source?.from === 'site') {
      const of = asked.get(source.site) ?? { code: source.code, lines: [] }
      asked.set(source.site, of)
      of.lines.push({ line: of.lines.length + 1, item, quantity: line.quantity, due: line.due! })
    }
  }
  const placed = [...bought].map(([supplier, { code, lines: wanted }]) => {
    const purchase = draft.state.newId()
    placePurchase(draft, { purchase, supplier, orderedAt: draft.state.now, lines: wanted })
    return { id: purchase, supplier: code, lines: wanted.length }
  })
  const transfers = [...asked].map(([from, { code, lines: wanted }]) => {
    const transfer = draft.state.newId()
    placeRequest(draft, { transfer, from, lines: wanted })
    return { id: transfer, from: code, lines: wanted.length }
  })
  return { lines: covered, purchases: [...purchases, ...placed], workOrders, transfers, more }
}

function netOf(draft: Draft, item: ItemId): { readonly demand: Quantity; readonly stock: Quantity; readonly supply: Quantity } {
  const row = availabilityOf(draft, item, draft.state.owner)
  return { demand: row.demand, stock: reliable(row), supply: row.supply }
}

/** Goods of suppliers that stand here come first: they are there at once. */
function useConsigned(draft: Draft, item: ItemId, net: ReturnType<typeof netOf>): Pick<CoverAnswer, 'lines' | 'purchases'> {
  const short = quantity(shortage(net))
  const taken = takeOverSome(draft, item, short, null)
  if (taken.length > 0) settle(draft, item, draft.state.owner)
  const sum = sumOf(net, short)
  const lines = taken.map(({ supplier, quantity: some }): Covered => {
    const because = `${sum}; ${some} of ${supplier}'s goods stand here and are taken over.`
    const base = { sku: skuOf(draft, item), ...net, short, minimum: null, multiple: null }
    return { ...base, source: 'consigned', supplier, quantity: some, due: draft.state.today, because }
  })
  return { lines, purchases: taken.map(({ purchase, supplier }) => ({ id: purchase, supplier, lines: 1 })) }
}

const sumOf = (net: ReturnType<typeof netOf>, short: Quantity): string =>
  `${net.demand} demanded - ${net.stock} in stock - ${net.supply} coming = ${short} short`

function make(draft: Draft, item: ItemId, some: Quantity, { makeDays, components }: Recipe): CoverAnswer['workOrders'][number] {
  const workOrder = draft.state.newId()
  planWorkOrder(draft, { workOrder, item, quantity: some, makeDays, due: addDays(draft.state.today, makeDays), components }, 'released')
  return { id: workOrder, sku: skuOf(draft, item), quantity: some }
}

function explain(draft: Draft, item: ItemId, net: ReturnType<typeof netOf>, short: Quantity, source: CoverSource): Covered {
  const sum = sumOf(net, short)
  const base = { sku: skuOf(draft, item), ...net, short, supplier: null, minimum: null, multiple: null, due: null }
  if (source === null)
    return { ...base, source: 'no_source', quantity: quantity(0), because: `${sum}; nobody offers it and no bill says how it is made.` }
  if (source.from === 'production') {
    const due = addDays(draft.state.today, source.makeDays)
    return { ...base, source: 'production', quantity: short, due, because: `${sum}; making it takes ${source.makeDays} days: ${short}.` }
  }
  if (source.from === 'site') {
    const due = addDays(draft.state.today, source.transferDays)
    const because = `${sum}; ${source.code} supplies it, ${source.transferDays} days away: ${short}.`
    return { ...base, source: 'site', supplier: source.code, quantity: short, due, because }
  }
  const { code, minimum, multiple, leadTimeDays } = source
  const ordered = quantity(lotSize(short, minimum, multiple))
  const because = `${sum}; ${code} sells at least ${minimum}, in multiples of ${multiple}, within ${leadTimeDays} days: ${ordered}.`
  return { ...base, source: 'supplier', supplier: code, minimum, multiple, quantity: ordered, due: addDays(draft.state.today, leadTimeDays), because }
}

const skuOf = (draft: Draft, item: ItemId): string => draft.state.items.get(item)?.sku ?? String(item)
