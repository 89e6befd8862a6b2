import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceOf } from '../../rng.ts'
import { forecastOf } from './forecast.ts'
import { blockHistory, forecastOverTime, summedForecasts, summedHistory, type Branch } from './sums.ts'

const options = { horizon: 12, seasons: [12] }
const leaf = (name: string, history: Float64Array): Branch => ({ name, history, parts: [] })
const sum = (name: string, ...parts: readonly Branch[]): Branch => ({ name, history: summedHistory(parts.map((part) => part.history)), parts })

/** Small and noisy: a season that nobody sees in one of them, and everybody in all. */
const faint = (seed: number): Float64Array => {
  const chance = chanceOf(seed)
  return Float64Array.from({ length: 60 }, (_none, month) => chance.poisson(4 * (1 + 0.6 * Math.sin((month * Math.PI) / 6))))
}
const histories = fc.array(fc.array(fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant(Number.NaN)), { maxLength: 40 }), { minLength: 1, maxLength: 5 })

describe('series and their sums', () => {
  test('add up in each period, whatever their histories, and nothing is below none', () => {
    fc.assert(
      fc.property(histories, (all) => {
        const leaves = all.map((history, index) => leaf(String(index), Float64Array.from(history)))
        const [whole, ...parts] = summedForecasts(sum('all', ...leaves), options)
        for (let step = 0; step < options.horizon; step += 1) {
          const together = parts.reduce((total, part) => total + part.mean[step]!, 0)
          expect(Math.abs(together - whole!.mean[step]!)).toBeLessThanOrEqual(1e-6 * Math.max(1, together))
          for (const { mean, quantiles } of [whole!, ...parts]) for (const value of [mean[step]!, ...quantiles.map((one) => one[step]!)]) expect(value).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('teach each part the season that only their sum shows', () => {
    const parts = Array.from({ length: 30 }, (_none, index) => leaf(`item ${index}`, faint(index + 1)))
    const [, ...told] = summedForecasts(sum('all', ...parts), options)
    const truth = (step: number): number => 4 * (1 + 0.6 * Math.sin(((60 + step) * Math.PI) / 6))
    const off = (means: readonly Float64Array[]): number => means.reduce((total, mean) => total + mean.reduce((some, one, step) => some + (one - truth(step)) ** 2, 0), 0)
    expect(off(told.map((one) => one.mean))).toBeLessThan(off(parts.map((part) => forecastOf(part.history, options).mean)))
  })
})

describe('longer periods', () => {
  test('are whole, and end where the history does', () => {
    expect([...blockHistory(Float64Array.of(9, 1, 2, 3, 4, Number.NaN, 6), 3)]).toEqual([6, Number.NaN])
  })

  test('change little where all agree, and a horizon need not be whole', () => {
    const steady = Float64Array.from({ length: 60 }, () => 50)
    const forecast = forecastOverTime(steady, [3, 12], { ...options, horizon: 7 })
    expect([...forecast.mean].every((mean) => Math.abs(mean - 50) < 1e-6)).toBe(true)
    expect(forecast.mean).toHaveLength(7)
    expect(forecast.cumulative().mean[6]).toBeCloseTo(350, 6)
    expect(forecastOverTime(steady.subarray(0, 2), [3, 12], options).mean).toHaveLength(12)
  })

  test('never make of a forecast what is no number', () => {
    fc.assert(
      fc.property(histories, ([history]) => {
        const { mean, quantiles } = forecastOverTime(Float64Array.from(history!), [3, 12], options)
        for (const values of [mean, ...quantiles]) for (const value of values) expect(Number.isFinite(value) && value >= 0).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
