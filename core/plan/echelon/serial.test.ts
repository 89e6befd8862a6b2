import { describe, expect, test } from 'vitest'
import { leastOfAll, levelsOf } from './enumeration.ts'
import { demandOver } from './lead-time-demand.ts'
import { newsvendorBounds, newsvendorLevels } from './serial-newsvendor.ts'
import { echelonOfLocal, serialPolicy, USUAL_GRID } from './serial.ts'

/** Snyder and Shen, example 6.1, from customers upwards. */
const stages = [
  { echelonHoldingCost: 3, leadTime: 1 },
  { echelonHoldingCost: 2, leadTime: 1 },
  { echelonHoldingCost: 2, leadTime: 2 },
]
const normal = { kind: 'normal', mean: 5, deviation: 1 } as const
const poisson = { kind: 'poisson', mean: 5 } as const

/** What was not refused. */
function held<Of extends object>(result: Of): Exclude<Of, { readonly refused: string }> {
  if ('refused' in result) throw new Error(String(result.refused))
  return result as Exclude<Of, { readonly refused: string }>
}

describe('levels of a serial system', () => {
  test('are those of the textbook: 6.49, 12.02, 22.71 at 47.65', () => {
    const { levels, cost } = held(serialPolicy(stages, 37.12, normal, { ...USUAL_GRID, levels: 4_000, demands: 400 }))
    expect(cost).toBeCloseTo(47.65, 1)
    expect([...levels].map((level, stage) => Math.abs(level - [6.49, 12.02, 22.71][stage]!))).toEqual([expect.closeTo(0, 1), expect.closeTo(0, 1), expect.closeTo(0, 1)])
  })

  test('of one stage are a newsvendor', () => {
    const { levels, cost } = held(serialPolicy([{ echelonHoldingCost: 1, leadTime: 4 }], 9, poisson))
    expect(levels[0]).toBe(demandOver(poisson, 4)!.quantile(0.9))
    expect(cost).toBeGreaterThan(0)
    const exact = held(serialPolicy([{ echelonHoldingCost: 1, leadTime: 1 }], 3, { kind: 'whole', chances: new Map([[0, 0.5], [4, 0.5]]) }))
    // 4 in stock: 0 or 4 are left; less is short as often as it saves.
    expect(exact.cost).toBeCloseTo(2, 12)
  })

  test('cost least of all levels, and lie between the bounds of newsvendors', () => {
    const two = stages.slice(0, 2)
    const best = held(serialPolicy(two, 37.12, poisson))
    const all = leastOfAll([levelsOf({ least: 4, most: 14, step: 1 }), levelsOf({ least: 0, most: 12, step: 1 })], (local) => held(serialPolicy(two, 37.12, poisson, USUAL_GRID, echelonOfLocal([...local]))).cost)!
    expect(best.cost).toBeCloseTo(all.cost, 9)
    expect([...best.levels]).toEqual(echelonOfLocal([...all.levels]))
    const { lower, upper } = held(newsvendorBounds(two, 37.12, poisson))
    best.levels.forEach((level, stage) => {
      expect(level).toBeGreaterThanOrEqual(lower[stage]!)
      expect(level).toBeLessThanOrEqual(upper[stage]!)
    })
  })

  test('of newsvendors are near, and rounded as is wished', () => {
    const bounds = held(newsvendorBounds(stages, 37.12, normal))
    const levels = newsvendorLevels(bounds)
    expect([...levels]).toEqual([expect.closeTo(6.490880975286938, 10), expect.closeTo(12.027434723327854, 10), expect.closeTo(22.634032391786285, 10)])
    expect([...newsvendorLevels(bounds, 0.5, 'up')]).toEqual([7, 13, 23])
    expect([...newsvendorLevels(bounds, 0.5, 'down')]).toEqual([6, 12, 22])
    expect([...newsvendorLevels(bounds, 0.5, 'nearest')]).toEqual([6, 12, 23])
  })

  test.each([
    ['no stage',                       [],                                              normal],
    ['a negative amount',              [{ echelonHoldingCost: -1, leadTime: 1 }],       normal],
    ['a negative amount',              [{ echelonHoldingCost: 1, leadTime: Number.NaN }], normal],
    ['demand over such a lead time',   [{ echelonHoldingCost: 1, leadTime: 1.5 }],      { kind: 'uniform', least: 0, most: 1 }],
  ] as const)('are refused for %s', (refused, some, demand) => {
    expect(serialPolicy(some, 1, demand)).toEqual({ refused })
    if (some.length > 0) expect(newsvendorBounds(some, 1, demand)).toEqual({ refused })
  })

  test('are nothing where nothing takes time', () => {
    expect(held(serialPolicy([{ echelonHoldingCost: 1, leadTime: 0 }], 2, normal))).toEqual({ levels: new Float64Array(1), cost: 0 })
  })
})

describe('demand over a time', () => {
  test.each([
    ['normal',            normal,                                                              4,    20,   20,    0.5],
    ['poisson',           { kind: 'poisson', mean: 2 },                                        0.5,  1,    0,     Math.exp(-1)],
    ['one uniform',       { kind: 'uniform', least: 2, most: 6 },                              1,    4,    3,     0.25],
    ['two uniforms',      { kind: 'uniform', least: 0, most: 1 },                              2,    1,    0.5,   0.125],
    ['three, high',       { kind: 'uniform', least: 0, most: 1 },                              3,    1.5,  2.5,   1 - 0.125 / 6],
    ['a coin twice',      { kind: 'whole', chances: new Map([[0, 0.5], [3, 0.5]]) },           2,    3,    3,     0.75],
    ['nothing',           { kind: 'poisson', mean: 2 },                                        0,    0,    0,     1],
  ] as const)('%s', (_, demand, time, mean, level, share) => {
    const over = demandOver(demand, time)!
    expect(over.mean).toBeCloseTo(mean, 12)
    expect(over.below(level)).toBeCloseTo(share, 12)
    if (share < 1) expect(over.quantile(share)).toBeCloseTo(level, 6)
  })
})

test('too many choices are not looked at', () => {
  const grid = levelsOf({ least: 0, most: 999, step: 1 })
  expect(grid).toHaveLength(1_000)
  expect(leastOfAll([grid, grid, grid], () => 0)).toBeUndefined()
  expect(leastOfAll([], () => 5)).toEqual({ levels: new Float64Array(0), cost: 5 })
})
