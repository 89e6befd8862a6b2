// Several seasons: hours with a day and a week in them, days with a week and a year, and long histories whose trend of years says nothing of tomorrow.
//
// The history is taken apart into a level and a season of each length, in turns until they settle (as MSTL does with STL: K. Bandara, R. Hyndman and C. Bergmeir, 2021;
// here with local lines and shrunk indices); what is left goes back to nothing at the rate of its first autocorrelation. Beside that forecast stand what was a season
// ago, the mean of the last seasons, and the smooth branch; each counts by how well it would have forecast the last times, 1 / (mean squared error)^2.

import { smoothing } from './level.ts'
import { indicesOf, localLine, seasoned } from './seasonality.ts'
import { hasRoot, meanOf, smoothForecast, squareOf } from './smooth.ts'

export interface SeveralForecast {
  readonly forecast: Float64Array
  /** Without seasons, on the scale of the forecast's errors. */
  readonly adjusted: Float64Array
  readonly isRoot: boolean
  /** The size of the errors in the trials; 0 where there was no room for any. */
  readonly triedSize: number
}

const PASSES = 2
const TRIALS = 3
/** Longer histories are cut to so many of their longest season. */
const SEASONS_MAX = 16
const VALUES_MAX = 400
const SMOOTH_VALUES_MAX = 300
const SMOOTH_SEASONS = 6
const SMOOTH_SEASONS_MAX = 18
/** A day of at least so many parts may have a week. */
const PARTS_OF_A_DAY_MIN = 20
const DAYS = 7
const WEEKS_MIN = 3
const SEASONS_REPEATED = 4
/** Who missed by twice the square counts 2^-3 as much. */
const SHARPNESS = 3
/** How much a season counts against the one after it, and over how many seasons that is stretched in a long history. */
const KEPT_PER_SEASON = 0.8
const SEASONS_STRETCHED = 8
/** An index every so many periods is enough for a season that is no multiple of another. */
const SMOOTH_PARTS = 26
/** The level is reckoned so often in a season. */
const LINE_PARTS = 6

/** Which seasons a history is long enough for, ascending; and a week, where a day has many parts: whether there is one, the trials say. */
export function seasonsIn(values: Float64Array, seasons: readonly number[]): readonly number[] {
  const possible = [...new Set(seasons)].filter((period) => period > 1 && values.length >= 2 * period + 1).toSorted((a, b) => a - b)
  const [day] = possible
  const mayHaveWeek = possible.length === 1 && day !== undefined && day >= PARTS_OF_A_DAY_MIN && values.length >= WEEKS_MIN * DAYS * day
  return mayHaveWeek ? [day, DAYS * day] : possible
}

const recentOf = (values: Float64Array, longest: number): Float64Array =>
  values.subarray(Math.max(0, values.length - Math.max(VALUES_MAX, SEASONS_MAX * longest)))

/** `seasons` as of `seasonsIn`, at least one. */
export function severalForecast(values: Float64Array, seasons: readonly number[], horizon: number): SeveralForecast {
  const recent = recentOf(values, seasons.at(-1)!)
  const isRoot = hasRoot(recent)
  const scaled = isRoot ? recent.map(Math.sqrt) : recent
  const weights = weigh(scaled, seasons, horizon)
  const members = membersOf(scaled, seasons, horizon)
  const forecast = new Float64Array(horizon)
  for (const [index, member] of members.entries())
    for (let step = 0; step < horizon; step += 1) forecast[step]! += weights.shares[index]! * member[step]!
  const { adjusted } = takenApart(scaled, seasons)
  return { forecast: forecast.map((value) => squareOf(value, isRoot)), adjusted, isRoot, triedSize: weights.size }
}

/** The first of them is the one that counts where nothing can be tried. */
function membersOf(scaled: Float64Array, seasons: readonly number[], horizon: number): readonly Float64Array[] {
  const [shortest, longest] = [seasons[0]!, seasons.at(-1)!]
  const tail = scaled.slice(-Math.max(Math.min(SMOOTH_VALUES_MAX, SMOOTH_SEASONS_MAX * shortest), SMOOTH_SEASONS * shortest))
  const { plain, season } = smoothForecast(tail, shortest, horizon)
  const smooth = season === undefined ? plain : plain.map((value, step) => seasoned(value, season, tail.length + step))
  const fewer = seasons.length > 1 ? decomposed(scaled, [shortest], horizon) : []
  const repeats = [
    repeated(scaled, longest, 1, horizon),
    repeated(scaled, longest, SEASONS_REPEATED, horizon),
    repeated(scaled, shortest, 1, horizon),
  ]
  return [...decomposed(scaled, seasons, horizon), ...fewer, ...repeats, smooth]
}

interface Weights {
  readonly shares: Float64Array
  /** Root of the mean squared error of the mean of all, weighted. */
  readonly size: number
}

