// Errors: by how much forecasts of a history would have been off, had they been made at each of its periods, for each step ahead; and what that says of the next.
//
// At every origin the level and trend of then (half the line's slope of what was known, and damped Holt) are carried on as the forecast is; only smoothing and season
// are those of the whole. Squared errors by step are smoothed by a line, c + d k, which also carries on to steps that the history is too short for. Errors over their size
// have a distribution that is the empirical one (conformal: V. Vovk, A. Gammerman and G. Shafer, 2005) as far as origins are many, and Student's as far as they are few.

import type { HoltMember } from './holt.ts'
import { studentQuantile } from '../sampling/student.ts'

export interface Errors {
  /** The size of an error so many steps ahead, index 0 for one. */
  readonly sizes: Float64Array
  /** Errors over their size, ascending. */
  readonly ranked: Float64Array
  /** How many origins there were, from which they come. */
  readonly origins: number
}

const ORIGINS_FROM = 0.25
const ORIGIN_MIN = 2
const STEPS_SHARE = 0.5

/** Who knows nothing of a history's trend takes it to have none. */
const STEADY: HoltMember = { level: 0.3, trend: 0, damping: 0.85 }
/** So many errors are enough; what is older says less. */
const ERRORS_MAX = 4_000
/** Fewer origins say nothing of how errors grow. */
const ORIGINS_FEW = 3

/** `values` on the scale of the forecast, without season, at least one; `sizeMin`: as large as errors were in trials. */
export function rollingErrors(values: Float64Array, member: HoltMember | undefined, horizon: number, sizeMin: number): Errors {
  const { length } = values
  const early = Math.max(ORIGIN_MIN, Math.floor(length * ORIGINS_FROM))
  const steps = Math.max(1, Math.min(horizon, Math.floor((length - early) * STEPS_SHARE)))
  const start = Math.max(early, length - steps - Math.ceil(ERRORS_MAX / steps))
  if (length - start < ORIGINS_FEW) return { sizes: sizesOfFew(values, horizon), ranked: new Float64Array(0), origins: 0 }
  const room = (length - start) * steps
  const seen: Seen = {
    squares: new Float64Array(steps),
    counts: new Float64Array(steps),
    errors: new Float64Array(room),
    steps: new Int32Array(room),
    found: 0,
  }
  look(values, member ?? STEADY, start, seen)
  const sizes = sizesOf(seen.squares, seen.counts, horizon)
  const mean = Math.sqrt(sizes.reduce((sum, size) => sum + size * size, 0) / horizon)
  const widened = mean > 0 && sizeMin > mean ? sizes.map((size) => (size * sizeMin) / mean) : sizes
  return { sizes: widened, ranked: rankedOf(seen, sizes), origins: length - start }
}

/** So many, evenly from all, tell their distribution. */
const RANKED_MAX = 200

function rankedOf({ errors, steps, found }: Seen, sizes: Float64Array): Float64Array {
  const stride = Math.max(1, found / RANKED_MAX)
  const ranked = new Float64Array(Math.floor(found / stride))
  for (let index = 0; index < ranked.length; index += 1) {
    const at = Math.floor(index * stride)
    const size = sizes[steps[at]!]!
    ranked[index] = size > 0 ? errors[at]! / size : 0
  }
  return ranked.sort()
}

/** Of one value a quarter of it, of some what one differs from the next by; for each step more as much again in square. */
function sizesOfFew(values: Float64Array, horizon: number): Float64Array {
  let squares = values.length === 1 ? (values[0]! / 4) ** 2 : 0
  for (let at = 1; at < values.length; at += 1) squares += (values[at]! - values[at - 1]!) ** 2 / (values.length - 1)
  return Float64Array.from({ length: horizon }, (_, step) => Math.sqrt(squares * (step + 1)))
}

interface Seen {
  readonly squares: Float64Array
  readonly counts: Float64Array
  readonly errors: Float64Array
  readonly steps: Int32Array
  /** How many errors there are. */
  found: number
}

