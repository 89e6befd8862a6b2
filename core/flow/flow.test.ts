import { describe, expect, test } from 'vitest'
import { addDays } from '../calendar.ts'
import type { PartyId, SiteId } from '../item.ts'
import type { State } from '../ledger.ts'
import { money } from '../money.ts'
import { standardPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { itemKey } from '../stock.ts'
import { bring, heldBy, order } from '../test-orders.ts'
import { decided, done, later, owner, plain, siteWith, today } from '../test-state.ts'
import { cancelOrder, placeOrder, type OrderAnswer } from './flow.ts'
import { purchase } from './purchase.ts'

const cancel = (state: State, id: string, lines: number[] | null = null): object | Refusal =>
  decided(state, (draft) => cancelOrder({ kind: 'cancelOrder', order: id, lines }, draft))
const bought = (state: State, some: number, days: number): object =>
  done(state, (draft) =>
    purchase({
      kind: 'purchase', purchase: 'purchase', supplier: 8 as PartyId, orderedAt: state.now, lines: [{ line: 1, item: plain, quantity: quantity(some), unitPrice: money(100), due: addDays(today, days) }],
    }, draft))

describe('placing an order', () => {
  test('holds what is there, promises what comes, and leaves the rest waiting', () => {
    const state = siteWith({ quantity: 4 })
    bought(state, 5, 3)
    const answers = ['a', 'b', 'c'].map((id) => order(state, id, [3]) as OrderAnswer)
    expect(answers.map(({ number, lines: [line] }) => [number, line!.held, line!.backordered, line!.promised, line!.reason])).toEqual([
      ['SEA-1', 3, 0, today,              'in_stock'],
      ['SEA-2', 1, 2, addDays(today, 3),  'incoming_supply'],
      ['SEA-3', 0, 3, addDays(today, 3),  'incoming_supply'],
    ])
    expect(state.tables.peg.rows()).toMatchObject([{ demand: 'b/1/1', quantity: 2 }, { demand: 'c/1/1', quantity: 3 }])
    expect(order(state, 'd', [1])).toMatchObject({ lines: [{ held: 0, promised: null, reason: 'no_supply' }] })
    expect(state.tables.availability.get(itemKey(plain, owner))).toMatchObject({ sellable: 4, reserved: 4, demand: 10, supply: 5 })
  })

  test('two lines of one item share its stock', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [3, 3])
    expect(heldBy(state, 'a')).toEqual([3, 2])
  })

  test('is refused whole: nothing is entered, and no number is used up', () => {
    const state = siteWith({ quantity: 5 })
    expect(order(state, 'a', [3, 0])).toMatchObject({ refused: 'quantity_not_positive', subject: 'lines/2/quantity' })
    expect([state.head.numbers, state.tables.planned.rows()]).toEqual([0, []])
    const command = { kind: 'placeOrder', order: 'a', customer: 9 as PartyId, reference: null, shipComplete: false, priority: 5, heldElsewhere: [] } as const
    const line = { line: 1, item: plain, quantity: quantity(1), unitPrice: money(1), requested: today, source: 8 as SiteId }
    expect(decided(state, (draft) => placeOrder({ ...command, orderedAt: state.now, lines: [line] }, draft))).toMatchObject({ refused: 'source_unavailable' })
    expect(decided(state, (draft) => placeOrder({ ...command, orderedAt: later(state, 1).now, lines: [] }, draft))).toMatchObject({ refused: 'happened_in_future' })
  })
})

describe('cancelling an order', () => {
  test('lets go of hold, pegs and allocations, and gives them to who waits', () => {
    const state = siteWith({ quantity: 3 })
    bought(state, 2, 3)
    order(state, 'a', [3, 2])
    order(state, 'b', [2])
    bring(state, 'a', 'packed')
    expect(cancel(state, 'a', [1])).toMatchObject({ lines: [{ line: 1, cancelled: 3 }] })
    expect([heldBy(state, 'a'), heldBy(state, 'b')]).toEqual([[0, 2], [1]])
    expect(cancel(state, 'a')).toMatchObject({ lines: [{ line: 1, cancelled: 0 }, { line: 2, cancelled: 2 }] })
    expect(heldBy(state, 'b')).toEqual([2])
    expect(state.tables.peg.rows()).toEqual([])
    expect(state.tables.allocation.rows()).toEqual([])
    // What was picked stands at packing until somebody carries it back; the record does not run ahead of him.
    expect(state.moves.at(-1)).toMatchObject({ cause: 'pick', quantity: 3 })
    expect(state.tables.stock.rows()).toMatchObject([{ place: standardPlaces.packing, quantity: 3, allocated: 0 }])
  })

  test('stops what is not shipped, and is refused when nothing is', () => {
    const state = siteWith({ quantity: 3 })
    order(state, 'a', [3, 1])
    bring(state, 'a', 'shipped')
    expect(cancel(state, 'a', [7])).toMatchObject({ refused: 'line_not_known' })
    expect(cancel(state, 'a', [1])).toMatchObject({ refused: 'nothing_to_do' })
    expect(isRefusal(cancel(state, 'a'))).toBe(false)
    expect(cancel(state, 'a')).toMatchObject({ refused: 'order_state_forbids' })
    expect(cancel(state, 'b')).toMatchObject({ refused: 'order_not_known' })
  })
})
