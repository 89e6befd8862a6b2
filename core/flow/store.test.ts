import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import type { State } from '../ledger.ts'
import type { Condition } from '../move.ts'
import { count } from '../loop/count.ts'
import { standardPlaces, type PlaceId } from '../place.ts'
import { quantity } from '../quantity.ts'
import type { Refusal } from '../refusal.ts'
import { itemKey } from '../stock.ts'
import { bring, heldBy, order } from '../test-orders.ts'
import { byLot, bySerial, decided, done, later, owner, plain, siteWith, today } from '../test-state.ts'
import { purchase } from './purchase.ts'
import { changeCondition, receive } from './store.ts'
import { allocateOrder, pick } from './store-pick.ts'

const { shelf, dock, packing, inspection } = standardPlaces

interface Came { readonly line?: number; readonly item?: ItemId; readonly quantity: number; readonly lot?: string; readonly serial?: string; readonly expiresOn?: Day | null; readonly place?: PlaceId }

const received = (state: State, came: readonly Came[], against: string | null = null): object | Refusal =>
  decided(state, (draft) =>
    receive({
      kind: 'receive', receipt: state.newId(), purchase: against, receivedAt: state.now,
      lines: came.map(({ line, item = plain, quantity: some, lot = '', serial = '', expiresOn = null, place = dock }, index) => ({
        line: line ?? index + 1, item, quantity: quantity(some), place, lot, serial, expiresOn, value: null,
      })),
    }, draft))
const bought = (state: State, id: string, some: number, days: number): object =>
  done(state, (draft) =>
    purchase({
      kind: 'purchase', purchase: id, supplier: 'ACME', orderedAt: state.now, lines: [{ line: 1, item: plain, quantity: quantity(some), due: addDays(today, days) }],
    }, draft))
const allocated = (state: State, id: string) => decided(state, (draft) => allocateOrder({ kind: 'allocate', order: id }, draft))
const places = (state: State) => state.tables.allocation.rows().map((row) => [row.place, row.lot, row.quantity])

describe('receive', () => {
  test('gives to those it was promised to, then to the most urgent who waits', () => {
    const state = siteWith()
    order(state, 'waits', [5], { priority: 9 })
    bought(state, 'purchase', 5, 3)
    order(state, 'urgent', [5], { priority: 1 })
    expect(state.tables.peg.rows()).toMatchObject([{ demand: 'waits/1/1', quantity: 5 }])
    received(state, [{ quantity: 3 }], 'purchase')
    expect([heldBy(state, 'waits'), heldBy(state, 'urgent')]).toEqual([[3], [0]])
    received(state, [{ quantity: 4 }])
    expect([heldBy(state, 'waits'), heldBy(state, 'urgent')]).toEqual([[3], [4]])
    expect(state.tables.availability.get(itemKey(plain, owner))).toMatchObject({ sellable: 7, reserved: 7, demand: 10, supply: 2 })
  })

  test('takes no order for a purchase: its demand is not met by saying that goods came in for it', () => {
    const state = siteWith()
    order(state, 'a', [4])
    expect(received(state, [{ quantity: 4 }], 'a')).toMatchObject({ refused: 'purchase_not_known' })
    expect(state.tables.planned.of('a')).toMatchObject([{ posted: 0, held: 0 }])
  })

  test('what is held from other stock is no longer pegged', () => {
    const state = siteWith()
    order(state, 'a', [4])
    bought(state, 'purchase', 4, 3)
    received(state, [{ quantity: 3 }])
    expect(state.tables.peg.rows()).toMatchObject([{ quantity: 1 }])
    received(state, [{ quantity: 1 }])
    expect(state.tables.peg.rows()).toEqual([])
  })

  test('the day told of a lot counts for goods of it that a count found before', () => {
    const state = siteWith()
    done(state, (draft) =>
      count({
        kind: 'count', document: 'count', item: byLot, counted: quantity(2), place: shelf, lot: 'L1', serial: '', condition: 'sellable', countedAt: state.now,
      }, draft))
    received(state, [{ item: byLot, quantity: 1, lot: 'L1', expiresOn: addDays(today, 2), place: inspection }])
    expect(state.tables.availability.get(itemKey(byLot, owner))).toMatchObject({ sellable: 2, nextExpiry: addDays(today, 2) })
  })

  test('the first day told of a lot counts', () => {
    const state = siteWith()
    const soon = addDays(today, 2)
    expect(received(state, [{ item: byLot, quantity: 1, lot: 'L2', expiresOn: soon }, { item: byLot, quantity: 1, lot: 'L2', expiresOn: addDays(today, 9) }])).not.toHaveProperty('refused')
    expect(state.tables.availability.get(itemKey(byLot, owner))).toMatchObject({ nextExpiry: soon })
    const afterwards = { ...later(state, 5 * 86_400_000) }
    expect(received(afterwards, [{ item: byLot, quantity: 1, lot: 'L2', expiresOn: addDays(today, 9) }])).toMatchObject({ refused: 'lot_expired' })
  })

  //    story                                came                                                              against      code
  test.each<[string, Came[], string | null, string]>([
    ['none',                                 [{ quantity: 0 }],                                                null,        'quantity_not_positive'],
    ['what expired',                         [{ item: byLot, quantity: 1, lot: 'L', expiresOn: today }],       null,        'lot_expired'],
    ['a serial that is in stock',            [{ item: bySerial, quantity: 1, serial: 'S1' }],                  null,        'serial_taken'],
    ['a serial twice',                       [{ item: bySerial, quantity: 1, serial: 'S2' }, { item: bySerial, quantity: 1, serial: 'S2' }], null, 'serial_taken'],
    ['against a purchase that is not known', [{ quantity: 1 }],                                                'other',     'purchase_not_known'],
    ['against a line it does not have',      [{ line: 2, quantity: 1 }],                                       'purchase',  'line_not_known'],
    ['more than it expects, over two lines', [{ line: 1, quantity: 3 }, { line: 1, quantity: 3 }],             'purchase',  'more_than_expected'],
  ])('refuses %s', (_story, came, against, code) => {
    const state = siteWith({ item: bySerial, quantity: 1, serial: 'S1' })
    bought(state, 'purchase', 5, 1)
    expect(received(state, came, against)).toMatchObject({ refused: code })
    expect(state.moves).toHaveLength(1)
  })
})

