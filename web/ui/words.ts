// Words: what codes of the API are called by people. Kept together, so that another language is another file.

import type { BacktestRun } from '../../core/backtest.ts'
import type { EventKind } from '../../core/planning.ts'
import type { Role } from '../../core/principal.ts'
import type { OrderAction, OrderState } from '../../core/order.ts'
import type { BoughtWay } from '../../core/line-supply.ts'
import type { OrderHoldKind } from '../../core/order-hold.ts'
import type { PaymentAction, PaymentState, StepState } from '../../core/payment.ts'
import type { CountKind, CountState, Verdict } from '../../core/count-sheet.ts'
import type { LossOrigin } from '../../core/loss.ts'
import type { LossCause, PlaceKind } from '../../core/place.ts'
import type { Disposition, Finding, ReturnReason, RmaState } from '../../core/rma.ts'
import type { Preference } from '../../core/sourcing.ts'
import type { ShipmentState, TrackingKind } from '../../core/tracking.ts'
import type { TransferAction, TransferState } from '../../core/transfer.ts'
import type { Rounding } from '../../core/unit.ts'
import type { WorkOrderAction, WorkOrderState } from '../../core/work-order.ts'

export type Tone = 'good' | 'plain' | 'busy' | 'short' | 'late' | 'gone'

export const orderStateWords: Readonly<Record<OrderState, { readonly word: string; readonly tone: Tone }>> = {
  backordered: { word: 'Backordered', tone: 'short' },
  held: { word: 'Held', tone: 'plain' },
  allocated: { word: 'In picking', tone: 'busy' },
  picked: { word: 'Picked', tone: 'busy' },
  packed: { word: 'Packed', tone: 'busy' },
  ready: { word: 'Ready to collect', tone: 'good' },
  shipped: { word: 'Shipped', tone: 'busy' },
  delivered: { word: 'Delivered', tone: 'good' },
  came_back: { word: 'Came back', tone: 'late' },
  cancelled: { word: 'Cancelled', tone: 'gone' },
}

/** What becomes of a quantity in a unit that is no whole number of base units. */
export const roundingWords: Readonly<Record<Rounding, string>> = {
  exact: 'Is refused',
  up: 'Is rounded up',
  down: 'Is rounded down',
  half_even: 'Is rounded to the nearest',
}

export const orderActionWords: Readonly<Record<OrderAction, string>> = {
  allocate: 'Release',
  recall: 'Call back',
  pick: 'Pick',
  pack: 'Pack',
  unpack: 'Unpack',
  ready: 'Ready to collect',
  collect: 'Hand over',
  put_back: 'Put back',
  buy: 'Buy again',
  ship: 'Ship',
  deliver: 'Deliver',
  change: 'Change',
  cancel: 'Cancel order',
  return: 'Take back',
}

export const supplyWayWords: Readonly<Record<'stock' | BoughtWay, string>> = {
  stock: 'From stock',
  purchase: 'Buy for this order',
  drop_ship: 'Ship from supplier',
}

export const orderHoldWords: Readonly<Record<OrderHoldKind, string>> = {
  manual: 'On hold',
  credit: 'On hold for credit',
  fraud: 'On hold: fraud suspected',
  payment: 'On hold until it is paid for',
}

export const paymentStateWords: Readonly<Record<PaymentState, { readonly word: string; readonly tone: Tone }>> = {
  waiting: { word: 'Waits for stock', tone: 'plain' },
  asked: { word: 'Being asked for', tone: 'busy' },
  unclear: { word: 'Provider does not answer', tone: 'late' },
  declined: { word: 'Declined', tone: 'late' },
  authorised: { word: 'Authorised', tone: 'good' },
  captured: { word: 'Paid', tone: 'good' },
  voided: { word: 'Given up', tone: 'gone' },
  refunded: { word: 'Refunded', tone: 'gone' },
}
export const paymentActionWords: Readonly<Record<PaymentAction, string>> = {
  authorise: 'Authorise',
  capture: 'Capture',
  void: 'Void',
  refund: 'Refund',
}
export const stepStateWords: Readonly<Record<StepState, string>> = {
  asked: 'asked',
  unclear: 'not answered, asked again',
  done: 'done',
  declined: 'declined',
}

