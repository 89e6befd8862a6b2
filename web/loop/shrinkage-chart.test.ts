// The chart of shrinkage over time: it has every stretch, columns stand on one zero, and the line breaks where nothing was sold.

import { describe, expect, test } from 'vitest'
import { beginnings, chart, chartOf, stretchOf } from './shrinkage-chart.ts'

describe('the stretches of a period', () => {
  test.each([
    ['2026-03-01', '2026-03-28', 'day',   28, '2026-03-01', '2026-03-28'],
    ['2026-01-01', '2026-05-31', 'week',  22, '2025-12-29', '2026-05-25'],
    ['2024-02-15', '2026-03-01', 'month', 26, '2024-02-01', '2026-03-01'],
  ] as const)('from %s to %s are told by %s', (from, to, by, count, first, last) => {
    expect(stretchOf(from, to)).toBe(by)
    const days = beginnings(from, to, by)
    expect([days.length, days[0], days.at(-1)]).toEqual([count, first, last])
  })
})

test('columns stand on zero, what is unexplained above what is known, and what was found goes below', () => {
  const days = beginnings('2026-03-01', '2026-03-04', 'day')
  const drawn = chartOf([
    { key: '2026-03-01', value: 100, unexplainedValue: 40, percentOfSales: 1 },
    { key: '2026-03-03', value: -20, unexplainedValue: -20, percentOfSales: null },
    { key: '2026-03-04', value: 50, unexplainedValue: 0, percentOfSales: 0.5 },
  ], days)
  const [first, none, found, last] = drawn.stretches
  expect(first!.top).toBeLessThan(first!.knownTop)
  expect(first!.knownTop).toBeLessThan(drawn.zero)
  expect([none!.top, none!.knownTop]).toEqual([drawn.zero, drawn.zero])
  expect(found!.top).toBeGreaterThan(drawn.zero)
  expect(last!.top).toBe(last!.knownTop)
  expect(drawn.stretches.every((one) => one.x >= 0 && one.x + drawn.step <= chart.width + 0.01 && one.top <= chart.height)).toBe(true)
  expect(drawn.percents.match(/M/g)).toHaveLength(2)
  expect(chartOf([], []).stretches).toEqual([])
})
