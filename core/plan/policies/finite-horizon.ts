// Finite horizon: the best reorder point and order-up-to level of each of several periods, each with its own costs and demand, by going back from the last:
//
//   f(t, x) = min over y >= x of { K(t) [y > x] + c(t) (y - x) + g(t, y) + discount(t) E f(t + 1, y - D(t)) }
//
// with g the newsvendor's cost, and at the end what is left or missing costs its own (H. Scarf, 1960; Snyder and Shen, 4.66 and algorithm 4.1). Stock and demand are
// whole units on a grid; demand that would lead below it ends at its lowest, and the grid is made longer where the best level is its last.

import { normal } from '../distributions/continuous.ts'
import { levelCost, levelOfMyopicCost, myopic, type MyopicCosts, type UnitCosts } from './newsvendor.ts'
import { orderQuantityWithBackorders } from './order-quantity.ts'

export interface HorizonPeriod extends UnitCosts {
  readonly purchase: number
  readonly fixedCost: number
  /** What money of the period after is worth in this one, above 0 and at most 1. */
  readonly discount: number
  /** Of normal demand; without deviation it is certain. */
  readonly mean: number
  readonly deviation: number
}

/** How far from the mean demand, and from the levels, the grid reaches, in standard deviations. */
export interface GridReach {
  readonly demand: number
  readonly levels: number
}

export interface HorizonPlan {
  /** By period: order at or below the one, up to the other. */
  readonly reorderPoints: number[]
  readonly orderUpTo: number[]
  /** Of the whole horizon, beginning with `initial`. */
  readonly cost: number
  /** The lowest stock of the grid; by period and stock from there on, what is to come costs (one more period: the end), and up to which one orders. */
  readonly low: number
  readonly costs: Float64Array[]
  readonly levels: Float64Array[]
}

const CELLS_MAX = 200_000
const USUAL: GridReach = { demand: 4, levels: 5 }

/** Initial stock is a whole number within the grid. Throws a RangeError where no level is best: nothing that is held costs anything. */
export function finiteHorizon(periods: readonly HorizonPeriod[], end: UnitCosts, initial = 0, reach: GridReach = USUAL): HorizonPlan {
  const most = (of: (period: HorizonPeriod) => number): number => periods.reduce((sum, period) => Math.max(sum, of(period)), -Infinity)
  const [mean, deviation] = [most((period) => period.mean), most((period) => period.deviation)]
  const least = -most((period) => -period.mean)
  const demandLow = Math.max(0, roundEven(least - reach.demand * deviation))
  const demandHigh = roundEven(mean + reach.demand * deviation)
  const chances = periods.map((period) => chancesOf(period, demandLow, demandHigh))
  const lots = periods
    .slice(Math.min(1, periods.length - 1))
    .map((period) => orderQuantityWithBackorders({ ...period, rate: period.mean }, period.shortage).quantity)
  const low = Math.min(roundEven(least - mean - deviation * (reach.levels + reach.demand)), Math.floor(initial))
  let high = Math.max(roundEven(mean + Math.max(0, ...lots.filter(Number.isFinite)) + deviation * reach.levels), low + 1, Math.ceil(initial))
  for (; high - low < CELLS_MAX; high = high > 0 ? high * 2 : 1) {
    const plan = backwards(periods, end, low, high, demandLow, chances)
    if (plan !== undefined) return { ...plan, cost: plan.costs[0]![Math.trunc(initial) - low]!, low }
  }
  throw new RangeError('However many are ordered, more would cost less.')
}

