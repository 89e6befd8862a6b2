// Order: the commercial record: who asked for what, at what price, and what was promised. What is still to be done for a line stands in
// its planned moves; the line itself remembers what is done.

import type { Day, Instant } from './calendar.ts'
import type { ItemId, PartyId, SiteId } from './item.ts'
import type { Money } from './money.ts'
import type { PriceBasis } from './order-price.ts'
import type { PlaceId } from './place.ts'
import { minus, quantity, type Quantity } from './quantity.ts'
import type { ShipmentState } from './tracking.ts'
import type { Weight } from './weight.ts'

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
  /** Null where nobody noted it. */
  readonly priceBasis: PriceBasis | null
  readonly requested: Day
  /** As it was given; a slipping supply never rewrites it. */
  readonly promised: Day | null
  readonly cancelled: Quantity
  readonly shipped: Quantity
  readonly delivered: Quantity
  readonly returned: Quantity
  /** Shipped, and back at the site undelivered. */
  readonly cameBack: Quantity
  /** Ever lost on the way: it counts as shipped no more and is open again, however often it was sent since. */
  readonly lost: Quantity
  /** The kit that the line is of, by its number in the order, and how many pieces of it are in one kit. */
  readonly kit: number | null
  readonly kitEach: Quantity | null
}

export interface Shipment {
  readonly shipment: string
  readonly order: string
  readonly homeSite: SiteId
  readonly shippedAt: Instant
  readonly deliveredAt: Instant | null
  readonly receivedBy: string | null
  readonly deliveryNote: string
  /** Where it was handed over, in millionths of a degree. */
  readonly latitude_e6: number | null
  readonly longitude_e6: number | null
  readonly service: number | null
  readonly weight: Weight | null
  readonly price: Money | null
  /** The day that the service promised; never rewritten. */
  readonly promised: Day | null
  /** What tracking makes of it (core/tracking.ts). */
  readonly estimated: Day | null
  readonly state: ShipmentState
  /** The purchase by which its supplier shipped it, with whom, and the number it is followed by; ours have none of them. */
  readonly purchase?: string | null
  readonly carrier?: string | null
  readonly trackingNumber?: string | null
}

export interface ShipmentLine {
  readonly shipment: string
  readonly line: number
  readonly part: number
  readonly quantity: Quantity
  readonly delivered: Quantity
  readonly cameBack: Quantity
  readonly lost: Quantity
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
    | 'supply_overdue'
    | 'supply_short'
    | 'short_pick'
    | 'shipment_lost'
    | 'not_collected'
    | 'phantom_stock'
  readonly item: ItemId | null
  readonly document: string | null
  readonly line: number | null
  readonly quantity: Quantity
  readonly detail: string
  readonly raisedAt: Instant
  readonly place?: PlaceId | null
  readonly closedAt?: Instant | null
  /** Order lines that it hurt when it was raised, and what of them was worth how much. */
  readonly hurtLines?: number
  readonly hurtValue?: Money
}

/** An order line that an exception hurt, as that was found when it was raised. */
export interface ExceptionHurt {
  readonly exception: string
  readonly order: string
  readonly line: number
  readonly quantity: Quantity
  readonly promised: Day | null
  readonly estimate: Day | null
}

/** A day that a customer was told after the first promise, which stays in the line: the last that was told is the one to keep. */
export interface LaterPromise {
  readonly order: string
  readonly line: number
  /** From 1, in the order in which they were told. */
  readonly number: number
  readonly promised: Day
  readonly promisedAt: Instant
  /** Why another day was told. */
  readonly exception: string
}

/** What the customer was told of a line that counts on a supply, as it was read: all that whoever is late with it needs to know of its order. */
export interface ToldLine {
  readonly order: string
  readonly line: number
  /** Of the order, as people know it. */
  readonly number: number
  readonly promised: Day | null
  /** The day that was told last, where it was another. */
  readonly later: Day | null
}

export const openOf = ({ quantity: asked, cancelled, shipped }: OrderLine): Quantity => minus(asked, quantity(cancelled + shipped))

/** How far an order has come, worst line first: what its lines and planned moves say, never a flag. */
export const orderStates = [
  'backordered',
  'held',
  'allocated',
  'picked',
  'packed',
  'ready',
  'shipped',
  'delivered',
  'came_back',
  'cancelled',
] as const
export type OrderState = (typeof orderStates)[number]
export const orderActions = [
  'allocate',
  'recall',
  'pick',
  'pack',
  'unpack',
  'ready',
  'collect',
  'put_back',
  'buy',
  'ship',
  'deliver',
  'change',
  'cancel',
  'return',
] as const
export type OrderAction = (typeof orderActions)[number]

/** Which state permits which action: the API refuses by it, and buttons follow it. A package is opened in any: what its order let go of is in it. */
export const orderCan: Readonly<Record<OrderState, readonly OrderAction[]>> = {
  backordered: ['change', 'cancel', 'buy', 'allocate', 'recall', 'pick', 'pack', 'unpack', 'ship', 'deliver', 'return'],
  held: ['change', 'cancel', 'allocate', 'unpack', 'deliver', 'return'],
  allocated: ['change', 'cancel', 'allocate', 'recall', 'pick', 'pack', 'unpack', 'ship', 'deliver', 'return'],
  picked: ['change', 'cancel', 'pack', 'unpack', 'ready', 'ship', 'deliver', 'return'],
  packed: ['change', 'cancel', 'unpack', 'ready', 'ship', 'deliver', 'return'],
  ready: ['change', 'cancel', 'unpack', 'ready', 'collect', 'put_back', 'return'],
  shipped: ['unpack', 'deliver', 'return'],
  delivered: ['unpack', 'return'],
  came_back: ['unpack'],
  cancelled: ['unpack'],
}

/** What is left to do for the open part of an order's lines. */
export interface Progress {
  readonly open: Quantity
  readonly held: Quantity
  readonly allocated: Quantity
  /** Of the allocated, what stands at packing, and what of that is in a package. */
  readonly picked: Quantity
  readonly packed: Quantity
}

/** `isReady`: somebody said that it can be collected, which it can be as long as all of it is picked. */
export function orderState(lines: readonly Pick<OrderLine, 'shipped' | 'delivered' | 'cameBack'>[], progress: Progress, isReady = false): OrderState {
  if (progress.open > 0) {
    if (progress.held < progress.open) return 'backordered'
    // In part is enough: what is packed may go, whatever became of the rest.
    if (progress.allocated === 0) return 'held'
    if (progress.picked < progress.open) return 'allocated'
    if (isReady) return 'ready'
    return progress.packed < progress.open ? 'picked' : 'packed'
  }
  if (lines.every((line) => line.shipped === 0)) return 'cancelled'
  if (lines.some((line) => line.delivered + line.cameBack < line.shipped)) return 'shipped'
  return lines.every((line) => line.delivered === 0) ? 'came_back' : 'delivered'
}
