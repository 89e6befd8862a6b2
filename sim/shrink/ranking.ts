// Ranking: what to count first, judged by what is really there. A shop that orders from its record is left alone for a while; then rules choose items to
// count: by chance, by value, by how long nothing sold, by the belief. How many empty shelves that the record knows nothing of each finds, how many
// wrong records, and what is lost in the end by what was not counted.

import { demandOf, unitsWanted } from '../../core/plan/filter/demand.ts'
import { countValue, coverCosts, orderFor, regret } from '../../core/plan/counting/count-value.ts'
import { chanceOf } from '../../core/rng.ts'
import { HOLDING_COST, LOST_SALE_COST, runPolicy } from './run.ts'
import { DISPERSION, makeWorld, type Regime } from './world.ts'

export interface Ranking {
  /** The share of items of which the record says that there are some, and there are none. */
  readonly base_rate: number
  /** The share of those that each rule ranks first. */
  readonly phantom_found: { readonly random: number; readonly abc: number; readonly zero_streak: number; readonly belief: number }
  readonly belief_over_base: number
  readonly belief_over_streak: number
  /** The share of wrong records among those that are ranked first where they are what is looked for. */
  readonly discrepancies_found: { readonly random: number; readonly abc: number; readonly belief: number }
  /** What orders made from the belief cost an item more than they would knowing all, after so many counts chosen by each. */
  readonly excess_cost: { readonly random: number; readonly abc: number; readonly value: number }
  /** What counting by value leaves of what counting by chance does. */
  readonly value_over_random: number
}

/** Of the items, those that are ranked first. */
const FIRST = 0.05
/** Of the items, those that are counted. */
const COUNTED = 0.3
const CELLS = 256
/** The record's orders keep to this. */
const SERVICE = 0.985

export function rank(regime: Regime, seed: number): Ranking {
  const world = makeWorld(regime, seed)
  const { shelves, soldAt, beliefs } = runPolicy('record', { service: SERVICE, factor: 1 }, world, { watches: true }).end
  const [now, chance, chances] = [regime.days, chanceOf(seed + 5), new Float64Array(4096)]
  const items = world.items.map(({ mean }, item) => {
    const [{ stock, record, pipeline }, demand] = [shelves[item]!, demandOf(mean, DISPERSION)]
    const filter = beliefs!.at(item, now)
    const believed = { ...filter.told, chances }
    filter.quantities(chances)
    const costs = coverCosts(unitsWanted(mean * regime.leadDays, DISPERSION, CELLS), LOST_SALE_COST, HOLDING_COST)
    const order = orderFor(believed, pipeline, costs)
    const right = Math.floor((record - believed.low) / believed.step)
    return {
      isPhantom: stock === 0 && record > 0,
      isWrong: stock !== record,
      random: chance.fraction(),
      abc: mean,
      zero_streak: record > 0 ? demand.customersPerDay * (now - soldAt[item]!) : 0,
      empty: record > 0 ? filter.empty : 0,
      wrong: 1 - (right >= 0 && right < believed.cells ? chances[right]! : 0),
      value: countValue(believed, pipeline, order, costs),
      regret: regret(stock, pipeline, order, costs),
    }
  })
  type Ranked = (typeof items)[number]
  const first = (by: (one: Ranked) => number, share: number): readonly Ranked[] =>
    items.toSorted((a, b) => by(b) - by(a)).slice(0, Math.round(items.length * share))
  const found = (by: (one: Ranked) => number, what: (one: Ranked) => boolean): number => {
    const ranked = first(by, FIRST)
    return ranked.filter(what).length / ranked.length
  }
  const left = (by: (one: Ranked) => number): number => {
    const counted = new Set(first(by, COUNTED))
    return items.filter((one) => !counted.has(one)).reduce((sum, one) => sum + one.regret, 0) / items.length
  }
  const isPhantom = (one: Ranked): boolean => one.isPhantom
  const isWrong = (one: Ranked): boolean => one.isWrong
  const [abc, random] = [(one: Ranked) => one.abc, (one: Ranked) => one.random]
  const base_rate = items.filter(isPhantom).length / items.length
  const phantom_found = {
    random: found(random, isPhantom),
    abc: found(abc, isPhantom),
    zero_streak: found((one) => one.zero_streak, isPhantom),
    belief: found((one) => one.empty, isPhantom),
  }
  const excess_cost = { random: left(random), abc: left(abc), value: left((one) => one.value) }
  return {
    base_rate,
    phantom_found,
    belief_over_base: phantom_found.belief / base_rate,
    belief_over_streak: phantom_found.belief / phantom_found.zero_streak,
    discrepancies_found: { random: found(random, isWrong), abc: found(abc, isWrong), belief: found((one) => one.wrong, isWrong) },
    excess_cost,
    value_over_random: excess_cost.value / excess_cost.random,
  }
}
