// Continuous: distributions of any number. What lies above and below a number is exact; the loss functions are closed forms where there are some, else integrals
// of the tails: E[(X - x)+] is the integral of P(X > y) from x on (Snyder and Shen, C.12 to C.18).

import { normalAbove, normalBelow, normalLoss, normalQuantile, normalSecondLoss } from './normal.ts'
import { betaBelow, gammaAbove, gammaBelow, logGamma } from './special.ts'
import type { Losses } from './whole.ts'

export interface ContinuousDistribution {
  readonly mean: number
  readonly variance: number
  /** P(X <= x), and P(X > x) exact in its own tail. */
  readonly below: (x: number) => number
  readonly above: (x: number) => number
  readonly quantile: (probability: number) => number
  /** E[(X - x)+], and E[((X - x)+)^2] / 2. */
  readonly short: (x: number) => number
  readonly secondShort: (x: number) => number
}

export function losses({ mean, short }: ContinuousDistribution, x: number): Losses {
  const missing = short(x)
  return { short: missing, over: Math.max(0, x - mean + missing) }
}

/** E[((X - x)+)^2] / 2 and E[((x - X)+)^2] / 2. */
export function secondLosses({ mean, variance, secondShort }: ContinuousDistribution, x: number): Losses {
  const missing = secondShort(x)
  return { short: missing, over: Math.max(0, ((x - mean) ** 2 + variance) / 2 - missing) }
}

export function normal(mean: number, deviation: number): ContinuousDistribution {
  const z = (x: number): number => (x - mean) / deviation
  return {
    mean,
    variance: deviation ** 2,
    below: (x) => normalBelow(z(x)),
    above: (x) => normalAbove(z(x)),
    quantile: (probability) => mean + deviation * normalQuantile(probability),
    short: (x) => deviation * normalLoss(z(x)),
    secondShort: (x) => deviation ** 2 * normalSecondLoss(z(x)),
  }
}

export function uniform(low: number, high: number): ContinuousDistribution {
  const width = high - low
  const share = (x: number): number => Math.min(1, Math.max(0, (x - low) / width))
  const mean = (low + high) / 2
  const beyond = (x: number): number => (x < low ? mean - x : width * (1 - share(x)) ** 2 * 0.5)
  return {
    mean,
    variance: width ** 2 / 12,
    below: share,
    above: (x) => 1 - share(x),
    quantile: (probability) => low + width * probability,
    short: beyond,
    secondShort: (x) => (x < low ? ((mean - x) ** 2 + width ** 2 / 12) / 2 : (width ** 2 * (1 - share(x)) ** 3) / 6),
  }
}

/** Of this mean, from 0 up. */
export const exponential = (mean: number): ContinuousDistribution => ({
  mean,
  variance: mean ** 2,
  below: (x) => (x > 0 ? -Math.expm1(-x / mean) : 0),
  above: (x) => (x > 0 ? Math.exp(-x / mean) : 1),
  quantile: (probability) => -mean * Math.log1p(-probability),
  short: (x) => (x > 0 ? mean * Math.exp(-x / mean) : mean - x),
  secondShort: (x) => (x > 0 ? mean ** 2 * Math.exp(-x / mean) : ((x - mean) ** 2 + mean ** 2) / 2),
})

/** Of a shape and a scale, mean shape times scale. Its partial moments are those of shapes one and two higher (Zipkin 2000, p. 457). */
export function gamma(shape: number, scale: number): ContinuousDistribution {
  const [mean, variance] = [shape * scale, shape * scale ** 2]
  const above = (x: number): number => gammaAbove(shape, x / scale)
  const first = (x: number): number => mean * gammaAbove(shape + 1, x / scale)
  const second = (x: number): number => mean * (shape + 1) * scale * gammaAbove(shape + 2, x / scale)
  const below = (x: number): number => gammaBelow(shape, x / scale)
  return {
    mean,
    variance,
    below,
    above,
    quantile: (probability) => sought(below, probability, 0, mean),
    short: (x) => (x > 0 ? Math.max(0, first(x) - x * above(x)) : mean - x),
    secondShort: (x) => (x > 0 ? Math.max(0, (second(x) - 2 * x * first(x) + x * x * above(x)) / 2) : ((x - mean) ** 2 + variance) / 2),
  }
}

/** Of which the logarithm is normal with this mean and deviation (Snyder and Shen, 4.102). */
export function logNormal(mu: number, sigma: number): ContinuousDistribution {
  const mean = Math.exp(mu + sigma ** 2 / 2)
  const variance = mean ** 2 * Math.expm1(sigma ** 2)
  const z = (x: number): number => (Math.log(x) - mu) / sigma
  const above = (x: number): number => (x > 0 ? normalAbove(z(x)) : 1)
  const [first, square] = [(x: number): number => mean * normalAbove(z(x) - sigma), Math.exp(2 * mu + 2 * sigma ** 2)]
  return {
    mean,
    variance,
    below: (x) => (x > 0 ? normalBelow(z(x)) : 0),
    above,
    quantile: (probability) => Math.exp(mu + sigma * normalQuantile(probability)),
    short: (x) => (x > 0 ? Math.max(0, first(x) - x * above(x)) : mean - x),
    secondShort: (x) =>
      x > 0 ? Math.max(0, (square * normalAbove(z(x) - 2 * sigma) - 2 * x * first(x) + x * x * above(x)) / 2) : ((x - mean) ** 2 + variance) / 2,
  }
}

