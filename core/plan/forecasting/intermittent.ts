// Intermittent: demand that comes now and then: spare parts, slow sellers.
//
// The level is the mean of the last year's (at least twelve periods', of long histories a sixteenth) and of simple smoothing, drawn a little towards the item's long
// run. It is not Croston's method, which goes on promising what has ceased. What to expect is that level times the chance that the item is still wanted: with a hazard h
// of dying in a period, and a chance p of demand in a period while it lives, silence of g periods says
//
//   P(alive) = ((1 - h)(1 - p))^g / (that + h sum over k < g of ((1 - h)(1 - p))^k)     (after R. Teunter, A. Syntetos and M. Babai, Intermittent demand: linking
//                                                                                       forecasting to inventory obsolescence, 2011, with the odds in closed form)
//
// Quantiles are negative binomial about the level drawn towards what is demanded of such items, if it is known, and not about what is expected: an item that had no demand
// for a year may have some, and who keeps parts is asked for them as long as nobody knows that they are dead. Their dispersion (variance over mean) is the item's in the
// last three years, drawn towards the category's by as many demands as are few. The less its items have in common, the less a category counts.

import { countQuantiles, pieceOf } from './counts.ts'

/** What is known of the items an item is one of. */
export interface Category {
  /** Demand of an item in a period, on average. */
  readonly mean: number
  /** Variance of a period's demand over its mean. */
  readonly dispersion: number
  /** Variance of the items' means over the square of their mean: how little they have in common. */
  readonly differing: number
}

export interface IntermittentDemand {
  /** What is expected of a period, were it certain that there still is demand. */
  readonly expected: number
  /** The mean of the distribution that quantiles are of. */
  readonly level: number
  readonly dispersion: number
  /** What demand is a multiple of. */
  readonly piece: number
  /** The chance that there still is any, and that it ceases in a period. */
  readonly alive: number
  readonly hazard: number
}

const YEAR_MIN = 12
const SMOOTHING = 0.15
/** Of a long history, of days perhaps, this share is recent. */
const RECENT_SHARE = 0.0625
const ALIVE_PERIODS = 24
const DISPERSION_PERIODS = 36
/** As many periods as the category, or the item's own long run, counts. */
const CATEGORY_PERIODS = 1
const LONG_RUN_PERIODS = 3
/** As many demands as the category's dispersion counts. */
const CATEGORY_DEMANDS = 2
/** In pieces, of an item of which no category is known. */
const DISPERSION_USUAL = 2
/** Demand that is no multiple of anything is counted in such parts of a mean demand. */
const PIECES_OF_A_DEMAND = 20

/**
 * Of items whose periods are of one length and whose demand is in one unit: of those that are wanted now and then, or were never; others have nothing in common with them.
 * What is not finite was not observed.
 */
export function categoryOf(histories: readonly ArrayLike<number>[]): Category {
  const means: number[] = []
  let [spread, meansOfSpread] = [0, 0]
  for (const history of histories) {
    const observed = Float64Array.from(history).filter((value) => Number.isFinite(value))
    const demands = observed.reduce((count, value) => count + (value === 0 ? 0 : 1), 0)
    if (
      observed.length < 2 ||
      !isRare(
        observed.length,
        demands,
        observed.every((value) => value >= 0),
      )
    )
      continue
    means.push(meanOf(observed, 0))
    const from = Math.max(0, observed.length - DISPERSION_PERIODS)
    const mean = meanOf(observed, from)
    if (!(mean > 0)) continue
    spread += varianceOf(observed, from, mean)
    meansOfSpread += mean
  }
  const mean = means.reduce((sum, one) => sum + one / means.length, 0)
  const differing = mean > 0 ? means.reduce((sum, one) => sum + (one / mean - 1) ** 2 / means.length, 0) : 0
  const dispersion = meansOfSpread > 0 ? spread / meansOfSpread : 0
  return Number.isFinite(mean) && Number.isFinite(dispersion) ? { mean, dispersion, differing } : { mean: 0, dispersion: 0, differing: 0 }
}

const BETWEEN_DEMANDS_MIN = 1.32

