import { expect, test } from 'vitest'
import { meaningOf, quantityTyped, surely_max, type ToScan } from './count-scan.ts'

const line = (number: number, sku: string, place: string, more: Partial<ToScan> = {}): ToScan => ({
  line: number, sku, place, name: sku, lot: '', serial: '', condition: 'sellable', owner: 'US', ...more,
})
const sheet = [line(1, 'A', 'BIN-1'), line(2, 'A', 'BIN-2'), line(3, 'M', 'BIN-1', { lot: 'L1' }), line(4, 'M', 'BIN-1', { lot: 'L2' }), line(5, 'S', 'BIN-2', { serial: 'S-77' })]

test.each([
  ['a place',                          'bin-2', '',      { kind: 'place', place: 'BIN-2' }],
  ['a serial',                         's-77',  'BIN-1', { kind: 'one', line: sheet[4] }],
  ['an item at the place',             'a',     'BIN-2', { kind: 'one', line: sheet[1] }],
  ['an item that is at two places',    'A',     '',      { kind: 'several', lines: [sheet[0], sheet[1]] }],
  ['an item that is there in two lots', 'M',    'BIN-1', { kind: 'several', lines: [sheet[2], sheet[3]] }],
  ['a lot',                            'L2 ',   'BIN-1', { kind: 'one', line: sheet[3] }],
  ['an item of another place',         'm',     'BIN-2', { kind: 'find', sku: 'M', elsewhere: [sheet[2], sheet[3]] }],
  ['what is not on the sheet',         'X-9',   'BIN-2', { kind: 'find', sku: 'X-9', elsewhere: [] }],
  ['nothing',                          '  ',    'BIN-1', undefined],
] as const)('%s is understood', (_story, text, place, meaning) => {
  expect(meaningOf(text, sheet, place)).toEqual(meaning)
})

test.each([
  ['0',                    { counted: 0 }],
  [' 12 ',                 { counted: 12 }],
  [String(surely_max),     { counted: surely_max }],
  [String(surely_max + 1), { doubt: surely_max + 1 }],
  ['-3',                   { wrong: 'Fewer than none cannot be there. Count again.' }],
  ['2.5',                  { wrong: 'Enter a whole number, 0 where none is there.' }],
  ['',                     { wrong: 'Enter a whole number, 0 where none is there.' }],
  ['4006381333931',        { wrong: '4006381333931 is no quantity. Was something scanned into this field?' }],
] as const)('%j as a quantity', (text, typed) => {
  expect(quantityTyped(text)).toEqual(typed)
})
