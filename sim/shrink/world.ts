// World: shops' shelves as they really are, drawn once from a seed, so that every policy meets the same customers, the same thieves and the same
// suppliers. What is drawn does not depend on what is decided: whether a customer finds anything does.

import { meanSize, demandOf } from '../../core/plan/filter/demand.ts'
import { chanceOf, type Chance } from '../../core/rng.ts'

export interface Regime {
  /** Units that go unseen for each that is wanted, on average over items; each item has a rate of its own, most a small one. */
  readonly shrink: number
  /** Every item is counted once in so many days; 0 for never. */
  readonly countDays: number
  readonly items: number
  readonly days: number
  /** Whether policies are told how much is wanted, or have to learn it from what they sell. */
  readonly demandLearnt: boolean
  /** Whether they forecast it, as the product does, from what they sold week by week. */
  readonly forecast: boolean
  /** What is thought of shrink beforehand, as a multiple of what it is. */
  readonly priorFactor: number
  /** The share of sales that are entered as another item's. */
  readonly misread: number
  /** The share of losses that go by the case. */
  readonly caseTheft: number
  /** The share of counts that are off by some. */
  readonly countError: number
  /** Whether some weekdays are busier than others. */
  readonly weekdays: boolean
  readonly leadDays: number
  /** Orders are made in multiples of so many. */
  readonly pack: number
  /** The share of days on which nobody fills the shelf from the backroom: what is there is not found. */
  readonly backroom: number
}

export const usualRegime: Regime = {
  shrink: 0.02,
  countDays: 180,
  items: 200,
  days: 600,
  demandLearnt: false,
  forecast: false,
  priorFactor: 1,
  misread: 0,
  caseTheft: 0,
  countError: 0,
  weekdays: false,
  leadDays: 3,
  pack: 1,
  backroom: 0,
}

/** Variance of a day's demand over its mean. */
export const DISPERSION = 1.5
export const CASE_UNITS = 6
export const COUNT_SPREAD = 1
const [SLOWEST, FASTEST] = [0.3, 3.6]
/** Of an average day's demand, from Monday on. */
export const WEEKDAYS = [0.7, 0.75, 0.85, 0.95, 1.25, 1.55, 0.95]

export interface ShelfItem {
  /** Units wanted on an average day. */
  readonly mean: number
  /** The first day on which it is counted, where it is. */
  readonly firstCount: number
  /** Moments in days, ascending, and what happens: customers who want so many, thieves who take so many (below 0). */
  readonly at: Float64Array
  readonly units: Int16Array
  /** For each: the item it is entered as; its own number where it is entered right. */
  readonly enteredAs: Int32Array
  /** Days on which nobody filled the shelf. */
  readonly unfilled: Uint8Array
}

export interface ShelfWorld {
  readonly regime: Regime
  readonly seed: number
  readonly items: readonly ShelfItem[]
}

export const isCounted = ({ countDays }: Regime, { firstCount }: ShelfItem, day: number): boolean =>
  countDays > 0 && day >= firstCount && (day - firstCount) % countDays === 0

/** The share of an average day's demand on a day. */
export const demandOn = ({ weekdays }: Regime, day: number): number => (weekdays ? WEEKDAYS[day % 7]! : 1)

export function makeWorld(regime: Regime, seed: number): ShelfWorld {
  const items = Array.from({ length: regime.items }, (_none, item) => makeItem(regime, item, chanceOf(seed * 1_000_003 + item * 7_919)))
  return { regime, seed, items }
}

function makeItem(regime: Regime, item: number, chance: Chance): ShelfItem {
  const mean = SLOWEST * (FASTEST / SLOWEST) ** chance.fraction()
  const { customersPerDay, sizeShare } = demandOf(mean, DISPERSION)
  // Rates of items are spread as waiting times are: most lose next to nothing.
  const lost = regime.shrink * mean * -Math.log(1 - chance.fraction())
  const firstCount = 1 + chance.below(Math.max(regime.countDays, 1))
  const events: [at: number, units: number, enteredAs: number][] = []
  for (let day = 0; day < regime.days; day += 1) {
    for (let left = chance.poisson(customersPerDay * demandOn(regime, day)); left > 0; left -= 1) {
      const [at, units] = [day + chance.fraction(), sizeDrawn(sizeShare, chance)]
      events.push([at, units, chance.fraction() < regime.misread ? chance.below(regime.items) : item])
    }
    for (let left = chance.poisson(lost * (1 - regime.caseTheft)); left > 0; left -= 1) events.push([day + chance.fraction(), -1, item])
    for (let left = chance.poisson((lost * regime.caseTheft) / CASE_UNITS); left > 0; left -= 1) {
      events.push([day + chance.fraction(), -CASE_UNITS, item])
    }
  }
  events.sort((a, b) => a[0] - b[0])
  return {
    mean,
    firstCount,
    at: Float64Array.from(events, ([at]) => at),
    units: Int16Array.from(events, ([, units]) => units),
    enteredAs: Int32Array.from(events, ([, , as]) => as),
    unfilled: Uint8Array.from({ length: regime.days }, () => (chance.fraction() < regime.backroom ? 1 : 0)),
  }
}

/** From the logarithmic series. */
function sizeDrawn(share: number, chance: Chance): number {
  if (share === 0) return 1
  let [size, term] = [1, meanSize(share) * (1 - share)]
  for (let left = chance.fraction() - term; left > 0 && size < 1_000; left -= term) {
    term *= (share * size) / (size + 1)
    size += 1
  }
  return size
}
