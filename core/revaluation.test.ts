import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayOf, instant, day_ms, type Instant } from './calendar.ts'
import { ofReceipt } from './correction.ts'
import { methods, type ItemId, type Method, type PartyId } from './item.ts'
import { allot, money, nothing } from './money.ts'
import { virtualPlaces } from './place.ts'
import { quantity } from './quantity.ts'
import { inOrder, less, rewound, ValueChanges, walk, type ValueChange, type ValueMove } from './revaluation.ts'
import { unvalued, valuedAt, valueIn, valueOut, type ItemValue } from './value.ts'

const [item, owner] = [1 as ItemId, 1 as PartyId]
const start = Date.parse('2026-03-02T08:00:00Z')
const { supplier, customer } = virtualPlaces
const today = dayOf(instant(start))
const hour = 3_600_000

/** Positive comes in at so much in all, negative goes out; each is told an hour after the one before, and happened so many hours earlier. */
type Told = readonly [count: number, value?: number, hoursAgo?: number]

interface Ledger {
  readonly row: ItemValue
  readonly moves: readonly ValueMove[]
  readonly corrections: readonly ValueChange[]
  readonly late: number
}

/** What the lane makes of it. */
function posted(told: readonly Told[], method: Method = 'average'): Ledger {
  let row = unvalued(item, owner, money(100), method)
  const moves: ValueMove[] = []
  const corrections = new ValueChanges()
  let late = 0
  for (const [index, [count, value = 0, hoursAgo = 0]] of told.entries()) {
    const recordedAt = instant(start + index * hour)
    const at = valuedAt(instant(recordedAt - hoursAgo * hour), recordedAt)
    const comesIn = count > 0
    const valued = comesIn ? valueIn(row, quantity(count), money(value), at) : valueOut(row, quantity(-count), at)
    moves.push({ sequence: index + 1, item, owner, quantity: quantity(Math.abs(count)), comesIn, value: valued.value, place: comesIn ? supplier : customer, at })
    corrections.add(dayOf(at), ofReceipt(method).place, valued.correction)
    if (valued.isLate) late += 1
    row = valued.next
  }
  return { row, moves, corrections: corrections.rows, late }
}

function revalued({ moves, corrections }: Ledger, method: Method = 'average', added: ReadonlyMap<number, number> = new Map()) {
  const changes = new ValueChanges()
  const row = walk(unvalued(item, owner, money(100), method), inOrder(moves), new Map([...added].map(([move, amount]) => [move, money(amount)])), changes)
  less(changes, corrections)
  return { row, changes: changes.rows }
}

describe('what comes late', () => {
  //    story                                                        told                                                          changes [place, amount]                       value
  test.each<[string, Told[], (readonly [number, number])[], number]>([
    ['nothing, when all is told in time',                            [[10, 1000], [-4], [10, 2000], [-8]],                         [],                                           1300],
    ['a dearer receipt makes what was sold since dearer',            [[10, 1000], [-5], [10, 3000, 2]],                            [[customer, -500]],                           3000],
    ['a receipt before a sale below zero fills the hole',            [[-5], [10, 3000, 2]],                                        [],                                           1500],
    ['a sale before a dearer receipt was cheaper than it was booked', [[10, 1000], [10, 3000], [-5, 0, 2]],                         [[customer, 500]],                            3500],
    ['a sale among sales changes nothing',                           [[10, 1000], [-2], [-3], [-1, 0, 2]],                         [],                                           400],
    ['a clock that is a little behind changes nothing',              [[10, 1000], [-5], [10, 3000, 0.1]],                          [],                                           3500],
  ])('%s', (_story, told, changes, value) => {
    const ledger = posted(told)
    const { row, changes: found } = revalued(ledger)
    expect(found.map(({ place, amount }) => [place, amount])).toEqual(changes)
    expect([row.quantity, row.value]).toEqual([ledger.row.quantity, value])
    expect(found.every((one) => one.day === today)).toBe(true)
  })

  test('a bill after half is sold adds to what is here and to what was sold, and a credit never makes either negative', () => {
    const ledger = posted([[10, 1000], [-5]])
    expect(revalued(ledger, 'average', new Map([[1, 500]]))).toMatchObject({ row: { value: 750 }, changes: [{ place: supplier, amount: 500 }, { place: customer, amount: -250 }].toSorted((a, b) => a.place - b.place) })
    expect(revalued(ledger, 'average', new Map([[1, -1000]]))).toMatchObject({ row: { value: 0 }, changes: [{ amount: -1000 }, { amount: 500 }] })
    const sold = posted([[10, 1000], [-10]])
    expect(revalued(sold, 'average', new Map([[1, 500]]))).toMatchObject({ row: { quantity: 0, value: 0 }, changes: [{ amount: 500 }, { amount: -500 }] })
  })

  test('first in first out: the late bill follows its own layer', () => {
    const ledger = posted([[10, 1000], [10, 2000], [-10]], 'fifo')
    expect(ledger.row.layers).toEqual([{ quantity: 10, value: 2000 }])
    expect(revalued(ledger, 'fifo', new Map([[1, 300]]))).toMatchObject({ row: { value: 2000 }, changes: [{ place: supplier, amount: 300 }, { place: customer, amount: -300 }] })
    expect(revalued(ledger, 'fifo', new Map([[2, 300]]))).toMatchObject({ row: { value: 2300, layers: [{ quantity: 10, value: 2300 }] }, changes: [{ place: supplier, amount: 300 }] })
  })
})

