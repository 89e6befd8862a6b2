import { describe, expect, test } from 'vitest'
import type { PartyId } from '../item.ts'
import { availabilityOf, draftOn, type Draft, type State } from '../ledger.ts'
import { isDirect, type BoughtWay } from '../line-supply.ts'
import { money } from '../money.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { counted, isBound, open, plannedKey } from '../planned-move.ts'
import { none, plus, quantity, type Quantity } from '../quantity.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { chanceOf } from '../rng.ts'
import { order } from '../test-orders.ts'
import { decided, done, owner, plain, siteWith, today } from '../test-state.ts'
import { lose } from '../loop/shrinkage.ts'
import { cancelOrder, placeOrder } from './flow.ts'
import { buyForOrder } from './purchase-bound.ts'
import { cancelPurchase, purchase, redatePurchase } from './purchase.ts'
import { receive } from './receive.ts'
import { reallocate } from './reserve-strategy.ts'
import { allocateOrder, pick } from './store-pick.ts'
import { ship } from './transport-ship.ts'
import { shipDirect } from './transport-direct.ts'

const supplier = 20 as PartyId

/** An order of one line that is bought for it. */
const ordered = (state: State, id: string, some: number, how: BoughtWay, leadTimeDays = 3) =>
  done(state, (draft) =>
    placeOrder({
      kind: 'placeOrder', order: id, customer: 9 as PartyId, reference: null, shipComplete: false, priority: 5, orderedAt: state.now, heldElsewhere: [],
      lines: [{ line: 1, item: plain, quantity: quantity(some), unitPrice: money(250), requested: today, source: state.site, supply: { how, supplier, supplierCode: 'S1', unitCost: money(80), leadTimeDays } }],
    }, draft))
const purchasesOf = (state: State, id: string) => state.tables.purchaseLine.rows().filter((row) => row.order === id).map((row) => row.purchase)
const shippedBy = (draft: Draft, id: string, some: number, isLast = false) =>
  shipDirect({
    kind: 'shipDirect', purchase: id, order: draft.purchaseLine.of(id)[0]?.order ?? null, shipment: draft.state.newId(), shippedAt: draft.state.now, carrier: null, trackingNumber: null, estimated: null,
    lines: [{ line: 1, quantity: quantity(some), lot: '', serial: '', isLast }],
  }, draft)
const came = (draft: Draft, id: string | null, some: number, isLast = false) =>
  receive({
    kind: 'receive', receipt: draft.state.newId(), purchase: id, receivedAt: draft.state.now,
    lines: [{ line: 1, item: plain, quantity: quantity(some), place: standardPlaces.dock, lot: '', serial: '', expiresOn: null, value: null, isLast }],
  }, draft)

/** What must hold of everything that is planned, whatever happened. */
function check(state: State): void {
  const rows = state.tables.planned.rows()
  const sum = (of: (row: (typeof rows)[number]) => Quantity): Quantity => rows.reduce((total, row) => plus(total, of(row)), none)
  const availability = availabilityOf(draftOn(state, 'test'), plain, owner)
  expect(availability).toMatchObject({
    reserved: sum((row) => row.held),
    demand: sum((row) => (row.direction === 'demand' ? counted(row) : none)),
    supply: sum((row) => (row.direction === 'supply' ? counted(row) : none)),
  })
  for (const row of rows.filter((one) => isBound(one) && one.direction === 'supply')) {
    const { order: forOrder, orderLine } = state.tables.purchaseLine.get(`${row.document}/${row.line}`)!
    const pegs = state.tables.peg.of(`supply ${plannedKey(row)}`)
    expect(pegs.map((one) => [one.demand, one.quantity])).toEqual(open(row) === 0 ? [] : [[`${forOrder}/${orderLine}/1`, open(row)]])
  }
  // Goods that never were ours: one move each, at what they cost, of what their lines say was shipped; and nothing of them stands anywhere.
  const direct = state.moves.filter((move) => move.cause === 'drop_shipment')
  for (const move of direct) expect([move.from.place, move.to.place, move.value]).toEqual([virtualPlaces.supplier, virtualPlaces.customer, 80 * move.quantity])
  const posted = rows.filter((row) => row.kind === 'purchase' && isDirect(row)).reduce((total, row) => total + row.posted, 0)
  expect(direct.reduce((total, move) => total + move.quantity, 0)).toBe(posted)
  const inside = (place: number): boolean => place >= 100
  const moved = state.moves.reduce((total, { quantity: some, from, to }) => total + some * (Number(inside(to.place)) - Number(inside(from.place))), 0)
  expect(state.tables.stock.rows().reduce((total, row) => total + row.quantity, 0)).toBe(moved)
  for (const line of state.tables.line.rows()) {
    const own = rows.filter((row) => row.document === line.order && row.line === line.line)
    expect([line.shipped, line.cancelled]).toEqual([own.reduce((total, row) => total + row.posted, 0), own.reduce((total, row) => total + row.cancelled, 0)])
  }
}

