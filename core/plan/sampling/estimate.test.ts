import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceOf } from '../../rng.ts'
import { planSample } from './allocation.ts'
import { draw, type DrawnStratum } from './draw.ts'
import { estimateOf, measures, type SiteEstimate } from './estimate.ts'
import type { SampledItem } from './strata.ts'

interface Shelved extends SampledItem { readonly there: number }
const shelved = (unitValue: number, expected: number, there: number, sd = 1, recorded = expected): Shelved => ({ unitValue, recorded, expected, sd, there })
const countsOf = (items: readonly Shelved[]) => new Map(items.map((item, index) => [index, item.there]))
const estimated = (items: readonly Shelved[], strata: readonly DrawnStratum[], measure: (typeof measures)[number] = 'value') => estimateOf(items, strata, countsOf(items), measure)
const truth = (items: readonly Shelved[]) => items.reduce((sum, item) => sum + item.unitValue * item.there, 0)
const stratum = (items: readonly number[], drawn: readonly number[]): DrawnStratum => ({ isCertain: false, from: 0, to: 0, sd: 1, items, drawn })
const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

const anyItem = fc.record({ unitValue: fc.integer({ min: 0, max: 500 }), expected: fc.integer({ min: 0, max: 60 }), there: fc.integer({ min: 0, max: 60 }) })
  .map(({ unitValue, expected, there }) => shelved(unitValue, expected, there))

/** All sets of `size` of these. */
function subsets(of: readonly number[], size: number): readonly (readonly number[])[] {
  if (size === 0) return [[]]
  return of.flatMap((first, index) => subsets(of.slice(index + 1), size - 1).map((rest) => [first, ...rest]))
}

