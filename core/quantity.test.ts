import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { beyond, least, minus, none, plus, quantity } from './quantity.ts'

describe('a quantity', () => {
  test.each([0, 1, -4, Number.MAX_SAFE_INTEGER])('may be %d', (value) => {
    expect(quantity(value)).toBe(value)
  })

  test.each([0.5, Number.NaN, Infinity, 2 ** 53])('is never %d', (value) => {
    expect(() => quantity(value)).toThrow(RangeError)
  })

  test('sums beyond 2^53 are no quantity', () => {
    expect(() => plus(quantity(Number.MAX_SAFE_INTEGER), quantity(1))).toThrow(RangeError)
  })

  test('what two share and what is beyond add up', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        const [first, second] = [quantity(a), quantity(b)]
        expect(plus(least(first, second), beyond(first, second))).toBe(first)
        expect(minus(plus(first, second), second)).toBe(first)
        expect(beyond(first, second) >= none).toBe(true)
      }),
    )
  })
})
