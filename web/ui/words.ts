// Words: what codes of the API are called by people. Kept together, so that another language is another file.

import type { OrderAction, OrderState } from '../../core/order.ts'
import type { ShipmentState, TrackingKind } from '../../core/tracking.ts'
import type { WorkOrderAction, WorkOrderState } from '../../core/work-order.ts'

export type Tone = 'good' | 'plain' | 'busy' | 'short' | 'late' | 'gone'

export const orderStateWords: Readonly<Record<OrderState, { readonly word: string; readonly tone: Tone }>> = {
  backordered: { word: 'Backordered', tone: 'short' },
  held: { word: 'Held', tone: 'plain' },
  allocated: { word: 'In picking', tone: 'busy' },
  picked: { word: 'Picked', tone: 'busy' },
  packed: { word: 'Packed', tone: 'busy' },
  shipped: { word: 'Shipped', tone: 'busy' },
  delivered: { word: 'Delivered', tone: 'good' },
  came_back: { word: 'Came back', tone: 'late' },
  cancelled: { word: 'Cancelled', tone: 'gone' },
}

export const orderActionWords: Readonly<Record<OrderAction, string>> = {
  allocate: 'Release',
  pick: 'Pick',
  pack: 'Pack',
  unpack: 'Unpack',
  ship: 'Ship',
  deliver: 'Deliver',
  cancel: 'Cancel order',
  return: 'Take back',
}

export const shipmentStateWords: Readonly<Record<ShipmentState, { readonly word: string; readonly tone: Tone }>> = {
  shipped: { word: 'Shipped', tone: 'plain' },
  handed_over: { word: 'With the carrier', tone: 'busy' },
  in_transit: { word: 'On its way', tone: 'busy' },
  out_for_delivery: { word: 'Out for delivery', tone: 'busy' },
  exception: { word: 'Exception', tone: 'late' },
  delivered: { word: 'Delivered', tone: 'good' },
  came_back: { word: 'Came back', tone: 'late' },
}

export const trackingWords: Readonly<Record<TrackingKind, string>> = {
  handed_over: 'Handed to the carrier',
  in_transit: 'On its way',
  out_for_delivery: 'Out for delivery',
  attempt_failed: 'Nobody took it',
  exception: 'Something is wrong',
  delivered: 'Delivered',
  came_back: 'Came back',
}

export const workOrderStateWords: Readonly<Record<WorkOrderState, { readonly word: string; readonly tone: Tone }>> = {
  planned: { word: 'Planned', tone: 'plain' },
  released: { word: 'Released', tone: 'busy' },
  completed: { word: 'Completed', tone: 'good' },
  cancelled: { word: 'Cancelled', tone: 'gone' },
}

export const workOrderActionWords: Readonly<Record<WorkOrderAction, string>> = {
  release: 'Release',
  issue: 'Issue components',
  output: 'Record output',
  redate: 'Move the date',
  cancel: 'Cancel',
}

const eventWords: Readonly<Record<string, string>> = {
  'order.placed': 'Order placed',
  'order.allocated': 'Released for picking',
  'order.picked': 'Picked',
  'order.packed': 'Packed',
  'order.unpacked': 'Unpacked',
  'order.shipped': 'Shipped',
  'order.delivered': 'Delivered',
  'order.cancelled': 'Cancelled',
  'order.cancel_asked': 'Cancellation asked of the site that serves it',
  'order.returned': 'Goods came back',
  'order.held': 'Held at another site',
  'order.confirmed': 'Hold confirmed',
  'order.line_progress': 'Progress told to the home site',
  'order.line_shipped': 'Shipped by another site',
  'order.line_delivered': 'Delivered by another site',
  'order.line_cancelled': 'Cancelled at another site',
  'hold.shorted': 'Stock that was held is gone',
  'hold.renewed': 'Hold renewed',
  'demand.held': 'Stock came in and is held',
}
export const eventWord = (type: string): string => eventWords[type] ?? sentence(type.replace('.', ' '))

const exceptionWords: Readonly<Record<string, string>> = {
  hold_shorted: 'Hold shorted',
  negative_stock: 'Negative stock',
  lot_expired: 'Lot expired',
  count_difference: 'Count difference',
  hold_lost: 'Hold lost',
  serial_doubled: 'Serial doubled',
  supply_late: 'Supply late',
  supply_overdue: 'Supply overdue',
  supply_short: 'Supply short',
  short_pick: 'Short pick',
}
export const exceptionWord = (kind: string): string => exceptionWords[kind] ?? sentence(kind)

export const reasonWords: Readonly<Record<string, string>> = {
  in_stock: 'in stock',
  incoming_supply: 'from incoming supply',
  no_supply: 'no supply is known',
}

const kindWords: Readonly<Record<string, string>> = {
  purchase: 'purchase order',
  transfer_in: 'transfer',
  output: 'work order',
}
export const supplyWord = (kind: string): string => kindWords[kind] ?? sentence(kind).toLowerCase()

/** A code as a phrase: `lot_expired` -> `Lot expired`. */
export function sentence(code: string): string {
  const phrase = code.replaceAll(/[_.]/g, ' ')
  return phrase.charAt(0).toUpperCase() + phrase.slice(1)
}
