// Count value: what it would save to know how many are really there before the next order is made. Who orders by a belief orders what is best on average
// over what may be there; who has counted orders what is best for what is there. The difference, on average over the belief, is what the count is worth
// (the expected value of perfect information: H. Raiffa and R. Schlaifer, Applied statistical decision theory, 1961), and divided by the minutes it takes, what to count first.

/** What may be there: the probability of `low`, of `step` more (or of any of so many from there), and so on. */
export interface Believed {
  readonly low: number
  readonly step: number
  readonly chances: ArrayLike<number>
  readonly cells: number
}

/** Costs until the next order can help, by what is there and on its way: from none up. */
export interface CoverCosts {
  readonly cost: Float64Array
  /** What costs least. */
  readonly best: number
}

/**
 * What it costs to have so many for a time in which `wanted` says how many are wanted: `short` for each that is not there, `over` for each that is left
 * (the newsvendor: F. Edgeworth, 1888; K. Arrow, T. Harris and J. Marschak, 1951).
 */
export function coverCosts(wanted: ArrayLike<number>, short: number, over: number): CoverCosts {
  const cells = wanted.length
  const cost = new Float64Array(cells)
  let [mean, at_most, best] = [0, 0, 0]
  for (let units = 0; units < cells; units += 1) mean += units * wanted[units]!
  cost[0] = short * mean
  for (let units = 1; units < cells; units += 1) {
    at_most += wanted[units - 1]!
    // One more is left over where no more than one less are wanted, else it serves somebody.
    cost[units] = cost[units - 1]! + over * at_most - short * (1 - at_most)
    if (cost[units]! < cost[best]!) best = units
  }
  return { cost, best }
}

/** What costs least to order on average over what may be there, when `pipeline` is on its way. */
export function orderFor({ low, step, chances, cells }: Believed, pipeline: number, { cost, best }: CoverCosts): number {
  const last = cost.length - 1
  let [order, least] = [0, Infinity]
  for (let some = 0; some <= Math.max(0, best - low - pipeline); some += 1) {
    let sum = 0
    for (let cell = 0; cell < cells; cell += 1) sum += chances[cell]! * cost[Math.min(low + cell * step + pipeline + some, last)]!
    if (sum < least) [order, least] = [some, sum]
  }
  return order
}

/** What `order` costs more than the best order would, were so many there. */
export function regret(units: number, pipeline: number, order: number, { cost, best }: CoverCosts): number {
  const last = cost.length - 1
  return cost[Math.min(units + pipeline + order, last)]! - cost[Math.min(Math.max(units + pipeline, best), last)]!
}

/** What a count would be worth: the regret of `order` on average over what may be there. */
export function countValue({ low, step, chances, cells }: Believed, pipeline: number, order: number, costs: CoverCosts): number {
  let sum = 0
  for (let cell = 0; cell < cells; cell += 1) sum += chances[cell]! * regret(low + cell * step, pipeline, order, costs)
  return sum
}
