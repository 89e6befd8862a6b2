import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wantedMore } from './demand.ts'
import { Filter } from './filter.ts'
import { Grid } from './grid.ts'
import { rateClasses, reweighed } from './rates.ts'
import { Shard } from './shard.ts'
import { Oracle } from './oracle.ts'

const { rates, weights } = rateClasses(1)
const CELLS = 160
const SIZE_SHARE = 1 / 3
/** As far as 32-bit numbers and cut ends may lead away from the whole truth. */
const NEAR = 1e-4

const event = fc.oneof(
  fc.record({ kind: fc.constant('silence' as const), days: fc.double({ min: 0, max: 20, noNaN: true }), customers: fc.double({ min: 0, max: 5, noNaN: true }) }),
  fc.record({ kind: fc.constant('sell' as const), units: fc.integer({ min: 1, max: 4 }), misread: fc.constantFrom(0, 0.02) }),
  fc.record({ kind: fc.constant('receive' as const), units: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('count' as const), units: fc.integer({ min: 0, max: 20 }), error: fc.constantFrom(0, 0.1) }),
)

const quantitiesOf = (grid: Grid): Float64Array => {
  const into = new Float64Array(grid.cells)
  grid.quantities(into)
  return into
}

describe('a belief', () => {
  test('is what it would be worked out the long way, whatever happens', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.double({ min: 0.001, max: 0.5, noNaN: true }), fc.array(event, { maxLength: 12 }), (units, mean, events) => {
        const losses = rates.map((rate) => rate * mean)
        const [filter, shard, oracle] = [new Filter(rates.length), new Shard(rates.length, 1), new Oracle(CELLS, units, weights)]
        filter.know(units, weights)
        for (const one of events) {
          if (one.kind === 'silence') {
            filter.silence({ ...one, lossPerDay: losses })
            oracle.silence(one.days, one.customers * Number(one.days > 0), losses)
          } else if (one.kind === 'receive') {
            filter.receive(one.units)
            oracle.receive(one.units)
          } else if (one.kind === 'sell') {
            if (!filter.sell(one.units, wantedMore(SIZE_SHARE, one.units), one.misread)) return
            oracle.sell(one.units, wantedMore(SIZE_SHARE, one.units), one.misread)
          } else {
            // What contradicts all that was believed begins anew (below).
            const there = quantitiesOf(filter.grid)[one.units - filter.grid.low] ?? 0
            if (there < 1e-3) continue
            filter.count(one.units, one.error, 1, weights)
            oracle.count(one.units, one.error, 1)
          }
          shard.store(0, filter)
          shard.load(0, filter)
          expect(oracle.distance(filter.grid.low, quantitiesOf(filter.grid), filter.grid.cells)).toBeLessThan(NEAR)
        }
        const classes = new Float64Array(rates.length)
        filter.classesInto(classes)
        for (const [one, share] of oracle.classes.entries()) expect(Math.abs(classes[one]! - share)).toBeLessThan(NEAR)
      }),
      { numRuns: 60 },
    )
  })

  test('is the same whether a silence is taken in one step or in many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), { minLength: 1, maxLength: 8 }), (units, spans) => {
        const [one, many] = [new Grid(rates.length), new Grid(rates.length)]
        const lossPerDay = rates.map((rate) => rate * 0.05)
        const all = spans.reduce((sum, days) => sum + days, 0)
        one.know(units, weights)
        many.know(units, weights)
        one.silence({ days: all, customers: all * 0.15, lossPerDay })
        for (const days of spans) many.silence({ days, customers: days * 0.15, lossPerDay })
        expect(Math.abs(many.mean - one.mean)).toBeLessThan(NEAR)
        expect(Math.abs(many.empty - one.empty)).toBeLessThan(NEAR)
      }),
    )
  })

  test('fears an empty shelf the longer nobody buys, and knows better when somebody does', () => {
    const grid = new Grid(rates.length)
    const lossPerDay = rates.map((rate) => rate * 0.04)
    grid.know(3, weights)
    const feared = [1, 2, 4, 6].map((days) => {
      grid.silence({ days, customers: days, lossPerDay })
      return grid.empty
    })
    expect(feared).toEqual(feared.toSorted((a, b) => a - b))
    expect(feared.at(-1)).toBeGreaterThan(0.99)
    expect(grid.sell(1, 1, 0)).toBe(true)
    expect(grid.low + grid.cells).toBeLessThanOrEqual(3)
  })

  test('learns from a count how fast an item loses goods', () => {
    const [careless, careful] = [new Grid(rates.length), new Grid(rates.length)]
    const lossPerDay = rates.map((rate) => rate * 0.05)
    const rateOf = (grid: Grid): number => {
      const classes = new Float64Array(rates.length)
      grid.classesInto(classes)
      return rates.reduce((sum, rate, one) => sum + rate * classes[one]!, 0)
    }
    for (const [grid, counted] of [[careless, 2], [careful, 12]] as const) {
      grid.know(12, weights)
      grid.silence({ days: 90, customers: 0, lossPerDay })
      grid.count(counted, 0, 1, weights)
      expect(grid.mean).toBe(counted)
    }
    expect(rateOf(careless)).toBeGreaterThan(1.5)
    expect(rateOf(careful)).toBeLessThan(0.5)
  })

  test('refuses what cannot have been, and begins anew with a count that contradicts it', () => {
    const grid = new Grid(rates.length)
    grid.know(2, weights)
    expect(grid.sell(5, 1, 0)).toBe(false)
    expect([grid.low, grid.cells, grid.mean]).toEqual([2, 1, 2])
    expect(grid.count(40, 0, 1, weights)).toBe(false)
    expect(grid.mean).toBe(40)
    expect(grid.count(80, 0.1, 1, weights)).toBe(false)
    expect(grid.mean).toBeCloseTo(80, 6)
  })

  test('takes whole cases into account where thieves take them', () => {
    const grid = new Grid(rates.length)
    grid.know(12, weights)
    grid.silence({ days: 10, customers: 0, lossPerDay: rates.map(() => 0), cases: { perDay: rates.map(() => 0.02), units: 6 } })
    const there = quantitiesOf(grid)
    expect(there[there.length - 1]).toBeCloseTo(Math.exp(-0.2), 6)
    expect(there[6 - grid.low]).toBeCloseTo(1 - Math.exp(-0.2), 6)
  })

  test('is uncertain by what a supplier may have sent too little', () => {
    const grid = new Grid(rates.length)
    grid.know(4, weights)
    grid.receive(10, [{ units: -1, chance: 0.1 }])
    expect([...quantitiesOf(grid)].map((one) => Math.round(one * 1e6) / 1e6)).toEqual([0.1, 0.9])
    expect(grid.low).toBe(13)
  })
})

