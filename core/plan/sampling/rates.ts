// Rates: which share of its value a category has lost, from counted items, when most categories have few of them. A category's own rate counts for as much as
// it is worth beside the rate of all (empirical Bayes: C. Stein, 1956; B. Efron and C. Morris, 1973; the variance between categories by the moments of
// R. DerSimonian and N. Laird, 1986): rate = all + B (own - all), B = between / (between + own variance).

export interface CountedItem {
  readonly category: string
  /** How many items of the site it stands for: one over the probability with which it was drawn. */
  readonly weight: number
  /** Of its value, what the record says and what of that was not found; below 0 where more was. */
  readonly recorded: number
  readonly lost: number
}

export interface ShrinkRate {
  readonly category: string
  readonly items: number
  /** Share of the recorded value that is lost, drawn towards the rate of all. */
  readonly rate: number
  /** The standard deviation of `rate`. */
  readonly sd: number
  /** Its own rate alone; null where the record has nothing of it. */
  readonly own: number | null
  /** How much its own rate counts, from 0 to 1. */
  readonly reliance: number
}

export interface ShrinkRates {
  /** Of all categories together. */
  readonly rate: number
  readonly sd: number
  /** Variance between categories. */
  readonly between: number
  /** The mean square of an item's difference from its category's rate, each measured by its value. */
  readonly spread: number
  readonly categories: readonly ShrinkRate[]
}

/** A category's own spread counts as much as that of all its neighbours when it has so many items more than one. */
const ITEMS_OF_PRIOR = 4

export function shrinkRatesOf(counted: readonly CountedItem[]): ShrinkRates {
  const all = ratioOf(counted)
  const own = [...Map.groupBy(counted, (one) => one.category)].map(([category, items]) => ({ category, items: items.length, ...ratioOf(items) }))
  const told = own.filter((one) => one.exposure > 0)
  // The spread of an item about its category's rate, of all categories together.
  const freedom = told.reduce((sum, { items }) => sum + items - 1, 0)
  const common = freedom > 0 ? told.reduce((sum, { spread, items }) => sum + spread * (items - 1), 0) / freedom : all.spread
  const varied = told.map((one) => ({
    ...one,
    variance: (((one.items - 1) * one.spread + ITEMS_OF_PRIOR * common) / (one.items - 1 + ITEMS_OF_PRIOR)) * one.concentration,
  }))
  const between = betweenOf(varied)
  const rate = all.rate ?? 0
  const variance_of_all = all.spread * all.concentration
  const known = new Map(varied.map((one) => [one.category, one.variance]))
  const categories = own.map(({ category, items, rate: alone }): ShrinkRate => {
    const variance = known.get(category)
    const reliance = variance === undefined ? 0 : variance === 0 ? 1 : between / (between + variance)
    // What is left of its own doubt, or all that categories differ by, and that of the rate it is drawn towards.
    const sd = Math.sqrt((variance === undefined ? between : reliance * variance) + (1 - reliance) ** 2 * variance_of_all)
    return { category, items, rate: rate + reliance * ((alone ?? rate) - rate), sd, own: alone, reliance }
  })
  return { rate, sd: Math.sqrt(variance_of_all), between, spread: common, categories: categories.toSorted((a, b) => b.rate - a.rate) }
}

interface Ratio {
  readonly rate: number | null
  /** What the items stand for, in recorded value. */
  readonly exposure: number
  /** The mean square of an item's difference from the rate, each measured by its value. */
  readonly spread: number
  /** How few items carry the value: 1 for one, 1/n for n of equal value. Spread times this is the rate's variance. */
  readonly concentration: number
}

function ratioOf(items: readonly CountedItem[]): Ratio {
  const sum = (of: (one: CountedItem) => number): number => items.reduce((yet, one) => yet + of(one), 0)
  const exposure = sum((one) => one.weight * one.recorded)
  const squares = sum((one) => (one.weight * one.recorded) ** 2)
  if (!(exposure > 0)) return { rate: null, exposure: 0, spread: 0, concentration: 0 }
  const rate = sum((one) => one.weight * one.lost) / exposure
  const off = sum((one) => (one.weight * (one.lost - rate * one.recorded)) ** 2)
  const spread = items.length < 2 ? 0 : (off / squares) * (items.length / (items.length - 1))
  return { rate, exposure, spread, concentration: squares / exposure ** 2 }
}

/** The variance between true rates that is left when what chance does to each is taken off; 0 where there is none. */
function betweenOf(categories: readonly { readonly rate: number | null; readonly variance: number }[]): number {
  const exact = categories.every((one) => one.variance === 0)
  const weighed = categories
    .filter((one) => exact || one.variance > 0)
    .map(({ rate, variance }) => ({ rate: rate!, weight: exact ? 1 : 1 / variance }))
  const weights = weighed.reduce((sum, one) => sum + one.weight, 0)
  const mean = weighed.reduce((sum, one) => sum + one.weight * one.rate, 0) / weights
  const differing = weighed.reduce((sum, one) => sum + one.weight * (one.rate - mean) ** 2, 0)
  const scale = weights - weighed.reduce((sum, one) => sum + one.weight ** 2, 0) / weights
  return scale > 0 ? Math.max(0, (differing - (exact ? 0 : weighed.length - 1)) / scale) : 0
}
