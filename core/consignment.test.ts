import { describe, expect, test } from 'vitest'
import { consignedFree } from './consignment.ts'
import { placeOrder } from './flow/flow.ts'
import { giveBack, takeOverConsigned } from './flow/purchase-consigned.ts'
import { receive } from './flow/receive.ts'
import { sell } from './flow/sell.ts'
import type { Method, PartyId } from './item.ts'
import { draftOn, valueOf, type Draft, type State } from './ledger.ts'
import { count } from './loop/count.ts'
import { lose } from './loop/shrinkage.ts'
import { money } from './money.ts'
import { isVirtual, standardPlaces } from './place.ts'
import { quantity } from './quantity.ts'
import { isRefusal, type Refusal } from './refusal.ts'
import { chanceOf, type Chance } from './rng.ts'
import { decided, here, now, owner, plain, siteWith, today } from './test-state.ts'

// Whatever is done with goods of two owners: each has what came to him less what went, ours are worth what was paid for them, and his nothing.

const [cheap, dear] = [8 as PartyId, 9 as PartyId]
const goods = { item: plain, lot: '', serial: '' }
const shelf = { ...goods, place: standardPlaces.shelf, condition: 'sellable' as const }

function siteValuing(method: Method): State {
  const state = siteWith({ quantity: 4 })
  const item = state.items.get(plain)!
  const site = { ...state, items: new Map([[plain, { ...item, valuation: method }]]) }
  site.tables.value.keep(new Map([[`${plain}/${owner}`, { ...valueOf(draftOn(state, 'test'), plain, owner), method, layers: method === 'fifo' ? [{ quantity: quantity(4), value: money(400) }] : [] }]]))
  site.tables.consigned.take({ item: plain, owner: dear, code: 'DEAR', price: money(97) })
  site.tables.consigned.take({ item: plain, owner: cheap, code: 'CHEAP', price: money(71) })
  return site
}

type Step = (chance: Chance, document: string) => (draft: Draft) => object | Refusal
const some = (chance: Chance, most = 4) => quantity(1 + chance.below(most))
const whose = (chance: Chance) => [{}, { owner: cheap }, { owner: dear }][chance.below(3)]!
const steps: readonly Step[] = [
  (chance, receipt) => {
    const line = { ...goods, line: 1, quantity: some(chance), place: standardPlaces.shelf, expiresOn: null, value: null }
    const command = { kind: 'receive' as const, receipt, purchase: null, ...whose(chance), receivedAt: now, lines: [line] }
    return (draft) => receive(command, draft)
  },
  (chance, order) => {
    const line = { line: 1, item: plain, quantity: some(chance), unitPrice: money(250), requested: today, source: here }
    const command = { kind: 'placeOrder' as const, order, customer: owner, reference: null, shipComplete: false, priority: chance.below(3), orderedAt: now, lines: [line], heldElsewhere: [] }
    return (draft) => placeOrder(command, draft)
  },
  (chance, order) => {
    const command = { kind: 'sell' as const, order, customer: owner, reference: null, soldAt: now, lines: [{ ...goods, line: 1, quantity: some(chance), unitPrice: money(250) }] }
    return (draft) => sell(command, draft)
  },
  (chance) => {
    const command = { kind: 'takeOver' as const, ...goods, owner: cheap, quantity: some(chance), place: null, unitPrice: chance.below(2) === 0 ? null : money(60), takenAt: now }
    return (draft) => takeOverConsigned(command, draft)
  },
  (chance, document) => {
    const command = { kind: 'giveBack' as const, ...shelf, document, owner: dear, quantity: some(chance), givenAt: now }
    return (draft) => giveBack(command, draft)
  },
  (chance, document) => {
    const command = { kind: 'lose' as const, ...shelf, document, ...whose(chance), quantity: some(chance, 2), cause: 'theft' as const, note: '', lostAt: now }
    return (draft) => lose(command, draft)
  },
  (chance, document) => {
    const command = { kind: 'count' as const, ...shelf, document, ...whose(chance), counted: quantity(chance.below(6)), countedAt: now }
    return (draft) => count(command, draft)
  },
]

describe.each(['average', 'fifo', 'standard'] as const)('B1: goods of three owners, ours valued by %s', (method) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i', (seed) => {
    const [state, chance] = [siteValuing(method), chanceOf(seed)]
    let [kept, takenOver] = [0, 0]
    for (let step = 0; step < 120; step += 1) {
      const before = [consignedFree(draftOn(state, 'test'), plain), ownWorth(state)]
      const moved = state.moves.length
      const answer = decided(state, steps[chance.below(steps.length)]!(chance, `step-${step}`))
      if (isRefusal(answer)) expect(state.moves.length).toBe(moved)
      else kept += 1
      const news = state.moves.slice(moved)
      takenOver += news.filter((move) => move.cause === 'take_over').length
      // What others' goods do alone is nothing to what ours are worth.
      if (news.length > 0 && news.every((move) => move.to.owner !== owner)) expect(ownWorth(state)).toBe(before[1])
      hold(state)
    }
    expect([kept > 40, takenOver > 0]).toEqual([true, true])
  })
})

const ownWorth = (state: State): number => state.tables.value.get(`${plain}/${owner}`)!.value

function hold(state: State): void {
  for (const one of [owner, cheap, dear]) {
    const rows = state.tables.stock.rows().filter((row) => row.owner === one)
    const recorded = rows.reduce((sum, row) => sum + row.quantity, 0)
    let [there, worth] = [0, 0]
    for (const { from, to, quantity: pieces, value, cause } of state.moves) {
      const [out, into] = [!isVirtual(from.place) && from.owner === one, !isVirtual(to.place) && to.owner === one]
      there += (into ? pieces : 0) - (out ? pieces : 0)
      worth += into && out ? 0 : into ? value : out && cause !== 'take_over' ? -value : 0
      if (from.owner !== to.owner) expect([cause, to.owner, from.place]).toEqual(['take_over', owner, to.place])
    }
    for (const { owner: corrected, amount } of state.corrections) worth += corrected === one ? amount : 0
    const value = state.tables.value.get(`${plain}/${one}`)
    expect([recorded, value?.quantity ?? 0]).toEqual([there, there])
    expect(value?.value ?? 0).toBe(one === owner ? worth : 0)
    const layers = value?.layers ?? []
    if (one === owner && method(value) === 'fifo' && there > 0) expect(layers.reduce((sum, layer) => sum + layer.value, 0)).toBe(value!.value)
    if (one !== owner) {
      expect(layers).toEqual([])
      expect(state.tables.availability.get(`${plain}/${one}`) ?? {}).not.toMatchObject({ reserved: expect.toSatisfy((held: number) => held !== 0) })
    }
  }
  const owed = state.tables.purchaseLine.rows().reduce((sum, line) => sum + line.received * line.unitPrice, 0)
  const taken = state.moves.filter((move) => move.cause === 'take_over').reduce((sum, move) => sum + move.value, 0)
  expect(taken).toBe(owed)
}

const method = (value: { readonly method: Method } | undefined): Method | undefined => value?.method
