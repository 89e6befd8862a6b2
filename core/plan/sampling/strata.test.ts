import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { strataOf, type SampledItem } from './strata.ts'

const item = (unitValue: number, recorded: number, sd = 1): SampledItem => ({ unitValue, recorded, expected: recorded, sd })
const anyItems = fc.array(
  fc.record({ unitValue: fc.integer({ min: 0, max: 100_000 }), recorded: fc.integer({ min: -5, max: 500 }), sd: fc.integer({ min: 0, max: 20 }) }),
  { minLength: 1, maxLength: 300 },
).map((all) => all.map(({ unitValue, recorded, sd }) => item(unitValue, recorded, sd)))

describe('strata', () => {
  test('hold every item once, the dearest first, and leave two to count in each', () => {
    fc.assert(
      fc.property(anyItems, fc.nat(), (items, some) => {
        const size = Math.min(items.length, 2 + (some % items.length))
        const strata = strataOf(items, size)
        expect(strata.flatMap((one) => one.items).toSorted((a, b) => a - b)).toEqual(items.map((_, index) => index))
        for (const [index, { from, to }] of strata.entries()) {
          expect(from).toBeLessThanOrEqual(to)
          if (index > 0) expect(to).toBeLessThanOrEqual(strata[index - 1]!.from)
        }
        const counted = strata.reduce((sum, one) => sum + (one.isCertain ? one.items.length : Math.min(2, one.items.length)), 0)
        expect(counted).toBeLessThanOrEqual(size)
      }),
    )
  })

  test('set the dearest hundredth apart', () => {
    const items = Array.from({ length: 1_000 }, (_, index) => item(1 + ((index * 7) % 1_000), 1))
    const [certain, ...others] = strataOf(items, 200)
    expect(certain).toMatchObject({ isCertain: true, from: 991, to: 1_000 })
    expect(certain!.items).toHaveLength(10)
    expect(others.some((one) => one.isCertain)).toBe(false)
    expect(others).toHaveLength(10)
  })

  test('of a sample that is small beside it, take no more than a quarter of it for certain', () => {
    const items = Array.from({ length: 10_000 }, (_, index) => item(1 + index, 1))
    expect(strataOf(items, 40)[0]!.items).toHaveLength(10)
    expect(strataOf(items, 3)).toMatchObject([{ isCertain: false }])
  })

  test('are cut narrower where values are crowded: equal sums of roots, by hand', () => {
    // 81 items worth 1, 16 worth 100: roots of their numbers are 9 and 4, so the first cut of two lies between the two kinds.
    const items = [...Array.from({ length: 81 }, () => item(1, 1)), ...Array.from({ length: 16 }, () => item(100, 1))]
    expect(strataOf(items, 23).map(({ from, to, items: { length } }) => [from, to, length])).toEqual([[100, 100, 1], [100, 100, 15], [1, 1, 81]])
  })

  test('say how uncertain an item of them is', () => {
    expect(strataOf([item(10, 1, 3), item(10, 1, 4)], 2)).toMatchObject([{ sd: Math.sqrt((30 ** 2 + 40 ** 2) / 2) }])
  })

  test('what is alike is one, and nothing below nothing is asked for', () => {
    const alike = Array.from({ length: 300 }, () => item(5, 4))
    expect(strataOf(alike, 100).map((one) => one.items.length)).toEqual([3, 297])
    expect(strataOf([item(5, -4), item(0, 3)], 2)).toMatchObject([{ from: -20, to: 0 }])
  })
})
