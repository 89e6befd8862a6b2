// Planned move: an intention with a due date: an order line's goods, a purchase line, a transfer's end, a work
// order's output and its components. A hold is `held` on it; there is
// no reservation table. Invariants: planned = posted + cancelled + open, held <= open, pegged <= open, allocated <= held.

import type { Day, Instant } from './calendar.ts'
import type { ItemId, PartyId, SiteId } from './item.ts'
import type { Money } from './money.ts'
import type { PlaceId } from './place.ts'
import { minus, none, quantity, type Quantity } from './quantity.ts'

export type PlannedKind = 'order' | 'purchase' | 'transfer_out' | 'transfer_in' | 'component' | 'output'

export interface PlannedMove {
  readonly document: string
  readonly line: number
  readonly part: number
  readonly kind: PlannedKind
  readonly direction: 'supply' | 'demand'
  /** `proposed` belongs to a plan and is never promised from. */
  readonly status: 'proposed' | 'firm' | 'released'
  readonly item: ItemId
  readonly owner: PartyId
  readonly from: PlaceId
  readonly to: PlaceId
  readonly homeSite: SiteId
  readonly due: Day
  /** Smaller is more urgent. */
  readonly priority: number
  /** Orders planned moves of one priority: first come, first served. */
  readonly age: number
  /** What one of it stands for where the flow is counted: an order line's price, a purchase's, an output's standard cost. Nothing for what stands nowhere. */
  readonly unitPrice: Money
  readonly planned: Quantity
  readonly posted: Quantity
  readonly cancelled: Quantity
  readonly held: Quantity
  readonly pegged: Quantity
  readonly allocated: Quantity
  readonly holdExpiresAt: Instant | null
  /** A demand and the supply that is bought for it alone are bound to each other (core/line-supply.ts). */
  readonly bound?: boolean | null
}

/** What has become of a planned move that is new. */
export const nothingYet = { posted: none, cancelled: none, held: none, pegged: none, allocated: none, holdExpiresAt: null } as const

export interface Peg {
  /** Keys of planned moves. */
  readonly supply: string
  readonly demand: string
  readonly quantity: Quantity
}

export const plannedKey = (row: { readonly document: string; readonly line: number; readonly part: number }): string =>
  `${row.document}/${row.line}/${row.part}`

export const open = ({ planned, posted, cancelled }: Pick<PlannedMove, 'planned' | 'posted' | 'cancelled'>): Quantity =>
  minus(planned, quantity(posted + cancelled))
/** What still waits for stock: open and not held. */
export const waiting = (row: PlannedMove): Quantity => minus(open(row), row.held)
export const isBound = ({ bound }: Pick<PlannedMove, 'bound'>): boolean => bound === true

/**
 * What of it counts for promising, beside all other demand and supply: what is open; of what is bound only what is held, since that stands in stock. The
 * lane's reads and `qm verify` say the same in SQL (server/lane/counted.ts): change both or none.
 */
export function counted(row: PlannedMove): Quantity {
  if (row.status === 'proposed') return none
  return isBound(row) ? row.held : open(row)
}

/** First come, first served within a priority. */
export const byUrgency = (a: PlannedMove, b: PlannedMove): number => a.priority - b.priority || a.age - b.age || a.line - b.line || a.part - b.part

/** Whether the row's own invariants hold; the database checks the same. */
export function isSound(row: PlannedMove): boolean {
  const left = open(row)
  return left >= 0 && row.held >= 0 && row.held <= left && row.pegged >= 0 && row.pegged <= left && row.allocated >= 0 && row.allocated <= row.held
}
