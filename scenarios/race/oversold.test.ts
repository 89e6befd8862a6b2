import { describe, expect, test } from 'vitest'
import type { Command, Happening, Told } from './history.ts'
import { excesses, undueShorts, type Short } from './oversold.ts'

const order: Command = { kind: 'order', site: 'SEA', lines: [] }
const held = (number: string, quantity: number, source = 'SEA'): Told => ({ order: number, lines: [{ line: 1, sku: 'A', quantity, held: quantity, source }] })
const lines = (quantity: number) => [{ sku: 'A', quantity }]
const sale = (quantity: number): Command => ({ kind: 'sale', site: 'SEA', lines: lines(quantity) })
const receipt = (quantity: number): Command => ({ kind: 'receipt', site: 'SEA', lines: lines(quantity) })
const transfer = (quantity: number): Command => ({ kind: 'transfer', site: 'SEA', to: 'PDX', lines: lines(quantity) })
const cancel: Command = { kind: 'cancel', order: 'SEA-1', lines: null }
const ship: Command = { kind: 'ship', order: 'SEA-1', site: 'SEA' }

const output = (quantity: number): Command => ({ kind: 'output', site: 'SEA', lines: lines(quantity) })
const made = (kind: 'issue' | 'unmake' | 'dispatch' | 'arrival', site = 'SEA'): Command => ({ kind, site, document: 'w' })
const goods = (quantity: number): Told => ({ goods: lines(quantity) })

type Row = readonly [type: Happening['type'], command: Command, told?: Told]
const history = (rows: readonly Row[]): Happening[] =>
  rows.map(([type, command, told], index) => ({ milliseconds: index, operation: rows.findIndex((row) => row[1] === command || (row[1].kind === command.kind && 'document' in command)), type, command, ...(told && { told }) }))

describe('with 5 pieces at Seattle', () => {
  test.each<[string, number, readonly Row[], readonly Short[]]>([
    ['holds of 5',                                  0, [['ok', order, held('SEA-1', 5)]], []],
    ['holds of 6',                                  1, [['ok', order, held('SEA-1', 3)], ['ok', order, held('SEA-2', 3)]], []],
    ['a hold of Portland\'s stock',                 1, [['ok', order, held('SEA-1', 5)], ['ok', order, held('SEA-2', 1, 'PDX')]], []],
    ['a hold and a sale of the same piece',         1, [['ok', order, held('SEA-1', 5)], ['ok', sale(1)]], []],
    ['... that the hold was shorted for',           0, [['ok', order, held('SEA-1', 5)], ['ok', sale(1)]], [{ order: 'SEA-1', line: 1, quantity: 1 }]],
    ['a transfer of what is held',                  2, [['ok', order, held('SEA-1', 5)], ['ok', transfer(2)]], []],
    ['a hold after a receipt that may have come',   0, [['invoke', receipt(1)], ['ok', order, held('SEA-1', 6)]], []],
    ['a hold before the receipt was sent',          1, [['ok', order, held('SEA-1', 6)], ['invoke', receipt(1)]], []],
    ['a hold after a cancellation that may be',     0, [['ok', order, held('SEA-1', 5)], ['invoke', cancel], ['ok', order, held('SEA-2', 5)]], []],
    ['a hold before the cancellation was sent',     5, [['ok', order, held('SEA-1', 5)], ['ok', order, held('SEA-2', 5)], ['invoke', cancel]], []],
    ['a cancellation that failed, for it shipped',  5, [['ok', order, held('SEA-1', 5)], ['invoke', cancel], ['ok', ship, { shipped: [{ line: 1, quantity: 5 }] }], ['ok', order, held('SEA-2', 5)]], []],
    ['a shipment of what is held',                  0, [['ok', order, held('SEA-1', 5)], ['ok', ship, { shipped: [{ line: 1, quantity: 5 }] }]], []],
    ['what is held, and goes into production',      2, [['ok', order, held('SEA-1', 4)], ['ok', made('issue'), goods(3)]], []],
    ['... or to another site',                      2, [['ok', order, held('SEA-1', 4)], ['ok', made('dispatch'), goods(3)]], []],
    ['a hold of what was made',                     0, [['invoke', output(1)], ['ok', order, held('SEA-1', 6)]], []],
    ['a hold before it was made',                   1, [['ok', order, held('SEA-1', 6)], ['invoke', output(1)]], []],
    ['a hold of what came back from production',    1, [['ok', made('issue'), goods(3)], ['invoke', made('unmake')], ['ok', order, held('SEA-1', 5)], ['ok', made('unmake'), goods(2)]], []],
    ['a hold of what arrives',                      0, [['invoke', made('arrival')], ['ok', order, held('SEA-1', 7)], ['ok', made('arrival'), goods(2)]], []],
    ['... at another site',                         2, [['invoke', made('arrival', 'PDX')], ['ok', order, held('SEA-1', 7)], ['ok', made('arrival', 'PDX'), goods(2)]], []],
    ['what nobody knows the outcome of',            0, [['ok', order, held('SEA-1', 5)], ['invoke', sale(5)], ['info', sale(5)]], []],
    ['what was refused',                            0, [['ok', order, held('SEA-1', 5)], ['invoke', order], ['fail', order]], []],
  ])('%s: %i oversold', (_story, oversold, rows, shorts) => {
    const found = excesses(history(rows), (site) => (site === 'SEA' ? 5 : 0), shorts)
    expect(found.reduce((sum, one) => sum + one.given - one.there, 0)).toBe(oversold)
  })
})

test('no more is shorted than tills sold', () => {
  const short = { order: 'SEA-1', line: 1, site: 'SEA', sku: 'A' }
  const sold = history([['invoke', sale(2)]])
  expect(undueShorts(sold, [{ ...short, quantity: 2 }])).toEqual([])
  expect(undueShorts(sold, [{ ...short, quantity: 3 }])).toEqual(['SEA A: 1 shorted beyond what tills sold.'])
})
