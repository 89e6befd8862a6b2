import { describe, expect, test } from 'vitest'
import type { SiteId } from './item.ts'
import { TooLarge } from './quantity.ts'
import { checkDigit, prefixesMeet, ssccOf, ssccPrefixOf } from './sscc.ts'

describe('an SSCC', () => {
  test("has GS1's check digit", () => {
    // GS1 General Specifications, figure 7.9-1: 37610425002123456 has the check digit 9.
    expect(checkDigit('37610425002123456')).toBe(9)
    expect(checkDigit('00000000000000000')).toBe(0)
  })

  test('is the prefix with the count around it: its first digit before, the rest behind', () => {
    expect(ssccOf('0614141', 1)).toBe(`0${'0614141'}000000001${checkDigit('00614141000000001')}`)
    expect(ssccOf('0614141', 3_000_000_002)).toBe(`3${'0614141'}000000002${checkDigit('30614141000000002')}`)
    expect(ssccOf('0614141', 7)).toHaveLength(18)
  })

  test('has an end: a prefix gives so many numbers and no more', () => {
    expect(ssccOf('1234567890123', 9_999)).toMatch(/^91234567890123999\d$/)
    expect(() => ssccOf('1234567890123', 10_000)).toThrow(TooLarge)
  })

  test('of a site without a prefix carries the site, so that sites never meet', () => {
    expect(ssccPrefixOf(1001 as SiteId, null)).toBe('0400001001')
    expect(ssccPrefixOf(1001 as SiteId, '0614141')).toBe('0614141')
    expect([prefixesMeet('0614141', '06141411'), prefixesMeet('06141412', '06141411')]).toEqual([true, false])
  })
})
