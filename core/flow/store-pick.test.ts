import { describe, expect, test } from 'vitest'
import type { State } from '../ledger.ts'
import { count } from '../loop/count.ts'
import { standardPlaces, type PlaceId } from '../place.ts'
import { quantity } from '../quantity.ts'
import { itemKey } from '../stock.ts'
import { bring, heldBy, order } from '../test-orders.ts'
import { astray, bySerial, decided, done, far, near, owner, plain, siteWith } from '../test-state.ts'
import { weight } from '../weight.ts'
import { changeOrder } from './flow-change.ts'
import { pack, unpack } from './store-pack.ts'
import { allocateOrder, pick, recallOrder, type Picked } from './store-pick.ts'
import { relocate } from './store-place.ts'
import { ship } from './transport-ship.ts'

const { dock, packing, inspection } = standardPlaces
type Tried = Omit<Partial<Picked>, 'quantity'> & { readonly quantity: number }
const picked = (state: State, id: string, ...picks: readonly Tried[]) =>
  decided(state, (draft) =>
    pick({
      kind: 'pick', order: id, pickedAt: state.now,
      picks: picks.map((one) => ({ line: 1, place: null, lot: '', serial: '', short: false, ...one, quantity: quantity(one.quantity) })) as Picked[],
    }, draft))
const allocated = (state: State, id: string) => decided(state, (draft) => allocateOrder({ kind: 'allocate', order: id }, draft))
const setAside = (state: State, id = 'a') =>
  state.tables.allocation.rows().filter((row) => row.document === id).map((row) => [row.place, row.quantity]).toSorted((a, b) => a[0]! - b[0]!)
const stockOf = (state: State) => state.tables.stock.rows().map((row) => [row.place, row.quantity]).toSorted((a, b) => a[0]! - b[0]!)

describe('a release', () => {
  test('sets goods aside as one walks: aisle by aisle, what has no position last', () => {
    const state = siteWith({ quantity: 2, place: astray }, { quantity: 2, place: far }, { quantity: 2, place: near })
    order(state, 'a', [5])
    bring(state, 'a', 'allocated')
    expect(setAside(state)).toEqual([[near, 2], [far, 2], [astray, 1]])
  })
})

