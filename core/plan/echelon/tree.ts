// Safety stock in a tree, whichever way its arcs point: exact, by dynamic programming (S. Graves and S. Willems, Optimizing strategic safety stock placement in
// supply chains, M&SOM 2(1) 2000; K. Simpson 1958 where the tree is a line). O(n M^2) for n stages and M service times.
//
//   g(SI, S) = cost(SI + T - S) + sum over suppliers below of min over S' <= SI of their least + sum over customers below of min over SI' >= S of their least
//
// Stages are taken from the leaves to a root, which is the last; several trees are several roots.

import { costOfServiceTimes, incomingOf, keptPromises, type Network, type ServiceTimes } from './network.ts'
import { timesWorthwhile, type Times } from './worthwhile.ts'

export interface TreePlacement extends ServiceTimes {
  readonly cost: number
}

export type TreeRefusal = { readonly refused: 'not a tree'; readonly stage: string }

/** Each stage's neighbour on the way to its root, by the arc between; -1 for a root. */
interface Rooted {
  readonly order: readonly number[]
  readonly arcUp: Int32Array
}

/** What lies below a stage costs at least, by its time towards its root: the choice it is had with. */
interface Below {
  /** By position in the times of the stage at the other end of the arc. */
  readonly least: Float64Array
  readonly incoming: Int32Array
  readonly outgoing: Int32Array
}

export function placeInTree(network: Network): TreePlacement | TreeRefusal {
  const rooted = rootedOf(network)
  if ('refused' in rooted) return rooted
  const times = timesWorthwhile(network)
  const below: (Below | undefined)[] = network.stages.map(() => undefined)
  for (let at = rooted.order.length - 1; at >= 0; at -= 1) {
    const stage = rooted.order[at]!
    below[stage] = belowOf(network, times, rooted, below, stage)
  }
  const outgoing = new Int32Array(network.stages.length)
  const incoming = new Int32Array(network.stages.length)
  for (const stage of rooted.order) {
    const arc = rooted.arcUp[stage]!
    const parent = arc < 0 ? -1 : otherEnd(network, arc, stage)
    const isSupplier = arc >= 0 && network.from[arc] === stage
    const at = parent < 0 ? 0 : isSupplier ? times.incoming[parent]!.indexOf(incoming[parent]!) : times.outgoing[parent]!.indexOf(outgoing[parent]!)
    incoming[stage] = below[stage]!.incoming[at]!
    outgoing[stage] = below[stage]!.outgoing[at]!
  }
  const kept = keptPromises(network, outgoing)
  return { outgoing: kept, incoming: incomingOf(network, kept), cost: costOfServiceTimes(network, kept) }
}

const otherEnd = ({ from, to }: Network, arc: number, stage: number): number => (from[arc] === stage ? to[arc]! : from[arc]!)

/** From roots outwards, each stage after the one that leads to its root. */
function rootedOf(network: Network): Rooted | TreeRefusal {
  const count = network.stages.length
  const arcUp = new Int32Array(count).fill(-1)
  const isSeen = new Uint8Array(count)
  const order: number[] = []
  for (let root = count - 1; root >= 0; root -= 1) {
    if (isSeen[root] === 1) continue
    isSeen[root] = 1
    order.push(root)
    for (let at = order.length - 1; at < order.length; at += 1) {
      const stage = order[at]!
      for (const arc of [...network.arcsIn[stage]!, ...network.arcsOut[stage]!]) {
        if (arc === arcUp[stage]) continue
        const next = otherEnd(network, arc, stage)
        if (isSeen[next] === 1) return { refused: 'not a tree', stage: network.stages[next]!.name }
        isSeen[next] = 1
        arcUp[next] = arc
        order.push(next)
      }
    }
  }
  return { order, arcUp }
}

function belowOf(network: Network, times: Times, { arcUp }: Rooted, below: readonly (Below | undefined)[], stage: number): Below {
  const [waits, promises] = [times.incoming[stage]!, times.outgoing[stage]!]
  const suppliers = new Float64Array(waits.length)
  const customers = new Float64Array(promises.length)
  for (const arc of network.arcsIn[stage]!) if (arc !== arcUp[stage]) add(suppliers, below[network.from[arc]!]!.least)
  for (const arc of network.arcsOut[stage]!) if (arc !== arcUp[stage]) add(customers, below[network.to[arc]!]!.least)
  const up = arcUp[stage]!
  const isSupplier = up >= 0 && network.from[up] === stage
  const wanted = up < 0 ? undefined : isSupplier ? times.incoming[network.to[up]!]! : times.outgoing[network.from[up]!]!
  const best = bestBy(network, stage, times, suppliers, customers, isSupplier)
  return wanted === undefined ? leastOf(best) : carried(best, isSupplier ? promises : waits, wanted, isSupplier)
}

function add(sum: Float64Array, more: Float64Array): void {
  for (let at = 0; at < sum.length; at += 1) sum[at]! += more[at]!
}

/** The least by outgoing time, or by incoming, with the pair it is had with. */
function bestBy(network: Network, stage: number, times: Times, suppliers: Float64Array, customers: Float64Array, byOutgoing: boolean): Below {
  const [waits, promises] = [times.incoming[stage]!, times.outgoing[stage]!]
  const [costs, own] = [network.costs[stage]!, network.stages[stage]!.time]
  const length = byOutgoing ? promises.length : waits.length
  const best: Below = { least: new Float64Array(length).fill(Infinity), incoming: new Int32Array(length), outgoing: new Int32Array(length) }
  for (let at = 0; at < waits.length; at += 1) {
    const reach = waits[at]! + own
    for (let of = 0; of < promises.length && promises[of]! <= reach; of += 1) {
      const cost = costs[reach - promises[of]!]! + suppliers[at]! + customers[of]!
      const key = byOutgoing ? of : at
      if (cost < best.least[key]!) {
        best.least[key] = cost
        best.incoming[key] = waits[at]!
        best.outgoing[key] = promises[of]!
      }
    }
  }
  return best
}

/** A root's least, whatever its times. */
function leastOf({ least, incoming, outgoing }: Below): Below {
  const at = least.indexOf(least.reduce((lowest, cost) => Math.min(lowest, cost), Infinity))
  return { least: least.slice(at, at + 1), incoming: incoming.slice(at, at + 1), outgoing: outgoing.slice(at, at + 1) }
}

/** By the neighbour's times: a supplier promises at most what its customer waits, a customer waits at least what its supplier promises. */
function carried(best: Below, own: Int32Array, wanted: Int32Array, isSupplier: boolean): Below {
  const carriedOn: Below = {
    least: new Float64Array(wanted.length).fill(Infinity),
    incoming: new Int32Array(wanted.length),
    outgoing: new Int32Array(wanted.length),
  }
  const step = isSupplier ? 1 : -1
  let from = isSupplier ? 0 : own.length - 1
  let chosen = -1
  for (let at = isSupplier ? 0 : wanted.length - 1; at >= 0 && at < wanted.length; at += step) {
    while (from >= 0 && from < own.length && (isSupplier ? own[from]! <= wanted[at]! : own[from]! >= wanted[at]!)) {
      if (chosen < 0 || best.least[from]! < best.least[chosen]!) chosen = from
      from += step
    }
    if (chosen < 0) continue
    carriedOn.least[at] = best.least[chosen]!
    carriedOn.incoming[at] = best.incoming[chosen]!
    carriedOn.outgoing[at] = best.outgoing[chosen]!
  }
  return carriedOn
}
