// Belief of a site: takes in what its ledger tells, move by move and count by count in the ledger's order, and says what is believed of each item. The same
// events give the same beliefs to the last digit, however they were cut into batches and however often somebody asked or went on from what was kept.
//
// What is told late, with a time before what is believed already, counts from now; what it says of a time before the item was last counted is in that count.
// A count of some of the places where an item stands is weighed as what it is: of all that is gone, that share was seen. Once the other places are counted
// too within a day, that is a count of all.

import { day_ms, type Instant } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import { meanSize } from '../plan/filter/demand.ts'
import { quantile } from '../doubt.ts'
import { Filter } from '../plan/filter/filter.ts'
import { rateClasses } from '../plan/filter/rates.ts'
import type { BeliefEvent } from './belief-event.ts'
import { BELIEF_FORMAT, bytesOf, stateIn, type Evidence, type SharedBelief } from './belief-state.ts'
import { usualPrior } from './belief-prior.ts'
import { Beliefs } from './belief.ts'
import { withEmpty, type EmptyTime } from './belief-empty.ts'

/** What is noted of an item beside the belief. Instants in milliseconds. */
export interface Noted {
  /** Moves and counts that told something. */
  readonly events: number
  /** What the ledger has, as far as it was taken in: ours that can be sold. */
  readonly recorded: number
  readonly soldAt: number | null
  readonly countedAt: number | null
  readonly counted: number | null
  /** How often there was more than anybody could have believed. */
  readonly surprises: number
  /** When there was probably nothing to buy. */
  readonly emptied: readonly EmptyTime[]
  /** Places that were counted since, when others were not yet. */
  readonly counting: { readonly since: number; readonly units: Readonly<Record<string, number>> } | null
}

export interface KeptItem {
  readonly item: ItemId
  readonly state: Uint8Array
  readonly noted: Noted
}

/** What is believed of an item at a moment. */
export interface Believed {
  readonly expected: number
  /** Between these two it lies with a probability of 90 %. */
  readonly low: number
  readonly high: number
  /** The probability that there is none. */
  readonly empty: number
  readonly lossPerDay: number
  readonly unitsPerDay: number
  readonly sizeShare: number
  /** The probability of `from` units, of one more, and so on; of what is wide, of `step` quantities at a time. */
  readonly chances: Float64Array
  readonly from: number
  readonly step: number
  /** When there was probably nothing to buy, until now. */
  readonly emptied: readonly EmptyTime[]
  readonly noted: Noted
}

/** Before a site has sold anything, so many customers a day are thought of; few, for their absence would speak against there being any. */
const FIRST_CUSTOMERS = 0.2
const COUNTING_MS = day_ms

const nothingNoted: Noted = { events: 0, recorded: 0, soldAt: null, countedAt: null, counted: null, surprises: 0, emptied: [], counting: null }

/** What the items of a category have in common at a site, and how many of them it was learnt from. */
interface CategoryKept extends SharedBelief {
  readonly learntFrom: number
}

export interface SharedKept {
  readonly format: number
  /** By category; that of items of which nobody said it has no name. */
  readonly categories: Readonly<Record<string, CategoryKept>>
}

/** What one item says of its category. */
export interface ItemEvidence extends Evidence {
  readonly category: string
}

export interface SiteBeliefsOptions {
  /** To work on; several may share one. */
  readonly filter?: Filter
  readonly categoryOf?: (item: ItemId) => string
}

interface Known {
  readonly category: string
  readonly beliefs: Beliefs
  /** Among those of its category. */
  readonly index: number
  noted: Noted
}

const { rates, weights: firstWeights } = rateClasses(usualPrior.shape)
/** Items like so many speak for the classes that are thought of first where other categories have taught something. */
const FIRST_ITEMS = 20

export class SiteBeliefs {
  readonly #items = new Map<ItemId, Known>()
  readonly #categories = new Map<string, Beliefs>()
  readonly #learntFrom = new Map<string, number>()
  readonly #shared: SharedKept['categories']
  readonly #filter: Filter

