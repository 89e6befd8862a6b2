import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { day_ms, instant, startOf, type Day } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import { SiteBeliefs } from './belief-site.ts'
import { withEmpty, type EmptyTime } from './belief-empty.ts'
import { emptyDaysOf, seenWeeks, weekdayShares, withAnalogue } from './forecast-history.ts'
import { demandForecast } from './forecast.ts'

const today = '2026-03-02' as Day
const now = startOf(today) / day_ms
const sum = (values: Float64Array): number => values.reduce((all, one) => all + one, 0)

describe('times without any', () => {
  test('are told of the weeks in which they were, every day of them once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 0.3, max: 20, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true })), { maxLength: 12 }), (some) => {
        let at = now - 104 * 7
        let times: readonly EmptyTime[] = []
        for (const [days, then] of some) {
          times = withEmpty(times, at + days, days)
          at += days + then
        }
        const within = times.filter(([until]) => until <= now)
        const weeks = emptyDaysOf(104, within, today)
        expect(sum(weeks)).toBeCloseTo(within.reduce((all, [, days]) => all + days, 0), 0)
        expect(weeks.every((days) => days >= 0 && days <= 7)).toBe(true)
      }),
    )
  })

  test('are forgotten when no forecast looks at them any more, and those of a moment are none', () => {
    expect(withEmpty([[100, 3]], 900, 2)).toEqual([[900, 2]])
    expect(withEmpty([[900, 2]], 905, 0.1)).toEqual([[900, 2]])
    let times: readonly EmptyTime[] = []
    for (let day = 0; day < 600; day += 1) times = withEmpty(times, day, 0.5)
    expect(times).toHaveLength(200)
    expect(times.at(-1)).toEqual([599, 0.5])
  })

  test('make what was sold count for the rest of its week, and a week that was hardly seen for none', () => {
    expect([...seenWeeks(Float64Array.of(14, 10, 3), Float64Array.of(0, 2, 4))]).toEqual([14, 14, Number.NaN])
  })

  test('are what a belief says: sold out for a month, or stolen by somebody whom nobody saw', () => {
    const item = 1 as ItemId
    const emptied = (came: number): readonly EmptyTime[] => {
      const site = new SiteBeliefs([item], [], undefined)
      const at = (day: number) => instant(startOf(today) + day * day_ms)
      site.take({ what: 'came', item, units: came, at: at(0) })
      for (let day = 1; day <= 40; day += 1) site.take({ what: 'sold', item, units: 1, at: at(day) })
      site.take({ what: 'came', item, units: 30, at: at(70) })
      site.take({ what: 'sold', item, units: 1, at: at(71) })
      return site.believed(item, at(72)).emptied
    }
    expect(emptied(40)).toEqual([[now + 70, 30]])
    const [[until, days]] = emptied(42) as [EmptyTime]
    expect(until).toBe(now + 70)
    // When it was taken, nobody knows: at some time within the month.
    expect(days).toBeGreaterThan(12)
    expect(days).toBeLessThan(30)
  })
})

describe('a new item', () => {
  test('has the weeks of another before its own, in the share that is thought of, and after a year only its own', () => {
    const like = Float64Array.of(10, 20, 30, 40)
    expect([...withAnalogue(Float64Array.of(), like, 0.5)]).toEqual([5, 10, 15, 20])
    expect([...withAnalogue(Float64Array.of(1, 2), like, 0.5)]).toEqual([5, 10, 1, 2])
    expect([...withAnalogue(Float64Array.of(1, 2, 3, 4, 5), like, 0.5)]).toEqual([1, 2, 3, 4, 5])
    expect(withAnalogue(new Float64Array(52).fill(1), new Float64Array(104).fill(9), 1)).toHaveLength(52)
  })
})

describe('days of the week', () => {
  test('are together a week, and an item that sold little is like its site', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 5_000 }), { minLength: 7, maxLength: 7 }), (units) => {
        const shares = weekdayShares(units)
        expect(sum(shares)).toBeCloseTo(1, 9)
        expect(shares.every((share) => share > 0)).toBe(true)
      }),
    )
    const site = weekdayShares([0, 0, 0, 0, 0, 30_000, 30_000])
    expect(weekdayShares([1, 0, 0, 0, 0, 0, 0], site)[5]).toBeGreaterThan(0.45)
    expect(weekdayShares([700, 0, 0, 0, 0, 0, 0], site)[0]).toBeGreaterThan(0.9)
  })

  test('divide what is forecast of a week, and leave the week as it is', () => {
    const shares = weekdayShares([100, 100, 100, 100, 100, 800, 800])
    const history = new Float64Array(60).fill(70)
    const [even, by] = [demandForecast(history, today, 21, []), demandForecast(history, today, 21, [], shares)]
    for (const week of [0, 7, 14]) expect(sum(by.perDay.slice(week, week + 7))).toBeCloseTo(sum(even.perDay.slice(week, week + 7)), 9)
    expect(by.perDay[5]! / by.perDay[0]!).toBeGreaterThan(5)
  })
})
