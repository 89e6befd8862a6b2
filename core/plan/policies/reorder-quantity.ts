// Reorder quantity: the reorder point r and the quantity Q of a site that is watched all the time and orders Q whenever its position falls to r. Demand is that
// of a lead time, `rate` units are wanted in a unit of time, costs are of a unit and a unit of time and come back for that time.
//
//   cost(r, Q) = (K rate + integral of g from r to r + Q) / Q, where g(y) = h E[(y - D)+] + p E[(D - y)+]
//
// (Y.-S. Zheng, Management Science 38, 1992; Snyder and Shen, ch. 5). Throws a RangeError where an approximation has no solution.

import { type ContinuousDistribution } from '../distributions/continuous.ts'
import type { WholeDistribution } from '../distributions/whole.ts'
import { criticalRatio, levelCost, newsvendor, newsvendorWhole, wholeLevelCost, type UnitCosts } from './newsvendor.ts'
import { economicOrderQuantity, orderQuantityWithBackorders } from './order-quantity.ts'

export interface ReorderCosts extends UnitCosts {
  readonly fixedCost: number
  readonly rate: number
}

export interface ReorderQuantity {
  readonly reorderPoint: number
  readonly quantity: number
  readonly cost: number
}

const ROUNDS_MAX = 10_000
const HALVINGS = 200

/** Exact: the integral is h ((r + Q - m)^2 - (r - m)^2) / 2 + (h + p) (n2(r) - n2(r + Q)), n2 the second-order loss (Snyder and Shen, 5.7). */
export function reorderQuantityCost(costs: ReorderCosts, demand: ContinuousDistribution, reorderPoint: number, quantity: number): number {
  const { holding, shortage, fixedCost, rate } = costs
  const [low, high] = [reorderPoint - demand.mean, reorderPoint + quantity - demand.mean]
  const loss = demand.secondShort(reorderPoint) - demand.secondShort(reorderPoint + quantity)
  return (fixedCost * rate + (holding * (high * high - low * low)) / 2 + (holding + shortage) * loss) / quantity
}

/** The best r for a Q: where g(r) = g(r + Q) (Snyder and Shen, 5.9). */
export function reorderPointFor(costs: UnitCosts, demand: ContinuousDistribution, quantity: number): number {
  const { level } = newsvendor(costs, demand)
  let [low, high] = [level - quantity, level]
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (levelCost(costs, demand, middle) < levelCost(costs, demand, middle + quantity)) high = middle
    else low = middle
  }
  return (low + high) / 2
}

/** The r and Q that cost least: where what the policy costs is g at its ends, g(r) = g(r + Q) = cost(r, Q); the cost falls before and rises after (Zheng, 1992). */
export function bestReorderQuantity(costs: ReorderCosts, demand: ContinuousDistribution): ReorderQuantity {
  const at = (quantity: number): ReorderQuantity => {
    const reorderPoint = reorderPointFor(costs, demand, quantity)
    return { reorderPoint, quantity, cost: reorderQuantityCost(costs, demand, reorderPoint, quantity) }
  }
  const isEnough = ({ reorderPoint, cost }: ReorderQuantity): boolean => levelCost(costs, demand, reorderPoint) >= cost
  const { quantity: least } = economicOrderQuantity({ ...costs })
  let [low, high] = [0, Math.max(least, 1e-9)]
  for (let tries = 0; tries < 1_000 && !isEnough(at(high)); tries += 1) high *= 2
  for (let step = 0; step < HALVINGS && high - low > 1e-13 * high; step += 1) {
    const middle = (low + high) / 2
    if (isEnough(at(middle))) high = middle
    else low = middle
  }
  return at(high)
}

/**
 * By the expected inventory level: r = F^-1(1 - Q h / (p rate)), Q = sqrt(2 rate (K + p n(r)) / h), one after the other until neither changes; `shortage` is of a
 * unit, whatever the time. Cost h (r - m + Q / 2) + K rate / Q + p rate n(r) / Q (G. Hadley and T. Whitin, 1963; Snyder and Shen, 5.16 to 5.18).
 */
export function reorderQuantityByInventoryLevel(costs: ReorderCosts, demand: ContinuousDistribution, tolerance = 1e-10): ReorderQuantity {
  const { holding, shortage, fixedCost, rate } = costs
  const [reorderPoint, quantity] = alternated(costs, tolerance, (lot) => {
    const share = 1 - (lot * holding) / (shortage * rate)
    if (!(share > 0)) throw new RangeError('Shortages are too cheap for this approximation: it would never order.')
    const point = demand.quantile(share)
    return [point, Math.sqrt((2 * rate * (fixedCost + shortage * demand.short(point))) / holding)]
  })
  const missed = demand.short(reorderPoint)
  const cost = holding * (reorderPoint - demand.mean + quantity / 2) + (fixedCost * rate) / quantity + (shortage * rate * missed) / quantity
  return { reorderPoint, quantity, cost }
}

