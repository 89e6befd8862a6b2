import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Filter } from './filter.ts'
import { Grid } from './grid.ts'
import { rateClasses } from './rates.ts'
import { Shard } from './shard.ts'

const { rates, weights } = rateClasses(1)
const event = fc.oneof(
  fc.record({ kind: fc.constant('silence' as const), days: fc.double({ min: 0.1, max: 12, noNaN: true }), customers: fc.double({ min: 0, max: 3, noNaN: true }) }),
  fc.record({ kind: fc.constant('sell' as const), units: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ kind: fc.constant('receive' as const), units: fc.integer({ min: 1, max: 200 }) }),
)

const RARE = 0.05

/** Quantities below which so much of what is believed lies. */
function quantile(low: number, step: number, chances: ArrayLike<number>, share: number): number {
  let [sum, cell] = [0, 0]
  while (cell < chances.length - 1 && sum + chances[cell]! < share) sum += chances[cell++]!
  return low + cell * step
}

const toldOf = (filter: Filter): readonly [low: number, step: number, chances: Float64Array] => {
  const { low, step, cells } = filter.told
  const into = new Float64Array(cells)
  filter.quantities(into)
  return [low, step, into]
}

describe('a wide belief', () => {
  test('is by moments nearly what it is quantity by quantity', () => {
    let wide = 0
    fc.assert(
      fc.property(fc.integer({ min: 900, max: 1_500 }), fc.double({ min: 1, max: 3, noNaN: true }), fc.array(event, { minLength: 1, maxLength: 12 }), (units, mean, events) => {
        const [filter, grid, shard] = [new Filter(rates.length), new Grid(rates.length), new Shard(rates.length, 1)]
        const lossPerDay = rates.map((rate) => rate * mean)
        filter.know(units, weights)
        grid.know(units, weights)
        let likely = 1
        for (const one of [{ kind: 'silence', days: 40, customers: 0 } as const, ...events]) {
          // After what was hardly to be expected the far ends of what was believed decide, which moments do not know.
          if (one.kind === 'silence') likely *= grid.empty + (1 - grid.empty) * Math.exp(-one.customers)
          if (likely < RARE) return
          if (one.kind === 'silence') for (const each of [filter, grid]) each.silence({ ...one, lossPerDay })
          else if (one.kind === 'receive') for (const each of [filter, grid]) each.receive(one.units)
          else if (!grid.sell(one.units, 1, 0)) return
          else expect(filter.sell(one.units, 1, 0)).toBe(true)
          shard.store(0, filter)
          shard.load(0, filter)
          if (filter.isWide) wide += 1
          const chances = new Float64Array(grid.cells)
          grid.quantities(chances)
          const [low, high] = [0.05, 0.95].map((share) => quantile(grid.low, 1, chances, share)) as [number, number]
          const near = 0.04 * (high - low) + 6
          const [from, step, told] = toldOf(filter)
          expect(told.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 3)
          for (const [share, there] of [[0.05, low], [0.95, high]] as const) expect(Math.abs(quantile(from, step, told, share) - there)).toBeLessThan(near)
          expect(Math.abs(filter.mean - grid.mean)).toBeLessThan(near)
          expect(Math.abs(filter.empty - grid.empty)).toBeLessThan(0.05)
        }
        const [mine, other] = [new Float64Array(rates.length), new Float64Array(rates.length)]
        filter.classesInto(mine)
        grid.classesInto(other)
        for (const [one, share] of other.entries()) expect(Math.abs(mine[one]! - share)).toBeLessThan(0.05)
      }),
      { numRuns: 60 },
    )
    expect(wide).toBeGreaterThan(100)
  })

  test('that sells down to the last pieces is what it is quantity by quantity, and never more than came', () => {
    fc.assert(
      fc.property(fc.integer({ min: 600, max: 1_200 }), fc.integer({ min: 1, max: 25 }), fc.integer({ min: 0, max: 40 }), (units, lot, left) => {
        const [filter, grid] = [new Filter(rates.length), new Grid(rates.length)]
        const lossPerDay = rates.map((rate) => rate * 0.05)
        filter.know(units, weights)
        grid.know(units, weights)
        let record = units
        for (let day = 0; record - lot >= left; day += 1) {
          for (const each of [filter, grid]) each.silence({ days: 1, customers: 0, lossPerDay })
          if (!grid.sell(lot, 1, 0)) return
          expect(filter.sell(lot, 1, 0)).toBe(true)
          record -= lot
        }
        expect(filter.isWide).toBe(false)
        const [from, step, chances] = toldOf(filter)
        expect(from + step * (chances.length - 1)).toBeLessThanOrEqual(record)
        expect(filter.mean).toBeLessThanOrEqual(record + 1e-6)
        expect(Math.abs(filter.mean - grid.mean)).toBeLessThan(0.06 * (record + 10))
        expect(Math.abs(filter.empty - grid.empty)).toBeLessThan(0.06)
      }),
      { numRuns: 40 },
    )
  })

  test('takes a step for a hundred thousand as for ten, and is narrow again once counted', () => {
    const filter = new Filter(rates.length)
    filter.know(120_000, weights)
    filter.silence({ days: 90, customers: 2e3, lossPerDay: rates.map((rate) => rate * 60) })
    expect(filter.isWide).toBe(true)
    expect(filter.mean).toBeCloseTo(120_000 - 90 * 60, -1)
    expect(filter.empty).toBeLessThan(1e-9)
    expect(filter.sell(100_000, 1, 0)).toBe(true)
    const before = toldOf(filter)
    expect(filter.weigh((units) => (units > 12_000 ? 1 : 0))).toBe(true)
    expect(quantile(...before, 0.05)).toBeLessThan(12_000)
    expect(quantile(...toldOf(filter), 0.05)).toBeGreaterThan(12_000)
    const fast = (of: Filter): number => {
      const classes = new Float64Array(rates.length)
      of.classesInto(classes)
      return classes.reduce((sum, share, one) => sum + share * rates[one]!, 0)
    }
    expect(filter.count(19_500, 0.05, 1, weights)).toBe(true)
    expect(filter.isWide).toBe(false)
    expect(filter.mean).toBeCloseTo(19_500, 0)
    expect(fast(filter)).toBeLessThan(0.3)
  })

  test('runs out where nobody buys, begins anew where a count contradicts it, and refuses what cannot have been', () => {
    const filter = new Filter(rates.length)
    filter.know(3_000, weights)
    const lossPerDay = rates.map((rate) => rate * 100)
    filter.silence({ days: 30, customers: 1, lossPerDay })
    expect(filter.isWide).toBe(true)
    expect(filter.empty).toBeGreaterThan(0.3)
    // Whatever is left, an empty shelf alone tells that of thousands nobody came.
    filter.silence({ days: 5, customers: 6_000, lossPerDay })
    expect(filter.empty).toBeCloseTo(1, 6)
    expect(filter.sell(4_000, 1, 0)).toBe(false)
    expect(filter.count(3_200, 0, 1, weights)).toBe(false)
    expect([filter.mean, filter.isWide]).toEqual([3_200, false])
  })
})