describe('bought for one line', () => {
  test('back to back: nothing else is pegged to it, and a class that wins gets none of it', () => {
    const state = siteWith()
    order(state, 'waits', [4])
    ordered(state, 'a', 3, 'purchase')
    done(state, (draft) => purchase({ kind: 'purchase', purchase: 'other', supplier, orderedAt: state.now, lines: [{ line: 1, item: plain, quantity: quantity(2), unitPrice: money(70), due: today }] }, draft))
    const [bought] = purchasesOf(state, 'a')
    expect(state.tables.peg.rows().map((one) => [one.supply, one.demand, one.quantity])).toEqual([[`${bought}/1/1`, 'a/1/1', 3], ['other/1/1', 'waits/1/1', 2]])
    done(state, (draft) => came(draft, bought!, 3))
    expect([state.tables.planned.get('a/1/1')!.held, state.tables.planned.get('waits/1/1')!.held]).toEqual([3, 0])
    done(state, (draft) => reallocate({ kind: 'reallocate', item: plain, strategies: [{ order: 'waits', strategy: 'win' }, { order: 'a', strategy: 'lose' }] }, draft))
    expect(state.tables.planned.get('a/1/1')!.held).toBe(3)
    check(state)
  })

  test('what physical truth takes is taken from others first', () => {
    const state = siteWith({ quantity: 2 })
    order(state, 'stock', [2])
    ordered(state, 'a', 3, 'purchase')
    done(state, (draft) => came(draft, purchasesOf(state, 'a')[0]!, 3))
    done(state, (draft) => lose({ kind: 'lose', document: 'loss', item: plain, quantity: quantity(2), place: standardPlaces.dock, lot: '', serial: '', condition: 'sellable', cause: 'lost', note: '', lostAt: state.now }, draft))
    expect([state.tables.planned.get('a/1/1')!.held, state.tables.planned.get('stock/1/1')!.held]).toEqual([3, 0])
    check(state)
  })

  test('more than was bought is for anybody', () => {
    const state = siteWith()
    ordered(state, 'a', 100, 'purchase')
    order(state, 'waits', [9])
    done(state, (draft) => came(draft, purchasesOf(state, 'a')[0]!, 105))
    expect([state.tables.planned.get('a/1/1')!.held, state.tables.planned.get('waits/1/1')!.held]).toEqual([100, 5])
    check(state)
  })
})

test.each(Array.from({ length: 40 }, (_none, seed) => seed))('whatever is done to lines that are bought, stock, plans and moves agree: seed %i', (seed) => {
  const { below } = chanceOf(seed)
  const oneOf = <One>(list: readonly One[]): One | undefined => (list.length === 0 ? undefined : list[below(list.length)])
  const state = siteWith({ quantity: 6 })
  const orders: string[] = []
  const purchases = (): string[] => [...new Set(state.tables.purchaseLine.rows().map((row) => row.purchase))]
  const at = state.now
  let [named, accepted] = [0, 0]
  const steps: readonly (() => object | Refusal)[] = [
    () => ordered(state, (orders[orders.length] = `order ${(named += 1)}`), 1 + below(5), below(2) === 0 ? 'purchase' : 'drop_ship'),
    () => order(state, (orders[orders.length] = `order ${(named += 1)}`), [1 + below(4)]),
    () => decided(state, (draft) => purchase({ kind: 'purchase', purchase: `purchase ${(named += 1)}`, supplier, orderedAt: at, lines: [{ line: 1, item: plain, quantity: quantity(1 + below(5)), unitPrice: money(80), due: today }] }, draft)),
    () => decided(state, (draft) => came(draft, oneOf(purchases()) ?? null, 1 + below(4), below(3) === 0)),
    () => decided(state, (draft) => shippedBy(draft, oneOf(purchases()) ?? 'none', below(4), below(3) === 0)),
    () => decided(state, (draft) => shippedBy(draft, oneOf(purchases()) ?? 'none', 1 + below(3))),
    () => decided(state, (draft) => cancelOrder({ kind: 'cancelOrder', order: oneOf(orders) ?? 'none', lines: null, callsOff: below(2) === 0 }, draft)),
    () => decided(state, (draft) => cancelPurchase({ kind: 'cancelPurchase', purchase: oneOf(purchases()) ?? 'none', lines: null }, draft)),
    () => decided(state, (draft) => redatePurchase({ kind: 'redatePurchase', purchase: oneOf(purchases()) ?? 'none', lines: [{ line: 1, due: today }] }, draft)),
    () => decided(state, (draft) => buyForOrder({ kind: 'buyForOrder', order: oneOf(orders) ?? 'none', instead: [] }, draft)),
    () => decided(state, (draft) => allocateOrder({ kind: 'allocate', order: oneOf(orders) ?? 'none' }, draft)),
    () => decided(state, (draft) => pick({ kind: 'pick', order: oneOf(orders) ?? 'none', pickedAt: at }, draft)),
    () => decided(state, (draft) => ship({ kind: 'ship', order: oneOf(orders) ?? 'none', shipment: `shipment ${(named += 1)}`, shippedAt: at }, draft)),
    () => decided(state, (draft) => came(draft, null, 1 + below(2))),
  ]
  for (let step = 0; step < 60; step += 1) {
    if (!isRefusal(steps[below(steps.length)]!())) accepted += 1
    check(state)
  }
  expect(accepted).toBeGreaterThan(15)
})
