// What belief doubts limits what is promised from now on, and nothing else: no hold is shorted by it, nothing is promised beyond the record, a till hands over
// what it has, and who waits is given it once it is doubted no more.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { day_ms, instant } from './calendar.ts'
import { doubtOf, isPhantom, LEVELS_E3, lostSince, sureThat } from './doubt.ts'
import { sell } from './flow/sell.ts'
import { availabilityOf, draftOn, type State } from './ledger.ts'
import { heedBeliefs } from './loop/belief-heed.ts'
import { money } from './money.ts'
import { quantity } from './quantity.ts'
import { reliable } from './stock.ts'
import { order } from './test-orders.ts'
import { done, owner, plain, siteWith } from './test-state.ts'

const standing = (state: State) => availabilityOf(draftOn(state, 'test'), plain, owner)
/** As the lane reads it beside the row: never more than there is. */
const doubt = (state: State, some: number): void =>
  void done(state, (draft) => {
    draft.availability.put({ ...standing(state), doubted: quantity(Math.min(some, Math.max(standing(state).sellable, 0))) })
    return {}
  })
const believe = (state: State, phantom: boolean, empty: number): void =>
  void done(state, (draft) => {
    draft.believed.put({ item: plain, phantom, empty })
    return {}
  })
const till = (state: State, some: number) =>
  done(state, (draft) =>
    sell({
      kind: 'sell', order: state.newId(), customer: 9 as never, reference: null, soldAt: state.now,
      lines: [{ line: 1, item: plain, quantity: quantity(some), unitPrice: money(250), lot: '', serial: '' }],
    }, draft))
const heed = (state: State) => done(state, (draft) => heedBeliefs({ kind: 'heedBeliefs', items: [plain] }, draft))
const heldBy = (state: State, id: string): number => state.tables.planned.rows().filter((row) => row.document === id).reduce((sum, row) => sum + row.held, 0)

describe('what is doubted', () => {
  test('nobody is promised anew, and nobody loses', () => {
    const step = fc.oneof(
      fc.record({ what: fc.constant('order' as const), some: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ what: fc.constant('doubt' as const), some: fc.nat(30) }),
      fc.record({ what: fc.constant('heed' as const), some: fc.constant(0) }),
    )
    fc.assert(
      fc.property(fc.nat(25), fc.array(step, { maxLength: 14 }), (stocked, steps) => {
        const state = stocked === 0 ? siteWith() : siteWith({ quantity: stocked })
        const held = new Map<string, number>()
        for (const [index, { what, some }] of steps.entries()) {
          const before = standing(state)
          const unpromised = Math.max(before.sellable - before.doubted - before.reserved, 0)
          if (what === 'doubt') doubt(state, some)
          else if (what === 'heed') heed(state)
          else order(state, `o${index}`, [some])
          const after = standing(state)
          expect(after.reserved - before.reserved).toBeGreaterThanOrEqual(0)
          expect(after.reserved - before.reserved).toBeLessThanOrEqual(unpromised)
          expect(after.reserved).toBeLessThanOrEqual(after.sellable)
          expect(after.sellable).toBe(stocked)
          expect(reliable(after)).toBe(Math.min(stocked, Math.max(after.reserved, stocked - after.doubted)))
          if (what === 'order') held.set(`o${index}`, 0)
          for (const [id, least] of held) {
            expect(heldBy(state, id)).toBeGreaterThanOrEqual(least)
            held.set(id, heldBy(state, id))
          }
        }
        expect(state.tables.exception.rows()).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('waits with who asked for it, and is his once it is not doubted', () => {
    const state = siteWith({ quantity: 5 })
    doubt(state, 3)
    order(state, 'a', [4])
    expect(heldBy(state, 'a')).toBe(2)
    heed(state)
    expect(heldBy(state, 'a')).toBe(2)
    doubt(state, 0)
    heed(state)
    expect(heldBy(state, 'a')).toBe(4)
  })

  test('is sold at a till all the same, and takes from nobody who holds', () => {
    const state = siteWith({ quantity: 5 })
    order(state, 'a', [2])
    doubt(state, 5)
    till(state, 3)
    expect([standing(state).sellable, heldBy(state, 'a'), state.tables.exception.rows()]).toEqual([2, 2, []])
  })
})

describe('phantom stock', () => {
  test('is raised once, and ends when it is none', () => {
    const state = siteWith({ quantity: 7 })
    believe(state, true, 0.934)
    expect([heed(state), heed(state)]).toEqual([{ raised: 1, ended: 0 }, { raised: 0, ended: 0 }])
    expect(state.tables.exception.rows()).toMatchObject([{
      kind: 'phantom_stock', item: plain, quantity: 7, document: null,
      detail: '7 are recorded, and with a probability of 93 % there is none: nobody buys any. Count it.',
    }])
    believe(state, false, 0)
    expect([heed(state), heed(state)]).toEqual([{ raised: 0, ended: 1 }, { raised: 0, ended: 0 }])
    expect(state.tables.exception.rows()).toMatchObject([{ closedAt: state.now }])
  })

  test('of which nothing is believed is neither raised nor ended', () => {
    const state = siteWith({ quantity: 7 })
    expect(heed(state)).toEqual({ raised: 0, ended: 0 })
  })

  test.each([
    [3, 0.51, true],
    [3, 0.5,  false],
    [0, 0.9,  false],
  ])('%i recorded and P(empty) %d: %s', (recorded, empty, phantom) => {
    expect(isPhantom(recorded, empty)).toBe(phantom)
  })

  test('costs by the day since it was raised', () => {
    const since = instant(Date.UTC(2026, 2, 2))
    expect([0, 1.5, -1].map((days) => lostSince(240, since, instant(since + days * day_ms)))).toEqual([0, 360, 0])
  })
})

describe('the doubt of a record', () => {
  /** Two or three or four, a tenth of the time none. */
  const believed = { from: 0, step: 1, chances: Float64Array.from([0.1, 0, 0.3, 0.4, 0.2]) }
  test.each([
    [4, 950, 0, 4],
    [4, 900, 0, 4],
    [4, 800, 2, 2],
    [4, 500, 3, 1],
    [2, 500, 3, 0],
    [4, 0,   4, 0],
  ])('%i recorded, to be there with %i thousandths: %i are safe, %i doubted', (recorded, level, safe, doubted) => {
    expect(doubtOf(believed, recorded, level)).toMatchObject({ safe, doubted })
  })

  test('tells how probable it is that no more than so many are missing', () => {
    const { missing } = doubtOf(believed, 4)
    expect(missing).toHaveLength(LEVELS_E3.length)
    expect([4, 2, 1, 0].map((most) => sureThat(missing, most))).toEqual([0.999, 0.75, 0.5, 0.1])
    expect([sureThat(missing, -1), sureThat(null, 4)]).toEqual([0, null])
  })
})