/** Whether there are so many periods from one demand to the next, on average, and none below 0. */
export const isRare = (periods: number, demands: number, isNonNegative: boolean): boolean => isNonNegative && periods >= BETWEEN_DEMANDS_MIN * demands

/** `observed`: demand of one period after the other, none below 0, at least one. `period` is the number of periods in a year, if it is more than twelve. */
export function intermittentDemand(observed: Float64Array, period: number, category: Category | undefined): IntermittentDemand {
  const { length } = observed
  const recently = Math.min(length, Math.max(YEAR_MIN, period, Math.floor(length * RECENT_SHARE)))
  const smoothing = Math.min(SMOOTHING, 1 / (length * RECENT_SHARE))
  const longRun = meanOf(observed, 0)
  let smoothed = longRun
  for (const value of observed) smoothed += smoothing * (value - smoothed)
  const recent = (meanOf(observed, length - recently) + smoothed) / 2
  const drawn = (towards: number, periods: number): number => (recent * recently + towards * periods) / (recently + periods)
  const trust = category === undefined ? 0 : Math.min(1, 1 / category.differing)
  const prior = trust * (category?.mean ?? 0) + (1 - trust) * longRun
  const level = drawn(prior, trust * CATEGORY_PERIODS + (1 - trust) * LONG_RUN_PERIODS)
  const expected = length < YEAR_MIN ? level : drawn(longRun, LONG_RUN_PERIODS)
  const demands = observed.reduce((count, value) => count + (value > 0 ? 1 : 0), 0)
  const piece = pieceOf(observed) ?? (demands > 0 ? (longRun * length) / demands / PIECES_OF_A_DEMAND : (category?.dispersion ?? 0))
  const usual = trust * (category?.dispersion ?? 0) + (1 - trust) * DISPERSION_USUAL * piece
  const hazard = hazardOf(length)
  return { expected, level, piece, dispersion: dispersionOf(observed, usual), alive: aliveOf(observed, hazard), hazard }
}

function dispersionOf(observed: Float64Array, usual: number): number {
  const from = Math.max(0, observed.length - DISPERSION_PERIODS)
  const mean = meanOf(observed, from)
  if (!(mean > 0) || observed.length - from < 2) return usual
  let demands = 0
  for (let at = from; at < observed.length; at += 1) if (observed[at]! > 0) demands += 1
  return (demands * (varianceOf(observed, from, mean) / mean) + CATEGORY_DEMANDS * usual) / (demands + CATEGORY_DEMANDS)
}

/** Of what has lived for so many periods, by the rule of succession with H. Jeffreys' prior: what is old lives long. */
const hazardOf = (periods: number): number => 0.5 / (periods + 1)

/** By the silence at the end, and how often there was demand in the two years before it. */
function aliveOf(observed: Float64Array, hazard: number): number {
  let end = observed.length
  while (end > 0 && observed[end - 1] === 0) end -= 1
  if (end === 0) return 0
  const from = Math.max(0, end - ALIVE_PERIODS)
  let demands = 0
  for (let at = from; at < end; at += 1) if (observed[at]! > 0) demands += 1
  const silent = (1 - hazard) * (1 - demands / (end - from + 1))
  const lived = silent ** (observed.length - end)
  return lived / (lived + (hazard * (1 - lived)) / (1 - silent))
}

/** What is expected in each of the next periods. */
export const expectedDemand = ({ expected, alive, hazard }: IntermittentDemand, horizon: number): Float64Array =>
  Float64Array.from({ length: horizon }, (_, step) => expected * alive * (1 - hazard) ** (step + 1))

/** Of the demand of so many periods together. */
export const demandQuantiles = ({ level, dispersion, piece }: IntermittentDemand, periods: number, levels: readonly number[]): Float64Array =>
  countQuantiles(level * periods, dispersion, piece, levels)

function meanOf(values: Float64Array, from: number): number {
  let sum = 0
  for (let at = from; at < values.length; at += 1) sum += values[at]!
  return sum / (values.length - from)
}

function varianceOf(values: Float64Array, from: number, mean: number): number {
  let sum = 0
  for (let at = from; at < values.length; at += 1) sum += (values[at]! - mean) ** 2
  return sum / (values.length - from - 1)
}
