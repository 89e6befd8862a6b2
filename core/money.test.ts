import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { add, allot, money, negate, nothing, parseMoney, share, subtract, times } from './money.ts'
import { quantity } from './quantity.ts'

describe('money', () => {
  test.each([1.5, Number.NaN, 2 ** 53])('is never %d minor units', (minor) => {
    expect(() => money(minor)).toThrow(RangeError)
  })

  test('is never minus nothing', () => {
    expect(Object.is(negate(nothing), 0)).toBe(true)
    expect(Object.is(share(money(-5), quantity(0), quantity(3)), 0)).toBe(true)
    expect(allot(money(-5), [0, 2, 0, 1])).toEqual([0, -3, 0, -2])
    expect(negate(money(5))).toBe(-5)
  })

  test('a price for many is exact, or no price', () => {
    expect(times(money(199), quantity(3))).toBe(597)
    expect(() => times(money(2 ** 40), quantity(2 ** 20))).toThrow(RangeError)
  })

  //    value                    part  whole  share
  test.each([
    [100,                         1,    3,     33],
    [200,                         1,    3,     67],
    [1,                           1,    2,     0],
    [3,                           1,    2,     2],
    [5,                           1,    2,     2],
    [-1,                          1,    2,     0],
    [-3,                          1,    2,     -2],
    [-100,                        1,    3,     -33],
    [100,                         -1,   3,     -33],
    [9_007_199_254_740_991,       2,    3,     6_004_799_503_160_661],
  ])('of %d, %d of %d are %d: rounded once, half to even', (value, part, whole, expected) => {
    expect(share(money(value), quantity(part), quantity(whole))).toBe(expected)
  })

  test('what parts take one after the other is the whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 }), (value, parts) => {
        let left = money(value)
        let count = parts.reduce((sum, part) => sum + part, 0)
        let taken = nothing
        for (const part of parts) {
          const some = share(left, quantity(part), quantity(count))
          expect(Math.abs(some - (left * part) / count)).toBeLessThanOrEqual(0.5)
          taken = add(taken, some)
          left = subtract(left, some)
          count -= part
        }
        expect([taken, left]).toEqual([value, 0])
      }),
    )
  })

  test.each([
    ['12',           1200],
    ['12.5',         1250],
    ['0.005',        0],
    ['0.015',        2],
    ['-0.015',       -2],
    ['699.0982',     69_910],
    ['-0',           0],
    ['',             undefined],
    ['1e3',          undefined],
    ['1,5',          undefined],
    ['.5',           undefined],
    ['999999999999999', undefined],
  ])('reads %j as %j minor units', (text, minor) => {
    expect(parseMoney(text)).toBe(minor)
  })
})
