// Sums: forecasts of many series with those of their sums (items of a category, categories of a site), or of one series with those of longer periods (weeks with
// months and years), all from their own histories and made to add up (adding-up.ts). What is seen only in the whole, a season that is faint in every part or a turn of
// the year, is so seen in the parts too.

import { addingUp, type AddedUp, type Sum } from './adding-up.ts'
import { forecastOf, type Forecast, type ForecastOptions, type Method, type Quantiles } from './forecast.ts'

/** One series, or the sum of others. */
export interface Branch {
  readonly name: string
  /** Of a series its history, of which the last entry is of the same period for all; what is not finite was not observed. */
  readonly history: Float64Array
  readonly parts: readonly Branch[]
}

export interface SummedForecast extends Quantiles {
  readonly name: string
  readonly method: Method
}

/** All branches, each before its parts. Of every period the means of parts add up to that of the whole; quantiles go with their mean. */
export function summedForecasts(whole: Branch, options: Omit<ForecastOptions, 'levels'>): readonly SummedForecast[] {
  const forecasts = new Map(branchesOf(whole).map((one) => [one, forecastOf(one.history, options)]))
  const steps = Array.from({ length: options.horizon }, (_none, step) => {
    const sumAt = (branch: Branch): Sum => {
      const forecast = forecasts.get(branch)!
      return { mean: forecast.mean[step]!, variance: varianceAt(forecast, step), parts: branch.parts.map(sumAt) }
    }
    return meansOf(addingUp(sumAt(whole)))
  })
  return [...forecasts].map(([{ name }, forecast], index) => {
    const means = Float64Array.from(steps, (step) => step[index]!)
    return { name, method: forecast.method, ...moved(forecast, means) }
  })
}

const branchesOf = (branch: Branch): readonly Branch[] => [branch, ...branch.parts.flatMap(branchesOf)]
const meansOf = ({ mean, parts }: AddedUp): readonly number[] => [mean, ...parts.flatMap(meansOf)]

/** The history of a sum: what was not observed of a part is not known of the whole; before a part began it was none. */
export function summedHistory(parts: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(Math.max(0, ...parts.map((part) => part.length)))
  for (const part of parts) for (let ago = 1; ago <= part.length; ago += 1) sum[sum.length - ago]! += part[part.length - ago]!
  return sum
}

/** Shorter ones teach nothing of so long a period. */
const BLOCKS_MIN = 4

/**
 * One series with its longer periods: `blocks` are so many periods each, ascending, each a multiple of the one before. Blocks end where the history does; forecasts of
 * them that have too little history leave it to the shorter ones.
 */
export function forecastOverTime(history: Float64Array, blocks: readonly number[], options: Omit<ForecastOptions, 'levels'>): Forecast {
  const { horizon, seasons, category } = options
  const longest = Math.max(1, ...blocks)
  const whole = Math.ceil(horizon / longest) * longest
  const single = forecastOf(history, { ...options, horizon: whole })
  const longer = blocks.map((block) => {
    const known = blockHistory(history, block)
    if (known.length < BLOCKS_MIN) return undefined
    const rarer = category && { ...category, mean: category.mean * block }
    return forecastOf(known, {
      horizon: whole / block,
      seasons: seasons.filter((one) => one % block === 0).map((one) => one / block),
      category: rarer,
    })
  })
  const sumAt = (level: number, index: number): Sum => {
    if (level < 0) return { mean: single.mean[index]!, variance: varianceAt(single, index), parts: [] }
    const [forecast, inside] = [longer[level], blocks[level]! / (blocks[level - 1] ?? 1)]
    const parts = Array.from({ length: inside }, (_none, part) => sumAt(level - 1, index * inside + part))
    return forecast === undefined || forecast.method === 'none'
      ? { mean: 0, variance: Infinity, parts }
      : { mean: forecast.mean[index]!, variance: varianceAt(forecast, index), parts }
  }
  const means = Array.from({ length: whole / longest }, (_none, index) => leavesOf(addingUp(sumAt(blocks.length - 1, index)))).flat()
  const cut = (values: Float64Array): Float64Array => values.slice(0, horizon)
  const told = moved({ mean: cut(single.mean), quantiles: single.quantiles.map(cut) }, Float64Array.from(means.slice(0, horizon)))
  return { ...single, ...told, cumulative: () => together(single.cumulative(), told.mean, cut) }
}

function together({ mean, quantiles }: Quantiles, means: Float64Array, cut: (values: Float64Array) => Float64Array): Quantiles {
  let sum = 0
  return moved(
    { mean: cut(mean), quantiles: quantiles.map(cut) },
    means.map((one) => (sum += one)),
  )
}

const leavesOf = ({ mean, parts }: AddedUp): readonly number[] => (parts.length === 0 ? [mean] : parts.flatMap(leavesOf))

/** Whole blocks, the last of which ends where the history does. */
export function blockHistory(history: Float64Array, block: number): Float64Array {
  const blocks = Math.floor(history.length / block)
  const first = history.length - blocks * block
  return Float64Array.from({ length: blocks }, (_none, index) => {
    let sum = 0
    for (let period = 0; period < block; period += 1) sum += history[first + index * block + period]!
    return sum
  })
}

/** Between the lower and the upper tenth of a normal distribution lie so many standard deviations. */
const TENTHS_DEVIATIONS = 2.5631
/** Of `usualLevels`, the lower and the upper tenth. */
const [LOWER, UPPER] = [1, 6]
/** Nothing is quite certain: else two that are would have to agree. */
const CERTAIN = 1e-9

function varianceAt({ mean, quantiles }: Quantiles, step: number): number {
  const deviation = (quantiles[UPPER]![step]! - quantiles[LOWER]![step]!) / TENTHS_DEVIATIONS
  const least = CERTAIN * Math.max(1, Math.abs(mean[step]!))
  return Math.min(Number.MAX_VALUE / 1e9, Math.max(deviation, least) ** 2)
}

/** With other means: quantiles by as much, in proportion where nothing is below 0. */
function moved({ mean, quantiles }: Quantiles, means: Float64Array): Quantiles {
  const isAbove = quantiles.every((one) => one.every((value) => value >= 0))
  const to = (value: number, step: number): number => {
    const [before, after] = [mean[step]!, means[step]!]
    return isAbove && before > 0 ? value * (after / before) : isAbove ? Math.max(0, value + after - before) : value + after - before
  }
  return { mean: means, quantiles: quantiles.map((one) => one.map((value, step) => to(value, step))) }
}
