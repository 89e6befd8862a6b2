// Whole: distributions of whole numbers, as a list of chances from the lowest on. What lies so far out that its chance is lost beside the others is left out.

import { logGamma } from './special.ts'

export interface WholeDistribution {
  readonly low: number
  readonly chances: Float64Array
  readonly mean: number
  readonly variance: number
}

/** Chances smaller than that share of the greatest are left out, and no list is longer. */
const LEAST = 1e-22
const LENGTH_MAX = 2_000_000

/** Of these values with these chances: sorted, and gaps filled. */
export function wholeOf(pairs: Iterable<readonly [value: number, chance: number]>): WholeDistribution {
  const all = [...pairs].toSorted((one, other) => one[0] - other[0])
  const [low, high] = [all[0]?.[0] ?? 0, all.at(-1)?.[0] ?? 0]
  if (!Number.isInteger(low) || !Number.isInteger(high) || high - low > LENGTH_MAX) throw new RangeError('Values must be whole and near each other.')
  const chances = new Float64Array(high - low + 1)
  for (const [value, chance] of all) chances[value - low]! += chance
  return measured(low, chances)
}

export function poisson(mean: number): WholeDistribution {
  if (!(mean > 0)) return measured(0, Float64Array.of(1))
  const mode = Math.floor(mean)
  return unimodal(0, Infinity, mode, Math.exp(mode * Math.log(mean) - mean - logGamma(mode + 1)), (value) => mean / (value + 1), mean, mean)
}

/** How many of `trials` succeed. */
export function binomial(trials: number, chance: number): WholeDistribution {
  if (!(chance > 0) || trials === 0) return measured(0, Float64Array.of(1))
  if (chance >= 1) return measured(trials, Float64Array.of(1))
  const mode = Math.min(trials, Math.floor((trials + 1) * chance))
  const ways = logGamma(trials + 1) - logGamma(mode + 1) - logGamma(trials - mode + 1)
  const at = Math.exp(ways + mode * Math.log(chance) + (trials - mode) * Math.log1p(-chance))
  const next = (value: number): number => ((trials - value) * chance) / ((value + 1) * (1 - chance))
  return unimodal(0, trials, mode, at, next, trials * chance, trials * chance * (1 - chance))
}

/** How many trials until the first that succeeds, which counts. */
export function geometric(chance: number): WholeDistribution {
  return unimodal(1, Infinity, 1, chance, () => 1 - chance, 1 / chance, (1 - chance) / chance ** 2)
}

/** How many fail before `size` succeed; size need not be whole. */
export function negativeBinomial(size: number, chance: number): WholeDistribution {
  const fail = 1 - chance
  const mode = Math.max(0, Math.floor(((size - 1) * fail) / chance))
  const at = Math.exp(logGamma(mode + size) - logGamma(size) - logGamma(mode + 1) + size * Math.log(chance) + mode * Math.log1p(-chance))
  return unimodal(0, Infinity, mode, at, (value) => ((value + size) * fail) / (value + 1), (size * fail) / chance, (size * fail) / chance ** 2)
}

/** As likely any from `low` to `high`. */
export function uniformWhole(low: number, high: number): WholeDistribution {
  return measured(low, new Float64Array(high - low + 1).fill(1 / (high - low + 1)))
}

/** P(X <= x). */
export function below({ low, chances }: WholeDistribution, x: number): number {
  let sum = 0
  for (let cell = 0; cell < chances.length && low + cell <= x; cell += 1) sum += chances[cell]!
  return Math.min(1, sum)
}

/** The least number that is not exceeded with this probability; the greatest where rounding leaves none. */
export function wholeQuantile({ low, chances }: WholeDistribution, probability: number): number {
  let [cell, sum] = [0, chances[0]!]
  while (sum < probability && cell + 1 < chances.length) sum += chances[(cell += 1)]!
  return low + cell
}

export interface Losses {
  /** E[(X - x)+], and E[(x - X)+]. */
  readonly short: number
  readonly over: number
}

/** Loss functions (Snyder and Shen, C.36 and C.37). */
export function wholeLosses(distribution: WholeDistribution, x: number): Losses {
  const { low, chances } = distribution
  let over = 0
  for (let cell = 0; cell < chances.length && low + cell < x; cell += 1) over += (x - low - cell) * chances[cell]!
  let short = 0
  for (let cell = Math.max(0, Math.floor(x) - low + 1); cell < chances.length; cell += 1) short += (low + cell - x) * chances[cell]!
  return { short, over }
}

/** Second-order loss functions: E[(X - x)+ (X - x - 1)+] / 2 and E[(x - X)+ (x + 1 - X)+] / 2 (Snyder and Shen, C.38 to C.40). */
export function wholeSecondLosses({ low, chances }: WholeDistribution, x: number): Losses {
  let [short, over] = [0, 0]
  for (const [cell, chance] of chances.entries()) {
    const value = low + cell
    if (value > x) short += ((value - x) * (value - x - 1) * chance) / 2
    else over += ((x - value) * (x + 1 - value) * chance) / 2
  }
  return { short, over }
}

/** From the chance of the mode outwards, by what each is of the one before. */
function unimodal(
  least: number,
  most: number,
  mode: number,
  at: number,
  next: (value: number) => number,
  mean: number,
  variance: number,
): WholeDistribution {
  const [down, up]: [number[], number[]] = [[], [at]]
  for (let [value, chance] = [mode, at]; value > least && chance > at * LEAST; value -= 1) down.push((chance /= next(value - 1)))
  for (let [value, chance] = [mode, at]; value < most && chance > at * LEAST && up.length < LENGTH_MAX; value += 1) up.push((chance *= next(value)))
  return { low: mode - down.length, chances: Float64Array.from([...down.toReversed(), ...up]), mean, variance }
}

function measured(low: number, chances: Float64Array): WholeDistribution {
  let [mean, second] = [0, 0]
  for (const [cell, chance] of chances.entries()) mean += (low + cell) * chance
  for (const [cell, chance] of chances.entries()) second += (low + cell - mean) ** 2 * chance
  return { low, chances, mean, variance: second }
}
