import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '../calendar.ts'
import type { PartyId } from '../item.ts'
import type { State } from '../ledger.ts'
import { money } from '../money.ts'
import { standardPlaces } from '../place.ts'
import { open } from '../planned-move.ts'
import { quantity } from '../quantity.ts'
import type { Refusal } from '../refusal.ts'
import { itemKey } from '../stock.ts'
import { bring, heldBy, order, type Stage } from '../test-orders.ts'
import { decided, done, owner, plain, siteWith, today } from '../test-state.ts'
import { changeOrder, type AddedLine, type ChangedLine } from './flow-change.ts'
import { cancelOrder } from './flow.ts'
import { purchase } from './purchase.ts'
import { allocateOrder, pick, recallOrder } from './store-pick.ts'
import { pack, unpack } from './store-pack.ts'
import { ship } from './transport-ship.ts'

const change = (state: State, id: string, lines: readonly Partial<ChangedLine>[], added: readonly Partial<AddedLine>[] = []): object | Refusal =>
  decided(state, (draft) =>
    changeOrder({
      kind: 'changeOrder', order: id, lines: lines.map((one) => ({ line: 1, quantity: null, requested: null, was: null, ...one })),
      added: added.map((one) => ({ item: plain, quantity: quantity(1), unitPrice: money(250), requested: today, ...one })),
    }, draft))
const to = (some: number): Partial<ChangedLine> => ({ quantity: quantity(some) })
const bought = (state: State, some: number, days: number): object =>
  done(state, (draft) =>
    purchase({ kind: 'purchase', purchase: `p${days}`, supplier: 8 as PartyId, orderedAt: state.now, lines: [{ line: 1, item: plain, quantity: quantity(some), unitPrice: money(1), due: addDays(today, days) }] }, draft))
const stockAt = (state: State, place: number): number => state.tables.stock.rows().filter((row) => row.place === place).reduce((sum, row) => sum + row.quantity, 0)
const lineOf = (state: State, id: string, line = 1) => state.tables.line.get(`${id}/${line}`)!
const plannedOf = (state: State, id: string) => state.tables.planned.of(id)[0]!

describe('less of a line', () => {
  // Of 8 in stock, 6 are ordered and brought so far; then 2 are wanted. What stands at packing afterwards for nobody must be carried back.
  test.each<[string, Stage | undefined, number, number]>([
    ['that is held lets go of the hold',                 undefined,   2, 0],
    ['that is set aside lets go of the bin',             'allocated', 2, 0],
    ['that is picked leaves the goods to be put back',   'packed',    2, 4],
  ])('%s', (_story, stage, held, toPutBack) => {
    const state = siteWith({ quantity: 8 })
    order(state, 'a', [6])
    if (stage) bring(state, 'a', stage)
    expect(change(state, 'a', [to(2)])).toMatchObject({ lines: [{ line: 1, before: { quantity: 6 }, after: { quantity: 2 } }] })
    expect(heldBy(state, 'a')).toEqual([held])
    expect(lineOf(state, 'a')).toMatchObject({ quantity: 6, cancelled: 4 })
    const [row] = state.tables.stock.rows().filter((one) => one.place === standardPlaces.packing)
    expect((row?.quantity ?? 0) - (row?.allocated ?? 0)).toBe(toPutBack)
    expect(state.tables.availability.get(itemKey(plain, owner))).toMatchObject({ sellable: 8, reserved: 2, demand: 2 })
  })

  test('gives up what waits before what is held, and what is packed last', () => {
    const state = siteWith({ quantity: 6 })
    bought(state, 4, 3)
    order(state, 'a', [10])
    expect(state.tables.peg.rows()).toMatchObject([{ quantity: 4 }])
    change(state, 'a', [to(8)])
    expect([heldBy(state, 'a'), state.tables.peg.rows()]).toMatchObject([[6], [{ quantity: 2 }]])
    bring(state, 'a', 'packed')
    done(state, (draft) => pack({ kind: 'pack', order: 'a', ssccPrefix: '0614141', carton: 0 as never, weighed: null, packedAt: state.now, lines: [{ line: 1, quantity: quantity(4), lot: '', serial: '' }] }, draft))
    change(state, 'a', [to(3)])
    const packed = state.tables.allocation.rows().map((one) => [one.package !== '', one.quantity])
    expect(packed).toEqual([[true, 3]])
    // The package is opened for what is in it and no longer wanted; what its order keeps stays picked.
    const { sscc } = state.tables.package.rows()[0]!
    expect(decided(state, (draft) => unpack({ kind: 'unpack', order: 'a', package: sscc, unpackedAt: state.now }, draft))).toMatchObject({ unpacked: 4 })
  })

  test('what others waited for is theirs at once', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [5])
    order(state, 'b', [3])
    change(state, 'a', [to(1)])
    expect([heldBy(state, 'a'), heldBy(state, 'b')]).toEqual([[1], [3]])
  })

  test('a line is taken out, and the order goes on without it', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [2, 3])
    change(state, 'a', [to(0)])
    bring(state, 'a', 'delivered')
    expect([lineOf(state, 'a', 1).cancelled, lineOf(state, 'a', 2).delivered]).toEqual([2, 3])
  })

  test('what has left is not taken back by a change', () => {
    const state = siteWith({ quantity: 4 })
    order(state, 'a', [6])
    bring(state, 'a', 'shipped')
    expect(change(state, 'a', [to(3)])).toMatchObject({ refused: 'less_than_shipped', subject: 'lines/1/quantity' })
    expect(change(state, 'a', [to(4)])).toMatchObject({ lines: [{ after: { quantity: 4 } }] })
    expect(change(state, 'a', [to(3)])).toMatchObject({ refused: 'order_state_forbids' })
  })
})

