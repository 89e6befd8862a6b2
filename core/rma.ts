// RMA, the authorisation of a return: what of an order may come back, why, and what became of each piece. The customer's goods are his until they are
// received; received goods stand in quarantine until somebody looked at them and said what they are good for.
// Invariants per line: received + cancelled <= quantity; restocked + refurbishing + scrapped + to vendor <= received; refund <= paid.

import type { Instant } from './calendar.ts'
import type { ItemId } from './item.ts'
import { divideHalfEven, money, type Money } from './money.ts'
import { minus, none, plus, quantity, type Quantity } from './quantity.ts'

export interface Rma {
  readonly rma: string
  readonly order: string
  /** Counts the authorisations of one order. */
  readonly number: number
  readonly authorisedAt: Instant
  readonly recordedAt: Instant
  /** The order that replaces what comes back. */
  readonly exchange: string | null
}

export const returnReasons = ['damaged', 'defective', 'wrong_item', 'not_as_described', 'too_late', 'changed_mind', 'other'] as const
export type ReturnReason = (typeof returnReasons)[number]

export interface RmaLine {
  readonly rma: string
  readonly line: number
  readonly orderLine: number
  readonly item: ItemId
  readonly quantity: Quantity
  readonly reason: ReturnReason
  readonly note: string
  /** What the customer paid for all of it, less discounts and with tax, in the order's currency. */
  readonly paid: Money
  readonly cancelled: Quantity
  readonly received: Quantity
  readonly restocked: Quantity
  /** Being made good; what it is good for is said again afterwards. */
  readonly refurbishing: Quantity
  readonly scrapped: Quantity
  readonly toVendor: Quantity
  /** What the customer is due for what was inspected, less what was deducted. */
  readonly refund: Money
}

/** What an inspector finds a piece to be. */
export const findings = ['as_new', 'opened', 'damaged', 'incomplete', 'wrong_item'] as const
export type Finding = (typeof findings)[number]

/** What becomes of a piece. */
export const dispositions = ['restock', 'refurbish', 'scrap', 'vendor'] as const
export type Disposition = (typeof dispositions)[number]

export const toCome = (line: RmaLine): Quantity => minus(line.quantity, plus(line.cancelled, line.received))
export const toInspect = ({ received, restocked, refurbishing, scrapped, toVendor }: RmaLine): Quantity =>
  minus(received, quantity(restocked + refurbishing + scrapped + toVendor))

/** What the first `some` pieces of a line were paid with: reckoned from its beginning, so that parts add up to the whole. */
export const paidFor = ({ paid, quantity: all }: Pick<RmaLine, 'paid' | 'quantity'>, some: Quantity): Money =>
  money(Number(divideHalfEven(BigInt(paid) * BigInt(some), BigInt(all))))

export const rmaStates = ['authorised', 'received', 'refurbishing', 'closed', 'cancelled'] as const
export type RmaState = (typeof rmaStates)[number]
export type RmaAction = 'receive' | 'dispose' | 'exchange' | 'cancel'

/** Which state permits which action: the API refuses by it, and buttons follow it. */
export const rmaCan: Readonly<Record<RmaState, readonly RmaAction[]>> = {
  authorised: ['receive', 'dispose', 'exchange', 'cancel'],
  received: ['receive', 'dispose', 'exchange', 'cancel'],
  refurbishing: ['dispose', 'exchange'],
  closed: ['exchange'],
  cancelled: [],
}

/** How far a return has come: what must be inspected comes before what is still to come. */
export function rmaState(lines: readonly RmaLine[]): RmaState {
  if (lines.some((line) => toInspect(line) > 0)) return 'received'
  if (lines.some((line) => toCome(line) > 0)) return 'authorised'
  if (lines.some((line) => line.refurbishing > 0)) return 'refurbishing'
  return lines.every((line) => line.received === none) ? 'cancelled' : 'closed'
}

/** The number people see: that of its order, and which of its returns it is. */
export const rmaNumber = (orderNumber: string, number: number): string => `${orderNumber}-R${number}`
