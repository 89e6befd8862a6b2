// Demand over a lead time, for serial systems: its mean, what share lies at or below a level, and the least level that a share lies at or below.
//
// Normal and Poisson demand may be taken over any time; others over a whole number of periods, as the sum of so many (uniform: J. Irwin and P. Hall, 1927).

import { normalBelow, normalQuantile } from '../distributions/normal.ts'

export type Demand =
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'poisson'; readonly mean: number }
  | { readonly kind: 'uniform'; readonly least: number; readonly most: number }
  /** Whole numbers, at least 0, with their chances. */
  | { readonly kind: 'whole'; readonly chances: ReadonlyMap<number, number> }

export interface LeadTimeDemand {
  readonly mean: number
  readonly isWhole: boolean
  /** -Infinity and Infinity where there is no end, or one that is not reached. */
  readonly least: number
  readonly most: number
  below(level: number): number
  quantile(share: number): number
}

/** Undefined where such demand cannot be taken over such a time. */
export function demandOver(demand: Demand, time: number): LeadTimeDemand | undefined {
  if (!(time >= 0)) return undefined
  switch (demand.kind) {
    case 'normal':
      return normal(demand.mean * time, demand.deviation * Math.sqrt(time))
    case 'poisson':
      return poisson(demand.mean * time)
    case 'uniform':
      return Number.isInteger(time) ? uniforms(demand.least, demand.most, time) : undefined
    case 'whole':
      return Number.isInteger(time) ? wholes(demand.chances, time) : undefined
  }
}

function normal(mean: number, deviation: number): LeadTimeDemand {
  return {
    mean,
    isWhole: false,
    least: -Infinity,
    most: Infinity,
    below: (level) => (deviation === 0 ? Number(level >= mean) : normalBelow((level - mean) / deviation)),
    quantile: (share) => (deviation === 0 ? mean : mean + deviation * normalQuantile(share)),
  }
}

/** Beyond so many deviations nothing is told from 1. */
const DEVIATIONS_MAX = 40

function poisson(mean: number): LeadTimeDemand {
  const sums: number[] = []
  const last = Math.ceil(mean + DEVIATIONS_MAX * (1 + Math.sqrt(mean)))
  let sum = 0
  for (let count = 0; count <= last; count += 1) {
    sum += Math.exp(count * Math.log(mean) - mean - logFactorial(count))
    sums.push(Math.min(1, sum))
  }
  return tabled(mean === 0 ? [1] : sums, 0, mean, Infinity)
}

const logFactorials = [0]
function logFactorial(count: number): number {
  while (logFactorials.length <= count) logFactorials.push(logFactorials.at(-1)! + Math.log(logFactorials.length))
  return logFactorials[count]!
}

function wholes(chances: ReadonlyMap<number, number>, periods: number): LeadTimeDemand {
  const values = [...chances.keys()]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const one = Float64Array.from({ length: most - least + 1 }, (_, at) => chances.get(least + at) ?? 0)
  let sum = Float64Array.of(1)
  for (let period = 0; period < periods; period += 1) sum = convolved(sum, one)
  let total = 0
  const sums = Array.from(sum, (chance) => Math.min(1, (total += chance)))
  const mean = periods * values.reduce((all, value) => all + value * chances.get(value)!, 0)
  return tabled(sums, least * periods, mean, most * periods)
}

function convolved(some: Float64Array, others: Float64Array): Float64Array<ArrayBuffer> {
  const sum = new Float64Array(some.length + others.length - 1)
  some.forEach((chance, at) => others.forEach((other, of) => (sum[at + of]! += chance * other)))
  return sum
}

/** Chances of whole levels from `first` on, summed up. */
function tabled(sums: readonly number[], first: number, mean: number, most: number): LeadTimeDemand {
  const belowLevel = (level: number): number => {
    const at = Math.floor(level) - first
    return at < 0 ? 0 : (sums[at] ?? 1)
  }
  return {
    mean,
    isWhole: true,
    least: first,
    most,
    below: belowLevel,
    quantile: (share) => {
      const at = sums.findIndex((sum) => sum >= share * (1 - SHARE_TOLERANCE))
      return first + (at === -1 ? sums.length - 1 : at)
    },
  }
}

/** A share that is met but for rounding is met. */
const SHARE_TOLERANCE = 1e-14
const HALVINGS = 100

/** Sum of n uniforms: sum over k of (-1)^k C(n, k) (u - k)^n / n! for u units above the least; from the nearer end, where less cancels. */
function uniforms(least: number, most: number, periods: number): LeadTimeDemand {
  const [first, last, width] = [least * periods, most * periods, most - least]
  const fromEnd = (units: number): number => {
    let [sum, binomial] = [0, 1]
    for (let term = 0; term < units && term <= periods; term += 1) {
      sum += binomial * (units - term) ** periods
      binomial *= -(periods - term) / (term + 1)
    }
    return sum / Math.exp(logFactorial(periods))
  }
  const belowLevel = (level: number): number => {
    if (level >= last) return 1
    if (level <= first) return 0
    const units = (level - first) / width
    return units <= periods / 2 ? fromEnd(units) : 1 - fromEnd(periods - units)
  }
  const quantileOf = (share: number): number => {
    let [low, high] = [first, last]
    for (let halving = 0; halving < HALVINGS; halving += 1) {
      const middle = (low + high) / 2
      if (belowLevel(middle) < share) low = middle
      else high = middle
    }
    return high
  }
  // Its ends are next to impossible, and tails are cut as of a normal, which it is like.
  return { mean: (first + last) / 2, isWhole: false, least: -Infinity, most: Infinity, below: belowLevel, quantile: quantileOf }
}
