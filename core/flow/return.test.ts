import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { State } from '../ledger.ts'
import { money } from '../money.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { quantity } from '../quantity.ts'
import type { Refusal } from '../refusal.ts'
import { paidFor, rmaState, toCome, toInspect, type Disposition } from '../rma.ts'
import { itemKey } from '../stock.ts'
import { bring, heldBy, order } from '../test-orders.ts'
import { bySerial, decided, owner, plain, siteWith, today } from '../test-state.ts'
import { exchangeReturn } from './flow-exchange.ts'
import { authoriseReturn, cancelReturn, receiveReturn, takeBack } from './return.ts'
import { disposeReturn, type Disposed } from './return-inspect.ts'

const authorise = (state: State, rma: string, some: number, line = 1): object | Refusal =>
  decided(state, (draft) =>
    authoriseReturn({ kind: 'authoriseReturn', order: 'a', rma, authorisedAt: state.now, lines: [{ line: 1, orderLine: line, quantity: quantity(some), reason: 'damaged', note: '' }] }, draft))
const receive = (state: State, rma: string, some: number | null, serial = ''): object | Refusal =>
  decided(state, (draft) =>
    receiveReturn({ kind: 'receiveReturn', order: 'a', rma, receivedAt: state.now, lines: some === null ? null : [{ line: 1, quantity: quantity(some), lot: '', serial }] }, draft))
const dispose = (state: State, rma: string, some: number, disposition: Disposition, more: Partial<Disposed> = {}): object | Refusal =>
  decided(state, (draft) =>
    disposeReturn({
      kind: 'disposeReturn', order: 'a', rma, disposedAt: state.now,
      lines: [{ line: 1, quantity: quantity(some), lot: '', serial: '', refurbished: false, found: 'opened', disposition, place: standardPlaces.dock, deduction: money(0), note: '', ...more }],
    }, draft))
const cancel = (state: State, rma: string): object | Refusal => decided(state, (draft) => cancelReturn({ kind: 'cancelReturn', order: 'a', rma }, draft))
const desk = (state: State, some: number): object | Refusal =>
  decided(state, (draft) => takeBack({ kind: 'return', order: 'a', returnedAt: state.now, lines: [{ line: 1, quantity: quantity(some), lot: '', serial: '' }] }, draft))
const stateOf = (state: State, rma: string) => rmaState(state.tables.rmaLine.of(rma))
const sellable = (state: State): number => state.tables.availability.get(itemKey(plain, owner))!.sellable

/** An order of five is with its customer, and five more are on the shelf. */
function delivered(stage: 'shipped' | 'delivered' = 'delivered'): State {
  const state = siteWith({ quantity: 10 })
  order(state, 'a', [5])
  bring(state, 'a', stage)
  return state
}

