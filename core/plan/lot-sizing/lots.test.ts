import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundedLots, economicLots, economicPeriods, fixedOrderQuantity, leastUnitCost, lotForLot, partPeriodBalancing, periodOrderQuantity, planCost, silverMeal } from './lots.ts'
import { lotsByEveryOrder, wagnerWhitin } from './wagner-whitin.ts'

// Silver, Pyke and Peterson's example: charged on what is there at the end of a month.
const demand = [10, 62, 12, 130, 154, 129, 88, 52, 124, 160, 238, 41]
const costs = { setup: 54, holding: 0.4 }

describe('lot sizing', () => {
  test.each([
    ['Wagner-Whitin', wagnerWhitin(demand, costs).lots, 501.2],
    ['Silver-Meal', silverMeal(demand, costs), 501.2],
    ['period order quantity of two', periodOrderQuantity(demand, 2), 553.6],
    ['least unit cost', leastUnitCost(demand, costs), 558.8],
    ['part-period balancing', partPeriodBalancing(demand, costs), 600],
    ['lot for lot', lotForLot(demand), 648],
  ] as const)('%s costs what the book says', (_name, lots, expected) => {
    const { total, short } = planCost(lots, demand, costs)
    expect(total).toBeCloseTo(expected, 9)
    expect(short).toBe(0)
  })

  test('a fixed quantity is ordered in whole multiples, when some are short', () => {
    expect([...fixedOrderQuantity([10, 5, 40, 0, 3], 20)]).toEqual([20, 0, 40, 0, 0])
    expect(economicPeriods(demand, costs)).toBe(Math.round(Math.sqrt((2 * 54 * 100) / 0.4) / 100))
    expect(planCost(economicLots(demand, costs), demand, costs).short).toBe(0)
  })

  test('lots within bounds: the least, a multiple, and at most so many in an order', () => {
    expect([...boundedLots([7, 0, 9, 30], [7, 0, 9, 30], { minimum: 10, multiple: 4, maximum: 16 })]).toEqual([12, 0, 12, 28])
    expect(planCost([28], [28], costs, 16).orders).toBe(2)
  })

  const amounts = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 200 })), { minLength: 1, maxLength: 14 })
  const each = (most: number) => fc.array(fc.integer({ min: 0, max: most }), { minLength: 14, maxLength: 14 })

  test('no rule leaves anybody without, nor costs less than the least', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 60 }), (wanted, setup, holding, quantity) => {
        const some = { setup, holding }
        const least = wagnerWhitin(wanted, some).cost
        const bounded = boundedLots(silverMeal(wanted, some), wanted, { minimum: quantity, multiple: 7, maximum: 90 })
        for (const lots of [lotForLot(wanted), silverMeal(wanted, some), leastUnitCost(wanted, some), partPeriodBalancing(wanted, some), periodOrderQuantity(wanted, quantity % 5), fixedOrderQuantity(wanted, quantity), economicLots(wanted, some), bounded]) {
          const plan = planCost(lots, wanted, some)
          expect(plan.short).toBe(0)
          expect(plan.total).toBeGreaterThanOrEqual(least - 1e-6)
        }
      }),
    )
  })

  test('the envelope equals going through every order in 10,000 cases', () => {
    let speculative = 0
    fc.assert(
      fc.property(amounts, each(300), each(9), each(12), fc.boolean(), (wanted, setups, holdings, prices, isSame) => {
        const some = isSame ? { setup: setups[0]!, holding: holdings[0]! } : { setup: setups, holding: holdings, purchase: prices }
        const at = (all: number | number[], period: number): number => (typeof all === 'number' ? all : all[period]!)
        const unit = (ordered: number, used: number): number => {
          let cost = isSame ? 0 : prices[ordered]!
          for (let period = ordered; period < used; period += 1) cost += at(some.holding, period)
          return cost
        }
        if (prices.some((price, period) => period > 0 && prices[period - 1]! + holdings[period - 1]! < price)) speculative += 1
        const plan = wagnerWhitin(wanted, some)
        const { costs: every } = lotsByEveryOrder(wanted, (period) => at(some.setup, period), unit)
        expect(plan.cost).toBeCloseTo(every[0]!, 6)
        expect(planCost(plan.lots, wanted, some).short).toBe(0)
      }),
      { numRuns: 10_000 },
    )
    expect(speculative).toBeGreaterThan(1_000)
  })

  test('100,000 periods in a second', () => {
    const long = Float64Array.from({ length: 100_000 }, (_none, period) => (period * 7_919) % 97)
    const from = performance.now()
    const plan = wagnerWhitin(long, { setup: 300, holding: 1.5 })
    expect(performance.now() - from).toBeLessThan(1_000)
    expect(plan.cost).toBeLessThanOrEqual(planCost(silverMeal(long, { setup: 300, holding: 1.5 }), long, { setup: 300, holding: 1.5 }).total)
  })
})
