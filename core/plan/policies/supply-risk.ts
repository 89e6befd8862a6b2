// Supply risk: order quantities and base stocks where what is ordered does not always come, or not all of it (Snyder and Shen, ch. 9).

import { losses, type ContinuousDistribution } from '../distributions/continuous.ts'
import { wholeLosses, wholeQuantile, type Losses, type WholeDistribution } from '../distributions/whole.ts'
import type { QuantityCost, SteadyDemand } from './order-quantity.ts'

/** A supplier that is up and down for exponential times: failures and recoveries in a unit of time. */
export interface Disruptions {
  readonly failureRate: number
  readonly recoveryRate: number
  /** Of each unit wanted while there is none; it is lost. */
  readonly shortage: number
}

/**
 * g(Q) = [K + h Q^2 / 2d + p d w / m] / [Q / d + w / m], w = l / (l + m) (1 - exp(-(l + m) Q / d)), l and m the rates of failure and recovery
 * (M. Parlar and D. Berkin, 1991; E. Berk and A. Arreola-Risa, 1994; Snyder and Shen, 9.5). The approximation leaves out the exponential (L. Snyder, 2014).
 */
export function disruptedOrderCost({ fixedCost, holding, rate }: SteadyDemand, risk: Disruptions, quantity: number, isApproximate = false): number {
  const both = risk.failureRate + risk.recoveryRate
  const down = (risk.failureRate / both) * (isApproximate ? 1 : -Math.expm1((-both * quantity) / rate))
  const wait = down / risk.recoveryRate
  return (fixedCost + (holding * quantity ** 2) / (2 * rate) + risk.shortage * rate * wait) / (quantity / rate + wait)
}

/** The quantity that costs least: by golden section between a tenth and ten times the approximation, or the approximation itself, whose cost is h Q. */
export function disruptedOrderQuantity(demand: SteadyDemand, risk: Disruptions, isApproximate = false): QuantityCost {
  const { fixedCost, holding, rate } = demand
  const down = risk.failureRate / (risk.failureRate + risk.recoveryRate)
  const part = down * rate * holding
  const under = part ** 2 + 2 * holding * risk.recoveryRate * (fixedCost * rate * risk.recoveryRate + rate ** 2 * risk.shortage * down)
  const near = (Math.sqrt(under) - part) / (holding * risk.recoveryRate)
  if (isApproximate) return { quantity: near, cost: holding * near }
  const quantity = leastAt((units) => disruptedOrderCost(demand, risk, units), near / 10, near * 10)
  return { quantity, cost: disruptedOrderCost(demand, risk, quantity) }
}

const GOLDEN = (Math.sqrt(5) - 1) / 2
const STEPS_MAX = 300

/** Where a function that falls and then rises is least (J. Kiefer, 1953). */
function leastAt(of: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to]
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
  let [atLeft, atRight] = [of(left), of(right)]
  for (let step = 0; step < STEPS_MAX && high - low > 1e-10 * Math.abs(high); step += 1) {
    if (atLeft < atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - GOLDEN * (high - low)
      atLeft = of(left)
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + GOLDEN * (high - low)
      atRight = of(right)
    }
  }
  return (low + high) / 2
}

/** What comes of an order: mean and standard deviation of what is added to it, or of what it is multiplied with. */
export interface Yield {
  readonly mean: number
  readonly deviation: number
}

/** Of Q ordered Q + Y come: Q = sqrt(2 K d / h + Var Y) - E Y (Snyder and Shen, 9.22 and 9.23). */
export function orderQuantityAddedYield({ fixedCost, holding, rate }: SteadyDemand, { mean, deviation }: Yield, given?: number): QuantityCost {
  const quantity = given ?? Math.sqrt((2 * fixedCost * rate) / holding + deviation ** 2) - mean
  const come = quantity + mean
  return { quantity, cost: (2 * fixedCost * rate + holding * deviation ** 2) / (2 * come) + (holding * come) / 2 }
}

/** Of Q ordered Q Z come: Q = sqrt(2 K d / (h (Var Z + E Z^2))) (Snyder and Shen, 9.24 and 9.25). */
export function orderQuantityMultipliedYield({ fixedCost, holding, rate }: SteadyDemand, { mean, deviation }: Yield, given?: number): QuantityCost {
  const square = deviation ** 2 + mean ** 2
  const quantity = given ?? Math.sqrt((2 * fixedCost * rate) / (holding * square))
  return { quantity, cost: (fixedCost * rate) / (quantity * mean) + (holding * quantity * square) / (2 * mean) }
}

export interface LevelCost {
  readonly level: number
  readonly cost: number
}

/** No more than so many periods down in a row are reckoned with. */
const PERIODS_MAX = 100_000

/**
 * Steady `demand` a period, a supplier that fails with one chance a period and recovers with another: level d (1 + n) with n the least number of periods
 * for which F(n) = 1 - a / (a + b) (1 - b)^n reaches p / (p + h) (Snyder and Shen, 9.14 and 9.18).
 */
export function disruptedBaseStock(
  holding: number,
  shortage: number,
  demand: number,
  chances: { readonly failure: number; readonly recovery: number },
  given?: number,
): LevelCost {
  const { failure, recovery } = chances
  const down = failure / (failure + recovery)
  const reached = shortage / (shortage + holding)
  let enough = 0
  while (given === undefined && 1 - down * (1 - recovery) ** enough < reached && enough < PERIODS_MAX) enough += 1
  const level = given ?? demand * (1 + enough)
  let cost = 0
  let chance = recovery / (failure + recovery)
  for (let periods = 0; periods < PERIODS_MAX && (periods === 0 || chance > 1e-18); periods += 1) {
    const wanted = (periods + 1) * demand
    cost += chance * (holding * Math.max(0, level - wanted) + shortage * Math.max(0, wanted - level))
    chance = down * recovery * (1 - recovery) ** periods
  }
  return { level, cost }
}

/** Of S ordered S + Y come and `demand` are wanted for certain: S = d - F^-1(h / (h + p)) (Snyder and Shen, 9.27 and 9.28). */
export function addedYieldBaseStock(
  holding: number,
  shortage: number,
  demand: number,
  added: ContinuousDistribution | WholeDistribution,
  given?: number,
): LevelCost {
  const share = holding / (holding + shortage)
  const isWhole = 'chances' in added
  const level = given ?? demand - (isWhole ? wholeQuantile(added, share) : added.quantile(share))
  const { short, over }: Losses = isWhole ? wholeLosses(added, demand - level) : losses(added, demand - level)
  return { level, cost: shortage * over + holding * short }
}
