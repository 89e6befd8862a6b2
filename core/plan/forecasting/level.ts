// Level: what goes on from where it stands, with or without a trend: simple exponential smoothing, with half a trend (Theta) or the whole of it (drift).
//
//   simple smoothing   l_t = l_(t-1) + a (y_t - l_(t-1))
//   Theta              the mean of the trend line and of simple smoothing of 2 y - line (V. Assimakopoulos and K. Nikolopoulos, The theta model, 2000)
//   drift              l_t = l_(t-1) + d + a (y_t - l_(t-1) - d), which is Theta with the drift left free (R. Hyndman and B. Billah, Unmasking the Theta method, 2003)
//
// The first level and the drift are those of the least squares, in closed form, since errors are linear in them; only `a` is searched, by golden section.

export interface Line {
  readonly intercept: number
  readonly slope: number
}

/** The line of least squares through values at 0, 1, 2 ... */
export function lineOf(values: Float64Array): Line {
  const { length } = values
  const middle = (length - 1) / 2
  let [sum, moment] = [0, 0]
  for (let at = 0; at < length; at += 1) {
    sum += values[at]!
    moment += (at - middle) * values[at]!
  }
  const slope = length > 1 ? moment / ((length * (length * length - 1)) / 12) : 0
  return { intercept: sum / length - slope * middle, slope }
}

const GOLDEN = (Math.sqrt(5) - 1) / 2
const EVALUATIONS = 14
export const SMOOTHING_MIN = 0.01
export const SMOOTHING_MAX = 0.99

/** Where a function of one valley is least, about. */
export function leastOf(cost: (at: number) => number, from = SMOOTHING_MIN, to = SMOOTHING_MAX): number {
  let [low, high] = [from, to]
  let left = high - GOLDEN * (high - low)
  let right = low + GOLDEN * (high - low)
  let [costLeft, costRight] = [cost(left), cost(right)]
  for (let evaluation = 2; evaluation < EVALUATIONS; evaluation += 1) {
    if (costLeft <= costRight) {
      high = right
      right = left
      costRight = costLeft
      left = high - GOLDEN * (high - low)
      costLeft = cost(left)
    } else {
      low = left
      left = right
      costLeft = costRight
      right = low + GOLDEN * (high - low)
      costRight = cost(right)
    }
  }
  return costLeft <= costRight ? left : right
}

interface Smoothed {
  readonly squares: number
  readonly level: number
}

/** With level_t = A + B l_0, the error is (y - A) - B l_0: l_0 is a regression through the origin. */
function smoothed(values: Float64Array, smoothing: number): Smoothed {
  let [fixed, share] = [0, 1]
  let [errors, product, shares] = [0, 0, 0]
  for (let at = 0; at < values.length; at += 1) {
    const error = values[at]! - fixed
    errors += error * error
    product += error * share
    shares += share * share
    fixed += smoothing * error
    share *= 1 - smoothing
  }
  const first = product / shares
  return { squares: errors - product * first, level: fixed + share * first }
}

/** The level at the end, and the smoothing that was found. */
export function smoothing(values: Float64Array): { readonly level: number; readonly smoothing: number } {
  const found = leastOf((at) => smoothed(values, at).squares)
  return { level: smoothed(values, found).level, smoothing: found }
}

export function theta(values: Float64Array, horizon: number): Float64Array {
  const { intercept, slope } = lineOf(values)
  const bent = values.map((value, at) => 2 * value - intercept - slope * at)
  const { level } = smoothing(bent)
  return Float64Array.from({ length: horizon }, (_, step) => (level + intercept + slope * (values.length + step)) / 2)
}

interface Drifting extends Smoothed {
  readonly drift: number
  /** The inverse of the drift's variance, for errors of variance 1. */
  readonly precision: number
}

function drifting(values: Float64Array, smoothing: number): Drifting {
  let [fixed, share, drifts] = [0, 1, 0]
  let [s11, s12, s22, r1, r2, errors] = [0, 0, 0, 0, 0, 0]
  for (let at = 0; at < values.length; at += 1) {
    drifts += 1
    const error = values[at]! - fixed
    s11 += share * share
    s12 += share * drifts
    s22 += drifts * drifts
    r1 += error * share
    r2 += error * drifts
    errors += error * error
    fixed += smoothing * error
    share *= 1 - smoothing
    drifts *= 1 - smoothing
  }
  const { first, second } = solveTwo(s11, s12, s22, r1, r2)
  return {
    squares: errors - first * r1 - second * r2,
    level: fixed + share * first + drifts * second,
    drift: second,
    precision: s22 - (s12 * s12) / s11,
  }
}

const SINGULAR = 1e-12

/** The two coefficients of a regression; one alone where they cannot be told apart. */
function solveTwo(s11: number, s12: number, s22: number, r1: number, r2: number): { readonly first: number; readonly second: number } {
  const determinant = s11 * s22 - s12 * s12
  if (!(determinant > SINGULAR * s11 * s22)) return { first: r1 / s11, second: 0 }
  return { first: (r1 * s22 - r2 * s12) / determinant, second: (r2 * s11 - r1 * s12) / determinant }
}

/** The drift counts as far as it stands out: d t^2 / (1 + t^2), where t is d over its standard error. */
export function drift(values: Float64Array, horizon: number): Float64Array {
  const found = leastOf((at) => drifting(values, at).squares)
  const { level, drift: slope, squares, precision } = drifting(values, found)
  const signal = slope * slope * precision * Math.max(values.length - 3, 1)
  const noise = Math.max(squares, Number.MIN_VALUE)
  const counted = (slope * signal) / (signal + noise)
  return Float64Array.from({ length: horizon }, (_, step) => level + counted * (step + 1))
}
