// Simulate: what it is worth to know what is probably there. Policies that order from the record, from the record less mean shrink, from the record with
// walks past empty shelves, and from the belief meet the same customers and thieves; one that always knows meets them too. Each gets the settings that
// cost it least on other seeds than the one it is judged by, so that none wins by being tuned better.

import { policyNames, type PolicyName, type Setting } from './policies.ts'
import { runPolicy, type RunResult } from './run.ts'
import { makeWorld, type Regime } from './world.ts'

export interface Simulation {
  readonly policies: Readonly<Record<PolicyName, Pick<RunResult, 'cost' | 'fill_rate' | 'phantom'> & Setting>>
  /** Of what ordering from the record costs more than always knowing would, the share that is saved. */
  readonly recovered: { readonly mean_shrink: number; readonly walks: number; readonly belief: number }
  /** The share of evenings on which what was there lay within the belief's middle 90 %; ties between whole units are broken by chance. */
  readonly coverage90: number
  readonly pit_deciles: readonly number[]
  readonly surprises: number
  readonly regime: Regime
  readonly seed: number
  readonly training_seeds: readonly number[]
  readonly seconds: number
}

/** From what a shelf is nearly never short with, to what is often not enough. */
const SERVICES = [0.8, 0.86, 0.9, 0.93, 0.95, 0.965, 0.975, 0.985, 0.992, 0.996, 0.998, 0.999]
const FACTORS = [0.5, 1, 2, 4]
/** Away from every seed that somebody would ask for. */
const TRAINING = [700_001, 800_003]
const TRAINING_ITEMS_MIN = 20

export function simulate(regime: Regime, seed: number, report: (step: string) => void): Simulation {
  const began = performance.now()
  const training_seeds = TRAINING.map((one) => one + seed)
  const items = Math.max(Math.round(regime.items / TRAINING.length), TRAINING_ITEMS_MIN)
  const training = training_seeds.map((one) => makeWorld({ ...regime, items }, one))
  const world = makeWorld(regime, seed)
  const found = policyNames.map((name) => {
    report(`Looking for the best settings of ${name}`)
    const setting = bestOf(name, (tried) => training.reduce((sum, one) => sum + runPolicy(name, tried, one).cost, 0))
    return [name, { ...runPolicy(name, setting, world), ...setting }] as const
  })
  const all = Object.fromEntries(found) as unknown as Record<PolicyName, RunResult & Setting>
  const worst = all.record.cost - all.perfect.cost
  const recovered = (name: PolicyName): number => (all.record.cost - all[name].cost) / worst
  const { coverage90, pit, surprises } = all.belief
  return {
    policies: Object.fromEntries(
      found.map(([name, { cost, fill_rate, phantom, service, factor }]) => [name, { cost, fill_rate, phantom, service, factor }]),
    ) as Simulation['policies'],
    recovered: { mean_shrink: recovered('mean_shrink'), walks: recovered('walks'), belief: recovered('belief') },
    coverage90: coverage90!,
    pit_deciles: pit!,
    surprises: surprises!,
    regime,
    seed,
    training_seeds,
    seconds: (performance.now() - began) / 1000,
  }
}

/** Costs fall and then rise with the service, so the least is where both neighbours cost more. */
function bestOf(name: PolicyName, costOf: (setting: Setting) => number): Setting {
  const bests = (name === 'mean_shrink' ? FACTORS : [1]).map((factor) => {
    const known = new Map<number, number>()
    const at = (index: number): number => {
      if (index < 0 || index >= SERVICES.length) return Infinity
      const cost = known.get(index) ?? costOf({ service: SERVICES[index]!, factor })
      known.set(index, cost)
      return cost
    }
    let best = [2, 5, 8].reduce((a, b) => (at(b) < at(a) ? b : a))
    for (let next = best; ; best = next) {
      for (const beside of [best - 1, best + 1]) if (at(beside) < at(next)) next = beside
      if (next === best) break
    }
    return { setting: { service: SERVICES[best]!, factor }, cost: at(best) }
  })
  return bests.reduce((a, b) => (b.cost < a.cost ? b : a)).setting
}
