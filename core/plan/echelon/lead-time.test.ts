import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stockOverRandomTime } from './lead-time.ts'
import { bruteForce, network } from './test-networks.ts'
import { placeSafetyStock } from './safety-stock.ts'

const demand = { mean: 10, deviation: 3, z: 2 }

test('a time that is certain needs what the usual model says', () => {
  const { time, stockOf } = stockOverRandomTime({ times: [4, 9], chances: [1, 0] }, demand)
  expect(time).toBe(4)
  for (const netTime of [0, 1, 4, 7]) expect(stockOf(netTime)).toBeCloseTo(6 * Math.sqrt(netTime), 12)
})

test('a random one needs more, by hand', () => {
  const { time, stockOf } = stockOverRandomTime({ times: [2, 4], chances: [0.5, 0.5] }, demand)
  expect(time).toBe(4)
  // 2 or 4 periods: 3 on average, variance 1.
  expect(stockOf(4)).toBeCloseTo(2 * Math.sqrt(3 * 9 + 100), 12)
  // 0 or 1: half a period, variance a quarter.
  expect(stockOf(1)).toBeCloseTo(2 * Math.sqrt(0.5 * 9 + 25), 12)
  expect(stockOf(0)).toBe(0)
})

test('stock never falls with net time, and networks of such stages are solved', () => {
  const random = fc.array(fc.record({ time: fc.integer({ min: 0, max: 5 }), weight: fc.integer({ min: 1, max: 9 }) }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(fc.array(random, { minLength: 3, maxLength: 3 }), (stages) => {
      const made = stages.map((outcomes) => {
        const all = outcomes.reduce((sum, { weight }) => sum + weight, 0)
        return stockOverRandomTime({ times: outcomes.map(({ time }) => time), chances: outcomes.map(({ weight }) => weight / all) }, demand)
      })
      for (const { stockOf } of made) for (let netTime = 1; netTime < 12; netTime += 1) expect(stockOf(netTime)).toBeGreaterThanOrEqual(stockOf(netTime - 1) - 1e-9)
      const line = network(made.map((stage, at) => ({ name: `s${at}`, holdingCost: 1 + at, bound: 0, ...stage })), [['s0', 's1'], ['s0', 's2'], ['s1', 's2']])
      expect(placeSafetyStock(line).cost).toBeCloseTo(bruteForce(line), 6)
    }),
    { numRuns: 60 },
  )
})
