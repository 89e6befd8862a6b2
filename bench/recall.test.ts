import { expect, test } from 'vitest'
import { benchRecall } from './recall.ts'

test('a small recall is held at every site, and its customers are listed', { timeout: 120_000 }, async () => {
  const bench = await benchRecall({ moves: 20_000, assemblies: 10, rounds: 1 }, () => undefined)
  expect(bench.moves).toBeGreaterThan(18_000)
  expect(bench).toMatchObject({ lots: 51, sites: 5, customers: 40 * 40 })
  for (const figure of ['seconds', 'first_seconds', 'recall_seconds', 'held_seconds', 'trace_seconds', 'backward_seconds'] as const) expect(bench[figure], figure).toBeGreaterThan(0)
})
