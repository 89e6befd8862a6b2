import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gamma, normal } from '../distributions/continuous.ts'
import { negativeBinomial, poisson, uniformWhole } from '../distributions/whole.ts'
import { finiteHorizon, myopicBounds } from './finite-horizon.ts'
import { jointPlan, jointReplenishment, jointReplenishmentPowersOfTwo } from './joint-replenishment.ts'
import { levelOfMyopicCost, myopic, myopicCost, newsvendor, newsvendorProfit, newsvendorWhole, wholeLevelCost } from './newsvendor.ts'
import { economicOrderQuantity, economicProductionQuantity, orderQuantityAllUnitsDiscounts, orderQuantityIncrementalDiscounts, orderQuantityWithBackorders, powerOfTwoOrder } from './order-quantity.ts'
import { bestReorderLevels, powerReorderLevels, reorderLevelsCost } from './reorder-levels.ts'
import { bestReorderQuantity, bestWholeReorderQuantity, reorderQuantityByInventoryLevel, reorderQuantityByLoss, reorderQuantityCost, reorderQuantityWithBackorders, reorderQuantityWithSafetyStock, wholeReorderQuantityCost } from './reorder-quantity.ts'
import { fillOf, leadTimeSpread, safetyStockForCost, safetyStockForFill, safetyStockForService } from './safety-stock.ts'
import { addedYieldBaseStock, disruptedBaseStock, disruptedOrderCost, disruptedOrderQuantity, orderQuantityAddedYield, orderQuantityMultipliedYield } from './supply-risk.ts'

const amount = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const steady = fc.record({ fixedCost: amount(1, 200), holding: amount(0.05, 5), rate: amount(10, 5_000) })
const around = [0.2, 0.5, 0.9, 0.99, 1.01, 1.1, 2, 5]

describe('order quantities of steady demand', () => {
  test('nothing near costs less than the best', () => {
    fc.assert(
      fc.property(steady, amount(0.1, 60), amount(1.05, 9), (demand, shortage, faster) => {
        const [basic, production] = [economicOrderQuantity(demand), economicProductionQuantity(demand, faster * demand.rate)]
        const waiting = orderQuantityWithBackorders(demand, shortage)
        expect(economicOrderQuantity(demand, basic.quantity).cost).toBeCloseTo(basic.cost, 6)
        expect(waiting.cost).toBeLessThan(basic.cost)
        for (const factor of around) {
          expect(economicOrderQuantity(demand, factor * basic.quantity).cost).toBeGreaterThan(basic.cost)
          expect(economicProductionQuantity(demand, faster * demand.rate, factor * production.quantity).cost).toBeGreaterThan(production.cost)
          const other = { quantity: factor * waiting.quantity, backordered: Math.min(1, waiting.backordered / factor) }
          expect(orderQuantityWithBackorders(demand, shortage, other).cost).toBeGreaterThanOrEqual(waiting.cost)
        }
        const power = powerOfTwoOrder(demand, 1 / 365)
        expect(power.cost / basic.cost).toBeLessThan(1.0607)
      }),
    )
  })

  test('with discounts, no quantity in a fine row costs less', () => {
    fc.assert(
      fc.property(steady, amount(50, 400), amount(1.1, 4), amount(0.6, 0.99), amount(0.6, 0.99), (demand, first, wider, once, twice) => {
        const discounts = { from: [0, first, first * wider], price: [10, 10 * once, 10 * once * twice] }
        const rated = { ...demand, holding: demand.holding / 10 }
        const [all, incremental] = [orderQuantityAllUnitsDiscounts(rated, discounts), orderQuantityIncrementalDiscounts(rated, discounts)]
        let [leastOfAll, leastIncremental] = [Infinity, Infinity]
        for (let quantity = 1; quantity < 4_000; quantity *= 1.01) {
          leastOfAll = Math.min(leastOfAll, orderQuantityAllUnitsDiscounts(rated, discounts, quantity).cost)
          leastIncremental = Math.min(leastIncremental, orderQuantityIncrementalDiscounts(rated, discounts, quantity).cost)
        }
        expect(leastOfAll).toBeGreaterThan(all.cost - 1e-6)
        expect(leastIncremental).toBeGreaterThan(incremental.cost - 1e-6)
        expect(incremental.cost).toBeGreaterThan(all.cost - 1e-6)
        expect(discounts.from[all.region]).toBeLessThanOrEqual(all.quantity)
      }),
    )
  })

  test('with a supplier that fails, or of whom not all comes', () => {
    fc.assert(
      fc.property(steady, amount(0.2, 3), amount(5, 30), amount(1, 20), amount(0.5, 1.1), (demand, failureRate, recoveryRate, shortage, mean) => {
        const risk = { failureRate, recoveryRate, shortage }
        const best = disruptedOrderQuantity(demand, risk)
        expect(best.cost).toBeLessThanOrEqual(disruptedOrderCost(demand, risk, disruptedOrderQuantity(demand, risk, true).quantity) * (1 + 1e-9))
        const [added, multiplied] = [orderQuantityAddedYield(demand, { mean: -3, deviation: 5 }), orderQuantityMultipliedYield(demand, { mean, deviation: 0.2 })]
        for (const factor of around) {
          expect(disruptedOrderCost(demand, risk, factor * best.quantity)).toBeGreaterThanOrEqual(best.cost * (1 - 1e-9))
          expect(orderQuantityMultipliedYield(demand, { mean, deviation: 0.2 }, factor * multiplied.quantity).cost).toBeGreaterThan(multiplied.cost)
          expect(orderQuantityAddedYield(demand, { mean: -3, deviation: 5 }, factor * (added.quantity - 3) + 3).cost).toBeGreaterThan(added.cost)
        }
        expect(orderQuantityMultipliedYield(demand, { mean: 1, deviation: 0 }).cost).toBeCloseTo(economicOrderQuantity(demand).cost, 9)
      }),
    )
    const level = (given?: number) => disruptedBaseStock(0.25, 3, 2_000, { failure: 0.04, recovery: 0.25 }, given)
    for (const other of [0, 2_000, 6_000, 7_900, 8_100, 12_000]) expect(level(other).cost).toBeGreaterThan(level().cost)
    const certain = addedYieldBaseStock(1, 9, 100, normal(0, 10))
    expect(certain.level).toBeCloseTo(newsvendor({ holding: 1, shortage: 9 }, normal(100, 10)).level, 9)
    expect(addedYieldBaseStock(1, 9, 100, uniformWhole(-5, 5)).level).toBe(104)
  })
})

