// Regressors: demand that follows what is known beforehand: price, promotion, holidays, what others charge.
//
//   log demand = c + b . x + level + error        level' = level + a error, simple smoothing of what the regressors leave
//
// b is a ridge regression of each item's deviations from its means, drawn not towards 0 but towards the coefficients of all items of its pool (one brand in many stores),
// which are those of all their deviations together; later periods weigh more:  b = (X'WX + r I)^-1 (X'Wy + r b_pool)    (A. Hoerl and R. Kennard, Ridge regression, 1970)
//
// Errors of a logarithm make a skewed forecast, and what is best depends on what is asked: exp(m) is the median, exp(m + v/2) the mean, exp(m - v/2) is near what has the least
// error in per cent, which counts being above more than being below.

import { normalQuantile } from '../distributions/normal.ts'

export interface DrivenHistory {
  /** When each was, ascending; periods without an observation are left out. */
  readonly periods: ArrayLike<number>
  /** Not below 0. */
  readonly demand: ArrayLike<number>
  /** Of each period one after the other, as many as `regressors` says. */
  readonly known: ArrayLike<number>
}

export interface DrivenItem {
  readonly history: DrivenHistory
  /** What is known of the periods that are forecast. */
  readonly future: ArrayLike<number>
}

export interface DrivenForecast {
  readonly median: Float64Array
  readonly mean: Float64Array
  readonly leastPercentError: Float64Array
  /** For each level. */
  readonly quantiles: readonly Float64Array[]
}

export interface DrivenOptions {
  readonly regressors: number
  readonly levels: readonly number[]
  /** How many observations the pool's coefficients count as, in units of the regressors' squares. */
  readonly ridge?: number
  /** What a period counts against the one after it. */
  readonly kept?: number
  /** Of the level. */
  readonly smoothing?: number
}

const RIDGE = 3
const KEPT = 0.985
const SMOOTHING = 0.08
/** The level is moved by no more than so many periods at once after a gap. */
const GAP_MAX = 3
/** What is left of the first few says more of the start than of errors. */
const ERRORS_FROM = 4
const VARIANCE_UNKNOWN = 0.2
const POOL_RIDGE = 1e-6
/** No forecast is more than e to this times the largest that was. */
const EXPONENT_MAX = 3
const LOG_MAX = Math.log(Number.MAX_VALUE)

/** The deviations of one item: X'WX row by row, X'Wy, and the means they are from. */
interface Equations {
  readonly square: Float64Array
  readonly product: Float64Array
  readonly means: Float64Array
  readonly meanLog: number
  readonly weight: number
  readonly logs: Float64Array
}

/** Of items of one pool, in their order. An item that was never observed is forecast by nothing: its numbers are 0. */
export function drivenForecasts(items: readonly DrivenItem[], options: DrivenOptions): readonly DrivenForecast[] {
  const { regressors, ridge = RIDGE, kept = KEPT } = options
  const all = items.map(({ history }) => equationsOf(history, regressors, kept))
  const square = new Float64Array(regressors * regressors)
  const product = new Float64Array(regressors)
  let weight = 0
  for (const one of all) {
    for (let at = 0; at < square.length; at += 1) square[at]! += one.square[at]!
    for (let at = 0; at < regressors; at += 1) product[at]! += one.product[at]!
    weight += one.weight
  }
  const pool = solve(square, product, POOL_RIDGE * (weight + 1), new Float64Array(regressors))
  return items.map((item, index) => forecast(item, all[index]!, solve(all[index]!.square, all[index]!.product, ridge, pool), options))
}

