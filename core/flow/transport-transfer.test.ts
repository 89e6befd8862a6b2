import { describe, expect, test } from 'vitest'
import { addDays, day_ms } from '../calendar.ts'
import type { ItemId, SiteId } from '../item.ts'
import type { Event, State } from '../ledger.ts'
import { standardPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import type { Refusal } from '../refusal.ts'
import { itemKey } from '../stock.ts'
import { heldBy, order } from '../test-orders.ts'
import { byLot, bySerial, decided, done, here, later, owner, plain, siteWith, today, type Stocked } from '../test-state.ts'
import { requestTransfer, supplyTransfer, type SupplyTransfer } from './cover-transfer.ts'
import { receive } from './receive.ts'
import { cancelTransfer, loseTransfer, stopTransfer, type LoseTransfer, type StopTransfer } from './transport-cancel.ts'
import { dispatchTransfer, takeArrival } from './transport-transfer.ts'
import { receiveTransfer, type ReceiveTransfer } from './transport.ts'

const there = 8 as SiteId
/** The site that is asked. */
const plantWith = (...stocked: readonly Stocked[]): State => ({ ...siteWith(...stocked), site: there })
const dataOf = (state: State): object => (state.events.at(-1) as Event).data
const ask = (state: State, some: number, from = there, item: ItemId = plain): object | Refusal =>
  decided(state, (draft) => requestTransfer({ kind: 'requestTransfer', transfer: 't', from, lines: [{ line: 1, item, quantity: quantity(some), due: today }] }, draft))
const hear = (state: State, message: object): object => done(state, (draft) => supplyTransfer({ kind: 'supplyTransfer', ...(message as Omit<SupplyTransfer, 'kind'>) }, draft))
const dispatch = (state: State, arrivesOn = addDays(today, 2)): object | Refusal =>
  decided(state, (draft) => dispatchTransfer({ kind: 'dispatchTransfer', transfer: 't', sentAt: state.now, arrivesOn }, draft))
const expectGoods = (state: State, message: object): object => done(state, (draft) => receiveTransfer({ kind: 'receiveTransfer', ...(message as Omit<ReceiveTransfer, 'kind'>) }, draft))
const take = (state: State): object | Refusal => decided(state, (draft) => takeArrival({ kind: 'takeArrival', transfer: 't', receivedAt: state.now }, draft))
const come = (state: State, some: number): object =>
  done(state, (draft) => receive({ kind: 'receive', receipt: 'r', purchase: null, receivedAt: state.now, lines: [{ line: 1, item: plain, quantity: quantity(some), place: standardPlaces.dock, lot: '', serial: '', expiresOn: null, value: null }] }, draft))

describe('a transfer that is asked for', () => {
  test('is held there, leaves at its value, is on its way, and goes to those who wait when it is here', () => {
    const [home, plant] = [siteWith(), plantWith({ quantity: 5, value: 500 })]
    order(home, 'a', [3])
    ask(home, 3)
    hear(plant, dataOf(home))
    expect(plant.tables.planned.of('t')).toMatchObject([{ kind: 'transfer_out', homeSite: here, held: 3 }])
    expect(dispatch(plant)).toMatchObject({ lines: [{ quantity: 3 }] })
    expect(plant.tables.availability.get(itemKey(plain, owner))).toMatchObject({ sellable: 2, reserved: 0, demand: 0 })
    expectGoods(home, dataOf(plant))
    expect([heldBy(home, 'a'), home.tables.stock.rows()]).toEqual([[0], []])
    expect(home.tables.planned.of('t')).toMatchObject([{ kind: 'transfer_in', due: addDays(today, 2), posted: 0, pegged: 3 }])
    const arrived = later(home, 2 * day_ms)
    take(arrived)
    expect(heldBy(home, 'a')).toEqual([3])
    expect(home.tables.planned.of('t')).toMatchObject([{ posted: 3, pegged: 0 }])
    expect(home.tables.value.get(itemKey(plain, owner))).toMatchObject({ quantity: 3, value: 300 })
    expect(home.tables.arrival.rows()).toEqual([])
    expect(take(arrived)).toMatchObject({ refused: 'nothing_to_do' })
  })

  test('leaves in parts as it is held, after the customers of the site that is asked', () => {
    const [home, plant] = [siteWith(), plantWith({ quantity: 2 })]
    ask(home, 5)
    hear(plant, dataOf(home))
    order(plant, 'urgent', [2], { priority: 1 })
    expect(dispatch(plant)).toMatchObject({ lines: [{ quantity: 2 }] })
    expectGoods(home, dataOf(plant))
    expect(dispatch(plant)).toMatchObject({ refused: 'not_held' })
    come(plant, 4)
    expect(heldBy(plant, 'urgent')).toEqual([2])
    expect(dispatch(plant, addDays(today, 3))).toMatchObject({ lines: [{ quantity: 2 }] })
    expectGoods(home, dataOf(plant))
    expect(home.tables.arrival.rows()).toMatchObject([{ number: 1, quantity: 2, due: addDays(today, 2) }, { number: 2, quantity: 2, due: addDays(today, 3) }])
    take(home)
    expect(home.tables.planned.of('t')).toMatchObject([{ planned: 5, posted: 4 }])
  })

  test('that comes later than a customer was told raises one exception', () => {
    const [home, plant] = [siteWith(), plantWith({ quantity: 5 })]
    order(home, 'waits', [1])
    ask(home, 2)
    hear(plant, dataOf(home))
    order(home, 'a', [1])
    dispatch(plant, addDays(today, 6))
    expectGoods(home, dataOf(plant))
    expect(home.tables.exception.rows()).toMatchObject([{ kind: 'supply_late', document: 't', quantity: 1, detail: expect.stringContaining('hurts SEA-2 line 1 (promised') as string }])
  })

  test('is asked of another site, for something', () => {
    expect(ask(siteWith(), 1, here)).toMatchObject({ refused: 'same_site' })
    expect(ask(siteWith(), 0)).toMatchObject({ refused: 'quantity_not_positive' })
    expect(dispatch(plantWith({ quantity: 1 }))).toMatchObject({ refused: 'transfer_not_known' })
  })
})

describe('a transfer that is counted at the dock', () => {
  const onItsWay = (some: number) => {
    const [home, plant] = [siteWith(), plantWith({ quantity: some, value: some * 100 })]
    order(home, 'a', [some])
    ask(home, some)
    hear(plant, dataOf(home))
    dispatch(plant, today)
    expectGoods(home, dataOf(plant))
    return home
  }
  const taken = (state: State, some: number, line = 1, serial = ''): object | Refusal =>
    decided(state, (draft) => takeArrival({ kind: 'takeArrival', transfer: 't', receivedAt: state.now, found: [{ line, quantity: quantity(some), lot: '', serial }] }, draft))

  test.each([
    ['fewer', 3, 3, 300, [3], [['count_difference', 2], ['supply_short', 2]]],
    ['none',  0, 0, 0,   [0], [['count_difference', 5], ['supply_short', 5]]],
    ['more',  6, 6, 600, [5], [['count_difference', 1]]],
    ['all',   5, 5, 500, [5], []],
  ])('has %s: the difference is a move here, and who waits gets what there is', (_story, found, sellable, value, held, raised) => {
    const home = onItsWay(5)
    taken(home, found)
    expect(home.tables.planned.of('t')).toMatchObject([{ posted: 5, pegged: 0 }])
    expect(home.tables.availability.get(itemKey(plain, owner))).toMatchObject({ sellable, reserved: held[0] })
    expect(home.tables.value.get(itemKey(plain, owner))).toMatchObject({ quantity: found, value })
    expect([heldBy(home, 'a'), home.tables.exception.rows().map((one) => [one.kind, one.quantity])]).toEqual([held, raised])
    expect(home.tables.arrival.rows()).toEqual([])
  })

  test('of a line or piece that is not on its way is refused', () => {
    expect(taken(onItsWay(2), 1, 9)).toMatchObject({ refused: 'line_not_known', subject: 'lines/1/line' })
    expect(taken(onItsWay(2), 1, 1, 'S1')).toMatchObject({ refused: 'line_not_known' })
  })

  test('says which lot differs where several are on their way', () => {
    const [home, plant] = [siteWith(), plantWith({ item: byLot, lot: 'L1', quantity: 2 }, { item: byLot, lot: 'L2', quantity: 2 })]
    ask(home, 4, there, byLot)
    hear(plant, dataOf(home))
    dispatch(plant)
    expectGoods(home, dataOf(plant))
    expect(taken(home, 3)).toMatchObject({ refused: 'lot_missing', subject: 'lines/1/lot' })
    done(home, (draft) => takeArrival({ kind: 'takeArrival', transfer: 't', receivedAt: home.now, found: [{ line: 1, quantity: quantity(1), lot: 'L2', serial: '' }] }, draft))
    expect(home.tables.stock.rows()).toMatchObject([{ lot: 'L1', quantity: 2 }, { lot: 'L2', quantity: 1 }])
  })

  test('has a serial once, and says which piece is missing', () => {
    const [home, plant] = [siteWith(), plantWith({ item: bySerial, serial: 'S1', quantity: 1 }, { item: bySerial, serial: 'S2', quantity: 1 })]
    ask(home, 2, there, bySerial)
    hear(plant, dataOf(home))
    dispatch(plant)
    expectGoods(home, dataOf(plant))
    expect(taken(home, 1)).toMatchObject({ refused: 'serial_missing' })
    expect(taken(home, 2, 1, 'S1')).toMatchObject({ refused: 'more_than_expected' })
    taken(home, 0, 1, 'S1')
    expect(home.tables.stock.rows()).toMatchObject([{ serial: 'S2', quantity: 1 }])
  })
})

describe('a transfer that is called off', () => {
  const cancel = (state: State, asked: SiteId | null = there): object | Refusal => decided(state, (draft) => cancelTransfer({ kind: 'cancelTransfer', transfer: 't', asked }, draft))
  const stop = (state: State, message: object): object => done(state, (draft) => stopTransfer({ kind: 'stopTransfer', ...(message as Omit<StopTransfer, 'kind'>) }, draft))
  const lose = (state: State, message: object): object => done(state, (draft) => loseTransfer({ kind: 'loseTransfer', ...(message as Omit<LoseTransfer, 'kind'>) }, draft))
  const told = (state: State, type: string): object => state.events.findLast((event) => event.type === type)!.data
  const supplied = (state: State) => state.tables.availability.get(itemKey(plain, owner))?.supply

  test('by the one that asked stops where it was asked, frees what was held there, and is supply no more when that is told', () => {
    const [home, plant] = [siteWith(), plantWith({ quantity: 3 })]
    order(home, 'a', [2])
    ask(home, 3)
    hear(plant, dataOf(home))
    order(plant, 'waits', [2])
    expect(heldBy(plant, 'waits')).toEqual([0])
    expect(cancel(home)).toMatchObject({ lines: [], asked: 3 })
    expect([supplied(home), home.tables.planned.of('t')[0]!.pegged]).toEqual([3, 2])
    expect(stop(plant, dataOf(home))).toMatchObject({ lines: [{ line: 1, quantity: 3 }] })
    expect([heldBy(plant, 'waits'), plant.tables.planned.of('t')]).toMatchObject([[2], [{ held: 0, cancelled: 3 }]])
    lose(home, told(plant, 'transfer.cancelled'))
    expect([supplied(home), home.tables.planned.of('t'), home.tables.peg.rows()]).toMatchObject([0, [{ cancelled: 3, pegged: 0 }], []])
    expect(home.tables.exception.rows()).toMatchObject([{ kind: 'supply_short', document: 't', quantity: 2 }])
    for (const [state, end] of [[home, there], [plant, null]] as const) expect(cancel(state, end)).toMatchObject({ refused: 'transfer_left' })
    // Asked a second time before the first answer came, nothing more is stopped.
    expect(stop(plant, { transfer: 't', home: here })).toMatchObject({ lines: [] })
    expect(lose(home, told(plant, 'transfer.cancelled'))).toMatchObject({ lines: [] })
  })

  test('by the one that was asked is told to the other', () => {
    const [home, plant] = [siteWith(), plantWith({ quantity: 3 })]
    ask(home, 3)
    hear(plant, dataOf(home))
    expect(cancel(plant, null)).toMatchObject({ lines: [{ line: 1, quantity: 3 }] })
    lose(home, told(plant, 'transfer.cancelled'))
    expect([supplied(home), home.tables.exception.rows()]).toEqual([0, []])
  })

  test('while it leaves is called off as to the rest: who is most urgent keeps what comes', () => {
    const [home, plant] = [siteWith(), plantWith({ quantity: 2 })]
    order(home, 'first', [2])
    order(home, 'second', [3])
    ask(home, 5)
    hear(plant, dataOf(home))
    dispatch(plant)
    const sent = told(plant, 'transfer.sent')
    // Not heard of yet that some of it left, all of it is asked to stay.
    expect(cancel(home)).toMatchObject({ asked: 5 })
    expect(stop(plant, dataOf(home))).toMatchObject({ lines: [{ quantity: 3 }] })
    expectGoods(home, sent)
    lose(home, told(plant, 'transfer.cancelled'))
    expect(home.tables.planned.of('t')).toMatchObject([{ planned: 5, cancelled: 3, pegged: 2 }])
    expect(home.tables.exception.rows().at(-1)).toMatchObject({ kind: 'supply_short', quantity: 3 })
    expect(cancel(home)).toMatchObject({ refused: 'transfer_left' })
    take(later(home, 2 * day_ms))
    expect([heldBy(home, 'first'), heldBy(home, 'second')]).toEqual([[2], [0]])
  })

  test('after it left altogether, or without having been asked for, is refused, and a late message stops nothing', () => {
    const [home, plant] = [siteWith(), plantWith({ quantity: 3 })]
    ask(home, 3)
    hear(plant, dataOf(home))
    dispatch(plant)
    expect(cancel(plant, null)).toMatchObject({ refused: 'transfer_left' })
    expect(stop(plant, { transfer: 't', home: here })).toMatchObject({ lines: [] })
    expect(cancel(siteWith())).toMatchObject({ refused: 'transfer_not_known' })
    expect(stop(siteWith(), { transfer: 't', home: here })).toMatchObject({ lines: [] })
  })
})