describe('one period', () => {
  const costs = { holding: 1, shortage: 7 }

  test('the newsvendor orders what costs least, whole and continuous', () => {
    for (const demand of [normal(50, 8), gamma(2, 9)]) {
      const { level, cost } = newsvendor(costs, demand)
      for (const off of [-3, -0.1, 0.1, 3]) expect(newsvendor(costs, demand, level + off).cost).toBeGreaterThan(cost)
    }
    for (const demand of [poisson(6), negativeBinomial(2, 0.1), uniformWhole(3, 11)]) {
      const { level, cost } = newsvendorWhole(costs, demand)
      for (let other = -2; other < 80; other += 1) expect(wholeLevelCost(costs, demand, other)).toBeGreaterThan(cost - 1e-12)
      expect(demand.chances[level - demand.low]).toBeGreaterThan(0)
    }
  })

  test('prices and costs say the same', () => {
    const prices = { revenue: 1, purchase: 0.3, salvage: 0.12, holding: 0.05, shortage: 0.1 }
    const { level, profit } = newsvendorProfit(prices, normal(50, 8))
    const asCosts = newsvendor({ holding: 0.3 - 0.12 + 0.05, shortage: 1 - 0.3 + 0.1 }, normal(50, 8))
    expect(level).toBeCloseTo(asCosts.level, 9)
    expect(profit).toBeCloseTo(0.7 * 50 - asCosts.cost, 9)
  })

  test('myopic levels: what costs so much lies on either side of the best', () => {
    const next = { holding: 0.18, shortage: 0.7, purchase: 0.3, purchaseNext: 0.35, discount: 0.98 }
    const best = myopic(next, normal(50, 8))
    for (const isBelow of [true, false]) {
      const level = levelOfMyopicCost(next, normal(50, 8), best.cost + 1.3, isBelow)
      expect(level < best.level).toBe(isBelow)
      expect(myopicCost(next, normal(50, 8), level)).toBeCloseTo(best.cost + 1.3, 9)
    }
    expect(() => levelOfMyopicCost(next, normal(50, 8), best.cost - 1, true)).toThrow(RangeError)
    expect(() => myopic({ ...next, purchase: 9 }, normal(50, 8))).toThrow(RangeError)
  })
})

