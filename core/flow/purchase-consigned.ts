// Purchase, of goods on consignment: somebody takes over what a supplier left with us, at his price or another that was agreed, e.g. for what we lost
// and are to pay for; or gives it back, which costs nothing. Orders and tills take over by themselves what our own stock does not cover
// (core/consignment.ts).

import type { Instant } from '../calendar.ts'
import { consignedRows, takeOver, type TakenOver } from '../consignment.ts'
import { untimely } from '../fault.ts'
import { settle } from '../hold.ts'
import type { ItemId, PartyId } from '../item.ts'
import { announce, availabilityOf, post, type Draft } from '../ledger.ts'
import { times, type Money } from '../money.ts'
import type { Condition, End } from '../move.ts'
import { virtualPlaces, type PlaceId } from '../place.ts'
import { least, none, plus, quantity, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { itemKey, stockAt, stockKey } from '../stock.ts'

export interface TakeOver {
  readonly kind: 'takeOver'
  readonly owner: PartyId
  readonly item: ItemId
  readonly quantity: Quantity
  /** Without a place, wherever it stands; without a lot or serial, the soonest to expire. */
  readonly place: PlaceId | null
  readonly lot: string
  readonly serial: string
  /** Of one; the supplier's catalogue says it unless another was agreed. */
  readonly unitPrice: Money | null
  readonly takenAt: Instant
}

export function takeOverConsigned(command: TakeOver, draft: Draft): object | Refusal {
  const { owner, item, place, unitPrice, takenAt } = command
  const fault = quantityOrTime(command, takenAt, 'takenAt', draft)
  if (fault) return fault
  const offer = draft.consigned.get(itemKey(item, owner))
  const price = unitPrice ?? offer?.price
  if (offer === undefined || price === undefined)
    return refuse('price_not_agreed', 'unitPrice', 'At what price? The catalogue of the supplier does not say.')
  const rows = consignedRows(draft, item, owner, command).filter((row) => place === null || row.place === place)
  const standing = rows.reduce((sum, row) => plus(sum, row.quantity), none)
  const there = least(standing, quantity(Math.max(availabilityOf(draft, item, owner).sellable, 0)))
  if (there < command.quantity) return refuse('not_enough_stock', 'quantity', `${there} of ${offer.code}'s goods can be taken over there.`)
  const taken: TakenOver = takeOver(draft, { ...offer, price }, rows, command.quantity, null, takenAt)
  settle(draft, item, draft.state.owner)
  return { id: taken.purchase, supplier: taken.supplier, quantity: taken.quantity, unitPrice: price, value: times(price, taken.quantity) }
}

export interface GiveBack {
  readonly kind: 'giveBack'
  readonly document: string
  readonly owner: PartyId
  readonly item: ItemId
  readonly quantity: Quantity
  readonly place: PlaceId
  readonly lot: string
  readonly serial: string
  readonly condition: Condition
  readonly givenAt: Instant
}

/** The supplier takes back what is still his. */
export function giveBack(command: GiveBack, draft: Draft): object | Refusal {
  const { document, owner, item, place, lot, serial, condition, givenAt } = command
  const fault = quantityOrTime(command, givenAt, 'givenAt', draft)
  if (fault) return fault
  const from: End = { place, package: '', lot, serial, condition, owner }
  const there = draft.stock.get(stockKey(stockAt(item, from)))?.quantity ?? none
  if (there < command.quantity) return refuse('not_enough_stock', 'quantity', `${there} of the supplier's are recorded there in this condition.`)
  const to = { ...from, place: virtualPlaces.supplier }
  post(draft, { item, quantity: command.quantity, from, to, cause: 'give_back', document, line: 1, occurredAt: givenAt })
  announce(draft, {
    type: 'goods.given_back',
    subject: document,
    occurredAt: givenAt,
    data: { supplier: owner, item, quantity: command.quantity, condition },
  })
  return { id: document, item, quantity: command.quantity }
}

const quantityOrTime = (command: TakeOver | GiveBack, at: Instant, field: string, draft: Draft): Refusal | undefined =>
  command.quantity <= 0
    ? refuse('quantity_not_positive', 'quantity', `A quantity of ${command.quantity} cannot be moved.`)
    : untimely(draft, at, field)
