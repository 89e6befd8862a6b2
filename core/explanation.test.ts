import { describe, expect, test } from 'vitest'
import type { Day } from './calendar.ts'
import { instant } from './calendar.ts'
import { amountInWords, costInWords, promiseInWords, quantityInWords, type SpokenPromise } from './explanation.ts'
import { money } from './money.ts'
import { none, quantity } from './quantity.ts'

const spoken = { sku: 'BELL', site: 'SEA', at: instant(Date.parse('2026-03-02T08:00:00Z')), sequence: 7 }

describe('an explanation in words', () => {
  test.each([
    [123_456, 'USD', '1234.56 USD'], [5, 'USD', '0.05 USD'], [-5, 'USD', '-0.05 USD'], [-123, 'JPY', '-123 JPY'], [1_234, 'KWD', '1.234 KWD'], [0, 'EUR', '0.00 EUR'],
  ])('%i minor units of %s are %s', (amount, currency, words) => expect(amountInWords(money(amount), currency)).toBe(words))

  test('says how much, where and as of when', () => {
    expect(quantityInWords(quantity(1), false, spoken)).toBe('1 of BELL was at SEA on 2026-03-02 at 08:00 UTC, as far as move 7 was known: what came in less what went out.')
    expect(quantityInWords(quantity(2), true, spoken)).toContain('2 of BELL were there on 2026')
  })

  test('says no cost of one where there is none, and of the next only as it is now', () => {
    const cost = { quantity: none, value: money(0), method: 'fifo', each: null, leaves: null, wanted: quantity(1) } as const
    expect(costInWords(cost, 'USD', spoken)).toMatch(/first in, first out\.$/)
    expect(costInWords({ ...cost, leaves: money(250) }, 'USD', spoken)).toMatch(/first in, first out\. The next 1 to leave would cost 2\.50 USD\.$/)
  })

  const [first, later] = ['2026-03-05' as Day, '2026-03-09' as Day]
  const promise: SpokenPromise = { promised: first, told: first, estimate: first, open: quantity(2), first: { reason: 'in_stock', confidence: 'high', because: null } }
  test.each<[string, Partial<SpokenPromise>, string]>([
    ['as it was given',        {},                                                 'Line 1 was promised for 2026-03-05, from stock. Now it is expected on 2026-03-05.'],
    ['told later',             { told: later, estimate: later },                   'Line 1 was promised for 2026-03-05, from stock. The customer was later told 2026-03-09. Now it is expected on 2026-03-09.'],
    ['nothing covers it',      { estimate: null },                                 'Line 1 was promised for 2026-03-05, from stock. Now nothing is known that covers all of it.'],
    ['all is shipped',         { estimate: null, open: none },                     'Line 1 was promised for 2026-03-05, from stock. Nothing of it is open.'],
    ['no day was given',       { promised: null, told: null, estimate: null, first: { reason: 'no_supply', confidence: 'none', because: 'All of it waits.' } },
      'Line 1 has no day, and nothing covered it. All of it waits. Now nothing is known that covers all of it.'],
  ])('of a promise: %s', (_story, changed, words) => expect(promiseInWords({ ...promise, ...changed }, 1)).toBe(words))
})
