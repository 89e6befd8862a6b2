// Belief event: what a move, or a count, tells of how many of an item a site really has. Only our own goods that can be sold where they stand are believed
// in; what goes from one such place to another tells nothing, and what becomes sellable comes as what was received does.
//
// Who buys at a till came to the shelf; who ordered did not, and would have ordered from an empty one as well. So what is shipped, or issued to production,
// shows that there was some, and its absence shows nothing.

import type { Instant } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import type { Cause, Condition } from '../move.ts'
import { sellsFrom, type PlaceKind } from '../place.ts'

/** One end of a move, as far as it matters here; a virtual place is of no kind. */
export interface MovedEnd {
  readonly kind: PlaceKind | null
  readonly condition: Condition
  /** Whether they are the site's own goods there. */
  readonly own: boolean
}

export interface MovedGoods {
  readonly sequence: number
  readonly item: ItemId
  readonly quantity: number
  readonly cause: Cause
  readonly from: MovedEnd
  readonly to: MovedEnd
  readonly occurredAt: Instant
}

/** What the log says of a count. */
export interface CountedGoods {
  /** The last move before which, and with which, it was counted. */
  readonly afterMove: number
  readonly item: ItemId
  readonly counted: number
  /** What the record had there before. */
  readonly recorded: number
  /** What the record has of it at the site in all, once it is counted: ours that can be sold. */
  readonly sellable: number
  /** Which of the item's stock was counted: place, lot and serial. */
  readonly stock: string
  readonly at: MovedEnd
  readonly countedAt: Instant
}

export type BeliefEvent = { readonly item: ItemId; readonly at: Instant } & (
  | { readonly what: 'sold' | 'sent' | 'taken' | 'came'; readonly units: number }
  | { readonly what: 'corrected'; readonly change: number }
  | { readonly what: 'counted'; readonly counted: number; readonly recorded: number; readonly sellable: number; readonly stock: string }
)

/** What a move tells; nothing where it changes nothing of what can be sold. A count's own move only corrects the record: the count itself says more. */
export function eventOfMove({ item, quantity: units, cause, from, to, occurredAt: at }: MovedGoods): BeliefEvent | undefined {
  const [left, came] = [isSellable(from), isSellable(to)]
  if (left === came) return undefined
  if (cause === 'count') return { item, at, what: 'corrected', change: came ? units : -units }
  if (came) return { item, at, what: 'came', units }
  return { item, at, what: leavesAs[cause] ?? 'taken', units }
}

const leavesAs: Partial<Record<Cause, 'sold' | 'sent'>> = { sale: 'sold', shipment: 'sent', issue: 'sent' }

/** By how many a move changes what the record has that can be sold: also that of a count, which tells nothing by itself. */
export const changeOfMove = ({ quantity, from, to }: Pick<MovedGoods, 'quantity' | 'from' | 'to'>): number =>
  quantity * (Number(isSellable(to)) - Number(isSellable(from)))

export function eventOfCount({ item, counted, recorded, sellable, stock, at, countedAt }: CountedGoods): BeliefEvent | undefined {
  return isSellable(at) ? { item, at: countedAt, what: 'counted', counted, recorded, sellable, stock } : undefined
}

const isSellable = ({ kind, condition, own }: MovedEnd): boolean => own && condition === 'sellable' && kind !== null && sellsFrom(kind)
