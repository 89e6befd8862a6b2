// Sampling world: the shelves of a site that nobody has ever seen, except here: what the record says, what is believed, and what is there. Prices are log-normal; goods
// are lost at rates that differ from item to item, and some are found. All of it follows from a seed.
//
// Beliefs are honest: somebody who knows what was lost of each item last year, and how rates are spread, believes the mean of what that leaves possible, with
// its standard deviation. They are not perfect: he takes the mean rate for lower than it is, and knows nothing of gains but how often there are any.

import type { SampledItem } from '../core/plan/sampling/strata.ts'
import { chanceOf, type Chance } from '../core/rng.ts'

export interface ShelvedItem extends SampledItem {
  /** What a person who counts finds. */
  readonly there: number
}

const PRICE_MINOR = { middle: 800, spread: 0.8 }
const PIECES = { middle: 14, spread: 0.6 }
/** Of what the record says, lost since it was right, on average and as it is believed; a small shape means that few items lose most of it. */
const LOST = { rate: 0.06, believed: 0.054, shape: 0.25 }
const FOUND = { share: 0.05, rate: 0.2 }

export function shelves(count: number, seed: number): readonly ShelvedItem[] {
  const chance = chanceOf(seed)
  return Array.from({ length: count }, () => shelved(chance))
}

function shelved(chance: Chance): ShelvedItem {
  const unitValue = Math.max(1, Math.round(PRICE_MINOR.middle * Math.exp(PRICE_MINOR.spread * normal(chance))))
  const recorded = chance.poisson(PIECES.middle * Math.exp(PIECES.spread * normal(chance)))
  const rate = (gamma(chance, LOST.shape) / LOST.shape) * LOST.rate
  const lostBefore = chance.poisson(recorded * rate)
  const lost = Math.min(recorded, chance.poisson(recorded * rate))
  const found = chance.fraction() < FOUND.share ? chance.poisson(1 + FOUND.rate * recorded) : 0
  return { unitValue, recorded, there: recorded - lost + found, ...believed(recorded, lostBefore) }
}

/** After a year in which so many were lost: the rate's gamma distribution goes on, and what will be lost has a negative binomial one. */
function believed(recorded: number, lostBefore: number): { readonly expected: number; readonly sd: number } {
  const shape = LOST.shape + lostBefore
  const lost = (recorded * shape) / (LOST.shape / LOST.believed + recorded)
  const found = 1 + FOUND.rate * recorded
  const variance = lost + lost ** 2 / shape + FOUND.share * (found + (1 - FOUND.share) * found ** 2)
  return { expected: recorded - lost + FOUND.share * found, sd: Math.sqrt(variance) }
}

/** G. Box and M. Muller, 1958. */
const normal = (chance: Chance): number => Math.sqrt(-2 * Math.log(1 - chance.fraction())) * Math.cos(2 * Math.PI * chance.fraction())

/** G. Marsaglia and W. Tsang, A simple method for generating gamma variables, 2000; of scale 1. */
function gamma(chance: Chance, shape: number): number {
  if (shape < 1) return gamma(chance, shape + 1) * (1 - chance.fraction()) ** (1 / shape)
  const third = shape - 1 / 3
  for (;;) {
    const x = normal(chance)
    const cubed = (1 + x / Math.sqrt(9 * third)) ** 3
    if (cubed > 0 && Math.log(1 - chance.fraction()) < x ** 2 / 2 + third - third * cubed + third * Math.log(cubed)) return third * cubed
  }
}
