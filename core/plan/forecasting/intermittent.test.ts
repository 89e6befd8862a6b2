import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceOf } from '../../rng.ts'
import { countQuantiles, pieceOf } from './counts.ts'
import { forecastOf } from './forecast.ts'
import { categoryOf, demandQuantiles, expectedDemand, intermittentDemand } from './intermittent.ts'

describe('what demand is a multiple of', () => {
  test.each([
    [[0, 6, 0, 12, 18],       6],
    [[4, 6, 10],              2],
    [[3, 7, 11],              1],
    [[0.5, 1.5, 0],           0.5],
    [[0.1, 0.2, 0.3],         0.1],
    [[0, 0],                  undefined],
    [[Math.PI, Math.E],       undefined],
    [[1e300, 3e300],          1e300],
  ])('%j: %d', (values, piece) => {
    const found = pieceOf(values)
    if (piece === undefined) expect(found).toBeUndefined()
    else expect(found! / piece).toBeCloseTo(1, 9)
  })
})

describe('quantiles of counts', () => {
  test('are those of Poisson with a dispersion of one, by hand', () => {
    // Poisson(2): .135 .406 .677 .857 .947 .983 .995
    expect([...countQuantiles(2, 1, 1, [0.1, 0.14, 0.5, 0.9, 0.95, 0.99])]).toEqual([0, 1, 2, 4, 5, 6])
  })

  test('are those of the geometric distribution where the mean is the dispersion less one, by hand', () => {
    // Mean 1, variance 2: P(k) = 2^-(k + 1).
    expect([...countQuantiles(1, 2, 1, [0.49, 0.5, 0.74, 0.76, 0.93, 0.94])]).toEqual([0, 0, 1, 2, 3, 4])
  })

  test('are multiples of the piece, ascend, and lie about the mean, however large', () => {
    const any = fc.tuple(fc.double({ min: 1e-6, max: 1e7, noNaN: true }), fc.double({ min: 0, max: 1e4, noNaN: true }), fc.constantFrom(1, 6, 0.25))
    fc.assert(
      fc.property(any, ([mean, dispersion, piece]) => {
        const quantiles = [...countQuantiles(mean, dispersion, piece, [0.05, 0.5, 0.95, 0.99])]
        expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b))
        for (const one of quantiles) expect(one >= 0 && Number.isFinite(one)).toBe(true)
        if (mean > 100 * dispersion && mean > 100 * piece) expect(Math.abs(quantiles[1]! / mean - 1)).toBeLessThan(0.1)
      }),
    )
  })
})

describe('demand now and then', () => {
  const steady = Float64Array.from({ length: 48 }, (_, at) => (at % 4 === 0 ? 2 : 0))

  test('is expected at its rate while it goes on, and less the longer it is silent', () => {
    const expected = (silent: number) => expectedDemand(intermittentDemand(Float64Array.from([...steady, ...new Float64Array(silent)]), 12, undefined), 1)[0]!
    expect(expected(0)).toBeGreaterThan(0.4)
    expect(expected(0)).toBeLessThan(0.65)
    const after = [0, 4, 8, 16, 32].map(expected)
    expect(after).toEqual(after.toSorted((a, b) => b - a))
    expect(after.at(-1)).toBeLessThan(0.05)
  })

  test('by P(alive) as the formula says', () => {
    // 4 demands in 16 periods, then 3 silent: h = .5 / 20, s = (1 - h) (1 - 4/17); s^3 / (s^3 + h (1 + s + s^2))
    const observed = Float64Array.of(...Array.from({ length: 16 }, (_, at) => (at % 4 === 3 ? 1 : 0)), 0, 0, 0)
    const silent = 0.975 * (1 - 4 / 17)
    const lived = silent ** 3
    expect(intermittentDemand(observed, 12, undefined).alive).toBeCloseTo(lived / (lived + 0.025 * (1 + silent + silent * silent)), 12)
  })

  test('is drawn towards its category as far as that has something in common', () => {
    const alike = { mean: 5, dispersion: 5, differing: 0.5 }
    const [own, some, few] = [undefined, alike, { ...alike, differing: 50 }].map((category) => intermittentDemand(steady, 12, category).level) as [number, number, number]
    expect(some).toBeGreaterThan(few)
    expect(few).toBeGreaterThan(own)
    expect(few - own).toBeLessThan((some - own) / 10)
  })

  test('of an item that was never wanted may be wanted, if its like are', () => {
    const category = categoryOf([steady, new Float64Array(48), steady.map((value) => value / 2)])
    const { method, mean, quantiles } = forecastOf(new Float64Array(48), { horizon: 3, seasons: [12], category })
    expect(method).toBe('intermittent')
    expect([...mean]).toEqual([0, 0, 0])
    expect(quantiles.at(-1)![0]).toBeGreaterThan(0)
    expect(forecastOf([], { horizon: 3, seasons: [12], category }).mean[0]).toBeCloseTo(0.25, 9)
  })

  test('a category is of items that are wanted now and then', () => {
    const fast = Float64Array.from({ length: 48 }, () => 1_000)
    expect(categoryOf([steady, fast])).toEqual(categoryOf([steady]))
    expect(categoryOf([])).toEqual({ mean: 0, dispersion: 0, differing: 0 })
  })

  test('in three periods together is at most what its quantiles say, as often as they say', () => {
    const chance = chanceOf(11)
    const histories = Array.from({ length: 600 }, () => {
      const rate = 0.1 + chance.fraction()
      return Float64Array.from({ length: 51 }, () => chance.poisson(rate * (chance.fraction() < 0.5 ? 0.4 : 1.6)))
    })
    const category = categoryOf(histories.map((one) => one.slice(0, 48)))
    const inside = [0.8, 0.95, 0.99].map((level) => {
      const held = histories.filter((one) => one.subarray(48).reduce((sum, value) => sum + value, 0) <= demandQuantiles(intermittentDemand(one.slice(0, 48), 12, category), 3, [level])[0]!)
      return held.length / histories.length
    })
    for (const [index, level] of [0.8, 0.95, 0.99].entries()) {
      expect(inside[index]).toBeGreaterThan(level - 0.035)
      expect(inside[index]).toBeLessThan(level + 0.1)
    }
  })
})