  /** Of these items and no others; of some of them there may be something to go on from. */
  constructor(items: readonly ItemId[], kept: readonly KeptItem[], shared: SharedKept | undefined, options: SiteBeliefsOptions = {}) {
    const { filter = new Filter(rates.length), categoryOf = () => '' } = options
    this.#shared = shared?.categories ?? {}
    this.#filter = filter
    for (const [category, some] of Map.groupBy(items, categoryOf)) {
      const beliefs = this.#beliefsOf(category, some.length)
      for (const [index, item] of some.entries()) this.#items.set(item, { category, beliefs, index, noted: nothingNoted })
    }
    for (const { item, state, noted } of kept) {
      const known = this.#items.get(item)!
      known.beliefs.restore(known.index, stateIn(state))
      known.noted = noted
    }
  }

  /** Takes in what happened next. */
  take(event: BeliefEvent): void {
    const known = this.#items.get(event.item)!
    const { beliefs, noted } = known
    const surprised = beliefs.surprises.length
    const isIn = event.what !== 'counted' && noted.countedAt !== null && event.at <= noted.countedAt
    const next = isIn ? noted : changed(known, event)
    const surprises = noted.surprises + beliefs.surprises.length - surprised
    known.noted = { ...next, events: noted.events + 1, recorded: recordedAfter(noted.recorded, event), surprises }
  }

  /** What is kept of an item: undefined before anything is known of it. */
  kept(item: ItemId): KeptItem | undefined {
    const { beliefs, index, noted } = this.#items.get(item)!
    return beliefs.has(index) ? { item, state: bytesOf(beliefs.stateOf(index)), noted } : undefined
  }

