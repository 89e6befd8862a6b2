// SSCC: the number on a package's label, after GS1: an extension digit, the company's prefix, a serial reference and a check digit, 18 digits in
// all. A site counts its packages from 1; the count fills what the prefix leaves free, its first digit being the extension digit.

import type { SiteId } from './item.ts'
import { TooLarge } from './quantity.ts'

const DIGITS_BEFORE_CHECK = 17

/** A site without a prefix of its own numbers in-house: GS1 keeps 04 for restricted circulation; the site's id keeps sites apart. */
export const ssccPrefixOf = (site: SiteId, own: string | null): string => own ?? `04${String(site).padStart(8, '0')}`

/** Throws TooLarge when the site has used all numbers of its prefix. */
export function ssccOf(prefix: string, number: number): string {
  const length = DIGITS_BEFORE_CHECK - prefix.length
  const serial = String(number).padStart(length, '0')
  if (serial.length > length) throw new TooLarge(`The prefix ${prefix} has no number ${number}.`)
  const digits = `${serial.slice(0, 1)}${prefix}${serial.slice(1)}`
  return `${digits}${checkDigit(digits)}`
}

/** GS1's check digit: digits weigh 3 and 1 in turn, from the right, and all come to a multiple of ten. */
export function checkDigit(digits: string): number {
  const sum = Array.from(digits, Number)
    .toReversed()
    .reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 3 : 1), 0)
  return (10 - (sum % 10)) % 10
}

/** Whether two sites could give out the same number. */
export const prefixesMeet = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one)
