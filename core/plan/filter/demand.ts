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

/** Beyond the mean, terms below this are left out: together they are less than what a sum of the others is off by. */
const SMALL = 1e-18

/**
 * The distribution of the units that are wanted in a time in which `mean` are on average, from none up; what lies beyond the last is left out.
 * Negative binomial with variance `dispersion` times the mean; Poisson where that is 1.
 */
export function unitsWanted(mean: number, dispersion: number, cells: number): Float64Array {
  const pmf = new Float64Array(cells)
  const [none, next] = termsOf(mean, dispersion)
  pmf[0] = none
  for (let units = 1; units < cells; units += 1) {
    pmf[units] = next(pmf[units - 1]!, units)
    if (units > mean && pmf[units]! < SMALL) break
  }
  return pmf
}

/** The least number of units, at most `most`, that are enough with this probability, of the same distribution. */
export function unitsEnough(mean: number, dispersion: number, probability: number, most: number): number {
  const [none, next] = termsOf(mean, dispersion)
  let [units, term, reached] = [0, none, none]
  while (reached < probability && units < most) {
    term = next(term, (units += 1))
    reached += term
  }
  return units
}

/** The probability of none, and of each number from that of one less. */
function termsOf(mean: number, dispersion: number): readonly [none: number, next: (before: number, units: number) => number] {
  const share = 1 - 1 / Math.max(dispersion, 1)
  if (share === 0) return [Math.exp(-mean), (before, units) => (before * mean) / units]
  const size = (mean * (1 - share)) / share
  return [Math.exp(size * Math.log1p(-share)), (before, units) => (before * share * (size + units - 1)) / units]
}

/** How many days of an item's own sales count as much as what items like it sell, before that is learnt; and within which bounds it is. */
export const PRIOR_DAYS_FIRST = 7
const [PRIOR_DAYS_LEAST, PRIOR_DAYS_MOST] = [1, 60]

/**
 * Customers a day of an average item, and how many days of its own count as much as that: items differ by what is left of the spread of their rates when
 * chance is taken out; the more, the less the others tell of one (Gamma and Poisson). Of at least two items.
 */
export function spreadOf(demands: readonly (readonly [customers: number, days: number])[]): readonly [mean: number, priorDays: number] {
  const mean = demands.reduce((sum, [customers, days]) => sum + customers / days, 0) / demands.length
  const spread = demands.reduce((sum, [customers, days]) => sum + (customers / days - mean) ** 2 - mean / days, 0) / (demands.length - 1)
  return [mean, Math.min(Math.max(mean / Math.max(spread, 1e-9), PRIOR_DAYS_LEAST), PRIOR_DAYS_MOST)]
}

/**
 * Nobody bought any where there is some: either none of so many customers came by chance, or from some moment on nobody wants it. As how many customers their
 * absence counts, and how likely it is by now that none comes any more; in one step or in many, together the same.
 *
 *   P(silent) = e + (1 - e) [h / (h + n) (1 - exp(-(h + n))) + exp(-(h + n))]      n customers wanted, h the hazard of an end, e ended before
 */
export function quiet(ended: number, hazard: number, wanted: number): readonly [customers: number, ended: number] {
  if (hazard <= 0 || wanted <= 0) return [wanted, ended]
  const all = hazard + wanted
  const goesOn = (1 - ended) * Math.exp(-all)
  const silent = ended + (1 - ended) * (hazard / all) * -Math.expm1(-all) + goesOn
  return [-Math.log(silent), 1 - goesOn / silent]
}
