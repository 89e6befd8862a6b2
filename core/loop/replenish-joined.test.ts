// What terms make of orders: tables of stories, and what holds of any lines and terms.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coverOf, joinOrder, type JoinLine, type OrderTerms } from './replenish-joined.ts'

const line = (more: Partial<JoinLine> & { readonly item: number }): JoinLine => ({
  quantity: 0, minimum: 1, multiple: 1, most: null, price: 100, weight: 1_000, risk: 0, perDay: 1, position: 14, days: 14, ...more,
})
const terms = (more: Partial<OrderTerms>): OrderTerms => ({ least: 0, loadUnits: null, loadWeight: null, ...more })

describe('a least order', () => {
  test('is made of what is needed next, of what runs out first', () => {
    const lines = [line({ item: 1, quantity: 10, position: 4, risk: 900 }), line({ item: 2, position: 20 }), line({ item: 3, position: 100 })]
    const joined = joinOrder(lines, terms({ least: 3_000 }))
    // 14 and 20 days are covered; 20 more pieces bring both to 27 days.
    expect(joined).toMatchObject({ quantities: [23, 7, 0], proposed: 1_000, value: 3_000, raised: 'least', waits: null })
  })

  test('waits where bringing goods forward costs more than is at risk', () => {
    const lines = [line({ item: 1, quantity: 2, price: 1_000, risk: 1 })]
    expect(joinOrder(lines, terms({ least: 60_000 }))).toMatchObject({ quantities: [2], value: 2_000, raised: null, waits: 'cost', risk: 1 })
    expect(joinOrder([{ ...lines[0]!, risk: 100_000 }], terms({ least: 60_000 }))).toMatchObject({ quantities: [60], waits: null, raised: 'least' })
  })

  test('waits where not all that may be brought forward makes it, and where nobody wants the rest', () => {
    expect(joinOrder([line({ item: 1, quantity: 2, risk: 1e9 })], terms({ least: 1e9 }))).toMatchObject({ quantities: [2], waits: 'reach' })
    expect(joinOrder([line({ item: 1, quantity: 2, risk: 1e9, perDay: 0 })], terms({ least: 300 }))).toMatchObject({ waits: 'reach' })
  })

  test('is nobody\'s concern where nothing is wanted, or enough', () => {
    expect(joinOrder([line({ item: 1 })], terms({ least: 300 }))).toMatchObject({ quantities: [0], waits: null, raised: null, value: 0 })
    expect(joinOrder([line({ item: 1, quantity: 3 })], terms({ least: 300 }))).toMatchObject({ quantities: [3], waits: null, raised: null })
    expect(joinOrder([], terms({ least: 300, loadUnits: 3 }))).toMatchObject({ quantities: [], waits: null, raised: null })
  })
})

describe('a load', () => {
  test.each([
    ['nearly full is filled',          90,   100, null,      [100], 'load', 1],
    ['half full is left',              50,   100, null,      [50],  null,   0.5],
    ['of the second one counts too',   190,  100, null,      [200], 'load', 2],
    ['just over one is left',          110,  100, null,      [110], null,   1.1],
    ['full is left',                   100,  100, null,      [100], null,   1],
    ['by weight',                      90,   null, 100_000,  [100], 'load', 1],
    ['by what is more of the two',     90,   1_000, 95_000,  [95],  'load', 1],
  ] as const)('%s', (_name, quantity, loadUnits, loadWeight, quantities, raised, loads) => {
    expect(joinOrder([line({ item: 1, quantity, perDay: 5 })], terms({ loadUnits, loadWeight }))).toMatchObject({ quantities, raised, loads })
  })

  test('takes packs that fit, and nothing whose weight nobody knows', () => {
    const lines = [line({ item: 1, quantity: 90, multiple: 15, perDay: 5 }), line({ item: 2, multiple: 7, minimum: 7, perDay: 5 })]
    expect(joinOrder(lines, terms({ loadUnits: 100 }))).toMatchObject({ quantities: [90, 7], raised: 'load', loads: 0.97 })
    expect(joinOrder([line({ item: 1, quantity: 9, perDay: 5 }), line({ item: 2, weight: null, position: 0 })], terms({ loadWeight: 10_000 }))).toMatchObject({ quantities: [10, 0] })
  })
})

