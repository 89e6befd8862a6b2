// Order hold: somebody says that an order must not go on, and why. Its stock stays held; what it must not do is leave: it is not released, picked, packed or
// shipped while any of its holds stands. A hold is a row with who and when, and so is taking it off: never a flag.

import type { Instant } from './calendar.ts'
import { isOtherWay } from './collection.ts'
import type { OrderAction, OrderState } from './order.ts'
import { orderCan } from './order.ts'
import type { Role } from './principal.ts'

/** Those that people put on; a payment's is put on with the order, and taken off when the payment is authorised. */
export const orderHoldKindsByHand = ['manual', 'credit', 'fraud'] as const
export const orderHoldKinds = [...orderHoldKindsByHand, 'payment'] as const
export type OrderHoldKind = (typeof orderHoldKinds)[number]

export interface OrderHold {
  readonly order: string
  readonly hold: string
  readonly kind: OrderHoldKind
  readonly reason: string
  readonly placedAt: Instant
  /** `user:1003` or `key:1002`. */
  readonly placedBy: string
  readonly takenOffAt: Instant | null
  readonly takenOffBy: string | null
  readonly note: string | null
}

/** What an order on hold must not do. Opening a package, cancelling, and what is on its way already go on. */
const stopped: readonly OrderAction[] = ['buy', 'allocate', 'pick', 'pack', 'ready', 'collect', 'ship']

export const isStopped = (action: OrderAction, holds: readonly Pick<OrderHold, 'takenOffAt'>[]): boolean => stopped.includes(action) && stands(holds)

export const stands = (holds: readonly Pick<OrderHold, 'takenOffAt'>[]): boolean => holds.some((one) => one.takenOffAt === null)

/** What can be done with an order now: what its state permits, less what its holds stop, and what is not the way to its customer. */
export const canNow = (state: OrderState, holds: readonly Pick<OrderHold, 'takenOffAt'>[], isCollected: boolean): readonly OrderAction[] =>
  orderCan[state].filter((action) => !isStopped(action, holds) && !isOtherWay(action, isCollected))

/** Who may take a hold off: only one put on by hand for another reason than credit or fraud is for who would like to sell. */
export const mayTakeOff = (role: Role, kind: OrderHoldKind): boolean => role === 'admin' || (kind === 'manual' && role === 'sales')