export const returnStateWords: Readonly<Record<RmaState, { readonly word: string; readonly tone: Tone }>> = {
  authorised: { word: 'Expected', tone: 'plain' },
  received: { word: 'To inspect', tone: 'busy' },
  refurbishing: { word: 'Being made good', tone: 'busy' },
  closed: { word: 'Closed', tone: 'good' },
  cancelled: { word: 'Called off', tone: 'gone' },
}

export const countStateWords: Readonly<Record<CountState, { readonly word: string; readonly tone: Tone }>> = {
  open: { word: 'Open', tone: 'busy' },
  recount: { word: 'Count again', tone: 'short' },
  counted: { word: 'To approve', tone: 'short' },
  posted: { word: 'Posted', tone: 'good' },
  cancelled: { word: 'Cancelled', tone: 'gone' },
}

export const countKindWords: Readonly<Record<CountKind, string>> = {
  full: 'All of it',
  cycle: 'In turn',
  event: 'For a reason',
  ad_hoc: 'As it comes',
}

export const countVerdictWords: Readonly<Record<Verdict, { readonly word: string; readonly tone: Tone }>> = {
  within: { word: 'Within tolerance', tone: 'good' },
  recount: { word: 'To count again', tone: 'short' },
  approve: { word: 'To approve', tone: 'short' },
}

export const eventKindWords: Readonly<Record<EventKind, string>> = { promotion: 'Promotion', holiday: 'Holiday', closed: 'Closed' }
export const knownKindWords = { ...eventKindWords, price: 'Another price' } as const

export const backtestStateWords: Readonly<Record<BacktestRun['state'], { readonly word: string; readonly tone: Tone }>> = {
  running: { word: 'Under way', tone: 'busy' },
  done: { word: 'Done', tone: 'good' },
  cancelled: { word: 'Cancelled', tone: 'gone' },
  failed: { word: 'Failed', tone: 'late' },
}

export const returnReasonWords: Readonly<Record<ReturnReason, string>> = {
  damaged: 'It came damaged',
  defective: 'It does not work',
  wrong_item: 'It is the wrong item',
  not_as_described: 'It is not as described',
  too_late: 'It came too late',
  changed_mind: 'It is not wanted any more',
  other: 'Another reason',
}

export const findingWords: Readonly<Record<Finding, string>> = {
  as_new: 'As new',
  opened: 'Opened, whole',
  damaged: 'Damaged',
  incomplete: 'Incomplete',
  wrong_item: 'Another item',
}

export const dispositionWords: Readonly<Record<Disposition, string>> = {
  restock: 'Sell it again',
  refurbish: 'Make it good',
  scrap: 'Throw it away',
  vendor: 'Send it to the vendor',
}

export const shipmentStateWords: Readonly<Record<ShipmentState, { readonly word: string; readonly tone: Tone }>> = {
  shipped: { word: 'Shipped', tone: 'plain' },
  handed_over: { word: 'With the carrier', tone: 'busy' },
  in_transit: { word: 'On its way', tone: 'busy' },
  out_for_delivery: { word: 'Out for delivery', tone: 'busy' },
  exception: { word: 'Exception', tone: 'late' },
  delivered: { word: 'Delivered', tone: 'good' },
  came_back: { word: 'Came back', tone: 'late' },
  lost: { word: 'Lost', tone: 'short' },
}

