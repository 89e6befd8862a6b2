import { describe, expect, test } from 'vitest'
import { addDays, day_ms } from '../calendar.ts'
import type { ItemId, PartyId } from '../item.ts'
import type { State } from '../ledger.ts'
import { money } from '../money.ts'
import { standardPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import { order } from '../test-orders.ts'
import { done, later, plain, siteWith, today } from '../test-state.ts'
import { requestTransfer } from './cover-transfer.ts'
import { produce } from './produce.ts'
import { cancelPurchase, purchase, redatePurchase } from './purchase.ts'
import { raiseOverdue } from './receive-overdue.ts'
import { receive } from './receive.ts'
import { loseTransfer } from './transport-cancel.ts'

const made = 4 as ItemId
const bought = (state: State, item: ItemId, some: number, days: number) =>
  done(state, (draft) =>
    purchase({
      kind: 'purchase', purchase: 'p', supplier: 8 as PartyId, orderedAt: state.now,
      lines: [{ line: 1, item, quantity: quantity(some), unitPrice: money(70), due: addDays(today, days) }],
    }, draft))
const received = (state: State, some: number) =>
  done(state, (draft) =>
    receive({
      kind: 'receive', receipt: state.newId(), purchase: 'p', receivedAt: state.now,
      lines: [{ line: 1, item: plain, quantity: quantity(some), place: standardPlaces.dock, lot: '', serial: '', expiresOn: null, value: null }],
    }, draft))
const planned = (state: State) =>
  done(state, (draft) => produce({
    kind: 'produce', workOrder: 'w', item: made, quantity: quantity(1), makeDays: 2, due: today,
    components: [{ line: 1, item: plain, quantity: quantity(2), batch: quantity(1), scrapPerMillion: 0 }],
  }, draft))
const looked = (state: State, ...supplies: readonly (readonly [string, number])[]) =>
  done(state, (draft) => raiseOverdue({ kind: 'raiseOverdue', supplies: supplies.map(([document, line]) => ({ document, line })) }, draft))
const raised = (state: State) => state.tables.exception.rows().map(({ kind, document, closedAt }) => [kind, document, (closedAt ?? null) !== null])

/** Bought for day 3, promised to two customers, and four days later still not there. */
function waited(): State {
  const state = siteWith()
  bought(state, plain, 5, 3)
  order(state, 'a', [2])
  order(state, 'b', [2])
  order(state, 'c', [1], { requested: addDays(today, 30) })
  return later(state, 4 * day_ms)
}

describe('a supply that is not there on its day', () => {
  test('is raised once with all it hurts, and neither the promise nor the day it was given changes', () => {
    const state = waited()
    const promised = state.tables.line.rows()
    expect(looked(later(state, -day_ms), ['p', 1])).toEqual({ raised: 0 })
    expect(looked(state, ['p', 1], ['p', 1])).toEqual({ raised: 1 })
    expect(looked(later(state, 9 * day_ms), ['p', 1])).toEqual({ raised: 0 })
    expect(state.tables.line.rows()).toEqual(promised)
    expect(state.tables.planned.get('p/1/1')).toMatchObject({ due: addDays(today, 3) })
    expect(state.tables.exception.rows()).toMatchObject([{ kind: 'supply_overdue', document: 'p', line: 1, quantity: 4 }])
    expect(state.tables.exception.rows()[0]!.detail).toMatch(/^A purchase due 2026-03-05 is not there; it hurts SEA-1 line 1 .* SEA-2 line 1 \(promised 2026-03-05\)\.$/)
    expect(state.events.at(-1)).toMatchObject({ type: 'supply.overdue', subject: 'p', data: { orders: [{ estimate: addDays(today, 4) }, { estimate: addDays(today, 4) }] } })
  })

  test.each<[string, (state: State) => unknown, boolean]>([
    ['comes whole',            (state) => received(state, 5), true],
    ['comes in part',          (state) => received(state, 2), false],
    ['is put off',             (state) => done(state, (draft) => redatePurchase({ kind: 'redatePurchase', purchase: 'p', lines: [{ line: 1, due: addDays(today, 9) }] }, draft)), true],
    ['is put off to a day gone by', (state) => done(state, (draft) => redatePurchase({ kind: 'redatePurchase', purchase: 'p', lines: [{ line: 1, due: today }] }, draft)), false],
    ['will not come',          (state) => done(state, (draft) => cancelPurchase({ kind: 'cancelPurchase', purchase: 'p', lines: null }, draft)), true],
  ])('%s, and is settled or not', (_story, then, isClosed) => {
    const state = waited()
    looked(state, ['p', 1])
    then(state)
    expect(raised(state)[0]).toEqual(['supply_overdue', 'p', isClosed])
  })

  test('put off and late again, it is raised again', () => {
    const state = waited()
    looked(state, ['p', 1])
    done(state, (draft) => redatePurchase({ kind: 'redatePurchase', purchase: 'p', lines: [{ line: 1, due: addDays(today, 6) }] }, draft))
    expect(looked(later(state, 3 * day_ms), ['p', 1])).toEqual({ raised: 1 })
    expect(raised(state).filter(([kind]) => kind === 'supply_overdue')).toEqual([['supply_overdue', 'p', true], ['supply_overdue', 'p', false]])
  })

  test('that was late, and has come: neither needs anybody any more', () => {
    const state = waited()
    done(state, (draft) => redatePurchase({ kind: 'redatePurchase', purchase: 'p', lines: [{ line: 1, due: addDays(today, 6) }] }, draft))
    const then = later(state, 3 * day_ms)
    looked(then, ['p', 1])
    received(then, 4)
    expect(raised(then).map(([, , isClosed]) => isClosed)).toEqual([false, false])
    received(then, 1)
    expect(raised(then)).toEqual([['supply_late', 'p', true], ['supply_overdue', 'p', true]])
  })

  test('hurts nobody who is due later, and what is not planned or not supply is passed over', () => {
    const state = siteWith()
    bought(state, plain, 5, 3)
    order(state, 'c', [1], { requested: addDays(today, 30) })
    expect(looked(later(state, 4 * day_ms), ['p', 1], ['c', 1], ['none', 1])).toEqual({ raised: 0 })
    expect(raised(state)).toEqual([])
  })

  test('makes the work late that waits for it, and only the cause is raised', () => {
    const state = siteWith()
    planned(state)
    order(state, 'a', [1], { item: made })
    bought(state, plain, 2, 3)
    expect(state.tables.planned.get('w/0/1')).toMatchObject({ due: addDays(today, 5) })
    const then = later(state, 9 * day_ms)
    expect(looked(then, ['w', 0], ['p', 1])).toEqual({ raised: 1 })
    expect(raised(state)).toEqual([['supply_overdue', 'p', false]])
    expect(state.tables.planned.get('w/0/1')).toMatchObject({ due: addDays(today, 11) })
    expect(state.tables.exception.rows()[0]!.detail).toContain('it hurts SEA-1 line 1')
  })

  test('may be work that nobody did, or goods of another site', () => {
    const state = siteWith()
    planned(state)
    done(state, (draft) => requestTransfer({ kind: 'requestTransfer', transfer: 't', from: 3 as never, lines: [{ line: 1, item: plain, quantity: quantity(4), due: addDays(today, 1) }] }, draft))
    order(state, 'a', [1], { item: made })
    order(state, 'b', [2])
    expect(looked(later(state, 2 * day_ms), ['t', 1])).toEqual({ raised: 1 })
    expect(state.tables.exception.rows()).toMatchObject([{ document: 't', detail: expect.stringMatching(/^A transfer .* it hurts SEA-2 line 1 .*SEA-1 line 1|^A transfer .* it hurts SEA-1 line 1 .*SEA-2 line 1/) as string }])
    const idle = siteWith({ quantity: 2 })
    planned(idle)
    order(idle, 'a', [1], { item: made })
    expect(looked(later(idle, 9 * day_ms), ['w', 0])).toEqual({ raised: 1 })
    expect(raised(idle)).toEqual([['supply_overdue', 'w', false]])
  })

  test('is overdue no more when the other site says that it will not come', () => {
    const state = siteWith()
    done(state, (draft) => requestTransfer({ kind: 'requestTransfer', transfer: 't', from: 3 as never, lines: [{ line: 1, item: plain, quantity: quantity(4), due: addDays(today, 1) }] }, draft))
    order(state, 'b', [2])
    looked(later(state, 2 * day_ms), ['t', 1])
    const lose = (some: number) =>
      done(state, (draft) => loseTransfer({ kind: 'loseTransfer', transfer: 't', from: 3 as never, lines: [{ line: 1, quantity: quantity(some) }] }, draft))
    lose(1)
    expect(raised(state)).toEqual([['supply_overdue', 't', false]])
    lose(3)
    expect(raised(state)).toEqual([['supply_overdue', 't', true], ['supply_short', 't', false]])
  })
})
