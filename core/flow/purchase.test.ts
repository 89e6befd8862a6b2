import { describe, expect, test } from 'vitest'
import { addDays } from '../calendar.ts'
import type { PartyId } from '../item.ts'
import type { State } from '../ledger.ts'
import { money } from '../money.ts'
import { quantity } from '../quantity.ts'
import { heldBy, order } from '../test-orders.ts'
import { decided, done, later, plain, siteWith, today } from '../test-state.ts'
import { cancelPurchase, purchase, redatePurchase } from './purchase.ts'

const bought = (state: State, some: number, days: number, orderedAt = state.now) =>
  decided(state, (draft) =>
    purchase({
      kind: 'purchase', purchase: 'p', supplier: 8 as PartyId, orderedAt, lines: [{ line: 1, item: plain, quantity: quantity(some), unitPrice: money(70), due: addDays(today, days) }],
    }, draft))
const redated = (state: State, days: number, line = 1, id = 'p') =>
  decided(state, (draft) => redatePurchase({ kind: 'redatePurchase', purchase: id, lines: [{ line, due: addDays(today, days) }] }, draft))
const cancelled = (state: State, lines: { line: number }[] | null = null) =>
  decided(state, (draft) => cancelPurchase({ kind: 'cancelPurchase', purchase: 'p', lines }, draft))

describe('a purchase that comes late', () => {
  test('never rewrites what was promised; one exception names all it hurts', () => {
    const state = siteWith()
    bought(state, 5, 3)
    for (const id of ['a', 'b']) order(state, id, [2])
    order(state, 'c', [1], { requested: addDays(today, 30) })
    const promised = state.tables.line.rows()
    expect(promised.map((row) => row.promised)).toEqual([addDays(today, 3), addDays(today, 3), addDays(today, 30)])
    const { exceptions } = redated(state, 9) as { exceptions: string[] }
    expect(exceptions).toEqual(state.tables.exception.rows().map((row) => row.exception))
    expect(state.tables.line.rows()).toEqual(promised)
    expect(state.tables.planned.get('p/1/1')).toMatchObject({ due: addDays(today, 9) })
    expect(state.tables.exception.rows()).toMatchObject([{ kind: 'supply_late', quantity: 4 }])
    expect(state.tables.exception.rows()[0]!.detail).toMatch(/it hurts SEA-1 line 1 \(promised 2026-03-05\), SEA-2 line 1 \(promised 2026-03-05\)\.$/)
    // Whoever asks now is promised the new day.
    expect(order(state, 'd', [1])).toMatchObject({ lines: [{ promised: null }] })
    expect(state.tables.purchaseLine.rows()).toMatchObject([{ due: addDays(today, 3) }])
  })

  test('moves what can be promised to the new day', () => {
    const state = siteWith()
    bought(state, 5, 3)
    expect(redated(state, 9)).toMatchObject({ exceptions: [] })
    expect(order(state, 'a', [2])).toMatchObject({ lines: [{ promised: addDays(today, 9), reason: 'incoming_supply' }] })
    redated(state, 1)
    expect(order(state, 'b', [2])).toMatchObject({ lines: [{ promised: addDays(today, 1) }] })
    expect(state.tables.exception.rows()).toEqual([])
  })
})

describe('a purchase that does not come', () => {
  test('leaves who counted on it waiting, and says who they are', () => {
    const state = siteWith()
    bought(state, 5, 3)
    order(state, 'a', [2])
    expect(cancelled(state)).toMatchObject({ lines: [{ line: 1, cancelled: 5 }] })
    expect([heldBy(state, 'a'), state.tables.peg.rows()]).toEqual([[0], []])
    expect(state.tables.exception.rows()).toMatchObject([{ kind: 'supply_short', quantity: 2, detail: expect.stringContaining('SEA-1') as string }])
    expect(state.tables.purchaseLine.rows()).toMatchObject([{ cancelled: 5 }])
    expect(cancelled(state)).toMatchObject({ refused: 'nothing_to_do' })
  })

  test('a line named twice is cancelled once', () => {
    const state = siteWith()
    bought(state, 5, 3)
    expect(cancelled(state, [{ line: 1 }, { line: 1 }])).toMatchObject({ lines: [{ cancelled: 5 }, { cancelled: 0 }] })
  })
})

test.each<[string, (state: State) => unknown, string]>([
  ['of nothing',                   (state) => bought(state, 0, 1),                         'quantity_not_positive'],
  ['that lies ahead',              (state) => bought(state, 1, 1, later(state, 1).now),    'happened_in_future'],
])('a purchase %s is refused', (_story, attempt, code) => {
  expect(attempt(siteWith())).toMatchObject({ refused: code })
})

test('what is not there cannot be put off', () => {
  const state = siteWith()
  bought(state, 1, 1)
  expect(redated(state, 2, 1, 'other')).toMatchObject({ refused: 'purchase_not_known' })
  expect(redated(state, 2, 2)).toMatchObject({ refused: 'line_not_known' })
  done(state, (draft) => cancelPurchase({ kind: 'cancelPurchase', purchase: 'p', lines: null }, draft))
  expect(redated(state, 2)).toMatchObject({ refused: 'nothing_to_do' })
})
