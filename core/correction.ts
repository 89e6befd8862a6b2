// Correction: a change of value that no goods moved for, append-only. Goods that went out before they came in are trued up, what was paid beside
// a standard leaves stock, an item is valued by another method, and what came late (a move, a bill, freight) changes what goods cost that went out
// since. Like a move it has another side: where the goods went whose cost it is, or where it came from.

import type { Day, Instant } from './calendar.ts'
import type { ItemId, Method, PartyId } from './item.ts'
import type { Money } from './money.ts'
import { virtualPlaces, type PlaceId } from './place.ts'

export type CorrectionReason = 'true_up' | 'variance' | 'restated' | 'revalued'

/** Places of value only: no goods ever go there. */
export const valuePlaces = {
  /** What was paid above or below the standard. */
  variance: 12 as PlaceId,
  /** What an item became worth more or less of by being valued anew. */
  restated: 13 as PlaceId,
} as const

export interface Correction {
  readonly correction: string
  /** The last move that was known when it was made: it stands between that move and the next. */
  readonly move: number
  readonly item: ItemId
  readonly owner: PartyId
  /** Added to the value of stock. */
  readonly amount: Money
  /** Its other side. */
  readonly place: PlaceId
  /** The day whose value it changes. */
  readonly countsOn: Day
  readonly document: string
  readonly reason: CorrectionReason
  readonly recordedAt: Instant
}

/** What a receipt corrects besides: goods that went out before they came in were customers', what was paid beside the standard is nobody's. */
export const ofReceipt = (method: Method): Pick<Correction, 'place' | 'reason'> =>
  method === 'standard' ? { place: valuePlaces.variance, reason: 'variance' } : { place: virtualPlaces.customer, reason: 'true_up' }

/** An item whose costs from a day on are to be corrected, since something came late. */
export interface Mark {
  readonly item: ItemId
  readonly owner: PartyId
  readonly from: Day
  /** What came late. */
  readonly document: string
  /** Tells this mark from a later one. */
  readonly mark: string
}

/** Value that is added to goods after they came in, or taken off: a late bill, freight, duty. Append-only. */
export interface CostAddition {
  readonly document: string
  readonly item: ItemId
  readonly owner: PartyId
  /** The move by which the goods came in. */
  readonly move: number
  readonly amount: Money
  readonly kind: CostKind
  readonly note: string
  readonly countsOn: Day
  readonly recordedAt: Instant
}

export type CostKind = 'bill' | 'freight' | 'duty' | 'insurance' | 'other'
export const costKinds: readonly CostKind[] = ['bill', 'freight', 'duty', 'insurance', 'other']

/** An item is valued by this method from here on, and was by that one before. Append-only. */
export interface Restatement {
  readonly document: string
  readonly item: ItemId
  readonly owner: PartyId
  /** The last move that was known. */
  readonly move: number
  readonly method: Method
  /** Of one; what a standard is, and what goods below zero go out at until some come in. */
  readonly standardCost: Money
  readonly methodBefore: Method
  readonly lastValueBefore: Money
  readonly lastQuantityBefore: number
  readonly restatedAt: Instant
  /** Its place among those of one instant. */
  readonly age: number
}
