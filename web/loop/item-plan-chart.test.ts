import { expect, test } from 'vitest'
import { beginOf, chart, chartOf, factorOf } from './item-plan-chart.ts'

const week = (mean: number, adjusted = mean) => ({ mean, low: mean / 2, high: mean * 2, adjusted })

test('bars and forecast share one scale, and stand side by side', () => {
  const { bars, empty, step, zero, most, mean, fan, adjusted } = chartOf([0, 5, 10], [3.5, 0.2, 0], [week(10)])
  expect(empty).toEqual([{ x: 0, width: Math.round(step * 50) / 100 }])
  expect([bars.length, most, step]).toEqual([3, 20, chart.width / 4])
  expect(bars.map((bar) => bar.height)).toEqual([0, bars[2]!.height / 2, bars[2]!.height])
  for (const bar of bars) expect(bar.y + bar.height).toBeCloseTo(zero, 1)
  expect(mean).toBe(`M${3.5 * step} ${bars[2]!.y}`)
  expect(fan.endsWith('Z')).toBe(true)
  expect(adjusted).toBe('')
  expect(chartOf([1], [0], [week(4, 6)]).adjusted).not.toBe('')
  expect(chartOf([], [], [])).toMatchObject({ bars: [], mean: '', fan: '' })
})

test('a week is adjusted by its days', () => {
  const today = '2026-03-01'
  expect(factorOf(today, 0, [])).toBe(1)
  expect(factorOf(today, 0, [{ from: '2026-03-02', to: '2026-03-08', percent: 20 }])).toBeCloseTo(1.2, 12)
  expect(factorOf(today, 0, [{ from: '2026-03-05', to: '2026-03-30', percent: 70 }])).toBeCloseTo(1.4, 12)
  expect(factorOf(today, 1, [{ from: '2026-03-02', to: '2026-03-08', percent: 20 }])).toBe(1)
  expect(factorOf(today, 0, [{ from: '2026-03-01', to: '2026-04-01', percent: -100 }])).toBe(0)
  expect([beginOf(today, 0), beginOf(today, 1), beginOf(today, -1)]).toEqual(['2026-03-02', '2026-03-09', '2026-02-23'])
})