describe('reorder points', () => {
  const demands = fc.oneof(amount(0.3, 9).map(poisson), fc.tuple(amount(0.5, 4), amount(0.2, 0.8)).map(([size, chance]) => negativeBinomial(size, chance)))
  const costs = fc.record({ holding: amount(0.2, 5), shortage: amount(1, 60) })

  test('(s, S) costs least of all', () => {
    fc.assert(
      fc.property(demands, costs, amount(0.5, 40), (demand, unit, fixedCost) => {
        const cost = (level: number): number => wholeLevelCost(unit, demand, level)
        const best = newsvendorWhole(unit, demand).level
        const found = bestReorderLevels(fixedCost, cost, demand.chances, best)!
        let least = Infinity
        for (let point = best - 25; point < best + 3; point += 1) {
          for (let upTo = point + 1; upTo < best + 30; upTo += 1) least = Math.min(least, reorderLevelsCost(fixedCost, cost, demand.chances, point, upTo))
        }
        expect(found.cost).toBeLessThan(least + 1e-9)
        expect(reorderLevelsCost(fixedCost, cost, demand.chances, found.reorderPoint, found.orderUpTo)).toBeCloseTo(found.cost, 9)
      }),
      { numRuns: 40 },
    )
    expect(bestReorderLevels(5, (level) => Math.abs(level), [1], 0)).toBeUndefined()
    expect(bestReorderLevels(1e9, (level) => Math.abs(level), [0.5, 0.5], 0, 50)).toBeUndefined()
  })

  test('the power approximation is near the best', () => {
    const [unit, demand] = [{ holding: 1, shortage: 9 }, poisson(25)]
    const exact = bestReorderLevels(64, (level) => wholeLevelCost(unit, demand, level), demand.chances, newsvendorWhole(unit, demand).level)!
    const near = powerReorderLevels({ ...unit, fixedCost: 64, mean: 25, horizonMean: 25, horizonDeviation: 5 })
    const cost = reorderLevelsCost(64, (level) => wholeLevelCost(unit, demand, level), demand.chances, Math.round(near.reorderPoint), Math.round(near.orderUpTo))
    expect(cost / exact.cost).toBeLessThan(1.04)
  })

  test('(r, Q) in whole units costs least of all', () => {
    fc.assert(
      fc.property(demands, costs, amount(0.5, 40), (demand, unit, fixedCost) => {
        const all = { ...unit, fixedCost, rate: demand.mean }
        const found = bestWholeReorderQuantity(all, demand)
        let least = Infinity
        for (let quantity = 1; quantity < 40; quantity += 1) {
          for (let point = -15; point < 25; point += 1) least = Math.min(least, wholeReorderQuantityCost(all, demand, point, quantity))
        }
        expect(found.cost).toBeLessThan(least + 1e-9)
        expect(wholeReorderQuantityCost(all, demand, found.reorderPoint, found.quantity)).toBeCloseTo(found.cost, 9)
      }),
      { numRuns: 60 },
    )
  })

  test('(r, Q) of any demand: no approximation costs less, the one with backorders at most an eighth more', () => {
    fc.assert(
      fc.property(costs, amount(1, 80), amount(20, 900), amount(0.05, 0.3), (unit, fixedCost, rate, spread) => {
        const [all, demand] = [{ ...unit, fixedCost, rate }, normal(rate / 12, (rate / 12) * spread)]
        const best = bestReorderQuantity(all, demand)
        const others = [reorderQuantityWithBackorders(all, demand), reorderQuantityWithSafetyStock(all, demand), reorderQuantityByLoss(all, demand)]
        for (const other of others) expect(other.cost).toBeGreaterThan(best.cost * (1 - 1e-9))
        expect(others[0]!.cost / best.cost).toBeLessThan(1.125)
        for (const [r, q] of [[1, 1.1], [1, 0.9], [1.05, 1], [0.95, 1]] as const) {
          expect(reorderQuantityCost(all, demand, best.reorderPoint * r, best.quantity * q)).toBeGreaterThan(best.cost * (1 - 1e-9))
        }
      }),
    )
    expect(() => reorderQuantityByInventoryLevel({ holding: 5, shortage: 0.01, fixedCost: 80, rate: 20 }, normal(5, 1))).toThrow(RangeError)
  })
})

