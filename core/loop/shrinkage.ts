// Shrinkage: goods that are gone for a known cause. Entered where it is noticed, in seconds; holds that counted on them are shorted. Physical truth
// wins: more may be gone than the record has, which goes below zero as a visible exception. What was entered in error is undone by a move the
// other way, at what the loss was worth.

import type { Instant } from '../calendar.ts'
import { ownerIn, serveWaiting } from '../consignment.ts'
import { expiryFault, labelFault, serialFault, untimely } from '../fault.ts'
import { settle } from '../hold.ts'
import type { ItemId, PartyId } from '../item.ts'
import { announce, post, type Draft } from '../ledger.ts'
import { originOf, undoing, type LossOrigin } from '../loss.ts'
import type { Condition, End } from '../move.ts'
import { virtualPlaces, type LossCause, type PlaceId } from '../place.ts'
import { minus, none, quantity as quantityOf, type Quantity } from '../quantity.ts'
import { recalledSince } from '../recalled-goods.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { stockAt, stockKey } from '../stock.ts'

export interface Lose {
  readonly kind: 'lose'
  readonly document: string
  readonly item: ItemId
  /** The supplier whose goods they are; ours without one. Whoever bears it: what we are to pay for is taken over first. */
  readonly owner?: PartyId
  readonly quantity: Quantity
  readonly place: PlaceId
  readonly lot: string
  readonly serial: string
  readonly condition: Condition
  readonly cause: LossCause
  /** Where it was lost, if that is not what cause and place say. */
  readonly origin?: LossOrigin
  readonly note: string
  readonly evidence?: string
  readonly lostAt: Instant
}

export interface UndoLoss {
  readonly kind: 'undoLoss'
  readonly document: string
  /** The loss, and what is gone by it, so that the lane reads it. */
  readonly loss: string
  readonly item: ItemId
  readonly place: PlaceId
  readonly note: string
  readonly undoneAt: Instant
}

export function lose(command: Lose, draft: Draft): object | Refusal {
  const { document, item, owner = draft.state.owner, quantity, place, lot, serial, cause, note, evidence = '', lostAt } = command
  if (quantity <= 0) return refuse('quantity_not_positive', 'quantity', `A loss of ${quantity} is none.`)
  const fault = untimely(draft, lostAt, 'lostAt') ?? labelFault(draft, command)
  if (fault) return fault
  const condition = conditionNow(draft, command)
  const from = { place, package: '', lot, serial, condition, owner }
  const recorded = draft.stock.get(stockKey(stockAt(item, from)))?.quantity ?? none
  const beyond = minus(quantity, recorded)
  if (beyond > 0 && (serial !== '' || owner !== draft.state.owner)) {
    return refuse(
      'not_enough_stock',
      'quantity',
      `${recorded} are recorded there in this condition; what the record does not know is found by a count.`,
    )
  }
  const to = { ...from, place: virtualPlaces[`loss.${cause}`] }
  const value = post(draft, { item, quantity, from, to, cause: 'loss', document, line: 1, occurredAt: lostAt })
  const origin = command.origin ?? originOf(cause, draft.state.places.get(place))
  const told = { item, owner, quantity, place, lot, serial, condition, cause, origin, note, evidence, value }
  draft.loss.put({ loss: document, ...told, lostAt, undoes: null })
  if (beyond > 0) noteBelow(draft, item, document, recorded, quantity)
  settle(draft, item, owner)
  const said = { item, ...ownerIn(command), quantity, cause, origin, note, evidence, value }
  announce(draft, { type: 'stock.lost', subject: document, occurredAt: lostAt, data: said })
  return { id: document, item, quantity, cause, origin, condition, recorded, value }
}

/** What expired stands as expired and what is recalled in quarantine, whatever is printed on it: there it is gone from. */
function conditionNow(draft: Draft, { item, lot, serial, condition }: Pick<Lose, 'item' | 'lot' | 'serial' | 'condition'>): Condition {
  if (condition !== 'sellable') return condition
  if (expiryFault(draft, item, lot, null, condition, 'lot') !== undefined) return 'expired'
  return recalledSince(draft, { item, lot, serial }) === null ? condition : 'quarantine'
}

function noteBelow(draft: Draft, item: ItemId, document: string, recorded: Quantity, lost: Quantity): void {
  const left = minus(recorded, lost)
  draft.exception.put({
    exception: draft.state.newId(),
    kind: 'negative_stock',
    item,
    document,
    line: 1,
    quantity: quantityOf(-left),
    detail: `${lost} were lost where ${recorded} were recorded: the record is ${left} there. Count what is there, or undo the loss.`,
    raisedAt: draft.state.now,
  })
}

export function undoLoss(command: UndoLoss, draft: Draft): object | Refusal {
  const { document, loss: id, note, undoneAt } = command
  const loss = draft.loss.get(id)
  if (loss === undefined || loss.undoes !== null) return refuse('loss_not_known', 'id', 'There is no such loss at this site.')
  if (draft.loss.of(undoing(id)).length > 0) return refuse('loss_undone', 'id', 'This loss was undone already.')
  const { item, owner, quantity, place, lot, serial, cause, value, lostAt } = loss
  const fault = untimely(draft, undoneAt, 'undoneAt') ?? serialFault(draft, item, serial, 'serial')
  if (fault) return fault
  if (undoneAt < lostAt) return refuse('date_not_valid', 'undoneAt', 'What is undone must have happened before.')
  const from: End = { place: virtualPlaces[`loss.${cause}`], package: '', lot, serial, condition: loss.condition, owner }
  const condition = conditionNow(draft, loss)
  post(draft, { item, quantity, from, to: { ...from, place, condition }, cause: 'unloss', document, line: 1, occurredAt: undoneAt, value })
  draft.loss.put({ ...loss, loss: document, condition, note, evidence: '', lostAt: undoneAt, undoes: id })
  settle(draft, item, owner)
  if (owner !== draft.state.owner) serveWaiting(draft, item)
  announce(draft, { type: 'loss.undone', subject: id, occurredAt: undoneAt, data: { item, quantity, cause, note, value } })
  return { id: document, loss: id, item, quantity, cause, condition, value }
}
