// Cover, planned: somebody approves an order that the plan proposes, and it becomes a purchase, a transfer or a work order. Its id is the proposal's, so whoever
// approves it twice, or after a crash again, has ordered once. What was ordered since the plan looked is not ordered again: of each line is left out
// by how much more of its item is on its way now than the plan knew of.

import { addDays, type Day } from '../calendar.ts'
import type { ItemId, PartyId, SiteId } from '../item.ts'
import { announce, availabilityOf, type Draft } from '../ledger.ts'
import type { Money } from '../money.ts'
import { lotSize } from '../plan/mrp.ts'
import { quantity, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { placeRequest } from './cover-transfer.ts'
import { planWorkOrder, type Component } from './produce.ts'
import { placePurchase } from './purchase.ts'

export interface PlannedLine {
  readonly item: ItemId
  readonly sku: string
  readonly quantity: Quantity
  /** Of one. */
  readonly price: Money
  readonly due: Day
  readonly minimum: Quantity
  readonly multiple: Quantity
  /** What was on its way when it was planned. */
  readonly supply: Quantity
}

export type PlannedOrigin =
  | { readonly from: 'supplier'; readonly supplier: PartyId }
  | { readonly from: 'site'; readonly site: SiteId }
  | { readonly from: 'production'; readonly makeDays: number; readonly components: readonly Component[] }

export interface OrderPlanned {
  readonly kind: 'orderPlanned'
  /** The proposal's id, and that of what is ordered. */
  readonly order: string
  readonly origin: PlannedOrigin
  readonly lines: readonly PlannedLine[]
}

export interface OrderedLine {
  readonly sku: string
  readonly proposed: Quantity
  readonly ordered: Quantity
}

export function orderPlanned({ order, origin, lines }: OrderPlanned, draft: Draft): object | Refusal {
  if (draft.purchaseOrder.get(order) ?? draft.workOrder.get(order) ?? [...draft.planned.of(order)][0])
    return refuse('plan_order_approved', 'id', 'This was ordered already.')
  if (origin.from === 'production' && origin.components.length === 0)
    return refuse('bill_empty', 'id', 'The item has no components on this day, so it cannot be made.')
  const left = lines.map((line) => ({ ...line, ordered: stillNeeded(draft, line) }))
  const ordered = left.filter((line) => line.ordered > 0)
  if (ordered.length > 0) place(draft, order, origin, ordered)
  announce(draft, { type: 'plan_order.approved', subject: order, data: { from: origin.from, lines: ordered.length } })
  const told = left.map(({ sku, quantity: proposed, ordered: some }): OrderedLine => ({ sku, proposed, ordered: some }))
  return { id: order, placed: ordered.length > 0, lines: told }
}

export interface OrderManyPlanned {
  readonly kind: 'orderManyPlanned'
  readonly orders: readonly OrderPlanned[]
  /** Orders that the conditions leave to a person, and why. */
  readonly kept: readonly { readonly id: string; readonly code: string; readonly why: string; readonly because: string }[]
  /** The last of these where more are left for the next command, so that none holds the lane up for long. */
  readonly next: string | null
}

/** Orders many of what the plan proposes; one that cannot be ordered any more is left out, and says why. */
export function orderManyPlanned({ orders, kept, next }: OrderManyPlanned, draft: Draft): object {
  const answers = orders.map((one) => ({ id: one.order, answer: orderPlanned(one, draft) }))
  const ordered = answers.flatMap(({ id, answer }) => (isRefusal(answer) ? [] : [{ id, placed: (answer as { placed: boolean }).placed }]))
  const refused = answers.flatMap(({ id, answer }) => (isRefusal(answer) ? [{ id, code: '', why: answer.refused, because: answer.detail }] : []))
  return { ordered, kept: [...kept, ...refused], next }
}

function stillNeeded(draft: Draft, { item, quantity: proposed, supply, minimum, multiple }: PlannedLine): Quantity {
  const since = availabilityOf(draft, item, draft.state.owner).supply - supply
  return since <= 0 ? proposed : quantity(lotSize(proposed - since, minimum, multiple))
}

type Ordered = PlannedLine & { readonly ordered: Quantity }

function place(draft: Draft, order: string, origin: PlannedOrigin, ordered: readonly Ordered[]): void {
  const { today, now } = draft.state
  const lines = ordered.map(({ item, ordered: some, price, due }, index) => {
    // What was planned some days ago cannot have come yesterday.
    return { line: index + 1, item, quantity: some, unitPrice: price, due: due < today ? today : due }
  })
  if (origin.from === 'supplier') return placePurchase(draft, { purchase: order, supplier: origin.supplier, orderedAt: now, lines })
  if (origin.from === 'site') return placeRequest(draft, { transfer: order, from: origin.site, lines })
  const { makeDays, components } = origin
  const [{ item, quantity: some }] = lines as [(typeof lines)[number]]
  planWorkOrder(draft, { workOrder: order, item, quantity: some, makeDays, due: addDays(today, makeDays), components }, 'firm')
}
