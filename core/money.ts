// Money: a whole number of minor units (cents) of the company's currency. No floats: a share of a value is computed exactly in big
// integers and rounded half to even, once, at the end.

import { notWhole, quantity, type Quantity } from './quantity.ts'

declare const brand: unique symbol
export type Money = number & { readonly [brand]: 'money' }

/** Throws RangeError for what is not a safe whole number of minor units: TooLarge beyond 2^53. A product's -0 is 0. */
export function money(minor: number): Money {
  if (!Number.isSafeInteger(minor)) throw notWhole(minor, 'minor units')
  return (minor === 0 ? 0 : minor) as Money
}

export const nothing = money(0)
export const add = (a: Money, b: Money): Money => money(a + b)
export const subtract = (a: Money, b: Money): Money => money(a - b)
export const negate = (a: Money): Money => money(-a)

/** `unit` for each of `count`: exact, or RangeError beyond 2^53. */
export const times = (unit: Money, count: Quantity): Money => money(unit * count)

/** `value * part / whole`, rounded half to even; `whole` must not be 0. */
export function share(value: Money, part: Quantity, whole: Quantity): Money {
  const product = value * part
  if (Number.isSafeInteger(product) && product % whole === 0) return money(product / whole)
  return money(Number(divideHalfEven(BigInt(value) * BigInt(part), BigInt(whole))))
}

/** `value` in parts that stand to each other as the weights do, of which some is above 0: together they are exactly the value. */
export function allot(value: Money, weights: readonly number[]): readonly Money[] {
  const whole = quantity(weights.reduce((sum, one) => sum + one, 0))
  let [weighed, given] = [0, nothing]
  return weights.map((one) => {
    weighed += one
    const until = share(value, quantity(weighed), whole)
    const part = subtract(until, given)
    given = until
    return part
  })
}

/**
 * Reads an amount such as `699.0982` into minor units (two decimals), half to even.
 * Returns undefined for what is not a plain decimal number or is beyond 2^53.
 */
export function parseMoney(text: string): Money | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,12}))?$/.exec(text)
  if (!match) return undefined
  const fraction = match[3] ?? ''
  const minor = Number(divideHalfEven(BigInt(`${match[2]!}${fraction}`) * 100n, 10n ** BigInt(fraction.length)))
  return Number.isSafeInteger(minor) ? money(match[1] === '-' && minor !== 0 ? -minor : minor) : undefined
}

/** `numerator / denominator` as a whole number; what lies in the middle goes to the even one. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const [n, d] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator]
  const sign = n < 0n ? -1n : 1n
  const whole = (n * sign) / d
  const twice = ((n * sign) % d) * 2n
  const up = twice > d || (twice === d && whole % 2n === 1n)
  return sign * (up ? whole + 1n : whole)
}
