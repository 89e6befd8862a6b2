// How good forecasts are, as competitions reckon it, and what they are measured against: seasonal naive, and the Theta method as it won the M3 competition.

import { movingAverage } from '../core/plan/forecasting/seasonality.ts'
import { theta } from '../core/plan/forecasting/level.ts'
import type { Series } from './forecast-data.ts'

export interface Accuracy {
  /** Mean over series of each one's mean 200 |y - f| / (|y| + |f|). */
  readonly smape_series: number
  /** Mean over all (series, step) points. */
  readonly smape_points: number
  /** Mean |y - f| over the mean |x_t - x_(t - frequency)| of the history; mean over series where that is above 0. */
  readonly mase: number
}

export function accuracyOf(all: readonly Series[], forecasts: readonly Float64Array[]): Accuracy {
  let [series, points, steps, scaled, scaledSeries] = [0, 0, 0, 0, 0]
  for (const [index, { train, test, frequency }] of all.entries()) {
    let [percent, absolute] = [0, 0]
    for (const [step, truth] of test.entries()) {
      const forecast = forecasts[index]![step]!
      const size = Math.abs(truth) + Math.abs(forecast)
      percent += size > 0 ? (200 * Math.abs(truth - forecast)) / size : 0
      absolute += Math.abs(truth - forecast)
    }
    series += percent / test.length
    points += percent
    steps += test.length
    const scale = meanStep(train, frequency)
    if (!(scale > 0)) continue
    scaled += absolute / test.length / scale
    scaledSeries += 1
  }
  return { smape_series: rounded(series / all.length), smape_points: rounded(points / steps), mase: rounded(scaled / scaledSeries) }
}

/** Mean |x_t - x_(t - lag)|. */
export function meanStep(values: Float64Array, lag: number): number {
  let sum = 0
  for (let at = lag; at < values.length; at += 1) sum += Math.abs(values[at]! - values[at - lag]!)
  return sum / (values.length - lag)
}

export const rounded = (value: number): number => Math.round(value * 1_000) / 1_000

export function seasonalNaive(history: Float64Array, frequency: number, horizon: number): Float64Array {
  const season = history.length >= frequency ? frequency : 1
  return Float64Array.from({ length: horizon }, (_, step) => history[history.length - season + (step % season)]!)
}

/** Theta with classical seasonal indices behind the test that the competition used (90 %, z = 1.645). */
export function classicTheta(history: Float64Array, frequency: number, horizon: number): Float64Array {
  const indices = isSeasonal(history, frequency) && history.every((value) => value > 0) ? classicIndices(history, frequency) : undefined
  if (indices === undefined) return theta(history, horizon)
  const plain = history.map((value, at) => value / indices[at % frequency]!)
  return theta(plain, horizon).map((value, step) => value * indices[(history.length + step) % frequency]!)
}

function isSeasonal(values: Float64Array, period: number): boolean {
  if (period < 2 || values.length < 3 * period) return false
  const middle = values.reduce((sum, value) => sum + value, 0) / values.length
  const product = (lag: number): number =>
    values.reduce((sum, value, at) => (at < lag ? sum : sum + (value - middle) * (values[at - lag]! - middle)), 0)
  const lags = Array.from({ length: period }, (_, lag) => product(lag + 1) / product(0))
  const squares = lags.slice(0, -1).reduce((sum, lag) => sum + lag * lag, 0)
  return Math.abs(lags.at(-1)!) > 1.645 * Math.sqrt((1 + 2 * squares) / values.length)
}

function classicIndices(values: Float64Array, period: number): Float64Array {
  const centre = movingAverage(values, period)
  const indices = Float64Array.from({ length: period }, (_, phase) => {
    const ratios = [...values].map((value, at) => (at % period === phase ? value / centre[at]! : Number.NaN)).filter((ratio) => !Number.isNaN(ratio))
    return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
  })
  const middle = indices.reduce((sum, index) => sum + index, 0) / period
  return indices.map((index) => index / middle)
}
