// Forecast: what is going to be, from what was: the mean and quantiles of each of the next periods, and of the first so many together.
//
// Which method speaks follows from the history alone, never from its name, unit or date (classes after A. Syntetos, J. Boylan and J. Croston, On the categorization of
// demand patterns, 2005):
//
//   none               nothing was observed, or nothing but 0                                    0
//   intermittent       nothing below 0, and 1.32 periods or more from one demand to the next     intermittent.ts
//   several-seasons    several seasons, or one, seen forty times                                 several-seasons.ts
//   seasonal, smooth   all others                                                                smooth.ts
//
// Any history has a forecast: none throws, and none is NaN. It begins after the history's last entry, whether that was observed or not.

import { errorQuantiles, rollingErrors } from './errors.ts'
import { historyOf, observedIn, type History } from './history.ts'
import type { HoltMember } from './holt.ts'
import { demandQuantiles, expectedDemand, intermittentDemand, isRare, type Category, type IntermittentDemand } from './intermittent.ts'
import { isSeasonal, seasoned } from './seasonality.ts'
import { seasonsIn, severalForecast } from './several-seasons.ts'
import { rootOf, smoothForecast, squareOf } from './smooth.ts'

export const usualLevels: readonly number[] = [0.05, 0.1, 0.25, 0.5, 0.75, 0.8, 0.9, 0.95, 0.99]

export interface ForecastOptions {
  /** How many periods are forecast: a whole number, at least one. */
  readonly horizon: number
  /** How many periods a season has, whole numbers: [12] for months, [24, 168] for hours; none, or [1], where there is none. */
  readonly seasons: readonly number[]
  /** Ascending, each above 0 and below 1. */
  readonly levels?: readonly number[] | undefined
  /** Of items like this one, in its unit and periods; counts where demand is intermittent. */
  readonly category?: Category | undefined
}

export type Method = 'none' | 'intermittent' | 'several-seasons' | 'seasonal' | 'smooth'

export interface Quantiles {
  readonly mean: Float64Array
  /** For each level an array of the horizon's length; ascending with the level, and not below 0 where the history never was. */
  readonly quantiles: readonly Float64Array[]
}

export interface Forecast extends Quantiles {
  readonly method: Method
  readonly levels: readonly number[]
  /** The same of the first period, of the first two together, and so on: what is wanted in a lead time. */
  readonly cumulative: () => Quantiles
}

interface Asked {
  readonly horizon: number
  /** How many periods before the first that is asked for are not known either. */
  readonly skipped: number
  readonly seasons: readonly number[]
  readonly levels: readonly number[]
  readonly category: Category | undefined
}

/** `history`: a value for each period, the oldest first; what is not finite was not observed. */
export function forecastOf(history: ArrayLike<number>, { horizon, seasons, levels = usualLevels, category }: ForecastOptions): Forecast {
  const ascending = seasons.filter((period) => period > 1).toSorted((a, b) => a - b)
  const known = historyOf(history, ascending[0] ?? 1)
  const scaled = category && { ...category, mean: category.mean / known.power, dispersion: category.dispersion / known.power }
  const asked: Asked = { horizon, skipped: known.missingAtEnd, seasons: ascending, levels, category: scaled }
  const { method, cumulative, ...single } = scaledForecast(history, known, asked)
  const scale = method === 'intermittent' ? known.power : known.scale
  const inUnits = (values: Float64Array): Float64Array =>
    values.map((value) => Math.min(Number.MAX_VALUE, Math.max(known.isNonNegative ? 0 : -Number.MAX_VALUE, value * scale)))
  const unscaled = ({ mean, quantiles }: Quantiles): Quantiles => ({ mean: inUnits(mean), quantiles: quantiles.map(inUnits) })
  return { method, levels, ...unscaled(single), cumulative: () => unscaled(cumulative()) }
}

/** In units of the history's power of two where demand is intermittent, else of its scale. */
type Scaled = Omit<Forecast, 'levels'>

function scaledForecast(series: ArrayLike<number>, history: History, asked: Asked): Scaled {
  const { observed, demands, isNonNegative, power, values } = history
  const { category, seasons } = asked
  if (observed === 0) return category === undefined ? nothing(asked) : newItem(category, asked)
  if (demands === 0 && category === undefined) return nothing(asked)
  if (isRare(observed, demands, isNonNegative) && !seasons.some((period) => isSeasonal(values, period, CLEAR_CORRELATION))) {
    return ofDemand(intermittentDemand(observedIn(series, power), seasons[0] ?? 1, category), asked)
  }
  return continuous(history, asked)
}

/** A season that leaves no doubt is no intermittent demand, however often there is none: ice cream in winter. */
const CLEAR_CORRELATION = 0.5

function nothing({ horizon, levels }: Asked): Scaled {
  const none: Quantiles = { mean: new Float64Array(horizon), quantiles: levels.map(() => new Float64Array(horizon)) }
  return { method: 'none', ...none, cumulative: () => none }
}

const newItem = ({ mean, dispersion }: Category, asked: Asked): Scaled =>
  ofDemand({ expected: mean, level: mean, dispersion, piece: mean / PIECES_OF_A_MEAN, alive: 1, hazard: 0 }, asked)

const PIECES_OF_A_MEAN = 20

