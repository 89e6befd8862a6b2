// What a site that is asked for goods answers: told as core decides it, one site beside the other.

import { describe, expect, test } from 'vitest'
import { addDays, day_ms, type Day } from '../calendar.ts'
import type { PartyId, SiteId } from '../item.ts'
import type { State } from '../ledger.ts'
import { count } from '../loop/count.ts'
import { money } from '../money.ts'
import { standardPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import { order } from '../test-orders.ts'
import { done, here, later, plain, siteWith, today, type Stocked } from '../test-state.ts'
import { expectTransfer, type ExpectTransfer } from './cover-answer.ts'
import { requestTransfer, supplyTransfer } from './cover-transfer.ts'
import { cancelPurchase, purchase, redatePurchase } from './purchase.ts'
import { raiseOverdue } from './receive-overdue.ts'
import { stopTransfer } from './transport-cancel.ts'
import { dispatchTransfer } from './transport-transfer.ts'
import { receiveTransfer, type ReceiveTransfer } from './transport.ts'

const plantSite = 8 as SiteId
const [tomorrow, soon, late] = [addDays(today, 1), addDays(today, 6), addDays(today, 9)]
const plantWith = (...stocked: readonly Stocked[]): State => ({ ...siteWith(...stocked), site: plantSite, siteCode: 'AWC' })
const asked = (plant: State, some: number, transfer = 't'): object =>
  done(plant, (draft) => supplyTransfer({ kind: 'supplyTransfer', transfer, home: here, lines: [{ line: 1, item: plain, quantity: quantity(some), due: tomorrow }] }, draft))
const bought = (state: State, some: number, due: Day, id = 'p'): object =>
  done(state, (draft) =>
    purchase({ kind: 'purchase', purchase: id, supplier: 8 as PartyId, orderedAt: state.now, lines: [{ line: 1, item: plain, quantity: quantity(some), unitPrice: money(70), due }] }, draft))
const redated = (state: State, due: Day): object => done(state, (draft) => redatePurchase({ kind: 'redatePurchase', purchase: 'p', lines: [{ line: 1, due }] }, draft))
const answersOf = (state: State) => state.events.filter((event) => event.type === 'transfer.answered').map(({ to, data }) => [to, (data as ExpectTransfer).lines])
const leaves = (leavesOn: Day | null) => [here, [{ line: 1, leavesOn }]]

describe('the site that is asked', () => {
  test.each<[string, () => State, Day | null]>([
    ['has it and can send it today',       () => plantWith({ quantity: 9 }), today],
    ['has none and expects some',          () => { const state = plantWith(); bought(state, 9, soon); return state }, soon],
    ['has a part and expects the rest',    () => { const state = plantWith({ quantity: 3 }); bought(state, 9, soon); return state }, soon],
    ['has a part and expects too little',  () => { const state = plantWith({ quantity: 3 }); bought(state, 1, soon); return state }, null],
    ['has none',                           () => plantWith(), null],
  ])('%s', (_story, siteBefore, day) => {
    const plant = siteBefore()
    asked(plant, 5)
    expect(answersOf(plant)).toEqual(day === null ? [] : [leaves(day)])
    expect(plant.tables.planned.get('t/1/1')).toMatchObject(day === null ? { status: 'firm', due: tomorrow } : { status: 'released', due: day })
  })

  test('answers when it knows, again when that changes, and not twice the same', () => {
    const plant = plantWith()
    asked(plant, 5)
    bought(plant, 5, soon)
    redated(plant, soon)
    redated(plant, late)
    redated(plant, soon)
    expect(answersOf(plant)).toEqual([leaves(soon), leaves(late), leaves(soon)])
    done(plant, (draft) => cancelPurchase({ kind: 'cancelPurchase', purchase: 'p', lines: null }, draft))
    expect(answersOf(plant).at(-1)).toEqual(leaves(null))
    expect(plant.tables.planned.get('t/1/1')).toMatchObject({ status: 'firm', pegged: 0 })
  })

  test('loses what it held for it', () => {
    const plant = plantWith({ quantity: 5 })
    asked(plant, 5)
    done(plant, (draft) => count({ kind: 'count', document: 'c', item: plain, counted: quantity(2), place: standardPlaces.shelf, lot: '', serial: '', condition: 'sellable', countedAt: plant.now }, draft))
    expect(answersOf(plant)).toEqual([leaves(today), leaves(null)])
  })

  test('says nothing of what has left or was called off', () => {
    const plant = plantWith({ quantity: 9 })
    asked(plant, 5)
    asked(plant, 4, 'u')
    done(plant, (draft) => dispatchTransfer({ kind: 'dispatchTransfer', transfer: 't', sentAt: plant.now, arrivesOn: tomorrow }, draft))
    done(plant, (draft) => stopTransfer({ kind: 'stopTransfer', transfer: 'u', home: here }, draft))
    expect(answersOf(plant)).toEqual([leaves(today), leaves(today)])
  })
})

describe('the site that asks', () => {
  /** Asked for by tomorrow, two days away. */
  const waiting = (): State => {
    const state = siteWith()
    done(state, (draft) => {
      draft.siteSource.put({ site: here, source: 'buy', from: plantSite, transferDays: 2 })
      return requestTransfer({ kind: 'requestTransfer', transfer: 't', from: plantSite, lines: [{ line: 1, item: plain, quantity: quantity(5), due: tomorrow }] }, draft)
    })
    return state
  }
  const heard = (state: State, leavesOn: Day | null): object =>
    done(state, (draft) => expectTransfer({ kind: 'expectTransfer', transfer: 't', from: plantSite, lines: [{ line: 1, leavesOn }] }, draft))
  const due = (state: State) => state.tables.planned.get('t/1/1')!.due
  const details = (state: State) => state.tables.exception.rows().map((row) => row.detail)

  test('expects them as many days later as the way takes, and raises nothing where nobody was promised them', () => {
    const state = siteWith()
    order(state, 'a', [2])
    done(state, (draft) => {
      draft.siteSource.put({ site: here, source: 'buy', from: plantSite, transferDays: 2 })
      return requestTransfer({ kind: 'requestTransfer', transfer: 't', from: plantSite, lines: [{ line: 1, item: plain, quantity: quantity(5), due: tomorrow }] }, draft)
    })
    heard(state, late)
    expect([due(state), details(state)]).toEqual([addDays(late, 2), []])
    order(state, 'b', [3])
    expect(state.tables.line.get('b/1')).toMatchObject({ promised: addDays(late, 2) })
    expect(done(later(state, 3 * day_ms), (draft) => raiseOverdue({ kind: 'raiseOverdue', supplies: [{ document: 't', line: 1 }] }, draft))).toEqual({ raised: 0 })
  })

  test('hurts whom it promised them to, and keeps that promise', () => {
    const state = waiting()
    heard(state, soon)
    order(state, 'a', [2])
    heard(state, late)
    const promised = addDays(soon, 2)
    expect(state.tables.line.get('a/1')).toMatchObject({ promised })
    expect(details(state)).toEqual([`Line 1 of a transfer comes on ${addDays(late, 2)} and not on ${promised}; it hurts SEA-1 line 1 (promised ${promised}).`])
    heard(state, null)
    expect(details(state)[1]).toBe(`8 does not know any more when line 1 of a transfer leaves; it hurts SEA-1 line 1 (promised ${promised}).`)
  })

  test('is not there before the day that was asked for, unless it is told so later', () => {
    const state = siteWith()
    done(state, (draft) => requestTransfer({ kind: 'requestTransfer', transfer: 't', from: plantSite, lines: [{ line: 1, item: plain, quantity: quantity(5), due: soon }] }, draft))
    heard(state, today)
    expect(due(state)).toBe(soon)
    heard(state, late)
    heard(state, today)
    expect(due(state)).toBe(today)
  })

  test('expects the rest no sooner because a part of it is on its way', () => {
    const state = waiting()
    const sent = (some: number, arrivesOn: Day): object =>
      done(state, (draft) => {
        const goods = [{ line: 1, item: plain, quantity: quantity(some), lot: '', serial: '', expiresOn: null, value: money(100) }]
        return receiveTransfer({ kind: 'receiveTransfer', transfer: 't', from: plantSite, sentAt: state.now, arrivesOn, goods } satisfies ReceiveTransfer, draft)
      })
    heard(state, late)
    sent(2, addDays(today, 2))
    expect(due(state)).toBe(addDays(late, 2))
    sent(3, addDays(today, 4))
    expect(due(state)).toBe(addDays(today, 4))
    // All of it is on its way: that is known better than any answer.
    heard(state, late)
    expect(due(state)).toBe(addDays(today, 4))
  })
})
