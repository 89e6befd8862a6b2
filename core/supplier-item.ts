// Supplier's catalogue: what a supplier sells, at what price, how long it takes, and in what quantities it can be ordered.

import type { ItemId, PartyId } from './item.ts'
import type { Money } from './money.ts'
import type { Quantity } from './quantity.ts'

export interface SupplierItem {
  readonly item: ItemId
  readonly supplier: PartyId
  /** Of one unit. */
  readonly price: Money
  readonly leadTimeDays: number
  /** The least that can be ordered of it, and in multiples of what. */
  readonly minimum: Quantity
  readonly multiple: Quantity
  readonly preferred: boolean
}

/** A supplier whose goods of an item may stand with us, and what one is taken over at. */
export interface Consigned {
  readonly item: ItemId
  readonly owner: PartyId
  readonly code: string
  readonly price: Money
}

/** Tells one state of an offer from another, so that a change can say which it was made of. */
export const tagOfOffer = ({ price, leadTimeDays, minimum, multiple, preferred }: Omit<SupplierItem, 'item' | 'supplier'>): string =>
  [price, leadTimeDays, minimum, multiple, preferred].join('/')

/** Which of two offers is taken: the preferred one, then the cheaper, then the sooner. */
export const byPreference = (a: SupplierItem, b: SupplierItem): number =>
  Number(b.preferred) - Number(a.preferred) || a.price - b.price || a.leadTimeDays - b.leadTimeDays || a.supplier - b.supplier
