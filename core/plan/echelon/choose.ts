// Service times that can be lived with, chosen by prices: stages one after the other take what is cheapest for them among what those before leave, going down
// the network (no shorter than what suppliers were given) or up it (no longer than customers wait). Then whatever costs nobody anything is taken.

import { costOfServiceTimes, incomingOf, keptPromises, type Network } from './network.ts'
import type { Prices } from './prices.ts'

export interface Choice {
  readonly incoming: Int32Array
  readonly outgoing: Int32Array
}

export const choiceOf = ({ network: { stages } }: Prices): Choice => ({
  incoming: new Int32Array(stages.length),
  outgoing: new Int32Array(stages.length),
})

/** While going down: the stage's cheapest, waiting at least for its suppliers. */
export function chooseDown({ network, incoming, outgoing, scratch }: Prices, choice: Choice, stage: number): void {
  let least = network.incomingMin[stage]!
  for (const arc of network.arcsIn[stage]!) least = Math.max(least, choice.outgoing[network.from[arc]!]!)
  choose(network, stage, incoming[stage]!, outgoing[stage]!, scratch, least, Infinity, choice)
}

/** While going up: the stage's cheapest, promising no more than its customers wait. */
export function chooseUp({ network, incoming, outgoing, scratch }: Prices, choice: Choice, stage: number): void {
  let most = Infinity
  for (const arc of network.arcsOut[stage]!) most = Math.min(most, choice.incoming[network.to[arc]!]!)
  choose(network, stage, incoming[stage]!, outgoing[stage]!, scratch, 0, most, choice)
}

function choose(
  network: Network,
  stage: number,
  waits: Int32Array,
  promises: Int32Array,
  { paid, credited }: Prices['scratch'],
  incomingLeast: number,
  outgoingMost: number,
  choice: Choice,
): void {
  const costs = network.costs[stage]!
  const own = network.stages[stage]!.time
  let [best, incoming, outgoing] = [Infinity, network.incomingMax[stage]!, 0]
  for (const wait of waits) {
    if (wait < incomingLeast) continue
    for (const promised of promises) {
      if (promised > outgoingMost || promised > wait + own) break
      const cost = paid[wait]! + costs[wait + own - promised]! - credited[promised]!
      if (cost < best) [best, incoming, outgoing] = [cost, wait, promised]
    }
  }
  choice.incoming[stage] = incoming
  choice.outgoing[stage] = outgoing
}

const POLISHES_MAX = 50

/** Makes promises longer as long as nobody waits longer for it; returns the cost. */
export function polish(network: Network, outgoing: Int32Array): number {
  outgoing.set(keptPromises(network, outgoing))
  const { stages, arcsOut, to, outgoingMax } = network
  for (let round = 0; round < POLISHES_MAX; round += 1) {
    const incoming = incomingOf(network, outgoing)
    let isChanged = false
    for (let stage = 0; stage < stages.length; stage += 1) {
      let most = Math.min(outgoingMax[stage]!, incoming[stage]! + stages[stage]!.time)
      for (const arc of arcsOut[stage]!) most = Math.min(most, incoming[to[arc]!]!)
      if (outgoing[stage] !== most) {
        outgoing[stage] = most
        isChanged = true
      }
    }
    if (!isChanged) break
  }
  return costOfServiceTimes(network, outgoing)
}
