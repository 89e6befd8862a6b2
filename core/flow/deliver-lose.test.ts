import { describe, expect, test } from 'vitest'
import { instant } from '../calendar.ts'
import type { State } from '../ledger.ts'
import { virtualPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import { bring, order } from '../test-orders.ts'
import { byLot, bySerial, decided, siteWith, today } from '../test-state.ts'
import { bringBack, deliver } from './deliver.ts'
import { loseShipment } from './deliver-lose.ts'
import { track } from './transport-track.ts'

const shipment = 'shipment a'
const piece = (some: number, lot = '', serial = '') => ({ line: 1, quantity: quantity(some), lot, serial })
const lost = (state: State, lines: ReturnType<typeof piece>[] | null = null, at = state.now) =>
  decided(state, (draft) => loseShipment({ kind: 'loseShipment', order: 'a', shipment, lostAt: at, note: '', lines }, draft))

/** An order of so many that have left, and what is still here. */
function shippedSite(some: number, left: number): State {
  const state = siteWith({ quantity: some + left })
  order(state, 'a', [some])
  bring(state, 'a', 'shipped')
  return state
}

describe('a shipment that is lost', () => {
  test.each([
    // What is lost of five, how many are left here, and what of it is held to go again.
    ['all of it, and all can go again', 5, 9, 5],
    ['all of it, and some can go again', 5, 2, 2],
    ['all of it, and none are left',    5, 0, 0],
    ['some of it',                      2, 9, 2],
  ])('%s', (_what, some, left, held) => {
    const state = shippedSite(5, left)
    expect(lost(state, some === 5 ? null : [piece(some)])).toMatchObject({ lines: [{ line: 1, quantity: some }] })
    expect(state.tables.line.get('a/1')).toMatchObject({ quantity: 5, shipped: 5 - some, lost: some, promised: today })
    expect(state.tables.planned.get('a/1/1')).toMatchObject({ planned: 5, posted: 5 - some, held })
    expect(state.tables.shipment.get(shipment)).toMatchObject({ state: some === 5 ? 'lost' : 'shipped' })
    expect(state.tables.availability.rows()).toMatchObject([{ sellable: left, reserved: held, demand: some }])
    expect(state.tables.value.rows()).toMatchObject([{ quantity: left, value: left * 100 }])
    expect(state.moves.at(-1)).toMatchObject({ cause: 'loss', quantity: some, value: some * 100, to: { place: virtualPlaces['loss.transit'] } })
    const raised = state.tables.exception.rows().filter((one) => one.kind === 'shipment_lost')
    expect(raised).toMatchObject([{ document: 'a', line: 1, quantity: some, hurtLines: 1, hurtValue: some * 250 }])
    expect(state.tables.hurt.rows()).toMatchObject([{ order: 'a', line: 1, quantity: some, promised: today }])
  })

  test('waits in its turn: who asked before it gets what comes first', () => {
    const state = shippedSite(5, 0)
    order(state, 'b', [2], { priority: 1 })
    lost(state)
    expect(state.tables.planned.get('a/1/1')).toMatchObject({ held: 0 })
    expect(state.tables.planned.get('b/1/1')).toMatchObject({ held: 0 })
  })

  test('is lost once, and not when it is delivered or back; a later scan does not find it', () => {
    const state = shippedSite(5, 0)
    expect(lost(state, [piece(6)])).toMatchObject({ refused: 'more_than_shipped', subject: 'lines/1/quantity' })
    expect(lost(state, [piece(0)])).toMatchObject({ refused: 'quantity_not_positive' })
    expect(lost(state, null, instant(state.now - 1))).toMatchObject({ refused: 'before_shipment', subject: 'lostAt' })
    expect(lost(state, null, instant(state.now + 1))).toMatchObject({ refused: 'happened_in_future' })
    decided(state, (draft) => bringBack({ kind: 'bringBack', order: 'a', shipment, broughtAt: state.now, lines: [piece(1)] }, draft))
    expect(lost(state, [piece(5)])).toMatchObject({ refused: 'more_than_shipped' })
    lost(state)
    expect(lost(state)).toMatchObject({ refused: 'nothing_to_do' })
    decided(state, (draft) => track({ kind: 'track', order: 'a', shipment, event: 'in_transit', occurredAt: state.now, estimated: null, note: '' }, draft))
    expect(state.tables.shipment.get(shipment)).toMatchObject({ state: 'lost' })
    expect(decided(state, (draft) => deliver({ kind: 'deliver', order: 'a', shipment, deliveredAt: state.now, receivedBy: 'Ann' }, draft))).toMatchObject({ refused: 'nothing_to_do' })
  })

  test('goods that are told apart are named', () => {
    const lots = siteWith({ item: byLot, quantity: 3, lot: 'L1' })
    order(lots, 'a', [2], { item: byLot })
    bring(lots, 'a', 'shipped')
    expect(lost(lots)).toMatchObject({ refused: 'lot_missing' })
    expect(lost(lots, [piece(2, 'L1')])).toMatchObject({ lines: [{ quantity: 2 }] })
    const pieces = siteWith({ item: bySerial, quantity: 1, serial: 'S1' }, { item: bySerial, quantity: 1, serial: 'S2' })
    order(pieces, 'a', [1], { item: bySerial })
    bring(pieces, 'a', 'shipped')
    expect(lost(pieces)).toMatchObject({ refused: 'serial_missing' })
    expect(lost(pieces, [piece(1, '', 'S2')])).toMatchObject({ refused: 'serial_taken' })
    expect(lost(pieces, [piece(1, '', 'S1')])).toMatchObject({ lines: [{ quantity: 1 }] })
  })
})
