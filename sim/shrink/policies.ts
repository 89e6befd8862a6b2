// Policies: how many to order in the evening. All order up to what covers demand until the next order can be there, with a probability that is
// searched for each on other seeds; they differ only in what they take to be in stock.

import { usualPrior, type BeliefPrior } from '../../core/loop/belief-prior.ts'
import { Beliefs } from '../../core/loop/belief.ts'
import type { KnownDemand } from '../../core/loop/belief-state.ts'
import { demandOf, meanOf, unitsEnough } from '../../core/plan/filter/demand.ts'
import { PeriodicReview } from '../../core/plan/policies/review.ts'
import { Forecasts } from './forecasts.ts'
import { CASE_UNITS, COUNT_SPREAD, demandOn, DISPERSION, type Regime, type ShelfWorld } from './world.ts'

export const policyNames = ['perfect', 'record', 'mean_shrink', 'walks', 'belief'] as const
export type PolicyName = (typeof policyNames)[number]

/** What is searched for. */
export interface Setting {
  /** The probability of having enough. */
  readonly service: number
  /** For `mean_shrink`: the multiple of the mean shrink that is taken off the record. */
  readonly factor: number
}

/** A shelf as it is and as it is recorded; a policy looks at what it may. */
export interface Shelf {
  stock: number
  record: number
  /** Ordered and not there yet. */
  pipeline: number
  /** When it was last counted. */
  countedAt: number
}

export interface Policy {
  readonly beliefs?: Beliefs
  sold?(item: number, units: number, at: number): void
  received?(item: number, units: number, at: number): void
  counted?(item: number, units: number, at: number): void
  /** Once a day before anything is ordered. */
  evening?(day: number): void
  order(item: number, shelf: Shelf, day: number): number
}

const HALF_LIFE_DAYS = 180
const PRIOR_DAYS = 14
/** How often what items have in common is learnt anew. */
const LEARN_DAYS = 7
const CELLS = 512

export function policyOf(name: PolicyName, { service, factor }: Setting, world: ShelfWorld): Policy {
  const { regime, items } = world
  const known = items.map(({ mean }) => mean)
  if (name === 'belief') return beliefPolicy(service, world)
  const learnt = name === 'perfect' ? undefined : regime.forecast ? new Forecasts(world) : regime.demandLearnt ? new Averages(world) : undefined
  const meanFor = (item: number): number => learnt?.mean(item) ?? known[item]!
  const takenFor = (item: number, shelf: Shelf, day: number): number => {
    if (name === 'perfect') return shelf.stock
    const record = Math.max(shelf.record, 0)
    if (name !== 'mean_shrink') return record
    return Math.max(0, record - factor * regime.shrink * regime.priorFactor * meanFor(item) * (day + 1 - shelf.countedAt))
  }
  return {
    sold: (item, units) => learnt?.sold(item, units),
    evening: (day) => void learnt?.evening(day),
    order: (item, shelf, day) => {
      const level = unitsEnough(meanFor(item) * horizonDemand(regime, day), DISPERSION, service, CELLS - 1)
      return packed(level - takenFor(item, shelf, day) - shelf.pipeline, regime.pack)
    },
  }
}

/** What sells on average a day, as a record tells it: days without stock count like others. */
class Averages {
  readonly #units: Float64Array
  #days = 0
  readonly #category: number

  constructor({ items }: ShelfWorld) {
    this.#units = new Float64Array(items.length)
    this.#category = items.reduce((sum, one) => sum + one.mean, 0) / items.length
  }

  sold(item: number, units: number): void {
    this.#units[item]! += units
  }

  evening(): void {
    const kept = 0.5 ** (1 / HALF_LIFE_DAYS)
    this.#days = this.#days * kept + 1
    for (const item of this.#units.keys()) this.#units[item]! *= kept
  }

  mean(item: number): number {
    return (this.#units[item]! + PRIOR_DAYS * this.#category) / (this.#days + PRIOR_DAYS)
  }
}

export function priorOf(regime: Regime): BeliefPrior {
  return {
    ...usualPrior,
    lossShare: regime.shrink * regime.priorFactor,
    ...(regime.caseTheft > 0 && { cases: { share: regime.caseTheft, units: CASE_UNITS } }),
    misread: regime.misread,
    countError: { share: regime.countError, spread: COUNT_SPREAD },
    hidden: regime.backroom,
    // Everything is wanted to the end.
    ends: 0,
  }
}

function beliefPolicy(service: number, world: ShelfWorld): Policy {
  const { regime, items } = world
  const clock = (from: number, to: number): number => {
    if (!regime.weekdays) return to - from
    let sum = 0
    for (let day = Math.floor(from); day < to; day += 1) sum += demandOn(regime, day) * (Math.min(to, day + 1) - Math.max(from, day))
    return sum
  }
  const average = items.reduce((sum, one) => sum + one.mean, 0) / items.length
  const beliefs = new Beliefs(priorOf(regime), items.length, { clock, customersPerDay: demandOf(average, DISPERSION).customersPerDay })
  const demands = items.map(({ mean }): KnownDemand => demandOf(mean, DISPERSION))
  const forecasts = regime.forecast ? new Forecasts(world, (item, day) => beliefs.at(item, day + 1).empty) : undefined
  const expectForecast = (): void => {
    for (const item of items.keys()) beliefs.expect(item, demandOf(forecasts!.mean(item), DISPERSION))
  }
  if (forecasts !== undefined) expectForecast()
  else if (!regime.demandLearnt) for (const [item, demand] of demands.entries()) beliefs.expect(item, demand)
  const [review, chances] = [new PeriodicReview(), new Float64Array(4096)]
  // Ordered in one evening, there in the morning after the next: what is ordered then is there a day later.
  const leadTime = new Float64Array(regime.leadDays).fill(1, regime.leadDays - 1)
  return {
    beliefs,
    sold: (item, units, at) => {
      beliefs.sell(item, units, at)
      forecasts?.sold(item, units)
    },
    received: (item, units, at) => beliefs.receive(item, units, at),
    counted: (item, units, at) => beliefs.count(item, units, at),
    evening: (day) => {
      if (forecasts?.evening(day)) expectForecast()
      if (day % LEARN_DAYS === LEARN_DAYS - 1) beliefs.learn(items.length)
    },
    order: (item, { pipeline }, day) => {
      const believed = beliefs.at(item, day + 1)
      believed.quantities(chances)
      const demand = beliefs.demandOf(item)
      return review.order({
        stock: { ...believed.told, chances },
        pipeline,
        demandPerDay: Array.from({ length: regime.leadDays }, (_none, ahead) => meanOf(demand) * demandOn(regime, day + 1 + ahead)),
        dispersion: dispersionOf(demand),
        lossPerDay: beliefs.lossPerDay(item, believed),
        leadTime,
        reviewDays: 1,
        target: { kind: 'service', service },
        pack: regime.pack,
      }).quantity
    },
  }
}

const dispersionOf = ({ sizeShare }: KnownDemand): number => 1 / (1 - sizeShare)

/** Average days' demand until the morning on which what is ordered the next evening is there. */
function horizonDemand(regime: Regime, day: number): number {
  let sum = 0
  for (let ahead = 1; ahead <= regime.leadDays; ahead += 1) sum += demandOn(regime, day + ahead)
  return sum
}

const packed = (short: number, pack: number): number => (short <= 0 ? 0 : Math.ceil(short / pack) * pack)
