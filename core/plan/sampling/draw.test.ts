import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planSample, type PlannedStratum } from './allocation.ts'
import { draw } from './draw.ts'
import type { SampledItem } from './strata.ts'

const items = (count: number): readonly SampledItem[] =>
  Array.from({ length: count }, (_, index) => ({ unitValue: 1 + ((index * 37) % 101) ** 2, recorded: 1 + (index % 9), expected: index % 9, sd: 1 + (index % 3) }))
const drawnOf = (planned: readonly PlannedStratum[], seed: number) => draw(planned, seed).map((one) => one.drawn)

describe('a draw', () => {
  test('is the same for the same seed, and another for another', () => {
    const planned = planSample(items(500), 60)
    expect(drawnOf(planSample(items(500), 60), 7)).toEqual(drawnOf(planned, 7))
    expect(drawnOf(planned, 8)).not.toEqual(drawnOf(planned, 7))
  })

  test('is written down here, so that nobody changes what a seed of last year draws', () => {
    expect(drawnOf(planSample(items(40), 12), 2026)).toEqual([[8], [6, 10, 12, 16, 20, 25, 29, 31, 33, 35, 36]])
  })

  test('takes as many of each stratum as planned, each once, and all that is certain', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.integer(), (count, some, seed) => {
        const planned = planSample(items(count), Math.min(count, 2 + (some % count)))
        for (const [index, { isCertain, items: all, drawn }] of draw(planned, seed).entries()) {
          expect(drawn).toHaveLength(planned[index]!.size)
          expect(new Set(drawn).size).toBe(drawn.length)
          expect(drawn.every((one) => all.includes(one))).toBe(true)
          if (isCertain) expect(drawn).toEqual(all)
        }
      }),
    )
  })

  test('takes every pair as often as any other', () => {
    const planned = [{ isCertain: false, from: 0, to: 0, sd: 1, items: [3, 5, 8, 13, 21], size: 2 }]
    const seen = new Map<string, number>()
    const DRAWS = 10_000
    for (let seed = 0; seed < DRAWS; seed += 1) {
      const pair = drawnOf(planned, seed)[0]!.join()
      seen.set(pair, (seen.get(pair) ?? 0) + 1)
    }
    expect(seen.size).toBe(10)
    // Each a tenth; the standard deviation of such a number is 30.
    for (const [pair, times] of seen) expect(Math.abs(times - DRAWS / 10), pair).toBeLessThan(120)
  })
})
