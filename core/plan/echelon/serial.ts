// Serial systems whose stock runs out by chance: echelon base-stock levels that cost least (A. Clark and H. Scarf, Optimal policies for a multi-echelon inventory
// problem, 1960; F. Chen and Y.-S. Zheng 1994; L. Snyder and Z.-J. Shen, Fundamentals of supply chain theory, section 6.2). Stage 1 serves customers, N is furthest.
//
//   C_0(x) = (p + h_1 + .. + h_N) max(-x, 0)
//   C^_j(x) = h_j x + C_(j-1)(x)          C_j(y) = E C^_j(y - D_j)          S_j = argmin C_j          C_j(x) = C_j(min(S_j, x)) for the next
//
// h echelon holding costs, p the cost of a unit short, each for a period; D_j demand over the lead time of stage j. Levels and demand stand on a grid: whole numbers
// where demand is whole, else so many steps. Below the grid C^ is the line it tends to.

import { demandOver, type Demand, type LeadTimeDemand } from './lead-time-demand.ts'

export interface SerialStage {
  /** What holding here costs more than at the supplier, for a unit and period. */
  readonly echelonHoldingCost: number
  readonly leadTime: number
}

export interface SerialGrid {
  /** Steps of levels, and of demand over one lead time; where demand is whole they are not asked. */
  readonly levels: number
  readonly demands: number
  /** Tails that are cut off: of one lead time, and of all together. */
  readonly lowerTail: number
  readonly upperTail: number
  readonly lowerTailOfAll: number
  readonly upperTailOfAll: number
}

const FOUR_DEVIATIONS = 3.167124183311998e-5
const EIGHT_DEVIATIONS = 6.661338147750939e-16

export const USUAL_GRID: SerialGrid = {
  levels: 1_000,
  demands: 100,
  lowerTail: FOUR_DEVIATIONS,
  upperTail: FOUR_DEVIATIONS,
  lowerTailOfAll: FOUR_DEVIATIONS,
  upperTailOfAll: EIGHT_DEVIATIONS,
}

export interface SerialPolicy {
  /** Echelon base-stock levels, of stage 1 first. */
  readonly levels: Float64Array
  /** Expected, a period. */
  readonly cost: number
}

export type SerialRefusal = { readonly refused: 'a negative amount' | 'demand over such a lead time' | 'no stage' }

interface Steps {
  readonly first: number
  readonly step: number
  readonly count: number
}

/** Stages from customers upwards. Levels that are given are only reckoned with. */
export function serialPolicy(
  stages: readonly SerialStage[],
  shortageCost: number,
  demand: Demand,
  grid: SerialGrid = USUAL_GRID,
  given?: readonly number[],
): SerialPolicy | SerialRefusal {
  if (stages.length === 0) return { refused: 'no stage' }
  if (![shortageCost, ...stages.flatMap(({ echelonHoldingCost, leadTime }) => [echelonHoldingCost, leadTime])].every((amount) => amount >= 0)) {
    return { refused: 'a negative amount' }
  }
  const all = demandOver(demand, sumOf(stages.map(({ leadTime }) => leadTime)))
  const each = stages.map(({ leadTime }) => demandOver(demand, leadTime))
  if (all === undefined || each.includes(undefined)) return { refused: 'demand over such a lead time' }
  const [lowest, highest] = endsOf(all, grid.lowerTailOfAll, grid.upperTailOfAll)
  const levels = stepsBetween(all.isWhole, lowest - highest, Math.max(highest, ...(given ?? [])), grid.levels)
  return recursion(stages, shortageCost, each as LeadTimeDemand[], levels, grid, given)
}

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0)

/** Where demand has an end of its own, that; else where a tail is cut off. */
function endsOf({ least, most, quantile }: LeadTimeDemand, lowerTail: number, upperTail: number): readonly [number, number] {
  return [least === -Infinity ? quantile(lowerTail) : least, most === Infinity ? quantile(1 - upperTail) : most]
}

