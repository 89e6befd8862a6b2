import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceOf } from '../../rng.ts'
import { drivenForecasts, type DrivenItem } from './regressors.ts'

/** Items whose log demand is level - elasticity x log price + lift x promotion + noise. */
function pool(items: number, weeks: number, noise: number): readonly (DrivenItem & { readonly truth: (known: readonly number[]) => number })[] {
  const chance = chanceOf(5)
  return Array.from({ length: items }, () => {
    const level = 3 + chance.fraction()
    const known = Array.from({ length: weeks }, () => [Math.log(1 + chance.fraction()), chance.fraction() < 0.3 ? 1 : 0])
    const truth = ([price, promoted]: readonly number[]) => Math.exp(level - 2 * price! + 0.8 * promoted!)
    const demand = known.map((one) => truth(one) * Math.exp(noise * (chance.fraction() - 0.5)))
    return { history: { periods: known.map((_, week) => week), demand, known: known.flat() }, future: [0, 0, 0, 1, Math.log(2), 0], truth }
  })
}

const options = { regressors: 2, levels: [0.1, 0.5, 0.9] }

describe('demand that follows price and promotion', () => {
  test('is forecast by them', () => {
    const items = pool(8, 60, 0)
    for (const [index, { median }] of drivenForecasts(items, options).entries()) {
      const { truth } = items[index]!
      for (const [step, known] of [[0, 0], [0, 1], [Math.log(2), 0]].entries()) expect(Math.abs(median[step]! / truth(known) - 1)).toBeLessThan(0.1)
    }
  })

  test('of an item that was never promoted is lifted as its like are', () => {
    const items = pool(8, 60, 0.3)
    const plain = Array.from({ length: 12 }, (_, week) => week)
    const shy: DrivenItem = { history: { periods: plain, demand: plain.map(() => 20), known: plain.flatMap(() => [0, 0]) }, future: [0, 0, 0, 1] }
    const { median } = drivenForecasts([...items, shy], options).at(-1)!
    expect(median[0]).toBeCloseTo(20, 1)
    expect(median[1]! / median[0]!).toBeGreaterThan(1.9)
    expect(median[1]! / median[0]!).toBeLessThan(2.5)
  })

  test('has its mean above its median, and what is least wrong in per cent below', () => {
    const [{ mean, median, leastPercentError, quantiles }] = drivenForecasts(pool(1, 40, 2), options) as [ReturnType<typeof drivenForecasts>[number]]
    for (const [step, value] of median.entries()) {
      expect(mean[step]).toBeGreaterThan(value)
      expect(leastPercentError[step]).toBeLessThan(value)
      expect(quantiles[0]![step]).toBeLessThan(value)
      expect(quantiles[1]![step]! / value).toBeCloseTo(1, 2)
      expect(quantiles[2]![step]).toBeGreaterThan(value)
    }
  })

  test('of an item that was never observed is nothing', () => {
    const [{ median }] = drivenForecasts([{ history: { periods: [], demand: [], known: [] }, future: [1, 1] }], options) as [ReturnType<typeof drivenForecasts>[number]]
    expect([...median]).toEqual([0])
  })

  test('is a number, whatever was', () => {
    const anyWeek = fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true }), fc.constantFrom(0, 1))
    fc.assert(
      fc.property(fc.array(fc.array(anyWeek, { maxLength: 12 }), { maxLength: 4 }), (items) => {
        const driven = items.map((weeks) => ({
          history: { periods: weeks.map((_, week) => week), demand: weeks.map(([demand]) => demand), known: weeks.flatMap(([, price, promoted]) => [price, promoted]) },
          future: [0, 1, -9, 0],
        }))
        for (const { mean, median, leastPercentError, quantiles } of drivenForecasts(driven, options))
          for (const one of [mean, median, leastPercentError, ...quantiles]) for (const value of one) expect(value >= 0 && Number.isFinite(value)).toBe(true)
      }),
    )
  })
})