/** Forecasts at each origin from `start` on, as many steps as `seen` has, and notes what was missed by. */
function look(values: Float64Array, { level: alpha, trend: beta, damping }: HoltMember, start: number, seen: Seen): void {
  let [level, slope, sum, moment] = [values[0]!, 0, values[0]!, 0]
  for (let origin = 1; origin < values.length; origin += 1) {
    const expected = level + damping * slope
    const error = values[origin]! - expected
    level = expected + alpha * error
    slope = damping * slope + beta * error
    sum += values[origin]!
    moment += origin * values[origin]!
    if (origin + 1 < start) continue
    const count = origin + 1
    const half = (moment - (sum * origin) / 2) / ((count * (count * count - 1)) / 12) / 2
    let [carried, trend] = [level, slope]
    for (let step = 0; step < seen.squares.length && origin + step + 1 < values.length; step += 1) {
      trend *= damping
      carried += trend
      const off = values[origin + step + 1]! - (carried + level + half * (step + 1)) / 2
      seen.squares[step]! += off * off
      seen.counts[step]! += 1
      seen.errors[seen.found] = off
      seen.steps[seen.found] = step
      seen.found += 1
    }
  }
}

/** A line through squared errors by step, weighted by their number, that never falls. */
function sizesOf(squares: Float64Array, counts: Float64Array, horizon: number): Float64Array {
  let [s0, s1, s2, q0, q1] = [0, 0, 0, 0, 0]
  for (let step = 0; step < squares.length; step += 1) {
    const weight = counts[step]!
    s0 += weight
    s1 += weight * step
    s2 += weight * step * step
    q0 += squares[step]!
    q1 += squares[step]! * step
  }
  const determinant = s0 * s2 - s1 * s1
  const slope = determinant > 1e-9 * s0 * s2 ? Math.max(0, (s0 * q1 - s1 * q0) / determinant) : 0
  const first = s0 > 0 ? Math.max((q0 - slope * s1) / s0, FIRST_SHARE_MIN * (q0 / s0)) : 0
  return Float64Array.from({ length: horizon }, (_, step) => Math.sqrt(first + slope * step))
}

/** One step ahead is never much surer than all steps together are. */
const FIRST_SHARE_MIN = 0.05
/** So many origins make the empirical distribution count as much as Student's. */
const ORIGINS_HALF = 40
const DEGREES_LOST = 2

/** By how many sizes a next error is off at each level. */
export function errorQuantiles({ ranked, origins }: Errors, levels: readonly number[]): Float64Array {
  const share = origins / (origins + ORIGINS_HALF)
  const degrees = Math.max(origins - DEGREES_LOST, DEGREES_LOST)
  const widening = Math.sqrt(1 + WIDER / Math.max(origins, 1))
  const middle = empirical(ranked, 0.5)
  return Float64Array.from(levels, (level) => {
    if (level === 0.5) return 0
    const student = level > 0.5 ? studentOf(level, degrees) : -studentOf(1 - level, degrees)
    return (share * (empirical(ranked, level) - middle) + (1 - share) * student) * widening
  })
}

const DEGREES_MAX = 200
const known = new Map<string, number>()

/** The same few are asked for again and again. */
function studentOf(level: number, degrees: number): number {
  const some = Math.min(degrees, DEGREES_MAX)
  const key = `${level} ${some}`
  const found = known.get(key) ?? studentQuantile(level, some)
  if (known.size < KNOWN_MAX) known.set(key, found)
  return found
}

const KNOWN_MAX = 10_000

/** What was fitted was seen before: the next is further off, the more so the fewer there were. */
const WIDER = 3

/** Between order statistics by a line; p (n + 1) as conformal prediction has it. */
function empirical(ranked: Float64Array, level: number): number {
  const { length } = ranked
  if (length === 0) return 0
  const place = Math.min(length - 1, Math.max(0, level * (length + 1) - 1))
  const before = Math.floor(place)
  return ranked[before]! + (place - before) * ((ranked[before + 1] ?? ranked[before]!) - ranked[before]!)
}