function stepsBetween(isWhole: boolean, low: number, high: number, steps: number): Steps {
  if (isWhole) return { first: Math.round(low), step: 1, count: Math.round(high - low) + 1 }
  return high > low ? { first: low, step: (high - low) / steps, count: steps + 1 } : { first: low, step: 1, count: 1 }
}

const at = ({ first, step }: Steps, index: number): number => first + index * step

/** Steps to the nearest, the upper of two. */
const stepsTo = ({ first, step }: Steps, value: number): number => Math.floor((value - first) / step + 0.5)
/** The same on the grid, whose ends hold beyond them. */
const nearest = (steps: Steps, value: number): number => Math.min(steps.count - 1, Math.max(0, stepsTo(steps, value)))

function recursion(
  stages: readonly SerialStage[],
  shortageCost: number,
  each: readonly LeadTimeDemand[],
  levels: Steps,
  grid: SerialGrid,
  given: readonly number[] | undefined,
): SerialPolicy {
  const dear = shortageCost + sumOf(stages.map(({ echelonHoldingCost }) => echelonHoldingCost))
  let induced = Float64Array.from({ length: levels.count }, (_, index) => dear * Math.max(-at(levels, index), 0))
  const best = new Float64Array(stages.length)
  let cost = 0
  for (const [stage, { echelonHoldingCost }] of stages.entries()) {
    const before = induced.map((more, index) => echelonHoldingCost * at(levels, index) + more)
    const line = lineBelow(stages, each, stage, dear)
    const costAt = (level: number): number => (level < levels.first ? line(at(levels, stepsTo(levels, level))) : before[nearest(levels, level)]!)
    const expected = expectedCosts(levels, each[stage]!, grid, costAt)
    const chosen = given === undefined ? leastAt(expected) : nearest(levels, given[stage]!)
    best[stage] = given === undefined ? at(levels, chosen) : given[stage]!
    cost = expected[chosen]!
    induced = expected.map((_, index) => expected[Math.min(index, chosen)]!)
  }
  return { levels: best, cost }
}

/** What C^ of a stage tends to far below: every stage nearer to customers is as short. */
function lineBelow(stages: readonly SerialStage[], each: readonly LeadTimeDemand[], stage: number, dear: number): (level: number) => number {
  const meanFrom = (first: number): number => sumOf(each.slice(first, stage).map(({ mean }) => mean))
  const slope = sumOf(stages.slice(0, stage + 1).map(({ echelonHoldingCost }) => echelonHoldingCost)) - dear
  const offset = dear * meanFrom(0) - sumOf(stages.slice(0, stage + 1).map(({ echelonHoldingCost }, of) => echelonHoldingCost * meanFrom(of)))
  return (level) => slope * level + offset
}

function expectedCosts(levels: Steps, demand: LeadTimeDemand, grid: SerialGrid, costAt: (level: number) => number): Float64Array<ArrayBuffer> {
  const [lowest, highest] = endsOf(demand, grid.lowerTail, grid.upperTail).map((end) => Math.max(0, end)) as [number, number]
  const demands = stepsBetween(demand.isWhole, lowest, highest, grid.demands)
  const last = demands.count - 1
  // What lies beyond the ends is counted at them, so that no chance is lost.
  const belowStep = (index: number): number => (index < 0 ? 0 : index === last ? 1 : demand.below(at(demands, index) + demands.step / 2))
  const chances = Float64Array.from({ length: demands.count }, (_, index) => belowStep(index) - belowStep(index - 1))
  return Float64Array.from({ length: levels.count }, (_, index) => {
    const level = at(levels, index)
    return chances.reduce((sum, chance, of) => sum + chance * costAt(level - at(demands, of)), 0)
  })
}

function leastAt(costs: Float64Array): number {
  let best = 0
  for (let index = 1; index < costs.length; index += 1) if (costs[index]! < costs[best]!) best = index
  return best
}

/** Echelon levels of local ones: a stage's own, and those of all between it and customers. */
export function echelonOfLocal(local: readonly number[]): number[] {
  let sum = 0
  return local.map((level) => (sum += level))
}
