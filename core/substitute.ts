// Substitute: an item that may be sent instead of another. It is declared one way or both ways, and is offered with a promise; the customer takes it, or a
// rule does where the item that was asked for cannot be had in time. The price stays that of what was asked for.

import type { ItemId } from './item.ts'

export const choosers = ['customer', 'rule'] as const

export interface Substitute {
  readonly item: ItemId
  readonly substitute: ItemId
  /** Which is offered first. */
  readonly position: number
  readonly chosenBy: (typeof choosers)[number]
}
