// The linear program of arcs, over the service times that prices leave (P. Blaettchen, A. Calmon, G. Hall and M. Tawarmalani; prices.ts solves its dual).
//
//   x(SI, S) of a stage: the chance of those times, sum 1      C(t) = chance of SI <= t      D(t) = chance of S <= t      D of a supplier >= C of whom it supplies, at each t
//
// Its least is a lower bound of every solution. Where it says 0 or 1 everywhere it is the best solution itself; where not, the times that each chance reaches at
// one level can be lived with (D >= C holds level by level), and some level is taken.

import type { Prices } from './prices.ts'

/** Least cost x value over columns between 0 and 1, rows within bounds; the matrix by columns. */
export interface LinearProblem {
  readonly costs: Float64Array
  readonly rowLeast: Float64Array
  readonly rowMost: Float64Array
  /** Where each column starts in `rows` and `values`, and where the last ends. */
  readonly starts: Int32Array
  readonly rows: Int32Array
  readonly values: Float64Array
  /** Columns before this one are whole numbers, where whole ones are asked for. */
  readonly wholeBefore: number
}

export interface LinearSolution {
  /** No solution costs less; -Infinity where time was too short to say. */
  readonly bound: number
  /** By column; undefined where none was found in time. */
  readonly values: Float64Array | undefined
}

/** Somebody who solves linear programs, with whole columns or without; must come back in a limited time. */
export type SolveLinear = (problem: LinearProblem, whole: boolean) => LinearSolution

/** Where things stand in the problem's columns and rows. */
interface Layout {
  /** First column of each stage's pairs, and of its chances C and D; they ascend with time. */
  readonly pairs: Int32Array
  readonly incoming: Int32Array
  readonly outgoing: Int32Array
}

export interface ArcProblem {
  readonly problem: LinearProblem
  readonly layout: Layout
}

/** Pairs of times that may still be, of all stages. */
export function pairsLeft({ network: { stages }, incoming, outgoing }: Prices): number {
  return stages.reduce((sum, _, stage) => sum + incoming[stage]!.length * outgoing[stage]!.length, 0)
}

export function arcProblem(prices: Prices, scale: number): ArcProblem {
  const { network, incoming, outgoing } = prices
  const entries = entriesOf()
  const layout: Layout = {
    pairs: new Int32Array(network.stages.length + 1),
    incoming: new Int32Array(network.stages.length + 1),
    outgoing: new Int32Array(network.stages.length + 1),
  }
  const rowsOfStage = stageRows(prices)
  for (const [stage, rows] of rowsOfStage.entries()) {
    layout.pairs[stage] = entries.costs.length
    eachPair(prices, stage, (cost, at, of) => entries.column(cost * scale, [rows.sum, rows.incoming + at, rows.outgoing + of], [1, 1, 1]))
  }
  const wholeBefore = entries.costs.length
  layout.pairs[network.stages.length] = wholeBefore
  const arcRows = rowsOfArcs(prices, rowsOfStage.at(-1)!.next)
  for (const [stage, rows] of rowsOfStage.entries()) {
    layout.incoming[stage] = entries.costs.length
    incoming[stage]!.forEach((_, at) => {
      const own = at + 1 < incoming[stage]!.length ? [rows.incoming + at, rows.incoming + at + 1] : [rows.incoming + at]
      const inArcs = arcRows.incoming[stage]![at]!
      entries.column(0, [...own, ...inArcs], [-1, ...own.slice(1).map(() => 1), ...inArcs.map(() => -1)])
    })
    layout.outgoing[stage] = entries.costs.length
    outgoing[stage]!.forEach((_, at) => {
      const own = at + 1 < outgoing[stage]!.length ? [rows.outgoing + at, rows.outgoing + at + 1] : [rows.outgoing + at]
      const outArcs = arcRows.outgoing[stage]![at]!
      entries.column(0, [...own, ...outArcs], [-1, ...own.slice(1).map(() => 1), ...outArcs.map(() => 1)])
    })
  }
  const rowLeast = new Float64Array(arcRows.next)
  const rowMost = new Float64Array(arcRows.next).fill(Infinity)
  rowMost.fill(0, 0, rowsOfStage.at(-1)!.next)
  for (const { sum } of rowsOfStage) rowLeast[sum] = rowMost[sum] = 1
  return { problem: { ...entries.done(), rowLeast, rowMost, wholeBefore }, layout }
}

interface StageRows {
  readonly sum: number
  readonly incoming: number
  readonly outgoing: number
  readonly next: number
}

/** A row that pairs sum to 1; rows that C and D are the sums of chances up to each time. */
function stageRows({ network: { stages }, incoming, outgoing }: Prices): readonly StageRows[] {
  let next = 0
  return stages.map((_, stage) => {
    const sum = next
    const first = sum + 1
    const second = first + incoming[stage]!.length
    next = second + outgoing[stage]!.length
    return { sum, incoming: first, outgoing: second, next }
  })
}

/** Rows D >= C: by stage and time, those in which its C, and its D, stands. Where no promise is that short, C must be 0: the row stands without D. */
function rowsOfArcs({ network, incoming, outgoing }: Prices, first: number) {
  const waits = incoming.map((times) => Array.from(times, (): number[] => []))
  const promises = outgoing.map((times) => Array.from(times, (): number[] => []))
  let next = first
  for (let arc = 0; arc < network.from.length; arc += 1) {
    const [supplier, customer] = [network.from[arc]!, network.to[arc]!]
    let reached = -1
    for (let at = 0; at < incoming[customer]!.length; at += 1) {
      while (reached + 1 < outgoing[supplier]!.length && outgoing[supplier]![reached + 1]! <= incoming[customer]![at]!) reached += 1
      waits[customer]![at]!.push(next)
      if (reached >= 0) promises[supplier]![reached]!.push(next)
      next += 1
    }
  }
  return { incoming: waits, outgoing: promises, next }
}

function eachPair({ network, incoming, outgoing }: Prices, stage: number, told: (cost: number, at: number, of: number) => void): void {
  const own = network.stages[stage]!.time
  for (const [at, wait] of incoming[stage]!.entries()) {
    for (const [of, promised] of outgoing[stage]!.entries()) {
      if (promised > wait + own) break
      told(network.costs[stage]![wait + own - promised]!, at, of)
    }
  }
}

function entriesOf() {
  const [costs, starts, rows, values]: [number[], number[], number[], number[]] = [[], [0], [], []]
  return {
    costs,
    column(cost: number, inRows: readonly number[], withValues: readonly number[]): void {
      costs.push(cost)
      for (const row of inRows) rows.push(row)
      for (const value of withValues) values.push(value)
      starts.push(rows.length)
    },
    done: () => ({
      costs: Float64Array.from(costs),
      starts: Int32Array.from(starts),
      rows: Int32Array.from(rows),
      values: Float64Array.from(values),
    }),
  }
}

/** Outgoing times at a level of chance, above 0 and at most 1. */
export function outgoingAt({ network: { stages }, outgoing }: Prices, { layout }: ArcProblem, values: Float64Array, level: number): Int32Array {
  return Int32Array.from(stages, (_, stage) => {
    const times = outgoing[stage]!
    const at = times.findIndex((_time, of) => values[layout.outgoing[stage]! + of]! >= level - LEVEL_TOLERANCE)
    return times[at === -1 ? times.length - 1 : at]!
  })
}

const LEVEL_TOLERANCE = 1e-6