test('a shard keeps many beliefs of any width apart', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ item: fc.integer({ min: 0, max: 9 }), low: fc.integer({ min: 0, max: 50 }), cells: fc.integer({ min: 1, max: 300 }) }), { maxLength: 60 }), (kept) => {
      const [shard, filter, last] = [new Shard(2, 10), new Filter(2), new Map<number, readonly [low: number, cells: number]>()]
      for (const { item, low, cells } of kept) {
        filter.knowNothing(low, cells, [0.25, 0.75])
        shard.store(item, filter)
        last.set(item, [low, cells])
      }
      for (const [item, [low, cells]] of last) {
        shard.load(item, filter)
        expect([filter.grid.low, filter.grid.cells]).toEqual([low, cells])
        expect(filter.mean).toBeCloseTo(low + (cells - 1) / 2, 3)
      }
      expect([...Array(10).keys()].filter((item) => shard.has(item))).toEqual([...last.keys()].toSorted((a, b) => a - b))
    }),
  )
})

describe('classes of rates', () => {
  test('hold all items, have the mean 1, and reach far beyond it', () => {
    for (const shape of [0.5, 1, 2, 8]) {
      const { rates: all, weights: shares } = rateClasses(shape)
      expect(shares.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9)
      expect(all.reduce((sum, rate, one) => sum + rate * shares[one]!, 0)).toBeCloseTo(1, 2)
      expect(all).toEqual(all.toSorted((a, b) => a - b))
    }
    // Of waiting times, the last 125th has the mean 1 + ln 125.
    expect(rates.at(-1)).toBeCloseTo(1 + Math.log(125), 1)
  })

  test('are learnt from what items are believed to be, and hardly from a few', () => {
    const sure = (of: number): number[] => weights.map((_share, one) => (one === of ? 1 : 0))
    const all = reweighed(weights, weights, Array.from({ length: 2_000 }, () => sure(5)), 20)
    expect(all[5]).toBeGreaterThan(0.98)
    const few = reweighed(weights, weights, [sure(5)], 20)
    expect(few[5]).toBeCloseTo((20 * weights[5]! + 1) / 21, 6)
    expect(few.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9)
  })
})
