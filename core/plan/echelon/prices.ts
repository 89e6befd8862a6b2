// Prices of service times on arcs: a lower bound of what safety stock must cost in any network, and what to leave out because it costs more.
//
// The rule "S of a supplier <= SI of whom it supplies" is given up, and a price L(t) per arc, which does not rise with t, put in its place: a supplier that
// promises t is credited L(t), who waits t pays it. Whatever the prices, no service times cost less than
//
//   sum over stages of  min over (SI, S) of  cost(SI + T - S) + sum of L(SI) over arcs in - sum of L(S) over arcs out
//
// as L(SI) <= L(S) wherever S <= SI. It is the dual of the linear program of arcs (P. Blaettchen, A. Calmon, G. Hall, M. Tawarmalani, Guaranteed service in
// general networks). Prices are raised stage by stage, down the network and up again (block coordinate ascent, as sequential message passing of V. Kolmogorov,
// Convergent tree-reweighted message passing, 2006): a stage hands all its min-marginals on, in equal shares, and the bound never falls.
//
// What a stage's best at (SI, S) exceeds its minimum by, the whole exceeds the bound by; beyond a known solution's cost it need not be looked at again.

import type { Network } from './network.ts'
import { timesWorthwhile, type Times } from './worthwhile.ts'

export interface Prices extends Times {
  readonly network: Network
  /** L by arc and time, 0 to the supplier's longest outgoing time; the last holds beyond it. */
  readonly byArc: readonly Float64Array[]
  readonly scratch: Scratch
}

/** What is paid, credited and least at the stage in hand, by time. */
interface Scratch {
  readonly paid: Float64Array
  readonly credited: Float64Array
  readonly marginal: Float64Array
}

/** All prices 0: every stage for itself. */
export function pricesOf(network: Network): Prices {
  const { stages, from, incomingMax, outgoingMax } = network
  const length = stages.reduce((most, _, stage) => Math.max(most, incomingMax[stage]!, outgoingMax[stage]!), 0) + 1
  return {
    network,
    byArc: Array.from(from, (stage) => new Float64Array(outgoingMax[stage]! + 1)),
    ...timesWorthwhile(network),
    scratch: { paid: new Float64Array(length), credited: new Float64Array(length), marginal: new Float64Array(length) },
  }
}

/** The bound by the prices as they are. Rounding is below 1e-12 of it. */
export function boundOfPrices(prices: Prices): number {
  let bound = 0
  for (let stage = 0; stage < prices.network.stages.length; stage += 1) {
    settle(prices, stage)
    bound += marginalsOut(prices, stage)
  }
  return bound
}

/** One pass down the network; `seen` is told each stage once its suppliers' prices are settled. */
export function ascendDown(prices: Prices, seen?: (stage: number) => void): void {
  const { network, byArc, outgoing, scratch } = prices
  for (let stage = 0; stage < network.stages.length; stage += 1) {
    settle(prices, stage)
    const least = marginalsOut(prices, stage)
    seen?.(stage)
    const arcs = network.arcsOut[stage]!
    if (arcs.length === 0) continue
    for (const arc of arcs) raise(byArc[arc]!, outgoing[stage]!, scratch.marginal, least, 1 / arcs.length)
  }
}

/** One pass up the network. */
export function ascendUp(prices: Prices, seen?: (stage: number) => void): void {
  const { network, byArc, incoming, scratch } = prices
  for (let stage = network.stages.length - 1; stage >= 0; stage -= 1) {
    settle(prices, stage)
    const least = marginalsIn(prices, stage)
    seen?.(stage)
    const arcs = network.arcsIn[stage]!
    if (arcs.length === 0) continue
    for (const arc of arcs) lower(byArc[arc]!, incoming[stage]!, scratch.marginal, least, 1 / arcs.length)
  }
}

/** Sums what is paid and credited at a stage, by time. */
function settle({ network, byArc, incoming, outgoing, scratch }: Prices, stage: number): void {
  const [paid, credited] = [scratch.paid, scratch.credited]
  const [waits, promises] = [incoming[stage]!, outgoing[stage]!]
  for (let at = 0; at < waits.length; at += 1) paid[waits[at]!] = 0
  for (let at = 0; at < promises.length; at += 1) credited[promises[at]!] = 0
  for (const arc of network.arcsIn[stage]!) {
    const prices = byArc[arc]!
    const last = prices.length - 1
    for (let at = 0; at < waits.length; at += 1) {
      const time = waits[at]!
      paid[time]! += prices[time > last ? last : time]!
    }
  }
  for (const arc of network.arcsOut[stage]!) {
    const prices = byArc[arc]!
    for (let at = 0; at < promises.length; at += 1) credited[promises[at]!]! += prices[promises[at]!]!
  }
}

