// Consignment: goods of a supplier that stand with us. They are in the ledger like all goods, moved, counted and held back as his; to us they are worth
// nothing, and nothing is held or picked of them. The moment one of them is held for an order or handed over at a till it is taken over: a move between
// owners where it stands, at the price that the supplier's catalogue says then, and a purchase that is placed and received at once, so that
// he is owed it and a late bill finds it. From there on it is ours like any other (decision 0043).
//
// What our own stock covers is never taken over, so own goods go first; what it does not cover is in stock all the same.

import type { Instant } from './calendar.ts'
import { settle, soonestToExpire } from './hold.ts'
import type { ItemId, PartyId } from './item.ts'
import { ageOf, announce, availabilityOf, plan, post, sells, type Draft } from './ledger.ts'
import { times, type Money } from './money.ts'
import { supplyOfLine } from './purchase-order.ts'
import { beyond, least, minus, none, plus, quantity, type Quantity } from './quantity.ts'
import { endOf, free, itemKey, reliable, someWait, type Stock } from './stock.ts'
import type { Consigned } from './supplier-item.ts'

export interface TakenOver {
  readonly purchase: string
  readonly supplier: string
  readonly quantity: Quantity
  readonly unitPrice: Money
}

/** Which goods are meant; without a lot or serial any that can be sold. */
export interface Label {
  readonly lot: string
  readonly serial: string
}

const anyLabel: Label = { lot: '', serial: '' }

/** What can be taken over of an item, of all suppliers. */
export function consignedFree(draft: Draft, item: ItemId): Quantity {
  let sum = none
  for (const { owner } of offersOf(draft, item)) sum = plus(sum, sellableOf(draft, item, owner))
  return sum
}

/** Makes up for what our own stock lacks, or may lack, of so many that are to be held now. The stock must be there. */
export function takeOverFor(draft: Draft, item: ItemId, held: Quantity, document: string): readonly TakenOver[] {
  if (draft.state.tables.consigned.size === 0) return []
  const own = availabilityOf(draft, item, draft.state.owner)
  const lacking = Math.max(held + own.reserved - own.sellable, beyond(held, free(own)))
  return held > 0 && lacking > 0 ? takeOverSome(draft, item, quantity(lacking), document) : []
}

/** Takes over so many, as far as there are any: of each supplier in turn, the cheapest first. */
export function takeOverSome(
  draft: Draft,
  item: ItemId,
  some: Quantity,
  document: string | null,
  label = anyLabel,
  at = draft.state.now,
): readonly TakenOver[] {
  const taken: TakenOver[] = []
  let left = some
  for (const offer of offersOf(draft, item).toSorted((a, b) => a.price - b.price || a.owner - b.owner)) {
    const rows = consignedRows(draft, item, offer.owner, label)
    const there = rows.reduce((sum, row) => plus(sum, row.quantity), none)
    const taking = least(left, least(there, sellableOf(draft, item, offer.owner)))
    if (taking === 0) continue
    taken.push(takeOver(draft, offer, rows, taking, document, at))
    left = minus(left, taking)
  }
  return taken
}

/** Whoever waits and counts on no supply is served with goods of suppliers that stand here. */
export function serveWaiting(draft: Draft, item: ItemId): readonly TakenOver[] {
  const own = availabilityOf(draft, item, draft.state.owner)
  const short = beyond(own.demand, quantity(reliable(own) + own.supply))
  const taken = someWait(own) && short > 0 ? takeOverSome(draft, item, short, null) : []
  settle(draft, item, draft.state.owner)
  return taken
}

/** A supplier's goods that can be sold, the soonest to expire first; those with a certain lot or serial where one is named. */
export function consignedRows(draft: Draft, item: ItemId, owner: PartyId, { lot, serial }: Label = anyLabel): Stock[] {
  return draft.stock
    .of(itemKey(item, owner))
    .filter((row) => sells(draft.state, row) && row.quantity > 0 && (lot === '' || row.lot === lot) && (serial === '' || row.serial === serial))
    .toSorted(soonestToExpire(draft))
}

/** Takes so many of these rows over: the purchase, the moves, and that it is told. They must have as many. */
export function takeOver(
  draft: Draft,
  { item, owner, code, price }: Consigned,
  rows: readonly Stock[],
  some: Quantity,
  document: string | null,
  at: Instant,
): TakenOver {
  const purchase = draft.state.newId()
  enterPurchase(draft, purchase, { item, owner, price }, some, at)
  let left = some
  for (const row of rows) {
    const taken = least(left, row.quantity)
    if (taken === 0) break
    const from = endOf(row)
    const to = { ...from, owner: draft.state.owner }
    post(draft, { item, quantity: taken, from, to, cause: 'take_over', document: purchase, line: 1, occurredAt: at, value: times(price, taken) })
    left = minus(left, taken)
  }
  if (left > 0) throw new Error(`${left} of item ${item} are taken over beyond what party ${owner} has here.`)
  announce(draft, {
    type: 'goods.taken_over',
    subject: purchase,
    occurredAt: at,
    data: { supplier: owner, item, quantity: some, unitPrice: price, for: document },
  })
  return { purchase, supplier: code, quantity: some, unitPrice: price }
}

/** What is owed for it: a purchase of one line that was never waited for. */
function enterPurchase(draft: Draft, purchase: string, { item, owner, price }: Omit<Consigned, 'code'>, some: Quantity, at: Instant): void {
  const { now, today, site, owner: own } = draft.state
  const line = { purchase, line: 1, item, quantity: some, unitPrice: price, due: today }
  draft.purchaseOrder.put({ purchase, supplier: owner, orderedAt: at, recordedAt: now })
  draft.purchaseLine.put({ ...line, received: some, rejected: none, cancelled: none })
  plan(draft, { ...supplyOfLine(line, { owner: own, site, age: ageOf(draft) }), posted: some })
}

/** Suppliers that an item's goods may be taken over from. */
export const offersOf = (draft: Draft, item: ItemId): readonly Consigned[] => draft.consigned.of(String(item))

const sellableOf = (draft: Draft, item: ItemId, owner: PartyId): Quantity => quantity(Math.max(availabilityOf(draft, item, owner).sellable, 0))

/** What a fact tells of whose goods it is about; nothing where they are ours. */
export const ownerIn = ({ owner }: { readonly owner?: PartyId }): { readonly owner?: PartyId } => (owner === undefined ? {} : { owner })

/** Whose goods they were, in a sentence; nothing where they were ours. */
export const saidOf = (taken: readonly TakenOver[]): string =>
  taken.map((one) => `${one.quantity} of it ${one.quantity === 1 ? 'is' : 'are'} taken over from ${one.supplier}, whose goods stood here.`).join(' ')
