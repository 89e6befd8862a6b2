// Wagner-Whitin: the lots that cost least of all. There is a best plan in which each order is made when nothing is left and covers whole periods
// (H. Wagner and T. Whitin, Management Science 5, 1958), so what is left to find is the next order after each: with D the demand from a period on, and C
// what a unit costs when ordered then and held to the end,
//
//   f(t) = K(t) + min over s > t of { C(t) [D(t) - D(s)] + f(s) }.
//
// As a function of C the minimum is the lower envelope of lines, one of each s; it is kept as the convex hull of the points (D(s), f(s)), to which each period
// adds one (A. Wagelmans, S. van Hoesel and A. Kolen, Operations Research 40, 1992; Snyder and Shen, 3.7). Where it never pays to buy early for its price alone,
// C only grows towards the first period, and the best point moves only one way along the hull: O(n). Else it is sought by halving: O(n log n).

import { inPeriod, planCost, type LotCosts } from './lots.ts'

export interface LotPlan {
  /** Of each period, in units. */
  readonly lots: Float64Array
  readonly cost: number
}

/** The lots that cost least. Demand is at least 0, costs may differ by period; where nothing is wanted nothing is ordered. */
export function wagnerWhitin(demand: ArrayLike<number>, costs: LotCosts): LotPlan {
  const periods = demand.length
  const [wanted, unit] = totals(demand, costs)
  const best = new Float64Array(periods + 1)
  const next = new Int32Array(periods + 1)
  const hull = new Hull(wanted, best, isGrowing(unit))
  hull.add(periods)
  for (let period = periods - 1; period >= 0; period -= 1) {
    const then = hull.tangent(unit[period]!)
    best[period] = inPeriod(costs.setup, period) + unit[period]! * (wanted[period]! - wanted[then]!) + best[then]!
    next[period] = then
    // Nothing is wanted now: what waits until the next period costs nothing.
    if (!(demand[period]! > 0) && best[period + 1]! <= best[period]!) {
      best[period] = best[period + 1]!
      next[period] = -1
    }
    hull.add(period)
  }
  const lots = new Float64Array(periods)
  for (let period = 0; period < periods;) {
    const until = next[period]!
    if (until > 0) lots[period] = sumOf(demand, period, until)
    period = until > 0 ? until : period + 1
  }
  return { lots, cost: planCost(lots, demand, costs).total }
}

/** Demand from each period to the last, and what a unit ordered in it costs if it is held to the end. */
function totals(demand: ArrayLike<number>, costs: LotCosts): readonly [wanted: Float64Array, unit: Float64Array] {
  const periods = demand.length
  const [wanted, unit] = [new Float64Array(periods + 1), new Float64Array(periods)]
  let held = 0
  for (let period = periods - 1; period >= 0; period -= 1) {
    wanted[period] = wanted[period + 1]! + demand[period]!
    held += inPeriod(costs.holding, period)
    unit[period] = held + inPeriod(costs.purchase, period)
  }
  return [wanted, unit]
}

function isGrowing(unit: Float64Array): boolean {
  for (let period = 1; period < unit.length; period += 1) if (unit[period]! > unit[period - 1]!) return false
  return true
}

/** The lower convex hull of the points of periods, added from the last to the first: more is wanted from each than from the one after it. */
class Hull {
  readonly #wanted: Float64Array
  readonly #best: Float64Array
  readonly #isGrowing: boolean
  readonly #points: Int32Array
  #count = 0
  #from = 0

  constructor(wanted: Float64Array, best: Float64Array, isGrowingCost: boolean) {
    this.#wanted = wanted
    this.#best = best
    this.#isGrowing = isGrowingCost
    this.#points = new Int32Array(best.length)
  }

  add(period: number): void {
    const [points, wanted, best] = [this.#points, this.#wanted, this.#best]
    // From the same demand on, the cheaper of two; of equals the later, which waits for longer.
    if (this.#count > 0 && wanted[points[this.#count - 1]!]! === wanted[period]!) {
      if (best[points[this.#count - 1]!]! <= best[period]!) return
      this.#count -= 1
    }
    while (this.#count > 1 && this.#isAbove(points[this.#count - 2]!, points[this.#count - 1]!, period)) this.#count -= 1
    points[this.#count] = period
    this.#count += 1
  }

  /** The point at which best - cost * wanted is least. */
  tangent(cost: number): number {
    const points = this.#points
    if (this.#isGrowing) {
      if (this.#from >= this.#count) this.#from = this.#count - 1
      while (this.#from + 1 < this.#count && this.#slope(this.#from) <= cost) this.#from += 1
      return points[this.#from]!
    }
    let [low, high] = [0, this.#count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#slope(middle) <= cost) low = middle + 1
      else high = middle
    }
    return points[low]!
  }

  #slope(at: number): number {
    const [one, other] = [this.#points[at]!, this.#points[at + 1]!]
    return (this.#best[other]! - this.#best[one]!) / (this.#wanted[other]! - this.#wanted[one]!)
  }

  /** Whether the middle of three points is on or above the line between the others. */
  #isAbove(first: number, middle: number, last: number): boolean {
    const [wanted, best] = [this.#wanted, this.#best]
    const [right, up] = [wanted[last]! - wanted[first]!, best[last]! - best[first]!]
    return (best[middle]! - best[first]!) * right >= up * (wanted[middle]! - wanted[first]!)
  }
}

export interface ByOrder {
  /** Of each period, what it costs from there on when nothing is left then; one more, 0, for the end. */
  readonly costs: Float64Array
  /** Of each period, up to which what is ordered in it lasts. */
  readonly next: Int32Array
}

/**
 * The same by going through every next order, O(n^2), for any cost of a unit that is ordered in one period and used in another: also where goods of one
 * order cost more to hold than those of another. An order for nothing costs nothing.
 */
export function lotsByEveryOrder(
  demand: ArrayLike<number>,
  setup: (period: number) => number,
  unit: (ordered: number, used: number) => number,
): ByOrder {
  const periods = demand.length
  const [costs, next] = [new Float64Array(periods + 1), new Int32Array(periods)]
  for (let period = periods - 1; period >= 0; period -= 1) {
    let [spent, units] = [0, 0]
    costs[period] = Infinity
    for (let then = period + 1; then <= periods; then += 1) {
      units += demand[then - 1]!
      spent += unit(period, then - 1) * demand[then - 1]!
      const cost = (units > 0 ? setup(period) : 0) + spent + costs[then]!
      if (cost < costs[period]!) [costs[period], next[period]] = [cost, then]
    }
  }
  return { costs, next }
}

function sumOf(demand: ArrayLike<number>, from: number, until: number): number {
  let sum = 0
  for (let period = from; period < until; period += 1) sum += demand[period]!
  return sum
}
