import { describe, expect, test } from 'vitest'
import { instant } from './calendar.ts'
import { isFarAbove, isWithin, tallyOf, type CountEntry } from './count-sheet.ts'
import { money } from './money.ts'
import { quantity } from './quantity.ts'

/** `minute part counted`, and the round where it is the second. */
const entries = (...told: readonly (readonly [number, string, number, number?])[]): CountEntry[] =>
  told.map(([minute, part, counted, round = 1], index) => ({
    sheet: 'sheet', entry: `e${index}`, number: index + 1, line: 1, round, part, counted: quantity(counted), countedAt: instant(minute * 60_000), counter: 'key:1', isAbsurd: false,
  }))

describe('what a position comes to', () => {
  test.each([
    ['one count',                                 entries([1, '', 5]),                               { counted: 5, firstAt: 1, countedAt: 1 }],
    ['parts are added',                           entries([1, 'left', 5], [2, 'right', 3]),          { counted: 8, firstAt: 1, countedAt: 2 }],
    ['a part counted again is replaced',          entries([1, 'left', 5], [2, 'right', 3], [3, 'left', 4]), { counted: 7, firstAt: 2, countedAt: 3 }],
    ['what was counted last stands, not what came last', entries([3, '', 4], [1, '', 9]),            { counted: 4, firstAt: 3, countedAt: 3 }],
    ['all of it replaces its parts',              entries([1, 'left', 5], [2, 'right', 3], [3, '', 9]), { counted: 9, firstAt: 3, countedAt: 3 }],
    ['a part replaces all of it',                 entries([1, '', 9], [2, 'left', 5]),               { counted: 5, firstAt: 2, countedAt: 2 }],
    ['at one instant the later entry stands',     entries([1, '', 9], [1, '', 5]),                   { counted: 5, firstAt: 1, countedAt: 1 }],
  ])('%s', (_what, told, { counted, firstAt, countedAt }) => {
    expect(tallyOf(told, 1)).toMatchObject({ counted, firstAt: firstAt * 60_000, countedAt: countedAt * 60_000 })
  })

  test('is what its round says, or the one before where nobody counted again', () => {
    expect(tallyOf([], 1)).toBeUndefined()
    expect(tallyOf(entries([1, '', 5], [2, '', 6, 2]), 2)).toMatchObject({ counted: 6 })
    expect(tallyOf(entries([1, '', 5]), 2)).toMatchObject({ counted: 5 })
  })
})

const limits = (units: number | null, perMillion: number | null, value: number | null) => ({
  units: units === null ? null : quantity(units), perMillion, value: value === null ? null : money(value),
})

test.each([
  ['nothing is off',                limits(null, null, null), { recorded: 10, difference: 0, value: 0 },       true],
  ['no limit is given',             limits(null, null, null), { recorded: 10, difference: 1, value: 100 },     false],
  ['as many as may be',             limits(2, null, null),    { recorded: 10, difference: -2, value: -200 },   true],
  ['one more',                      limits(2, null, null),    { recorded: 10, difference: 3, value: 300 },     false],
  ['a tenth of what is recorded',   limits(null, 100_000, null), { recorded: 20, difference: 2, value: 200 },  true],
  ['more than a tenth',             limits(null, 100_000, null), { recorded: 19, difference: 2, value: 200 },  false],
  ['where less than none is recorded no part of it', limits(null, 100_000, null), { recorded: -5, difference: 5, value: 5 }, false],
  ['few, but worth too much',       limits(2, null, 150),     { recorded: 10, difference: -2, value: -200 },   false],
  ['worth little',                  limits(null, null, 200),  { recorded: 10, difference: -2, value: -200 },   true],
])('within tolerance: %s', (_what, tolerance, found, expected) => {
  expect(isWithin(tolerance, found)).toBe(expected)
})

test('far above is more than ten times what is recorded, and than a hundred', () => {
  expect([isFarAbove(quantity(1_000), 5), isFarAbove(quantity(1_001), 5), isFarAbove(quantity(5_000), 500), isFarAbove(quantity(5_001), 500)]).toEqual([false, true, false, true])
})
