// Shrinkage: goods that are gone for a known cause. Entered where it is noticed, in seconds; holds that counted on them are shorted.

import type { Instant } from '../calendar.ts'
import { ownerIn } from '../consignment.ts'
import { untimely } from '../fault.ts'
import { settle } from '../hold.ts'
import type { ItemId, PartyId } from '../item.ts'
import { announce, post, type Draft } from '../ledger.ts'
import type { Condition } from '../move.ts'
import { virtualPlaces, type LossCause, type PlaceId } from '../place.ts'
import { none, type Quantity } from '../quantity.ts'
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
  readonly note: string
  readonly lostAt: Instant
}

export function lose(command: Lose, draft: Draft): object | Refusal {
  const { document, item, owner = draft.state.owner, quantity, place, lot, serial, condition, cause, note, lostAt } = command
  if (quantity <= 0) return refuse('quantity_not_positive', 'quantity', `A loss of ${quantity} is none.`)
  const ahead = untimely(draft, lostAt, 'lostAt')
  if (ahead) return ahead
  const from = { place, package: '', lot, serial, condition, owner }
  const there = draft.stock.get(stockKey(stockAt(item, from)))?.quantity ?? none
  if (there < quantity) {
    return refuse('not_enough_stock', 'quantity', `${there} are recorded there in this condition; what the record does not know is found by a count.`)
  }
  const value = post(draft, {
    item,
    quantity,
    from,
    to: { ...from, place: virtualPlaces[`loss.${cause}`] },
    cause: 'loss',
    document,
    line: 1,
    occurredAt: lostAt,
  })
  settle(draft, item, owner)
  announce(draft, { type: 'stock.lost', subject: document, occurredAt: lostAt, data: { item, ...ownerIn(command), quantity, cause, note, value } })
  return { id: document, item, quantity, cause, value }
}
