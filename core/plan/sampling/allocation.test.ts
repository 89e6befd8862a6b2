import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate, degreesOf, expectedHalfWidth, planSample, sizeFor, sizeOf, type PlannedStratum } from './allocation.ts'
import type { SampledItem, Stratum } from './strata.ts'

const strataWith = (...strata: readonly (readonly [length: number, sd: number, isCertain?: boolean])[]): readonly Stratum[] =>
  strata.map(([length, sd, isCertain = false]) => ({ isCertain, from: 0, to: 0, sd, items: Array.from({ length }, (_, index) => index) }))
const sizes = (planned: readonly PlannedStratum[]) => planned.map((one) => one.size)
const variance = (strata: readonly Stratum[], counted: readonly number[]) =>
  strata.reduce((sum, { items: { length }, sd }, index) => sum + (length * (length - counted[index]!) * sd ** 2) / counted[index]!, 0)

const anyItems = fc.array(
  fc.record({ unitValue: fc.integer({ min: 0, max: 10_000 }), recorded: fc.integer({ min: 0, max: 500 }), sd: fc.integer({ min: 0, max: 20 }) }),
  { minLength: 1, maxLength: 200 },
).map((all) => all.map((one): SampledItem => ({ ...one, expected: one.recorded })))

describe('a sample among strata', () => {
  test.each([
    // How many items, and how much they differ; how many are counted.
    ['as N_h sd_h',                        [[100, 1], [100, 3]],                 40,  [10, 30]],
    ['at least two',                       [[100, 0], [100, 3]],                 40,  [2, 38]],
    ['never more than there are',          [[5, 100], [100, 1]],                 20,  [5, 15]],
    ['all of what is certain',             [[7, 0, true], [100, 1], [100, 1]],   27,  [7, 10, 10]],
    ['as N_h where nothing is uncertain',  [[100, 0], [300, 0]],                 40,  [10, 30]],
    ['the others when one is used up',     [[4, 9], [10, 0]],                    9,   [4, 5]],
    ['one of one',                         [[1, 5]],                             1,   [1]],
  ] as const)('%s', (_what, strata, size, counted) => {
    expect(sizes(allocate(strataWith(...strata), size))).toEqual(counted)
  })

  test('is divided whole, within bounds, and no other division is better', () => {
    const strata = fc.array(fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 0, max: 9 })), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(strata, fc.nat(), (given, some) => {
        const parts = strataWith(...given)
        const all = given.reduce((sum, [length]) => sum + length, 0)
        const size = 6 + (some % (all - 5))
        const counted = sizes(allocate(parts, size))
        expect(counted.reduce((sum, one) => sum + one, 0)).toBe(size)
        for (const [index, one] of counted.entries()) expect(one >= 2 && one <= given[index]![0]).toBe(true)
        for (let a = 2; a <= given[0]![0]; a += 1)
          for (let b = 2; b <= given[1]![0]; b += 1) {
            const c = size - a - b
            if (c >= 2 && c <= given[2]![0]) expect(variance(parts, counted)).toBeLessThanOrEqual(variance(parts, [a, b, c]) + 1e-9)
          }
      }),
    )
  })

  test('of any items adds up, with all that is certain in it', () => {
    fc.assert(
      fc.property(anyItems, fc.nat(), (items, some) => {
        const size = Math.min(items.length, 2 + (some % items.length))
        const planned = planSample(items, size)
        expect(sizes(planned).reduce((sum, one) => sum + one, 0)).toBe(size)
        for (const { isCertain, size: counted, items: { length } } of planned)
          expect(isCertain ? counted === length : counted >= Math.min(2, length) && counted <= length).toBe(true)
      }),
    )
  })

  test.each([[0], [1], [4], [2.5], [NaN]])('of three items none of %d is drawn', (size) => {
    const items = Array.from({ length: 3 }, () => ({ unitValue: 1, recorded: 1, expected: 1, sd: 1 }))
    expect(() => planSample(items, size)).toThrow('cannot be drawn')
  })

  test('too small for its strata, or larger than all, is none', () => {
    expect(() => allocate(strataWith([10, 1], [10, 1]), 3)).toThrow('too few')
    expect(() => allocate(strataWith([10, 1]), 11)).toThrow('fewer than 11')
  })
})

