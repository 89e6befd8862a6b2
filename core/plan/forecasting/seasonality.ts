// Seasonality: what returns every season: whether there is any, and how much each period of a season is above or below the mean.
//
// Tested by the autocorrelation at the season's length (as for the M3 competition: S. Makridakis and M. Hibon, 2000; there at z = 1.645, here at 1, since what chance
// made is shrunk away afterwards). Indices are ratios to a centred moving average (or differences, where ratios make no sense), found again as ratios to a local
// line through what the first indices leave, which reaches both ends. Later seasons count more. At last they are drawn towards 1 by as much of their spread as
// chance explains (D. Miller and D. Williams, Shrinkage estimators of time series seasonal factors, 2003, after W. James and C. Stein):
//
//   W = min(1, (m - 3) / (m - 1) V / A)        V: the mean variance of an index      A: the variance of the indices      index' = W + (1 - W) index

export interface Season {
  /** One for each period of a season, beginning with that of the history's first. */
  readonly indices: Float64Array
  readonly isRatio: boolean
}

const TEST_Z = 1
/** Each season back counts so much of the one after it. */
const KEPT_PER_SEASON = 0.8
/** How many seasons the local line looks to each side. */
const REACH_SEASONS = 1.5
/** What is left of a period this small cannot be told from nothing: then indices are differences. */
const RATIO_MIN = 0.05

/** Undefined where there is none, or the history has fewer than two. */
export function seasonOf(values: Float64Array, period: number): Season | undefined {
  if (!isSeasonal(values, period)) return undefined
  const centre = movingAverage(values, period)
  const isRatio = values.every((value, at) => value >= 0 && !(centre[at]! <= 0))
  return (isRatio ? refined(values, centre, period, true) : undefined) ?? refined(values, centre, period, false)
}

/** |r_m| beyond what chance does when there are shorter dependencies (M. Bartlett): z sqrt((1 + 2 sum of r_k^2 for k < m) / n); and at least `least`. */
export function isSeasonal(values: Float64Array, period: number, least = 0): boolean {
  const { length } = values
  if (period < 2 || length < 2 * period + 1) return false
  const middle = values.reduce((sum, value) => sum + value, 0) / length
  const deviations = values.map((value) => value - middle)
  const product = (lag: number): number => {
    let sum = 0
    for (let at = lag; at < length; at += 1) sum += deviations[at]! * deviations[at - lag]!
    return sum
  }
  const variance = product(0)
  if (variance === 0) return false
  if (product(period) < least * variance) return false
  let squares = 0
  for (let lag = 1; lag < period; lag += 1) squares += (product(lag) / variance) ** 2
  return product(period) / variance > TEST_Z * Math.sqrt((1 + 2 * squares) / length)
}

/** Not a number where a half season is missing to one side. */
export function movingAverage(values: Float64Array, period: number): Float64Array {
  const half = Math.floor(period / 2)
  const averages = new Float64Array(values.length).fill(Number.NaN)
  for (let at = half; at < values.length - half; at += 1) {
    let sum = period % 2 === 0 ? (values[at - half]! + values[at + half]!) / 2 : values[at - half]! + values[at + half]!
    for (let other = at - half + 1; other < at + half; other += 1) sum += values[other]!
    averages[at] = sum / period
  }
  return averages
}

function refined(values: Float64Array, centre: Float64Array, period: number, isRatio: boolean): Season | undefined {
  const beside = (middle: Float64Array): Float64Array => values.map((value, at) => (isRatio ? value / middle[at]! : value - middle[at]!))
  const first = indicesOf(beside(centre), period, isRatio ? 1 : 0)
  if (isRatio && !first.every((index) => index > RATIO_MIN)) return undefined
  const line = localLine(without(values, { indices: first, isRatio }), Math.round(REACH_SEASONS * period))
  if (isRatio && !line.every((value) => value > 0)) return { indices: first, isRatio }
  const indices = indicesOf(beside(line), period, isRatio ? 1 : 0)
  if (isRatio && !indices.every((index) => index > RATIO_MIN)) return undefined
  return { indices, isRatio }
}

