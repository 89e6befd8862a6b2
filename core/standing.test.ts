import { describe, expect, test } from 'vitest'
import type { Day } from './calendar.ts'
import { money } from './money.ts'
import type { Shipment, ShipmentLine } from './order.ts'
import type { PlannedKind, PlannedMove } from './planned-move.ts'
import { quantity } from './quantity.ts'
import { carriedStandsOf, StandingChanges, standsOf } from './standing.ts'

const due = '2026-03-02' as Day
const row = (kind: PlannedKind, counts: Partial<Record<'planned' | 'posted' | 'cancelled' | 'held' | 'allocated', number>>, holdExpiresAt: number | null = null): PlannedMove =>
  ({ kind, due, unitPrice: money(10), planned: 10, posted: 0, cancelled: 0, held: 0, allocated: 0, ...counts, holdExpiresAt }) as unknown as PlannedMove
const line = (counts: Partial<Record<'quantity' | 'delivered' | 'cameBack' | 'lost', number>>): ShipmentLine => ({ quantity: 5, delivered: 0, cameBack: 0, lost: 0, ...counts }) as unknown as ShipmentLine
const shipment = (deliveredOn: string | null): Shipment => ({ deliveredAt: deliveredOn === null ? null : Date.parse(`${deliveredOn}T23:59:59Z`) }) as unknown as Shipment
const told = (stands: Iterable<{ stage: string; due: string; quantity: number }>) => [...stands].map((one) => `${one.stage} ${one.quantity}${one.due === due ? '' : ` on ${one.due}`}`).join(', ')

describe('a planned move stands', () => {
  test.each([
    ['an order that waits',                 row('order', {}),                                                    'order 10, promise 10'],
    ['one that is held in part',            row('order', { held: 4 }),                                           'order 10, promise 6, reserve 4'],
    ['one that is held',                    row('order', { held: 10 }),                                          'order 10, reserve 10'],
    ['one that is picked in part',          row('order', { held: 10, allocated: 3 }),                            'order 10, reserve 7, store 3'],
    ['one that is shipped in part',         row('order', { posted: 6, held: 4, allocated: 4 }),                  'order 4, store 4'],
    ['one that is shipped and cancelled',   row('order', { posted: 6, cancelled: 4 }),                           ''],
    ['a hold that nobody confirmed',        row('order', { held: 10 }, 1),                                       ''],
    ['a purchase',                          row('purchase', { posted: 3 }),                                      'purchase 7'],
    ['an output',                           row('output', {}),                                                   'produce 10'],
    ['a component',                         row('component', { held: 2 }),                                       ''],
    ['a transfer',                          row('transfer_out', { held: 2 }),                                    ''],
  ])('%s', (_what, planned, stands) => expect(told(standsOf(planned))).toBe(stands))
})

describe('a line of a shipment stands', () => {
  test.each([
    ['on its way',                  line({}),                            shipment(null),         'transport 5'],
    ['delivered on its day',        line({ delivered: 5 }),              shipment('2026-03-02'), 'deliver 5'],
    ['delivered late',              line({ delivered: 5 }),              shipment('2026-03-03'), 'deliver 5 on 2026-03-03, deliver_late 5 on 2026-03-03'],
    ['taken in part',               line({ delivered: 2 }),              shipment('2026-03-01'), 'transport 3, deliver 2 on 2026-03-01'],
    ['taken in part, the rest back', line({ delivered: 2, cameBack: 3 }), shipment('2026-03-02'), 'deliver 2'],
    ['not taken and back',          line({ cameBack: 5 }),               shipment(null),         ''],
    ['lost in part',                line({ lost: 2 }),                   shipment(null),         'transport 3'],
  ])('%s', (_what, carried, of, stands) => expect(told(carriedStandsOf({ line: carried, shipment: of }, { due }))).toBe(stands))
})

test('a change takes away where a row stood and adds where it stands; what changes nothing is no change', () => {
  const changes = new StandingChanges()
  const [before, after] = [row('order', {}), row('order', { held: 10 })]
  changes.count(standsOf(before), before, -1)
  changes.count(standsOf(after), after, 1)
  expect(changes.rows).toEqual([
    { stage: 'promise', due, lines: -1, value: -100n },
    { stage: 'reserve', due, lines: 1, value: 100n },
  ])
})

test('values beyond 2^53 are exact', () => {
  const changes = new StandingChanges()
  const large = { ...row('purchase', {}), planned: quantity(10 ** 12), unitPrice: money(10 ** 12) }
  changes.count(standsOf(large), large, 1)
  expect(changes.rows).toEqual([{ stage: 'purchase', due, lines: 1, value: 10n ** 24n }])
})