export const trackingWords: Readonly<Record<TrackingKind, string>> = {
  handed_over: 'Handed to the carrier',
  in_transit: 'On its way',
  out_for_delivery: 'Out for delivery',
  attempt_failed: 'Nobody took it',
  exception: 'Something is wrong',
  delivered: 'Delivered',
  came_back: 'Came back',
  lost: 'Lost',
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

export const transferStateWords: Readonly<Record<TransferState, { readonly word: string; readonly tone: Tone }>> = {
  asked: { word: 'Asked for', tone: 'plain' },
  held: { word: 'Ready to leave', tone: 'busy' },
  under_way: { word: 'On its way', tone: 'busy' },
  left: { word: 'Left', tone: 'good' },
  received: { word: 'Received', tone: 'good' },
  cancelled: { word: 'Called off', tone: 'gone' },
}

export const transferActionWords: Readonly<Record<TransferAction, string>> = { send: 'Send', receive: 'Receive', cancel: 'Call off' }

export const placeKindWords: Readonly<Record<PlaceKind, string>> = {
  dock: 'Dock',
  shelf: 'Shelf',
  bin: 'Bin',
  packing: 'Packing',
  inspection: 'Inspection',
  vehicle: 'Vehicle',
  work_centre: 'Work centre',
}

export const lossCauseWords: Readonly<Record<LossCause | 'found', string>> = {
  theft_external: 'Stolen from outside',
  theft_internal: 'Stolen by our own',
  theft: 'Stolen',
  breakage: 'Broken',
  expiry: 'Expired',
  lost: 'Lost',
  administrative: 'Wrong in the books',
  supplier_short: 'Short from the supplier',
  transit: 'Lost on the way',
  unexplained: 'Unexplained',
  found: 'Found',
}
export const lossCauseWord = (cause: string): string => (lossCauseWords as Readonly<Record<string, string>>)[cause] ?? sentence(cause)

export const lossOriginWords: Readonly<Record<LossOrigin, string>> = {
  supplier: 'At the supplier',
  transit: 'On the way',
  backroom: 'In the backroom',
  floor: 'On the floor',
  till: 'At the till',
  expiry: 'By expiry',
}

const eventWords: Readonly<Record<string, string>> = {
  'transfer.requested': 'Asked for',
  'transfer.accepted': 'The site that is asked knows of it',
  'transfer.answered': 'Told the site that asks when it can leave',
  'transfer.redated': 'Expected on another day',
  'transfer.sent': 'Left',
  'transfer.expected': 'On its way',
  'transfer.received': 'Received',
  'transfer.cancel_asked': 'Asked to keep what has not left',
  'transfer.cancelled': 'Called off: what has not left stays',
  'transfer.called_off': 'Called off: no more will come',
  'purchase.shipped': 'Shipped by the supplier to the customer',
  'purchase.for_anybody': 'Its order was cancelled: it is for anybody now',
  'supply.late': 'Comes late for orders',
  'supply.short': 'Orders wait for another supply',
  'order.placed': 'Order placed',
  'order.allocated': 'Released for picking',
  'order.recalled': 'Called back from picking',
  'order.changed': 'Order changed',
  'order.picked': 'Picked',
  'order.packed': 'Packed',
  'order.unpacked': 'Unpacked',
  'order.bought_for': 'Bought for this order',
  'order.ready': 'Ready to collect',
  'order.collected': 'Collected',
  'order.not_collected': 'Not collected',
  'order.put_back': 'Put back: nobody collected it',
  'order.shipped': 'Shipped',
  'order.delivered': 'Delivered',
  'order.cancelled': 'Cancelled',
  'order.cancel_asked': 'Cancellation asked of the site that serves it',
  'payment.asked': 'Payment provider asked',
  'payment.done': 'Payment provider did it',
  'payment.declined': 'Payment provider declined',
  'payment.unclear': 'Payment provider did not answer',
  'order.put_on_hold': 'Put on hold',
  'order.taken_off_hold': 'Taken off hold',
  'order.hold_told': 'Hold told to the site that serves it',
  'order.lost': 'Lost on the way, and open again',
  'order.line_lost': 'Lost on the way from another site',
  'order.returned': 'Goods came back',
  'return.authorised': 'Return authorised',
  'return.cancelled': 'Return called off',
  'return.received': 'Returned goods are here',
  'return.inspected': 'Returned goods inspected',
  'return.refund_due': 'Refund is due',
  'return.exchanged': 'Exchanged',
  'order.held': 'Held at another site',
  'order.confirmed': 'Hold confirmed',
  'order.line_progress': 'Progress told to the home site',
  'order.line_shipped': 'Shipped by another site',
  'order.line_delivered': 'Delivered by another site',
  'order.line_cancelled': 'Cancelled at another site',
  'order.split': 'Sends what is there, and the rest later',
  'order.promised_again': 'Promised for another day',
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
  shipment_lost: 'Shipment lost',
  not_collected: 'Not collected',
  phantom_stock: 'Phantom stock',
}
export const exceptionWord = (kind: string): string => exceptionWords[kind] ?? sentence(kind)

const remedyWords: Readonly<Record<string, string>> = {
  transfer: 'Transfer from',
  expedite: 'Buy sooner from',
  substitute: 'Send instead',
  split: 'Send what is there',
  repromise: 'Promise a new day',
  resend: 'Send again from here',
  cancel: 'Give up and refund',
  settle: 'Close it',
}
export const remedyWord = (remedy: string): string => remedyWords[remedy] ?? sentence(remedy)

export const reasonWords: Readonly<Record<string, string>> = {
  in_stock: 'in stock',
  incoming_supply: 'from incoming supply',
  no_supply: 'no supply is known',
}

export const preferenceWords: Readonly<Record<Preference, string>> = { date: 'The earliest day', cost: 'The least cost', sources: 'The fewest sites' }

export const confidenceWords = {
  high: 'Sure: it would be held at once.',
  medium: 'Fairly sure: the supply is on time.',
  low: 'Unsure: it counts on supply that is overdue.',
  none: '',
} as const

const kindWords: Readonly<Record<string, string>> = {
  purchase: 'purchase order',
  transfer_in: 'transfer',
  output: 'work order',
}
export const supplyWord = (kind: string): string => kindWords[kind] ?? sentence(kind).toLowerCase()

const plannedWords: Readonly<Record<string, string>> = {
  order: 'Order',
  purchase: 'Purchase order',
  transfer_out: 'Transfer, to another site',
  transfer_in: 'Transfer, from another site',
  component: 'Component',
  output: 'Work order',
}
export const plannedWord = (kind: string): string => plannedWords[kind] ?? sentence(kind)

export const explainWords = { quantity: 'Quantity', availability: 'Availability', value: 'Value and cost' } as const
export const methodWords = { average: 'Moving average', fifo: 'First in, first out', standard: 'Standard' } as const

export const roleWords: Readonly<Record<Role, { readonly word: string; readonly does: string }>> = {
  admin: { word: 'Admin', does: 'Everything; with every site also users, keys and sites' },
  sales: { word: 'Sales', does: 'Places and cancels orders, sells, takes returns, adds customers' },
  buyer: { word: 'Buyer', does: 'Buys, adds suppliers and items' },
  planner: { word: 'Planner', does: 'Plans supply and transfers, adds items' },
  warehouse: { word: 'Warehouse', does: 'Receives, stores, picks, ships, transfers, counts, writes off' },
  driver: { word: 'Driver', does: 'Delivers, reports what broke on the way' },
  till: { word: 'Till', does: 'Sells, takes returns, receives, counts and writes off in a shop' },
  shop: { word: 'Web shop', does: 'Places orders at the prices of the price book' },
  auditor: { word: 'Auditor', does: 'Reads everything, the audit trail, users and keys among it; changes nothing' },
}

export const sitesWord = (sites: readonly string[]): string => (sites.length === 0 ? 'Every site' : sites.join(', '))

/** What a lot or a serial is called. */
export const labelWord = ({ lot, serial }: { readonly lot: string; readonly serial: string }): string =>
  serial === '' ? `Lot ${lot}` : `Serial ${serial}`

/** A code as a phrase: `lot_expired` -> `Lot expired`. */
export function sentence(code: string): string {
  const phrase = code.replaceAll(/[_.]/g, ' ')
  return phrase.charAt(0).toUpperCase() + phrase.slice(1)
}