describe('more of a line', () => {
  test('is held from what is free, and promised from what comes', () => {
    const state = siteWith({ quantity: 5 })
    bought(state, 5, 4)
    order(state, 'a', [3])
    expect(change(state, 'a', [to(5)])).toMatchObject({ lines: [{ after: { quantity: 5, promised: today } }] })
    expect(change(state, 'a', [to(9)])).toMatchObject({ lines: [{ before: { promised: today }, after: { quantity: 9, promised: addDays(today, 4) } }] })
    expect([heldBy(state, 'a'), plannedOf(state, 'a').due]).toEqual([[5], addDays(today, 4)])
    expect(state.tables.peg.rows()).toMatchObject([{ demand: 'a/1/1', quantity: 4 }])
    expect(change(state, 'a', [to(11)])).toMatchObject({ lines: [{ after: { promised: null } }] })
  })

  test('takes its turn behind those who asked before', () => {
    const state = siteWith({ quantity: 2 })
    order(state, 'a', [2])
    order(state, 'b', [3])
    change(state, 'a', [to(4)])
    done(state, (draft) => cancelOrder({ kind: 'cancelOrder', order: 'a', lines: null }, draft))
    order(state, 'c', [1])
    expect([heldBy(state, 'b'), heldBy(state, 'c')]).toEqual([[2], [0]])
  })

  test('of a line that was cancelled begins it again', () => {
    const state = siteWith({ quantity: 9 })
    order(state, 'a', [4, 1])
    done(state, (draft) => cancelOrder({ kind: 'cancelOrder', order: 'a', lines: [1] }, draft))
    change(state, 'a', [to(2)])
    expect([lineOf(state, 'a'), heldBy(state, 'a')]).toMatchObject([{ quantity: 6, cancelled: 4 }, [2, 1]])
  })
})

describe('another day, and a further line', () => {
  test('a line is wanted later, and what is held for it stays held', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [3])
    bring(state, 'a', 'allocated')
    const day = addDays(today, 9)
    expect(change(state, 'a', [{ requested: day }])).toMatchObject({ lines: [{ after: { requested: day, promised: day } }] })
    expect([plannedOf(state, 'a').due, heldBy(state, 'a')]).toEqual([day, [3]])
  })

  test('a further line is promised and held as in a new order, and numbered on', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [3, 1])
    expect(change(state, 'a', [], [{ quantity: quantity(4) }])).toMatchObject({ added: [{ line: 3, quantity: 4, held: 1, backordered: 3 }] })
    expect(heldBy(state, 'a')).toEqual([3, 1, 1])
  })
})

