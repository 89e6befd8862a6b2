import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Day, Instant } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import type { ForecastAdjustment } from '../planning.ts'
import { demandForecast, forecastUnits, HISTORY_WEEKS, valueAdded, weeklyHistory } from './forecast.ts'

const today = '2026-03-01' as Day
const adjustment = (from: string, to: string, percent: number): ForecastAdjustment => ({
  adjustment: 'a', item: 1 as ItemId, from: from as Day, to: to as Day, percent, reason: '', adjuster: '', madeAt: 0 as Instant, undoneAt: null, forecastUnits: 0,
})

describe('weeks of sales', () => {
  test('begin with the first that sold any, and returns make none less than nothing', () => {
    expect([...weeklyHistory([{ weeksAgo: 3, units: 5 }, { weeksAgo: 1, units: -4 }, { weeksAgo: 0, units: 2 }])]).toEqual([5, 0, 0, 2])
    expect(weeklyHistory([{ weeksAgo: HISTORY_WEEKS, units: 5 }, { weeksAgo: -1, units: 5 }])).toHaveLength(0)
  })
})

describe('a forecast', () => {
  test('of any history is a number of units for each day, and spreads no less than chance', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000_000 })), { maxLength: HISTORY_WEEKS }), fc.integer({ min: 1, max: 200 }), (weeks, days) => {
        const { perDay, dispersion, weeks: fan } = demandForecast(Float64Array.from(weeks), today, days, [])
        expect(perDay).toHaveLength(days)
        expect(perDay.every((units) => units >= 0 && Number.isFinite(units))).toBe(true)
        expect(dispersion >= 1 && Number.isFinite(dispersion)).toBe(true)
        for (const [week, mean] of fan.mean.entries()) expect(fan.low[week]! <= fan.high[week]! && Number.isFinite(mean)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('of few weeks does not stretch to many times what was ever sold', () => {
    for (const weeks of [[70], [70, 60], [3, 9, 5]]) {
      const { weeks: fan, dispersion } = demandForecast(Float64Array.from(weeks), today, 30, [])
      expect(Math.max(...fan.high)).toBeLessThan(3 * Math.max(...weeks))
      expect(dispersion).toBeLessThan(10)
    }
  })

  test('is changed on the days that people name, one change after the other', () => {
    const history = new Float64Array(60).fill(14)
    const plain = demandForecast(history, today, 14, []).perDay
    const changed = demandForecast(history, today, 14, [adjustment('2026-03-03', '2026-03-04', 50), adjustment('2026-03-04', '2026-03-05', -100)]).perDay
    expect(Array.from(changed.slice(0, 5), (units, day) => units / plain[day]!)).toEqual([1, 1.5, 0, 0, 1])
    expect(forecastUnits(history, today, '2026-03-03' as Day, '2026-03-04' as Day)).toBeCloseTo(plain[1]! + plain[2]!, 9)
    expect(forecastUnits(history, today, '2026-01-01' as Day, '2026-02-01' as Day)).toBe(0)
  })

  test('that people made nearer was worth as many units as it is nearer', () => {
    expect(valueAdded({ forecastUnits: 100, percent: 20 }, 130)).toBe(20)
    expect(valueAdded({ forecastUnits: 100, percent: 20 }, 90)).toBe(-20)
    expect(valueAdded({ forecastUnits: 100, percent: -100 }, 0)).toBe(100)
  })
})
