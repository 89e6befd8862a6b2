import { expect, test } from 'vitest'
import { benchFeed } from './feed.ts'

test('every reader of a short bench hears of every order', { timeout: 120_000 }, async () => {
  const bench = await benchFeed({ items: 100, readers: 20, warmup_seconds: 2, peak_seconds: 2, seconds: 2 }, () => undefined)
  expect(bench.readers).toBe(20)
  for (const figure of ['half_peak_per_s', 'orders_per_s', 'order_p99_ms', 'p50_ms', 'p99_ms', 'told_per_s'] as const) expect(bench[figure], figure).toBeGreaterThan(0)
  // Readers hear of the warm-up's orders too, and of all of them in far fewer messages.
  expect(bench.told_per_s).toBeGreaterThan(20 * bench.orders_per_s * 0.9)
  expect(bench.messages_per_s).toBeLessThan(20 * 15 * 1.5)
})