describe('the estimate from a sample', () => {
  test('by hand', () => {
    // Two pieces at 10 and three at 20 are believed missing from nothing; of the first three items two are counted, of the last two both.
    const items = [shelved(10, 5, 4), shelved(10, 6, 9), shelved(20, 7, 5), shelved(100, 2, 2, 0), shelved(100, 3, 2, 0)]
    const { sampled, believed, recorded } = estimated(items, [stratum([3, 4], [3, 4]), stratum([0, 1, 2], [0, 2])])
    // 750 believed; the differences of the certain are 0 and -100; those counted of three are -10 and -40, so three are 75 less: 575.
    expect(sampled.total).toBeCloseTo(750 - 100 - 75)
    // 3 x (3 - 2) x 450 / 2, of one degree of freedom: 12.706.
    expect(sampled.sd).toBeCloseTo(Math.sqrt(675))
    expect(sampled.high - sampled.total).toBeCloseTo(12.7062 * Math.sqrt(675), 2)
    expect(believed).toMatchObject({ total: 750, sd: Math.sqrt(100 + 100 + 400) })
    expect(believed.high - believed.total).toBeCloseTo(1.96 * Math.sqrt(600), 2)
    expect(recorded).toBe(750)
    expect(estimated(items, [stratum([3, 4], [3, 4]), stratum([0, 1, 2], [0, 2])], 'pieces').sampled.total).toBeCloseTo(23 - 1 + (3 * (-1 - 2)) / 2)
  })

  test('is right on average over all that could be drawn, whatever is believed, and so is its variance', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { minLength: 7, maxLength: 7 }), (items) => {
        const all = subsets([0, 1, 2, 3], 2).flatMap((one) => subsets([4, 5, 6], 2).map((other) => estimated(items, [stratum([0, 1, 2, 3], one), stratum([4, 5, 6], other)]).sampled))
        expect(mean(all.map((one) => one.total))).toBeCloseTo(truth(items), 6)
        expect(mean(all.map((one) => one.sd ** 2))).toBeCloseTo(mean(all.map((one) => (one.total - truth(items)) ** 2)), 4)
      }),
    )
  })

  test('is right on average over the draws of seeds, and its interval holds what is there', () => {
    const { fraction, poisson } = chanceOf(5)
    const items = Array.from({ length: 300 }, () => {
      const recorded = 5 + poisson(10)
      const lost = Math.min(recorded, poisson(recorded * 0.1))
      return shelved(Math.round(100 / (0.1 + fraction())), recorded * 0.9, recorded - lost, Math.sqrt(recorded * 0.1), recorded)
    })
    const planned = planSample(items, 60)
    const drawn = Array.from({ length: 600 }, (_, seed) => estimated(items, draw(planned, seed)).sampled)
    const totals = drawn.map((one) => one.total)
    const error = Math.sqrt(mean(totals.map((one) => (one - mean(totals)) ** 2)) / totals.length)
    expect(Math.abs(mean(totals) - truth(items))).toBeLessThan(4 * error)
    const held = mean(drawn.map((one) => (one.low <= truth(items) && truth(items) <= one.high ? 1 : 0)))
    expect(held).toBeGreaterThan(0.92)
    expect(held).toBeLessThan(0.98)
    const wider = Array.from({ length: 50 }, (_, seed) => estimated(items, draw(planSample(items, 30), seed)).sampled)
    expect(mean(wider.map((one) => one.high - one.low))).toBeGreaterThan(mean(drawn.map((one) => one.high - one.low)))
  })

  test('of everything is what is there, without an interval', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { minLength: 1, maxLength: 60 }), fc.integer(), (items, seed) => {
        const { sampled } = estimated(items, draw(planSample(items, items.length), seed))
        expect(sampled.total).toBeCloseTo(truth(items), 4)
        expect([sampled.sd, sampled.high - sampled.low]).toEqual([0, 0])
      }),
    )
  })

  test.each([
    ['one item',             [shelved(10, 3, 2)]],
    ['one that is nothing',  [shelved(0, 0, 0, 0)]],
    ['two',                  [shelved(10, 3, 2), shelved(0, 0, 0)]],
    ['all alike',            Array.from({ length: 200 }, () => shelved(10, 3, 3))],
    ['nothing at all',       Array.from({ length: 200 }, () => shelved(0, 0, 0, 0))],
    ['no doubt',             Array.from({ length: 200 }, (_, index) => shelved(index, index, index, 0))],
    ['a record below zero',  Array.from({ length: 20 }, (_, index) => shelved(5, 0, index % 2, 0.5, -index))],
  ])('is a number for %s, however many are counted', (_what, items) => {
    for (let size = Math.min(2, items.length); size <= items.length; size += 7) {
      for (const measure of measures) {
        const told = estimated(items, draw(planSample(items, size), 3), measure)
        const numbers = ({ sampled, believed, recorded }: SiteEstimate) => [recorded, ...[sampled, believed].flatMap((one) => [one.total, one.sd, one.low, one.high])]
        expect(numbers(told).every(Number.isFinite), JSON.stringify(told)).toBe(true)
      }
    }
  })

  test('needs a count of each that was drawn', () => {
    expect(() => estimateOf([shelved(1, 1, 1), shelved(1, 1, 1)], [stratum([0, 1], [0, 1])], new Map([[0, 1]]), 'value')).toThrow('Item 1 was drawn and is not counted')
  })
})

describe('sample and beliefs', () => {
  const site = (lost: number, sd: number) => Array.from({ length: 400 }, (_, index) => shelved(10, 20, 20 - (index % 2 === 0 ? lost : 0), sd))
  const disagree = (items: readonly Shelved[]) => mean(Array.from({ length: 100 }, (_, seed) => (estimated(items, draw(planSample(items, 80), seed)).disagrees ? 1 : 0)))

  test('agree where beliefs allow for what is lost, and not where more is', () => {
    expect(disagree(site(0, 1))).toBe(0)
    expect(disagree(site(1, 8))).toBeLessThan(0.05)
    expect(disagree(site(6, 1))).toBe(1)
  })

  test('disagree by nothing where all is counted and nothing is doubted, but for what adding up does', () => {
    const exact = Array.from({ length: 50 }, (_, index) => shelved(0.1 + index / 3, 7, 7, 0))
    expect(estimated(exact, draw(planSample(exact, 50), 1)).disagrees).toBe(false)
    const wrong = exact.with(3, shelved(1.1, 7, 6, 0))
    expect(estimated(wrong, draw(planSample(wrong, 50), 1)).disagrees).toBe(true)
  })
})