const told = fc.array(
  fc.tuple(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -50, max: -1 })), fc.integer({ min: 0, max: 9_999 }), fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 100 }))),
  { maxLength: 30 },
)
const method = fc.constantFrom(...methods)

describe('of any sequence', () => {
  test('the value is that of its moves and corrections, and of its layers; quantity 0 is value 0; goods are never worth less than nothing', () => {
    fc.assert(fc.property(told, method, fc.array(fc.integer({ min: -3_000, max: 3_000 }), { maxLength: 5 }), (steps, by, costs) => {
      const ledger = posted(steps, by)
      const came = ledger.moves.filter((one) => one.comesIn)
      const added = new Map(costs.slice(0, came.length).map((amount, index) => [came[index]!.sequence, Math.max(amount, -came[index]!.value)]))
      const { row, changes } = revalued(ledger, by, added)
      for (const one of [ledger.row, row]) {
        if (one.quantity === 0) expect(one.value).toBe(0)
        if (one.quantity > 0) expect(one.value).toBeGreaterThanOrEqual(0)
        const layers = one.layers.reduce((sum, layer) => [sum[0] + layer.quantity, sum[1] + layer.value] as const, [0, 0] as readonly [number, number])
        expect(layers).toEqual(by === 'fifo' && one.quantity > 0 ? [one.quantity, one.value] : [0, 0])
      }
      expect(row.quantity).toBe(ledger.row.quantity)
      expect(row.value).toBe(changes.reduce((sum, one) => sum + one.amount, ledger.row.value as number))
      expect(rewound(ledger.row, ledger.moves, ledger.corrections)).toEqual({ quantity: 0, value: 0 })
      // What is corrected once is right.
      expect(revalued({ ...ledger, corrections: [...ledger.corrections, ...changes] }, by, added).changes).toEqual([])
    }), { numRuns: 500 })
  })

  test('where nothing comes late the lane was right at once', () => {
    fc.assert(fc.property(told, method, (steps, by) => {
      const ledger = posted(steps.map(([count, value]) => [count, value] as const), by)
      expect(ledger.late).toBe(0)
      expect(revalued(ledger, by)).toEqual({ row: ledger.row, changes: [] })
    }))
  })

  test('whoever is not told that something came late finds nothing to correct', () => {
    fc.assert(fc.property(told, method, (steps, by) => {
      const ledger = posted(steps, by)
      expect(ledger.late > 0 || revalued(ledger, by).changes.length === 0).toBe(true)
    }), { numRuns: 500 })
  })

  test('walking from any day on is walking from the beginning', () => {
    fc.assert(fc.property(told, method, (steps, by) => {
      const ledger = posted(steps, by)
      const { row, changes } = revalued(ledger, by)
      const corrections = [...ledger.corrections, ...changes]
      for (const day of new Set(ledger.moves.map((move) => dayOf(move.at)))) {
        const [before, since] = [ledger.moves.filter((move) => dayOf(move.at) < day), ledger.moves.filter((move) => dayOf(move.at) >= day)]
        const opened = walk(unvalued(item, owner, money(100), by), inOrder(before), new Map(), new ValueChanges())
        expect(rewound(row, since, corrections.filter((one) => one.day >= day))).toEqual({ quantity: opened.quantity, value: opened.value })
        const found = new ValueChanges()
        const last = walk(opened, inOrder(since), new Map(), found)
        less(found, corrections.filter((one) => one.day >= day))
        expect([last, found.rows]).toEqual([row, []])
      }
    }), { numRuns: 500 })
  })

  test('walking on from the middle is walking from the beginning', () => {
    fc.assert(fc.property(told, method, fc.nat(30), (steps, by, cut) => {
      const ledger = posted(steps.map(([count, value, ago], index) => [count, value, index < cut ? ago : 0] as const), by)
      const [changes, whole] = [new ValueChanges(), new ValueChanges()]
      const first = walk(unvalued(item, owner, money(100), by), inOrder(ledger.moves.slice(0, cut)), new Map(), changes)
      const last = walk(first, ledger.moves.slice(cut), new Map(), changes)
      const right = walk(unvalued(item, owner, money(100), by), inOrder(ledger.moves), new Map(), whole)
      expect([last.quantity, last.value, last.layers, changes.rows]).toEqual([right.quantity, right.value, right.layers, whole.rows])
    }), { numRuns: 300 })
  })
})

test('an amount is allotted to the last cent', () => {
  fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.array(fc.nat(1e6), { minLength: 1, maxLength: 20 }).filter((weights) => weights.some((one) => one > 0)), (amount, weights) => {
    const parts = allot(money(amount), weights)
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(amount)
    for (const [index, part] of parts.entries()) {
      if (weights[index] === 0) expect(part).toBe(nothing)
      expect(Math.abs(part - (amount * weights[index]!) / weights.reduce((a, b) => a + b, 0))).toBeLessThanOrEqual(1.5)
    }
  }))
})

test('an instant is in its place within a day', () => {
  const at = (text: string): Instant => instant(Date.parse(text))
  expect(valuedAt(at('2026-03-02T07:59:00Z'), at('2026-03-02T08:00:00Z'))).toBe(at('2026-03-02T08:00:00Z'))
  expect(valuedAt(at('2026-03-02T07:00:00Z'), at('2026-03-02T08:00:00Z'))).toBe(at('2026-03-02T07:00:00Z'))
  expect(valuedAt(at('2026-03-01T23:59:59Z'), at('2026-03-02T00:00:01Z'))).toBe(at('2026-03-01T23:59:59Z'))
  expect(day_ms).toBe(24 * hour)
})
