// Weight: a whole number of milligrams. A pound is 453,592.37 mg by definition, so every conversion is an exact rational that is rounded once,
// half to even; no floats.

import { divideHalfEven } from './money.ts'
import { notWhole, type Quantity } from './quantity.ts'

declare const brand: unique symbol
export type Weight = number & { readonly [brand]: 'weight' }
export type WeightUnit = 'G' | 'KG' | 'LB'

/** Throws RangeError for what is not a safe whole number of milligrams from 0: TooLarge beyond 2^53. */
export function weight(milligrams: number): Weight {
  if (!Number.isSafeInteger(milligrams) || milligrams < 0) throw notWhole(milligrams, 'milligrams')
  return milligrams as Weight
}

export const weightless = weight(0)

/** What a unit weighs, in hundredths of a milligram. */
export const hundredths: Readonly<Record<WeightUnit, bigint>> = { G: 100_000n, KG: 100_000_000n, LB: 45_359_237n }

/** Reads a weight such as `17.77` of a unit; undefined for what is not a plain decimal number or is beyond 2^53 milligrams. */
export function parseWeight(text: string, unit: WeightUnit): Weight | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text)
  if (!match) return undefined
  const fraction = match[2] ?? ''
  const milligrams = Number(divideHalfEven(BigInt(`${match[1]!}${fraction}`) * hundredths[unit], 100n * 10n ** BigInt(fraction.length)))
  return Number.isSafeInteger(milligrams) ? weight(milligrams) : undefined
}

/** So many of what weighs `each`, or unknown. */
export const weightTimes = (each: Weight | null, count: Quantity): Weight | null => (each === null ? null : weight(each * count))

/** A sum is known where all of its parts are. */
export const sumOfWeights = (parts: readonly (Weight | null)[]): Weight | null =>
  parts.reduce((sum, one) => (sum === null || one === null ? null : weight(sum + one)), weightless as Weight | null)