test('a change that cannot be is refused whole', () => {
  const state = siteWith({ quantity: 9 })
  order(state, 'a', [4, 1])
  const refused: [readonly Partial<ChangedLine>[], readonly Partial<AddedLine>[], string, string][] = [
    [[{ line: 7 }],                                         [],                          'line_not_known',        'lines/1/line'],
    [[to(2), { line: 2, quantity: quantity(-1) }],          [],                          'quantity_not_positive', 'lines/2/quantity'],
    [[to(2)],                                               [{ quantity: quantity(0) }], 'quantity_not_positive', 'added/1/quantity'],
    [[to(4)],                                               [],                          'nothing_to_do',         'lines'],
    [[{ quantity: quantity(2), was: quantity(3) }],         [],                          'changed_meanwhile',     'lines/1/quantity'],
  ]
  for (const [lines, added, code, subject] of refused) expect(change(state, 'a', lines, added)).toMatchObject({ refused: code, subject })
  expect([heldBy(state, 'a'), lineOf(state, 'a').cancelled]).toEqual([[4, 1], 0])
  expect(change(state, 'b', [to(1)])).toMatchObject({ refused: 'order_not_known' })
})

test('whatever is changed, picked, packed, shipped and cancelled in whatever order: what was asked adds up, and no piece is made or lost', () => {
  type Step = readonly [what: number, order: number, some: number]
  const step: fc.Arbitrary<Step> = fc.tuple(fc.nat(7), fc.nat(2), fc.nat(6))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat(4), (steps, supplied) => {
      const state = siteWith({ quantity: 12 })
      if (supplied > 0) bought(state, supplied, 3)
      const names = ['a', 'b', 'c']
      for (const name of names) order(state, name, [4, 2])
      let shipped = 0
      for (const [what, whose, some] of steps) {
        const id = names[whose]!
        const at = { order: id, pickedAt: state.now, shippedAt: state.now }
        const day = addDays(today, some)
        if (what === 0) change(state, id, [{ ...to(some), requested: some % 2 === 0 ? day : null }])
        if (what === 1) change(state, id, [{ ...to(some), line: 2 }], some > 4 ? [{ quantity: quantity(some) }] : [])
        if (what === 2) decided(state, (draft) => allocateOrder({ kind: 'allocate', ...at }, draft))
        if (what === 3) decided(state, (draft) => pick({ kind: 'pick', ...at }, draft))
        if (what === 4) decided(state, (draft) => pack({ kind: 'pack', order: id, ssccPrefix: '0614141', carton: 0 as never, weighed: null, packedAt: state.now, lines: null }, draft))
        if (what === 5) {
          const sent = decided(state, (draft) => ship({ kind: 'ship', shipment: draft.state.newId(), ...at }, draft)) as { lines?: readonly { quantity: number }[] }
          shipped += (sent.lines ?? []).reduce((sum, line) => sum + line.quantity, 0)
        }
        if (what === 6 && some === 0) decided(state, (draft) => cancelOrder({ kind: 'cancelOrder', order: id, lines: [1] }, draft))
        if (what === 7) decided(state, (draft) => recallOrder({ kind: 'recall', order: id }, draft))
      }
      for (const line of state.tables.line.rows()) {
        const planned = state.tables.planned.get(`${line.order}/${line.line}/1`)!
        expect([planned.planned, planned.posted, planned.cancelled]).toEqual([line.quantity, line.shipped, line.cancelled])
      }
      const demand = state.tables.planned.rows().filter((row) => row.direction === 'demand').reduce((sum, row) => sum + open(row), 0)
      expect(state.tables.availability.get(itemKey(plain, owner))).toMatchObject({ sellable: 12 - shipped, demand })
      expect(stockAt(state, standardPlaces.shelf) + stockAt(state, standardPlaces.packing)).toBe(12 - shipped)
    }),
    { numRuns: 300 },
  )
})