describe('degrees of freedom', () => {
  test('are those of one stratum, add up for equal ones, and are without end where nothing varies', () => {
    expect(degreesOf([{ variance: 7, counted: 10 }])).toBeCloseTo(9)
    expect(degreesOf([{ variance: 7, counted: 10 }, { variance: 7, counted: 10 }, { variance: 0, counted: 1 }])).toBeCloseTo(18)
    expect(degreesOf([{ variance: 0, counted: 1 }])).toBe(Infinity)
  })
})

describe('how many are to be counted', () => {
  test('follows the formula: by hand', () => {
    // (2 x (100 x 1 + 50 x 4))^2 / (60^2 + 4 x (100 + 50 x 16)) = 360,000 / 7,200
    expect(sizeOf(strataWith([100, 1], [50, 4]), 60, 2)).toBe(50)
    expect(sizeOf(strataWith([8, 9, true], [100, 1], [50, 4]), 60, 2)).toBe(58)
  })

  test('is all of a stratum that would have to give more than it has, and the formula for the rest', () => {
    // 100 x 1 + 10 x 100 at 300: 4 x 1,100^2 / (300^2 + 4 x 100,100) = 9.9, all ten of them; and then 4 x 100^2 / (300^2 + 4 x 100) = 0.4.
    expect(sizeOf(strataWith([100, 1], [10, 100]), 300, 2)).toBe(10)
    expect(sizeOf(strataWith([100, 1], [10, 100]), 10, 2)).toBe(10 + 80)
  })

  test('is all for an interval of nothing, and two where nothing is uncertain', () => {
    const items = Array.from({ length: 50 }, (_, index) => ({ unitValue: 1 + index, recorded: 3, expected: 3, sd: 1 }))
    expect(sizeFor(items, 0)).toBe(50)
    expect(sizeFor(items.map((one) => ({ ...one, sd: 0 })), 10)).toBe(2)
    expect(sizeFor(items.slice(0, 1), 10)).toBe(1)
    expect(sizeFor([], 10)).toBe(0)
  })

  test('reaches what is wished, and not with a tenth less', () => {
    const items = Array.from({ length: 3_000 }, (_, index) => ({ unitValue: 1 + ((index * 31) % 97) ** 2, recorded: 1 + (index % 40), expected: index % 40, sd: 1 + (index % 5) }))
    const total = items.reduce((sum, one) => sum + one.unitValue * one.expected, 0)
    for (const share of [0.005, 0.01, 0.02]) {
      const size = sizeFor(items, share * total)
      expect(expectedHalfWidth(planSample(items, size)) / total).toBeLessThanOrEqual(share)
      expect(expectedHalfWidth(planSample(items, Math.floor(size * 0.9))) / total).toBeGreaterThan(share)
    }
  })

  test('is enough of any items, and for any of them a number', () => {
    fc.assert(
      fc.property(anyItems, fc.double({ min: 0, max: 1, noNaN: true }), (items, share) => {
        const halfWidth = share * items.reduce((sum, one) => sum + one.unitValue * one.expected, 0)
        const size = sizeFor(items, halfWidth)
        expect(size >= Math.min(2, items.length) && size <= items.length).toBe(true)
        expect(expectedHalfWidth(planSample(items, size))).toBeLessThanOrEqual(halfWidth)
      }),
    )
  })

  test('is never less for a shorter interval', () => {
    const strata = strataWith([100, 1], [50, 4], [10, 30])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (one, other) => {
        expect(sizeOf(strata, Math.min(one, other), 2)).toBeGreaterThanOrEqual(sizeOf(strata, Math.max(one, other), 2))
      }),
    )
  })

  test('and the interval is never longer for a larger sample of the same strata', () => {
    const strata = strataWith([100, 1], [50, 4], [10, 30])
    const widths = Array.from({ length: 155 }, (_, index) => expectedHalfWidth(allocate(strata, 6 + index)))
    expect(widths).toEqual(widths.toSorted((a, b) => b - a))
    expect(widths.at(-1)).toBe(0)
  })
})