/** Forecasts from earlier and compares. */
function weigh(scaled: Float64Array, seasons: readonly number[], horizon: number): Weights {
  const room = scaled.length - (2 * seasons.at(-1)! + 1)
  const steps = Math.min(horizon, room)
  const trials = steps < 1 ? 0 : Math.min(TRIALS, 1 + Math.floor((room - steps) / Math.max(1, Math.ceil(steps / 2))))
  const tried: { readonly members: readonly Float64Array[]; readonly truth: Float64Array }[] = []
  for (let trial = 0; trial < trials; trial += 1) {
    const end = scaled.length - steps - trial * Math.max(1, Math.ceil(steps / 2))
    tried.push({ members: membersOf(scaled.subarray(0, end), seasons, steps), truth: scaled.subarray(end, end + steps) })
  }
  const squares = (forecasts: readonly Float64Array[]): number =>
    tried.reduce((sum, { truth }, trial) => sum + truth.reduce((yet, value, step) => yet + (value - forecasts[trial]![step]!) ** 2, 0), 0) /
    (trials * steps)
  if (trials === 0) return { shares: Float64Array.of(1), size: 0 }
  const errors = tried[0]!.members.map((_, member) => squares(tried.map(({ members }) => members[member]!)))
  const least = Math.max(Math.min(...errors), 1e-12)
  const raw = Float64Array.from(errors, (error) => (least / Math.max(error, 1e-12)) ** SHARPNESS)
  const shares = raw.map((one) => one / raw.reduce((sum, other) => sum + other, 0))
  return { shares, size: Math.sqrt(squares(tried.map(({ members }) => mixed(members, shares)))) }
}

const mixed = (members: readonly Float64Array[], shares: Float64Array): Float64Array =>
  Float64Array.from(members[0]!, (_, step) => shares.reduce((sum, share, member) => sum + share * members[member]![step]!, 0))

/** What was `period` ago, or the mean of what was once, twice .. so often; as far as the history goes. */
function repeated(values: Float64Array, period: number, times: number, horizon: number): Float64Array {
  const possible = Math.max(1, Math.min(times, Math.floor(values.length / period)))
  const seasons = Array.from({ length: possible }, (_, back) =>
    Float64Array.from({ length: horizon }, (_value, step) => values[Math.max(0, values.length - (back + 1) * period + (step % period))]!),
  )
  return meanOf(seasons)
}

/** Seasons on a level that goes back to the last season's mean, and on one that stays where simple smoothing says that it is. */
function decomposed(values: Float64Array, seasons: readonly number[], horizon: number): readonly Float64Array[] {
  const { adjusted, remainder, indices } = takenApart(values, seasons)
  const window = Math.min(values.length, seasons.at(-1)!)
  const level = adjusted.subarray(-window).reduce((sum, value) => sum + value, 0) / window
  const last = adjusted.at(-1)! - level
  const kept = firstAutocorrelation(remainder)
  const { level: stays } = smoothing(adjusted.slice(-SMOOTH_VALUES_MAX))
  const seasoned = (at: (step: number) => number): Float64Array =>
    Float64Array.from({ length: horizon }, (_, step) => indices.reduce((sum, one) => sum + one[(values.length + step) % one.length]!, at(step)))
  return [seasoned((step) => level + last * kept ** (step + 1)), seasoned(() => stays)]
}

/** From 0 on, and below 1. */
function firstAutocorrelation(remainder: Float64Array): number {
  let [before, squares] = [0, 0]
  for (let at = 1; at < remainder.length; at += 1) {
    before += remainder[at]! * remainder[at - 1]!
    squares += remainder[at - 1]! ** 2
  }
  return squares > 0 ? Math.min(0.999, Math.max(0, before / squares)) : 0
}

interface Parts {
  /** Without seasons. */
  readonly adjusted: Float64Array
  /** Without seasons and level. */
  readonly remainder: Float64Array
  readonly indices: readonly Float64Array[]
}

function takenApart(values: Float64Array, seasons: readonly number[]): Parts {
  const reach = seasons.at(-1)!
  const indices: Float64Array[] = seasons.map((period) => new Float64Array(period))
  const stride = Math.max(1, Math.floor(reach / LINE_PARTS))
  let level = localLine(values, reach, stride)
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const [index, period] of seasons.entries()) {
      const beside = above(level, withoutAll(values, indices, index))
      const kept = KEPT_PER_SEASON ** Math.min(1, (SEASONS_STRETCHED * period) / values.length)
      const found = indicesOf(beside, period, 0, kept)
      const isOwn = seasons.every((other) => other >= period || period % other !== 0)
      indices[index] = index > 0 && isOwn ? smoothedRound(found, Math.ceil(period / SMOOTH_PARTS)) : found
    }
    level = localLine(withoutAll(values, indices), reach, stride)
  }
  const adjusted = withoutAll(values, indices)
  return { adjusted, remainder: above(level, adjusted.slice()), indices }
}

/** Without the seasons, but for one. */
function withoutAll(values: Float64Array, indices: readonly Float64Array[], but = -1): Float64Array {
  const left = values.slice()
  for (const [index, one] of indices.entries()) {
    if (index === but) continue
    for (let [at, phase] = [0, 0]; at < left.length; at += 1, phase = phase + 1 === one.length ? 0 : phase + 1) left[at]! -= one[phase]!
  }
  return left
}

/** Takes the level off the values themselves. */
function above(level: Float64Array, values: Float64Array): Float64Array {
  for (let at = 0; at < values.length; at += 1) values[at]! -= level[at]!
  return values
}

/** A year of days has too few years for an index a day: it changes slowly, and its end goes on at its beginning. */
function smoothedRound(indices: Float64Array, reach: number): Float64Array {
  const { length } = indices
  const round = Float64Array.from({ length: length + 2 * reach }, (_, at) => indices[(at - reach + length) % length]!)
  return localLine(round, reach).slice(reach, reach + length)
}