describe('a pick', () => {
  test('of a part leaves the rest set aside, to be picked or released later', () => {
    const state = siteWith({ quantity: 3, place: near }, { quantity: 3, place: far })
    order(state, 'a', [5])
    bring(state, 'a', 'allocated')
    expect(picked(state, 'a', { quantity: 2, place: near })).toEqual({ id: 'a', lines: [{ line: 1, quantity: 2 }] })
    expect(setAside(state)).toEqual([[packing, 2], [near, 1], [far, 2]])
    expect(picked(state, 'a', { quantity: 3 })).toMatchObject({ lines: [{ quantity: 1 }, { quantity: 2 }] })
    expect(setAside(state)).toEqual([[packing, 5]])
  })

  test('that finds less takes the rest from another bin, raises the difference and changes no stock', () => {
    const state = siteWith({ quantity: 3, place: near }, { quantity: 9, place: far })
    order(state, 'a', [3])
    bring(state, 'a', 'allocated')
    expect(setAside(state)).toEqual([[near, 3]])
    expect(picked(state, 'a', { quantity: 1, place: near, short: true })).toMatchObject({
      lines: [{ line: 1, quantity: 1 }], missed: [{ line: 1, missing: 2, elsewhere: 2 }],
    })
    expect(setAside(state)).toEqual([[packing, 1], [far, 2]])
    expect(stockOf(state)).toEqual([[packing, 1], [near, 2], [far, 9]])
    expect(state.tables.exception.rows()).toMatchObject([{ kind: 'short_pick', place: near, quantity: 2, document: 'a', line: 1 }])
    expect(heldBy(state, 'a')).toEqual([3])
  })

  test('that finds nothing leaves the order waiting where there is no other bin, until somebody counts', () => {
    const state = siteWith({ quantity: 3, place: near })
    order(state, 'a', [3])
    bring(state, 'a', 'allocated')
    expect(picked(state, 'a', { quantity: 0, short: true })).toMatchObject({ lines: [], missed: [{ missing: 3, elsewhere: 0 }] })
    expect(heldBy(state, 'a')).toEqual([3])
    expect(allocated(state, 'a')).toMatchObject({ refused: 'not_held' })
    const counted = (some: number) =>
      done(state, (draft) =>
        count({ kind: 'count', document: 'count', item: plain, counted: quantity(some), place: near, lot: '', serial: '', condition: 'sellable', countedAt: state.now }, draft))
    counted(2)
    expect(heldBy(state, 'a')).toEqual([2])
    expect(state.tables.exception.rows()).toMatchObject([{ kind: 'short_pick', closedAt: state.now }, { kind: 'hold_shorted', quantity: 1 }])
    expect(allocated(state, 'a')).toMatchObject({ lines: [{ allocated: 2 }] })
  })

  //    story                                 picks                                             code
  test.each<[string, Tried, string]>([
    ['more than was set aside there',         { quantity: 3, place: near },                     'more_than_allocated'],
    ['of a line it does not have',            { quantity: 1, line: 7 },                         'more_than_allocated'],
    ['from a place where nothing is set aside', { quantity: 1, place: dock },                   'more_than_allocated'],
    ['none, and none missing',                { quantity: 0 },                                  'quantity_not_positive'],
    ['everything, and yet something missing', { quantity: 2, short: true },                     'nothing_to_do'],
  ])('of %s is refused', (_story, one, code) => {
    const state = siteWith({ quantity: 2, place: near })
    order(state, 'a', [2])
    bring(state, 'a', 'allocated')
    expect(picked(state, 'a', one)).toMatchObject({ refused: code })
    expect(state.moves).toHaveLength(1)
  })
})

describe('a relocation', () => {
  const moved = (state: State, some: number, from: PlaceId, to: PlaceId) =>
    decided(state, (draft) =>
      relocate({
        kind: 'relocate', document: 'move', item: plain, quantity: quantity(some), from, to, toCode: 'BIN', lot: '', serial: '', condition: 'sellable', movedAt: state.now,
      }, draft))

  test('from the dock is a putaway, and takes what is free before what is set aside', () => {
    const state = siteWith({ quantity: 5, place: dock })
    order(state, 'a', [3])
    bring(state, 'a', 'allocated')
    expect(moved(state, 2, dock, near)).toMatchObject({ quantity: 2, place: 'BIN' })
    expect(state.moves.at(-1)).toMatchObject({ cause: 'putaway', quantity: 2 })
    expect(setAside(state)).toEqual([[dock, 3]])
    moved(state, 2, dock, near)
    expect(setAside(state)).toEqual([[dock, 1], [near, 2]])
    moved(state, 4, near, far)
    expect(state.moves.at(-1)).toMatchObject({ cause: 'relocation' })
    expect([setAside(state), heldBy(state, 'a')]).toEqual([[[dock, 1], [far, 2]], [3]])
  })

  test('to where nothing is sold lets go of what was set aside', () => {
    const state = siteWith({ quantity: 2, place: near })
    order(state, 'a', [2])
    bring(state, 'a', 'allocated')
    moved(state, 2, near, inspection)
    expect([setAside(state), heldBy(state, 'a')]).toEqual([[], [0]])
    expect(state.tables.availability.get(itemKey(plain, owner))).toMatchObject({ sellable: 0, reserved: 0 })
  })

  test('from packing carries back what its order let go of, and nothing else', () => {
    const state = siteWith({ quantity: 5, place: near })
    order(state, 'a', [5])
    bring(state, 'a', 'packed')
    done(state, (draft) => changeOrder({ kind: 'changeOrder', order: 'a', lines: [{ line: 1, quantity: quantity(3), requested: null, was: null }], added: [] }, draft))
    expect(moved(state, 3, packing, near)).toMatchObject({ refused: 'place_kind_forbids', detail: '2 stand at packing for nobody; the rest is picked for an order.' })
    expect(moved(state, 2, packing, near)).toMatchObject({ quantity: 2 })
    expect(state.moves.at(-1)).toMatchObject({ cause: 'unpick', quantity: 2 })
    expect(moved(state, 1, packing, near)).toMatchObject({ refused: 'place_kind_forbids' })
  })

  test.each<[string, number, PlaceId, PlaceId, string]>([
    ['of none',                    0, near,    far,     'quantity_not_positive'],
    ['of more than is there',      3, near,    far,     'not_enough_stock'],
    ['to where it stands',         1, near,    near,    'nothing_to_do'],
    ['past the picker',            1, near,    packing, 'place_kind_forbids'],
  ])('%s is refused', (_story, some, from, to, code) => {
    expect(moved(siteWith({ quantity: 2, place: near }), some, from, to)).toMatchObject({ refused: code })
  })
})

