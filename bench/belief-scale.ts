// Belief, scale: how long a day's events take that change what is believed of a million items at sites, how much memory that needs, how long one sale
// takes, and how far 32-bit numbers and cut windows lead away from the same belief worked out the long way.

import { availableParallelism, cpus, loadavg } from 'node:os'
import { usualPrior } from '../core/loop/belief-prior.ts'
import { Beliefs } from '../core/loop/belief.ts'
import { demandOf, wantedMore } from '../core/plan/filter/demand.ts'
import { rateClasses } from '../core/plan/filter/rates.ts'
import { Oracle } from '../core/plan/filter/oracle.ts'
import { chanceOf, type Chance } from '../core/rng.ts'

export interface BeliefScale {
  /** Items a second that something happened to. */
  readonly item_sites_per_s: number
  /** For a day on which 30 % of a million had a sale, on one thread. */
  readonly seconds_1m_30pct: number
  /** Of the whole process, at most. */
  readonly peak_mb: number
  readonly beliefs_mb: number
  readonly single_update_us: number
  /** Half of the sum of what differs, at most, over beliefs followed from their first day. */
  readonly max_total_variation: number
  readonly item_sites: number
  readonly machine: { readonly processors: number; readonly model: string; readonly load_before: number; readonly load_after: number }
}

export const usualScale = { items: 1_000_000, checked: 300, rounds: 5, seed: 1 }
export type ScaleSettings = typeof usualScale

/** The oracle knows of no end of demand. */
const prior = { ...usualPrior, ends: 0 }
/** Of the items, those that sell on a day. */
const ACTIVE = 0.3
const DISPERSION = 1.5
/** Days of trading before the day that is measured. */
const DAYS_BEFORE = 20
const ORACLE_CELLS = 200

export function benchBeliefScale({ items, checked, rounds, seed }: ScaleSettings, report: (step: string) => void): BeliefScale {
  const load_before = loadavg()[0]!
  report(`Opening ${items} beliefs`)
  const [beliefs, chance] = [new Beliefs(prior, items), chanceOf(seed)]
  for (let item = 0; item < items; item += 1) {
    beliefs.expect(item, demandOf(0.3 + 3.3 * chance.fraction() ** 2, DISPERSION))
    beliefs.open(item, 4 + chance.below(16), 0)
  }
  let peak = process.memoryUsage().rss
  const day = (at: number): number => {
    const began = performance.now()
    let count = 0
    for (let item = 0; item < items; item += 1) {
      if (chance.fraction() >= ACTIVE) continue
      // Whoever has none gets some; of the others somebody buys one.
      const moment = at + chance.fraction()
      if (chance.fraction() < 0.1) beliefs.receive(item, 6, moment)
      else beliefs.sell(item, 1, moment)
      count += 1
    }
    const seconds = (performance.now() - began) / 1000
    peak = Math.max(peak, process.memoryUsage().rss)
    return seconds * ((items * ACTIVE) / count)
  }
  for (let at = 0; at < DAYS_BEFORE; at += 1) {
    report(`Day ${at + 1} of ${DAYS_BEFORE} before what is measured`)
    day(at)
  }
  report('Measuring')
  const times = Array.from({ length: rounds }, (_none, round) => day(DAYS_BEFORE + round)).toSorted((a, b) => a - b)
  const seconds = times[Math.floor(rounds / 2)]!
  report(`Comparing ${checked} beliefs with the long way`)
  const max_total_variation = farthest(checked, chanceOf(seed))
  return {
    item_sites_per_s: Math.round((items * ACTIVE) / seconds),
    seconds_1m_30pct: rounded((seconds * 1_000_000) / items),
    peak_mb: Math.round(peak / 2 ** 20),
    beliefs_mb: Math.round(beliefs.bytes / 2 ** 20),
    single_update_us: rounded((seconds / (items * ACTIVE)) * 1e6),
    max_total_variation: Number(max_total_variation.toExponential(2)),
    item_sites: items,
    machine: {
      processors: availableParallelism(),
      model: cpus()[0]?.model ?? 'unknown',
      load_before: rounded(load_before),
      load_after: rounded(loadavg()[0]!),
    },
  }
}

/** Follows beliefs through a month of trading, beside an oracle for each. */
function farthest(checked: number, chance: Chance): number {
  const [classes, beliefs] = [rateClasses(usualPrior.shape), new Beliefs(prior, checked)]
  const lost = usualPrior.lossShare
  const quantities = new Float64Array(4096)
  let worst = 0
  for (let item = 0; item < checked; item += 1) {
    const mean = 0.3 + 3.3 * chance.fraction()
    const demand = demandOf(mean, DISPERSION)
    const losses = classes.rates.map((rate) => rate * lost * mean)
    const units = chance.below(20)
    const oracle = new Oracle(ORACLE_CELLS, units, classes.weights)
    beliefs.expect(item, demand)
    beliefs.open(item, units, 0)
    let [at, told, left] = [0, 0, units]
    for (let event = 0; event < 200; event += 1) {
      // Customers, thieves and suppliers come by chance; thieves, and customers who find nothing, are not heard of.
      const rates = [demand.customersPerDay, lost * mean * 3, mean / 6]
      at += -Math.log(1 - chance.fraction()) / rates.reduce((sum, rate) => sum + rate, 0)
      const which = oneOf(rates, chance)
      if (which === 1) left = Math.max(0, left - 1)
      if (which === 1 || (which === 0 && left === 0)) continue
      oracle.silence(at - told, (at - told) * demand.customersPerDay, losses)
      told = at
      if (which === 0) {
        beliefs.sell(item, 1, at)
        oracle.sell(1, wantedMore(demand.sizeShare, 1), 0)
        left -= 1
      } else {
        beliefs.receive(item, 6, at)
        oracle.receive(6)
        left += 6
      }
      const believed = beliefs.at(item, at)
      believed.quantities(quantities)
      worst = Math.max(worst, oracle.distance(believed.told.low, quantities, believed.told.cells))
    }
  }
  return worst
}

/** Which of several came first, each at its rate. */
function oneOf(rates: readonly number[], chance: Chance): number {
  let left = chance.fraction() * rates.reduce((sum, rate) => sum + rate, 0)
  return Math.max(
    rates.findIndex((rate) => (left -= rate) < 0),
    0,
  )
}

const rounded = (value: number): number => Number(value.toFixed(2))
