// Purchase order: the commercial record of what was bought: from whom, at what price, due when as first agreed, and what became of it. What is
// still to come stands in its planned moves. Invariants: received is what the planned move has posted; planned is what was ordered, or more
// where more came.

import type { Day, Instant } from './calendar.ts'
import type { ItemId, PartyId, SiteId } from './item.ts'
import type { Money } from './money.ts'
import { standardPlaces, virtualPlaces } from './place.ts'
import { nothingYet, type PlannedMove } from './planned-move.ts'
import type { Quantity } from './quantity.ts'

export interface PurchaseOrder {
  readonly purchase: string
  readonly supplier: PartyId
  readonly orderedAt: Instant
  readonly recordedAt: Instant
}

export interface PurchaseLine {
  readonly purchase: string
  readonly line: number
  readonly item: ItemId
  readonly quantity: Quantity
  readonly unitPrice: Money
  /** As first agreed; the planned move has the day it is expected now. */
  readonly due: Day
  /** What came and was taken. */
  readonly received: Quantity
  /** What came and was not: it is still expected, until the line is closed. */
  readonly rejected: Quantity
  readonly cancelled: Quantity
  /** The order line that it was bought for, if for one alone. */
  readonly order?: string | null
  readonly orderLine?: number | null
}

/** What a line of a purchase is expected to bring: from the supplier to the dock of the site that bought it. */
export const supplyOfLine = (
  { purchase, line, item, quantity, unitPrice, due }: Pick<PurchaseLine, 'purchase' | 'line' | 'item' | 'quantity' | 'unitPrice' | 'due'>,
  { owner, site, age }: { readonly owner: PartyId; readonly site: SiteId; readonly age: number },
): PlannedMove => ({
  document: purchase,
  line,
  part: 1,
  kind: 'purchase',
  direction: 'supply',
  status: 'firm',
  item,
  owner,
  from: virtualPlaces.supplier,
  to: standardPlaces.dock,
  homeSite: site,
  due,
  priority: 0,
  age,
  unitPrice,
  planned: quantity,
  ...nothingYet,
})

/** The group of what was bought for one order alone. */
export const boughtFor = (order: string): string => `order ${order}`
