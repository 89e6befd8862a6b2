// Newsvendor: how many to have for one period, when each that is left costs `holding` and each that is missing `shortage` (F. Edgeworth, 1888; K. Arrow, T. Harris
// and J. Marschak, 1951; Snyder and Shen, ch. 4). The least level S with F(S) >= p / (p + h); cost h E[(S - D)+] + p E[(D - S)+]. As base stock of a site whose
// orders take a lead time, D is the demand of lead time and period together.

import { losses, normal, type ContinuousDistribution } from '../distributions/continuous.ts'
import { wholeLosses, wholeQuantile, type WholeDistribution } from '../distributions/whole.ts'
import type { LevelCost } from './supply-risk.ts'

export interface UnitCosts {
  /** Of a unit left at the end of a period. */
  readonly holding: number
  /** Of a unit missing then. */
  readonly shortage: number
}

/** The share of demands that is to be covered: p / (p + h). */
export const criticalRatio = ({ holding, shortage }: UnitCosts): number => shortage / (shortage + holding)

/** Of any continuous demand (Snyder and Shen, 4.24 and 4.27). */
export function newsvendor(costs: UnitCosts, demand: ContinuousDistribution, given?: number): LevelCost {
  const level = given ?? demand.quantile(criticalRatio(costs))
  return { level, cost: levelCost(costs, demand, level) }
}

export function levelCost({ holding, shortage }: UnitCosts, demand: ContinuousDistribution, level: number): number {
  const { short, over } = losses(demand, level)
  return holding * over + shortage * short
}

/** Of demand in whole units: Poisson, negative binomial, empirical (Snyder and Shen, 4.6 and 4.3.2.6). */
export function newsvendorWhole(costs: UnitCosts, demand: WholeDistribution, given?: number): LevelCost {
  const level = given ?? wholeQuantile(demand, criticalRatio(costs))
  return { level, cost: wholeLevelCost(costs, demand, level) }
}

export function wholeLevelCost({ holding, shortage }: UnitCosts, demand: WholeDistribution, level: number): number {
  const { short, over } = wholeLosses(demand, level)
  return holding * over + shortage * short
}

/** Normal demand of lead time and one period: mean (L + 1) m, deviation sqrt(L + 1) s. */
export const leadTimeDemand = (mean: number, deviation: number, leadTime: number): ContinuousDistribution =>
  normal(mean * (leadTime + 1), deviation * Math.sqrt(leadTime + 1))

/** Prices of a unit in place of costs, and what else it costs to have it left or to miss it. */
export interface Prices extends UnitCosts {
  readonly revenue: number
  readonly purchase: number
  readonly salvage: number
}

/**
 * Most profit: F(S) = (p + r - c) / (h + p + r - v), profit (r - c + p) S - p m + (v - r - h - p) E[(S - D)+] (Snyder and Shen, 4.3.2.3).
 */
export function newsvendorProfit(
  prices: Prices,
  demand: ContinuousDistribution,
  given?: number,
): { readonly level: number; readonly profit: number } {
  const { revenue, purchase, salvage, holding, shortage } = prices
  const missed = revenue - purchase + shortage
  const level = given ?? demand.quantile(missed / (holding + shortage + revenue - salvage))
  const { over } = losses(demand, level)
  return { level, profit: missed * level - shortage * demand.mean + (salvage - revenue - holding - shortage) * over }
}

/** One period of several, when a unit left over spares buying one in the next. */
export interface MyopicCosts extends UnitCosts {
  readonly purchase: number
  readonly purchaseNext: number
  /** What money of the next period is worth in this one, at most 1. */
  readonly discount: number
}

/** c S + g(S) - discount c' (S - m), with g the newsvendor's cost (A. Veinott, SIAM J. Applied Mathematics 14, 1966). */
export function myopicCost(costs: MyopicCosts, demand: ContinuousDistribution, level: number): number {
  return costs.purchase * level + levelCost(costs, demand, level) - costs.discount * costs.purchaseNext * (level - demand.mean)
}

/** Where that is least: F(S) = (p - (c - discount c')) / (p + h). */
export function myopic(costs: MyopicCosts, demand: ContinuousDistribution, given?: number): LevelCost {
  const more = costs.purchase - costs.discount * costs.purchaseNext
  if (!(more >= -costs.holding && more <= costs.shortage)) throw new RangeError('Prices change too fast: it would pay to buy all now, or never.')
  const level = given ?? demand.quantile((costs.shortage - more) / (costs.shortage + costs.holding))
  return { level, cost: myopicCost(costs, demand, level) }
}

/** The level below (or above) the best at which the myopic cost is so much: by doubling and halving. */
export function levelOfMyopicCost(costs: MyopicCosts, demand: ContinuousDistribution, cost: number, isBelow: boolean): number {
  const best = myopic(costs, demand)
  if (!(cost >= best.cost - 1e-12 * Math.abs(best.cost))) throw new RangeError('Nothing costs as little as that.')
  const sign = isBelow ? -1 : 1
  let [less, more] = [0, Math.max(demand.mean, 10)]
  while (myopicCost(costs, demand, best.level + sign * more) < cost && more < 1e300) more *= 2
  for (let step = 0; step < 200; step += 1) {
    const middle = (less + more) / 2
    if (middle === less || middle === more) break
    if (myopicCost(costs, demand, best.level + sign * middle) < cost) less = middle
    else more = middle
  }
  return best.level + sign * more
}
