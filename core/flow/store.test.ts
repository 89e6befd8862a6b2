import { describe, expect, test } from 'vitest'
import { addDays } from '../calendar.ts'
import type { State } from '../ledger.ts'
import type { Condition } from '../move.ts'
import { standardPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import type { Refusal } from '../refusal.ts'
import { bring, heldBy, order } from '../test-orders.ts'
import { byLot, decided, plain, siteWith, today } from '../test-state.ts'
import { changeCondition } from './store.ts'
import { allocateOrder, pick } from './store-pick.ts'

const { shelf, dock, packing, inspection } = standardPlaces

const allocated = (state: State, id: string) => decided(state, (draft) => allocateOrder({ kind: 'allocate', order: id }, draft))
const places = (state: State) => state.tables.allocation.rows().map((row) => [row.place, row.lot, row.quantity])

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
