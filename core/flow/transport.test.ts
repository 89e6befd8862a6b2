import { describe, expect, test } from 'vitest'
import { addDays, day_ms } from '../calendar.ts'
import type { SiteId } from '../item.ts'
import type { Event, State } from '../ledger.ts'
import { lose } from '../loop/shrinkage.ts'
import { standardPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import type { Refusal } from '../refusal.ts'
import { itemKey } from '../stock.ts'
import { bring, heldBy, order } from '../test-orders.ts'
import { byLot, decided, done, here, later, owner, plain, siteWith, today } from '../test-state.ts'
import { deliver } from './deliver.ts'
import { takeBack } from './return.ts'
import { receiveTransfer, sendTransfer, type ReceiveTransfer } from './transport.ts'
import { ship } from './transport-ship.ts'

const there = 8 as SiteId
const sent = (state: State, some: number, item = plain, to = there): object | Refusal =>
  decided(state, (draft) => sendTransfer({ kind: 'sendTransfer', transfer: 'transfer', to, sentAt: state.now, lines: [{ line: 1, item, quantity: quantity(some) }] }, draft))
const messageOf = (state: State): ReceiveTransfer => ({ kind: 'receiveTransfer', ...((state.events.at(-1) as Event).data as Omit<ReceiveTransfer, 'kind'>) })
const arrives = (state: State, message: ReceiveTransfer): object => done({ ...state, site: there }, (draft) => receiveTransfer(message, draft))

describe('a transfer', () => {
  test('leaves with its value and its lots, and arrives with them', () => {
    const [from, to] = [siteWith({ item: byLot, quantity: 3, lot: 'L1', expiresOn: addDays(today, 2), value: 100 }), siteWith()]
    sent(from, 2, byLot)
    arrives(to, messageOf(from))
    expect(to.tables.stock.rows()).toMatchObject([{ lot: 'L1', quantity: 2, place: standardPlaces.dock, condition: 'sellable' }])
    expect(to.tables.value.get(itemKey(byLot, owner))).toMatchObject({ quantity: 2, value: 67 })
    expect(from.tables.value.get(itemKey(byLot, owner))).toMatchObject({ quantity: 1, value: 33 })
    expect(to.tables.availability.get(itemKey(byLot, owner))).toMatchObject({ nextExpiry: addDays(today, 2) })
  })

  test('goes to those who wait where it arrives', () => {
    const [from, to] = [siteWith({ quantity: 3 }), siteWith()]
    order(to, 'a', [2])
    sent(from, 3)
    arrives(to, messageOf(from))
    expect(heldBy(to, 'a')).toEqual([2])
  })

  test('what expired on the way arrives as expired', () => {
    const [from, to] = [siteWith({ item: byLot, quantity: 3, lot: 'L1', expiresOn: addDays(today, 2) }), siteWith()]
    sent(from, 3, byLot)
    arrives(later(to, 2 * day_ms), messageOf(from))
    expect(to.tables.stock.rows()).toMatchObject([{ quantity: 3, condition: 'expired' }])
    expect(to.tables.availability.get(itemKey(byLot, owner))?.sellable ?? 0).toBe(0)
  })

  test('takes only what is free, and goes elsewhere', () => {
    const state = siteWith({ quantity: 3 })
    order(state, 'a', [2])
    expect(sent(state, 2)).toMatchObject({ refused: 'not_enough_stock', detail: '1 are free to send.' })
    expect(sent(state, 0)).toMatchObject({ refused: 'quantity_not_positive' })
    expect(sent(state, 1, plain, here)).toMatchObject({ refused: 'same_site' })
  })
})

describe('a shipment', () => {
  test('takes all that is packed, is delivered once, and comes back into quarantine', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [2, 1])
    bring(state, 'a', 'shipped')
    const handOver = (shipment: string | null) => decided(state, (draft) => deliver({ kind: 'deliver', order: 'a', shipment, deliveredAt: state.now, receivedBy: 'Ann' }, draft))
    expect(handOver('other')).toMatchObject({ refused: 'shipment_not_known' })
    expect(handOver(null)).toMatchObject({ shipments: ['shipment a'] })
    expect(handOver('shipment a')).toMatchObject({ refused: 'shipment_delivered' })
    const back = (line: number, some: number) => decided(state, (draft) =>
      takeBack({ kind: 'return', order: 'a', returnedAt: state.now, lines: [{ line, quantity: quantity(some), lot: '', serial: '' }] }, draft))
    expect(back(1, 1)).not.toHaveProperty('refused')
    expect(back(1, 2)).toMatchObject({ refused: 'more_than_delivered' })
    expect(back(3, 1)).toMatchObject({ refused: 'line_not_known' })
    expect(state.tables.stock.rows()).toMatchObject([{ quantity: 2 }, { quantity: 1, condition: 'quarantine', place: standardPlaces.inspection }])
    expect(state.tables.availability.get(itemKey(plain, owner))).toMatchObject({ sellable: 2, reserved: 0, demand: 0 })
  })

  test('goes although a piece of it was lost at the packing place', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [3])
    bring(state, 'a', 'packed')
    done(state, (draft) =>
      lose({
        kind: 'lose', document: 'loss', item: plain, quantity: quantity(1), place: standardPlaces.packing, lot: '', serial: '', condition: 'sellable',
        cause: 'breakage', note: '', lostAt: state.now,
      }, draft))
    expect(state.tables.planned.of('a')).toMatchObject([{ held: 3, allocated: 2 }])
    expect(decided(state, (draft) => ship({ kind: 'ship', order: 'a', shipment: 's', shippedAt: state.now }, draft))).toMatchObject({ lines: [{ quantity: 2 }] })
  })

  test('there is none of what is not packed', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [2])
    bring(state, 'a', 'allocated')
    expect(decided(state, (draft) => ship({ kind: 'ship', order: 'a', shipment: 's', shippedAt: state.now }, draft))).toMatchObject({ refused: 'nothing_to_do' })
  })
})
