// Purchase, bound: what is bought for one order line alone, to our dock or straight to the customer. One purchase a supplier and way; each of its lines is
// pegged to its order line and to no other, for exactly what that waits for. It is bought when nothing holds the order up, so never before a payment is
// authorised. When the order line is cancelled, what comes to our dock stays as supply for anybody, or is called off; what would go to the customer is called off.

import { addDays } from '../calendar.ts'
import { expectOn } from '../disruption.ts'
import { peg, pegWaiting } from '../hold.ts'
import type { PartyId, SiteId } from '../item.ts'
import { announce, plan, type Draft } from '../ledger.ts'
import { isDirect, type BoughtWay, type LineSupply } from '../line-supply.ts'
import { stands } from '../order-hold.ts'
import { isBound, open, plannedKey, type PlannedMove } from '../planned-move.ts'
import { boughtFor } from '../purchase-order.ts'
import { minus, plus, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { forbids, type PlaceOrder } from './order.ts'
import { closeLine, placePurchase } from './purchase.ts'

/** What cannot be bought for a line as it was asked. */
export function boughtFault({ lines, shipComplete, collect }: PlaceOrder, site: SiteId): Refusal | undefined {
  for (const { line, supply, source, kit } of lines) {
    if (supply === undefined) continue
    const no = (detail: string): Refusal => refuse('supply_not_possible', `lines/${line}/supply`, detail)
    if (kit !== undefined) return no('A kit goes out whole, from stock.')
    if (source !== site) return no("It is bought by the order's own site, and not served by another.")
    if (supply.how === 'drop_ship' && shipComplete) return no('The customer wants everything at once, and the supplier ships his part by himself.')
    if (supply.how === 'drop_ship' && collect !== undefined) return no('The customer collects the order: the supplier cannot ship to him.')
  }
  return undefined
}

export interface Bought {
  readonly id: string
  readonly supplier: PartyId
  readonly how: BoughtWay
  readonly lines: readonly { readonly line: number; readonly quantity: Quantity }[]
}

/** Buys for lines of an order for which nothing was bought yet, unless something holds it up. */
export function buyAtOnce(draft: Draft, order: string): void {
  if (draft.lineSupply.of(order).length === 0 || stands(draft.orderHold.of(order))) return
  const before = new Set(draft.purchaseLine.of(boughtFor(order)).map((one) => one.orderLine))
  buyFor(
    draft,
    order,
    draft.lineSupply.of(order).filter((one) => !before.has(one.line)),
  )
}

/** The same decision, and what is to be bought for its order where it is not refused: what held the order up may be gone. */
export const thenBuy =
  <Command extends { readonly order: string }>(decide: (command: Command, draft: Draft) => object | Refusal) =>
  (command: Command, draft: Draft): object | Refusal => {
    const answer = decide(command, draft)
    if (!isRefusal(answer)) buyAtOnce(draft, command.order)
    return answer
  }

export interface BuyForOrder {
  readonly kind: 'buyForOrder'
  readonly order: string
  /** Of whom it is bought now, where that is another than before. */
  readonly instead: readonly Omit<LineSupply, 'order' | 'how'>[]
}

/** Buys, once more, what lines of an order wait for and nothing covers: the supplier had too few, or what had come is gone. */
export function buyForOrder({ order, instead }: BuyForOrder, draft: Draft): object | Refusal {
  const refusal = forbids(draft, order, 'buy')
  if (refusal) return refusal
  const lines = draft.lineSupply.of(order)
  const unknown = instead.find((one) => !lines.some(({ line }) => line === one.line))
  if (unknown) return refuse('line_not_known', `lines/${unknown.line}`, `Line ${unknown.line} of the order is served from stock, or is not there.`)
  const bought = buyFor(
    draft,
    order,
    lines.map((one) => ({ ...one, ...instead.find(({ line }) => line === one.line) })),
  )
  return bought.length === 0
    ? refuse('nothing_to_do', 'order', 'All that is bought for this order is there or on its way.')
    : { id: order, purchases: bought }
}

/** One purchase a supplier and way, of what the lines wait for. */
function buyFor(draft: Draft, order: string, lines: readonly LineSupply[]): Bought[] {
  const wanted = lines.flatMap((one) => {
    const demand = draft.planned.of(order).find((row) => row.line === one.line && isBound(row))
    const quantity = demand === undefined ? 0 : uncovered(demand)
    return quantity > 0 ? [{ ...one, demand: demand!, quantity: quantity as Quantity }] : []
  })
  return [...Map.groupBy(wanted, (one) => `${one.supplier} ${one.how}`).values()].map((group) => {
    const [{ supplier, how }] = group as [(typeof group)[number]]
    const purchase = draft.state.newId()
    const bought = group.map((one, index) => ({
      line: index + 1,
      item: one.demand.item,
      quantity: one.quantity,
      unitPrice: one.unitCost,
      due: addDays(draft.state.today, one.leadTimeDays),
      boundTo: { order, line: one.line, direct: how === 'drop_ship' },
    }))
    placePurchase(draft, { purchase, supplier, orderedAt: draft.state.now, lines: bought }, (_draft, supply) => {
      const { demand, quantity } = group[supply.line - 1]!
      peg(draft, supply, draft.planned.get(plannedKey(demand))!, quantity)
    })
    const told = group.map(({ line, quantity }) => ({ line, quantity }))
    announce(draft, { type: 'order.bought_for', subject: order, data: { purchase, how, lines: told } })
    return { id: purchase, supplier, how, lines: told }
  })
}

const uncovered = (row: PlannedMove): Quantity => minus(open(row), plus(row.held, row.pegged))

/** What became of a purchase whose order line was cancelled. */
export interface LetGo {
  readonly purchase: string
  readonly line: number
  readonly quantity: Quantity
  readonly became: 'supply_for_anybody' | 'called_off'
}

/** An order line wants no more of what was bought for it and has not come. */
export function letGo(draft: Draft, order: string, line: number, callsOff: boolean): LetGo[] {
  const supplies = draft.purchaseLine
    .of(boughtFor(order))
    .filter((one) => one.orderLine === line)
    .map((one) => draft.planned.get(plannedKey({ document: one.purchase, line: one.line, part: 1 })))
    .filter((row) => row !== undefined && open(row) > 0 && isBound(row)) as PlannedMove[]
  return supplies.map((row) => {
    const told = { purchase: row.document, line: row.line, quantity: open(row) }
    if (callsOff || isDirect(row)) {
      closeLine(draft, row)
      announce(draft, { type: 'purchase.cancelled', subject: row.document, data: { lines: [{ line: row.line, cancelled: told.quantity }] } })
      return { ...told, became: 'called_off' }
    }
    const anybodys = { ...row, bound: null }
    plan(draft, anybodys)
    pegWaiting(draft, anybodys)
    expectOn(draft, draft.planned.get(plannedKey(row))!, row.due)
    announce(draft, { type: 'purchase.for_anybody', subject: row.document, data: { line: row.line, quantity: told.quantity, order } })
    return { ...told, became: 'supply_for_anybody' }
  })
}
