import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '../calendar.ts'
import { cleanedWeeks, dayFactor, effectsOf, FACTOR_MAX, pooledEffects } from '../plan/forecasting/effects.ts'
import type { EventKind } from '../planning.ts'
import { drivenWeeks, emptyPool, knownOf, withKnown, type ItemEvent, type Known, type PriceTime } from './forecast-known.ts'
import { bookPrices, priceTimes, PRICE_DAYS_AHEAD, PRICE_DAYS_BEHIND } from './forecast-price.ts'
import { demandForecast } from './forecast.ts'

const today = '2026-03-02' as Day
const evenly = new Float64Array(7).fill(1 / 7)
const event = (kind: EventKind, from: number, days = 7, name = 'Sale'): ItemEvent => ({ kind, name, from: addDays(today, from), to: addDays(today, from + days - 1) })

/** Ten a week, and so many times that in the weeks that begin so many weeks ago. */
const weeksWith = (times: number, ago: readonly number[], weeks = 60): Float64Array =>
  Float64Array.from({ length: weeks }, (_none, week) => (ago.includes(weeks - week) ? 10 * times : 10))

const units = fc.oneof(fc.constant(0), fc.double({ min: -5, max: 1e12, noNaN: true }), fc.constant(Number.NaN), fc.nat({ max: 40 }))
const anyEvent = fc.record({
  kind: fc.constantFrom<EventKind>('promotion', 'holiday', 'closed'),
  name: fc.constantFrom('A', 'a', 'B'),
  from: fc.integer({ min: -500, max: 60 }),
  days: fc.integer({ min: 1, max: 60 }),
})
const anyPrice = fc.record({ from: fc.integer({ min: -500, max: 60 }), days: fc.integer({ min: 1, max: 90 }), times: fc.double({ min: 0.1, max: 10, noNaN: true }) })
const knownFrom = (events: readonly { kind: EventKind; name: string; from: number; days: number }[], prices: readonly { from: number; days: number; times: number }[] = []): Known | undefined =>
  knownOf(
    events.map(({ kind, name, from, days }) => event(kind, from, days, name)),
    prices.map(({ from, days, times }): PriceTime => ({ from: addDays(today, from), to: addDays(today, from + days - 1), times })),
  )

