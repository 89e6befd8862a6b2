import fc from 'fast-check'
import { expect, test } from 'vitest'
import { creditOf, exposureOf } from './credit.ts'
import type { Currency } from './currency.ts'
import { money } from './money.ts'
import { quantity } from './quantity.ts'

const usd = 'USD' as Currency
const line = (ordered: number, cancelled: number, shipped: number) => ({
  quantity: quantity(ordered),
  cancelled: quantity(cancelled),
  shipped: quantity(shipped),
  unitPrice: money(1_000),
})

test.each([
  ['nothing has left',             line(10, 0, 0), { open: 10_000, owed: 0 }],
  ['a part has left',              line(10, 0, 4), { open: 6_000, owed: 4_000 }],
  ['a part is cancelled',          line(10, 3, 4), { open: 3_000, owed: 4_000 }],
  ['all of what is left has left', line(10, 3, 7), { open: 0, owed: 7_000 }],
])('%s', (_what, one, expected) => {
  expect(creditOf(one, undefined, undefined, usd)).toEqual(expected)
})

test('discounts and tax count with the part that they are of', () => {
  const price = { discount: money(1_000), orderDiscount: money(500), tax: money(850) }
  expect(creditOf(line(10, 0, 5), price, undefined, usd)).toEqual({ open: 9_350 - 4_675, owed: 4_675 })
})

test('an order in another currency counts at the rate that it keeps', () => {
  const yen = { currency: 'JPY' as Currency, rate_e9: 7_000_000 }
  // 10,000 yen at 0.007 dollars.
  expect(creditOf(line(10, 0, 0), undefined, yen, usd)).toEqual({ open: 7_000, owed: 0 })
})

test('what leaves moves from one to the other, and never changes what both come to', () => {
  const amount = fc.integer({ min: 0, max: 100_000 })
  const some = fc.integer({ min: 1, max: 500 })
  fc.assert(
    fc.property(some, fc.nat(500), fc.nat(500), amount, amount, fc.integer({ min: 1, max: 5_000_000_000 }), (ordered, cancelled, shipped, discount, tax, rate_e9) => {
      const kept = line(ordered, cancelled % ordered, 0)
      const left = { ...kept, shipped: quantity(shipped % (ordered - (cancelled % ordered) + 1)) }
      const price = { discount: money(Math.min(discount, ordered * 1_000)), orderDiscount: money(0), tax: money(tax) }
      const terms = { currency: 'EUR' as Currency, rate_e9 }
      expect(exposureOf(creditOf(left, price, terms, usd))).toBe(exposureOf(creditOf(kept, price, terms, usd)))
    }),
  )
})
