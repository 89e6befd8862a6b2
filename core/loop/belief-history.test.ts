// Belief history: the last evening is what one believes who took the same events in, and each evening is what was believed by what was known then.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, dayOf, day_ms, instant, startOf, type Instant } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import { beliefHistory, type BeliefPoint, type CountedThen, type Happened } from './belief-history.ts'
import { SiteBeliefs } from './belief-site.ts'

const item = 1 as ItemId
const START = Date.UTC(2026, 2, 2)
const on = (days: number): Instant => instant(START + Math.round(days * day_ms))
const fresh = (): SiteBeliefs => new SiteBeliefs([item], [], undefined)

type Told = readonly [hours: number, what: 'sold' | 'came' | 'counted' | 'told late', units: number]

function happenedOf(some: readonly Told[]): { happened: readonly Happened[]; now: Instant } {
  let [hours, recorded] = [0, 0]
  const happened = some.map(([wait, what, units]): Happened => {
    hours += wait
    const at = on(hours / 24)
    const change = what === 'came' ? units : what === 'counted' ? units - recorded : -units
    recorded += change
    if (what === 'counted') return { event: { item, at, what, counted: units, recorded: units - change, sellable: units, stock: '100//' }, recordedAt: at, change }
    const when = what === 'told late' ? on((hours - 30) / 24) : at
    return { event: { item, at: when, what: what === 'came' ? 'came' : 'sold', units }, recordedAt: at, change }
  })
  return { happened, now: on(hours / 24 + 2.5) }
}

const replayed = (some: readonly Told[], from = dayOf(on(0))) => {
  const { happened, now } = happenedOf(some)
  const all = [...beliefHistory({ beliefs: fresh(), item, happened, recordedFirst: 0, from, now })].filter((one) => one !== undefined)
  return {
    happened,
    now,
    days: all.filter((one): one is BeliefPoint => 'on' in one),
    counts: all.filter((one): one is CountedThen => 'at' in one),
  }
}

const told = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom('sold', 'sold', 'came', 'counted', 'told late'), fc.integer({ min: 1, max: 9 })),
  { minLength: 1, maxLength: 25 },
) as fc.Arbitrary<Told[]>

describe('I4: what was believed on each evening', () => {
  test('is what somebody believed then who had taken in what was known then, and there is no evening without it', () => {
    fc.assert(
      fc.property(told, (some) => {
        const { happened, now, days } = replayed(some)
        const first = dayOf(happened[0]!.recordedAt)
        expect(days.map((one) => one.on)).toEqual(Array.from({ length: days.length }, (_none, index) => addDays(first, index)))
        expect(days.at(-1)!.on).toBe(dayOf(now))
        for (const { on: day, recorded, expected, low, high, empty } of days) {
          const known = happened.filter((one) => dayOf(one.recordedAt) <= day)
          const beliefs = fresh()
          for (const { event } of known) beliefs.take(event!)
          const then = beliefs.believed(item, day === dayOf(now) ? now : instant(startOf(day) + day_ms - 1))
          expect([recorded, expected, low, high, empty]).toEqual([
            known.reduce((sum, one) => sum + one.change, 0),
            then.expected,
            then.low,
            then.high,
            then.empty,
          ])
        }
      }),
      { numRuns: 40 },
    )
  })

  test('a count stands beside what was believed and recorded just before it', () => {
    const month = Array.from({ length: 30 }, (): Told => [24, 'sold', 2])
    const { days, counts } = replayed([[0, 'came', 66], ...month, [480, 'counted', 0]])
    expect(counts).toEqual([{ at: on(50), counted: 0, recorded: 6, expected: expect.any(Number) as number, low: 0, high: expect.any(Number) as number }])
    expect(counts[0]!.expected).toBeLessThan(2)
    expect(days.find((one) => one.on === dayOf(on(49)))).toMatchObject({ recorded: 6 })
    expect(days.at(-1)).toMatchObject({ recorded: 0, expected: 0, empty: 1 })
  })

  test('only from a day on, though all before it is taken in; and nothing where nothing was known', () => {
    const whole = replayed([[0, 'came', 50], [24, 'sold', 2], [24, 'sold', 1], [24, 'sold', 3]])
    const part = replayed([[0, 'came', 50], [24, 'sold', 2], [24, 'sold', 1], [24, 'sold', 3]], dayOf(on(2)))
    expect(part.days).toEqual(whole.days.slice(2))
    expect(replayed([]).days).toEqual([])
  })
})