describe('calling an order back from picking', () => {
  test('lets go of what stands in its bins, and of nothing that is picked or held', () => {
    const state = siteWith({ quantity: 5, place: near })
    order(state, 'a', [5])
    bring(state, 'a', 'allocated')
    done(state, (draft) => pick({ kind: 'pick', order: 'a', pickedAt: state.now, picks: [{ line: 1, place: null, lot: '', serial: '', quantity: quantity(2), short: false }] }, draft))
    expect(decided(state, (draft) => recallOrder({ kind: 'recall', order: 'a' }, draft))).toEqual({ id: 'a', lines: [{ line: 1, quantity: 3 }] })
    expect([setAside(state), heldBy(state, 'a')]).toEqual([[[packing, 2]], [5]])
    expect(decided(state, (draft) => recallOrder({ kind: 'recall', order: 'a' }, draft))).toMatchObject({ refused: 'nothing_to_do' })
  })
})

describe('packages', () => {
  const packedIn = (state: State, id: string, some: number | null, weighed: number | null = null) =>
    decided(state, (draft) =>
      pack({
        kind: 'pack', order: id, ssccPrefix: '0614141', carton: weight(100), weighed: weighed === null ? null : weight(weighed), packedAt: state.now,
        lines: some === null ? null : [{ line: 1, quantity: quantity(some), lot: '', serial: '' }],
      }, draft)) as { package: string; weight: number | null; refused?: string }
  const opened = (state: State, id: string, sscc: string) =>
    decided(state, (draft) => unpack({ kind: 'unpack', order: id, package: sscc, unpackedAt: state.now }, draft))
  const shipped = (state: State, id: string, packages?: string[]) =>
    decided(state, (draft) => ship({ kind: 'ship', order: id, shipment: `shipment ${id}`, shippedAt: state.now, ...(packages && { packages }) }, draft))
  const inPackages = (state: State) => state.tables.stock.rows().map((row) => [row.package === '' ? '' : row.package.slice(8, 17), row.quantity])

  test('hold some of an order, several of it, and the rest stands loose', () => {
    const state = siteWith({ quantity: 9 })
    order(state, 'a', [5])
    bring(state, 'a', 'packed')
    expect(packedIn(state, 'a', 2)).toMatchObject({ weight: 1_000_100 })
    expect(packedIn(state, 'a', 1, 777)).toMatchObject({ weight: 777 })
    expect(inPackages(state)).toEqual(expect.arrayContaining([['000000001', 2], ['000000002', 1], ['', 2]]))
    expect(packedIn(state, 'a', 3)).toMatchObject({ refused: 'more_than_picked' })
    expect(state.tables.availability.get(itemKey(plain, owner))).toMatchObject({ sellable: 9, reserved: 5 })
  })

  test('that are shipped alone leave the others here', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [5])
    bring(state, 'a', 'packed')
    const { package: first } = packedIn(state, 'a', 2)
    packedIn(state, 'a', 3)
    expect(shipped(state, 'a', [first])).toMatchObject({ lines: [{ line: 1, quantity: 2 }] })
    expect(state.tables.package.get(first)).toMatchObject({ shipment: 'shipment a', weight: 1_000_100 })
    expect(state.tables.shipment.rows()).toMatchObject([{ weight: 1_000_100, price: null, promised: null, state: 'shipped' }])
    expect(opened(state, 'a', first)).toMatchObject({ refused: 'package_closed' })
    expect(shipped(state, 'a', [first])).toMatchObject({ refused: 'package_closed' })
    expect(shipped(state, 'a', ['000000000000000000'])).toMatchObject({ refused: 'package_not_known' })
  })

  test('that are opened put their goods beside them, and are not used again', () => {
    const state = siteWith({ quantity: 2 })
    order(state, 'a', [2])
    bring(state, 'a', 'packed')
    const { package: sscc } = packedIn(state, 'a', null)
    expect(packedIn(state, 'a', null)).toMatchObject({ refused: 'order_state_forbids' })
    expect(opened(state, 'b', sscc)).toMatchObject({ refused: 'order_not_known' })
    expect(opened(state, 'a', sscc)).toMatchObject({ unpacked: 2 })
    expect(inPackages(state)).toEqual([['', 2]])
    expect(opened(state, 'a', sscc)).toMatchObject({ refused: 'package_closed' })
    expect(packedIn(state, 'a', null).package).not.toBe(sscc)
  })

  test('belong to one order: what it lost of one goes to no other before it is opened', () => {
    const state = siteWith({ quantity: 2 })
    order(state, 'a', [2])
    bring(state, 'a', 'packed')
    const { package: sscc } = packedIn(state, 'a', null)
    // A till of long ago sold one of them: the order lost its hold on it, the goods stand in its package still.
    const row = state.tables.stock.rows().find((one) => one.package === sscc)!
    expect(row).toMatchObject({ quantity: 2, allocated: 2 })
    order(state, 'b', [1])
    expect(allocated(state, 'b')).toMatchObject({ refused: 'not_held' })
  })

  test('weigh nothing known where an item does, and a service is not asked then', () => {
    const state = siteWith({ quantity: 1 })
    const unweighed = { ...state, items: new Map([...state.items].map(([id, one]) => [id, { ...one, weight: null }])) }
    order(unweighed, 'a', [1])
    bring(unweighed, 'a', 'packed')
    const service = { service: 1, code: 'X', carrier: 'X', name: 'X', minimum: 100, rate: 1, rateUnit: 'KG', transitDays: 2 } as never
    expect(decided(unweighed, (draft) => ship({ kind: 'ship', order: 'a', shipment: 's', shippedAt: state.now, service }, draft))).toMatchObject({ refused: 'weight_not_known' })
    expect(packedIn(unweighed, 'a', null, 5_000)).toMatchObject({ weight: 5_000 })
    expect(decided(unweighed, (draft) => ship({ kind: 'ship', order: 'a', shipment: 's', shippedAt: state.now, service }, draft))).toMatchObject({
      weight: 5_000, price: 100, promised: '2026-03-04',
    })
  })

  test('take pieces by their serial', () => {
    const state = siteWith({ item: bySerial, quantity: 1, serial: 'S1' }, { item: bySerial, quantity: 1, serial: 'S2' })
    order(state, 'a', [2], { item: bySerial })
    bring(state, 'a', 'packed')
    const one = (serial: string) =>
      decided(state, (draft) =>
        pack({
          kind: 'pack', order: 'a', ssccPrefix: '0614141', carton: weight(0), weighed: null, packedAt: state.now, lines: [{ line: 1, quantity: quantity(1), lot: '', serial }],
        }, draft))
    expect(one('S2')).toMatchObject({ lines: [{ quantity: 1 }] })
    expect(one('S2')).toMatchObject({ refused: 'more_than_picked' })
    expect(state.tables.stock.rows().find((row) => row.serial === 'S2')?.package).toHaveLength(18)
  })
})
