import { describe, expect, test } from 'vitest'
import { addDays } from '../calendar.ts'
import type { ItemId, PartyId, SiteId } from '../item.ts'
import type { State } from '../ledger.ts'
import { money } from '../money.ts'
import { quantity } from '../quantity.ts'
import { order } from '../test-orders.ts'
import { byLot, done, plain, siteWith, today } from '../test-state.ts'
import { coverShortages, type CoverAnswer, type CoverShortages, type Offer } from './cover.ts'
import { produce, type Component } from './produce.ts'
import { purchase } from './purchase.ts'

const made = 4 as ItemId
const offer = (minimum = 1, multiple = 1, supplier = 8): Offer => ({
  from: 'supplier', supplier: supplier as PartyId, code: `S${supplier}`, price: money(50), leadTimeDays: 7, minimum: quantity(minimum), multiple: quantity(multiple),
})
const part = (line: number, item: ItemId, some: number): Component => ({ line, item, quantity: quantity(some), batch: quantity(1), scrapPerMillion: 0 })
const covered = (state: State, lines: CoverShortages['lines']): CoverAnswer =>
  done(state, (draft) => coverShortages({ kind: 'coverShortages', lines, more: false }, draft)) as CoverAnswer
const shortLine = ({ lines }: CoverAnswer) => lines.map(({ sku, demand, stock, supply, short, quantity: ordered }) => [sku, demand, stock, supply, short, ordered])

describe('covering what is short', () => {
  test('nets once and applies the minimum once, however many orders wait', () => {
    const state = siteWith({ quantity: 5 })
    for (const [id, some] of [['a', 35], ['b', 35], ['c', 35]] as const) order(state, id, [some])
    const answer = covered(state, [{ item: plain, source: offer(100) }])
    expect(shortLine(answer)).toEqual([['SKU-1', 105, 5, 0, 100, 100]])
    expect(answer.lines[0]!.because).toBe('105 demanded - 5 in stock - 0 coming = 100 short; S8 sells at least 100, in multiples of 1, within 7 days: 100.')
    expect(answer.purchases).toMatchObject([{ supplier: 'S8', lines: 1 }])
    expect(state.tables.purchaseLine.rows()).toMatchObject([{ quantity: 100, unitPrice: 50, due: addDays(today, 7) }])
    expect(state.tables.peg.rows().map((row) => [row.demand, row.quantity])).toEqual([['a/1/1', 30], ['b/1/1', 35], ['c/1/1', 35]])
    // What is on its way is not ordered again.
    expect(covered(state, [{ item: plain, source: offer(100) }])).toEqual({ lines: [], purchases: [], workOrders: [], transfers: [], more: false })
  })

  test('makes one purchase a supplier', () => {
    const state = siteWith()
    order(state, 'a', [3])
    order(state, 'b', [2], { item: byLot })
    order(state, 'c', [1], { item: 3 as ItemId })
    const answer = covered(state, [{ item: plain, source: offer() }, { item: byLot, source: offer(4, 3) }, { item: 3 as ItemId, source: offer(1, 1, 9) }])
    expect(answer.purchases.map(({ supplier, lines }) => [supplier, lines])).toEqual([['S8', 2], ['S9', 1]])
    expect(shortLine(answer)).toEqual([['SKU-1', 3, 0, 0, 3, 3], ['SKU-2', 2, 0, 0, 2, 6], ['SKU-3', 1, 0, 0, 1, 1]])
  })

  test('makes what has a bill, and buys what that needs, all levels at once', () => {
    const state = siteWith({ quantity: 1 })
    order(state, 'a', [2], { item: made })
    order(state, 'b', [3], { item: made })
    const answer = covered(state, [{ item: made, source: { from: 'production', makeDays: 2, components: [part(1, plain, 2)] } }, { item: plain, source: offer() }])
    expect(shortLine(answer)).toEqual([[String(made), 5, 0, 0, 5, 5], ['SKU-1', 10, 1, 0, 9, 9]])
    expect(answer.workOrders).toMatchObject([{ quantity: 5 }])
    const [output, component] = state.tables.planned.of(answer.workOrders[0]!.id)
    expect([output, component]).toMatchObject([{ kind: 'output', status: 'released', due: addDays(today, 9), pegged: 5 }, { kind: 'component', held: 1, pegged: 9 }])
  })

  test('asks another site for what it supplies, once, as one transfer', () => {
    const state = siteWith({ quantity: 1 })
    order(state, 'a', [3])
    order(state, 'b', [2], { item: byLot })
    const source = { from: 'site', site: 8 as SiteId, code: 'PLANT', transferDays: 2 } as const
    const lines = [{ item: plain, source }, { item: byLot, source }]
    const answer = covered(state, lines)
    expect(shortLine(answer)).toEqual([['SKU-1', 3, 1, 0, 2, 2], ['SKU-2', 2, 0, 0, 2, 2]])
    expect(answer.lines[0]).toMatchObject({ source: 'site', supplier: 'PLANT', due: addDays(today, 2), because: '3 demanded - 1 in stock - 0 coming = 2 short; PLANT supplies it, 2 days away: 2.' })
    expect(answer.transfers).toMatchObject([{ from: 'PLANT', lines: 2 }])
    expect(state.tables.planned.of(answer.transfers[0]!.id)).toMatchObject([{ kind: 'transfer_in', direction: 'supply', planned: 2, pegged: 2 }, { planned: 2, pegged: 2 }])
    expect(state.events.at(-1)).toMatchObject({ type: 'transfer.requested', to: 8, data: { home: state.site, lines: [{ quantity: 2 }, { quantity: 2 }] } })
    expect(covered(state, lines)).toMatchObject({ lines: [], transfers: [] })
  })

  test('says what nobody offers, and orders nothing for it', () => {
    const state = siteWith()
    order(state, 'a', [3])
    expect(covered(state, [{ item: plain, source: null }])).toMatchObject({ lines: [{ source: 'no_source', short: 3, quantity: 0, due: null }], purchases: [], workOrders: [] })
    expect(state.tables.planned.rows()).toHaveLength(1)
  })

  test('counts what is on its way, from wherever', () => {
    const state = siteWith()
    order(state, 'a', [10])
    const lines = [{ line: 1, item: plain, quantity: quantity(4), unitPrice: money(1), due: addDays(today, 1) }]
    done(state, (draft) => purchase({ kind: 'purchase', purchase: 'p', supplier: 8 as PartyId, orderedAt: state.now, lines }, draft))
    done(state, (draft) =>
      produce({ kind: 'produce', workOrder: 'w', item: plain, quantity: quantity(1), makeDays: 1, due: today, components: [part(1, byLot, 1)] }, draft))
    expect(shortLine(covered(state, [{ item: plain, source: offer() }]))).toEqual([['SKU-1', 10, 0, 5, 5, 5]])
  })
})