function equationsOf({ periods, demand, known }: DrivenHistory, regressors: number, kept: number): Equations {
  const { length } = periods
  const logs = logsOf(demand)
  const last = length > 0 ? periods[length - 1]! : 0
  const weights = Float64Array.from(periods, (period) => kept ** (last - period))
  const means = new Float64Array(regressors)
  let [weight, meanLog] = [0, 0]
  for (let at = 0; at < length; at += 1) {
    weight += weights[at]!
    meanLog += weights[at]! * logs[at]!
    for (let one = 0; one < regressors; one += 1) means[one]! += weights[at]! * known[at * regressors + one]!
  }
  meanLog /= Math.max(weight, Number.MIN_VALUE)
  for (let one = 0; one < regressors; one += 1) means[one]! /= Math.max(weight, Number.MIN_VALUE)
  const square = new Float64Array(regressors * regressors)
  const product = new Float64Array(regressors)
  for (let at = 0; at < length; at += 1) {
    for (let one = 0; one < regressors; one += 1) {
      const weighted = weights[at]! * (known[at * regressors + one]! - means[one]!)
      product[one]! += weighted * (logs[at]! - meanLog)
      for (let other = 0; other < regressors; other += 1)
        square[one * regressors + other]! += weighted * (known[at * regressors + other]! - means[other]!)
    }
  }
  return { square, product, means, meanLog, weight, logs }
}

/** None is taken for half of the least there was. */
function logsOf(demand: ArrayLike<number>): Float64Array {
  let least = Infinity
  for (let at = 0; at < demand.length; at += 1) if (demand[at]! > 0) least = Math.min(least, demand[at]!)
  const none = least === Infinity ? Number.MIN_VALUE : Math.max(least / 2, Number.MIN_VALUE)
  return Float64Array.from(demand, (value) => Math.log(value > 0 ? value : none))
}

/** (S + r I)^-1 (p + r prior), by Cholesky's decomposition. */
export function solve(square: Float64Array, product: Float64Array, ridge: number, prior: Float64Array): Float64Array {
  const { length } = product
  const lower = new Float64Array(length * length)
  const result = product.map((value, at) => value + ridge * prior[at]!)
  for (let row = 0; row < length; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = square[row * length + column]! + (row === column ? ridge : 0)
      for (let at = 0; at < column; at += 1) sum -= lower[row * length + at]! * lower[column * length + at]!
      lower[row * length + column] = row === column ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / lower[column * length + column]!
    }
    for (let at = 0; at < row; at += 1) result[row]! -= lower[row * length + at]! * result[at]!
    result[row]! /= lower[row * length + row]!
  }
  for (let row = length - 1; row >= 0; row -= 1) {
    for (let at = row + 1; at < length; at += 1) result[row]! -= lower[at * length + row]! * result[at]!
    result[row]! /= lower[row * length + row]!
  }
  return result
}

function forecast({ history, future }: DrivenItem, equations: Equations, coefficients: Float64Array, options: DrivenOptions): DrivenForecast {
  const { regressors, levels, smoothing = SMOOTHING } = options
  const { logs, means, meanLog } = equations
  const driven = (known: ArrayLike<number>, at: number): number =>
    coefficients.reduce((sum, coefficient, one) => sum + coefficient * (known[at * regressors + one]! - means[one]!), meanLog)
  let [level, squares, counted, largest] = [0, 0, 0, -Infinity]
  for (let at = 0; at < logs.length; at += 1) {
    const error = logs[at]! - driven(history.known, at) - level
    const gap = at === 0 ? 1 : Math.min(GAP_MAX, history.periods[at]! - history.periods[at - 1]!)
    level += (1 - (1 - smoothing) ** gap) * error
    largest = Math.max(largest, logs[at]!)
    if (at < ERRORS_FROM) continue
    squares += error * error
    counted += 1
  }
  const variance = counted > 0 ? squares / counted : VARIANCE_UNKNOWN
  const steps = Math.floor(future.length / regressors)
  const most = Math.min(largest + EXPONENT_MAX, LOG_MAX)
  const at = (shift: number): Float64Array =>
    Float64Array.from({ length: steps }, (_, step) => (logs.length === 0 ? 0 : Math.exp(Math.min(most, driven(future, step) + level + shift))))
  return {
    median: at(0),
    mean: at(variance / 2),
    leastPercentError: at(-variance / 2),
    quantiles: levels.map((one) => at(normalQuantile(one) * Math.sqrt(variance))),
  }
}
