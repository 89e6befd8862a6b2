import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cancelOrder } from './flow/flow.ts'
import { sell } from './flow/sell.ts'
import { receive } from './flow/receive.ts'
import { allocateOrder, pick } from './flow/store-pick.ts'
import { ship } from './flow/transport-ship.ts'
import type { PartyId } from './item.ts'
import type { State } from './ledger.ts'
import { count } from './loop/count.ts'
import { lose } from './loop/shrinkage.ts'
import { money } from './money.ts'
import { standardPlaces } from './place.ts'
import { open } from './planned-move.ts'
import { quantity } from './quantity.ts'
import { itemKey } from './stock.ts'
import { decided, done, owner, plain, siteWith } from './test-state.ts'
import { bring, heldBy, order, type Stage } from './test-orders.ts'

const at = { item: plain, place: standardPlaces.shelf, lot: '', serial: '' }
const till = (state: State, some: number): object => done(state, (draft) =>
  sell({
    kind: 'sell', order: draft.state.newId(), customer: 9 as PartyId, reference: null, soldAt: state.now,
    lines: [{ line: 1, item: plain, quantity: quantity(some), unitPrice: money(250), lot: '', serial: '' }],
  }, draft))
const receipt = (state: State, some: number): object => done(state, (draft) =>
  receive({
    kind: 'receive', receipt: draft.state.newId(), purchase: null, receivedAt: state.now,
    lines: [{ line: 1, ...at, quantity: quantity(some), expiresOn: null, value: null }],
  }, draft))

describe('when stock goes that was held', () => {
  // Orders a, b, c .. come in this order, each with its priority and as far as it has come; then a till sells so many.
  type Placed = readonly [wanted: number, priority: number, stage?: Stage]
  test.each<[string, number, Placed[], number, number[]]>([
    ['what is free goes first',                          10, [[4, 5], [4, 5]],                              2, [4, 4]],
    ['the youngest is shorted first',                    8,  [[4, 5], [4, 5]],                              3, [4, 1]],
    ['the least urgent before the younger',              8,  [[4, 9], [4, 1]],                              3, [1, 4]],
    ['then the next',                                    8,  [[4, 9], [4, 1]],                              6, [0, 2]],
    ['the unallocated before the less urgent',           8,  [[4, 1], [4, 9, 'allocated']],                 3, [1, 4]],
    ['the allocated before the packed',                  8,  [[4, 1, 'allocated'], [4, 9, 'packed']],       3, [1, 4]],
    ['the packed last of all',                           8,  [[4, 1, 'allocated'], [4, 9, 'packed']],       6, [0, 2]],
    ['until nothing is left',                            8,  [[4, 1, 'packed'], [4, 9, 'packed']],          9, [0, 0]],
  ])('%s', (_story, stocked, placed, sold, held) => {
    const state = siteWith({ quantity: stocked })
    const names = placed.map((_, index) => String.fromCodePoint(97 + index))
    placed.forEach(([wanted, priority, stage], index) => {
      order(state, names[index]!, [wanted], { priority })
      if (stage) bring(state, names[index]!, stage)
    })
    till(state, sold)
    expect(names.map((name) => heldBy(state, name)[0])).toEqual(held)
    const shorted = state.tables.exception.rows().filter((one) => one.kind === 'hold_shorted').reduce((sum, one) => sum + one.quantity, 0)
    expect(shorted).toBe(placed.reduce((sum, [wanted]) => sum + wanted, 0) - held.reduce((sum, one) => sum + one, 0))
  })

  test('what comes back goes to the most urgent, then to the oldest', () => {
    const state = siteWith({ quantity: 9 })
    for (const [id, priority] of [['a', 5], ['b', 1], ['c', 5]] as const) order(state, id, [3], { priority })
    till(state, 9)
    expect(['a', 'b', 'c'].flatMap((id) => heldBy(state, id))).toEqual([0, 0, 0])
    receipt(state, 5)
    expect(['a', 'b', 'c'].flatMap((id) => heldBy(state, id))).toEqual([2, 3, 0])
  })

  test('a row that is lost takes its allocation with it, and the hold stays while stock does', () => {
    const state = siteWith({ quantity: 3 }, { quantity: 3, place: standardPlaces.dock })
    order(state, 'a', [3])
    bring(state, 'a', 'allocated')
    done(state, (draft) => lose({ kind: 'lose', document: 'loss', ...at, place: standardPlaces.dock, quantity: quantity(2), condition: 'sellable', cause: 'theft', note: '', lostAt: state.now }, draft))
    const [row] = state.tables.planned.of('a')
    expect([row!.held, row!.allocated]).toEqual([3, 1])
    done(state, (draft) => allocateOrder({ kind: 'allocate', order: 'a' }, draft))
    expect(state.tables.planned.of('a')[0]!.allocated).toBe(3)
  })
})

