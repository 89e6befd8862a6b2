// Normal, fast: what beliefs of many pieces are reckoned with a million times; core/plan/distributions/normal.ts is exact.

import { normalDensity } from '../distributions/normal.ts'

/** What lies above z of the standard normal distribution, far out too: to seven digits (C. Hastings; the polynomial of Numerical Recipes, 6.2, `erfcc`). */
export function normalAbove(z: number): number {
  const [x, t] = [Math.abs(z) * Math.SQRT1_2, 1 / (1 + (Math.abs(z) * Math.SQRT1_2) / 2)]
  const sum = COEFFICIENTS.reduceRight((yet, one) => one + t * yet, 0)
  const above = (t * Math.exp(-x * x + sum)) / 2
  return z >= 0 ? above : 1 - above
}

const COEFFICIENTS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
] as const

/** What is left of a distribution of which a part was cut off. */
export interface Cut {
  readonly share: number
  readonly mean: number
  readonly variance: number
}

/** Of a normal distribution, what lies above a bound: how much, and the mean and variance of that (A. Cohen, 1950). A variance of 0 is certainty. */
export function cutBelow(bound: number, mean: number, variance: number): Cut {
  if (variance <= 0) return { share: mean > bound ? 1 : 0, mean: Math.max(mean, bound), variance: 0 }
  const deviation = Math.sqrt(variance)
  const z = (bound - mean) / deviation
  if (z < -NOTHING) return { share: 1, mean, variance }
  const share = normalAbove(z)
  if (z > NOTHING) return { share, mean: bound, variance: 0 }
  const hazard = normalDensity(z) / share
  return { share, mean: mean + deviation * hazard, variance: Math.max(0, variance * (1 + z * hazard - hazard * hazard)) }
}

/** So many deviations out there is nothing. */
const NOTHING = 8
