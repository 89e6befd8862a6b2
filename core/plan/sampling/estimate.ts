// Estimate: what a site holds altogether, from what is believed of every item and what was counted of some.
//
// The difference estimator over strata (W. Cochran, Sampling Techniques, 1977, 5.3 and 7.8): Y = sum v E + sum_h (N_h / n_h) sum_{s_h} v (y - E), with v the value
// of a piece, E what is believed, y what was counted; Var = sum N_h^2 (1 - n_h / N_h) s_h^2 / n_h, with s_h the standard deviation of v (y - E) among those
// counted. It is right on average whatever the beliefs are: good ones make its interval short, bad ones long. Beside it stands what the beliefs say alone.

import { degreesOf, INTERVAL_UP_TO } from './allocation.ts'
import type { DrawnStratum } from './draw.ts'
import { studentQuantile } from './student.ts'
import type { SampledItem } from './strata.ts'

/** A total with its standard deviation and an interval of 95 %. */
export interface Estimate {
  readonly total: number
  readonly sd: number
  readonly low: number
  readonly high: number
}

export interface SiteEstimate {
  /** From the sample. */
  readonly sampled: Estimate
  /** From the beliefs alone, as if what is not known of one item had nothing to do with what is not known of another. */
  readonly believed: Estimate
  readonly recorded: number
  /**
   * Whether the two cannot both be right. If beliefs are, the sample's total differs from theirs by chance alone: by that of the draw and by that of what is
   * there, with the variance of both together. It says so beyond what 99 of 100 such differences stay within.
   */
  readonly disagrees: boolean
}

export const measures = ['value', 'pieces'] as const
export type Measure = (typeof measures)[number]

const DISAGREES_BEYOND = 0.995

/** `counted` has what was counted of every item that was drawn, by its position. */
export function estimateOf(
  items: readonly SampledItem[],
  strata: readonly DrawnStratum[],
  counted: ReadonlyMap<number, number>,
  measure: Measure,
): SiteEstimate {
  const worth = (item: SampledItem): number => (measure === 'value' ? item.unitValue : 1)
  const believed = items.reduce((sum, item) => sum + worth(item) * item.expected, 0)
  const doubt = items.reduce((sum, item) => sum + (worth(item) * item.sd) ** 2, 0)
  const parts = strata.map(({ items: { length }, drawn }) => {
    const differences = drawn.map((index) => worth(items[index]!) * (countOf(counted, index) - items[index]!.expected))
    const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length
    const squares = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0)
    const whole = drawn.length === length
    const variance = whole ? 0 : (length * (length - drawn.length) * (squares / (drawn.length - 1))) / drawn.length
    return { difference: length * mean, variance, counted: drawn.length }
  })
  const total = parts.reduce((sum, one) => sum + one.difference, believed)
  const variance = parts.reduce((sum, one) => sum + one.variance, 0)
  const degrees = degreesOf(parts)
  const apart = Math.abs(total - believed) - ROUNDING * (Math.abs(total) + Math.abs(believed))
  return {
    sampled: interval(total, Math.sqrt(variance), degrees),
    believed: interval(believed, Math.sqrt(doubt), Infinity),
    recorded: items.reduce((sum, item) => sum + worth(item) * item.recorded, 0),
    disagrees: apart > studentQuantile(DISAGREES_BEYOND, degrees) * Math.sqrt(variance + doubt),
  }
}

/** What adding up so many numbers may do to the last digits. */
const ROUNDING = 1e-9

function countOf(counted: ReadonlyMap<number, number>, index: number): number {
  const count = counted.get(index)
  if (count === undefined) throw new RangeError(`Item ${index} was drawn and is not counted.`)
  return count
}

function interval(total: number, sd: number, degrees: number): Estimate {
  const reach = studentQuantile(INTERVAL_UP_TO, degrees) * sd
  return { total, sd, low: total - reach, high: total + reach }
}