describe('whatever happens to an item', () => {
  const step = fc.tuple(fc.constantFrom('order', 'order', 'sell', 'receive', 'lose', 'count', 'cancel', 'allocate', 'pick', 'ship'), fc.integer({ min: 1, max: 6 }))

  test('no more is held than there is, nothing is free while somebody waits, and holds, allocations and demand add up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(step, { maxLength: 40 }), (stocked, steps) => {
        const state = siteWith({ quantity: stocked })
        let orders = 0
        for (const [what, some] of steps) {
          const id = String(1 + ((some * 7) % Math.max(orders, 1)))
          act(state, what, some, what === 'order' ? String((orders += 1)) : id)
          expect(wrongIn(state), `after ${what} ${some}`).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })
})

function act(state: State, what: string, some: number, id: string): void {
  const document = state.newId()
  if (what === 'order') order(state, id, [some], { priority: some % 3 })
  if (what === 'sell') till(state, some)
  if (what === 'receive') receipt(state, some)
  if (what === 'cancel') decided(state, (draft) => cancelOrder({ kind: 'cancelOrder', order: id, lines: null }, draft))
  if (what === 'allocate') decided(state, (draft) => allocateOrder({ kind: 'allocate', order: id }, draft))
  if (what === 'pick') decided(state, (draft) => pick({ kind: 'pick', order: id, pickedAt: state.now }, draft))
  if (what === 'ship') decided(state, (draft) => ship({ kind: 'ship', order: id, shipment: document, shippedAt: state.now }, draft))
  if (what === 'lose') {
    decided(state, (draft) => lose({ kind: 'lose', document, ...at, quantity: quantity(some), condition: 'sellable', cause: 'lost', note: '', lostAt: state.now }, draft))
  }
  if (what === 'count') done(state, (draft) => count({ kind: 'count', document, ...at, counted: quantity(some), condition: 'sellable', countedAt: state.now }, draft))
}

function wrongIn({ tables }: State): string[] {
  const row = tables.availability.get(itemKey(plain, owner))!
  const sum = <Row>(rows: readonly Row[], of: (one: Row) => number): number => rows.reduce((total, one) => total + of(one), 0)
  const [demands, allocated] = [tables.planned.rows(), sum(tables.allocation.rows(), (one) => one.quantity)]
  const truths: Record<string, boolean> = {
    'no more is held than there is': row.reserved <= Math.max(row.sellable, 0),
    'nothing is free while somebody waits': row.sellable <= row.reserved || row.demand === row.reserved,
    'sellable is the sum of stock': row.sellable === sum(tables.stock.rows(), (one) => one.quantity),
    'reserved is the sum of holds': row.reserved === sum(demands, (one) => one.held),
    'demand is what is open': row.demand === sum(demands, open),
    'allocations add up at planned moves': allocated === sum(demands, (one) => one.allocated),
    'allocations add up at stock rows': allocated === sum(tables.stock.rows(), (one) => one.allocated),
  }
  return Object.keys(truths).filter((truth) => !truths[truth])
}
