// The bench of disruptions on a small scale: what it measures is there, whatever it measures.

import { expect, test } from 'vitest'
import { benchDisruption } from './disruption.ts'

test('every line that was promised from the purchase is named, with what can be done', async () => {
  const bench = await benchDisruption({ lines: 40, rounds: 1 }, () => undefined)
  expect(bench).toMatchObject({ lines: 40, orders: 20, remedies: ['expedite', 'transfer', 'repromise'] })
  expect(bench.seconds).toBeGreaterThan(0)
})