/** Shrunk indices around `neutral`, of what stands beside its trend. */
export function indicesOf(beside: Float64Array, period: number, neutral: 0 | 1, kept = KEPT_PER_SEASON): Float64Array {
  const indices = new Float64Array(period)
  const counted = new Float64Array(period)
  const squares = new Float64Array(period)
  const weights = new Float64Array(period)
  const kepts = Float64Array.from({ length: Math.ceil(beside.length / period) }, (_, back) => kept ** back)
  for (let at = 0; at < beside.length; at += 1) {
    if (Number.isNaN(beside[at]!)) continue
    const weight = kepts[Math.floor((beside.length - 1 - at) / period)]!
    const phase = at % period
    weights[phase]! += weight
    counted[phase]! += weight * weight
    indices[phase]! += weight * beside[at]!
    squares[phase]! += weight * beside[at]! ** 2
  }
  let [variance, phases, middle] = [0, 0, 0]
  for (let phase = 0; phase < period; phase += 1) {
    if (weights[phase] === 0) return new Float64Array(period).fill(neutral)
    indices[phase]! /= weights[phase]!
    middle += indices[phase]! / period
    counted[phase]! /= weights[phase]! ** 2
    if (counted[phase]! > 1 - 1e-9) continue
    variance += Math.max(0, squares[phase]! / weights[phase]! - indices[phase]! ** 2) / (1 - counted[phase]!)
    phases += 1
  }
  for (let phase = 0; phase < period; phase += 1) indices[phase] = neutral === 1 ? indices[phase]! / middle : indices[phase]! - middle
  return shrunk(indices, (phases > 0 ? variance / phases : 0) * (counted.reduce((sum, one) => sum + one, 0) / period), neutral)
}

function shrunk(indices: Float64Array, variance: number, neutral: 0 | 1): Float64Array {
  const { length } = indices
  const spread = indices.reduce((sum, index) => sum + (index - neutral) ** 2, 0) / Math.max(length - 1, 1)
  const share = spread > 0 ? Math.min(1, ((Math.max(length - 3, 0) / Math.max(length - 1, 1)) * variance) / spread) : 1
  return indices.map((index) => share * neutral + (1 - share) * index)
}

/** A line through what is within `reach` to both sides, near more than far (W. Cleveland's tricube weights); reckoned every `stride` periods, and between by a line. */
export function localLine(values: Float64Array, reach: number, stride = 1): Float64Array {
  const { length } = values
  const kernel = Float64Array.from({ length: reach + 1 }, (_, away) => (1 - (away / (reach + 1)) ** 3) ** 3)
  const line = new Float64Array(length)
  for (let at = 0, before = 0; at < length; before = at, at = at === length - 1 ? length : Math.min(at + stride, length - 1)) {
    line[at] = lineAt(values, kernel, at)
    for (let between = before + 1; between < at; between += 1) {
      line[between] = line[before]! + ((line[at]! - line[before]!) * (between - before)) / (at - before)
    }
  }
  return line
}

function lineAt(values: Float64Array, kernel: Float64Array, at: number): number {
  const reach = kernel.length - 1
  const [from, to] = [Math.max(0, at - reach), Math.min(values.length - 1, at + reach)]
  let [s0, s1, s2, q0, q1] = [0, 0, 0, 0, 0]
  for (let other = from; other <= to; other += 1) {
    const away = other - at
    const weight = kernel[Math.abs(away)]!
    const value = values[other]!
    s0 += weight
    s1 += weight * away
    s2 += weight * away * away
    q0 += weight * value
    q1 += weight * away * value
  }
  const determinant = s0 * s2 - s1 * s1
  return determinant > 1e-9 * s0 * s2 ? (s2 * q0 - s1 * q1) / determinant : q0 / s0
}

export const without = (values: Float64Array, { indices, isRatio }: Season): Float64Array =>
  values.map((value, at) => (isRatio ? value / indices[at % indices.length]! : value - indices[at % indices.length]!))

/** Puts the season on the value of a period, counted from the history's first. */
export const seasoned = (value: number, { indices, isRatio }: Season, at: number): number =>
  isRatio ? value * indices[at % indices.length]! : value + indices[at % indices.length]!
