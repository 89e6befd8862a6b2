import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, day_ms, instant } from '../calendar.ts'
import type { ItemId, PartyId } from '../item.ts'
import type { State } from '../ledger.ts'
import { money } from '../money.ts'
import { standardPlaces, virtualPlaces, type PlaceId } from '../place.ts'
import { quantity } from '../quantity.ts'
import type { Refusal } from '../refusal.ts'
import { sell } from '../flow/sell.ts'
import { itemKey } from '../stock.ts'
import { heldBy, order } from '../test-orders.ts'
import { byLot, bySerial, decided, done, later, owner, plain, siteWith, today } from '../test-state.ts'
import { count } from './count.ts'
import { demoteExpired, openStock } from './record.ts'
import { lose } from './shrinkage.ts'

const counted = (state: State, some: number, item: ItemId = plain, lot = '', serial = '', place: PlaceId = standardPlaces.shelf): object | Refusal =>
  decided(state, (draft) => count({ kind: 'count', document: state.newId(), item, counted: quantity(some), place, lot, serial, condition: 'sellable', countedAt: state.now }, draft))

describe('count', () => {
  test.each([
    ['as many',  5, 0,  []],
    ['fewer',    3, -2, [[standardPlaces.shelf, virtualPlaces['loss.unexplained'], 2]]],
    ['more',     6, 1,  [[virtualPlaces['gain.found'], standardPlaces.shelf, 1]]],
    ['none',     0, -5, [[standardPlaces.shelf, virtualPlaces['loss.unexplained'], 5]]],
  ])('finds %s, and the difference is a move', (_story, found, difference, moves) => {
    const state = siteWith({ quantity: 5 })
    expect(counted(state, found)).toMatchObject({ counted: found, recorded: 5, difference, value: 100 * difference })
    expect(state.moves.slice(1).map((move) => [move.from.place, move.to.place, move.quantity])).toEqual(moves)
  })

  test('fewer takes from the last who hold, more gives to those who wait', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [3])
    order(state, 'b', [2])
    counted(state, 4)
    expect([heldBy(state, 'a'), heldBy(state, 'b')]).toEqual([[3], [1]])
    counted(state, 9)
    expect([heldBy(state, 'a'), heldBy(state, 'b')]).toEqual([[3], [2]])
  })

  test('a piece sold before it was received is found: two moves of one', () => {
    const state = siteWith()
    done(state, (draft) =>
      sell({
        kind: 'sell', order: 'sale', customer: 9 as PartyId, reference: null, soldAt: state.now,
        lines: [{ line: 1, item: bySerial, quantity: quantity(1), unitPrice: money(1), lot: '', serial: 'S1' }],
      }, draft))
    expect(counted(state, 1, bySerial, '', 'S1')).toMatchObject({ recorded: -1, difference: 2 })
    expect(state.moves.slice(1).map((move) => move.quantity)).toEqual([1, 1])
  })

  test('stands, in whatever order what was sold and counted before and after it is told', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 8 })
    const happened = minutes.chain((at) => fc.tuple(...at.map((minute) => fc.record({ minute: fc.constant(minute), isCount: fc.boolean(), some: fc.integer({ min: 1, max: 9 }) }))))
    fc.assert(
      fc.property(happened.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([all, toldAs]) => {
        const state = later(siteWith({ quantity: 5 }), day_ms)
        for (const { minute, isCount, some } of toldAs) {
          const at = instant(state.now - day_ms + minute * 60_000)
          done(state, (draft) => isCount
            ? count({ kind: 'count', document: state.newId(), item: plain, counted: quantity(some), place: standardPlaces.shelf, lot: '', serial: '', condition: 'sellable', countedAt: at }, draft)
            : sell({
              kind: 'sell', order: state.newId(), customer: 9 as PartyId, reference: null, soldAt: at,
              lines: [{ line: 1, item: plain, quantity: quantity(some), unitPrice: money(1), lot: '', serial: '' }],
            }, draft))
        }
        const expected = all.toSorted((a, b) => a.minute - b.minute).reduce((there, { isCount, some }) => (isCount ? some : there - some), 5)
        expect(state.tables.stock.rows().reduce((sum, row) => sum + row.quantity, 0)).toBe(expected)
        // What a count says of itself is what its moves come to.
        for (const one of state.tables.positionCount.rows()) {
          const moved = state.moves.filter((move) => move.document === one.document).reduce((sum, move) => sum + (move.to.place >= 100 ? move.quantity : -move.quantity), 0)
          expect(one.difference).toBe(moved)
        }
      }),
    )
  })

  test('refuses what cannot be', () => {
    const state = siteWith({ item: bySerial, quantity: 1, serial: 'S1' }, { item: byLot, quantity: 1, lot: 'L1', expiresOn: addDays(today, 1) })
    expect(counted(state, -1)).toMatchObject({ refused: 'quantity_not_positive' })
    expect(counted(state, 1, byLot)).toMatchObject({ refused: 'lot_missing' })
    expect(counted(state, 2, bySerial, '', 'S1')).toMatchObject({ refused: 'serial_missing' })
    expect(counted(state, 1, bySerial, '', 'S1', standardPlaces.dock)).toMatchObject({ refused: 'serial_taken' })
    expect(counted(later(state, day_ms), 2, byLot, 'L1')).toMatchObject({ refused: 'lot_expired' })
  })
})