describe('a return', () => {
  test('is authorised within what has left, however often it is asked for', () => {
    const state = delivered('shipped')
    expect(authorise(state, 'r1', 3)).toMatchObject({ number: 'SEA-1-R1' })
    expect(authorise(state, 'r2', 3)).toMatchObject({ refused: 'more_than_shipped', detail: '2 of line 1 have left and are not coming back already.' })
    expect(authorise(state, 'r2', 2)).toMatchObject({ number: 'SEA-1-R2' })
    expect(receive(state, 'r1', 3)).toMatchObject({ refused: 'more_than_delivered' })
    expect(cancel(state, 'r1')).toMatchObject({ lines: [{ line: 1, quantity: 3 }] })
    expect([stateOf(state, 'r1'), cancel(state, 'r1')]).toMatchObject(['cancelled', { refused: 'return_state_forbids' }])
    expect(authorise(state, 'r3', 3)).toMatchObject({ number: 'SEA-1-R3' })
    expect(authorise(state, 'r4', 1, 7)).toMatchObject({ refused: 'line_not_known' })
    expect(receive(state, 'r9', 1)).toMatchObject({ refused: 'return_not_known' })
  })

  test('is not sellable when it is received, and each piece only becomes what the inspector says', () => {
    const state = delivered()
    authorise(state, 'r', 5)
    expect(receive(state, 'r', 4)).toMatchObject({ lines: [{ quantity: 4 }] })
    expect([stateOf(state, 'r'), sellable(state)]).toEqual(['received', 5])
    expect(dispose(state, 'r', 1, 'restock')).toMatchObject({ refund: 250 })
    expect(sellable(state)).toBe(6)
    expect(dispose(state, 'r', 1, 'refurbish', { deduction: money(100) })).toMatchObject({ refund: 150 })
    expect(dispose(state, 'r', 1, 'scrap')).toMatchObject({ refund: 250 })
    expect(dispose(state, 'r', 1, 'vendor')).toMatchObject({ refund: 250 })
    expect(dispose(state, 'r', 1, 'restock')).toMatchObject({ refused: 'more_than_received' })
    expect(stateOf(state, 'r')).toBe('authorised')
    cancel(state, 'r')
    expect(stateOf(state, 'r')).toBe('refurbishing')
    expect(dispose(state, 'r', 1, 'refurbish', { refurbished: true })).toMatchObject({ refused: 'nothing_to_do' })
    expect(dispose(state, 'r', 1, 'restock', { refurbished: true, deduction: money(1) })).toMatchObject({ refused: 'deduction_too_large' })
    expect(dispose(state, 'r', 1, 'restock', { refurbished: true })).toMatchObject({ refund: 0 })
    expect([stateOf(state, 'r'), sellable(state)]).toEqual(['closed', 7])
    expect(state.tables.rmaLine.of('r')).toMatchObject([{ cancelled: 1, received: 4, restocked: 2, refurbishing: 0, scrapped: 1, toVendor: 1, refund: 900 }])
    expect(state.moves.slice(-5).map((move) => [move.cause, move.to.place, move.to.condition])).toEqual([
      ['restock',       standardPlaces.dock,             'sellable'],
      ['refurbish',     standardPlaces.inspection,       'damaged'],
      ['scrap',         virtualPlaces['loss.breakage'],  'quarantine'],
      ['vendor_return', virtualPlaces.supplier,          'quarantine'],
      ['restock',       standardPlaces.dock,             'sellable'],
    ])
    expect(state.events.filter((event) => event.type === 'return.refund_due').map((event) => (event.data as { amount: number }).amount)).toEqual([250, 150, 250, 250])
  })

  test('at the desk is authorised and received at once, but never what is expected under another', () => {
    const state = delivered()
    authorise(state, 'r', 3)
    expect(desk(state, 3)).toMatchObject({ refused: 'return_expected' })
    expect(desk(state, 2)).toMatchObject({ number: 'SEA-1-R2' })
    expect(receive(state, 'r', null)).toMatchObject({ lines: [{ quantity: 3 }] })
    expect(receive(state, 'r', 1)).toMatchObject({ refused: 'more_than_authorised' })
    expect(desk(state, 1)).toMatchObject({ refused: 'more_than_delivered' })
  })

  test('what is restocked goes to who waits for it', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [5])
    bring(state, 'a', 'delivered')
    order(state, 'b', [2])
    desk(state, 5)
    expect(heldBy(state, 'b')).toEqual([0])
    const { rma } = state.tables.rma.rows()[0]!
    dispose(state, rma, 1, 'restock')
    expect(heldBy(state, 'b')).toEqual([1])
  })

  test('of pieces with serials names each', () => {
    const state = siteWith({ quantity: 1, item: bySerial, serial: 'S1' })
    order(state, 'a', [1], { item: bySerial })
    bring(state, 'a', 'delivered')
    authorise(state, 'r', 1)
    expect(receive(state, 'r', null)).toMatchObject({ refused: 'serial_missing' })
    expect(receive(state, 'r', 1, 'S1')).not.toHaveProperty('refused')
    expect(dispose(state, 'r', 1, 'restock')).toMatchObject({ refused: 'serial_missing' })
    expect(dispose(state, 'r', 1, 'restock', { serial: 'S2' })).toMatchObject({ refused: 'not_enough_stock' })
    expect(dispose(state, 'r', 1, 'restock', { serial: 'S1' })).toMatchObject({ refund: 250 })
  })

  test('is due what was paid for it, less discounts and with tax, and parts of it add up to the whole', () => {
    const state = delivered()
    decided(state, (draft) => {
      draft.linePrice.put({ order: 'a', line: 1, discount: money(100), orderDiscount: money(7), taxCode: 'STD', taxPerMillion: 100_000, tax: money(114), steps: [] })
      return {}
    })
    authorise(state, 'r1', 2)
    desk(state, 3)
    receive(state, 'r1', 2)
    const [, other] = state.tables.rma.of('a')
    const paid = state.tables.rma.of('a').flatMap(({ rma }) => state.tables.rmaLine.of(rma)).map((line) => line.paid)
    expect(paid.reduce((sum, one) => sum + one, 0)).toBe(5 * 250 - 107 + 114)
    const due = ['r1', 'r1', ...Array<string>(3).fill(other!.rma)].map((rma) => (dispose(state, rma, 1, 'restock') as { refund: number }).refund)
    expect(due.reduce((sum, one) => sum + one, 0)).toBe(5 * 250 - 107 + 114)
    expect(Math.max(...due) - Math.min(...due)).toBeLessThanOrEqual(2)
  })

  test('is exchanged once, for an order of its own', () => {
    const state = delivered()
    authorise(state, 'r', 2)
    const exchange = (id: string) => decided(state, (draft) =>
      exchangeReturn({
        kind: 'exchangeReturn', order: 'a', rma: 'r', replacement: id, terms: undefined,
        lines: [{ line: 1, item: plain, quantity: quantity(3), unitPrice: money(250), requested: today, source: state.site }],
      }, draft))
    expect(exchange('x')).toMatchObject({ id: 'x', number: 'SEA-2', rma: 'SEA-1-R1', value: 750, returned: 500, difference: 250 })
    expect(heldBy(state, 'x')).toEqual([3])
    expect(exchange('y')).toMatchObject({ refused: 'nothing_to_do' })
  })
})

