// Count: what a person found at a place. The difference to the record is a move to or from the place where such differences go; the count
// itself is not stock, and an equal count moves nothing.

import type { Instant } from '../calendar.ts'
import { liesAhead } from '../fault.ts'
import { settle } from '../hold.ts'
import type { ItemId } from '../item.ts'
import { announce, post, type Draft } from '../ledger.ts'
import type { Condition } from '../move.ts'
import { virtualPlaces, type PlaceId } from '../place.ts'
import { minus, none, quantity, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { stockAt, stockKey } from '../stock.ts'

export interface Count {
  readonly kind: 'count'
  readonly document: string
  readonly item: ItemId
  readonly counted: Quantity
  readonly place: PlaceId
  readonly lot: string
  readonly serial: string
  readonly condition: Condition
  readonly countedAt: Instant
}

export function count(command: Count, draft: Draft): object | Refusal {
  const { document, item, counted, place, lot, serial, condition, countedAt } = command
  if (counted < 0) return refuse('quantity_not_positive', 'counted', 'Fewer than none cannot be counted.')
  const ahead = liesAhead(draft, countedAt, 'countedAt')
  if (ahead) return ahead
  const here = { place, package: '', lot, serial, condition, owner: draft.state.owner }
  const recorded = draft.stock.get(stockKey(stockAt(item, here)))?.quantity ?? none
  const difference = minus(counted, recorded)
  if (difference !== 0) {
    const elsewhere = { ...here, place: difference < 0 ? virtualPlaces['loss.unexplained'] : virtualPlaces['gain.found'] }
    const [from, to] = difference < 0 ? [here, elsewhere] : [elsewhere, here]
    post(draft, { item, quantity: quantity(Math.abs(difference)), from, to, cause: 'count', document, line: 1, occurredAt: countedAt })
    settle(draft, item, draft.state.owner)
  }
  announce(draft, { type: 'stock.counted', subject: document, occurredAt: countedAt, data: { item, counted, recorded, difference } })
  return { id: document, item, counted, recorded, difference }
}
