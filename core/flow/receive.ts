// Receive: goods come in from a supplier, for a purchase or without one. What demand was pegged to them is held first, then whoever waits
// longest.
//
// A delivery may be short: the rest is still expected, unless the line is closed. It may be over, within a tolerance. What is rejected is never
// sellable and fulfils nothing: it stands in quarantine until somebody decides, or goes back with the truck and never was ours.
//
// Goods that a supplier leaves with us stay his until they are used (core/consignment.ts): they are worth nothing to us and no purchase expects them.

import { expiryFault, untimely, quantityFault, serialFault, trackingFault } from '../fault.ts'
import type { Day, Instant } from '../calendar.ts'
import { ownerIn, serveWaiting } from '../consignment.ts'
import type { ItemId, PartyId } from '../item.ts'
import { isDirect } from '../line-supply.ts'
import { announce, plan, post, type Draft } from '../ledger.ts'
import { noteLot } from '../lot.ts'
import { times, type Money } from '../money.ts'
import type { End } from '../move.ts'
import { standardPlaces, virtualPlaces, type PlaceId } from '../place.ts'
import { open, plannedKey } from '../planned-move.ts'
import { beyond, none, plus, quantity, type Quantity } from '../quantity.ts'
import type { PurchaseLine } from '../purchase-order.ts'
import { recallFault } from '../recalled-goods.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { itemKey } from '../stock.ts'
import { fulfil, settle } from '../hold.ts'
import { closeLine } from './purchase.ts'

export interface ReceivedLine {
  readonly line: number
  readonly item: ItemId
  /** What is taken; may be none where all is rejected. */
  readonly quantity: Quantity
  readonly rejected?: Quantity
  /** Where what is rejected goes; quarantine, unless it is said. */
  readonly rejectedTo?: 'quarantine' | 'back'
  /** Whether nothing more of the purchase's line is expected. */
  readonly isLast?: boolean
  readonly place: PlaceId
  readonly lot: string
  readonly serial: string
  readonly expiresOn: Day | null
  /** What all that is taken is worth; without it, what the purchase says, or else the item's present value. */
  readonly value: Money | null
  /** As what was taken and rejected was counted, where that is not the base unit. */
  readonly inUnit?: { readonly unit: string; readonly quantity: number; readonly rejected: number }
}

export interface Receive {
  readonly kind: 'receive'
  readonly receipt: string
  /** The purchase it belongs to; its lines carry the purchase's line numbers. */
  readonly purchase: string | null
  /** The supplier whose goods they stay; without one they are ours. */
  readonly owner?: PartyId
  readonly receivedAt: Instant
  readonly lines: readonly ReceivedLine[]
}

/** A delivery may exceed what is still expected of a line by so many per cent of what was ordered. */
export const receipt_over_percent_max = 5

/** Goods from a supplier. */
export function receive(command: Receive, draft: Draft): object | Refusal {
  const fault = receiptFault(command, draft)
  if (fault) return fault
  for (const line of command.lines) receiveLine(draft, command, line)
  const lines = command.lines.map(({ line, item, quantity: received, rejected = none, inUnit: asked }) => ({
    line,
    item,
    quantity: received,
    rejected,
    ...(asked && { asked }),
  }))
  announce(draft, {
    type: 'goods.received',
    subject: command.receipt,
    occurredAt: command.receivedAt,
    data: { purchase: command.purchase, ...ownerIn(command), lines },
  })
  return { id: command.receipt, lines }
}

function receiveLine(draft: Draft, { purchase, receipt, receivedAt, owner = draft.state.owner }: Receive, line: ReceivedLine): void {
  const document = purchase ?? receipt
  const { rejected = none } = line
  const ordered = purchase === null ? undefined : draft.purchaseLine.get(`${purchase}/${line.line}`)
  noteLot(draft, line)
  const from = endAt(virtualPlaces.supplier, line, owner)
  const came = { item: line.item, document, line: line.line, occurredAt: receivedAt }
  const worth = (some: Quantity): { value?: Money } => (ordered === undefined ? {} : { value: times(ordered.unitPrice, some) })
  if (line.quantity > 0) {
    const value = line.value === null ? worth(line.quantity) : { value: line.value }
    post(draft, { ...came, ...value, quantity: line.quantity, from, to: { ...from, place: line.place }, cause: 'receipt' })
  }
  if (rejected > 0 && line.rejectedTo !== 'back') {
    const quarantined: End = { ...from, condition: 'quarantine' }
    const to = { ...quarantined, place: standardPlaces.inspection }
    post(draft, { ...came, ...worth(rejected), quantity: rejected, from: quarantined, to, cause: 'rejection' })
  }
  if (ordered) {
    draft.purchaseLine.put({ ...ordered, received: plus(ordered.received, line.quantity), rejected: plus(ordered.rejected, rejected) })
    fulfilLine(draft, document, line)
  }
  if (owner === draft.state.owner) settle(draft, line.item, owner)
  else serveWaiting(draft, line.item)
}

