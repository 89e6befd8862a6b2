// Rates: how fast items lose goods that nobody sees go. Most lose little and a few lose much, so one rate for all would be wrong for each: an item's rate
// is one of a few classes, and the filter learns which. The classes lie closer where most items are and reach far beyond the mean, so that a category
// whose mean was guessed wrong is still covered: how many items are of each class is learnt from all of them (`reweighed`).

/** Rates as multiples of a category's mean, and the share of items that have each before anything is known of them. */
export interface RateClasses {
  readonly rates: readonly number[]
  readonly weights: readonly number[]
}

/** The share of items in each class: the last are few and lose most, six times the mean, for a category whose mean was thought to be half of what it is. */
const SHARES = [0.26, 0.26, 0.22, 0.17, 0.082, 0.008]
const STEPS = 20_000
/** Multiples of the mean beyond which next to nothing lies. */
const FAR = 60

/**
 * Classes of a Gamma distribution with mean 1: the slices that hold `SHARES` of it, each at its own mean, so that the mean of all is 1.
 * `shape` is the square of mean over deviation: 1 where rates are as unequal as waiting times, more where items are alike.
 */
export function rateClasses(shape: number): RateClasses {
  let classes = known.get(shape)
  if (classes === undefined) known.set(shape, (classes = classesOf(shape)))
  return classes
}

/** There are as many shapes as there are categories, and a site's beliefs are taken up again and again. */
const known = new Map<number, RateClasses>()

function classesOf(shape: number): RateClasses {
  if (!(shape > 0)) throw new RangeError(`A shape of ${shape} is none.`)
  // By a sum over points that lie close together near 0, where the density may have no bound.
  const points = Array.from({ length: STEPS }, (_none, index) => FAR * ((index + 0.5) / STEPS) ** 4)
  const masses = points.map((rate) => Math.exp((shape - 1) * Math.log(rate) - shape * rate) * rate ** 0.75)
  const all = masses.reduce((sum, one) => sum + one, 0)
  const [rates, weights]: [number[], number[]] = [[], []]
  let [at, reached] = [0, 0]
  for (const [index, share] of SHARES.entries()) {
    reached += share
    const isLast = index === SHARES.length - 1
    const before = weights.reduce((sum, one) => sum + one, 0)
    let [mass, moment] = [0, 0]
    for (; at < STEPS && (isLast || before + mass / all < reached); at += 1) {
      mass += masses[at]!
      moment += masses[at]! * points[at]!
    }
    rates.push(mass === 0 ? points[Math.min(at, STEPS - 1)]! : moment / mass)
    weights.push(mass / all)
  }
  return { rates, weights }
}

/**
 * The shares of a category's classes, from what is believed of its items: expectation and maximisation (A. Dempster, N. Laird and D. Rubin, 1977) for the
 * proportions of a mixture, until they stand. `believed` is each item's probability of each class, reckoned with the shares `before`; the shares
 * thought of at `first` count like `weight` items more, so that a handful of items says little.
 */
export function reweighed(
  first: readonly number[],
  before: readonly number[],
  believed: readonly (readonly number[])[],
  weight: number,
): readonly number[] {
  let shares = before
  for (let round = 0; round < ROUNDS; round += 1) {
    const sums = first.map((share) => share * weight)
    for (const item of believed) {
      const all = item.reduce((sum, one, index) => sum + (one * shares[index]!) / before[index]!, 0)
      for (const [index, one] of item.entries()) sums[index]! += (one * shares[index]!) / before[index]! / all
    }
    shares = sums.map((sum) => sum / (believed.length + weight))
  }
  return shares
}

const ROUNDS = 20
