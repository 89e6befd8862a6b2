// Collection: the customer comes for an order himself, to the shop that took it. The shop picks it from its own stock, keeps it at packing until a day, and
// hands it over at the counter. What is ready is a dated row; whether it still is follows from what is picked, never from a flag.

import type { Day, Instant } from './calendar.ts'
import type { OrderAction } from './order.ts'

export interface Collection {
  readonly order: string
  /** How long it is kept once it is ready. */
  readonly keepDays: number
  /** Null until somebody said so, and again once it is handed over, put back or cancelled. */
  readonly readyAt: Instant | null
  /** The last day on which it can be collected. */
  readonly keptUntil: Day | null
}

export const keep_days_max = 60
export const KEEP_DAYS_USUAL = 7

/** What can be done only with an order that is collected. */
const atTheCounter: readonly OrderAction[] = ['ready', 'collect', 'put_back']
/** And only with one that is not. */
const onTheWay: readonly OrderAction[] = ['ship', 'deliver']

/** Whether an action is for orders that reach their customers the other way. */
export const isOtherWay = (action: OrderAction, isCollected: boolean): boolean => (isCollected ? onTheWay : atTheCounter).includes(action)