function ofDemand(demand: IntermittentDemand, { horizon, skipped, levels }: Asked): Scaled {
  const mean = expectedDemand(demand, skipped + horizon).subarray(skipped)
  const byPeriods = (periodsOf: (step: number) => number): readonly Float64Array[] => {
    const quantiles = levels.map(() => new Float64Array(horizon))
    for (let step = 0; step < horizon; step += 1) {
      const of = step > 0 && periodsOf(step) === periodsOf(step - 1) ? undefined : demandQuantiles(demand, periodsOf(step), levels)
      for (const [index, one] of quantiles.entries()) one[step] = of === undefined ? one[step - 1]! : of[index]!
    }
    return quantiles
  }
  const cumulative = (): Quantiles => ({ mean: runningSum(mean), quantiles: byPeriods((step) => step + 1) })
  return { method: 'intermittent', mean, quantiles: byPeriods(() => 1), cumulative }
}

function runningSum(values: Float64Array): Float64Array {
  let sum = 0
  return values.map((value) => (sum += value))
}

/** What a method that gives single numbers says, and how its forecast changes when it is off by so much on the scale of its errors. */
interface Centred {
  readonly method: Method
  readonly at: (step: number, off: number) => number
  /** What errors are told from. */
  readonly adjusted: Float64Array
  readonly member: HoltMember | undefined
  /** Errors as large as this, at least, were seen on average. */
  readonly size: number
}

function continuous({ values }: History, asked: Asked): Scaled {
  const seasons = seasonsIn(values, asked.seasons)
  const [shortest = 1] = seasons
  const isLong =
    seasons.length === 1 && values.length > SEASONS_OF_LONG_HISTORY * shortest && isSeasonal(stepsOf(values), shortest, STEPS_CORRELATION)
  return around(seasons.length > 1 || isLong ? severalCentred(values, seasons, asked) : smoothCentred(values, shortest, asked), asked)
}

const SEASONS_OF_LONG_HISTORY = 40
/** What wanders is like itself a season ago, and its steps are not. */
const STEPS_CORRELATION = 0.1

const stepsOf = (values: Float64Array): Float64Array => values.subarray(1).map((value, at) => value - values[at]!)

/** What was longer ago says nothing of a trend. */
const SMOOTH_VALUES_MAX = 300
const SMOOTH_SEASONS_MAX = 12

function smoothCentred(values: Float64Array, period: number, { skipped, horizon }: Asked): Centred {
  const recent = values.slice(-Math.max(SMOOTH_VALUES_MAX, SMOOTH_SEASONS_MAX * period))
  const { plain, season, isRoot, adjusted, likeliest } = smoothForecast(recent, period, skipped + horizon)
  const at = (step: number, off: number): number => {
    const value = squareOf(rootOf(plain[step]!, isRoot) + off, isRoot)
    return season === undefined ? value : seasoned(value, season, recent.length + step)
  }
  return { method: season === undefined ? 'smooth' : 'seasonal', at, adjusted, member: likeliest, size: 0 }
}

function severalCentred(values: Float64Array, seasons: readonly number[], { skipped, horizon }: Asked): Centred {
  const { forecast, isRoot, adjusted, triedSize } = severalForecast(values, seasons, skipped + horizon)
  const at = (step: number, off: number): number => squareOf(rootOf(forecast[step]!, isRoot) + off, isRoot)
  return { method: 'several-seasons', at, adjusted, member: undefined, size: triedSize }
}

function around({ method, at, adjusted, member, size }: Centred, { horizon, skipped, levels }: Asked): Scaled {
  const errors = rollingErrors(adjusted, member, skipped + horizon, size)
  const offs = errorQuantiles(errors, levels)
  const row = (off: number): Float64Array =>
    Float64Array.from({ length: horizon }, (_, step) => at(skipped + step, off * errors.sizes[skipped + step]!))
  const single: Quantiles = { mean: row(0), quantiles: Array.from(offs, row) }
  return { method, ...single, cumulative: () => summedUp(single, errors.sizes.subarray(skipped)) }
}

/**
 * Errors of one step after the other have a part of their own and a part that is carried on: size^2 = c + d k, of which c is new each time and d k a random walk. A sum of K
 * has the variance K c + d K (K - 1) (2 K - 1) / 6, which lies between that of independent errors and that of one error for all; quantiles are put as far between.
 */
function summedUp({ mean, quantiles }: Quantiles, sizes: Float64Array): Quantiles {
  const together = shareTogether(sizes)
  const means = runningSum(mean)
  const sums = quantiles.map((one) => {
    let [alone, all] = [0, 0]
    return one.map((value, step) => {
      const off = value - mean[step]!
      alone += off * off
      all += off
      const reach = Math.sqrt((1 - together[step]!) * alone + together[step]! * all * all)
      return means[step]! + Math.sign(all) * reach
    })
  })
  return { mean: means, quantiles: sums }
}

function shareTogether(sizes: Float64Array): Float64Array {
  const first = (sizes[0] ?? 0) ** 2
  const slope = sizes.length > 1 ? (sizes.at(-1)! ** 2 - first) / (sizes.length - 1) : 0
  let [alone, all] = [0, 0]
  return sizes.map((size, step) => {
    const count = step + 1
    alone += size * size
    all += size
    const sum = count * first + (slope * step * count * (2 * step + 1)) / 6
    return all * all > alone * (1 + 1e-9) ? Math.min(1, Math.max(0, (sum - alone) / (all * all - alone))) : 0
  })
}
