// Order: the commercial record: who asked for what, at what price, and what was promised. What is still to be done for a line stands in
// its planned moves; the line itself remembers what is done.

import type { Day, Instant } from './calendar.ts'
import type { ItemId, PartyId, SiteId } from './item.ts'
import type { Money } from './money.ts'
import { minus, quantity, type Quantity } from './quantity.ts'

export interface Order {
  readonly order: string
  readonly number: number
  /** A sale is an order that a till placed, held, handed over and closed in one command. */
  readonly kind: 'order' | 'sale'
  readonly customer: PartyId
  /** The customer's own number, unique at its site. */
  readonly reference: string | null
  readonly shipComplete: boolean
  readonly priority: number
  readonly orderedAt: Instant
  readonly recordedAt: Instant
}

export interface OrderLine {
  readonly order: string
  readonly line: number
  readonly item: ItemId
  readonly source: SiteId
  readonly quantity: Quantity
  readonly unitPrice: Money
  readonly requested: Day
  /** As it was given; a slipping supply never rewrites it. */
  readonly promised: Day | null
  readonly cancelled: Quantity
  readonly shipped: Quantity
  readonly delivered: Quantity
  readonly returned: Quantity
}

export interface Shipment {
  readonly shipment: string
  readonly order: string
  readonly homeSite: SiteId
  readonly shippedAt: Instant
  readonly deliveredAt: Instant | null
  readonly receivedBy: string | null
}

export interface ShipmentLine {
  readonly shipment: string
  readonly line: number
  readonly part: number
  readonly quantity: Quantity
}

export interface Exception {
  readonly exception: string
  readonly kind:
    | 'hold_shorted'
    | 'negative_stock'
    | 'lot_expired'
    | 'count_difference'
    | 'hold_lost'
    | 'serial_doubled'
    | 'supply_late'
    | 'supply_short'
  readonly item: ItemId | null
  readonly document: string | null
  readonly line: number | null
  readonly quantity: Quantity
  readonly detail: string
  readonly raisedAt: Instant
}

export const openOf = ({ quantity: asked, cancelled, shipped }: OrderLine): Quantity => minus(asked, quantity(cancelled + shipped))

/** How far an order has come, worst line first: what its lines and planned moves say, never a flag. */
export type OrderState = 'backordered' | 'held' | 'allocated' | 'shipped' | 'delivered' | 'cancelled'
export type OrderAction = 'allocate' | 'pick' | 'ship' | 'deliver' | 'cancel' | 'return'

/** Which state permits which action: the API refuses by it, and buttons will follow it. */
export const orderCan: Readonly<Record<OrderState, readonly OrderAction[]>> = {
  backordered: ['cancel', 'allocate', 'pick', 'ship', 'deliver', 'return'],
  held: ['cancel', 'allocate', 'deliver', 'return'],
  allocated: ['cancel', 'allocate', 'pick', 'ship', 'deliver', 'return'],
  shipped: ['deliver', 'return'],
  delivered: ['return'],
  cancelled: [],
}

/** What is left to do for the open part of an order's lines. */
export interface Progress {
  readonly open: Quantity
  readonly held: Quantity
  readonly allocated: Quantity
}

export function orderState(lines: readonly OrderLine[], progress: Progress): OrderState {
  if (progress.open > 0) {
    if (progress.held < progress.open) return 'backordered'
    // In part is enough: what is packed may go, whatever became of the rest.
    return progress.allocated === 0 ? 'held' : 'allocated'
  }
  if (lines.every((line) => line.shipped === 0)) return 'cancelled'
  return lines.every((line) => line.delivered === line.shipped) ? 'delivered' : 'shipped'
}
