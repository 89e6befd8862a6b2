import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '../calendar.ts'
import type { ItemId, PartyId } from '../item.ts'
import type { State } from '../ledger.ts'
import { money } from '../money.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import type { Refusal } from '../refusal.ts'
import { heldBy, order } from '../test-orders.ts'
import { bySerial, byLot, decided, done, later, plain, siteWith, today } from '../test-state.ts'
import { cancelWorkOrder, issueComponents, produce, recordOutput, redateWorkOrder, releaseWorkOrder, type Component } from './produce.ts'
import { purchase, redatePurchase } from './purchase.ts'
import { receive } from './receive.ts'

const { shelf, dock } = standardPlaces
/** What is made: the shelf never has any. */
const made = 4 as ItemId
const part = (line: number, item: ItemId, some: number, batch = 1): Component => ({ line, item, quantity: quantity(some), batch: quantity(batch), scrapPerMillion: 0 })

const planned = (state: State, id: string, some: number, components = [part(1, plain, 2)], item = made, due: Day = addDays(today, 2)): object | Refusal =>
  decided(state, (draft) => produce({ kind: 'produce', workOrder: id, item, quantity: quantity(some), makeDays: 2, due, components }, draft))
const released = (state: State, id: string) => decided(state, (draft) => releaseWorkOrder({ kind: 'releaseWorkOrder', workOrder: id }, draft))
const issued = (state: State, id: string) => decided(state, (draft) => issueComponents({ kind: 'issueComponents', workOrder: id, issuedAt: state.now }, draft))
const output = (state: State, id: string, some: number) =>
  decided(state, (draft) =>
    recordOutput({ kind: 'recordOutput', workOrder: id, quantity: quantity(some), place: dock, lot: '', serial: '', expiresOn: null, madeAt: state.now }, draft))
const cancelled = (state: State, id: string) => decided(state, (draft) => cancelWorkOrder({ kind: 'cancelWorkOrder', workOrder: id }, draft))
const bought = (state: State, id: string, item: ItemId, some: number, days: number) =>
  done(state, (draft) =>
    purchase({
      kind: 'purchase', purchase: id, supplier: 8 as PartyId, orderedAt: state.now,
      lines: [{ line: 1, item, quantity: quantity(some), unitPrice: money(100), due: addDays(today, days) }],
    }, draft))
const received = (state: State, id: string, item: ItemId, some: number) =>
  done(state, (draft) =>
    receive({
      kind: 'receive', receipt: state.newId(), purchase: id, receivedAt: state.now,
      lines: [{ line: 1, item, quantity: quantity(some), place: dock, lot: '', serial: '', expiresOn: null, value: null }],
    }, draft))
const valueOf = (state: State, item: ItemId) => state.tables.value.get(`${item}/1`)?.value
const dueOf = (state: State, id: string, line = 0) => state.tables.planned.get(`${id}/${line}/1`)?.due

describe('a work order', () => {
  test('holds its components, takes them in and gives them out at what they were worth', () => {
    const state = siteWith({ quantity: 10, value: 1_003 })
    expect(planned(state, 'w', 3)).toMatchObject({ quantity: 3, due: addDays(today, 2) })
    expect(state.tables.planned.get('w/1/1')).toMatchObject({ kind: 'component', planned: 6, held: 6 })
    expect(issued(state, 'w')).toMatchObject({ refused: 'work_order_state_forbids' })
    released(state, 'w')
    expect(issued(state, 'w')).toMatchObject({ lines: [{ line: 1, quantity: 6 }] })
    expect(state.moves.at(-1)).toMatchObject({ cause: 'issue', quantity: 6, from: { place: shelf }, to: { place: virtualPlaces.production }, value: 602 })
    expect([output(state, 'w', 1), output(state, 'w', 2)]).toMatchObject([{ value: 201, open: 2 }, { value: 401, open: 0 }])
    expect([valueOf(state, plain), valueOf(state, made)]).toEqual([401, 602])
    expect(output(state, 'w', 1)).toMatchObject({ refused: 'work_order_state_forbids' })
  })

  test('makes no more than what was issued allows, nor more than was planned', () => {
    const state = siteWith({ quantity: 4 })
    planned(state, 'w', 3)
    released(state, 'w')
    expect(output(state, 'w', 1)).toMatchObject({ refused: 'components_missing' })
    issued(state, 'w')
    expect(output(state, 'w', 3)).toMatchObject({ refused: 'components_missing', detail: '3 need 6 of SKU-1; 4 are issued.' })
    expect(output(state, 'w', 4)).toMatchObject({ refused: 'more_than_planned' })
    expect(output(state, 'w', 0)).toMatchObject({ refused: 'quantity_not_positive' })
    expect(output(state, 'w', 2)).toMatchObject({ quantity: 2, open: 1 })
    expect(issued(state, 'w')).toMatchObject({ refused: 'not_held' })
  })

  test('of parts that do not divide evenly rounds up once, and the last piece takes all that is left', () => {
    const state = siteWith({ quantity: 9, value: 1_000 })
    planned(state, 'w', 4, [part(1, plain, 1, 3)])
    expect(state.tables.planned.get('w/1/1')).toMatchObject({ planned: 2 })
    released(state, 'w')
    issued(state, 'w')
    const values = [1, 1, 1, 1].map((some) => (output(state, 'w', some) as { value: number }).value)
    expect(values).toEqual([111, 0, 0, 111])
    expect(state.tables.workComponent.rows()).toMatchObject([{ used: 2, issuedValue: 222, usedValue: 222 }])
  })

  test('is refused without components, and of nothing', () => {
    const state = siteWith()
    expect(planned(state, 'w', 1, [])).toMatchObject({ refused: 'bill_empty' })
    expect(planned(state, 'w', 0)).toMatchObject({ refused: 'quantity_not_positive' })
    expect(released(state, 'w')).toMatchObject({ refused: 'work_order_not_known' })
    expect(state.tables.planned.rows()).toEqual([])
  })

  test('that is cancelled gives back what it has not used, at the value it came with, and lets go of the rest', () => {
    const state = siteWith({ quantity: 7, value: 703 })
    planned(state, 'w', 4)
    order(state, 'a', [3])
    released(state, 'w')
    issued(state, 'w')
    output(state, 'w', 1)
    expect(heldBy(state, 'a')).toEqual([0])
    expect(cancelled(state, 'w')).toMatchObject({ cancelled: 3, lines: [{ line: 1, returned: 5 }] })
    expect(state.tables.workComponent.rows()).toMatchObject([{ used: 2, returned: 5, issuedValue: 703, usedValue: 201, returnedValue: 502 }])
    expect([valueOf(state, plain), valueOf(state, made), heldBy(state, 'a')]).toEqual([502, 201, [3]])
    expect(cancelled(state, 'w')).toMatchObject({ refused: 'work_order_state_forbids' })
  })

  test('that has pieces told apart in production is not cancelled: nobody knows which are left', () => {
    const state = siteWith({ item: bySerial, quantity: 1, serial: 'S1' }, { item: byLot, quantity: 2, lot: 'L' })
    planned(state, 'w', 1, [part(1, bySerial, 1), part(2, byLot, 2)])
    released(state, 'w')
    issued(state, 'w')
    expect(cancelled(state, 'w')).toMatchObject({ refused: 'work_order_state_forbids', subject: 'components/1' })
    expect(output(state, 'w', 1)).toMatchObject({ quantity: 1, value: 300 })
  })
})

