// Small networks for tests, and their best by looking at every choice.

import fc from 'fast-check'
import { costOfServiceTimes, networkOf, type Arc, type Network, type Stage } from './network.ts'

export function network(stages: readonly Stage[], arcs: readonly (readonly [string, string])[]): Network {
  const made = networkOf(
    stages,
    arcs.map(([from, to]) => ({ from, to })),
  )
  if ('refused' in made) throw new Error(`${made.refused}: ${made.stage}`)
  return made
}

/** The least cost over all whole outgoing service times. */
export function bruteForce(of: Network): number {
  const outgoing = new Int32Array(of.stages.length)
  let best = Infinity
  const choose = (stage: number): void => {
    if (stage === outgoing.length) {
      best = Math.min(best, costOfServiceTimes(of, outgoing))
      return
    }
    for (let time = 0; time <= of.outgoingMax[stage]!; time += 1) {
      outgoing[stage] = time
      choose(stage + 1)
    }
  }
  choose(0)
  return best
}

const stage = fc.record({
  time: fc.integer({ min: 0, max: 3 }),
  holdingCost: fc.integer({ min: 0, max: 20 }),
  bound: fc.integer({ min: 0, max: 10 }),
  incomingMin: fc.integer({ min: 0, max: 2 }),
  ends: fc.integer({ min: 0, max: 3 }),
})

type Made = readonly { time: number; holdingCost: number; bound: number; incomingMin: number; ends: number }[]

function networkFrom(made: Made, arcs: readonly Arc[]): Network {
  const suppliers = new Set(arcs.map(({ from }) => from))
  const stages = made.map(({ ends, ...rest }, at) => ({ name: `s${at}`, ...rest, ...(suppliers.has(`s${at}`) ? {} : { outgoingMax: ends }) }))
  return network(
    stages,
    arcs.map(({ from, to }) => [from, to] as const),
  )
}

/** Any tree: each stage hangs on one before it, as its supplier or as its customer. */
export const tree: fc.Arbitrary<Network> = fc
  .array(fc.record({ stage, parent: fc.nat(), isSupplier: fc.boolean() }), { minLength: 1, maxLength: 5 })
  .map((hung) =>
    networkFrom(
      hung.map((one) => one.stage),
      hung.slice(1).map(({ parent, isSupplier }, at) => {
        const [own, other] = [`s${at + 1}`, `s${parent % (at + 1)}`]
        return isSupplier ? { from: own, to: other } : { from: other, to: own }
      }),
    ),
  )

/** Any network without a circle. */
export const anyNetwork: fc.Arbitrary<Network> = fc
  .record({ stages: fc.array(stage, { minLength: 1, maxLength: 5 }), isArc: fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }) })
  .map(({ stages, isArc }) => {
    const arcs: Arc[] = []
    let next = 0
    for (let to = 1; to < stages.length; to += 1)
      for (let from = 0; from < to; from += 1) if (isArc[next++]) arcs.push({ from: `s${from}`, to: `s${to}` })
    return networkFrom(stages, arcs)
  })