/** What came of a purchase's line is no longer expected; where more came than that, more was planned. */
function fulfilLine(draft: Draft, document: string, { line, quantity: received, isLast }: ReceivedLine): void {
  const key = plannedKey({ document, line, part: 1 })
  const supply = draft.planned.get(key)!
  const over = beyond(received, open(supply))
  if (over > 0) plan(draft, { ...supply, planned: plus(supply.planned, over) })
  fulfil(draft, draft.planned.get(key)!, received)
  const rest = draft.planned.get(key)!
  if (isLast && open(rest) > 0) closeLine(draft, rest)
}

function receiptFault(command: Receive, draft: Draft): Refusal | undefined {
  const fault =
    quantityFault(command.lines.map(all)) ?? untimely(draft, command.receivedAt, 'receivedAt') ?? trackingFault(draft, command.lines.map(all))
  if (fault) return fault
  for (const { line, item, lot, serial, expiresOn, quantity: taken } of command.lines) {
    const expired = taken > 0 ? expiryFault(draft, item, lot, expiresOn, 'sellable', `lines/${line}/expiresOn`) : undefined
    const recalled = taken > 0 ? recallFault(draft, { item, lot, serial }, 'sellable', `lines/${line}/`) : undefined
    const wrong = expired ?? recalled ?? serialFault(draft, item, serial, `lines/${line}/serial`)
    if (wrong) return wrong
  }
  if (command.owner !== undefined) return consignedFault(command, command.owner, draft)
  return command.purchase === null ? undefined : purchaseFault(command, command.purchase, draft)
}

/** What a supplier leaves with us is not bought yet, and he must have said at what price it may be used. */
function consignedFault({ purchase, lines }: Receive, owner: PartyId, draft: Draft): Refusal | undefined {
  if (purchase !== null)
    return refuse('consigned_not_bought', 'purchase', 'What was ordered comes in as ours; goods on consignment are ordered when they are used.')
  for (const { line, item, value } of lines) {
    if (value !== null)
      return refuse('consigned_not_bought', `lines/${line}/value`, 'Goods on consignment are worth nothing to us before they are used.')
    if (draft.consigned.get(itemKey(item, owner)) === undefined) {
      const sku = draft.state.items.get(item)?.sku ?? String(item)
      return refuse('price_not_agreed', `lines/${line}/sku`, `At what price may ${sku} be used? The supplier's catalogue does not say.`)
    }
  }
  return undefined
}

/** A line with all that came of it. A serial is one piece, taken or rejected. */
const all = (line: ReceivedLine): ReceivedLine => ({ ...line, quantity: plus(line.quantity, line.rejected ?? none) })

function purchaseFault(command: Receive, purchase: string, draft: Draft): Refusal | undefined {
  // An order has planned moves under its id too, and what comes in is not what went out to its customer.
  const isPurchase = draft.planned.of(purchase).some((row) => row.kind === 'purchase')
  if (!isPurchase) return refuse('purchase_not_known', 'purchase', 'There is no such purchase at this site.')
  const received = new Map<number, Quantity>()
  for (const { line, item, quantity: some } of command.lines) {
    const row = draft.planned.get(plannedKey({ document: purchase, line, part: 1 }))
    if (row === undefined || row.item !== item) return refuse('line_not_known', `lines/${line}`, 'The purchase has no such line of this item.')
    if (isDirect(row))
      return refuse('ships_to_customer', `lines/${line}`, `The supplier ships line ${line} to the customer: record his shipment, or cancel the line.`)
    const total = plus(received.get(line) ?? none, some)
    received.set(line, total)
    const most = mostTaken(draft.purchaseLine.get(`${purchase}/${line}`)!)
    if (some > 0 && total > most) {
      const detail = `${open(row)} of line ${line} are still expected, and at most ${most} are taken.`
      return refuse('more_than_expected', `lines/${line}/quantity`, detail)
    }
  }
  return undefined
}

/** What can still be taken of a line, the tolerance included. */
const mostTaken = ({ quantity: ordered, received, cancelled }: PurchaseLine): Quantity =>
  beyond(plus(ordered, quantity(Math.floor((ordered * receipt_over_percent_max) / 100))), plus(received, cancelled))

const endAt = (place: PlaceId, { lot, serial }: { readonly lot: string; readonly serial: string }, owner: PartyId): End => ({
  place,
  package: '',
  lot,
  serial,
  condition: 'sellable',
  owner,
})
