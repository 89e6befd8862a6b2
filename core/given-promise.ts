// Given promise: what a customer was told for an order line, as it was given: a dated row, never changed. A line that was plainly in stock at the
// order's own site needs none, since its row says all of it; every other promise is kept with what it counted on and why. What is promised
// anew is a further row; what a supply makes of it is an estimate and stands nowhere.

import type { Day, Instant } from './calendar.ts'
import type { ItemId, SiteId } from './item.ts'
import type { Quantity } from './quantity.ts'

export const promiseReasons = ['in_stock', 'incoming_supply', 'no_supply'] as const
export type PromiseReason = (typeof promiseReasons)[number]

/** `high` where stock is held, `medium` where it counts on supply that is on time, `low` where on supply that is overdue, `none` without a day. */
export const confidences = ['high', 'medium', 'low', 'none'] as const
export type Confidence = (typeof confidences)[number]

export interface GivenPromise {
  readonly order: string
  readonly line: number
  /** 1 for what was said when the line was ordered. */
  readonly number: number
  readonly givenAt: Instant
  readonly quantity: Quantity
  readonly promised: Day | null
  readonly source: SiteId
  readonly reason: PromiseReason
  readonly confidence: Confidence
  /** What the customer had asked for, where another item is sent instead. */
  readonly asked: ItemId | null
  /** Why this site and this day: a sentence for people. */
  readonly because: string
}