  get shared(): SharedKept {
    const now = [...this.#categories].map(
      ([category, beliefs]) => [category, { ...beliefs.shared, learntFrom: this.#learntFromOf(category) }] as const,
    )
    const all = new Map<string, CategoryKept>([...Object.entries(this.#shared), ...now])
    // In one order, whichever was met first.
    return { format: BELIEF_FORMAT, categories: Object.fromEntries([...all].toSorted(([a], [b]) => (a < b ? -1 : 1))) }
  }

  evidenceOf(item: ItemId): ItemEvidence {
    const { category, beliefs, index } = this.#items.get(item)!
    return { ...beliefs.evidenceOf(index), category }
  }

  /** Learns what the items of each category have in common; a category of few items is thought to be like the others. */
  learn(all: readonly ItemEvidence[]): void {
    const byCategory = Map.groupBy(all, ({ category }) => category)
    const parents = new Map([...byCategory.keys()].map((category) => [category, this.#parentOf(category)]))
    for (const [category, some] of byCategory) {
      this.#beliefsOf(category, 0).learnFrom(some, parents.get(category))
      this.#learntFrom.set(category, some.length)
    }
  }

  /** What is believed at a moment, not before what is known. */
  believed(item: ItemId, at: Instant): Believed {
    const { beliefs, index, noted } = this.#items.get(item)!
    const filter = beliefs.at(index, at / day_ms)
    const { low: from, step, cells } = filter.told
    const chances = new Float64Array(cells)
    filter.quantities(chances)
    // Kept in single precision they are 1 together to seven digits.
    const all = chances.reduce((sum, one) => sum + one, 0)
    for (let cell = 0; cell < chances.length; cell += 1) chances[cell]! /= all
    const { customersPerDay, sizeShare } = beliefs.demandOf(index)
    const empty = from > 0 ? 0 : step === 1 ? chances[0]! : filter.empty
    return {
      expected: step === 1 ? chances.reduce((sum, one, cell) => sum + one * (from + cell), 0) : filter.mean,
      low: from + step * quantile(chances, 0.05),
      high: from + step * quantile(chances, 0.95) + step - 1,
      empty,
      lossPerDay: beliefs.lossPerDay(index, filter),
      unitsPerDay: customersPerDay * meanSize(sizeShare) * (empty + (1 - empty) * beliefs.wantedStill),
      sizeShare,
      chances,
      from,
      step,
      emptied: withEmpty(noted.emptied, at / day_ms, beliefs.emptyDays),
      noted,
    }
  }

  #beliefsOf(category: string, items: number): Beliefs {
    let beliefs = this.#categories.get(category)
    if (beliefs === undefined) {
      const shared = this.#shared[category]
      const options = { customersPerDay: FIRST_CUSTOMERS, firstShelfShare: 0, filter: this.#filter, ...(shared && { shared }) }
      this.#categories.set(category, (beliefs = new Beliefs(usualPrior, items, options)))
    }
    return beliefs
  }

  #learntFromOf(category: string): number {
    return this.#learntFrom.get(category) ?? this.#shared[category]?.learntFrom ?? 0
  }

  /** How many items of a category are of each class, before its own say: what the others' items teach, and what was thought of first. */
  #parentOf(category: string): readonly number[] {
    const others = Object.entries(this.shared.categories).filter(([name]) => name !== category)
    const items = others.reduce((sum, [, { learntFrom }]) => sum + learntFrom, FIRST_ITEMS)
    return firstWeights.map(
      (first, one) => others.reduce((sum, [, { learntFrom, weights }]) => sum + learntFrom * weights[one]!, FIRST_ITEMS * first) / items,
    )
  }
}

function changed(known: Known, event: BeliefEvent): Noted {
  const { beliefs, index, noted } = known
  const days = event.at / day_ms
  if (event.what === 'counted') return count(known, event)
  if (event.what === 'corrected') return noted
  const isKnown = beliefs.has(index)
  if (!isKnown) beliefs.open(index, event.what === 'came' ? event.units : 0, days)
  switch (event.what) {
    case 'sold':
      beliefs.sell(index, event.units, days)
      return { ...noted, soldAt: Math.max(event.at, noted.soldAt ?? event.at) }
    case 'sent':
      beliefs.send(index, event.units, days)
      return { ...noted, soldAt: Math.max(event.at, noted.soldAt ?? event.at) }
    case 'taken':
      beliefs.take(index, event.units, days)
      return noted
    case 'came':
      return isKnown ? { ...noted, emptied: withEmpty(noted.emptied, days, beliefs.receive(index, event.units, days)) } : noted
  }
}

function count({ beliefs, index, noted }: Known, event: BeliefEvent & { readonly what: 'counted' }): Noted {
  const { at, counted, recorded, sellable, stock } = event
  if (!beliefs.has(index)) beliefs.open(index, Math.max(0, sellable - counted + recorded), at / day_ms)
  const since = noted.counting !== null && at - noted.counting.since <= COUNTING_MS ? noted.counting.since : at
  const units = noted.counting?.since === since ? noted.counting.units : {}
  const counting = { since, units: { ...units, [stock]: counted } }
  const before = sellable - counted + recorded
  const elsewhere = Object.entries(units).reduce((sum, [other, some]) => sum + (other === stock ? 0 : some), 0)
  const uncounted = Math.max(0, before - recorded - elsewhere)
  const all = Math.max(0, sellable)
  if (uncounted === 0) {
    const emptied = withEmpty(noted.emptied, at / day_ms, beliefs.count(index, all, at / day_ms))
    return { ...noted, countedAt: Math.max(at, noted.countedAt ?? at), counted: all, emptied, counting }
  }
  const lost = recorded - counted
  // What was found here and nobody knew of is there besides what was believed.
  if (lost < 0) beliefs.receive(index, -lost, at / day_ms)
  const share = Math.max(0, recorded) / (Math.max(0, recorded) + uncounted)
  const seen = lost < 0 ? (some: number) => (some < counted ? 0 : 1) : seenOfLoss({ before, counted, lost, share })
  // Where that contradicts all that was believed, what is recorded elsewhere is believed, and what was seen here.
  if (!beliefs.weigh(index, seen, at / day_ms)) beliefs.know(index, all)
  return { ...noted, counting }
}

/** A count says what the record then is, so what was not told before is made up for. */
function recordedAfter(before: number, event: BeliefEvent): number {
  switch (event.what) {
    case 'counted':
      return event.sellable
    case 'came':
      return before + event.units
    case 'corrected':
      return before + event.change
    case 'sold':
    case 'sent':
    case 'taken':
      return before - event.units
  }
}

/**
 * How likely a count of a part is, by how many there are in all: of the units that are gone (`before` less those), each was lost in this part with the
 * probability `share`, so those that were found gone are binomial of all. There are at least as many as were seen.
 */
function seenOfLoss({ before, counted, lost, share }: { before: number; counted: number; lost: number; share: number }): (units: number) => number {
  // By how many are gone elsewhere: each of them once more likely by (lost + k) / k (1 - share).
  const most = Math.max(0, before - counted - lost)
  const terms = new Float64Array(most + 1)
  let [term, highest] = [1, 1]
  for (let more = 0; more <= most; more += 1) {
    terms[more] = term
    highest = Math.max(highest, term)
    term *= ((lost + more + 1) / (more + 1)) * (1 - share)
  }
  return (units) => {
    if (units < counted) return 0
    const more = before - units - lost
    return more < 0 ? 0 : terms[Math.min(more, most)]! / highest
  }
}
