import { describe, expect, test } from 'vitest'
import { addDays, instant, type Day } from '../calendar.ts'
import type { State } from '../ledger.ts'
import { standardPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import { bring, order } from '../test-orders.ts'
import { byLot, decided, later, siteWith, today } from '../test-state.ts'
import { bringBack, deliver, failDelivery } from './deliver.ts'
import { track } from './transport-track.ts'

const shipment = 'shipment a'
const line = (some: number, number = 1, lot = '') => ({ line: number, quantity: quantity(some), lot, serial: '' })
const delivered = (state: State, accepted?: ReturnType<typeof line>[], at = state.now, named: string | null = null) =>
  decided(state, (draft) =>
    deliver({
      kind: 'deliver', order: 'a', shipment: named, deliveredAt: at, receivedBy: 'Ann', note: 'at the gate', position: { latitude_e6: 47_609_700, longitude_e6: -122_333_100 },
      ...(accepted && { accepted }),
    }, draft))
const failed = (state: State, nextAttempt: Day | null = null, at = state.now) =>
  decided(state, (draft) => failDelivery({ kind: 'failDelivery', order: 'a', shipment: null, failedAt: at, reason: 'nobody at home', nextAttempt }, draft))
const brought = (state: State, lines: ReturnType<typeof line>[] | null = null, at = state.now) =>
  decided(state, (draft) => bringBack({ kind: 'bringBack', order: 'a', shipment, broughtAt: at, lines }, draft))

function shippedSite(some = 5): State {
  const state = siteWith({ quantity: 9 })
  order(state, 'a', [some])
  bring(state, 'a', 'shipped')
  return state
}

describe('a delivery', () => {
  test('has its proof, once', () => {
    const state = shippedSite()
    delivered(state)
    expect(state.tables.shipment.get(shipment)).toMatchObject({
      deliveredAt: state.now, receivedBy: 'Ann', deliveryNote: 'at the gate', latitude_e6: 47_609_700, state: 'delivered', estimated: today,
    })
    expect(state.tables.line.get('a/1')).toMatchObject({ shipped: 5, delivered: 5 })
    expect(delivered(state)).toMatchObject({ refused: 'shipment_delivered' })
    expect(failed(state)).toMatchObject({ refused: 'shipment_delivered' })
  })

  test('in part: the rest comes back into quarantine, and the order is done', () => {
    const state = shippedSite()
    expect(delivered(state, [line(6)])).toMatchObject({ refused: 'more_than_shipped' })
    expect(delivered(state, [line(2), line(4)])).toMatchObject({ refused: 'more_than_shipped' })
    delivered(state, [line(2), line(1)])
    expect(state.tables.line.get('a/1')).toMatchObject({ shipped: 5, delivered: 3, cameBack: 0 })
    expect(brought(state, [line(3)])).toMatchObject({ refused: 'more_than_shipped' })
    expect(brought(state)).toMatchObject({ lines: [{ line: 1, quantity: 2 }] })
    expect(state.tables.line.get('a/1')).toMatchObject({ shipped: 5, delivered: 3, cameBack: 2 })
    expect(state.tables.stock.rows()).toContainEqual(expect.objectContaining({ place: standardPlaces.inspection, condition: 'quarantine', quantity: 2 }))
    expect(state.tables.availability.rows()).toMatchObject([{ sellable: 4 }])
    expect(state.tables.shipment.get(shipment)).toMatchObject({ state: 'delivered' })
    expect(brought(state)).toMatchObject({ refused: 'nothing_to_do' })
  })

  test('is not before the shipment', () => {
    const state = siteWith({ quantity: 9 })
    order(state, 'a', [5])
    bring(state, 'a', 'packed')
    expect(delivered(state)).toMatchObject({ refused: 'shipment_not_known' })
    const shipped = shippedSite()
    expect(delivered(shipped, undefined, instant(shipped.now - 1))).toMatchObject({ refused: 'before_shipment', subject: 'deliveredAt' })
    expect(failed(shipped, null, instant(shipped.now - 1))).toMatchObject({ refused: 'before_shipment' })
    expect(brought(shipped, null, instant(shipped.now - 1))).toMatchObject({ refused: 'before_shipment' })
  })
})

describe('an attempt that failed', () => {
  test('leaves the shipment on its way, expected later, and the next one may succeed', () => {
    const state = shippedSite()
    expect(failed(state, addDays(today, -1))).toMatchObject({ refused: 'date_not_valid' })
    expect(failed(state)).toMatchObject({ estimated: addDays(today, 1) })
    expect(state.tables.shipment.get(shipment)).toMatchObject({ state: 'in_transit', estimated: addDays(today, 1), promised: null, deliveredAt: null })
    expect(failed(state, addDays(today, 4))).toMatchObject({ estimated: addDays(today, 4) })
    delivered({ ...later(state, 1_000) })
    expect(state.tables.shipment.get(shipment)).toMatchObject({ state: 'delivered', estimated: today })
    expect(state.tables.tracking.rows().map((row) => row.kind)).toEqual(['attempt_failed', 'attempt_failed', 'delivered'])
  })

  test('may end with the goods at the site, for good', () => {
    const state = shippedSite()
    failed(state)
    brought(state, [line(2)])
    expect(state.tables.shipment.get(shipment)).toMatchObject({ state: 'in_transit' })
    brought(state)
    expect(state.tables.shipment.get(shipment)).toMatchObject({ state: 'came_back' })
    expect(state.tables.line.get('a/1')).toMatchObject({ shipped: 5, delivered: 0, cameBack: 5 })
    expect(delivered(state)).toMatchObject({ refused: 'nothing_to_do' })
  })

  test('goods that are told apart by lot are named when they come back', () => {
    const state = siteWith({ item: byLot, quantity: 3, lot: 'L1' })
    order(state, 'a', [2], { item: byLot })
    bring(state, 'a', 'shipped')
    expect(brought(state)).toMatchObject({ refused: 'lot_missing' })
    expect(brought(state, [line(2, 1, 'L1')])).toMatchObject({ lines: [{ quantity: 2 }] })
  })
})

describe('tracking', () => {
  const tracked = (state: State, event: 'in_transit' | 'handed_over', estimated: Day | null = null, at = state.now, named = shipment) =>
    decided(state, (draft) => track({ kind: 'track', order: 'a', shipment: named, event, occurredAt: at, estimated, note: '' }, draft))

  test('moves the estimate and never the promise, in whatever order it is told', () => {
    const state = shippedSite()
    expect(tracked(state, 'in_transit', addDays(today, 3))).toMatchObject({ state: 'in_transit', promised: null, estimated: addDays(today, 3) })
    expect(tracked(state, 'handed_over', addDays(today, 1), instant(state.now - 1))).toMatchObject({ state: 'in_transit', estimated: addDays(today, 3) })
    expect(tracked(state, 'in_transit', null, instant(state.now + 1))).toMatchObject({ refused: 'happened_in_future' })
    expect(tracked(state, 'in_transit', null, state.now, 'other')).toMatchObject({ refused: 'shipment_not_known' })
  })
})
