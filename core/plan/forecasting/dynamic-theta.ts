// Dynamic Theta: the Theta method whose line is that of the time it forecasts from, with the weight of the line left free (J. Fiorucci, T. Pellegrini, F. Louzada,
// F. Petropoulos and A. Koehler, Models for optimising the theta method and their relationship to state space models, 2016; DOTM):
//
//   forecast  l + (1 - 1/theta) ((1 - a)^t A + (1 - (1 - a)^(t+1)) / a B)        l' = a y + (1 - a) l        A + B t: the line through what was until then
//
// theta = 1 is simple smoothing, theta = 2 half the trend, a large theta all of it.

const SMOOTHINGS = [0.1, 0.3, 0.5, 0.7, 0.9] as const
const THETAS = [1, 2, 4] as const
const SMOOTHING_MIN = 0.05
const SMOOTHING_MAX = 0.99
const ROUNDS = 4

interface State {
  level: number
  power: number
  sum: number
  moment: number
  intercept: number
  slope: number
}

export function dynamicTheta(values: Float64Array, horizon: number): Float64Array {
  if (values.length < 2) return new Float64Array(horizon).fill(values[0] ?? 0)
  const lines = linesOf(values)
  let [smoothing, theta, best] = [0.5, 2, Infinity]
  const attempt = (wantedSmoothing: number, wantedTheta: number): void => {
    const someSmoothing = Math.min(SMOOTHING_MAX, Math.max(SMOOTHING_MIN, wantedSmoothing))
    const someTheta = Math.max(1, wantedTheta)
    const squares = squaresOf(values, lines, someSmoothing, someTheta)
    if (squares < best) [best, smoothing, theta] = [squares, someSmoothing, someTheta]
  }
  for (const one of SMOOTHINGS) for (const other of THETAS) attempt(one, other)
  let [step, factor] = [0.1, 1.3]
  for (let round = 0; round < ROUNDS; round += 1) {
    attempt(smoothing - step, theta)
    attempt(smoothing + step, theta)
    attempt(smoothing, theta * factor)
    attempt(smoothing, theta / factor)
    step /= 2
    factor = Math.sqrt(factor)
  }
  return carriedOn(values, smoothing, theta, horizon)
}

/** Intercept (at time 1) and slope of the line through the first t values, for each t, one after the other. They depend on no parameter. */
function linesOf(values: Float64Array): Float64Array {
  const lines = new Float64Array(2 * values.length)
  let [sum, moment] = [0, 0]
  for (let at = 0; at < values.length; at += 1) {
    const count = at + 1
    sum += values[at]!
    moment += count * values[at]!
    const slope = at === 0 ? 0 : (6 / (count * count - 1)) * ((2 * moment) / count - (sum / count) * (count + 1))
    lines[2 * at] = sum / count - ((count + 1) / 2) * slope
    lines[2 * at + 1] = slope
  }
  return lines
}

function squaresOf(values: Float64Array, lines: Float64Array, smoothing: number, theta: number): number {
  const weight = 1 - 1 / theta
  const kept = 1 - smoothing
  let [level, power, squares] = [values[0]!, kept, 0]
  for (let at = 1; at < values.length; at += 1) {
    const forecast = level + weight * (power * lines[2 * at - 2]! + ((1 - power * kept) / smoothing) * lines[2 * at - 1]!)
    const error = values[at]! - forecast
    squares += error * error
    level = smoothing * values[at]! + kept * level
    power *= kept
  }
  return squares
}

/** Goes on as if each forecast had come true. */
function carriedOn(values: Float64Array, smoothing: number, theta: number, horizon: number): Float64Array {
  const weight = 1 - 1 / theta
  const kept = 1 - smoothing
  const state: State = { level: values[0]!, power: kept, sum: values[0]!, moment: values[0]!, intercept: values[0]!, slope: 0 }
  const forecast = new Float64Array(horizon)
  for (let at = 1; at < values.length + horizon; at += 1) {
    const expected = state.level + weight * (state.power * state.intercept + ((1 - state.power * kept) / smoothing) * state.slope)
    if (at >= values.length) forecast[at - values.length] = expected
    const value = at < values.length ? values[at]! : expected
    const count = at + 1
    state.level = smoothing * value + kept * state.level
    state.power *= kept
    state.sum += value
    state.moment += count * value
    state.slope = (6 / (count * count - 1)) * ((2 * state.moment) / count - (state.sum / count) * (count + 1))
    state.intercept = state.sum / count - ((count + 1) / 2) * state.slope
  }
  return forecast
}