describe('several periods', () => {
  const period = { holding: 1, shortage: 25, purchase: 1, fixedCost: 0, discount: 0.98, mean: 18, deviation: 3 }

  test('the last of one period is the newsvendor, prices with it', () => {
    const { orderUpTo, reorderPoints } = finiteHorizon([{ ...period, purchase: 0 }], { holding: 0, shortage: 0 })
    expect(orderUpTo[0]).toBe(Math.round(newsvendor(period, normal(18, 3)).level))
    expect(reorderPoints[0]).toBe(orderUpTo[0])
  })

  test('levels and points lie within the myopic bounds, a fixed cost sets them apart', () => {
    const periods = Array.from({ length: 6 }, () => ({ ...period, fixedCost: 40 }))
    const [plan, bounds] = [finiteHorizon(periods, { holding: 1, shortage: 25 }), myopicBounds(periods, { holding: 1, shortage: 25 })]
    for (const at of periods.keys()) {
      expect(plan.orderUpTo[at]).toBeGreaterThanOrEqual(Math.floor(bounds.levelLow[at]!))
      expect(plan.orderUpTo[at]).toBeLessThanOrEqual(Math.ceil(bounds.levelHigh[at]!))
      expect(plan.reorderPoints[at]).toBeGreaterThanOrEqual(Math.floor(bounds.pointLow[at]!) - 1)
      expect(plan.reorderPoints[at]).toBeLessThan(plan.orderUpTo[at]!)
    }
    expect(plan.costs).toHaveLength(7)
  })

  test('certain demand is ordered as lots would be', () => {
    const periods = [20, 60, 10, 40].map((mean) => ({ ...period, purchase: 0, discount: 1, deviation: 0, mean, shortage: 1_000, fixedCost: 50 }))
    // 20, then 60 and 10 and 40 together or apart: 50 + 50 + 10 + 50 is what costs least.
    expect(finiteHorizon(periods, { holding: 0, shortage: 1_000 }).cost).toBeCloseTo(50 + 50 + 10 + 50, 6)
  })

  test('where more would always be better it says so', () => {
    expect(() => finiteHorizon([{ ...period, deviation: 0, holding: 0, purchase: 0 }], { holding: -1, shortage: 0 })).toThrow(RangeError)
  })
})

describe('several items of one supplier', () => {
  const items = fc.array(fc.record({ fixedCost: amount(1, 200), holding: amount(0.1, 20), rate: amount(1, 500) }), { minLength: 1, maxLength: 6 })

  test('powers of two are within 6 % of what no policy can beat, and of what going through multiples finds', () => {
    fc.assert(
      fc.property(items, amount(10, 500), (all, shared) => {
        const two = jointReplenishmentPowersOfTwo(shared, all)
        let least = Infinity
        const multiples = all.map(() => 1)
        const tryAll = (at: number): void => {
          if (at === all.length) least = Math.min(least, jointPlan(shared, all, multiples).cost)
          else for (multiples[at] = 1; multiples[at] <= 6; multiples[at] += 1) tryAll(at + 1)
        }
        if (all.length <= 4) tryAll(0)
        expect(two.cost / least).toBeLessThan(1.0607)
        expect(jointReplenishment(shared, all).cost).toBeGreaterThan(Math.min(least, two.cost) * 0.9)
        for (const [at, { rate }] of all.entries()) expect(two.quantities[at]).toBeCloseTo(two.interval * two.multiples[at]! * rate, 6)
      }),
      { numRuns: 60 },
    )
  })
})

describe('safety stock', () => {
  test('is what reaches the target', () => {
    const spread = leadTimeSpread({ mean: 10, deviation: 4 }, { mean: 6, deviation: 2 }, 3)
    expect(spread.mean).toBe(90)
    expect(spread.deviation).toBeCloseTo(Math.sqrt(9 * 16 + 100 * 4), 12)
    expect(safetyStockForService(spread, 0.975)).toBeCloseTo(1.959964 * spread.deviation, 4)
    expect(safetyStockForCost(spread, 1, 39)).toBeCloseTo(safetyStockForService(spread, 0.975), 9)
    for (const fill of [0.5, 0.9, 0.99, 0.9999]) expect(fillOf(spread, safetyStockForFill(spread, fill, 60), 60)).toBeCloseTo(fill, 9)
    expect(safetyStockForFill({ mean: 5, deviation: 0 }, 0.9, 10)).toBe(0)
  })
})
