// Effects: by how much what is known beforehand of days, events and prices, changes what is wanted in them.
//
//   a week's demand is about  level . F(b),    F(b) = sum over its days of  share . exp(b . x)
//
// share is what a day has of its week, x what is known of it, level what the plain weeks nearest to it sold. b has the largest likelihood of Poisson's distribution with
// the dispersion of the plain weeks, so weeks of none need no logarithm, drawn by a ridge to what items of its pool show: Fisher's scoring, each step the ridge regression
//
//   b' = (I + r)^-1 (I b + s + r b_pool)      I information, s score, r = 1 / variance of effects between items
//
// b_pool is the mean of random effects (R. DerSimonian and N. Laird, Controlled Clinical Trials 7, 1986), itself drawn to none: each item counts 1 / (1/r + 1/I).

import { solve } from './regressors.ts'

/** What is known of a day: values of some regressors, by their numbers; on a closed one nothing is wanted. */
export interface KnownDay {
  readonly by: readonly number[]
  readonly values: readonly number[]
  readonly closed: boolean
}

export interface DrivenWeeks {
  /** Units, not below 0; no number of weeks that nobody saw. */
  readonly weeks: ArrayLike<number>
  /** Of each week its seven days; undefined of a plain one, of which nothing is known. */
  readonly days: readonly (readonly (KnownDay | undefined)[] | undefined)[]
  /** What each day has of its week, together 1. */
  readonly shares: ArrayLike<number>
  readonly regressors: number
}

export interface Effects {
  /** Logarithms, by regressor. */
  readonly effects: Float64Array
  /** How much the item's own weeks tell of each, in units of 1 / variance; 0 where it tells nothing. */
  readonly information: Float64Array
  /** Where the likelihood alone would go from there. */
  readonly score: Float64Array
}

export interface PooledEffects {
  readonly effects: Float64Array
  /** Items that tell anything of each. */
  readonly items: Int32Array
}

/** No day is made more than so many times another, or less than one in so many. */
export const FACTOR_MAX = 10
const EXPONENT_MAX = Math.log(FACTOR_MAX)
/** Of effects between items of a pool, and of pools. */
const ITEM_VARIANCE = 0.25
const POOL_VARIANCE = 1
const STEPS = 12
const POOL_STEPS = 6
const STEP_ENOUGH = 1e-6
/** Plain weeks to each side that a level is the mean of. */
const NEAR_WEEKS = 4
/** The mean of all plain weeks counts as one of them in part, so that a level is above 0 wherever anything was sold. */
const ALL_WEIGHT = 0.5
/** Of so few weeks, demand is taken to spread rather as usual. */
const USUAL_DISPERSION = 3
const USUAL_WEEKS = 4
/** Of a week's demand, what must have been open; else it tells nothing. */
const OPEN_LEAST = 0.5

export function dayFactor(day: KnownDay | undefined, effects: ArrayLike<number>): number {
  if (day === undefined) return 1
  if (day.closed) return 0
  let exponent = 0
  for (let at = 0; at < day.by.length; at += 1) exponent += effects[day.by[at]!]! * day.values[at]!
  return Math.exp(Math.min(EXPONENT_MAX, Math.max(-EXPONENT_MAX, exponent)))
}

/** Weeks as they would have been without all that is known; no number of one that was closed for the most part. A plain week is as it was, bit for bit. */
export function cleanedWeeks({ weeks, days, shares }: DrivenWeeks, effects: ArrayLike<number>): Float64Array {
  return Float64Array.from(weeks, (units, week) => {
    const known = days[week]
    if (known === undefined) return units
    return isShut(known, shares) ? Number.NaN : units / weekFactor(known, shares, effects)
  })
}

const weekFactor = (days: readonly (KnownDay | undefined)[], shares: ArrayLike<number>, effects: ArrayLike<number>): number =>
  days.reduce((sum, day, at) => sum + shares[at]! * dayFactor(day, effects), 0)

const isShut = (days: readonly (KnownDay | undefined)[], shares: ArrayLike<number>): boolean =>
  days.reduce((sum, day, at) => sum + (day?.closed ? 0 : shares[at]!), 0) < OPEN_LEAST

/** A week that tells of effects, with what would have been sold in it without them. */
interface TellingWeek {
  readonly units: number
  readonly level: number
  readonly days: readonly (KnownDay | undefined)[]
}

interface Telling {
  readonly weeks: readonly TellingWeek[]
  readonly dispersion: number
}

/** Effects by an item's own weeks, as far as these tell, and else by its pool. */
export const effectsOf = (driven: DrivenWeeks, pool: Float64Array): Effects => fit(driven, tellingOf(driven), pool)

