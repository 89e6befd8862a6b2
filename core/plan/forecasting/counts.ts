// Counts: the distribution of demand that comes in pieces, negative binomial with a given mean and a dispersion (variance over mean, at least 1; Poisson at 1).
//
//   P(0) = D^(-r)     P(k + 1) = P(k) (r + k) / (k + 1) (1 - 1/D)     r = mean / (D - 1)

import { normalQuantile } from '../distributions/normal.ts'

/** So many pieces are told apart; what is more comes in larger pieces. */
const PIECES_MAX = 2_000
/** How often demand may be cut finer than its least, to find of what it is a multiple. */
const PARTS_MAX = 24
const TOLERANCE = 1e-6

/** What all values are whole multiples of; undefined where there is no such thing. Demand in cases of six is counted in cases, in whatever unit it is told. */
export function pieceOf(values: ArrayLike<number>): number | undefined {
  let least = Infinity
  for (let at = 0; at < values.length; at += 1) if (values[at]! > 0 && values[at]! < least) least = values[at]!
  if (least === Infinity) return undefined
  for (let parts = 1; parts <= PARTS_MAX; parts += 1) {
    const piece = least / parts
    let isWhole = true
    for (let at = 0; at < values.length && isWhole; at += 1) {
      const pieces = values[at]! / piece
      isWhole = Math.abs(pieces - Math.round(pieces)) <= TOLERANCE * Math.max(1, pieces)
    }
    if (isWhole) return piece
  }
  return undefined
}

/** The least whole number of pieces, times the piece, that demand does not exceed with each of these probabilities, which ascend. */
export function countQuantiles(mean: number, dispersion: number, piece: number, levels: readonly number[]): Float64Array {
  const quantiles = new Float64Array(levels.length)
  if (!(mean > 0)) return quantiles
  const step = Math.max(piece, mean / PIECES_MAX)
  const pieces = mean / step
  const spread = Math.max(1, dispersion / step)
  const share = 1 - 1 / spread
  const isPoisson = share < 1e-4
  const size = isPoisson ? 0 : pieces / (spread - 1)
  let probability = isPoisson ? Math.exp(-pieces) : Math.exp(-size * Math.log(spread))
  if (probability < 1e-290) return normalQuantiles(pieces, spread, step, levels)
  let [sum, count] = [probability, 0]
  const most = pieces + ENOUGH * (1 + Math.sqrt(pieces * spread) + spread)
  for (const [index, level] of levels.entries()) {
    while (sum < level && count < most) {
      probability *= isPoisson ? pieces / (count + 1) : (share * (size + count)) / (count + 1)
      count += 1
      sum += probability
    }
    quantiles[index] = count * step
  }
  return quantiles
}

const ENOUGH = 40

function normalQuantiles(pieces: number, spread: number, step: number, levels: readonly number[]): Float64Array {
  return Float64Array.from(levels, (level) => Math.max(0, Math.round(pieces + normalQuantile(level) * Math.sqrt(pieces * spread))) * step)
}
