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
import type { Filter } from '../plan/filter/filter.ts'
import type { BeliefEvent } from './belief-event.ts'
import { BELIEF_FORMAT, bytesOf, stateIn, type Evidence, type SharedBelief } from './belief-state.ts'
import { Beliefs, usualPrior } from './belief.ts'

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
  readonly noted: Noted
}

/** Before a site has sold anything, so many customers a day are thought of; few, for their absence would speak against there being any. */
const FIRST_CUSTOMERS = 0.2
const COUNTING_MS = day_ms

const nothingNoted: Noted = { events: 0, recorded: 0, soldAt: null, countedAt: null, counted: null, surprises: 0, counting: null }

export interface SharedKept extends SharedBelief {
  readonly format: number
}

export class SiteBeliefs {
  readonly #beliefs: Beliefs
  readonly #items = new Map<ItemId, number>()
  readonly #noted: Noted[] = []

  /** Of these items and no others; of some of them there may be something to go on from. `filter` is worked on, and may be shared. */
  constructor(items: readonly ItemId[], kept: readonly KeptItem[], shared: SharedKept | undefined, filter?: Filter) {
    const options = { customersPerDay: FIRST_CUSTOMERS, firstShelfShare: 0, ...(shared && { shared }), ...(filter && { filter }) }
    this.#beliefs = new Beliefs(usualPrior, items.length, options)
    for (const item of items) {
      this.#items.set(item, this.#noted.length)
      this.#noted.push(nothingNoted)
    }
    for (const { item, state, noted } of kept) {
      const index = this.#items.get(item)!
      this.#beliefs.restore(index, stateIn(state))
      this.#noted[index] = noted
    }
  }

  /** Takes in what happened next. */
  take(event: BeliefEvent): void {
    const index = this.#items.get(event.item)!
    const noted = this.#noted[index]!
    const surprised = this.#beliefs.surprises.length
    const isIn = event.what !== 'counted' && noted.countedAt !== null && event.at <= noted.countedAt
    const next = isIn ? noted : this.#changed(index, noted, event)
    const surprises = noted.surprises + this.#beliefs.surprises.length - surprised
    this.#noted[index] = { ...next, events: noted.events + 1, recorded: recordedAfter(noted.recorded, event), surprises }
  }

  /** What is kept of an item: undefined before anything is known of it. */
  kept(item: ItemId): KeptItem | undefined {
    const index = this.#items.get(item)!
    return this.#beliefs.has(index) ? { item, state: bytesOf(this.#beliefs.stateOf(index)), noted: this.#noted[index]! } : undefined
  }

  get shared(): SharedKept {
    return { format: BELIEF_FORMAT, ...this.#beliefs.shared }
  }

  evidenceOf(item: ItemId): Evidence {
    return this.#beliefs.evidenceOf(this.#items.get(item)!)
  }

  learn(all: readonly Evidence[]): void {
    this.#beliefs.learnFrom(all)
  }

  /** What is believed at a moment, not before what is known. */
  believed(item: ItemId, at: Instant): Believed {
    const index = this.#items.get(item)!
    const filter = this.#beliefs.at(index, at / day_ms)
    const { low: from, step, cells } = filter.told
    const chances = new Float64Array(cells)
    filter.quantities(chances)
    // Kept in single precision they are 1 together to seven digits.
    const all = chances.reduce((sum, one) => sum + one, 0)
    for (let cell = 0; cell < chances.length; cell += 1) chances[cell]! /= all
    const { customersPerDay, sizeShare } = this.#beliefs.demandOf(index)
    return {
      expected: step === 1 ? chances.reduce((sum, one, cell) => sum + one * (from + cell), 0) : filter.mean,
      low: from + step * quantile(chances, 0.05),
      high: from + step * quantile(chances, 0.95) + step - 1,
      empty: from > 0 ? 0 : step === 1 ? chances[0]! : filter.empty,
      lossPerDay: this.#beliefs.lossPerDay(index, filter),
      unitsPerDay: customersPerDay * meanSize(sizeShare),
      sizeShare,
      chances,
      from,
      step,
      noted: this.#noted[index]!,
    }
  }

  #changed(index: number, noted: Noted, event: BeliefEvent): Noted {
    const days = event.at / day_ms
    if (event.what === 'counted') return this.#count(index, noted, event)
    if (event.what === 'corrected') return noted
    const isKnown = this.#beliefs.has(index)
    if (!isKnown) this.#beliefs.open(index, event.what === 'came' ? event.units : 0, days)
    switch (event.what) {
      case 'sold':
        this.#beliefs.sell(index, event.units, days)
        return { ...noted, soldAt: Math.max(event.at, noted.soldAt ?? event.at) }
      case 'sent':
        this.#beliefs.send(index, event.units, days)
        return { ...noted, soldAt: Math.max(event.at, noted.soldAt ?? event.at) }
      case 'taken':
        this.#beliefs.take(index, event.units, days)
        return noted
      case 'came':
        if (isKnown) this.#beliefs.receive(index, event.units, days)
        return noted
    }
  }

  #count(index: number, noted: Noted, event: BeliefEvent & { readonly what: 'counted' }): Noted {
    const { at, counted, recorded, sellable, stock } = event
    if (!this.#beliefs.has(index)) this.#beliefs.open(index, Math.max(0, sellable - counted + recorded), at / day_ms)
    const since = noted.counting !== null && at - noted.counting.since <= COUNTING_MS ? noted.counting.since : at
    const units = noted.counting?.since === since ? noted.counting.units : {}
    const counting = { since, units: { ...units, [stock]: counted } }
    const before = sellable - counted + recorded
    const elsewhere = Object.entries(units).reduce((sum, [other, some]) => sum + (other === stock ? 0 : some), 0)
    const uncounted = Math.max(0, before - recorded - elsewhere)
    const all = Math.max(0, sellable)
    if (uncounted === 0) {
      this.#beliefs.count(index, all, at / day_ms)
      return { ...noted, countedAt: Math.max(at, noted.countedAt ?? at), counted: all, counting }
    }
    const lost = recorded - counted
    // What was found here and nobody knew of is there besides what was believed.
    if (lost < 0) this.#beliefs.receive(index, -lost, at / day_ms)
    const share = Math.max(0, recorded) / (Math.max(0, recorded) + uncounted)
    const seen = lost < 0 ? (some: number) => (some < counted ? 0 : 1) : seenOfLoss({ before, counted, lost, share })
    // Where that contradicts all that was believed, what is recorded elsewhere is believed, and what was seen here.
    if (!this.#beliefs.weigh(index, seen, at / day_ms)) this.#beliefs.know(index, all)
    return { ...noted, counting }
  }
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
