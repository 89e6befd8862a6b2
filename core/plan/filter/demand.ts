// Demand as the filter sees it: customers come by chance, each wants some. Days then have a negative binomial number of units, as days in shops do
// (A. Ehrenberg, The pattern of consumer purchases, 1959; customers by Poisson, sizes by the logarithmic series: M. Quenouille, 1949).

/** Customers of an item, and how many each wants. */
export interface Demand {
  /** How many come on an average day. */
  readonly customersPerDay: number
  /** Of the logarithmic series, at least 0 and below 1: 0 where each wants one. */
  readonly sizeShare: number
}

/** `mean` units a day, whose variance is `dispersion` (at least 1) times as much. */
export function demandOf(mean: number, dispersion: number): Demand {
  const sizeShare = 1 - 1 / Math.max(dispersion, 1)
  return { customersPerDay: mean / meanSize(sizeShare), sizeShare }
}

/** What a customer wants on average. */
export const meanSize = (sizeShare: number): number => (sizeShare === 0 ? 1 : -sizeShare / ((1 - sizeShare) * Math.log1p(-sizeShare)))

export const meanOf = ({ customersPerDay, sizeShare }: Demand): number => customersPerDay * meanSize(sizeShare)

/** The share that makes the mean size so much (at least 1), by halving. */
export function sizeShareOf(mean: number): number {
  let [low, high] = [0, 0.999_9]
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2
    if (meanSize(middle) < mean) low = middle
    else high = middle
  }
  return mean <= 1 ? 0 : low
}

/** How much likelier it is that a customer wanted at least `size` than just that many: who takes the last may have wanted more. */
export function wantedMore(sizeShare: number, size: number): number {
  let [sum, term] = [0, 1]
  for (let more = size; term > 1e-12; more += 1) {
    sum += (term * size) / more
    term *= sizeShare
  }
  return sum
}

/**
 * The distribution of the units that are wanted in a time in which `mean` are on average, from none up; what lies beyond the last is left out.
 * Negative binomial with variance `dispersion` times the mean; Poisson where that is 1.
 */
export function unitsWanted(mean: number, dispersion: number, cells: number): Float64Array {
  const pmf = new Float64Array(cells)
  const share = 1 - 1 / Math.max(dispersion, 1)
  const size = share === 0 ? 0 : (mean * (1 - share)) / share
  pmf[0] = share === 0 ? Math.exp(-mean) : Math.exp(size * Math.log1p(-share))
  for (let units = 1; units < cells; units += 1) {
    pmf[units] = share === 0 ? (pmf[units - 1]! * mean) / units : (pmf[units - 1]! * share * (size + units - 1)) / units
  }
  return pmf
}
