// The bench in its short form: what is measured is there, and forecasts are better than what everybody can do.

import { describe, expect, test } from 'vitest'
import { m3Series } from './forecast-data.ts'
import { benchForecast, benchSeries, type SeriesBench } from './forecast.ts'

const steps: string[] = []
const bench = benchForecast(12, (step) => steps.push(step))
const isThere = bench.m3 !== 'not run'
if (!isThere) process.stdout.write('not run: forecasts of M3, daily sales, spare parts and promotions\n')

function expectBest(all: Readonly<Record<string, SeriesBench>>) {
  const { quartermaster, theta, seasonal_naive } = all as Record<'quartermaster' | 'theta' | 'seasonal_naive', SeriesBench>
  for (const other of [theta, seasonal_naive]) {
    expect(quartermaster.smape_series).toBeLessThan(other.smape_series)
    expect(quartermaster.mase).toBeLessThan(other.mase)
  }
  return quartermaster
}

test('hours with days and weeks in them are forecast much better than by the day before', () => {
  expect(steps).toEqual(['M3', 'R', 'Spare parts', 'Promotions'])
  expect(expectBest(bench.hours).smape_series).toBeLessThan(0.7 * bench.hours['seasonal_naive']!.smape_series)
})

test.each(isThere ? [] : ['public data'])('%s that are not there are not run, and say so; where every change is checked they must be', () => {
  expect(process.env['CI']).not.toBe('true')
  expect(bench).toMatchObject({ m3: 'not run', daily_sales: 'not run', spare_parts: 'not run', promotions: 'not run' })
})

/** What was not run fails. */
function ran<Of>(result: Of | 'not run'): Of {
  if (result === 'not run') throw new Error('The data are not there')
  return result
}

describe.each(isThere ? ['public data'] : [])('on %s', () => {
  test('all of M3 is forecast within the goals, and better than by Theta in each kind', () => {
    const all = m3Series(1)!
    const { series, smape_series, smape_points, mase, by_kind } = expectBest(benchSeries(all))
    expect(series).toBe(3003)
    expect(smape_series).toBeLessThan(12.2)
    expect(smape_points).toBeLessThan(12.5)
    expect(mase).toBeLessThan(1.35)
    expect(Object.keys(by_kind)).toEqual(['yearly', 'quarterly', 'monthly', 'other'])
    expectBest(ran(bench.m3))
  })

  test('daily sales are forecast better than by the week before and by Theta', () => {
    const { quartermaster, theta, seasonal_naive } = ran(bench.daily_sales)
    expect(quartermaster!.mase).toBeLessThan(theta!.mase)
    expect(quartermaster!.smape_series).toBeLessThan(seasonal_naive!.smape_series)
  })

  test('spare parts have quantiles that hold what they say', () => {
    const { scaled_pinball, coverage_95, coverage_99, rmsse, bias_percent, rmsse_mean_of_12 } = ran(bench.spare_parts)
    expect(scaled_pinball).toBeLessThan(1)
    expect(Math.abs(coverage_95 - 0.955)).toBeLessThan(0.025)
    expect(Math.abs(coverage_99 - 0.989)).toBeLessThan(0.01)
    expect(rmsse).toBeLessThan(rmsse_mean_of_12)
    expect(Math.abs(bias_percent)).toBeLessThan(20)
  })

  test('promotions are forecast within the goals', () => {
    const { mape, wape, naive_mape } = ran(bench.promotions)
    expect(mape).toBeLessThan(34.5)
    expect(wape).toBeLessThan(39.4)
    expect(naive_mape).toBeCloseTo(127.36, 1)
  })
})