/** Min-marginals by outgoing time into `scratch.marginal`; returns their least. */
function marginalsOut({ network, incoming, outgoing, scratch }: Prices, stage: number): number {
  const { paid, credited, marginal } = scratch
  const [waits, promises] = [incoming[stage]!, outgoing[stage]!]
  const costs = network.costs[stage]!
  const own = network.stages[stage]!.time
  let least = Infinity
  for (let at = 0; at < promises.length; at += 1) {
    const promised = promises[at]!
    const offset = own - promised
    let best = Infinity
    for (let of = waits.length - 1; of >= 0; of -= 1) {
      const wait = waits[of]!
      const netTime = wait + offset
      if (netTime < 0) break
      const cost = paid[wait]! + costs[netTime]!
      if (cost < best) best = cost
    }
    best -= credited[promised]!
    marginal[promised] = best
    if (best < least) least = best
  }
  return least
}

/** Min-marginals by incoming time into `scratch.marginal`; returns their least. */
function marginalsIn({ network, incoming, outgoing, scratch }: Prices, stage: number): number {
  const { paid, credited, marginal } = scratch
  const [waits, promises] = [incoming[stage]!, outgoing[stage]!]
  const costs = network.costs[stage]!
  const own = network.stages[stage]!.time
  let least = Infinity
  for (let at = 0; at < waits.length; at += 1) {
    const reach = waits[at]! + own
    let best = Infinity
    for (let of = 0; of < promises.length; of += 1) {
      const promised = promises[of]!
      if (promised > reach) break
      const cost = costs[reach - promised]! - credited[promised]!
      if (cost < best) best = cost
    }
    best += paid[waits[at]!]!
    marginal[waits[at]!] = best
    if (best < least) least = best
  }
  return least
}

/** Raises an arc's price by a share of what promising costs above the least; kept from rising with time. Before the first time that is left it does not matter. */
function raise(prices: Float64Array, times: Int32Array, marginal: Float64Array, least: number, share: number): void {
  let lowest = prices[times[0]!]! + share * (marginal[times[0]!]! - least)
  let next = 0
  for (let time = 0; time < prices.length; time += 1) {
    if (next < times.length && times[next] === time) {
      lowest = Math.min(lowest, prices[time]! + share * (marginal[time]! - least))
      next += 1
    }
    prices[time] = lowest
  }
}

/** Lowers an arc's price by a share of what waiting costs above the least; kept from rising with time. After the last time that is left it does not matter. */
function lower(prices: Float64Array, times: Int32Array, marginal: Float64Array, least: number, share: number): void {
  const last = prices.length - 1
  let next = times.length - 1
  let highest = prices[Math.min(times[next]!, last)]! - share * (marginal[times[next]!]! - least)
  for (let time = last; time >= 0; time -= 1) {
    while (next >= 0 && times[next]! >= time) {
      highest = Math.max(highest, prices[Math.min(times[next]!, last)]! - share * (marginal[times[next]!]! - least))
      next -= 1
    }
    prices[time] = highest
  }
}

/** Leaves out service times with which a whole would cost more than `room` above the bound, and what they leave impossible. Returns how many are left. */
export function narrow(prices: Prices, room: number): number {
  const { network, incoming, outgoing, scratch } = prices
  const count = network.stages.length
  for (let stage = 0; stage < count; stage += 1) {
    settle(prices, stage)
    const least = marginalsOut(prices, stage)
    outgoing[stage] = outgoing[stage]!.filter((time) => scratch.marginal[time]! - least <= room)
    marginalsIn(prices, stage)
    incoming[stage] = incoming[stage]!.filter((time) => scratch.marginal[time]! - least <= room)
  }
  let left = 0
  for (let stage = 0; stage < count; stage += 1) {
    const first = network.arcsIn[stage]!.reduce((most, arc) => Math.max(most, outgoing[network.from[arc]!]![0]!), 0)
    if (incoming[stage]![0]! < first) incoming[stage] = incoming[stage]!.filter((time) => time >= first)
  }
  for (let stage = count - 1; stage >= 0; stage -= 1) {
    const last = network.arcsOut[stage]!.reduce((least, arc) => Math.min(least, incoming[network.to[arc]!]!.at(-1)!), Infinity)
    if (outgoing[stage]!.at(-1)! > last) outgoing[stage] = outgoing[stage]!.filter((time) => time <= last)
    left += incoming[stage]!.length * outgoing[stage]!.length
  }
  return left
}
