// Currency: an amount is a whole number of a currency's minor units, and only amounts of one currency are added up. Between two currencies a rate
// of a day is used, exactly as it was entered, and the result is rounded once, half to even.
//
// A rate says how many billionths of one unit of the company's own currency one unit of another is worth; the company's own is worth one.

import type { Day } from './calendar.ts'
import { divideHalfEven, money, type Money } from './money.ts'

/** Three letters of ISO 4217. */
export type Currency = string

export interface Rate {
  readonly currency: Currency
  readonly validFrom: Day
  readonly rate_e9: number
}

/** One unit of the company's own currency. */
export const RATE_ONE = 1_000_000_000

/** Digits behind the point where they are not two. */
const digits: ReadonlyMap<Currency, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map(
    (code) => [code, 0] as const,
  ),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
])

/** How many digits of an amount stand behind the point: 2 for most, 0 for yen. */
export const minorDigits = (currency: Currency): number => digits.get(currency) ?? 2

/** The rate of a currency on a day: the last that had begun by then. */
export const rateOn = (rates: readonly Rate[], currency: Currency, day: Day): Rate | undefined =>
  rates.reduce<Rate | undefined>(
    (best, one) => (one.currency === currency && one.validFrom <= day && (best === undefined || one.validFrom > best.validFrom) ? one : best),
    undefined,
  )

/** `amount` of one currency in another, each with its rate in billionths of the company's own; half to even. Throws TooLarge beyond 2^53. */
export function exchanged(
  amount: Money,
  from: { readonly currency: Currency; readonly rate_e9: number },
  to: { readonly currency: Currency; readonly rate_e9: number },
): Money {
  const numerator = BigInt(amount) * BigInt(from.rate_e9) * 10n ** BigInt(minorDigits(to.currency))
  return money(Number(divideHalfEven(numerator, BigInt(to.rate_e9) * 10n ** BigInt(minorDigits(from.currency)))))
}

/** An amount as people write it in a sentence, whatever their language: `USD 60.00`. */
export function written(amount: Money, currency: Currency): string {
  const digits = minorDigits(currency)
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  const [whole, part] = [text.slice(0, text.length - digits), text.slice(text.length - digits)]
  return `${currency} ${amount < 0 ? '-' : ''}${whole}${digits === 0 ? '' : `.${part}`}`
}