export function beta(a: number, b: number): ContinuousDistribution {
  return fromBelow((x) => betaBelow(a, b, x), a / (a + b), (a * b) / ((a + b) ** 2 * (a + b + 1)), 0, 1)
}

/** P(X > x) = exp(-x^shape). */
export function weibull(shape: number): ContinuousDistribution {
  const moment = (order: number): number => Math.exp(logGamma(1 + order / shape))
  const most = 700 ** (1 / shape)
  return fromBelow((x) => (x > 0 ? -Math.expm1(-(x ** shape)) : 0), moment(1), moment(2) - moment(1) ** 2, 0, most)
}

/** From 0 to 1, most likely at `peak`. */
export function triangular(peak: number): ContinuousDistribution {
  const below = (x: number): number => (x <= 0 ? 0 : x >= 1 ? 1 : x < peak ? (x * x) / peak : 1 - (1 - x) ** 2 / (1 - peak))
  return fromBelow(below, (1 + peak) / 3, (1 - peak + peak ** 2) / 18, 0, 1)
}

/** The same moved and stretched: location + scale X. */
export function moved(distribution: ContinuousDistribution, location: number, scale: number): ContinuousDistribution {
  if (location === 0 && scale === 1) return distribution
  const back = (x: number): number => (x - location) / scale
  return {
    mean: location + scale * distribution.mean,
    variance: scale ** 2 * distribution.variance,
    below: (x) => distribution.below(back(x)),
    above: (x) => distribution.above(back(x)),
    quantile: (probability) => location + scale * distribution.quantile(probability),
    short: (x) => scale * distribution.short(back(x)),
    secondShort: (x) => scale ** 2 * distribution.secondShort(back(x)),
  }
}

/** From P(X <= x) alone, of what lies within bounds. */
export function fromBelow(below: (x: number) => number, mean: number, variance: number, low: number, high: number): ContinuousDistribution {
  const within = (x: number): number => Math.min(Math.max(x, low), high)
  return {
    mean,
    variance,
    below,
    above: (x) => 1 - below(x),
    quantile: (probability) => sought(below, probability, low, (low + high) / 2),
    short: (x) => Math.max(0, low - x) + integral((y) => 1 - below(y), within(x), high),
    secondShort: (x) => (x < low ? ((x - mean) ** 2 + variance) / 2 : integral((y) => (y - x) * (1 - below(y)), within(x), high)),
  }
}

/** Where a distribution function reaches a probability, above `low`: beyond `step` and doubled until it is enough, then by halving to the last digit. */
function sought(below: (x: number) => number, probability: number, low: number, step: number): number {
  if (!(probability > 0)) return low
  let [not, enough] = [low, low + step]
  for (let tries = 0; below(enough) < probability && tries < 1_100; tries += 1) [not, enough] = [enough, low + 2 * (enough - low)]
  for (let tries = 0; tries < 200; tries += 1) {
    const middle = (not + enough) / 2
    if (middle === not || middle === enough) break
    if (below(middle) < probability) not = middle
    else enough = middle
  }
  return enough
}

/** Nodes and weights of five-point Gauss-Legendre quadrature on [-1, 1] (Abramowitz and Stegun 25.4.30). */
const NODES = [0, 0.538_469_310_105_683_1, 0.906_179_845_938_664] as const
const WEIGHTS = [0.568_888_888_888_888_9, 0.478_628_670_499_366_47, 0.236_926_885_056_189_08] as const
const [PIECES, PIECES_DEEP] = [16, 20]
/** Of the whole, what a piece may be off by. */
const EXACT = 1e-13

/** The integral of a function: pieces are halved until both halves together are what the whole was, for what matters beside all. */
export function integral(of: (x: number) => number, from: number, to: number): number {
  if (!(to > from)) return 0
  // Several at first, so that what is narrow is not missed.
  const width = (to - from) / PIECES
  const wholes = Array.from({ length: PIECES }, (_none, piece) => gaussian(of, from + piece * width, from + (piece + 1) * width))
  const small = EXACT * wholes.reduce((sum, whole) => sum + Math.abs(whole), 0)
  const halved = (low: number, high: number, whole: number, deep: number): number => {
    const middle = (low + high) / 2
    const [left, right] = [gaussian(of, low, middle), gaussian(of, middle, high)]
    if (deep === 0 || Math.abs(left + right - whole) <= small) return left + right
    return halved(low, middle, left, deep - 1) + halved(middle, high, right, deep - 1)
  }
  return wholes.reduce((sum, whole, piece) => sum + halved(from + piece * width, from + (piece + 1) * width, whole, PIECES_DEEP), 0)
}

function gaussian(of: (x: number) => number, low: number, high: number): number {
  const [middle, half] = [(low + high) / 2, (high - low) / 2]
  let sum = WEIGHTS[0] * of(middle)
  for (let node = 1; node < NODES.length; node += 1) sum += WEIGHTS[node]! * (of(middle - half * NODES[node]!) + of(middle + half * NODES[node]!))
  return sum * half
}
