// History: what was, made fit to be forecast from: without what is not known at its start, with gaps filled and a scale of one, so that no later step meets a
// number that is too large, too small or none. A forecast of a history in other units is the forecast in those units: that is what the scale is for.

export interface History {
  /** What was observed, or filled in between, over `scale`. Empty where nothing was observed. */
  readonly values: Float64Array
  /** How many values were observed, and how many of them are not 0. */
  readonly observed: number
  readonly demands: number
  /** The power of two that is next below the largest. */
  readonly power: number
  /** By what values are to be multiplied. A power is not enough: histories that differ in units only are to be the same here. */
  readonly scale: number
  /** How many periods at the end are not known: a forecast begins behind the last that is. */
  readonly missingAtEnd: number
  readonly isNonNegative: boolean
}

/** Values are told apart to so many binary places of their mean size, so that rounding in other units makes no other forecast. */
const PLACES = 2 ** 40

/** Takes what is not finite as not known. `period` is the length of a season, for filling gaps; 1 where there is none. */
export function historyOf(series: ArrayLike<number>, period: number): History {
  let [first, last, largest, observed, demands] = [-1, -1, 0, 0, 0]
  let isNonNegative = true
  for (let at = 0; at < series.length; at += 1) {
    const value = series[at]!
    if (!Number.isFinite(value)) continue
    if (first < 0) first = at
    last = at
    observed += 1
    if (value !== 0) demands += 1
    largest = Math.max(largest, Math.abs(value))
    if (value < 0) isNonNegative = false
  }
  const missingAtEnd = last < 0 ? 0 : series.length - 1 - last
  const counted = { observed, demands, missingAtEnd, isNonNegative }
  if (largest === 0) return { values: new Float64Array(last < 0 ? 0 : last - first + 1), power: 1, scale: 1, ...counted }
  let sum = 0
  for (let at = first; at <= last; at += 1) if (Number.isFinite(series[at]!)) sum += Math.abs(series[at]! / largest)
  const mean = sum / observed
  const values = new Float64Array(last - first + 1)
  for (let at = first; at <= last; at += 1) {
    const value = series[at]!
    values[at - first] = Number.isFinite(value) ? Math.round((value / largest / mean) * PLACES) / PLACES : Number.NaN
  }
  const power = 2 ** Math.floor(Math.log2(largest))
  if (observed < values.length) fillGaps(values, period)
  return { values, power, scale: largest * mean, ...counted }
}

/** What was observed alone, over a power of two, to the last digit: who counts needs whole numbers to stay whole. */
export function observedIn(series: ArrayLike<number>, power: number): Float64Array {
  const observed = new Float64Array(series.length)
  let count = 0
  for (let at = 0; at < series.length; at += 1) if (Number.isFinite(series[at]!)) observed[count++] = series[at]! / power
  return observed.subarray(0, count)
}

/**
 * A gap is bridged by a line from what was before it to what came after, and carries the season of the nearest periods that were: the mean of a season before
 * and after where both were observed, each moved by how far the line has gone.
 */
function fillGaps(values: Float64Array, period: number): void {
  const bridged = bridge(values)
  const known = values.slice()
  for (let at = 0; at < values.length; at += 1) {
    if (!Number.isNaN(known[at]!)) continue
    let [sum, count] = [0, 0]
    for (const other of period > 1 ? [at - period, at + period] : []) {
      const value = known[other] ?? Number.NaN
      const mean = around(bridged, other, period)
      if (Number.isNaN(value) || mean === 0) continue
      sum += value - mean
      count += 1
    }
    values[at] = count > 0 ? around(bridged, at, period) + sum / count : bridged[at]!
  }
}

function bridge(values: Float64Array): Float64Array {
  const bridged = values.slice()
  let before = 0
  for (let at = 1; at < values.length; at += 1) {
    if (Number.isNaN(values[at]!)) continue
    for (let gap = before + 1; gap < at; gap += 1) {
      const share = (gap - before) / (at - before)
      bridged[gap] = values[before]! * (1 - share) + values[at]! * share
    }
    before = at
  }
  return bridged
}

/** The mean of about a season around a period. */
function around(values: Float64Array, at: number, period: number): number {
  const half = Math.floor(period / 2)
  const [from, to] = [Math.max(0, at - half), Math.min(values.length - 1, at + half)]
  let sum = 0
  for (let other = from; other <= to; other += 1) sum += values[other]!
  return to < from ? 0 : sum / (to - from + 1)
}
