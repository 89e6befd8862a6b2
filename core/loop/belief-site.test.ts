// A site's beliefs: what moves and counts tell, and that it does not matter how they were cut into pieces or whether somebody asked in between.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { day_ms, instant, type Instant } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import type { Condition } from '../move.ts'
import type { PlaceKind } from '../place.ts'
import { eventOfCount, eventOfMove, type BeliefEvent } from './belief-event.ts'
import { rateClasses } from '../plan/filter/rates.ts'
import { SiteBeliefs, type KeptItem, type SharedKept } from './belief-site.ts'
import { doubtOf } from '../doubt.ts'
import { stateIn } from './belief-state.ts'

const items = [1, 2, 3] as ItemId[]
const [ann] = items as [ItemId]
const START = Date.UTC(2026, 2, 2)
const on = (days: number): Instant => instant(START + Math.round(days * day_ms))

/** Some of what can happen, each a while after what came before. */
const happened = fc.array(
  fc.record({
    item: fc.constantFrom(...items),
    hours: fc.integer({ min: -5, max: 200 }),
    what: fc.constantFrom('sold', 'sold', 'sold', 'sent', 'taken', 'came', 'counted', 'learnt'),
    units: fc.integer({ min: 1, max: 12 }),
  }),
  { minLength: 1, maxLength: 40 },
)
type Happened = typeof happened extends fc.Arbitrary<infer Some> ? Some : never

function eventsOf(some: Happened): readonly (BeliefEvent | 'learn')[] {
  let at = START
  return some.map(({ item, hours, what, units }) => {
    at = Math.max(START, at + hours * 3_600_000)
    if (what === 'learnt') return 'learn'
    if (what !== 'counted') return { item, at: instant(at), what: what as 'sold', units }
    return { item, at: instant(at), what: 'counted', counted: units, recorded: units + 1, sellable: units + (units % 3), stock: `${100 + (units % 2)}//` }
  })
}

interface Kept {
  readonly kept: ReadonlyMap<ItemId, KeptItem>
  readonly shared: SharedKept | undefined
}

/** Takes events in, `size` at a time, each piece with nothing but what was kept of its own items. */
function takenIn(events: readonly (BeliefEvent | 'learn')[], size: number, asked = false): Kept {
  const kept = new Map<ItemId, KeptItem>()
  let shared: SharedKept | undefined
  for (let from = 0; from < events.length; from += size) {
    const piece = events.slice(from, from + size)
    const about = size > events.length || piece.includes('learn') ? items : items.filter((item) => piece.some((one) => one !== 'learn' && one.item === item))
    const beliefs = new SiteBeliefs(about, about.flatMap((item) => kept.get(item) ?? []), shared)
    for (const event of piece) {
      if (event === 'learn') beliefs.learn(about.flatMap((item) => (beliefs.kept(item) ? [beliefs.evidenceOf(item)] : [])))
      else beliefs.take(event)
      if (asked) for (const item of about) if (beliefs.kept(item)) beliefs.believed(item, on(1_000))
    }
    for (const item of about) {
      const one = beliefs.kept(item)
      if (one) kept.set(item, one)
    }
    shared = beliefs.shared
  }
  return { kept, shared }
}

const told = ({ kept, shared }: Kept): unknown => JSON.parse(JSON.stringify([shared, [...kept.values()].toSorted((a, b) => a.item - b.item).map((one) => [one.item, [...one.state], one.noted])]))

