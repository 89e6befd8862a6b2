import { expect, test } from 'vitest'
import { benchOrders } from './orders.ts'

test('a short bench has every figure, and what was acknowledged stands in the database', { timeout: 180_000 }, async () => {
  const steps: string[] = []
  const bench = await benchOrders({ items: 200, rounds: 1, warmup_seconds: 0.2, seconds: 0.5, latency_seconds: 0.5 }, (step) => steps.push(step))
  const figures = [
    'limit_per_s', 'bulk_per_s', 'http64_per_s', 'http512_per_s', 'hot_per_s', 'bulk_to_limit', 'http_to_limit', 'hot_to_uniform', 'p99_ms_at_half_peak',
    'client_cpu_ms_per_order_bulk', 'client_cpu_ms_per_order_http', 'orders', 'seconds',
  ] as const
  for (const figure of figures) expect(bench[figure], figure).toBeGreaterThan(0)
  const processor = ['cpu_ms_per_order_limit', 'cpu_ms_per_order_bulk', 'cpu_ms_per_order_http'] as const
  for (const figure of processor) expect(bench[figure] === null, figure).toBe(process.platform !== 'linux')
  expect(steps).toContain('Round 1: hot')
})