test('however returns are asked for, received and disposed of: no more comes back than left, and nothing is sellable that nobody looked at', () => {
  const ways: readonly Disposition[] = ['restock', 'refurbish', 'scrap', 'vendor']
  const step = fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const state = delivered()
      for (const [what, which, some] of steps) {
        const rma = `r${which}`
        if (what === 0 && state.tables.rma.get(rma) === undefined) authorise(state, rma, some)
        if (what === 1) receive(state, rma, some)
        if (what === 2) dispose(state, rma, some, ways[(which + some) % 4]!)
        if (what === 3) dispose(state, rma, some, ways[some % 4]!, { refurbished: true })
        if (what === 4 && some > 2) cancel(state, rma)
        if (what === 5) desk(state, some)
      }
      const lines = state.tables.rmaLine.rows()
      const sum = (of: (line: (typeof lines)[number]) => number): number => lines.reduce((total, line) => total + of(line), 0)
      expect(sum((line) => line.quantity - line.cancelled)).toBeLessThanOrEqual(5)
      expect(sum((line) => line.received)).toBe(state.tables.line.get('a/1')!.returned)
      expect(sellable(state)).toBe(5 + sum((line) => line.restocked))
      const quarantined = state.tables.stock.rows().filter((row) => row.condition === 'quarantine').reduce((total, row) => total + row.quantity, 0)
      expect(quarantined).toBe(sum(toInspect))
      expect(lines.every((line) => toCome(line) >= 0 && line.refund <= paidFor(line, line.received))).toBe(true)
    }),
    { numRuns: 300 },
  )
})