/** By the loss functions: n(r) = h Q / (h + p), Q = sqrt(2 (K rate + (h + p) n2(r)) / h) (Hadley and Whitin, 1963; Snyder and Shen, 5.28 and 5.29). */
export function reorderQuantityByLoss(costs: ReorderCosts, demand: ContinuousDistribution, tolerance = 1e-10): ReorderQuantity {
  const { holding, shortage, fixedCost, rate } = costs
  const [reorderPoint, quantity] = alternated(costs, tolerance, (lot) => {
    const point = levelOfLoss(demand, (holding * lot) / (holding + shortage))
    return [point, Math.sqrt((2 * (fixedCost * rate + (holding + shortage) * demand.secondShort(point))) / holding)]
  })
  return { reorderPoint, quantity, cost: reorderQuantityCost(costs, demand, reorderPoint, quantity) }
}

/** The economic order quantity with backorders, and the best r for it (Zheng, 1992: at most an eighth above the best). */
export function reorderQuantityWithBackorders(costs: ReorderCosts, demand: ContinuousDistribution): ReorderQuantity {
  const { quantity } = orderQuantityWithBackorders(costs, costs.shortage)
  const reorderPoint = reorderPointFor(costs, demand, quantity)
  return { reorderPoint, quantity, cost: reorderQuantityCost(costs, demand, reorderPoint, quantity) }
}

/** The economic order quantity, and the newsvendor's level as reorder point (Snyder and Shen, 5.21). */
export function reorderQuantityWithSafetyStock(costs: ReorderCosts, demand: ContinuousDistribution): ReorderQuantity {
  const { quantity } = economicOrderQuantity(costs)
  const reorderPoint = demand.quantile(criticalRatio(costs))
  return { reorderPoint, quantity, cost: reorderQuantityCost(costs, demand, reorderPoint, quantity) }
}

/** In whole units: (K rate + sum of g(y) from r + 1 to r + Q) / Q (Snyder and Shen, 5.48). */
export function wholeReorderQuantityCost(costs: ReorderCosts, demand: WholeDistribution, reorderPoint: number, quantity: number): number {
  let sum = costs.fixedCost * costs.rate
  for (let level = reorderPoint + 1; level <= reorderPoint + quantity; level += 1) sum += wholeLevelCost(costs, demand, level)
  return sum / quantity
}

/** The whole r and Q that cost least: Q grows by whichever neighbour of the range costs less, as long as the average falls (A. Federgruen and Y.-S. Zheng, Operations Research 40, 1992). */
export function bestWholeReorderQuantity(costs: ReorderCosts, demand: WholeDistribution): ReorderQuantity {
  const { level, cost: first } = newsvendorWhole(costs, demand)
  let [reorderPoint, quantity, sum] = [level - 1, 1, costs.fixedCost * costs.rate + first]
  for (;;) {
    const [below, above] = [wholeLevelCost(costs, demand, reorderPoint), wholeLevelCost(costs, demand, reorderPoint + quantity + 1)]
    const next = Math.min(below, above)
    // One more position lowers the average as long as it costs no more than that.
    if ((sum + next) / (quantity + 1) > sum / quantity) return { reorderPoint, quantity, cost: sum / quantity }
    if (below < above) reorderPoint -= 1
    sum += next
    quantity += 1
  }
}

function alternated(costs: ReorderCosts, tolerance: number, next: (quantity: number) => readonly [number, number]): readonly [number, number] {
  let [reorderPoint, quantity] = [Infinity, economicOrderQuantity(costs).quantity]
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const [point, lot] = next(quantity)
    const isSame = Math.abs(point - reorderPoint) <= tolerance && Math.abs(lot - quantity) <= tolerance
    ;[reorderPoint, quantity] = [point, lot]
    if (isSame) break
  }
  return [reorderPoint, quantity]
}

/** Where the loss function, which falls, is so much. */
function levelOfLoss(demand: ContinuousDistribution, loss: number): number {
  const step = Math.sqrt(demand.variance) + loss + 1e-9
  let [low, high] = [demand.mean - step, demand.mean + step]
  for (let tries = 1; tries < 1_000 && demand.short(low) < loss; tries += 1) low -= step * 2 ** tries
  for (let tries = 1; tries < 1_000 && demand.short(high) > loss; tries += 1) high += step * 2 ** tries
  for (let tries = 0; tries < HALVINGS; tries += 1) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (demand.short(middle) > loss) low = middle
    else high = middle
  }
  return (low + high) / 2
}
