// Service times worth looking at. Where stock is a concave function of net replenishment time, as bound x sqrt(time) is, the cost is concave on the polyhedron of
// service times, so some best solution is a vertex of it: each time is 0, or a least or longest one, plus or minus times of stages, handed along arcs
// (S. Graves and S. Willems 2000; all or nothing, K. Simpson 1958). Whatever else lies between need not be looked at. Scaling all times scales these, and adds none.

import type { Network } from './network.ts'

/** Incoming and outgoing times by stage, ascending. */
export interface Times {
  readonly incoming: Int32Array[]
  readonly outgoing: Int32Array[]
}

export function timesWorthwhile(network: Network): Times {
  return network.stages.every(({ stockOf }) => stockOf === undefined) ? timesOfVertices(network) : allTimes(network)
}

export function allTimes(network: Network): Times {
  const { stages, incomingMin, incomingMax, outgoingMax } = network
  return {
    incoming: stages.map((_, stage) => range(incomingMin[stage]!, incomingMax[stage]!)),
    outgoing: stages.map((_, stage) => range(outgoingMin(network, stage), outgoingMax[stage]!)),
  }
}

const range = (least: number, most: number): Int32Array => Int32Array.from({ length: most - least + 1 }, (_, at) => least + at)

/** A stage that supplies nobody promises as long as it may. */
function outgoingMin({ stages, arcsOut, incomingMin, outgoingMax }: Network, stage: number): number {
  return arcsOut[stage]!.length === 0 ? Math.min(outgoingMax[stage]!, incomingMin[stage]! + stages[stage]!.time) : 0
}

/** Marks, by time, of what has been found; a time found is handed on once. */
interface Found {
  readonly incoming: readonly Uint8Array[]
  readonly outgoing: readonly Uint8Array[]
  /** Stage, 0 incoming or 1 outgoing, time. */
  readonly ahead: number[]
}

function timesOfVertices(network: Network): Times {
  const { stages, incomingMin, incomingMax, outgoingMax } = network
  const found: Found = {
    incoming: stages.map((_, stage) => new Uint8Array(incomingMax[stage]! + 1)),
    outgoing: stages.map((_, stage) => new Uint8Array(outgoingMax[stage]! + 1)),
    ahead: [],
  }
  for (let stage = 0; stage < stages.length; stage += 1) {
    find(found, network, stage, 0, incomingMin[stage]!)
    find(found, network, stage, 1, outgoingMin(network, stage))
    find(found, network, stage, 1, outgoingMax[stage]!)
  }
  while (found.ahead.length > 0) {
    const [time, side, stage] = [found.ahead.pop()!, found.ahead.pop()!, found.ahead.pop()!]
    handOn(found, network, stage, side, time)
  }
  return { incoming: found.incoming.map(marked), outgoing: found.outgoing.map(marked) }
}

function find(found: Found, network: Network, stage: number, side: number, time: number): void {
  const marks = (side === 0 ? found.incoming : found.outgoing)[stage]!
  const least = side === 0 ? network.incomingMin[stage]! : outgoingMin(network, stage)
  if (time < least || time >= marks.length || marks[time] === 1) return
  marks[time] = 1
  found.ahead.push(stage, side, time)
}

function handOn(found: Found, network: Network, stage: number, side: number, time: number): void {
  const { stages, from, to, arcsIn, arcsOut } = network
  if (side === 0) {
    find(found, network, stage, 1, time + stages[stage]!.time)
    for (const arc of arcsIn[stage]!) find(found, network, from[arc]!, 1, time)
  } else {
    find(found, network, stage, 0, time - stages[stage]!.time)
    for (const arc of arcsOut[stage]!) find(found, network, to[arc]!, 0, time)
  }
}

function marked(marks: Uint8Array): Int32Array {
  const times: number[] = []
  for (let time = 0; time < marks.length; time += 1) if (marks[time] === 1) times.push(time)
  return Int32Array.from(times)
}
