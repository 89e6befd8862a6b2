// The bench at a small scale: what it measures is there, and beliefs are worth something.

import { expect, test } from 'vitest'
import { benchSampling } from './sampling.ts'

test('a sample of a small site is as near as it says, nearer than by the record, and much nearer than by multiplying', () => {
  const steps: string[] = []
  const bench = benchSampling({ items: 1_000, counted: 100, draws: 100, seed: 3, within_percent: [3] }, (step) => steps.push(step))
  expect(bench).toMatchObject({ items: 1_000, counted: 100, draws: 100, seed: 3 })
  expect(steps).not.toEqual([])
  expect(bench.coverage_percent).toBeGreaterThan(87)
  expect(bench.half_width_percent).toBeLessThan(bench.from_record.half_width_percent)
  expect(bench.from_record.half_width_percent).toBeLessThan(bench.by_expansion.half_width_percent / 2)
  expect(bench.with_twice_as_many.half_width_percent).toBeLessThan(bench.half_width_percent)
  expect(bench.with_half_as_many.half_width_percent).toBeGreaterThan(bench.half_width_percent)
  expect(bench.sizes).toMatchObject([{ within_percent: 3 }])
  expect(bench.sizes[0]!.counted).toBeGreaterThan(bench.sizes[0]!.needed / 2)
  expect(bench.sizes[0]!.counted).toBeLessThan(bench.sizes[0]!.needed * 2)
  expect(benchSampling({ items: 1_000, counted: 100, draws: 5, seed: 3, within_percent: [] }, () => undefined).shrink_percent).toBe(bench.shrink_percent)
})
