// Reorder levels: the reorder point s and the order-up-to level S where each order has a fixed cost: order nothing above s, and up to S at or below it
// (H. Scarf, The optimality of (S, s) policies, 1960).

/** Order when the position is at or below `reorderPoint`, up to `orderUpTo`; both in units. */
export interface ReorderLevels {
  readonly reorderPoint: number
  readonly orderUpTo: number
  /** Of a period, on average, in the money of the costs. */
  readonly cost: number
}

/** Positions that are looked at above and below the best one, at most. */
const POSITIONS_MAX = 20_000

/** Expected visits to the position that is j units below S, for each j, summed to M(j); grown as far as somebody looks. */
class Renewals {
  readonly #pmf: ArrayLike<number>
  readonly #at: number[]
  readonly #below: number[] = [0]

  constructor(pmf: ArrayLike<number>) {
    this.#pmf = pmf
    this.#at = [1 / (1 - pmf[0]!)]
  }

  at(units: number): number {
    for (let next = this.#at.length; next <= units; next += 1) {
      let sum = 0
      for (let some = 1; some <= Math.min(next, this.#pmf.length - 1); some += 1) sum += this.#pmf[some]! * this.#at[next - some]!
      this.#at.push(sum / (1 - this.#pmf[0]!))
    }
    return this.#at[units]!
  }

  below(units: number): number {
    for (let next = this.#below.length; next <= units; next += 1) this.#below.push(this.#below[next - 1]! + this.at(next - 1))
    return this.#below[units]!
  }
}

/**
 * What an (s, S) policy costs a period: c(s, S) = [K + sum over j < S - s of m(j) G(S - j)] / M(S - s), where `periodCost` is G, what a period costs on
 * average from a position after ordering, `pmf` the demand of a period (Y.-S. Zheng and A. Federgruen, Operations Research 39, 1991; Snyder and Shen, 4.4).
 */
export function reorderLevelsCost(
  fixedCost: number,
  periodCost: (position: number) => number,
  pmf: ArrayLike<number>,
  point: number,
  upTo: number,
): number {
  return averageCost(fixedCost, periodCost, new Renewals(pmf), point, upTo)
}

/**
 * The (s, S) that costs least: Zheng and Federgruen's search, exact for whole units where G is unimodal with its least at `best`. Undefined where nobody
 * wants any, or where more positions would have to be looked at than `positionsMax`.
 */
export function bestReorderLevels(
  fixedCost: number,
  periodCost: (position: number) => number,
  pmf: ArrayLike<number>,
  best: number,
  positionsMax = POSITIONS_MAX,
): ReorderLevels | undefined {
  if (!(pmf[0]! < 1 - 1e-12)) return undefined
  const renewals = new Renewals(pmf)
  const cost = (point: number, upTo: number): number => averageCost(fixedCost, periodCost, renewals, point, upTo)
  let [point, upTo] = [best - 1, best]
  let [least, sum] = [Infinity, fixedCost]
  for (; ; point -= 1) {
    sum += renewals.at(upTo - point - 1) * periodCost(point + 1)
    least = sum / renewals.below(upTo - point)
    if (least <= periodCost(point)) break
    if (best - point > positionsMax) return undefined
  }
  for (let next = best + 1; periodCost(next) <= least; next += 1) {
    if (next - best > positionsMax) return undefined
    if (cost(point, next) >= least) continue
    upTo = next
    while (point + 1 < upTo && cost(point, upTo) <= periodCost(point + 1)) point += 1
    least = cost(point, upTo)
  }
  return { reorderPoint: point, orderUpTo: upTo, cost: least }
}

function averageCost(fixedCost: number, periodCost: (position: number) => number, renewals: Renewals, point: number, upTo: number): number {
  const span = upTo - point
  let sum = fixedCost
  for (let units = 0; units < span; units += 1) sum += renewals.at(units) * periodCost(upTo - units)
  return sum / renewals.below(span)
}

/** What the power approximation takes in: costs of a unit a period, demand of a period, and demand of lead time and period together. */
export interface PowerInput {
  readonly fixedCost: number
  readonly holding: number
  readonly shortage: number
  readonly mean: number
  readonly horizonMean: number
  readonly horizonDeviation: number
}

/**
 * (s, S) by the power approximation, not whole: Q = 1.30 m^0.494 (K/h)^0.506 (1 + v/m^2)^0.116 with m the mean of a period and v the variance of the horizon,
 * s from z = sqrt(Q h / (p sd)), S = s + Q (R. Ehrhardt and C. Mosier, Management Science 30, 1984; Snyder and Shen, 4.77 to 4.80).
 */
export function powerReorderLevels(input: PowerInput): { readonly reorderPoint: number; readonly orderUpTo: number } {
  const { fixedCost, holding, shortage, mean, horizonMean, horizonDeviation } = input
  const spread = 1 + (horizonDeviation / mean) ** 2
  const lot = 1.3 * mean ** 0.494 * (fixedCost / holding) ** 0.506 * spread ** 0.116
  const z = Math.sqrt((lot * holding) / (horizonDeviation * shortage))
  const point = 0.973 * horizonMean + horizonDeviation * (0.183 / z + 1.063 - 2.192 * z)
  return { reorderPoint: point, orderUpTo: point + lot }
}
