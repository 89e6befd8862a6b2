// Allocation: how many items are counted, and how many of them in each stratum.
//
// J. Neyman's allocation (1934), n_h ~ N_h sd_h, in whole numbers and with bounds: whoever gets the next item is the stratum in which it takes most from the
// variance, N_h^2 sd_h^2 (1/n_h - 1/(n_h + 1)), which is the best there is (T. Wright, The equivalence of Neyman optimum allocation for sampling and equal
// proportions for apportioning the U.S. House of Representatives, The American Statistician 66, 2012).

import { studentQuantile } from './student.ts'
import { strataOf, type SampledItem, type Stratum } from './strata.ts'

/** An interval of 95 % leaves this share below its upper end. */
export const INTERVAL_UP_TO = 0.975
/** Fewer tell nothing of how much items differ. */
export const COUNTED_MIN = 2

export interface PlannedStratum extends Stratum {
  /** How many of its items are counted: at least two, never more than there are. */
  readonly size: number
}

/** The strata of a sample of `size`, from two (or all there are) to all items, each with its part of it. */
export function planSample(items: readonly SampledItem[], size: number): readonly PlannedStratum[] {
  if (!Number.isInteger(size) || size < Math.min(COUNTED_MIN, items.length) || size > items.length)
    throw new RangeError(`${size} of ${items.length} items cannot be drawn.`)
  return allocate(strataOf(items, size), size)
}

/** Divides a sample among strata. */
export function allocate(strata: readonly Stratum[], size: number): readonly PlannedStratum[] {
  const sizes = strata.map(({ isCertain, items: { length } }) => (isCertain ? length : Math.min(COUNTED_MIN, length)))
  const left = size - sizes.reduce((sum, one) => sum + one, 0)
  if (left < 0) throw new RangeError(`${size} items are too few for ${strata.length} strata.`)
  // What the next item takes from the standard deviation; where no stratum has any, from that of as many items that differ alike.
  const spread = strata.some(({ sd }, index) => sd > 0 && sizes[index]! < strata[index]!.items.length)
  const gain = (index: number): number => {
    const { items, sd } = strata[index]!
    const counted = sizes[index]!
    return counted >= items.length ? -1 : (items.length * (spread ? sd : 1)) / Math.sqrt(counted * (counted + 1))
  }
  const gains = strata.map((_, index) => gain(index))
  for (let given = 0; given < left; given += 1) {
    const next = gains.reduce((best, one, index) => (one > gains[best]! ? index : best), 0)
    if (gains[next]! < 0) throw new RangeError(`There are fewer than ${size} items.`)
    sizes[next]! += 1
    gains[next] = gain(next)
  }
  return strata.map((stratum, index) => ({ ...stratum, size: sizes[index]! }))
}

/** How far the interval of a planned sample is to reach to each side, if beliefs are right. */
export function expectedHalfWidth(planned: readonly PlannedStratum[]): number {
  const variance = expectedVariances(planned).reduce((sum, part) => sum + part.variance, 0)
  return expectedQuantile(planned) * Math.sqrt(variance)
}

/** Each stratum's part of the variance, N_h^2 (1 - n_h / N_h) sd_h^2 / n_h, if beliefs are right. */
const expectedVariances = (planned: readonly PlannedStratum[]): Parameters<typeof degreesOf>[0] =>
  planned.map(({ items: { length }, size, sd }) => ({ variance: (length * (length - size) * sd ** 2) / size, counted: size }))

const expectedQuantile = (planned: readonly PlannedStratum[]): number => studentQuantile(INTERVAL_UP_TO, degreesOf(expectedVariances(planned)))

/** F. Satterthwaite's degrees of freedom (1946) of a sum of estimated variances, each from so many that were counted; without end where nothing varies. */
export function degreesOf(parts: readonly { readonly variance: number; readonly counted: number }[]): number {
  const varying = parts.filter((part) => part.variance > 0)
  const sum = varying.reduce((yet, { variance }) => yet + variance, 0)
  const weighted = varying.reduce((yet, { variance, counted }) => yet + (variance / sum) ** 2 / (counted - 1), 0)
  return weighted > 0 ? 1 / weighted : Infinity
}

const SIZE_FIRST = 400
const ROUNDS_MAX = 20
const MORE = 0.01

/** How many are to be counted so that the interval reaches no further than `halfWidth` to each side, if beliefs are right. */
export function sizeFor(items: readonly SampledItem[], halfWidth: number): number {
  const [least, most] = [Math.min(COUNTED_MIN, items.length), items.length]
  let size = Math.min(SIZE_FIRST, most)
  // Strata and quantile depend on the size, a little: it is reckoned with those of the round before, until it stays.
  for (let round = 0; round < ROUNDS_MAX && size > 0; round += 1) {
    const planned = planSample(items, size)
    const next = Math.min(most, Math.max(least, sizeOf(planned, halfWidth, expectedQuantile(planned))))
    if (next === size) break
    size = next
  }
  // The formula knows nothing of whole numbers and of two at least: some more may be needed.
  while (size < most && expectedHalfWidth(planSample(items, size)) > halfWidth) size = Math.min(most, size + Math.ceil(size * MORE))
  return size
}

/**
 * n = (z sum N_h sd_h)^2 / (d^2 + z^2 sum N_h sd_h^2), of the strata that are not counted whole: to those that would have to give more items than they
 * have it is applied no more, they are counted whole too (W. Cochran, Sampling Techniques, 1977, 5.25 and 5.8).
 */
export function sizeOf(strata: readonly Stratum[], halfWidth: number, z: number): number {
  let left = strata.filter((stratum) => !stratum.isCertain)
  for (;;) {
    const sum = left.reduce((yet, { items, sd }) => yet + items.length * sd, 0)
    const squares = left.reduce((yet, { items, sd }) => yet + items.length * sd ** 2, 0)
    const size = sum === 0 ? 0 : (z * sum) ** 2 / (halfWidth ** 2 + z ** 2 * squares)
    const partly = left.filter(({ sd }) => size * sd < sum || sum === 0)
    if (partly.length === left.length)
      return Math.ceil(size - 1e-9) + strata.reduce((yet, one) => yet + (left.includes(one) ? 0 : one.items.length), 0)
    left = partly
  }
}