describe('I4: the same events give the same belief to the last digit', () => {
  test('however many are taken in at a time, gone on from what was kept', () => {
    fc.assert(
      fc.property(happened, fc.integer({ min: 1, max: 7 }), (some, size) => {
        const events = eventsOf(some)
        const whole = told(takenIn(events, 1_000))
        expect(told(takenIn(events, size))).toEqual(whole)
        expect(told(takenIn(events, 1))).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })

  test('and whether somebody asked in between or not', () => {
    fc.assert(
      fc.property(happened, (some) => {
        expect(told(takenIn(eventsOf(some), 1_000, true))).toEqual(told(takenIn(eventsOf(some), 1_000)))
      }),
      { numRuns: 30 },
    )
  })

  test('and what was kept is what is believed: whole, never below none, between its ends', () => {
    fc.assert(
      fc.property(happened, (some) => {
        const { kept, shared } = takenIn(eventsOf(some), 5)
        const beliefs = new SiteBeliefs([...kept.keys()], [...kept.values()], shared)
        for (const [item, { state }] of kept) {
          const { expected, low, high, empty, chances, from, noted } = beliefs.believed(item, on(500))
          const { safe, doubted, missing } = doubtOf({ chances, from, step: 1 }, noted.recorded)
          expect(chances.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9)
          expect([low >= 0, low <= safe, safe <= high, doubted === Math.max(0, noted.recorded - safe), missing.every((some, index) => some >= (missing[index - 1] ?? 0)), expected >= 0, empty >= 0, empty <= 1]).toEqual([true, true, true, true, true, true, true, true])
          expect(stateIn(state).low).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 40 },
    )
  })
})

const after = (...events: readonly Omit<BeliefEvent, 'item'>[]) => {
  const beliefs = new SiteBeliefs([ann], [], undefined)
  for (const event of events) beliefs.take({ item: ann, ...event } as BeliefEvent)
  return beliefs
}
const came = (day: number, units: number) => ({ at: on(day), what: 'came', units }) as const
const sold = (day: number, units: number) => ({ at: on(day), what: 'sold', units }) as const
const sent = (day: number, units: number) => ({ at: on(day), what: 'sent', units }) as const
/** A count of one place, after which the record has `sellable` in all. */
const counted = (day: number, stock: string, found: number, recorded: number, sellable: number) =>
  ({ at: on(day), what: 'counted', counted: found, recorded, sellable, stock }) as const
const month = Array.from({ length: 30 }, (_none, day) => sold(1 + day, 2))

describe('I4: what is told', () => {
  test('a shelf at which nobody buys any more is doubted more with each day, and a count settles it', () => {
    const beliefs = after(came(0, 70), ...month)
    const [soon, later] = [beliefs.believed(ann, on(31)), beliefs.believed(ann, on(45))]
    expect(soon.empty).toBeLessThan(0.05)
    // All ten are gone, or nobody wants it any more: neither is likely, and one of the two is so.
    expect(later.empty).toBeGreaterThan(0.15)
    expect(later.empty).toBeGreaterThan(5 * soon.empty)
    expect(later.expected).toBeLessThan(soon.expected)
    beliefs.take({ item: ann, ...counted(45, '101//', 0, 10, 0) })
    expect(beliefs.believed(ann, on(45))).toMatchObject({ expected: 0, low: 0, high: 0, empty: 1 })
  })

  test('what nobody has wanted for years is not thought to be stolen', () => {
    const seldom = Array.from({ length: 10 }, (_none, month) => sold(1 + 30 * month, 1))
    const beliefs = after(came(0, 13), ...seldom)
    expect(beliefs.believed(ann, on(300)).empty).toBeLessThan(0.1)
    expect(beliefs.believed(ann, on(1_300)).empty).toBeLessThan(0.8)
    expect(beliefs.believed(ann, on(1_300)).unitsPerDay).toBeLessThan(0.9 * beliefs.believed(ann, on(300)).unitsPerDay)
  })

  test('where people order, that nobody orders says nothing of what is there', () => {
    const orders = Array.from({ length: 30 }, (_none, day) => sent(1 + day, 2))
    expect(after(came(0, 70), ...orders).believed(ann, on(60)).empty).toBeLessThan(0.05)
  })

  test('a sale that is told late, of before the count, is in the count', () => {
    const beliefs = after(came(0, 20), counted(5, '101//', 12, 20, 12), sold(3, 4))
    expect(beliefs.believed(ann, on(5)).expected).toBeCloseTo(12, 1)
  })

  test('a sale that is told late and comes after the count counts from now', () => {
    const beliefs = after(came(0, 20), counted(5, '101//', 12, 20, 12), sold(9, 1), sold(7, 3))
    expect(beliefs.believed(ann, on(9)).expected).toBeCloseTo(8, 0)
  })

  test('both places of an item counted within a day are a count of all, one of them of its share', () => {
    const half = after(came(0, 40), counted(10, '101//', 17, 20, 37))
    const part = half.believed(ann, on(10))
    expect(part.noted.countedAt).toBeNull()
    expect(part.high).toBeLessThanOrEqual(40)
    expect(part.expected).toBeLessThanOrEqual(37.5)
    expect(part.high).toBeGreaterThan(part.low)
    half.take({ item: ann, ...counted(10.1, '102//', 19, 20, 36) })
    expect(half.believed(ann, on(10.1))).toMatchObject({ expected: 36, low: 36, high: 36, noted: { counted: 36, countedAt: on(10.1) } })
  })

  test('a count of one place that nobody would have believed is believed, and what it finds besides is there besides', () => {
    const short = after(came(0, 47), counted(0.001, '101//', 36, 37, 46))
    expect(short.believed(ann, on(0.001))).toMatchObject({ low: 46, high: 46, noted: { countedAt: null } })
    const more = after(came(0, 40), counted(0.001, '101//', 21, 20, 41))
    expect(more.believed(ann, on(0.001))).toMatchObject({ low: 41, high: 41 })
  })

  test('a place that is counted once more, when all were within a day, is a count of all again', () => {
    const beliefs = after(came(0, 40), counted(10, '101//', 17, 20, 37), counted(10.1, '102//', 19, 20, 36), counted(10.2, '101//', 12, 17, 31))
    expect(beliefs.believed(ann, on(10.2))).toMatchObject({ low: 31, high: 31, noted: { counted: 31, countedAt: on(10.2) } })
  })

  test('what a category loses is learnt from its items, and a small one is thought to be like the others', () => {
    const ids = Array.from({ length: 130 }, (_none, index) => (index + 1) as ItemId)
    const categoryOf = (item: ItemId): string => (item <= 60 ? 'Meat' : item <= 120 ? 'Stamps' : item <= 125 ? 'New' : '')
    const beliefs = new SiteBeliefs(ids, [], undefined, { categoryOf })
    const learn = (): void => beliefs.learn(ids.filter((item) => beliefs.kept(item)).map((item) => beliefs.evidenceOf(item)))
    for (const item of ids) {
      if (item > 125) continue
      beliefs.take({ item, ...came(0, 60) })
      for (let day = 1; day < 40; day += 1) beliefs.take({ item, ...sold(day, 1) })
      // Of the meat a good deal is gone, of the stamps nothing; the new ones were not counted.
      const [gone, left] = [item <= 60 ? 6 : 0, 60 - 39]
      if (item <= 120) beliefs.take({ item, ...counted(40, '101//', left - gone, left, left - gone) })
      learn()
    }
    learn()
    const mean = (category: string): number => beliefs.shared.categories[category]!.weights.reduce((sum, share, one) => sum + share * rateClasses(1).rates[one]!, 0)
    expect(mean('Meat')).toBeGreaterThan(3 * mean('Stamps'))
    expect(mean('New')).toBeGreaterThan(mean('Stamps'))
    expect(mean('New')).toBeLessThan(mean('Meat'))
    expect(beliefs.shared.categories['Stamps']!.learntFrom).toBe(60)
  })

  test('more sold than anybody could believe begins anew, and is noted', () => {
    expect(after(came(0, 2), sold(1, 9)).believed(ann, on(1)).noted.surprises).toBe(1)
  })
})

describe('I4: what a move tells', () => {
  const end = (kind: PlaceKind | null, condition: Condition = 'sellable', own = true) => ({ kind, condition, own })
  const [shelf, outside] = [end('shelf'), end(null)]
  test.each([
    ['sale', shelf, outside, 'sold'],
    ['shipment', end('packing'), outside, 'sent'],
    ['issue', shelf, outside, 'sent'],
    ['loss', shelf, outside, 'taken'],
    ['transfer_out', shelf, outside, 'taken'],
    ['expiry', shelf, end('shelf', 'expired'), 'taken'],
    ['condition', shelf, end('shelf', 'quarantine'), 'taken'],
    ['relocation', shelf, end('inspection'), 'taken'],
    ['give_back', shelf, end('shelf', 'sellable', false), 'taken'],
    ['receipt', outside, end('dock'), 'came'],
    ['transfer_in', outside, end('dock'), 'came'],
    ['output', outside, shelf, 'came'],
    ['restock', end('inspection', 'quarantine'), shelf, 'came'],
    ['take_over', end('shelf', 'sellable', false), shelf, 'came'],
    ['putaway', end('dock'), shelf, undefined],
    ['pick', shelf, end('packing'), undefined],
    ['return', outside, end('inspection', 'quarantine'), undefined],
    ['drop_shipment', outside, outside, undefined],
    ['sale', end('shelf', 'sellable', false), outside, undefined],
  ] as const)('%s from %o to %o: %s', (cause, from, to, what) => {
    const event = eventOfMove({ sequence: 1, item: ann, quantity: 3, cause, from, to, occurredAt: on(1) })
    expect(event).toEqual(what && { item: ann, at: on(1), what, units: 3 })
  })

  test('what a count moved corrects the record that is known of, and nothing that is believed', () => {
    const moved = (from: ReturnType<typeof end>, to: ReturnType<typeof end>) => eventOfMove({ sequence: 1, item: ann, quantity: 3, cause: 'count', from, to, occurredAt: on(1) })
    expect([moved(shelf, outside), moved(outside, shelf)]).toMatchObject([{ what: 'corrected', change: -3 }, { what: 'corrected', change: 3 }])
    const beliefs = after(came(0, 20))
    const before = beliefs.believed(ann, on(1)).chances
    beliefs.take({ item: ann, at: on(1), what: 'corrected', change: -3 })
    expect([...beliefs.believed(ann, on(1)).chances]).toEqual([...before])
    expect(beliefs.believed(ann, on(1)).noted.recorded).toBe(17)
  })

  test('a count of what cannot be sold tells nothing', () => {
    const count = { afterMove: 1, item: ann, counted: 3, recorded: 4, sellable: 9, stock: '101//', countedAt: on(1) }
    expect(eventOfCount({ ...count, at: end('shelf', 'damaged') })).toBeUndefined()
    expect(eventOfCount({ ...count, at: shelf })).toMatchObject({ what: 'counted', sellable: 9 })
  })
})
