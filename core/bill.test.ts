import { describe, expect, test } from 'vitest'
import type { Day } from './calendar.ts'
import { isMadeOf, overlaps, required, type BillLine } from './bill.ts'
import type { ItemId } from './item.ts'
import { quantity } from './quantity.ts'

describe('what must go in', () => {
  //      for each  batch  lost of a million  output  needed
  test.each([
    [2,         1,     0,                 10,     20],
    [1,         3,     0,                 10,     4],
    [1,         3,     0,                 9,      3],
    [1,         1,     100_000,           9,      10],
    [1,         1,     100_000,           10,     12],
    [25,        100,   0,                 1,      1],
    [3,         1,     999_999,           1,      3_000_000],
    [1,         1,     0,                 0,      0],
  ])('%i for each %i with %i in a million lost: %i need %i', (some, batch, scrapPerMillion, output, needed) => {
    expect(required({ quantity: quantity(some), batch: quantity(batch), scrapPerMillion }, quantity(output))).toBe(needed)
  })
})

describe('days of a bill', () => {
  const line = (validFrom: string, validTo: string | null): BillLine =>
    ({ parent: 1 as ItemId, component: 2 as ItemId, quantity: quantity(1), batch: quantity(1), scrapPerMillion: 0, validFrom: validFrom as Day, validTo: validTo as Day | null })

  test.each([
    ['2026-03-01', '2026-03-31', '2026-04-01', null,         false],
    ['2026-03-01', '2026-03-31', '2026-03-31', null,         true],
    ['2026-03-01', null,         '2027-01-01', '2027-01-02', true],
  ])('%s to %s and %s to %s overlap: %s', (from, to, otherFrom, otherTo, both) => {
    expect([overlaps(line(from, to), line(otherFrom, otherTo)), overlaps(line(otherFrom, otherTo), line(from, to))]).toEqual([both, both])
  })
})

test('an item is made of itself and of all that is below it', () => {
  const parts: Record<number, number[]> = { 1: [2, 3], 2: [4], 3: [4], 4: [] }
  const of = (from: number, target: number) => isMadeOf(from as ItemId, target as ItemId, (item) => (parts[item] ?? []) as ItemId[])
  expect([of(1, 1), of(1, 4), of(2, 3), of(4, 1)]).toEqual([true, true, false, false])
})