const anyLine = fc.record({
  quantity: fc.nat(200), minimum: fc.integer({ min: 1, max: 40 }), multiple: fc.integer({ min: 1, max: 24 }), price: fc.nat(5_000),
  weight: fc.option(fc.integer({ min: 1, max: 100_000 })), risk: fc.nat(1_000_000), perDay: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 50, noNaN: true })),
  position: fc.double({ min: -100, max: 1_000, noNaN: true }), days: fc.integer({ min: 1, max: 60 }), most: fc.option(fc.nat(300)),
})
const anyOrder = fc.tuple(
  fc.array(anyLine, { maxLength: 12 }).map((lines) => lines.map((one, item): JoinLine => ({
    ...one, item, quantity: one.quantity === 0 ? 0 : Math.ceil(Math.max(one.quantity, one.minimum) / one.multiple) * one.multiple,
  }))),
  fc.record({ least: fc.nat(500_000), loadUnits: fc.option(fc.integer({ min: 1, max: 2_000 })), loadWeight: fc.option(fc.integer({ min: 1, max: 10_000_000 })) }),
)

test('whatever the lines: lots, the least or waiting, full at most, no more than 90 days early, and cover is equal', () => {
  fc.assert(fc.property(anyOrder, ([lines, asked]) => {
    const joined = joinOrder(lines, asked)
    const { quantities, waits, raised, value } = joined
    for (const [index, one] of lines.entries()) {
      const quantity = quantities[index]!
      expect(quantity).toBeGreaterThanOrEqual(one.quantity)
      if (quantity > one.quantity) expect(quantity).toBeLessThanOrEqual(one.most ?? Infinity)
      if (quantity > 0) expect([quantity % one.multiple, quantity >= one.minimum]).toEqual([0, true])
      // Whatever was raised was below 90 days before its last pack.
      if (quantity > one.quantity) expect(coverOf(one, beforeLast(one, quantity))).toBeLessThan(one.days + 90 + 1e-6)
    }
    if (waits !== null) expect([quantities, raised]).toEqual([lines.map((one) => one.quantity), null])
    else expect(quantities.every((quantity) => quantity === 0) || value >= asked.least).toBe(true)
    if (waits === 'cost') expect(joined.risk).toBeLessThan(joined.cost)
    if (raised === null) expect(quantities).toEqual(lines.map((one) => one.quantity))
    if (raised === 'load') expect(joined.loads! - Math.floor(joined.loads! - 1e-9)).toBeGreaterThanOrEqual(0.845)
  }))
})

/** What it was before the last pack that it got. */
const beforeLast = ({ quantity, minimum, multiple }: JoinLine, now: number): number => {
  const before = now - multiple
  return before < minimum ? quantity === now ? now : 0 : Math.max(quantity, before)
}

test('a line that is raised runs out no later before its last pack than any other does', () => {
  fc.assert(fc.property(anyOrder, ([lines, { least }]) => {
    const { quantities, raised } = joinOrder(lines, { least, loadUnits: null, loadWeight: null })
    fc.pre(raised === 'least')
    for (const [index, one] of lines.entries()) {
      if (quantities[index]! === one.quantity) continue
      for (const [other, two] of lines.entries()) {
        const next = Math.ceil(Math.max(quantities[other]! + 1, two.minimum) / two.multiple) * two.multiple
        const isFull = !(two.perDay > 0) || next > (two.most ?? Infinity) || coverOf(two, quantities[other]!) >= two.days + 90 - 1e-3
        if (!isFull && other !== index) expect(coverOf(one, beforeLast(one, quantities[index]!))).toBeLessThanOrEqual(coverOf(two, quantities[other]!) + 1e-3)
      }
    }
  }), { numRuns: 300 })
  expect(joinOrder([], terms({}))).toMatchObject({ quantities: [], value: 0 })
})
