import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Day } from './calendar.ts'
import { exchanged, minorDigits, RATE_ONE, rateOn, written } from './currency.ts'
import { money } from './money.ts'

const own = { currency: 'USD', rate_e9: RATE_ONE }

describe('an amount in another currency', () => {
  test.each([
    // amount  from   rate            to     rate            result
    [10_000,   'EUR', 1_083_400_000,  'USD', RATE_ONE,       10_834],
    [10_834,   'USD', RATE_ONE,       'EUR', 1_083_400_000,  10_000],
    [1_000,    'JPY', 6_700_000,      'USD', RATE_ONE,       670],
    [670,      'USD', RATE_ONE,       'JPY', 6_700_000,      1_000],
    [1_234,    'KWD', 3_250_000_000,  'USD', RATE_ONE,       401],
    // half to even: 0.5 of a cent, 1.5 of a cent
    [1,        'EUR', 500_000_000,    'USD', RATE_ONE,       0],
    [3,        'EUR', 500_000_000,    'USD', RATE_ONE,       2],
    [0,        'EUR', 1_083_400_000,  'JPY', 6_700_000,      0],
  ])('%i minor units of %s at %i in %s at %i are %i', (amount, from, rateFrom, to, rateTo, result) => {
    expect(exchanged(money(amount), { currency: from, rate_e9: rateFrom }, { currency: to, rate_e9: rateTo })).toBe(result)
  })

  test('is the same amount in its own currency, and comes back to within half a unit of what one of them is worth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 1_000_000, max: 5_000_000_000 }), (amount, rate_e9) => {
        const other = { currency: 'EUR', rate_e9 }
        expect(exchanged(money(amount), other, other)).toBe(amount)
        const there = exchanged(money(amount), own, other)
        const worth = rate_e9 / RATE_ONE
        expect(Math.abs(exchanged(there, other, own) - amount)).toBeLessThanOrEqual(worth / 2 + 0.5)
      }),
    )
  })

  test('is refused where it could not be kept exactly', () => {
    expect(() => exchanged(money(Number.MAX_SAFE_INTEGER), { currency: 'EUR', rate_e9: 2 * RATE_ONE }, own)).toThrow('beyond 2^53')
  })
})

test('a rate holds from its day on, until the next', () => {
  const rates = [
    { currency: 'EUR', validFrom: '2026-01-01' as Day, rate_e9: 1 },
    { currency: 'EUR', validFrom: '2026-03-01' as Day, rate_e9: 2 },
    { currency: 'GBP', validFrom: '2026-03-02' as Day, rate_e9: 3 },
  ]
  expect(['2025-12-31', '2026-01-01', '2026-02-28', '2026-03-01', '2027-01-01'].map((day) => rateOn(rates, 'EUR', day as Day)?.rate_e9)).toEqual([undefined, 1, 1, 2, 2])
})

test('most currencies have two digits behind the point, yen none and Kuwaiti dinars three', () => {
  expect(['USD', 'EUR', 'JPY', 'KWD'].map(minorDigits)).toEqual([2, 2, 0, 3])
})

test.each([
  [123_456, 'USD', 'USD 1234.56'],
  [5,       'EUR', 'EUR 0.05'],
  [-250,    'USD', 'USD -2.50'],
  [0,       'USD', 'USD 0.00'],
  [1_500,   'JPY', 'JPY 1500'],
])('%i is written as %s: %s', (amount, currency, text) => {
  expect(written(money(amount), currency)).toBe(text)
})
