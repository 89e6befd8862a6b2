import { describe, expect, test } from 'vitest'
import { rank } from './ranking.ts'
import { runPolicy } from './run.ts'
import { simulate } from './simulate.ts'
import { makeWorld, usualRegime, type Regime } from './world.ts'

const small: Regime = { ...usualRegime, items: 24, days: 160, countDays: 60 }
const setting = { service: 0.95, factor: 1 }

describe('simulated shelves', () => {
  test('are the same for the same seed, and others for another', () => {
    const cost = (seed: number): number => runPolicy('belief', setting, makeWorld(small, seed)).cost
    expect(cost(1)).toBe(cost(1))
    expect(cost(1)).not.toBe(cost(2))
  })

  test('are known wholly where nothing goes unseen', () => {
    const { coverage90, surprises, phantom } = runPolicy('belief', setting, makeWorld({ ...small, shrink: 0 }, 1))
    expect([phantom, surprises]).toEqual([0, 0])
    // What is certain lies anywhere in its only tenth.
    expect(coverage90).toBeGreaterThan(0.85)
    const [record, perfect] = (['record', 'perfect'] as const).map((name) => runPolicy(name, setting, makeWorld({ ...small, shrink: 0 }, 1)).cost)
    expect(record).toBe(perfect)
  })

  test('cost less when ordered for by belief than by record, in every regime', () => {
    const regimes: readonly Partial<Regime>[] = [
      {},
      { countDays: 0 },
      { demandLearnt: true, priorFactor: 2 },
      { misread: 0.02 },
      { caseTheft: 0.3 },
      { countError: 0.1 },
      { weekdays: true },
      { leadDays: 7, pack: 6 },
      { backroom: 0.1 },
    ]
    for (const changed of regimes) {
      const world = makeWorld({ ...small, shrink: 0.04, days: 240, ...changed }, 3)
      const [record, belief] = [runPolicy('record', { ...setting, service: 0.985 }, world), runPolicy('belief', setting, world)]
      expect(belief.cost, JSON.stringify(changed)).toBeLessThan(record.cost)
      expect(belief.pit!.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9)
    }
  })

  test('are compared with the settings that were best on other seeds', () => {
    const { policies, recovered, coverage90, training_seeds, seed } = simulate({ ...small, shrink: 0.04, countDays: 0 }, 1, () => undefined)
    expect(training_seeds).not.toContain(seed)
    expect(policies.perfect.cost).toBeLessThan(policies.belief.cost)
    expect(recovered.belief).toBeGreaterThan(recovered.mean_shrink)
    expect(recovered.belief).toBeCloseTo((policies.record.cost - policies.belief.cost) / (policies.record.cost - policies.perfect.cost), 12)
    expect(coverage90).toBeGreaterThan(0.8)
  })
})

test('what the belief says to count first finds more empty shelves than any other rule, and leaves less to lose', () => {
  const { base_rate, phantom_found, excess_cost } = rank({ ...usualRegime, items: 240, days: 160 }, 1)
  expect(base_rate).toBeGreaterThan(0)
  for (const other of ['random', 'abc', 'zero_streak'] as const) expect(phantom_found.belief, other).toBeGreaterThan(phantom_found[other])
  for (const other of ['random', 'abc'] as const) expect(excess_cost.value, other).toBeLessThan(excess_cost[other])
})