describe('a lot that expires', () => {
  test('stops being sellable where it stands, and who held it waits', () => {
    const state = siteWith({ item: byLot, quantity: 3, lot: 'L1', expiresOn: addDays(today, 1) }, { item: byLot, quantity: 1, lot: 'L2', expiresOn: addDays(today, 5) })
    order(state, 'a', [4], { item: byLot })
    const tomorrow = later(state, day_ms)
    done(tomorrow, (draft) => {
      demoteExpired(draft, byLot, owner)
      return {}
    })
    expect(heldBy(state, 'a')).toEqual([1])
    expect(state.tables.stock.rows().map((row) => [row.lot, row.condition, row.quantity])).toEqual([['L2', 'sellable', 1], ['L1', 'expired', 3]])
    expect(state.tables.availability.get(itemKey(byLot, owner))).toMatchObject({ sellable: 1, nextExpiry: addDays(today, 5) })
  })
})

describe('a loss', () => {
  const lost = (state: State, some: number): object | Refusal => decided(state, (draft) =>
    lose({ kind: 'lose', document: 'loss', item: plain, quantity: quantity(some), place: standardPlaces.shelf, lot: '', serial: '', condition: 'sellable', cause: 'theft', note: '', lostAt: state.now }, draft))

  test('goes to its cause with its value', () => {
    const state = siteWith({ quantity: 3, value: 100 })
    expect(lost(state, 2)).toMatchObject({ value: 67 })
    expect(state.moves.at(-1)).toMatchObject({ cause: 'loss', to: { place: virtualPlaces['loss.theft'] } })
  })

  test('may be more than is recorded there, which goes below zero and is an exception', () => {
    const state = siteWith({ quantity: 3 })
    expect(lost(state, 4)).toMatchObject({ quantity: 4, recorded: 3 })
    expect(state.tables.stock.rows().map((row) => row.quantity)).toEqual([-1])
    expect(state.tables.exception.rows()).toMatchObject([{ kind: 'negative_stock', quantity: 1, document: 'loss' }])
    expect(lost(siteWith({ quantity: 3 }), 0)).toMatchObject({ refused: 'quantity_not_positive' })
  })
})

test('opening stock is taken over once for each serial, and not from the future', () => {
  const state = siteWith({ item: bySerial, quantity: 1, serial: 'S1' })
  const line = { line: 1, item: bySerial, quantity: quantity(1), place: standardPlaces.dock, lot: '', serial: 'S1', expiresOn: null, condition: 'sellable', value: money(1) } as const
  const opened = (at: typeof state.now, some = 1) => decided(state, (draft) => openStock({ kind: 'openStock', document: 'o', openedAt: at, lines: [{ ...line, quantity: quantity(some) }] }, draft))
  expect(opened(state.now)).toMatchObject({ refused: 'serial_taken' })
  expect(opened(later(state, 1).now)).toMatchObject({ refused: 'happened_in_future' })
  expect(opened(state.now, 0)).toMatchObject({ refused: 'quantity_not_positive' })
})
