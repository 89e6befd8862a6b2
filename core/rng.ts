// Rng: chance that can be had again: numbers that follow from a seed and nothing else, so that whoever knows the seed sees the same. Good enough
// for simulated customers and samples, never for secrets.

export interface Chance {
  /** At least 0 and below 1. */
  fraction(): number
  /** A whole number, at least 0 and below `count`. */
  below(count: number): number
  /** How many of something that happens `mean` times on average. */
  poisson(mean: number): number
}

/** SplitMix32 (after G. Steele, D. Lea and C. Flood, Fast splittable pseudorandom number generators, 2014). */
export function chanceOf(seed: number): Chance {
  let state = seed | 0
  const fraction = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  const below = (count: number): number => Math.floor(fraction() * count)
  /** By Knuth's product of fractions, in pieces so small that none is 0. */
  const poisson = (mean: number): number => {
    let count = 0
    for (let left = mean; left > 0; left -= POISSON_PIECE) {
      const limit = Math.exp(-Math.min(left, POISSON_PIECE))
      for (let product = fraction(); product > limit; product *= fraction()) count += 1
    }
    return count
  }
  return { fraction, below, poisson }
}

const POISSON_PIECE = 30
