// Quantity: a whole number of an item's base units. Never a fraction, never beyond 2^53; what a base unit is, the item says.

declare const brand: unique symbol
export type Quantity = number & { readonly [brand]: 'quantity' }

/** Throws RangeError for what is not a safe whole number: a caller's mistake, since input is refused before it gets here. */
export function quantity(value: number): Quantity {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number of base units`)
  return value as Quantity
}

export const none = quantity(0)
export const plus = (a: Quantity, b: Quantity): Quantity => quantity(a + b)
export const minus = (a: Quantity, b: Quantity): Quantity => quantity(a - b)
export const least = (a: Quantity, b: Quantity): Quantity => (a < b ? a : b)
/** What is left of `a` after `b`, never below none. */
export const beyond = (a: Quantity, b: Quantity): Quantity => (a > b ? minus(a, b) : none)
