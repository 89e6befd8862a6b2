// Back-test: what would have happened under other rules. The customers of the company's own ledger come again, item by item and day by day, with thieves behind
// the record's back; each policy orders by the very code that plans (core/loop/forecast.ts, core/plan/policies/review.ts), from what it could have known on the
// day. All policies meet the same customers and the same thieves. Every event goes into a log, from which the figures are made (figures.ts) and nothing else.
//
// A shelf has one supplier, who always delivers in the lead time, and a customer who finds nothing leaves: what was not sold in truth for want of stock is not in
// the ledger, so all policies are told less demand than there was.

import type { BacktestOptions, TestedPolicy } from '../../backtest.ts'
import { addDays, day_ms, startOf } from '../../calendar.ts'
import type { Filter } from '../../plan/filter/filter.ts'
import { lotSize } from '../../plan/mrp.ts'
import { known, type PeriodicReview } from '../../plan/policies/review.ts'
import { chanceOf, type Chance } from '../../rng.ts'
import { withEmpty, type EmptyTime } from '../belief-empty.ts'
import { usualPrior } from '../belief-prior.ts'
import { Beliefs } from '../belief.ts'
import { emptyDaysOf, seenWeeks } from '../forecast-history.ts'
import { HISTORY_WEEKS, WEEK_DAYS } from '../forecast.ts'
import { demandBy } from './demand.ts'

/** An item at a site, with what customers took of it. */
export interface TestedItem {
  readonly site: string
  readonly sku: string
  /** Tells it from all others, whatever else is tested with it: what goes unseen of it follows from this and the seed, and so does its turn to be looked at. */
  readonly number: number
  /** Before the days that are tested: units by day, the last one the day before. */
  readonly before: Float64Array
  /** Units that customers wanted, by day. */
  readonly wanted: Float64Array
  readonly opening: number
  readonly leadDays: number
  readonly minimum: number
  readonly multiple: number
  /** Minor units. */
  readonly cost: number
  readonly price: number
}

export type EventKind = 'opened' | 'received' | 'sold' | 'missed' | 'stolen' | 'counted' | 'ordered'

/** What happened to an item on a day; `units` of a count are what was found missing. */
export interface TestedEvent {
  readonly day: number
  readonly kind: EventKind
  readonly units: number
}

export interface ReplayTools {
  readonly review: PeriodicReview
  readonly filter: Filter
}

/** One item's days under a policy. The chance of what goes unseen follows from the item and the seed, whatever the policy. */
export function replayItem(tested: TestedItem, policy: TestedPolicy, options: BacktestOptions, tools: ReplayTools): readonly TestedEvent[] {
  const replay = new Replay(tested, policy, options, tools)
  for (let day = 0; day < tested.wanted.length; day += 1) replay.pass(day)
  return replay.events
}

class Replay {
  readonly events: TestedEvent[] = []
  readonly #tested: TestedItem
  readonly #policy: TestedPolicy
  readonly #options: BacktestOptions
  readonly #tools: ReplayTools
  readonly #thieves: Chance
  readonly #lostPerDay: number
  readonly #beliefs: Beliefs
  readonly #coming: { readonly day: number; readonly units: number }[] = []
  /** Units by day that were sold under this policy, and before it as they were. */
  readonly #sold: number[]
  /** Days of beliefs begin in 1970, and this is the first one here. */
  readonly #firstDay: number
  #emptied: readonly EmptyTime[] = []
  #stock: number
  #record: number

  constructor(tested: TestedItem, policy: TestedPolicy, options: BacktestOptions, tools: ReplayTools) {
    this.#tested = tested
    this.#policy = policy
    this.#options = options
    this.#tools = tools
    this.#thieves = chanceOf(options.seed ^ Math.imul(tested.number + 1, ITEM_SEED_STEP))
    const mean = tested.wanted.reduce((sum, units) => sum + units, 0) / Math.max(1, tested.wanted.length)
    // Rates differ as exponentials do; drawn first, so that it is the same for every policy.
    this.#lostPerDay = options.shrink * mean * -Math.log(1 - this.#thieves.fraction() * (1 - 1e-12))
    this.#sold = [...tested.before]
    this.#firstDay = startOf(options.from) / day_ms
    this.#stock = Math.max(0, tested.opening)
    this.#record = this.#stock
    const customersPerDay = Math.max(0.01, sumOf(tested.before.subarray(-RECENT_DAYS)) / RECENT_DAYS)
    this.#beliefs = new Beliefs({ ...usualPrior, lossShare: Math.max(options.shrink, LEAST_SHARE) }, 1, { customersPerDay, filter: tools.filter })
    this.#beliefs.open(0, this.#stock, 0)
    this.#tell(0, 'opened', this.#stock)
  }