/** Effects in a pool of items, each with the pool's numbers of its regressors. */
export function pooledEffects(
  items: readonly { readonly driven: DrivenWeeks; readonly numbers: readonly number[] }[],
  regressors: number,
): PooledEffects {
  const told = items.map(({ driven, numbers }) => ({ driven, numbers, telling: tellingOf(driven) })).filter(({ telling }) => telling.weeks.length > 0)
  let effects = new Float64Array(regressors)
  const counted = new Int32Array(regressors)
  for (let step = 0; step < POOL_STEPS; step += 1) {
    const [sums, weights] = [new Float64Array(regressors), new Float64Array(regressors).fill(1 / POOL_VARIANCE)]
    counted.fill(0)
    for (const { driven, numbers, telling } of told) {
      const own = fit(
        driven,
        telling,
        Float64Array.from(numbers, (number) => effects[number]!),
      )
      for (const [at, number] of numbers.entries()) {
        const information = own.information[at]!
        if (!(information > 0)) continue
        // 1 / (variance + 1 / I), times the effect that the likelihood alone would have, b + s / I: of an item that sells seldom that may be anything, and is not bounded.
        const weight = 1 / (1 + ITEM_VARIANCE * information)
        sums[number]! += weight * (information * own.effects[at]! + own.score[at]!)
        weights[number]! += weight * information
        counted[number]! += 1
      }
    }
    effects = effects.map((effect, number) => stepped(effect, sums[number]! / weights[number]!))
  }
  return { effects, items: counted }
}

/** No step is so long that what is bounded swings. */
function stepped(from: number, to: number): number {
  const next = from + Math.max(-1, Math.min(1, to - from))
  return Number.isNaN(next) ? 0 : Math.min(EXPONENT_MAX, Math.max(-EXPONENT_MAX, next))
}

function fit({ shares, regressors }: DrivenWeeks, telling: Telling, pool: Float64Array): Effects {
  let effects = pool
  let { square, score } = likelihood(telling, shares, effects)
  for (let step = 0; step < STEPS && telling.weeks.length > 0; step += 1) {
    const product = score.map((value, row) => value + effects.reduce((sum, effect, column) => sum + square[row * regressors + column]! * effect, 0))
    const next = solve(square, product, 1 / ITEM_VARIANCE, pool).map((to, at) => stepped(effects[at]!, to))
    const moved = next.reduce((most, to, at) => Math.max(most, Math.abs(to - effects[at]!)), 0)
    effects = next
    ;({ square, score } = likelihood(telling, shares, effects))
    if (moved < STEP_ENOUGH) break
  }
  return { effects, information: effects.map((_effect, at) => square[at * regressors + at]!), score }
}

/** Fisher's information row by row, and the score. */
function likelihood({ weeks, dispersion }: Telling, shares: ArrayLike<number>, effects: Float64Array) {
  const { length } = effects
  const [square, score, slope] = [new Float64Array(length * length), new Float64Array(length), new Float64Array(length)]
  for (const { units, level, days } of weeks) {
    let factor = 0
    slope.fill(0)
    for (const [at, day] of days.entries()) {
      const share = shares[at]! * dayFactor(day, effects)
      factor += share
      if (day !== undefined && !day.closed) for (const [index, number] of day.by.entries()) slope[number]! += share * day.values[index]!
    }
    if (!(factor > 0)) continue
    for (let row = 0; row < length; row += 1) {
      score[row]! += ((units / factor - level) * slope[row]!) / dispersion
      for (let column = 0; column < length; column += 1)
        square[row * length + column]! += ((level / factor) * slope[row]! * slope[column]!) / dispersion
    }
  }
  return { square, score }
}

function tellingOf({ weeks, days, shares }: DrivenWeeks): Telling {
  const plain: number[] = []
  const driven: number[] = []
  for (let week = 0; week < weeks.length; week += 1) {
    if (!(weeks[week]! >= 0 && weeks[week]! < Infinity)) continue
    if (days[week] === undefined) plain.push(week)
    else if (!isShut(days[week]!, shares) && days[week]!.some((day) => day !== undefined && day.by.length > 0)) driven.push(week)
  }
  const all = plain.reduce((sum, week) => sum + weeks[week]! / plain.length, 0)
  if (driven.length === 0 || !(all > 0)) return { weeks: [], dispersion: 1 }
  let next = 0
  const telling = driven.map((week): TellingWeek => {
    while (next < plain.length && plain[next]! < week) next += 1
    const near = plain.slice(Math.max(0, next - NEAR_WEEKS), next + NEAR_WEEKS)
    const level = near.reduce((sum, one) => sum + weeks[one]!, ALL_WEIGHT * all) / (near.length + ALL_WEIGHT)
    return { units: weeks[week]!, level, days: days[week]! }
  })
  return { weeks: telling, dispersion: dispersionOf(plain, weeks, all) }
}

/** Variance over mean by what lies between a plain week and the next, so that neither trend nor season counts. */
function dispersionOf(plain: readonly number[], weeks: ArrayLike<number>, mean: number): number {
  const pairs = plain.length - 1
  let squares = 0
  for (let at = 0; at < pairs; at += 1) squares += (weeks[plain[at + 1]!]! - weeks[plain[at]!]!) ** 2 / 2
  return Math.max(1, (squares / mean + USUAL_DISPERSION * USUAL_WEEKS) / (Math.max(0, pairs) + USUAL_WEEKS))
}
