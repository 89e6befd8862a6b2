// Arrival: goods that left another site for this one and are still on their way. They are here when somebody at the dock says so: the ledger posts
// transit -> dock then, at the value they left with, and not a day before.

import type { Day, Instant } from './calendar.ts'
import type { ItemId, SiteId } from './item.ts'
import type { Money } from './money.ts'
import type { Quantity } from './quantity.ts'

/** Goods on their way between two sites, as the message tells of them. */
export interface InTransit {
  readonly line: number
  readonly item: ItemId
  readonly quantity: Quantity
  readonly lot: string
  readonly serial: string
  readonly expiresOn: Day | null
  readonly value: Money
}

export interface Arrival extends InTransit {
  readonly transfer: string
  /** Tells apart what is on its way for one transfer. */
  readonly number: number
  readonly from: SiteId
  readonly sentAt: Instant
  /** The day on which it is expected. */
  readonly due: Day
}
