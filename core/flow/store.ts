// Store: goods come in and change condition. They are put away in store-place.ts, picked in store-pick.ts and packed in store-pack.ts; stock
// speaks for itself row by row there, while holds are kept per item in reserve.ts.

import { expiryFault, liesAhead, quantityFault, serialFault, trackingFault } from '../fault.ts'
import type { Day, Instant } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import { announce, availabilityOf, noteLot, plan, post, type Draft } from '../ledger.ts'
import type { Money } from '../money.ts'
import type { Condition, End } from '../move.ts'
import { virtualPlaces, type PlaceId } from '../place.ts'
import { open, plannedKey, waiting, type PlannedMove } from '../planned-move.ts'
import { least, minus, none, plus, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { free, stockAt, stockKey } from '../stock.ts'
import { hold, loosen, settle } from '../hold.ts'

export interface ReceivedLine {
  readonly line: number
  readonly item: ItemId
  readonly quantity: Quantity
  readonly place: PlaceId
  readonly lot: string
  readonly serial: string
  readonly expiresOn: Day | null
  /** What all of the line is worth; without it the goods come in at the item's present value. */
  readonly value: Money | null
}

export interface Receive {
  readonly kind: 'receive'
  readonly receipt: string
  /** The purchase it belongs to; its lines carry the purchase's line numbers. */
  readonly purchase: string | null
  readonly receivedAt: Instant
  readonly lines: readonly ReceivedLine[]
}

/** Goods from a supplier. What demand was pegged to them is held first; then whoever waits longest. */
export function receive(command: Receive, draft: Draft): object | Refusal {
  const fault = receiptFault(command, draft)
  if (fault) return fault
  for (const line of command.lines) {
    const document = command.purchase ?? command.receipt
    noteLot(draft, line)
    const from = endAt(draft, virtualPlaces.supplier, line)
    const value = line.value === null ? {} : { value: line.value }
    post(draft, {
      item: line.item,
      quantity: line.quantity,
      from,
      to: { ...from, place: line.place },
      cause: 'receipt',
      document,
      line: line.line,
      occurredAt: command.receivedAt,
      ...value,
    })
    const supply = command.purchase === null ? undefined : draft.planned.get(plannedKey({ document, line: line.line, part: 1 }))
    if (supply) fulfil(draft, supply, line.quantity)
    settle(draft, line.item, draft.state.owner)
  }
  const lines = command.lines.map(({ line, item, quantity: received }) => ({ line, item, quantity: received }))
  announce(draft, {
    type: 'goods.received',
    subject: command.receipt,
    occurredAt: command.receivedAt,
    data: { purchase: command.purchase, lines },
  })
  return { id: command.receipt, lines }
}

function receiptFault(command: Receive, draft: Draft): Refusal | undefined {
  const fault = quantityFault(command.lines) ?? liesAhead(draft, command.receivedAt, 'receivedAt') ?? trackingFault(draft, command.lines)
  if (fault) return fault
  for (const { line, item, lot, serial, expiresOn } of command.lines) {
    const wrong =
      expiryFault(draft, item, lot, expiresOn, 'sellable', `lines/${line}/expiresOn`) ?? serialFault(draft, item, serial, `lines/${line}/serial`)
    if (wrong) return wrong
  }
  return command.purchase === null ? undefined : purchaseFault(command, command.purchase, draft)
}

function purchaseFault(command: Receive, purchase: string, draft: Draft): Refusal | undefined {
  // An order has planned moves under its id too, and what comes in is not what went out to its customer.
  const isPurchase = draft.planned.of(purchase).some((row) => row.kind === 'purchase')
  if (!isPurchase) return refuse('purchase_not_known', 'purchase', 'There is no such purchase at this site.')
  const received = new Map<number, Quantity>()
  for (const { line, item, quantity: some } of command.lines) {
    const row = draft.planned.get(plannedKey({ document: purchase, line, part: 1 }))
    if (row === undefined || row.item !== item) return refuse('line_not_known', `lines/${line}`, 'The purchase has no such line of this item.')
    const total = plus(received.get(line) ?? none, some)
    received.set(line, total)
    if (total > open(row)) return refuse('more_than_expected', `lines/${line}/quantity`, `${open(row)} of line ${line} are still expected.`)
  }
  return undefined
}

/** A supply came true: its pegs become holds, as far as it goes. */
function fulfil(draft: Draft, supply: PlannedMove, received: Quantity): void {
  let left = received
  for (const one of draft.peg.of(`supply ${plannedKey(supply)}`)) {
    const some = least(left, one.quantity)
    if (some === 0) break
    loosen(draft, one, some)
    const demand = draft.planned.get(one.demand)!
    hold(draft, demand, least(least(some, waiting(demand)), free(availabilityOf(draft, demand.item, demand.owner))))
    left = minus(left, some)
  }
  const now = draft.planned.get(plannedKey(supply))!
  plan(draft, { ...now, posted: plus(now.posted, received) })
}

export interface ChangeCondition {
  readonly kind: 'changeCondition'
  readonly document: string
  readonly item: ItemId
  readonly quantity: Quantity
  readonly place: PlaceId
  readonly toPlace: PlaceId
  readonly lot: string
  readonly serial: string
  readonly from: Condition
  readonly to: Condition
  readonly changedAt: Instant
}

/** Quarantine is released, goods are found damaged, or goods go to another place of the site: a move like any other. */
export function changeCondition(command: ChangeCondition, draft: Draft): object | Refusal {
  const { item, place, toPlace, lot, serial, from, to, changedAt } = command
  if (command.quantity <= 0) return refuse('quantity_not_positive', 'quantity', `A quantity of ${command.quantity} cannot be moved.`)
  const ahead = liesAhead(draft, changedAt, 'changedAt')
  if (ahead) return ahead
  if (from === to && place === toPlace) return refuse('nothing_to_do', 'to', 'Place and condition are the same before and after.')
  const expired = expiryFault(draft, item, lot, null, to, 'lot')
  if (expired) return expired
  const source = { place, package: '', lot, serial, condition: from, owner: draft.state.owner }
  const target = { ...source, place: toPlace, condition: to }
  const there = draft.stock.get(stockKey(stockAt(item, source)))?.quantity ?? none
  if (there < command.quantity) return refuse('not_enough_stock', 'quantity', `${there} are recorded there in this condition.`)
  post(draft, {
    item,
    quantity: command.quantity,
    from: source,
    to: target,
    cause: 'condition',
    document: command.document,
    line: 1,
    occurredAt: changedAt,
  })
  settle(draft, item, draft.state.owner)
  announce(draft, {
    type: 'stock.condition_changed',
    subject: command.document,
    occurredAt: changedAt,
    data: { item, quantity: command.quantity, from, to },
  })
  return { id: command.document, item, quantity: command.quantity, from, to }
}

export const endAt = (draft: Draft, place: PlaceId, { lot, serial }: { readonly lot: string; readonly serial: string }): End => ({
  place,
  package: '',
  lot,
  serial,
  condition: 'sellable',
  owner: draft.state.owner,
})
