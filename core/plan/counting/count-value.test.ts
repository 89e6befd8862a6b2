import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unitsWanted } from '../filter/demand.ts'
import { countValue, coverCosts, orderFor, regret } from './count-value.ts'

const CELLS = 80
const costs = coverCosts(unitsWanted(4, 1.5, CELLS), 40, 1)
const sure = (units: number) => ({ low: units, step: 1, chances: [1], cells: 1 })

describe('what a count is worth', () => {
  test('costs are those of the newsvendor, summed up one by one', () => {
    const wanted = unitsWanted(4, 1.5, CELLS)
    for (const units of [0, 1, 3, 7, 20]) {
      const direct = [...wanted].reduce((sum, chance, some) => sum + chance * (some > units ? 40 * (some - units) : units - some), 0)
      expect(costs.cost[units]).toBeCloseTo(direct, 6)
    }
    // The least that is enough with the probability short / (short + over).
    let [reached, quantile] = [wanted[0]!, 0]
    while (reached < 40 / 41) reached += wanted[(quantile += 1)]!
    expect(costs.best).toBe(quantile)
  })

  test('is nothing where one knows already', () => {
    for (const units of [0, 3, 12]) {
      const order = orderFor(sure(units), 1, costs)
      expect(order).toBe(Math.max(0, costs.best - units - 1))
      expect(countValue(sure(units), 1, order, costs)).toBeCloseTo(0, 9)
    }
  })

  test('is most where the shelf may be empty and nothing is on its way', () => {
    const doubtful = { low: 0, step: 1, chances: [0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5], cells: 10 }
    const certain = { low: 0, step: 1, chances: [0.01, 0, 0, 0, 0, 0, 0, 0, 0, 0.99], cells: 10 }
    const worth = (believed: typeof doubtful, pipeline: number): number => countValue(believed, pipeline, orderFor(believed, pipeline, costs), costs)
    expect(worth(doubtful, 0)).toBeGreaterThan(worth(certain, 0))
    expect(worth(doubtful, 0)).toBeGreaterThan(worth(doubtful, costs.best))
  })

  test('is never below nothing, nor more for the best order than for any other', () => {
    const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 25 }).filter((all) => all.some((one) => one > 1e-6))
    fc.assert(
      fc.property(chances, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 25 }), (all, low, pipeline, other) => {
        const sum = all.reduce((total, one) => total + one, 0)
        const believed = { low, step: 1, chances: all.map((one) => one / sum), cells: all.length }
        const order = orderFor(believed, pipeline, costs)
        const value = countValue(believed, pipeline, order, costs)
        expect(value).toBeGreaterThan(-1e-9)
        expect(value).toBeLessThanOrEqual(countValue(believed, pipeline, other, costs) + 1e-9)
        expect(regret(low, pipeline, Math.max(0, costs.best - low - pipeline), costs)).toBeCloseTo(0, 9)
      }),
    )
  })
})
