import { describe, expect, test } from 'vitest'
import type { SiteId } from '../item.ts'
import type { State } from '../ledger.ts'
import { standardPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import { itemKey } from '../stock.ts'
import { bring, heldBy, order } from '../test-orders.ts'
import { byLot, bySerial, decided, done, here, later, owner, siteWith } from '../test-state.ts'
import { changeCondition } from './store.ts'
import { holdRecalled, liftRecall, recallLot, releaseRecalled, type HoldAnswer } from './store-recall.ts'

const lotsOf = (state: State) => state.tables.stock.rows().map((row) => [row.lot || row.serial, row.condition, row.quantity, row.allocated])
const recalled = (state: State, lot: string, recall = 'r1') => done(state, (draft) =>
  holdRecalled({ kind: 'holdRecalled', recall, since: state.now, goods: [{ item: byLot, lot, serial: '', expiresOn: null }], workOrders: [] }, draft))
const lifted = (state: State, recall = 'r1') => done(state, (draft) => releaseRecalled({ kind: 'releaseRecalled', recall }, draft))
const released = (state: State, lot: string) => decided(state, (draft) => changeCondition({
  kind: 'changeCondition', document: 'd', item: byLot, quantity: quantity(1), place: standardPlaces.shelf, toPlace: standardPlaces.shelf, lot, serial: '', from: 'quarantine', to: 'sellable', changedAt: state.now,
}, draft))

describe('a site that is told of a recall', () => {
  test('holds what can be sold of the lot, and nothing of another', () => {
    const state = siteWith({ item: byLot, lot: 'L1', quantity: 4 }, { item: byLot, lot: 'L2', quantity: 3 }, { item: byLot, lot: 'L1', quantity: 2, condition: 'damaged' })
    expect(recalled(state, 'L1')).toMatchObject({ held: [{ lot: 'L1', quantity: 4 }], shorted: [] })
    expect(lotsOf(state)).toEqual(expect.arrayContaining([['L1', 'quarantine', 4, 0], ['L2', 'sellable', 3, 0], ['L1', 'damaged', 2, 0]]))
    expect(state.tables.availability.get(itemKey(byLot, owner))).toMatchObject({ sellable: 3 })
    expect(state.moves.at(-1)).toMatchObject({ cause: 'recall', document: 'r1', quantity: 4 })
  })

  test('shorts holds that nothing covers any more, set aside and packed ones too, and says whose', () => {
    const state = siteWith({ item: byLot, lot: 'L1', quantity: 4 }, { item: byLot, lot: 'L2', quantity: 2, expiresOn: null })
    order(state, 'a', [3], { item: byLot })
    order(state, 'b', [3], { item: byLot })
    bring(state, 'a', 'packed')
    const { shorted } = recalled(state, 'L1') as HoldAnswer
    expect(shorted.reduce((sum, one) => sum + one.quantity, 0)).toBe(4)
    expect(heldBy(state, 'a')[0]! + heldBy(state, 'b')[0]!).toBe(2)
    expect(state.tables.exception.rows().reduce((sum, one) => sum + one.quantity, 0)).toBe(4)
    expect(state.tables.stock.rows().filter((row) => row.lot === 'L1').every((row) => row.condition === 'quarantine' && row.allocated === 0)).toBe(true)
  })

  test('told twice holds once', () => {
    const state = siteWith({ item: byLot, lot: 'L1', quantity: 4 })
    recalled(state, 'L1')
    const moves = state.moves.length
    expect(recalled(state, 'L1')).toMatchObject({ held: [] })
    expect(state.moves).toHaveLength(moves)
  })

  test('releases nothing before the last recall of it is lifted', () => {
    const state = siteWith({ item: byLot, lot: 'L1', quantity: 4 })
    recalled(state, 'L1', 'r1')
    recalled(later(state, 1_000), 'L1', 'r2')
    lifted(state, 'r1')
    expect(released(state, 'L1')).toMatchObject({ refused: 'lot_recalled', subject: 'lot' })
    lifted(state, 'r2')
    expect(released(state, 'L1')).toMatchObject({ quantity: 1 })
  })

  test('holds a single piece by its serial', () => {
    const state = siteWith({ item: bySerial, serial: 'S1', quantity: 1 }, { item: bySerial, serial: 'S2', quantity: 1 })
    done(state, (draft) => holdRecalled({ kind: 'holdRecalled', recall: 'r1', since: state.now, goods: [{ item: bySerial, lot: '', serial: 'S1', expiresOn: null }], workOrders: [] }, draft))
    expect(lotsOf(state)).toEqual(expect.arrayContaining([['S1', 'quarantine', 1, 0], ['S2', 'sellable', 1, 0]]))
  })
})

describe('the control site', () => {
  const goods = Array.from({ length: 450 }, (_none, index) => ({ item: byLot, lot: `L${index}`, serial: '', expiresOn: null }))
  const command = { kind: 'recallLot', recall: 'r1', item: byLot, lot: 'L0', serial: '', reason: 'Glass', sites: [{ site: here, goods, workOrders: ['w'] }] } as const

  test('tells a site of many lots in several messages, in their order', () => {
    const state = siteWith()
    expect(done(state, (draft) => recallLot(command, draft))).toEqual({ id: 'r1', item: byLot, lots: 450, sites: ['SEA'] })
    const told = state.events.filter((event) => event.to === here)
    expect(told.map((event) => [event.subject, (event.data as { goods: object[] }).goods.length])).toEqual([['r1/7', 200], ['r1/7', 200], ['r1/7', 50]])
  })

  test('tells every site something before it tells one more', () => {
    const state = siteWith()
    const other = { site: 8 as SiteId, goods: goods.slice(0, 1), workOrders: [] }
    done(state, (draft) => recallLot({ ...command, sites: [...command.sites, other] }, draft))
    const told = state.events.filter((event) => event.to !== undefined)
    expect(told.map((event) => event.subject)).toEqual(['r1/7', 'r1/8', 'r1/7', 'r1/7'])
  })

  test('recalls a lot once, and lifts it once', () => {
    const state = siteWith()
    done(state, (draft) => recallLot(command, draft))
    expect(done(state, (draft) => recallLot({ ...command, recall: 'r2' }, draft))).toMatchObject({ id: 'r1' })
    const lift = (recall: string) => decided(state, (draft) => liftRecall({ kind: 'liftRecall', recall, item: byLot }, draft))
    expect(lift('r1')).toMatchObject({ id: 'r1' })
    expect(lift('r1')).toMatchObject({ refused: 'nothing_to_do' })
    expect(lift('r2')).toMatchObject({ refused: 'recall_not_known' })
    expect(done(state, (draft) => recallLot({ ...command, recall: 'r3' }, draft))).toMatchObject({ id: 'r3' })
  })
})
