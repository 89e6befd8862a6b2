import { expect, test } from 'vitest'
import { chart, chartOf } from './belief-chart.ts'

const evening = (day: number, recorded: number, low: number, expected: number, high: number) => ({ on: `2026-03-0${day}`, recorded, low, expected, high, empty: 0 })
const days = [evening(1, 10, 8, 9.5, 10), evening(2, 10, 4, 7, 10), evening(3, 4, 4, 4, 4), evening(4, -1, 0, 2, 4)]
const ys = (path: string): number[] => [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((one) => Number(one[1]))

test('what is believed lies in its band, more is higher, and a record below none has room', () => {
  const { expected, band, zero, most, dots, step, evenings } = chartOf(days, [{ at: '2026-03-03T12:00:00.000Z', counted: 4 }])
  const [means, edge] = [ys(expected), ys(band)]
  expect([most, step, evenings.map((one) => one.x)]).toEqual([10, chart.width / 4, [0, 240, 480, 720]])
  for (const [index, y] of means.entries()) {
    expect(y).toBeGreaterThanOrEqual(edge[index]!)
    expect(y).toBeLessThanOrEqual(edge[edge.length - 1 - index]!)
  }
  expect(zero).toBeLessThan(chart.height)
  expect(dots).toEqual([{ at: '2026-03-03T12:00:00.000Z', x: 2.5 * step, y: means[2] }])
})

test('the record steps from evening to evening, over the whole width', () => {
  const { recorded } = chartOf(days, [])
  expect(recorded.startsWith('M0 ')).toBe(true)
  expect(recorded.match(/V/g)).toHaveLength(3)
  expect(recorded.endsWith(`H${chart.width}`)).toBe(true)
})

test('nothing is drawn of nothing, and one evening is a line', () => {
  expect(chartOf([], [])).toMatchObject({ evenings: [], recorded: '', expected: '', band: '', dots: [] })
  expect(chartOf([evening(1, 0, 0, 0, 0)], []).recorded).not.toContain('NaN')
})

test('levels by which an item is ordered have room, the higher one above', () => {
  const { most, levels, dots } = chartOf(days, [{ at: '2026-03-03T12:00:00.000Z', counted: 40 }], [80, 40])
  expect(most).toBe(80)
  expect(levels[0]).toBeLessThan(levels[1]!)
  expect(levels[1]).toBe(dots[0]!.y)
})
