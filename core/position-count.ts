// Position count: what a posted count says of a position: so many were there at that instant, whatever the record said. What is told late of the time
// before that, the counter saw; so it must not change what he counted.
//
// Invariant: at the instant of a count, the ledger says what was counted, however much is told afterwards of the time before. A late move is undone at the
// first count after it by a move of the opposite sign, which takes that much off the count's difference. Of two things at one instant, what was recorded
// when the count was posted was before it.

import type { Instant } from './calendar.ts'
import type { ItemId, PartyId } from './item.ts'
import type { Condition, End, Move, Posting } from './move.ts'
import { virtualPlaces, type PlaceId } from './place.ts'
import { least, minus, none, plus, quantity, type Quantity } from './quantity.ts'

/** What is counted as one: goods that nothing tells apart, at one place and in no package. */
export interface StockPosition {
  readonly item: ItemId
  readonly owner: PartyId
  readonly place: PlaceId
  readonly lot: string
  readonly serial: string
  readonly condition: Condition
}

export interface PositionCount extends StockPosition {
  /** The count or count sheet, and its line. */
  readonly document: string
  readonly line: number
  readonly countedAt: Instant
  /** Counted less recorded, as known by now. */
  readonly difference: Quantity
}

/** What came to a position less what left it after an instant, as it was recorded before the batch. */
export interface MovedSince extends StockPosition {
  readonly at: Instant
  readonly quantity: Quantity
}

export const positionKey = ({ item, owner, place, lot, serial, condition }: StockPosition): string =>
  JSON.stringify([item, owner, place, lot, serial, condition])
export const movedSinceKey = (position: StockPosition, at: Instant): string => `${at} ${positionKey(position)}`

export const endOfPosition = ({ place, lot, serial, condition, owner }: StockPosition): End => ({ place, package: '', lot, serial, condition, owner })
const positionOf = (item: ItemId, { place, lot, serial, condition, owner }: End): StockPosition => ({ item, owner, place, lot, serial, condition })

/** What moves change at a position after an instant. */
export function changedSince(moves: readonly Move[], position: StockPosition, at: Instant): number {
  const key = positionKey(position)
  const isHere = (end: Move['from']): boolean =>
    end.place === position.place && end.package === '' && positionKey(positionOf(position.item, end)) === key
  let sum = 0
  for (const move of moves) {
    if (move.item !== position.item || move.occurredAt <= at) continue
    if (isHere(move.to)) sum += move.quantity
    if (isHere(move.from)) sum -= move.quantity
  }
  return sum
}

interface Counts {
  of(group: string): PositionCount[]
  put(row: PositionCount): void
}

/** The moves by which counts that saw a late move undo it; takes them off the counts' differences. */
export function undoneByCounts(counts: Counts, { item, quantity: moved, from, to, occurredAt }: Posting): readonly Posting[] {
  const changes = [
    [from, moved],
    [to, quantity(-moved)],
  ] as const
  return changes.flatMap(([end, change]) => {
    if (end.package !== '') return []
    const [first] = counts
      .of(positionKey(positionOf(item, end)))
      .filter((one) => one.countedAt > occurredAt)
      .toSorted((a, b) => a.countedAt - b.countedAt)
    if (first === undefined) return []
    counts.put({ ...first, difference: plus(first.difference, change) })
    return differenceMoves(first, change, first.difference)
  })
}

/**
 * The moves that a difference makes, or a change of one that was posted: what undoes it comes back from where it went. A serial moves piece by piece: where
 * it was sold before it was received, finding it is two.
 */
export function differenceMoves(counted: Omit<PositionCount, 'difference'>, change: Quantity, before: Quantity = none): readonly Posting[] {
  const { item, document, line, countedAt: occurredAt, serial } = counted
  const here = endOfPosition(counted)
  const undone = Math.sign(change) === -Math.sign(before) ? least(size(change), size(before)) : none
  const further = minus(size(change), undone)
  const found = { ...here, place: virtualPlaces['gain.found'] }
  const missed = { ...here, place: virtualPlaces['loss.unexplained'] }
  const [undoing, making] = change > 0 ? [missed, found] : [found, missed]
  return [[undoing, undone] as const, [making, further] as const].flatMap(([elsewhere, some]) => {
    const [from, to] = change > 0 ? [elsewhere, here] : [here, elsewhere]
    const pieces = serial === '' ? (some > 0 ? [some] : []) : Array.from({ length: some }, () => quantity(1))
    return pieces.map((piece): Posting => ({ item, quantity: piece, from, to, cause: 'count', document, line, occurredAt }))
  })
}

const size = (some: Quantity): Quantity => quantity(Math.abs(some))
