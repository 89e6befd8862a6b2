// Count: what a person found at a place. The difference to the record is a move to or from the place where such differences go; the count
// itself is not stock, and an equal count moves nothing.

import type { Instant } from '../calendar.ts'
import { expiryFault, labelFault, untimely, serialFault } from '../fault.ts'
import { closeShort, settle } from '../hold.ts'
import { ownerIn, serveWaiting } from '../consignment.ts'
import type { ItemId, PartyId } from '../item.ts'
import { announce, availabilityOf, post, type Draft } from '../ledger.ts'
import { add, nothing, subtract } from '../money.ts'
import type { Condition, End } from '../move.ts'
import { virtualPlaces, type PlaceId } from '../place.ts'
import { minus, none, quantity, type Quantity } from '../quantity.ts'
import { recallFault } from '../recalled-goods.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { stockAt, stockKey } from '../stock.ts'

export interface Count {
  readonly kind: 'count'
  readonly document: string
  readonly item: ItemId
  /** The supplier whose goods were counted; ours without one. */
  readonly owner?: PartyId
  readonly counted: Quantity
  readonly place: PlaceId
  readonly lot: string
  readonly serial: string
  readonly condition: Condition
  readonly countedAt: Instant
}

export function count(command: Count, draft: Draft): object | Refusal {
  const { document, item, owner = draft.state.owner, counted, place, lot, serial, condition, countedAt } = command
  if (counted < 0) return refuse('quantity_not_positive', 'counted', 'Fewer than none cannot be counted.')
  const fault = untimely(draft, countedAt, 'countedAt') ?? labelFault(draft, { item, quantity: counted, lot, serial })
  if (fault) return fault
  const here = { place, package: '', lot, serial, condition, owner }
  closeShort(draft, item, place)
  const recorded = draft.stock.get(stockKey(stockAt(item, here)))?.quantity ?? none
  const difference = minus(counted, recorded)
  const wrong = difference > 0 ? foundFault(draft, command, here) : undefined
  if (wrong) return wrong
  let value = nothing
  if (difference !== 0) {
    const elsewhere = { ...here, place: difference < 0 ? virtualPlaces['loss.unexplained'] : virtualPlaces['gain.found'] }
    const [from, to] = difference < 0 ? [here, elsewhere] : [elsewhere, here]
    // A serial moves piece by piece: where it was sold before it was received, finding it is two.
    const pieces = serial === '' ? [Math.abs(difference)] : Array.from({ length: Math.abs(difference) }, () => 1)
    for (const piece of pieces) {
      const worth = post(draft, { item, quantity: quantity(piece), from, to, cause: 'count', document, line: 1, occurredAt: countedAt })
      value = difference < 0 ? subtract(value, worth) : add(value, worth)
    }
    settle(draft, item, owner)
    if (owner !== draft.state.owner) serveWaiting(draft, item)
  }
  announce(draft, {
    type: 'stock.counted',
    subject: document,
    occurredAt: countedAt,
    data: { item, ...ownerIn(command), counted, recorded, difference, ...standing(draft, command, owner) },
  })
  return { id: document, item, counted, recorded, difference, value }
}

/** Which stock was counted, what the record has of it at the site in all now, and after which move: what a belief needs to go on from it. */
const standing = (draft: Draft, { item, place, lot, serial, condition }: Count, owner: PartyId): object => ({
  at: { place, lot, serial, condition },
  sellable: availabilityOf(draft, item, owner).sellable,
  afterMove: draft.state.head.moves + draft.moves.length,
})

/** What is found may be of an expired or recalled lot, or a piece that is recorded elsewhere. */
const foundFault = (draft: Draft, { item, lot, serial, condition }: Count, here: End): Refusal | undefined =>
  expiryFault(draft, item, lot, null, condition, 'lot') ??
  recallFault(draft, { item, lot, serial }, condition) ??
  serialFault(draft, item, serial, 'serial', here)