describe('what is known', () => {
  test('of nothing is nothing; of no day behind leaves the weeks the very same', () => {
    expect(knownOf([])).toBeUndefined()
    fc.assert(
      fc.property(fc.array(units, { maxLength: 104 }), (values) => {
        const weeks = Float64Array.from(values)
        const ahead = withKnown(knownOf([event('promotion', 3)])!, weeks, evenly, today, emptyPool)
        expect(ahead.weeks).toBe(weeks)
        // Never there before: it changes nothing, bit for bit, but that it is said.
        expect(ahead.effects).toEqual([expect.objectContaining({ factor: 1, occurrences: 0, items: 0 })])
        const [plain, known] = [demandForecast(weeks, today, 21, []), demandForecast(weeks, today, 21, [], undefined, ahead)]
        expect(known.perDay).toEqual(plain.perDay)
        expect(known.dispersion).toBe(plain.dispersion)
      }),
      { numRuns: 50 },
    )
  })

  test('is never no number, never beyond its bounds, and put back gives what was sold', () => {
    fc.assert(
      fc.property(fc.array(units, { maxLength: 104 }), fc.array(anyEvent, { minLength: 1, maxLength: 8 }), fc.array(anyPrice, { maxLength: 3 }), (values, events, prices) => {
        const weeks = Float64Array.from(values, (value) => Math.max(0, value))
        const known = knownFrom(events, prices)!
        const driven = drivenWeeks(known, weeks, evenly, today)
        const { effects } = effectsOf(driven, new Float64Array(known.keys.length))
        const cleaned = cleanedWeeks(driven, effects)
        const told = withKnown(known, weeks, evenly, today, emptyPool)
        for (const [week, sold] of weeks.entries()) {
          const days = driven.days[week]
          if (days === undefined) expect(cleaned[week]).toBe(sold)
          if (days === undefined || Number.isNaN(cleaned[week]!)) continue
          const factor = days.reduce((sum, day) => sum + dayFactor(day, effects) / 7, 0)
          expect(cleaned[week]! * factor).toBeCloseTo(sold, Math.max(0, 9 - Math.ceil(Math.log10(sold + 1))))
        }
        for (let ahead = 0; ahead < 100; ahead += 1) {
          const factor = told.factor(ahead)
          expect(factor === 0 || (factor >= 1 / FACTOR_MAX - 1e-12 && factor <= FACTOR_MAX + 1e-12)).toBe(true)
        }
        const { perDay, dispersion, weeks: fan } = demandForecast(told.weeks, today, 30, [], evenly, told)
        for (const figure of [...perDay, dispersion, ...fan.mean, ...fan.low, ...fan.high]) expect(Number.isFinite(figure) && figure >= 0).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  test('is learnt from the weeks in which it was, also in part of one, and of weeks of none', () => {
    const learnt = (times: number, days: number) => {
      const ago = [30, 15]
      const weeks = weeksWith(1 + ((times - 1) * days) / 7, ago)
      const known = knownOf([...ago.map((week) => event('promotion', -7 * week, days)), event('promotion', 3, days)])!
      return withKnown(known, weeks, evenly, today, emptyPool)
    }
    expect(learnt(2, 7).factor(2)).toBeCloseTo(2, 0)
    expect(learnt(2, 7).factor(1)).toBe(1)
    expect(learnt(3, 3).factor(2)).toBeGreaterThan(2)
    expect(learnt(0, 7).factor(2)).toBeLessThan(0.4)
    expect(learnt(2, 7).weeks[30]! / 10).toBeLessThan(1.1)
    expect(learnt(2, 7).effects.at(-1)).toMatchObject({ occurrences: 2 })
  })

  test('of a closed week is no week, and of a closed day that the others tell of it', () => {
    const known = knownOf([event('closed', -7, 7, 'Works'), event('closed', -14, 1, 'Works')])!
    const { weeks } = withKnown(known, Float64Array.of(7, 6, 0), evenly, today, emptyPool)
    expect(weeks[0]).toBe(7)
    expect(weeks[1]).toBeCloseTo(7, 9)
    expect(weeks[2]).toBeNaN()
  })
})

describe('what others show', () => {
  const promoted = (weeks: Float64Array, ago: readonly number[]) =>
    ({ driven: drivenWeeks(knownOf(ago.map((week) => event('promotion', -7 * week)))!, weeks, evenly, today), numbers: [0] })

  test('counts the more, the more of them there are, and items that sell seldom tell as much together', () => {
    const factorBy = (items: number, scale: number): number => {
      // Of an item that sells one in ten weeks, the doubled weeks of ten items have two instead of one.
      const all = Array.from({ length: items }, (_none, item) =>
        promoted(Float64Array.from(weeksWith(2, [30, 15]), (sold, week) => (scale === 1 ? sold : (week + item) % 10 === 0 ? sold / 10 : 0)), [30, 15]),
      )
      const { effects, items: counted } = pooledEffects(all, 1)
      expect(counted[0]).toBe(items)
      return Math.exp(effects[0]!)
    }
    expect(factorBy(1, 1)).toBeGreaterThan(1.4)
    expect(factorBy(1, 1)).toBeLessThan(factorBy(5, 1))
    expect(factorBy(50, 1)).toBeCloseTo(2, 1)
    expect(factorBy(200, 0)).toBeGreaterThan(1.6)
    expect(factorBy(200, 0)).toBeLessThan(2.5)
    expect(pooledEffects([], 1)).toEqual({ effects: Float64Array.of(0), items: Int32Array.of(0) })
  })
})

describe('prices', () => {
  test('of the book that are always the same are not known of, and others by their days', () => {
    expect(bookPrices([], 500, today)).toBeUndefined()
    expect(bookPrices([{ from: '2020-01-01' as Day, to: null, price: 500 }], 500, today)).toBeUndefined()
    const book = bookPrices([{ from: addDays(today, 3), to: addDays(today, 4), price: 400 }], 500, today)!
    expect(book).toHaveLength(PRICE_DAYS_BEHIND + PRICE_DAYS_AHEAD + 1)
    expect([...book.subarray(PRICE_DAYS_BEHIND + 2, PRICE_DAYS_BEHIND + 6)]).toEqual([500, 400, 400, 500])
    // Customers who pay a tenth less than the list, as ever, are not a lower price.
    const paid = Float64Array.of(450, 450, Number.NaN, 360, 450)
    expect(priceTimes(paid, book, today)).toEqual([
      { from: addDays(today, -14), to: addDays(today, -8), times: 0.8 },
      { from: addDays(today, 3), to: addDays(today, 4), times: 0.8 },
    ])
  })

  test('of nothing, or what was given away, are bounded', () => {
    const book = bookPrices([{ from: addDays(today, 1), to: null, price: 0 }], 500, today)!
    expect(priceTimes(Float64Array.of(-3, 0, Number.NaN), book, today)).toEqual([expect.objectContaining({ from: addDays(today, 1), times: 0.1 })])
    const free = bookPrices([{ from: addDays(today, 1), to: null, price: 5 }], 0, today)!
    expect(priceTimes(new Float64Array(0), free, today)).toEqual([])
  })

  test('that were lower and sold more are ordered for when they come again', () => {
    const known = knownOf([], [-210, -105, 3].map((from): PriceTime => ({ from: addDays(today, from), to: addDays(today, from + 6), times: 0.8 })))!
    const told = withKnown(known, weeksWith(1.6, [30, 15]), evenly, today, emptyPool)
    expect(told.factor(2)).toBeGreaterThan(1.25)
    expect(told.factor(2)).toBeLessThan(1.6)
    expect(told.effects.at(-1)).toMatchObject({ kind: 'price', occurrences: 2 })
  })
})
