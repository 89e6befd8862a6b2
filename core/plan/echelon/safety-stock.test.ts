import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linearSolver } from '../../../server/linear-program.ts'
import { chanceOf } from '../../rng.ts'
import { costOfServiceTimes, networkOf, type Network } from './network.ts'
import { ascendDown, ascendUp, boundOfPrices, pricesOf } from './prices.ts'
import { placeSafetyStock } from './safety-stock.ts'
import { anyNetwork, bruteForce, tree } from './test-networks.ts'
import { placeInTree } from './tree.ts'
import { allTimes } from './worthwhile.ts'

const solve = await linearSolver(20)

/** Of so many stages, each pair joined with a chance. */
function madeUp(seed: number, count: number, joined: number): Network {
  const chance = chanceOf(seed)
  const names = Array.from({ length: count }, (_, at) => `s${at}`)
  const arcs = names.flatMap((from, at) => names.slice(at + 1).flatMap((to) => (chance.fraction() < joined ? [{ from, to }] : [])))
  const made = networkOf(names.map((name) => ({ name, time: chance.below(11), holdingCost: 1 + chance.below(20), bound: 1 + chance.below(10) })), arcs)
  if ('refused' in made) throw new Error(made.refused)
  return made
}

describe('safety stock in any network', () => {
  test('costs what the best of all choices costs, and is proven to', () => {
    fc.assert(
      fc.property(anyNetwork, (any) => {
        const { cost, bound, outgoing, isProven } = placeSafetyStock(any, { solve })
        const best = bruteForce(any)
        expect(isProven).toBe(true)
        expect(cost).toBeCloseTo(best, 6)
        expect(bound).toBeLessThanOrEqual(best * (1 + 1e-9))
        expect(costOfServiceTimes(any, outgoing)).toBe(cost)
      }),
      { numRuns: 200 },
    )
  })

  test('is in trees that of the dynamic program, by prices alone', () => {
    fc.assert(
      fc.property(tree, (any) => {
        const exact = placeInTree(any)
        const { cost, isProven, method } = placeSafetyStock(any)
        expect(exact).toMatchObject({ cost: expect.closeTo(cost, 6) })
        expect({ isProven, method }).toEqual({ isProven: true, method: 'prices' })
      }),
      { numRuns: 200 },
    )
  })

  test('does not depend on how finely time is told', () => {
    const coarse = madeUp(3, 40, 0.1)
    const fine = networkOf(
      coarse.stages.map((stage) => ({ ...stage, time: stage.time * 24, bound: stage.bound / Math.sqrt(24) })),
      Array.from(coarse.from, (from, arc) => ({ from: coarse.stages[from]!.name, to: coarse.stages[coarse.to[arc]!]!.name })),
    )
    if ('refused' in fine) throw new Error(fine.refused)
    expect(placeSafetyStock(fine).cost).toBeCloseTo(placeSafetyStock(coarse).cost, 6)
    expect(pricesOf(fine).incoming.map((times) => times.length)).toEqual(pricesOf(coarse).incoming.map((times) => times.length))
  })

  test('that prices leave open the linear program closes, and whole numbers where that is fractional', () => {
    const open = madeUp(102, 40, 0.1)
    const some = [madeUp(120, 20, 0.2), madeUp(44, 24, 0.25), open].map((any) => ({ alone: placeSafetyStock(any, { passesMax: 300 }), solved: placeSafetyStock(any, { solve }) }))
    for (const { alone, solved } of some) {
      expect(solved.cost).toBeLessThanOrEqual(alone.cost * (1 + 1e-9))
      expect(solved.bound).toBeGreaterThanOrEqual(alone.bound * (1 - 1e-9))
      expect(alone.bound).toBeLessThanOrEqual(solved.cost)
    }
    expect(some.some(({ alone, solved }) => !alone.isProven && solved.isProven && solved.method !== 'prices')).toBe(true)
  })

  test('is had at once where there is no time, with a bound that says how good', () => {
    const { cost, bound, gap, passes } = placeSafetyStock(madeUp(5, 30, 0.2), { mayGoOn: () => false })
    expect({ bound, gap, passes }).toEqual({ bound: -Infinity, gap: Infinity, passes: 0 })
    expect(cost).toBeGreaterThan(0)
  })
})

test('prices never lower their bound', () => {
  fc.assert(
    fc.property(anyNetwork, (any) => {
      const prices = pricesOf(any)
      let before = boundOfPrices(prices)
      for (let pass = 0; pass < 5; pass += 1) {
        for (const ascend of [ascendDown, ascendUp]) {
          ascend(prices)
          const bound = boundOfPrices(prices)
          expect(bound).toBeGreaterThanOrEqual(before - 1e-9)
          before = bound
        }
      }
      expect(before).toBeLessThanOrEqual(bruteForce(any) + 1e-9)
    }),
    { numRuns: 100 },
  )
})

test('the times worth looking at are among all', () => {
  fc.assert(
    fc.property(anyNetwork, (any) => {
      const [some, all] = [pricesOf(any), allTimes(any)]
      for (const side of ['incoming', 'outgoing'] as const) {
        some[side].forEach((times, stage) => expect(new Set(all[side][stage]).isSupersetOf(new Set(times))).toBe(true))
      }
    }),
  )
})
