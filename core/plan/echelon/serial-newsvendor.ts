// Base-stock levels of a serial system without a recursion: each stage as a newsvendor over the lead times from it to customers, with a cost of holding that is too
// small, or too large (K. Shang and J.-S. Song, Newsvendor bounds and heuristic for optimal policies in serial supply chains, Management Science 49(5) 2003).
//
//   F(S_j) between (p + sum of h_i, i > j) / (p + sum of all h)  and  (p + sum of h_i, i > j) / (p + sum of h_i, i >= j)
//
// F is of demand over the lead times of stages 1 to j. The best levels lie between; their middle is near them.

import { demandOver, type Demand } from './lead-time-demand.ts'
import type { SerialRefusal, SerialStage } from './serial.ts'

export interface NewsvendorBounds {
  /** Echelon levels, of stage 1 first. */
  readonly lower: Float64Array
  readonly upper: Float64Array
}

/** Stages from customers upwards. */
export function newsvendorBounds(stages: readonly SerialStage[], shortageCost: number, demand: Demand): NewsvendorBounds | SerialRefusal {
  const lower = new Float64Array(stages.length)
  const upper = new Float64Array(stages.length)
  const sumFrom = (first: number): number => stages.slice(first).reduce((sum, { echelonHoldingCost }) => sum + echelonHoldingCost, 0)
  let time = 0
  for (const [stage, { echelonHoldingCost, leadTime }] of stages.entries()) {
    if (!(echelonHoldingCost >= 0 && leadTime >= 0 && shortageCost >= 0)) return { refused: 'a negative amount' }
    time += leadTime
    const over = demandOver(demand, time)
    if (over === undefined) return { refused: 'demand over such a lead time' }
    const short = shortageCost + sumFrom(stage + 1)
    lower[stage] = over.quantile(short / (shortageCost + sumFrom(0)))
    upper[stage] = over.quantile(short / (shortageCost + sumFrom(stage)))
  }
  return { lower, upper }
}

export type Rounding = 'up' | 'down' | 'nearest'

/** The lower bound with a weight, the upper with what is left of 1. */
export function newsvendorLevels({ lower, upper }: NewsvendorBounds, weight = 0.5, rounding?: Rounding): Float64Array {
  const round = { up: Math.ceil, down: Math.floor, nearest: Math.round }
  return lower.map((low, stage) => {
    const level = weight * low + (1 - weight) * upper[stage]!
    return rounding === undefined ? level : round[rounding](level)
  })
}
