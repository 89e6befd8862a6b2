// Smooth: the forecast of a history that has something in (nearly) every period and at most one season.
//
// Nothing is selected. Four methods that err differently (Theta, damped Holt, dynamic Theta, drift) forecast the history without its season, on the scale of its
// square root where nothing is near none, which lies between a trend by so much and one by so many per cent; and its means over two and three periods as well, where
// at least four of these make a season, since what is seen from further away is mostly trend (F. Petropoulos and N. Kourentzes, Improving forecasting via multiple
// temporal aggregation, 2014). The forecast is the mean of all, with the season put back. Selecting by fit or by cross-validation was no better, and slower.

import { dynamicTheta } from './dynamic-theta.ts'
import { holt, type HoltMember } from './holt.ts'
import { drift, smoothing, theta } from './level.ts'
import { seasonOf, without, type Season } from './seasonality.ts'

export interface SmoothForecast {
  /** Without the season. */
  readonly plain: Float64Array
  /** Begins with the history. */
  readonly season: Season | undefined
  /** The history without its season; its square root where `isRoot`. */
  readonly adjusted: Float64Array
  readonly isRoot: boolean
  readonly likeliest: HoltMember | undefined
}

const AGGREGATES = [2, 3] as const
const AGGREGATES_PER_SEASON_MIN = 4
/** Fewer say nothing of a trend. */
export const TREND_VALUES_MIN = 5

/** `values` as of a history: at least one, all finite. */
export function smoothForecast(values: Float64Array, period: number, horizon: number): SmoothForecast {
  const season = seasonOf(values, period)
  const plain = season === undefined ? values : without(values, season)
  const isRoot = hasRoot(plain)
  const { forecast, likeliest } = ofLevel(plain, horizon, isRoot)
  const all = [forecast]
  for (const periods of AGGREGATES) {
    if (period % periods !== 0 || period / periods < AGGREGATES_PER_SEASON_MIN || plain.length < periods * TREND_VALUES_MIN) continue
    const seen = aggregated(plain, periods)
    all.push(spread(ofLevel(seen, Math.ceil(horizon / periods) + 1, isRoot).forecast, periods, horizon))
  }
  const mean = meanOf(all)
  return {
    plain: isRoot ? mean.map((value) => Math.max(0, value)) : mean,
    season,
    adjusted: isRoot ? plain.map(Math.sqrt) : plain,
    isRoot,
    likeliest,
  }
}

function ofLevel(plain: Float64Array, horizon: number, isRoot: boolean): { readonly forecast: Float64Array; readonly likeliest?: HoltMember } {
  const scaled = isRoot ? plain.map(Math.sqrt) : plain
  if (plain.length < TREND_VALUES_MIN) return { forecast: new Float64Array(horizon).fill(squareOf(smoothing(scaled).level, isRoot)) }
  const { forecast, likeliest } = holt(scaled, horizon)
  const members = [theta(scaled, horizon), forecast, dynamicTheta(scaled, horizon), drift(scaled, horizon)]
  return { forecast: meanOf(members.map((member) => member.map((value) => squareOf(value, isRoot)))), likeliest }
}

export const rootOf = (value: number, isRoot: boolean): number => (isRoot ? Math.sqrt(value) : value)
/** Back from the square root; what would have been below none is none. */
export const squareOf = (root: number, isRoot: boolean): number => (isRoot ? Math.max(root, 0) ** 2 : root)

export function meanOf(forecasts: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(forecasts[0]!.length)
  for (const forecast of forecasts) for (let step = 0; step < mean.length; step += 1) mean[step]! += forecast[step]!
  return mean.map((sum) => sum / forecasts.length)
}

/** Means of so many periods each, such that the last ends with the history. */
function aggregated(values: Float64Array, periods: number): Float64Array {
  const count = Math.floor(values.length / periods)
  const from = values.length - count * periods
  return Float64Array.from({ length: count }, (_, index) => {
    let sum = 0
    for (let at = from + index * periods; at < from + (index + 1) * periods; at += 1) sum += values[at]!
    return sum / periods
  })
}

/** Back to single periods: a line between the middles of what was forecast, and the first of these lines carried back to the history's end. */
function spread(forecast: Float64Array, periods: number, horizon: number): Float64Array {
  return Float64Array.from({ length: horizon }, (_, step) => {
    const place = (step - (periods - 1) / 2) / periods
    const before = Math.max(0, Math.floor(place))
    return forecast[before]! + (place - before) * (forecast[before + 1]! - forecast[before]!)
  })
}

/** Below this share of the mean the root makes much of little: a day without a sale would outweigh all others. */
const ROOT_SHARE_MIN = 0.05

/** Whether errors are told on the scale of the square root. */
export function hasRoot(values: Float64Array): boolean {
  const least = (ROOT_SHARE_MIN * values.reduce((sum, value) => sum + value, 0)) / values.length
  return least > 0 && values.every((value) => value > least)
}
