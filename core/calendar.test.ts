import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, dayOf, instant, parseDay, startOf, textOf, type Day } from './calendar.ts'

describe('a day', () => {
  test.each([
    ['2026-11-23', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-02-30', false],
    ['2026-13-01', false],
    ['0000-01-01', false],
    ['0001-01-01', true],
    ['9999-12-31', true],
    ['26-11-23',   false],
    ['2026-11-23T00:00:00Z', false],
  ])('%s exists: %s', (text, exists) => {
    expect(parseDay(text)).toBe(exists ? text : undefined)
  })

  test('days compare as text, also over months and leap years', () => {
    const days = fc.integer({ min: -700_000, max: 2_900_000 })
    fc.assert(
      fc.property(days, days, (a, b) => {
        const [first, second] = [addDays('1970-01-01' as Day, a), addDays('1970-01-01' as Day, b)]
        expect(Math.sign(a - b)).toBe(first < second ? -1 : first > second ? 1 : 0)
        expect(parseDay(first)).toBe(first)
      }),
    )
  })

  test('ends where the next begins', () => {
    expect(dayOf(instant(startOf('2026-03-02' as Day) - 1))).toBe('2026-03-01')
    expect(textOf(startOf('2026-03-02' as Day))).toBe('2026-03-02T00:00:00.000Z')
  })
})

test.each([0.5, Number.NaN, 253_402_300_800_000, -62_135_596_800_001])('%d is no instant', (milliseconds) => {
  expect(() => instant(milliseconds)).toThrow(RangeError)
})
