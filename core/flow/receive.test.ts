import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '../calendar.ts'
import type { ItemId, PartyId } from '../item.ts'
import type { State } from '../ledger.ts'
import { count } from '../loop/count.ts'
import { money } from '../money.ts'
import { standardPlaces, type PlaceId } from '../place.ts'
import { quantity } from '../quantity.ts'
import type { Refusal } from '../refusal.ts'
import { itemKey } from '../stock.ts'
import { heldBy, order } from '../test-orders.ts'
import { byLot, bySerial, decided, done, later, owner, plain, siteWith, today } from '../test-state.ts'
import { purchase } from './purchase.ts'
import { receive } from './receive.ts'

const { shelf, dock, inspection } = standardPlaces

interface Came { readonly rejected?: number; readonly rejectedTo?: 'back'; readonly isLast?: true; readonly line?: number; readonly item?: ItemId; readonly quantity: number; readonly lot?: string; readonly serial?: string; readonly expiresOn?: Day | null; readonly place?: PlaceId }

const received = (state: State, came: readonly Came[], against: string | null = null): object | Refusal =>
  decided(state, (draft) =>
    receive({
      kind: 'receive', receipt: state.newId(), purchase: against, receivedAt: state.now,
      lines: came.map(({ line, item = plain, quantity: some, lot = '', serial = '', expiresOn = null, place = dock, rejected = 0, rejectedTo = 'quarantine' as const, isLast = false }, index) => ({
        rejected: quantity(rejected), rejectedTo, isLast,
        line: line ?? index + 1, item, quantity: quantity(some), place, lot, serial, expiresOn, value: null,
      })),
    }, draft))
const bought = (state: State, id: string, some: number, days: number): object =>
  done(state, (draft) =>
    purchase({
      kind: 'purchase', purchase: id, supplier: 8 as PartyId, orderedAt: state.now, lines: [{ line: 1, item: plain, quantity: quantity(some), unitPrice: money(100), due: addDays(today, days) }],
    }, draft))
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

describe('a delivery that is not as ordered', () => {
  const planned = (state: State) => state.tables.planned.get('purchase/1/1')
  const line = (state: State) => state.tables.purchaseLine.get('purchase/1')

  test('what is rejected fulfils nothing, stands in quarantine at its price, and is never held', () => {
    const state = siteWith()
    bought(state, 'purchase', 5, 1)
    order(state, 'a', [5])
    received(state, [{ line: 1, quantity: 2, rejected: 3 }], 'purchase')
    expect([heldBy(state, 'a'), planned(state)!.posted, line(state)]).toMatchObject([[2], 2, { received: 2, rejected: 3 }])
    expect(state.moves.map((move) => [move.cause, move.quantity, move.to.place, move.to.condition, move.value])).toEqual([
      ['receipt', 2, dock, 'sellable', 200], ['rejection', 3, inspection, 'quarantine', 300],
    ])
    // Good ones come afterwards.
    received(state, [{ line: 1, quantity: 3 }], 'purchase')
    expect(heldBy(state, 'a')).toEqual([5])
  })

  test('all of it may go back with the truck: nothing moved', () => {
    const state = siteWith()
    bought(state, 'purchase', 5, 1)
    received(state, [{ line: 1, quantity: 0, rejected: 5, rejectedTo: 'back' }], 'purchase')
    expect([state.moves, line(state)]).toMatchObject([[], { received: 0, rejected: 5, cancelled: 0 }])
  })

  test('short and closed, who counted on the rest is named', () => {
    const state = siteWith()
    bought(state, 'purchase', 5, 1)
    order(state, 'a', [4])
    received(state, [{ line: 1, quantity: 3, isLast: true }], 'purchase')
    expect([heldBy(state, 'a'), line(state)]).toMatchObject([[3], { received: 3, cancelled: 2 }])
    expect(state.tables.exception.rows()).toMatchObject([{ kind: 'supply_short', quantity: 1 }])
  })

  //     ordered  came             taken
  test.each([
    [100,     [105],           true],
    [100,     [106],           false],
    [100,     [100, 5],        true],
    [100,     [100, 5, 1],     false],
    [19,      [20],            false],
  ])('of %i ordered %j are taken: %s', (ordered, came, taken) => {
    const state = siteWith()
    bought(state, 'purchase', ordered, 1)
    const answers = came.map((some) => received(state, [{ line: 1, quantity: some }], 'purchase'))
    expect('refused' in answers.at(-1)!).toBe(!taken)
    const sum = came.slice(0, taken ? undefined : -1).reduce((total, some) => total + some, 0)
    expect(planned(state)).toMatchObject({ posted: sum, planned: Math.max(sum, ordered) })
  })
})
