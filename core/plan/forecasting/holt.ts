// Holt: level and trend, both smoothed, the trend damped (E. Gardner and E. McKenzie, Forecasting trends in time series, 1985):
//
//   forecast  l + p b        level  l' = l + p b + a e        trend  b' = p b + a c e        e: what was missed by
//
// No single set of a, c and p is chosen. All of a grid are weighted by their likelihood, (sum of squares)^(-n/2): what fits equally well counts equally, and no
// forecast hangs by the last digit of a search. The first level and trend are those of the least squares, in closed form.

const LEVELS = [0.05, 0.2, 0.4, 0.65, 0.95] as const
const TRENDS = [0, 0.1, 0.4] as const
const DAMPINGS = [0.85, 0.95, 1] as const
const MEMBERS = LEVELS.length * TRENDS.length * DAMPINGS.length
/** A weight below this counts nothing. */
const WEIGHT_MIN = 1e-4
/** Errors below this share of the variance, or of values of about 1, are rounding. */
const SQUARES_MIN = 1e-9
const SQUARE_MIN = 1e-13
const SINGULAR = 1e-12

export interface HoltMember {
  readonly level: number
  readonly trend: number
  readonly damping: number
}

export interface HoltFit {
  readonly forecast: Float64Array
  /** The smoothing that is likeliest, for who wants to know how it would have forecast earlier. */
  readonly likeliest: HoltMember
}

export function holt(values: Float64Array, horizon: number): HoltFit {
  const costs = new Float64Array(MEMBERS)
  const ends = new Float64Array(2 * MEMBERS)
  const floor = SQUARES_MIN * spreadOf(values) + SQUARE_MIN * values.length
  let [member, best] = [0, 0]
  for (const damping of DAMPINGS)
    for (const level of LEVELS)
      for (const trend of TRENDS) {
        costs[member] = (values.length / 2) * Math.log(Math.max(run(values, level, level * trend, damping, ends, 2 * member), floor))
        if (costs[member]! < costs[best]!) best = member
        member += 1
      }
  return { forecast: mean(costs, ends, costs[best]!, horizon), likeliest: memberAt(best) }
}

function memberAt(member: number): HoltMember {
  const level = LEVELS[Math.floor(member / TRENDS.length) % LEVELS.length]!
  return { damping: DAMPINGS[Math.floor(member / (LEVELS.length * TRENDS.length))]!, level, trend: level * TRENDS[member % TRENDS.length]! }
}

function mean(costs: Float64Array, ends: Float64Array, best: number, horizon: number): Float64Array {
  const forecast = new Float64Array(horizon)
  let weights = 0
  // Members of one damping differ in level and trend only, so their forecasts are summed before they are carried on.
  for (let [from, index] = [0, 0]; from < MEMBERS; from += LEVELS.length * TRENDS.length, index += 1) {
    let [level, trend] = [0, 0]
    for (let member = from; member < from + LEVELS.length * TRENDS.length; member += 1) {
      const weight = Math.exp(best - costs[member]!)
      if (weight < WEIGHT_MIN) continue
      weights += weight
      level += weight * ends[2 * member]!
      trend += weight * ends[2 * member + 1]!
    }
    for (let step = 0; step < horizon; step += 1) {
      trend *= DAMPINGS[index]!
      level += trend
      forecast[step]! += level
    }
  }
  return forecast.map((sum) => sum / weights)
}

/** The sum of squared errors; level and trend at the end go to `ends`. With level = A + B l_0 + C b_0 and trend likewise, errors are linear in l_0 and b_0. */
function run(values: Float64Array, alpha: number, beta: number, damping: number, ends: Float64Array, at: number): number {
  let [levelFixed, levelFirst, levelTrend, trendFixed, trendFirst, trendTrend] = [0, 1, 0, 0, 0, 1]
  let [s11, s12, s22, r1, r2, squares] = [0, 0, 0, 0, 0, 0]
  for (let time = 0; time < values.length; time += 1) {
    const slopeFixed = damping * trendFixed
    const slopeFirst = damping * trendFirst
    const slopeTrend = damping * trendTrend
    const first = levelFirst + slopeFirst
    const second = levelTrend + slopeTrend
    const error = values[time]! - levelFixed - slopeFixed
    s11 += first * first
    s12 += first * second
    s22 += second * second
    r1 += error * first
    r2 += error * second
    squares += error * error
    levelFixed = levelFixed + slopeFixed + alpha * error
    levelFirst = first * (1 - alpha)
    levelTrend = second * (1 - alpha)
    trendFixed = slopeFixed + beta * error
    trendFirst = slopeFirst - beta * first
    trendTrend = slopeTrend - beta * second
  }
  const determinant = s11 * s22 - s12 * s12
  const isSingular = !(determinant > SINGULAR * s11 * s22)
  const level = isSingular ? r1 / s11 : (r1 * s22 - r2 * s12) / determinant
  const trend = isSingular ? 0 : (r2 * s11 - r1 * s12) / determinant
  ends[at] = levelFixed + levelFirst * level + levelTrend * trend
  ends[at + 1] = trendFixed + trendFirst * level + trendTrend * trend
  return squares - level * r1 - trend * r2
}

function spreadOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  const middle = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - middle) ** 2
  return squares
}
