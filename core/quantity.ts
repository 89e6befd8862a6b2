// Quantity: a whole number of an item's base units. Never a fraction, never beyond 2^53; what a base unit is, the item says.

declare const brand: unique symbol
export type Quantity = number & { readonly [brand]: 'quantity' }

/** A whole number that records cannot keep exactly: each part of the sum was fine, the sum is not. The lane refuses such a command. */
export class TooLarge extends RangeError {}

/** Throws RangeError for what is not a safe whole number: TooLarge beyond 2^53, else a caller's mistake. */
export function quantity(value: number): Quantity {
  if (!Number.isSafeInteger(value)) throw notWhole(value, 'base units')
  return value as Quantity
}

export const notWhole = (value: number, of: string): RangeError =>
  Number.isInteger(value) ? new TooLarge(`${value} ${of} are beyond 2^53.`) : new RangeError(`${value} is not a whole number of ${of}`)

export const none = quantity(0)
export const plus = (a: Quantity, b: Quantity): Quantity => quantity(a + b)
export const minus = (a: Quantity, b: Quantity): Quantity => quantity(a - b)
export const least = (a: Quantity, b: Quantity): Quantity => (a < b ? a : b)
/** What is left of `a` after `b`, never below none. */
export const beyond = (a: Quantity, b: Quantity): Quantity => (a > b ? minus(a, b) : none)
