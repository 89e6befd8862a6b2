import { describe, expect, test } from 'vitest'
import type { Day } from './calendar.ts'
import { offersFor, priceOf, type CarrierService } from './carrier.ts'
import { money } from './money.ts'
import { walkOrderOf, walkedLast } from './place.ts'
import { weightOf } from './package.ts'
import { quantity, TooLarge } from './quantity.ts'
import { parseWeight, sumOfWeights, weight } from './weight.ts'

const service = (code: string, minimum: number, rate: number, rateUnit: 'LB' | 'KG' = 'LB', transitDays: number | null = null): CarrierService =>
  ({ service: code.codePointAt(0)!, code, carrier: code, name: code, minimum: money(minimum), rate: money(rate), rateUnit, transitDays })
const LB = 453_592

describe('a price', () => {
  //    what                                  minimum rate  unit  milligrams   price
  test.each<[string, number, number, 'LB' | 'KG', number, number]>([
    ['is never below the minimum',            395,    99,   'LB', 1_000,       395],
    ['is the rate for each unit',             0,      100,  'KG', 3_000_000,   300],
    ['a started minor unit counts',           0,      99,   'LB', 453_593,     100],
    ['a pound is not quite 453,592 mg',       0,      99,   'LB', LB,          99],
    ['of a truck load stays exact',           395,    99,   'LB', 20_000_000_000, 4_365_153],
    ['of nothing is the minimum',             395,    99,   'LB', 0,           395],
  ])('%s', (_what, minimum, rate, unit, milligrams, price) => {
    expect(priceOf(service('A', minimum, rate, unit), weight(milligrams))).toBe(price)
  })

  test('beyond what can be kept exactly is refused by the lane', () => {
    expect(() => priceOf(service('A', 0, 1_000_000_000_000), weight(1_000_000_000_000))).toThrow(TooLarge)
  })

  test('is asked of all services: the cheapest first, then the fastest', () => {
    const offers = offersFor([service('A', 500, 0, 'KG', 5), service('B', 500, 0, 'KG', 2), service('C', 500, 0), service('D', 100, 0)], weight(1), '2026-03-02' as Day)
    expect(offers.map(({ service: { code }, price, promised }) => [code, price, promised])).toEqual([
      ['D', 100, null], ['B', 500, '2026-03-04'], ['A', 500, '2026-03-07'], ['C', 500, null],
    ])
  })
})

describe('a weight', () => {
  test('is read exactly and rounded once', () => {
    expect([parseWeight('1', 'LB'), parseWeight('2.24', 'LB'), parseWeight('435', 'G'), parseWeight('0.5', 'KG'), parseWeight('', 'KG'), parseWeight('1e3', 'G')])
      .toEqual([453_592, 1_016_047, 435_000, 500_000, undefined, undefined])
  })

  test('of a package is what the scale says, or carton and content, or not known', () => {
    const two = { each: weight(500), quantity: quantity(2) }
    expect(weightOf({ carton: weight(30), weighed: null }, [two, two])).toBe(2_030)
    expect(weightOf({ carton: weight(30), weighed: weight(9) }, [two])).toBe(9)
    expect(weightOf({ carton: weight(30), weighed: null }, [two, { each: null, quantity: quantity(1) }])).toBeNull()
    expect(sumOfWeights([])).toBe(0)
  })
})

test('bins are walked up one aisle and down the next, and those without a position last', () => {
  const bins = { a: [1, 1, 1], b: [1, 1, 2], c: [1, 9, 1], d: [2, 9, 1], e: [2, 1, 1], f: [3, 1, 1] } as const
  const walk = Object.entries(bins).map(([code, [aisle, rack, level]]) => [code, walkOrderOf({ aisle, rack, level })] as const)
  expect(walk.toSorted((a, b) => a[1] - b[1]).map(([code]) => code).join('')).toBe('abcdef')
  expect(walkOrderOf({ aisle: 99_999, rack: 9_999, level: 9_999 })).toBeLessThan(walkedLast)
  expect(walkOrderOf(null)).toBe(walkedLast)
})