describe('several levels', () => {
  const sub = 5 as ItemId
  /** Made of two sub-assemblies, each of which is made of three bought parts. */
  const world = (): State => {
    const state = siteWith()
    order(state, 'a', [1], { item: made })
    planned(state, 'top', 1, [part(1, sub, 2)])
    planned(state, 'below', 2, [part(1, plain, 3)], sub)
    bought(state, 'p', plain, 6, 10)
    return state
  }

  test('a component that is short is demand like any other; a day below carries up to the customer', () => {
    const state = world()
    expect(state.tables.peg.rows()).toMatchObject([
      { supply: 'top/0/1', demand: 'a/1/1', quantity: 1 }, { supply: 'below/0/1', demand: 'top/1/1', quantity: 2 }, { supply: 'p/1/1', demand: 'below/1/1', quantity: 6 },
    ])
    expect([dueOf(state, 'p', 1), dueOf(state, 'below'), dueOf(state, 'top')]).toEqual([10, 12, 14].map((days) => addDays(today, days)))
  })

  test('a late purchase makes everything above it late, and one exception names the customer', () => {
    const state = world()
    const before = state.tables.line.get('a/1')
    done(state, (draft) => redatePurchase({ kind: 'redatePurchase', purchase: 'p', lines: [{ line: 1, due: addDays(today, 20) }] }, draft))
    expect([dueOf(state, 'below'), dueOf(state, 'top')]).toEqual([22, 24].map((days) => addDays(today, days)))
    expect(state.tables.exception.rows()).toMatchObject([{ kind: 'supply_late', document: 'p', quantity: 1, detail: expect.stringContaining('it hurts SEA-1 line 1 (not promised)') as string }])
    expect(state.tables.line.get('a/1')).toBe(before)
    // Sooner hurts nobody.
    done(state, (draft) => redatePurchase({ kind: 'redatePurchase', purchase: 'p', lines: [{ line: 1, due: addDays(today, 5) }] }, draft))
    expect([dueOf(state, 'top'), state.tables.exception.rows().length]).toEqual([addDays(today, 9), 1])
  })

  test('comes in, is made twice, and goes to the customer', () => {
    const state = world()
    received(state, 'p', plain, 6)
    for (const [id, some] of [['below', 2], ['top', 1]] as const) {
      released(state, id)
      issued(state, id)
      expect(output(state, id, some)).toMatchObject({ open: 0, value: 600 })
    }
    expect(heldBy(state, 'a')).toEqual([1])
    expect(state.tables.peg.rows()).toEqual([])
  })

  test('cancelled below, the customer above is named', () => {
    const state = world()
    cancelled(state, 'below')
    expect(state.tables.exception.rows()).toMatchObject([{ kind: 'supply_short', document: 'below', detail: expect.stringContaining('SEA-1 line 1') as string }])
  })
})

test('once all components are there, the day it is finished is known; asked for later, it is later', () => {
  const state = siteWith({ quantity: 9 })
  planned(state, 'w', 2)
  order(state, 'a', [1], { item: made })
  const redated = (days: number) => decided(state, (draft) => redateWorkOrder({ kind: 'redateWorkOrder', workOrder: 'w', due: addDays(today, days) }, draft))
  expect(redated(5)).toMatchObject({ due: addDays(today, 5) })
  expect(redated(0)).toMatchObject({ due: addDays(today, 2), asked: today })
  released(state, 'w')
  const afterwards = later(state, 4 * 86_400_000)
  issued(afterwards, 'w')
  expect(dueOf(afterwards, 'w')).toBe(addDays(today, 6))
  const told = afterwards.tables.exception.rows().map((row) => row.detail)
  expect(told).toEqual([
    `A work order is finished on ${addDays(today, 5)} and not on ${addDays(today, 2)}; it hurts SEA-1 line 1 (promised ${addDays(today, 2)}).`,
    `A work order is finished on ${addDays(today, 6)} and not on ${addDays(today, 2)}; it hurts SEA-1 line 1 (promised ${addDays(today, 2)}).`,
  ])
})
