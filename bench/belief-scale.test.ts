import { expect, test } from 'vitest'
import { benchBeliefScale, usualScale } from './belief-scale.ts'

test('beliefs of a small bench are those of the long way, and all its figures are there', () => {
  const bench = benchBeliefScale({ ...usualScale, items: 2_000, checked: 40, rounds: 2 }, () => undefined)
  expect(bench.max_total_variation).toBeGreaterThan(0)
  expect(bench.max_total_variation).toBeLessThan(1e-4)
  for (const figure of ['item_sites_per_s', 'seconds_1m_30pct', 'peak_mb', 'beliefs_mb', 'single_update_us'] as const) {
    expect(bench[figure], figure).toBeGreaterThan(0)
  }
})
