import { expect, test } from 'vitest'
import { foundAgainst } from './count-prediction.ts'

const believed = { expected: 7.5, low: 5, high: 10, empty: 0 }

test.each([
  ['nothing moved',                        { recorded: 10, listed: 10 }, { counted: 5, recorded: 10 },  { moved: 0, expected: 7.5, low: 5, high: 10, isInBand: true }],
  ['four were sold before it was counted', { recorded: 10, listed: 10 }, { counted: 5, recorded: 6 },   { moved: -4, expected: 3.5, low: 1, high: 6, isInBand: true }],
  ['more than could have been sold',       { recorded: 10, listed: 10 }, { counted: 0, recorded: 1 },   { moved: -9, expected: 0, low: 0, high: 1, isInBand: true }],
  ['fewer than anybody believed',          { recorded: 10, listed: 10 }, { counted: 4, recorded: 10 },  { moved: 0, expected: 7.5, low: 5, high: 10, isInBand: false }],
  ['only some of it is on the sheet',      { recorded: 10, listed: 4 },  { counted: 2, recorded: 4 },   { moved: 0, expected: 1.5, low: 0, high: 4, isInBand: true }],
] as const)('%s', (_what, then, found, told) => {
  expect(foundAgainst({ ...then, believed }, found)).toEqual(told)
})

test('what nothing was believed of is told against nothing', () => {
  expect(foundAgainst({ recorded: 1, listed: 1, believed: null }, { counted: 1, recorded: 1 })).toBeUndefined()
})
