import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceOf } from '../../rng.ts'
import { recordAccuracy, wilson } from './record-accuracy.ts'

describe('I5: the share of records that are right', () => {
  // R. Newcombe, Two-sided confidence intervals for the single proportion (Statistics in Medicine 1998), table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
  ])('%i of %i lie between %f and %f', (hits, of, low, high) => {
    expect(wilson(hits, of)).toEqual({ share: hits / of, low: expect.closeTo(low, 4) as number, high: expect.closeTo(high, 4) as number })
  })

  test('what is drawn from a site whose records are right by a share has that share in its interval about 95 times of 100', () => {
    const chance = chanceOf(11)
    let [shares, units] = [0, 0]
    const [draws, items, right] = [400, 60, 0.8]
    for (let draw = 0; draw < draws; draw += 1) {
      const rows = Array.from({ length: items }, () => {
        const recorded = 1 + chance.below(40)
        return { recorded, off: chance.fraction() < right ? 0 : chance.below(recorded + 1), unitValue: 100 }
      })
      const told = recordAccuracy(rows, 0)
      // Of those that are off, off is on average half of what is recorded, or none at all by chance.
      const truly = { exact: right + (1 - right) * meanOf((recorded) => 1 / (recorded + 1)), units: 1 - (1 - right) / 2 }
      if (told.exact!.low <= truly.exact && truly.exact <= told.exact!.high) shares += 1
      if (told.units!.low <= truly.units && truly.units <= told.units!.high) units += 1
    }
    for (const hits of [shares, units]) expect(hits / draws).toBeGreaterThan(0.91)
  })

  test('is between its ends, and each of them is a share', () => {
    const row = fc.record({ recorded: fc.integer({ min: -5, max: 50 }), off: fc.integer({ min: 0, max: 80 }), unitValue: fc.integer({ min: 0, max: 900 }) })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.integer({ min: 0, max: 1_000_000 }), (rows, tolerance) => {
        const { items, exact, within, units, value } = recordAccuracy(rows, tolerance)
        expect(items).toBe(rows.length)
        expect((within?.share ?? 0) >= (exact?.share ?? 0)).toBe(true)
        for (const one of [exact, within, units, value]) if (one !== null) expect([0 <= one.low, one.low <= one.share, one.share <= one.high, one.high <= 1]).toEqual([true, true, true, true])
      }),
    )
  })

  test('of nothing nothing is said', () => {
    expect(recordAccuracy([], 0)).toEqual({ items: 0, exact: null, within: null, units: null, value: null })
    expect(recordAccuracy([{ recorded: 4, off: 1, unitValue: 5 }], 250_000)).toMatchObject({ exact: { share: 0 }, within: { share: 1 }, units: null })
  })
})

/** Over what may be recorded, each as likely. */
const meanOf = (of: (recorded: number) => number): number => Array.from({ length: 40 }, (_none, index) => of(index + 1)).reduce((sum, one) => sum + one, 0) / 40
