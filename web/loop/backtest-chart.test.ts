// The chart of a back-test: more served stands higher, more money farther right, bars reach as far as intervals, and ticks are round.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chartOf, type Compared } from './backtest-chart.ts'

const interval = (value: number, about: number) => ({ value, low: value - about, high: value + about })
const policy = (name: string, fillRate: number, cash: number): Compared => ({ name, figures: { fillRate: interval(fillRate, 0.01), cash: interval(cash, 1_000) } })

test('what serves more stands higher, what costs more farther right', () => {
  const { points, served, cash } = chartOf([policy('low', 0.9, 100_000), policy('high', 0.98, 250_000)])
  const [low, high] = points
  expect([low!.x < high!.x, low!.y > high!.y]).toEqual([true, true])
  expect(served.map((tick) => Math.round(tick.value * 1_000) / 1_000)).toEqual([0.9, 0.92, 0.94, 0.96, 0.98])
  expect(cash.map((tick) => tick.value)).toEqual([100_000, 150_000, 200_000, 250_000])
})

test('all of it stands in the drawing, bars around their points, whatever the figures', () => {
  const figure = (most: number) => fc.tuple(fc.double({ min: 0, max: most, noNaN: true }), fc.double({ min: 0, max: most / 10, noNaN: true })).map(([value, about]) => interval(value, about))
  fc.assert(
    fc.property(fc.array(fc.record({ name: fc.string(), figures: fc.record({ fillRate: figure(1), cash: figure(1e9) }) }), { maxLength: 12 }), (policies) => {
      const { points, cash, served } = chartOf(policies)
      expect(points).toHaveLength(policies.length)
      for (const { x, y, across, along } of points) {
        for (const part of [x, y, across.low, across.high, along.low, along.high]) expect([part >= 0, part <= 100]).toEqual([true, true])
        expect([across.low <= x, x <= across.high, along.high <= y, y <= along.low]).toEqual([true, true, true, true])
      }
      for (const ticks of [cash, served]) {
        expect(ticks.length).toBeLessThanOrEqual(7)
        for (const { at } of ticks) expect([at >= 0, at <= 100]).toEqual([true, true])
      }
    }),
  )
})
