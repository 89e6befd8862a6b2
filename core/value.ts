// Value: what an owner's stock of an item at a site is worth, at moving average in ledger order.
//
// Goods in add their value; goods out take their share, and the last unit takes what is left, so quantity 0 is always value 0. Below
// zero, goods go out at the last cost; the receipt that fills the hole is trued up by a correction, an append-only row of its own.

import type { ItemId, PartyId } from './item.ts'
import { add, money, nothing, share, subtract, type Money } from './money.ts'
import { least, minus, plus, quantity, type Quantity } from './quantity.ts'

export interface ItemValue {
  readonly item: ItemId
  readonly owner: PartyId
  readonly quantity: Quantity
  readonly value: Money
  /** The last cost: so much for so many. */
  readonly lastValue: Money
  readonly lastQuantity: Quantity
}

export interface Valued {
  readonly next: ItemValue
  /** What the moved goods are worth. */
  readonly value: Money
  /** Added to the value of stock besides: the true-up of goods that went out before they came in. */
  readonly correction: Money
}

/** Goods in, at a known value. */
export function valueIn(row: ItemValue, received: Quantity, value: Money): Valued {
  const quantityAfter = plus(row.quantity, received)
  const last = { lastValue: value, lastQuantity: received }
  if (row.quantity >= 0) return { next: { ...row, ...last, quantity: quantityAfter, value: add(row.value, value) }, value, correction: nothing }
  const missing = quantity(-row.quantity)
  const filled = least(missing, received)
  const valueAfter = received >= missing ? subtract(value, share(value, filled, received)) : subtract(row.value, share(row.value, filled, missing))
  const correction = subtract(valueAfter, add(row.value, value))
  return { next: { ...row, ...last, quantity: quantityAfter, value: quantityAfter === 0 ? nothing : valueAfter }, value, correction }
}

/** Goods out, at their share of the value; what the record does not have, at the last cost. */
export function valueOut(row: ItemValue, issued: Quantity): Valued {
  const value = valueOfSome(row, issued)
  const quantityAfter = minus(row.quantity, issued)
  return { next: { ...row, quantity: quantityAfter, value: quantityAfter === 0 ? nothing : subtract(row.value, value) }, value, correction: nothing }
}

/** What so many would be worth if they went out now; also the value at which found or returned goods come in. */
export function valueOfSome(row: ItemValue, some: Quantity): Money {
  if (row.quantity >= some && row.quantity > 0) return some === row.quantity ? row.value : share(row.value, some, row.quantity)
  const covered = quantity(Math.max(row.quantity, 0))
  const uncovered = share(row.lastValue, minus(some, covered), row.lastQuantity)
  return add(covered > 0 ? row.value : nothing, uncovered)
}

/** The row of an item that was never here: nothing, with the standard cost as its last cost. */
export const unvalued = (item: ItemId, owner: PartyId, standardCost: Money): ItemValue => ({
  item,
  owner,
  quantity: quantity(0),
  value: money(0),
  lastValue: standardCost,
  lastQuantity: quantity(1),
})
