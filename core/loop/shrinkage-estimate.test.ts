import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accrualOf, believedInterval, disagree, estimateShrinkage, type CategoryStanding, type CountedSales } from './shrinkage-estimate.ts'

const both = (units: number, value = units * 100) => ({ units, value })
const counted = (site: string, category: string, ...lost: readonly number[]): readonly CountedSales[] =>
  lost.map((some) => ({ site, category, sold: both(100), lost: both(some) }))
const standing = (site: string, category: string, now: number): CategoryStanding => ({
  site, category, book: both(1_000), openSales: { before: both(0), now: both(now) }, openSquares: both(now * now, now * now * 10_000), countedSales: both(0),
})
const wobble = Array.from({ length: 40 }, (_, index) => (index % 3) - 1)
const around = (middle: number): number[] => wobble.map((some) => middle + some)

describe('estimated shrinkage', () => {
  test('is the share of sales that counts did not find, by category', () => {
    const rows = estimateShrinkage([...counted('SEA', 'Bikes', ...around(20)), ...counted('SEA', 'Bells', ...around(2))], [standing('SEA', 'Bikes', 50), standing('SEA', 'Bells', 50)])!
    expect(rows.map((row) => [row.category, Math.round(row.units.rate * 100), row.accrual.units.now, row.estimated.units])).toEqual([['Bikes', 20, 10, 990], ['Bells', 2, 1, 999]])
    expect(rows[0]!.interval!.low).toBeLessThan(rows[0]!.estimated.value)
    expect(rows[0]!.interval!.high).toBeGreaterThan(rows[0]!.estimated.value)
  })

  test('a site that loses more than its categories do elsewhere has a factor of its own, and one that was never counted has none', () => {
    const rows = estimateShrinkage(
      [...counted('SEA', 'Bikes', ...around(5)), ...counted('PDX', 'Bikes', ...around(15)), ...counted('PDX', 'Bells', ...around(15)), ...counted('SEA', 'Bells', ...around(5))],
      [standing('SEA', 'Bikes', 100), standing('PDX', 'Bikes', 100), standing('NEW', 'Bikes', 100)],
    )!
    const [sea, pdx, fresh] = rows.map((row) => row.units.rate * 100)
    expect([Math.round(sea!), Math.round(pdx!), Math.round(fresh!)]).toEqual([5, 15, 10])
    const width = rows.map((row) => row.units.interval!.high - row.units.interval!.low)
    expect(width[2]!).toBeGreaterThan(width[0]!)
  })

  test('a category that nobody counted loses what all do, with more doubt', () => {
    const [bikes, none] = estimateShrinkage([...counted('SEA', 'Bikes', ...around(10)), ...counted('SEA', 'Bells', ...around(4))], [standing('SEA', 'Bikes', 100), standing('SEA', 'New', 100)])!
    expect(none!.units).toMatchObject({ own: null, reliance: 0 })
    expect(none!.units.rate).toBeCloseTo(0.07)
    expect(none!.units.interval!.high - none!.units.interval!.low).toBeGreaterThan(bikes!.units.interval!.high - bikes!.units.interval!.low)
  })

  test('nothing counted is no estimate, one item has no interval, and what counts found besides the record accrues nothing', () => {
    expect(estimateShrinkage([], [standing('SEA', 'Bikes', 100)])).toBeNull()
    expect(estimateShrinkage([{ site: 'SEA', category: 'Bikes', sold: both(0), lost: both(5) }], [standing('SEA', 'Bikes', 100)])).toBeNull()
    expect(estimateShrinkage(counted('SEA', 'Bikes', 10), [standing('SEA', 'Bikes', 100)])).toMatchObject([{ accrual: { units: { now: 10 } }, interval: null, units: { interval: null } }])
    const found = estimateShrinkage(counted('SEA', 'Bikes', -10, -12), [standing('SEA', 'Bikes', 100)])!
    expect(found).toMatchObject([{ accrual: { units: { now: 0 }, value: { now: 0 } }, estimated: both(1_000) }])
    expect(found[0]!.units.rate).toBeCloseTo(-0.11)
  })

  test('disagrees with a belief where the intervals do not meet', () => {
    const belief = believedInterval({ units: 10, value: 1_000, squares: 10_000 })
    expect(belief).toEqual({ low: 836, high: 1_165 })
    expect([disagree(belief, { low: 1_165, high: 1_200 }), disagree(belief, { low: 1_166, high: 1_200 }), disagree({ low: 0, high: 835 }, belief), disagree(null, belief)]).toEqual([false, true, true, false])
  })
})

/** A day of a few items: what of each was sold, and whether it was counted in the evening. */
const item = fc.record({ sold: fc.array(fc.integer({ min: -3, max: 50 }), { minLength: 6, maxLength: 6 }), counted: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }) })

describe('what is accrued', () => {
  test('before a count is reversed by it or accrued still, whatever is sold and counted on whichever day', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 8 }), fc.double({ min: -0.2, max: 1, noNaN: true }), fc.integer({ min: 0, max: 5 }), (items, rate, from) => {
        const open = items.map(({ sold, counted: days }) => {
          const through = (day: number): number => {
            const last = days.slice(0, day).lastIndexOf(true)
            return sold.slice(last + 1, day).reduce((sum, some) => sum + some, 0)
          }
          return { before: through(from), now: through(6), within: sold.slice(from).reduce((sum, some) => sum + some, 0) }
        })
        const sum = (of: (one: (typeof open)[number]) => number): number => open.reduce((yet, one) => yet + of(one), 0)
        const countedSales = sum((one) => one.before + one.within - one.now)
        const accrual = accrualOf(rate, { openSales: { before: both(sum((one) => one.before)), now: both(sum((one) => one.now)) }, countedSales: both(countedSales) }, 'units')
        expect(accrual.before + accrual.accrued).toBe(accrual.reversed + accrual.now)
        // And what is told as accrued in the time is what its sales come to, but for rounding.
        expect(Math.abs(accrual.accrued - Math.max(0, rate) * sum((one) => one.within))).toBeLessThanOrEqual(1.5)
        if (items.every((one) => one.counted.slice(from).every((some) => !some))) expect(Math.abs(accrual.reversed)).toBe(0)
        if (items.every((one) => one.counted[5])) expect(Math.abs(accrual.now)).toBe(0)
      }),
    )
  })
})
