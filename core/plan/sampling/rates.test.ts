import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceOf } from '../../rng.ts'
import { shrinkRatesOf, type CountedItem } from './rates.ts'

const counted = (category: string, ...lost: readonly number[]): readonly CountedItem[] => lost.map((one) => ({ category, weight: 1, recorded: 100, lost: one }))
const ratesOf = (items: readonly CountedItem[]) => Object.fromEntries(shrinkRatesOf(items).categories.map((one) => [one.category, one]))

describe('shrink rates', () => {
  test('of categories that differ by no more than chance are that of all', () => {
    const { rate, between, categories } = shrinkRatesOf([...counted('a', 4, 6, 2, 8), ...counted('b', 5, 7, 3, 5), ...counted('c', 5)])
    expect([rate, between]).toEqual([0.05, 0])
    expect(categories.map((one) => one.rate)).toEqual([0.05, 0.05, 0.05])
    expect(categories.every((one) => one.sd > 0)).toBe(true)
  })

  test('of categories that plainly differ are their own, and one with a single item goes part of the way', () => {
    const many = Array.from({ length: 40 }, (_, index) => 1 + (index % 3))
    const { theft, safe, new: one } = ratesOf([...counted('theft', ...many.map((lost) => 20 + lost)), ...counted('safe', ...many), ...counted('new', 40)])
    expect(theft!.rate).toBeCloseTo(theft!.own!, 2)
    expect(safe!.rate).toBeCloseTo(safe!.own!, 2)
    expect(one!.rate).toBeLessThan(one!.own!)
    expect(one!.reliance).toBeLessThan(safe!.reliance)
    expect(one!.sd).toBeGreaterThan(safe!.sd)
  })

  test('count an item for as many as it stands for', () => {
    const { rate } = shrinkRatesOf([{ category: 'a', weight: 9, recorded: 100, lost: 10 }, { category: 'a', weight: 1, recorded: 100, lost: 0 }])
    expect(rate).toBeCloseTo(0.09)
  })

  test('of what the record has nothing of are that of all; gains are below nothing', () => {
    const { none, a } = ratesOf([{ category: 'none', weight: 1, recorded: 0, lost: -3 }, ...counted('a', -5, -7, -6)])
    expect(none).toMatchObject({ own: null, reliance: 0 })
    expect(none!.rate).toBeCloseTo(shrinkRatesOf([{ category: 'none', weight: 1, recorded: 0, lost: -3 }, ...counted('a', -5, -7, -6)]).rate)
    expect(a!.rate).toBeLessThan(0)
  })

  test('are numbers between the own one and that of all, whatever was counted', () => {
    const any = fc.array(
      fc.record({ category: fc.constantFrom('a', 'b', 'c', 'd'), weight: fc.integer({ min: 1, max: 50 }), recorded: fc.integer({ min: 0, max: 900 }), lost: fc.integer({ min: -900, max: 900 }) }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(any, (items) => {
        const { rate, sd, between, categories } = shrinkRatesOf(items)
        expect([rate, sd, between].every(Number.isFinite)).toBe(true)
        for (const one of categories) {
          expect([one.rate, one.sd].every(Number.isFinite)).toBe(true)
          expect(one.reliance >= 0 && one.reliance <= 1).toBe(true)
          const own = one.own ?? rate
          expect(one.rate).toBeGreaterThanOrEqual(Math.min(own, rate) - 1e-9)
          expect(one.rate).toBeLessThanOrEqual(Math.max(own, rate) + 1e-9)
        }
      }),
    )
  })

  test('are nearer to the truth than the own ones and than that of all', () => {
    const { fraction, poisson } = chanceOf(11)
    let [drawn, own, all] = [0, 0, 0]
    for (let round = 0; round < 40; round += 1) {
      const truth = new Map(Array.from({ length: 20 }, (_, index) => [`${index}`, 0.02 + 0.06 * fraction()]))
      const items = [...truth].flatMap(([category, rate]) => Array.from({ length: 2 + poisson(4) }, () => ({ category, weight: 1, recorded: 100, lost: poisson(100 * rate) })))
      const told = shrinkRatesOf(items)
      for (const one of told.categories) {
        const right = truth.get(one.category)!
        drawn += (one.rate - right) ** 2
        own += (one.own! - right) ** 2
        all += (told.rate - right) ** 2
      }
    }
    expect(drawn).toBeLessThan(own)
    expect(drawn).toBeLessThan(all)
  })
})