  pass(day: number): void {
    this.#receive(day)
    const stolen = Math.min(this.#stock, this.#thieves.poisson(this.#lostPerDay))
    if (stolen > 0) {
      this.#stock -= stolen
      this.#tell(day, 'stolen', stolen)
    }
    this.#sell(day, this.#tested.wanted[day]!)
    const { countDays, reviewDays } = this.#policy
    // Items have their turns on different days.
    const turn = day + this.#tested.number
    if (countDays > 0 && turn % countDays === countDays - 1) this.#count(day)
    if (turn % reviewDays === 0) this.#order(day)
  }

  #receive(day: number): void {
    while (this.#coming[0] !== undefined && this.#coming[0].day <= day) {
      const { units } = this.#coming.shift()!
      this.#stock += units
      this.#record += units
      this.#wasEmpty(day + MORNING, this.#beliefs.receive(0, units, day + MORNING))
      this.#tell(day, 'received', units)
    }
  }

  #sell(day: number, wanted: number): void {
    const sold = Math.min(this.#stock, wanted)
    this.#stock -= sold
    this.#record -= sold
    this.#sold.push(sold)
    if (sold > 0) {
      this.#beliefs.sell(0, sold, day + NOON)
      this.#tell(day, 'sold', sold)
    }
    if (sold < wanted) this.#tell(day, 'missed', wanted - sold)
  }

  #count(day: number): void {
    this.#wasEmpty(day + EVENING, this.#beliefs.count(0, this.#stock, day + EVENING))
    this.#tell(day, 'counted', this.#record - this.#stock)
    this.#record = this.#stock
  }

  #order(day: number): void {
    const { leadDays, minimum, multiple } = this.#tested
    const { service, reviewDays, stock, forecast } = this.#policy
    const today = addDays(this.#options.from, day + 1)
    const days = Math.max(1, leadDays + reviewDays)
    const weeks = weeksOf(this.#sold)
    // What the plan is told: where there was probably nothing to sell, what was sold tells of the other days.
    const seen = forecast === 'automatic' ? seenWeeks(weeks, emptyDaysOf(weeks.length, this.#emptyTimes(day), today)) : weeks
    const { perDay, dispersion } = demandBy(forecast, seen, today, days)
    const told = this.#told(stock, day)
    const order = this.#tools.review.order({
      stock: told.stock,
      pipeline: this.#coming.reduce((sum, one) => sum + one.units, 0),
      demandPerDay: perDay,
      dispersion,
      lossPerDay: sumOf(perDay) > 0 ? told.lossPerDay : 0,
      leadTime: Float64Array.from({ length: leadDays + 1 }, (_none, at) => (at === leadDays ? 1 : 0)),
      reviewDays,
      target: { kind: 'service', service },
    })
    const units = lotSize(order.wanted, minimum, multiple)
    if (units === 0) return
    this.#coming.push({ day: day + Math.max(1, leadDays), units })
    this.#tell(day, 'ordered', units)
  }

  #wasEmpty(until: number, days: number): void {
    this.#emptied = withEmpty(this.#emptied, this.#firstDay + until, days)
  }

  /** With the time in which there is probably none still. */
  #emptyTimes(day: number): readonly EmptyTime[] {
    this.#beliefs.at(0, day + EVENING)
    return withEmpty(this.#emptied, this.#firstDay + day + EVENING, this.#beliefs.emptyDays)
  }

  #told(stock: TestedPolicy['stock'], day: number) {
    if (stock === 'truth') return { stock: known(this.#stock), lossPerDay: this.#lostPerDay }
    if (stock === 'record') return { stock: known(Math.max(0, this.#record)), lossPerDay: 0 }
    const believed = this.#beliefs.at(0, day + EVENING)
    const { low, step, cells } = believed.told
    const chances = new Float64Array(cells)
    believed.quantities(chances)
    return { stock: { low, step, cells, chances }, lossPerDay: this.#beliefs.lossPerDay(0, believed) }
  }

  #tell(day: number, kind: EventKind, units: number): void {
    this.events.push({ day, kind, units })
  }
}

const ITEM_SEED_STEP = 0x9e3779b1
const RECENT_DAYS = 180
/** A belief without any losses would never doubt. */
const LEAST_SHARE = 0.001
const [MORNING, NOON, EVENING] = [0.1, 0.5, 0.9]

const sumOf = (values: Float64Array): number => values.reduce((sum, one) => sum + one, 0)

/** Whole weeks of the last days, from the first in which any were sold. */
function weeksOf(days: readonly number[]): Float64Array {
  const weeks = Math.min(HISTORY_WEEKS, Math.floor(days.length / WEEK_DAYS))
  const sums = Float64Array.from({ length: weeks }, (_none, week) => {
    const begin = days.length - (weeks - week) * WEEK_DAYS
    let sum = 0
    for (let day = begin; day < begin + WEEK_DAYS; day += 1) sum += days[day]!
    return sum
  })
  const first = sums.findIndex((units) => units > 0)
  return first === -1 ? new Float64Array() : sums.slice(first)
}
