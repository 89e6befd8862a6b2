// Purchase: goods ordered from a supplier, with their price and the day each line is due. A line is supply that can be promised from that day
// on, and demand that waits is pegged to it in order of urgency, so that a late truck can be walked forward to the customers it hurts.

import { countingOn, expectOn, raiseHurt } from '../disruption.ts'
import { liesAhead, quantityFault } from '../fault.ts'
import type { Day, Instant } from '../calendar.ts'
import type { ItemId, PartyId } from '../item.ts'
import { ageOf, announce, plan, type Draft } from '../ledger.ts'
import type { Money } from '../money.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { open, plannedKey, type PlannedMove } from '../planned-move.ts'
import { supplyOfLine } from '../purchase-order.ts'
import { none, plus, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { cancelOpen, pegWaiting } from '../hold.ts'
import { toldAsked, type InUnit } from '../unit.ts'

export interface BoughtLine {
  readonly line: number
  readonly item: ItemId
  readonly quantity: Quantity
  /** Of one unit. */
  readonly unitPrice: Money
  readonly due: Day
  /** As what it was ordered, where that is not the base unit. */
  readonly inUnit?: InUnit
  /** The order line that it is bought for alone, and whether the supplier ships it there. */
  readonly boundTo?: { readonly order: string; readonly line: number; readonly direct: boolean }
}

export interface Purchase {
  readonly kind: 'purchase'
  readonly purchase: string
  readonly supplier: PartyId
  readonly orderedAt: Instant
  readonly lines: readonly BoughtLine[]
}

export function purchase(command: Purchase, draft: Draft): object | Refusal {
  const fault = quantityFault(command.lines) ?? liesAhead(draft, command.orderedAt, 'orderedAt')
  if (fault) return fault
  placePurchase(draft, command)
  return { id: command.purchase, lines: command.lines.map(told) }
}

/** Enters a purchase that has no fault. What its goods are pegged to is expected anew: whatever waits, unless `tie` says otherwise. */
export function placePurchase(draft: Draft, command: Omit<Purchase, 'kind'>, tie = pegWaiting): void {
  const { purchase: id, supplier, orderedAt } = command
  draft.purchaseOrder.put({ purchase: id, supplier, orderedAt, recordedAt: draft.state.now })
  for (const line of command.lines) {
    const { boundTo, inUnit, ...bought } = line
    const bound = boundTo === undefined ? {} : { order: boundTo.order, orderLine: boundTo.line }
    draft.purchaseLine.put({ purchase: id, ...bought, ...bound, received: none, rejected: none, cancelled: none })
    if (inUnit !== undefined) draft.askedIn.put({ document: id, line: line.line, ...inUnit })
    const row = supplyOf(draft, id, line)
    plan(draft, row)
    tie(draft, row)
    expectOn(draft, draft.planned.get(plannedKey(row))!, row.due)
  }
  announce(draft, { type: 'purchase.placed', subject: id, occurredAt: orderedAt, data: { supplier, lines: command.lines.map(told) } })
}

/** A line with what it was asked as, where that is not the base unit. */
const told = ({ inUnit, ...line }: BoughtLine): object => (inUnit === undefined ? line : { ...line, asked: toldAsked(inUnit) })

/** What is bought for one line alone is bound to it, and may go straight to the customer. */
const supplyOf = (draft: Draft, purchase: string, { boundTo, ...line }: BoughtLine): PlannedMove => ({
  ...supplyOfLine({ purchase, ...line }, { owner: draft.state.owner, site: draft.state.site, age: ageOf(draft) }),
  ...(boundTo !== undefined && { bound: true, to: boundTo.direct ? virtualPlaces.customer : standardPlaces.dock }),
})

export interface RedatePurchase {
  readonly kind: 'redatePurchase'
  readonly purchase: string
  readonly lines: readonly { readonly line: number; readonly due: Day }[]
}

/**
 * The supplier says when the goods will really come. Orders that counted on them are expected anew; their promises stay as they were given. Answers
 * which exceptions say whom it hurts.
 */
export function redatePurchase({ purchase: id, lines }: RedatePurchase, draft: Draft): object | Refusal {
  const rows = openLines(draft, id, lines)
  if ('refused' in rows) return rows
  const raised = rows.map((row, index) => {
    const { due } = lines[index]!
    return raiseHurt(draft, 'supply_late', row, `Line ${row.line} of a purchase comes on ${due} and not on ${row.due}`, expectOn(draft, row, due))
  })
  announce(draft, { type: 'purchase.redated', subject: id, data: { lines } })
  return { id, lines, exceptions: raised.filter((one) => one !== undefined) }
}

export interface CancelPurchase {
  readonly kind: 'cancelPurchase'
  readonly purchase: string
  /** Without lines, all that is still open. */
  readonly lines: readonly { readonly line: number }[] | null
}

/** What has not come will not come. */
export function cancelPurchase({ purchase: id, lines }: CancelPurchase, draft: Draft): object | Refusal {
  const all = draft.planned.of(id).filter((row) => row.kind === 'purchase' && open(row) > 0)
  const rows = openLines(draft, id, lines ?? all)
  if ('refused' in rows) return rows
  const cancelled = rows.map((row) => ({ line: row.line, cancelled: closeLine(draft, draft.planned.get(plannedKey(row))!) }))
  announce(draft, { type: 'purchase.cancelled', subject: id, data: { lines: cancelled } })
  return { id, lines: cancelled }
}

/** Nothing more of the line is expected: who counted on it waits for another supply. */
export function closeLine(draft: Draft, row: PlannedMove): Quantity {
  const hurts = countingOn(draft, row)
  const cancelled = cancelOpen(draft, row)
  const line = draft.purchaseLine.get(`${row.document}/${row.line}`)!
  draft.purchaseLine.put({ ...line, cancelled: plus(line.cancelled, cancelled) })
  raiseHurt(draft, 'supply_short', row, `${cancelled} of line ${row.line} of a purchase will not come`, hurts)
  return cancelled
}

/** The planned moves of these lines, all of which must be open. */
function openLines(draft: Draft, id: string, lines: readonly { readonly line: number }[]): readonly PlannedMove[] | Refusal {
  if (draft.purchaseOrder.get(id) === undefined) return refuse('purchase_not_known', 'id', 'There is no such purchase at this site.')
  if (lines.length === 0) return refuse('nothing_to_do', 'lines', 'Nothing of this purchase is still open.')
  const rows: PlannedMove[] = []
  for (const { line } of lines) {
    const row = draft.planned.get(plannedKey({ document: id, line, part: 1 }))
    if (row === undefined) return refuse('line_not_known', `lines/${line}`, `The purchase has no line ${line}.`)
    if (open(row) === 0) return refuse('nothing_to_do', `lines/${line}`, `Nothing of line ${line} is still open.`)
    rows.push(row)
  }
  return rows
}