describe('allocate and pick', () => {
  test('the lot that expires first goes first', () => {
    const state = siteWith(
      { item: byLot, quantity: 3, lot: 'LATE', expiresOn: addDays(today, 9), place: dock }, { item: byLot, quantity: 2, lot: 'SOON', expiresOn: addDays(today, 2) },
    )
    order(state, 'a', [4], { item: byLot })
    expect(allocated(state, 'a')).toMatchObject({ lines: [{ line: 1, allocated: 4 }] })
    expect(places(state)).toEqual([[shelf, 'SOON', 2], [dock, 'LATE', 2]])
  })

  test('what is picked stands at the packing place, spoken for', () => {
    const state = siteWith({ quantity: 3 }, { quantity: 3, place: dock })
    order(state, 'a', [5])
    bring(state, 'a', 'packed')
    expect(places(state)).toEqual([[packing, '', 5]])
    expect(decided(state, (draft) => pick({ kind: 'pick', order: 'a', pickedAt: state.now }, draft))).toMatchObject({ refused: 'order_state_forbids' })
  })

  test('packed goods whose order lost them go to the next order, and need no picking', () => {
    const state = siteWith({ quantity: 3, place: packing })
    order(state, 'a', [2])
    expect(allocated(state, 'a')).toMatchObject({ lines: [{ line: 1, allocated: 2 }] })
    expect(decided(state, (draft) => pick({ kind: 'pick', order: 'a', pickedAt: state.now }, draft))).toMatchObject({ refused: 'order_state_forbids' })
  })

  test('an order that wants everything at once is not released in part', () => {
    const state = siteWith({ quantity: 3 })
    order(state, 'a', [2, 2], { shipComplete: true })
    expect(allocated(state, 'a')).toMatchObject({ refused: 'order_not_complete' })
  })

  test('what is not held cannot be allocated, and what is not known neither', () => {
    const state = siteWith()
    order(state, 'a', [2])
    expect(allocated(state, 'a')).toMatchObject({ refused: 'not_held' })
    expect(allocated(state, 'b')).toMatchObject({ refused: 'order_not_known' })
  })
})

describe('a change of condition', () => {
  type Change = readonly [some: number, from: Condition, to: Condition, place?: number, toPlace?: number]
  const changed = (state: State, [some, from, to, place = shelf, toPlace = shelf]: Change, item = plain, lot = ''): object | Refusal =>
    decided(state, (draft) =>
      changeCondition({
        kind: 'changeCondition', document: state.newId(), item, quantity: quantity(some), place: place as typeof shelf, toPlace: toPlace as typeof shelf, lot,
        serial: '', from, to, changedAt: state.now,
      }, draft))

  test('released goods go to those who wait; damaged goods are taken from the last who hold', () => {
    const state = siteWith({ quantity: 4, condition: 'quarantine', place: inspection })
    order(state, 'a', [3])
    changed(state, [4, 'quarantine', 'sellable', inspection, shelf])
    expect(heldBy(state, 'a')).toEqual([3])
    changed(state, [2, 'sellable', 'damaged'])
    expect(heldBy(state, 'a')).toEqual([2])
  })

  test.each<[string, Change, string]>([
    ['of none',                        [0, 'sellable', 'damaged'],    'quantity_not_positive'],
    ['to the same',                    [1, 'sellable', 'sellable'],   'nothing_to_do'],
    ['of more than is recorded there', [5, 'sellable', 'damaged'],    'not_enough_stock'],
  ])('%s is refused', (_story, change, code) => {
    expect(changed(siteWith({ quantity: 4 }), change)).toMatchObject({ refused: code })
  })

  test('what expired is never sellable again', () => {
    const state = siteWith({ item: byLot, quantity: 1, lot: 'L1', expiresOn: today, condition: 'expired' })
    expect(changed(state, [1, 'expired', 'sellable'], byLot, 'L1')).toMatchObject({ refused: 'lot_expired' })
  })
})