function backwards(
  periods: readonly HorizonPeriod[],
  end: UnitCosts,
  low: number,
  high: number,
  demandLow: number,
  chances: readonly Float64Array[],
): Omit<HorizonPlan, 'cost' | 'low'> | undefined {
  const cells = high - low + 1
  let later = Float64Array.from({ length: cells }, (_none, cell) => end.holding * Math.max(0, low + cell) + end.shortage * Math.max(0, -low - cell))
  const [costs, levels, reorderPoints, orderUpTo]: [Float64Array[], Float64Array[], number[], number[]] = [[later], [], [], []]
  for (let at = periods.length - 1; at >= 0; at -= 1) {
    const period = periods[at]!
    const after = periodCosts(period, low, cells, later, demandLow, chances[at]!)
    const [now, level] = [new Float64Array(cells), new Float64Array(cells)]
    // What ordering up to each level costs but for the stock it starts from; of equals the lowest.
    let best = cells - 1
    for (let cell = cells - 1; cell >= 0; cell -= 1) {
      const upTo = (to: number): number => period.purchase * (to - cell) + period.fixedCost + after[to]!
      const isOrdered = best > cell && upTo(best) < after[cell]!
      now[cell] = isOrdered ? upTo(best) : after[cell]!
      level[cell] = low + (isOrdered ? best : cell)
      if (isOrdered && best === cells - 1) return undefined
      if (period.purchase * cell + after[cell]! <= period.purchase * best + after[best]!) best = cell
    }
    const upTo = level[0]!
    let last = 0
    while (last + 1 < cells && level[last + 1] === upTo) last += 1
    costs.unshift(now)
    levels.unshift(level)
    reorderPoints.unshift(low + last)
    orderUpTo.unshift(upTo)
    later = now
  }
  return { reorderPoints, orderUpTo, costs, levels }
}

/** Of each level after ordering: this period, and what is to come. */
function periodCosts(period: HorizonPeriod, low: number, cells: number, later: Float64Array, demandLow: number, chances: Float64Array): Float64Array {
  const demand = normal(period.mean, period.deviation)
  const certain = (level: number): number => period.holding * Math.max(0, level - period.mean) + period.shortage * Math.max(0, period.mean - level)
  return Float64Array.from({ length: cells }, (_none, cell) => {
    let sum = 0
    for (let one = 0; one < chances.length; one += 1) sum += chances[one]! * later[Math.max(0, cell - demandLow - one)]!
    return (period.deviation > 0 ? levelCost(period, demand, low + cell) : certain(low + cell)) + period.discount * sum
  })
}

/** Of each whole demand: what is nearer to it than to others. */
function chancesOf({ mean, deviation }: HorizonPeriod, low: number, high: number): Float64Array {
  const { below } = normal(mean, deviation)
  return Float64Array.from({ length: high - low + 1 }, (_none, cell) => {
    const demand = low + cell
    if (!(deviation > 0)) return Math.round(mean) === demand ? 1 : 0
    return below(demand + 0.5) - below(demand - 0.5)
  })
}

/** To the nearest whole number; of two as near, the even one. */
function roundEven(x: number): number {
  const down = Math.floor(x)
  if (x - down !== 0.5) return Math.round(x)
  return down % 2 === 0 ? down : down + 1
}

export interface MyopicBounds {
  /** Between which the order-up-to level lies, and between which the reorder point; the upper of these only where fixed costs do not rise too fast. */
  readonly levelLow: number[]
  readonly levelHigh: number[]
  readonly pointLow: number[]
  readonly pointHigh: (number | undefined)[]
}

/**
 * Bounds of each period by its own myopic cost G: the level at which it is least, the one above where it is discount K(t + 1) more, those below where it
 * is K(t) and K(t) - discount K(t + 1) more (A. Veinott, 1966; P. Zipkin, Foundations of Inventory Management, 2000, 9.4).
 */
export function myopicBounds(periods: readonly HorizonPeriod[], end: UnitCosts): MyopicBounds {
  const bounds: MyopicBounds = { levelLow: [], levelHigh: [], pointLow: [], pointHigh: [] }
  for (const [at, period] of periods.entries()) {
    const next = periods[at + 1]
    const isLast = next === undefined
    const costs: MyopicCosts = {
      holding: period.holding + (isLast ? end.holding : 0),
      shortage: period.shortage + (isLast ? end.shortage : 0),
      purchase: period.purchase,
      purchaseNext: next?.purchase ?? 0,
      discount: period.discount,
    }
    const demand = normal(period.mean, period.deviation)
    const { level, cost } = myopic(costs, demand)
    const later = period.discount * (next?.fixedCost ?? 0)
    bounds.levelLow.push(level)
    bounds.levelHigh.push(levelOfMyopicCost(costs, demand, cost + later, false))
    bounds.pointLow.push(levelOfMyopicCost(costs, demand, cost + period.fixedCost, true))
    bounds.pointHigh.push(period.fixedCost >= later ? levelOfMyopicCost(costs, demand, cost + period.fixedCost - later, true) : undefined)
  }
  return bounds
}
