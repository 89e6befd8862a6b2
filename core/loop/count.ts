// Count: what a person found at a place, at an instant. It is compared with the ledger as it was at that instant, so what is sold before or after changes
// nothing; the difference is a move to or from the place where such differences go. The count itself is not stock, and an equal count moves nothing.

import type { Instant } from '../calendar.ts'
import { expiryFault, labelFault, untimely, serialFault } from '../fault.ts'
import { closeShort, settle } from '../hold.ts'
import { serveWaiting } from '../consignment.ts'
import type { ItemId, PartyId } from '../item.ts'
import { announce, availabilityOf, post, type Draft } from '../ledger.ts'
import { add, nothing, subtract, type Money } from '../money.ts'
import type { Condition } from '../move.ts'
import type { PlaceId } from '../place.ts'
import { changedSince, differenceMoves, endOfPosition, movedSinceKey, type PositionCount, type StockPosition } from '../position-count.ts'
import { minus, quantity, type Quantity } from '../quantity.ts'
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
  const position = { item, owner, place, lot, serial, condition }
  const recorded = recordedAt(draft, position, countedAt)
  const difference = minus(counted, recorded)
  const wrong = difference > 0 ? foundFault(draft, position) : undefined
  if (wrong) return wrong
  const value = postCount(draft, { ...position, document, line: 1, countedAt }, counted, recorded)
  return { id: document, item, counted, recorded, difference, value }
}

/** What the ledger says of a position as it was at an instant: what it says now, less what has moved since. */
export function recordedAt(draft: Draft, position: StockPosition, at: Instant): Quantity {
  const now = draft.stock.get(stockKey(stockAt(position.item, endOfPosition(position))))?.quantity ?? 0
  const before = draft.movedSince.get(movedSinceKey(position, at))?.quantity ?? 0
  return quantity(now - before - changedSince(draft.state.moves, position, at) - changedSince(draft.moves, position, at))
}

/** Posts what a count found, and remembers what was counted for what is told late. Returns what the difference is worth. */
export function postCount(draft: Draft, position: Omit<PositionCount, 'difference'>, counted: Quantity, recorded: Quantity): Money {
  const { document, item, owner, place, countedAt } = position
  const difference = minus(counted, recorded)
  closeShort(draft, item, place)
  let value = nothing
  for (const move of differenceMoves(position, difference)) {
    const worth = post(draft, move)
    value = difference < 0 ? subtract(value, worth) : add(value, worth)
  }
  draft.positionCount.put({ ...position, difference })
  if (difference !== 0) settleCounted(draft, item, owner)
  const whose = owner === draft.state.owner ? {} : { owner }
  announce(draft, {
    type: 'stock.counted',
    subject: document,
    occurredAt: countedAt,
    data: { item, ...whose, counted, recorded, difference, ...standing(draft, position) },
  })
  return value
}

/** Which stock was counted, what the record has of it at the site in all now, and after which move: what a belief needs to go on from it. */
const standing = (draft: Draft, { item, owner, place, lot, serial, condition }: StockPosition): object => ({
  at: { place, lot, serial, condition },
  sellable: availabilityOf(draft, item, owner).sellable,
  afterMove: draft.state.head.moves + draft.moves.length,
})

/** Whatever a command told late of the time before a count left there what was counted: what it freed or took elsewhere is settled. */
export function settleCounts(draft: Draft): void {
  if (draft.positionCount.changed.size === 0) return
  for (const row of draft.positionCount.changed.values()) if (row !== undefined) settleCounted(draft, row.item, row.owner)
}

function settleCounted(draft: Draft, item: ItemId, owner: PartyId): void {
  settle(draft, item, owner)
  if (owner !== draft.state.owner) serveWaiting(draft, item)
}

/** What is found may be of an expired or recalled lot, or a piece that is recorded elsewhere. */
const foundFault = (draft: Draft, position: StockPosition): Refusal | undefined =>
  expiryFault(draft, position.item, position.lot, null, position.condition, 'lot') ??
  recallFault(draft, position, position.condition) ??
  serialFault(draft, position.item, position.serial, 'serial', endOfPosition(position))
