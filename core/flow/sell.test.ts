import { describe, expect, test } from 'vitest'
import { addDays } from '../calendar.ts'
import type { ItemId, PartyId } from '../item.ts'
import type { State } from '../ledger.ts'
import { money } from '../money.ts'
import { standardPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import type { Refusal } from '../refusal.ts'
import { itemKey } from '../stock.ts'
import { bring, heldBy, order } from '../test-orders.ts'
import { byLot, bySerial, decided, done, later, now, owner, plain, siteWith, today } from '../test-state.ts'
import { sell, type SoldLine } from './sell.ts'

type Sold = readonly [item: ItemId, quantity: number, lot?: string, serial?: string]

const command = (state: State, ...lines: readonly Sold[]) => ({
  kind: 'sell' as const, order: state.newId(), customer: 9 as PartyId, reference: null, soldAt: state.now,
  lines: lines.map(([item, some, lot = '', serial = ''], index): SoldLine => ({ line: index + 1, item, quantity: quantity(some), unitPrice: money(250), lot, serial })),
})
const sold = (state: State, ...lines: readonly Sold[]): object | Refusal => decided(state, (draft) => sell(command(state, ...lines), draft))
const rows = (state: State) => state.tables.stock.rows().map((row) => [row.place, row.lot || row.serial, row.quantity] as const).toSorted(([a], [b]) => a - b)
const { dock, shelf, packing } = standardPlaces

describe('sell', () => {
  test('is an order, a move and a delivery in one command', () => {
    const state = siteWith({ quantity: 5 })
    expect(sold(state, [plain, 2])).toMatchObject({ number: 'SEA-1', lines: [{ quantity: 2 }] })
    expect(state.tables.line.rows()).toMatchObject([{ quantity: 2, shipped: 2, delivered: 2 }])
    expect(state.tables.planned.rows()).toMatchObject([{ planned: 2, posted: 2, held: 0 }])
    expect(state.tables.availability.get(itemKey(plain, owner))).toMatchObject({ sellable: 3, reserved: 0, demand: 0 })
  })

  test('is never refused for stock: what the record does not know goes below zero at the shelf, and a person sees it', () => {
    const state = siteWith({ quantity: 2, place: dock })
    sold(state, [plain, 5])
    expect(rows(state)).toEqual([[shelf, '', -3]])
    expect(state.tables.exception.rows()).toMatchObject([{ kind: 'negative_stock', quantity: 3 }])
  })

  test('a shelf below zero is seen although goods in another condition stand there', () => {
    const state = siteWith({ quantity: 4, condition: 'damaged' })
    sold(state, [plain, 1])
    expect(state.tables.exception.rows()).toMatchObject([{ kind: 'negative_stock', quantity: 1 }])
  })

  test('takes what nobody speaks for, soonest to expire first, and only then what is allocated', () => {
    const state = siteWith({ quantity: 3 }, { quantity: 3, place: dock })
    order(state, 'a', [4])
    bring(state, 'a', 'packed')
    expect(rows(state)).toEqual([[shelf, '', 2], [packing, '', 4]])
    sold(state, [plain, 3])
    expect(heldBy(state, 'a')).toEqual([3])
    expect(rows(state)).toEqual([[packing, '', 3]])
  })

  test('a certain lot is taken from its own row, whatever stands elsewhere', () => {
    const state = siteWith({ item: byLot, quantity: 2, lot: 'L1', expiresOn: addDays(today, 3) }, { item: byLot, quantity: 9, lot: 'L2', expiresOn: addDays(today, 9) })
    order(state, 'a', [2], { item: byLot })
    bring(state, 'a', 'allocated')
    sold(state, [byLot, 1, 'L1'])
    expect(rows(state)).toEqual([[shelf, 'L1', 1], [shelf, 'L2', 9]])
    expect(state.tables.planned.of('a')).toMatchObject([{ held: 2, allocated: 1 }])
  })

  //    story                                       lines                                                  code
  test.each<[string, Sold[], string]>([
    ['a quantity of none',                          [[plain, 0]],                                          'quantity_not_positive'],
    ['no lot where each is told apart',             [[byLot, 1]],                                          'lot_missing'],
    ['a lot where none is',                         [[plain, 1, 'L1']],                                    'lot_not_tracked'],
    ['no serial',                                   [[bySerial, 1]],                                       'serial_missing'],
    ['two of one serial',                           [[bySerial, 2, '', 'S1']],                             'serial_missing'],
    ['one serial on two lines',                     [[bySerial, 1, '', 'S1'], [bySerial, 1, '', 'S1']],    'serial_taken'],
    ['a serial where none is kept',                 [[plain, 1, '', 'S1']],                                'lot_not_tracked'],
  ])('refuses %s', (_story, lines, code) => {
    const state = siteWith({ item: bySerial, quantity: 1, serial: 'S1' })
    expect(sold(state, ...lines)).toMatchObject({ refused: code })
    expect([state.tables.order.rows(), state.head.numbers]).toEqual([[], 0])
  })

  test('refuses a serial that is sold already, until it comes back', () => {
    const state = siteWith()
    done(state, (draft) => sell(command(state, [bySerial, 1, '', 'S9']), draft))
    expect(sold(state, [bySerial, 1, '', 'S9'])).toMatchObject({ refused: 'serial_taken' })
  })

  test('refuses a lot from the day it expires, as of the sale: one that is told late is taken', () => {
    const state = later(siteWith({ item: byLot, quantity: 2, lot: 'L1', expiresOn: addDays(today, 1) }), 86_400_000)
    expect(sold(state, [byLot, 1, 'L1'])).toMatchObject({ refused: 'lot_expired' })
    expect(decided(state, (draft) => sell({ ...command(state, [byLot, 1, 'L1']), soldAt: now }, draft))).not.toHaveProperty('refused')
  })

  test('refuses what is to happen', () => {
    const state = siteWith({ quantity: 1 })
    expect(decided(state, (draft) => sell({ ...command(state, [plain, 1]), soldAt: later(state, 1).now }, draft))).toMatchObject({ refused: 'happened_in_future' })
  })
})
