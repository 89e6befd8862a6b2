// Run: one policy through a world, day by day: goods come in the morning, customers and thieves all day, somebody counts in the evening, then it is
// ordered. What it cost, how many went home with what they wanted, and how right its belief was.

import type { Beliefs } from '../../core/loop/belief.ts'
import type { Filter } from '../../core/plan/filter/filter.ts'
import { chanceOf, type Chance } from '../../core/rng.ts'
import { policyOf, type Policy, type PolicyName, type Setting, type Shelf } from './policies.ts'
import { COUNT_SPREAD, isCounted, type ShelfWorld } from './world.ts'

/** Of a unit a day, and of each that a customer did not get. */
export const HOLDING_COST = 1
export const LOST_SALE_COST = 40
/** Of the days, those before anything is measured. */
const SETTLING = 0.2
const WALK_DAYS = 7

export interface RunResult {
  /** For an item and a day. */
  readonly cost: number
  readonly fill_rate: number
  /** Days on which the record says that there are some, and there are none; their share. */
  readonly phantom: number
  /** Where the truth fell in what was believed, by tenths; for a policy that believes something. */
  readonly pit?: readonly number[]
  readonly coverage90?: number
  readonly surprises?: number
}

/** How things stand in the end. */
export interface RunEnd {
  readonly shelves: readonly Shelf[]
  /** When each item was last sold, as the record says. */
  readonly soldAt: Float64Array
  readonly beliefs: Beliefs | undefined
}

export interface Watched {
  /** Whether a belief is kept of what happens, although orders are not made from it. */
  readonly watches: boolean
}

interface Sale {
  readonly item: number
  readonly units: number
  readonly at: number
}

export function runPolicy(
  name: PolicyName,
  setting: Setting,
  world: ShelfWorld,
  { watches }: Watched = { watches: false },
): RunResult & { readonly end: RunEnd } {
  const run = new Run(name, setting, world, watches)
  for (let day = 0; day < world.regime.days; day += 1) run.pass(day)
  return run.result
}

class Run {
  readonly #name: PolicyName
  readonly #world: ShelfWorld
  readonly #policy: Policy
  /** Who hears of what happens: the policy, and a belief that only watches. */
  readonly #hearers: readonly Policy[]
  readonly #beliefs: Beliefs | undefined
  readonly #shelves: readonly Shelf[]
  readonly #soldAt: Float64Array
  /** What comes on each day, by item; and the next of each item's events. */
  readonly #coming: readonly Int32Array[]
  readonly #next: Int32Array
  /** Of those who count wrong, and of ties within a whole unit. */
  readonly #errors: Chance
  readonly #ties: Chance
  readonly #tenths = new Float64Array(10)
  readonly #quantities = new Float64Array(4096)
  readonly #measured = { cost: 0, wanted: 0, got: 0, days: 0, phantom: 0, covered: 0 }

  constructor(name: PolicyName, setting: Setting, world: ShelfWorld, watches: boolean) {
    const { regime, items, seed } = world
    this.#name = name
    this.#world = world
    this.#policy = policyOf(name, setting, world)
    const watcher = watches && !this.#policy.beliefs ? policyOf('belief', setting, world) : undefined
    this.#hearers = watcher ? [this.#policy, watcher] : [this.#policy]
    this.#beliefs = (watcher ?? this.#policy).beliefs
    this.#shelves = items.map(({ mean }): Shelf => {
      const opening = openingOf(mean, regime.pack)
      return { stock: opening, record: opening, pipeline: 0, countedAt: 0 }
    })
    for (const [item, { stock }] of this.#shelves.entries()) this.#beliefs?.open(item, stock, 0)
    this.#soldAt = new Float64Array(items.length)
    this.#coming = items.map(() => new Int32Array(regime.days + regime.leadDays + 1))
    this.#next = new Int32Array(items.length)
    this.#errors = chanceOf(seed * 31 + 7)
    this.#ties = chanceOf(seed * 17 + 3)
  }

  pass(day: number): void {
    const isMeasured = day >= this.#world.regime.days * SETTLING
    const sales = [...this.#shelves.keys()].flatMap((item) => this.#trade(item, day, isMeasured))
    for (const { item, units, at } of sales.toSorted((a, b) => a.at - b.at)) {
      this.#shelves[item]!.record -= units
      this.#soldAt[item] = at
      for (const one of this.#hearers) one.sold?.(item, units, at)
    }
    for (const one of this.#hearers) one.evening?.(day)
    for (const [item, shelf] of this.#shelves.entries()) {
      if (isMeasured) this.#measure(shelf)
      if (this.#beliefs) this.#judge(this.#beliefs.settle(item, day + 1), shelf.stock, isMeasured)
      this.#count(item, shelf, day)
      const some = this.#policy.order(item, shelf, day)
      shelf.pipeline += some
      this.#coming[item]![day + this.#world.regime.leadDays]! += some
    }
  }

  get result(): RunResult & { readonly end: RunEnd } {
    const { cost, wanted, got, days, phantom, covered } = this.#measured
    return {
      cost: cost / days,
      fill_rate: got / wanted,
      phantom: phantom / days,
      end: { shelves: this.#shelves, soldAt: this.#soldAt, beliefs: this.#beliefs },
      ...(this.#beliefs && {
        pit: [...this.#tenths].map((count) => count / days),
        coverage90: covered / days,
        surprises: this.#beliefs.surprises.length,
      }),
    }
  }

  /** A day of an item: what comes in the morning, then customers and thieves as they come; what was entered as sold. */
  #trade(item: number, day: number, isMeasured: boolean): readonly Sale[] {
    const [shelf, came, sales] = [this.#shelves[item]!, this.#coming[item]![day]!, [] as Sale[]]
    if (came > 0) {
      shelf.stock += came
      shelf.record += came
      shelf.pipeline -= came
      for (const one of this.#hearers) one.received?.(item, came, day)
    }
    const { at, units, enteredAs, unfilled } = this.#world.items[item]!
    for (let event = this.#next[item]!; event < at.length && at[event]! < day + 1; this.#next[item] = event += 1) {
      const some = units[event]!
      if (some < 0) {
        shelf.stock = Math.max(0, shelf.stock + some)
        continue
      }
      const got = unfilled[day] === 1 ? 0 : Math.min(some, shelf.stock)
      shelf.stock -= got
      if (got > 0) sales.push({ item: enteredAs[event]!, units: got, at: at[event]! })
      if (!isMeasured) continue
      this.#measured.wanted += some
      this.#measured.got += got
      this.#measured.cost += (some - got) * LOST_SALE_COST
    }
    return sales
  }

  #measure({ stock, record }: Shelf): void {
    this.#measured.days += 1
    this.#measured.cost += stock * HOLDING_COST
    if (stock === 0 && record > 0) this.#measured.phantom += 1
  }

  /** Where the truth lies in what is believed: anywhere in the probability of its own quantity, so that a right belief is as often in any tenth. */
  #judge(believed: Filter, stock: number, isMeasured: boolean): void {
    const { low, step, cells } = believed.told
    const cell = Math.floor((stock - low) / step)
    believed.quantities(this.#quantities)
    let below = 0
    for (let at = 0; at < Math.min(cell, cells); at += 1) below += this.#quantities[at]!
    const fraction = below + this.#ties.fraction() * (cell >= 0 && cell < cells ? this.#quantities[cell]! : 0)
    if (!isMeasured) return
    this.#tenths[Math.min(9, Math.floor(fraction * 10))]! += 1
    if (fraction >= 0.05 && fraction <= 0.95) this.#measured.covered += 1
  }

  /** On its day an item is counted; who walks past empty shelves only corrects what the record still has of them. */
  #count(item: number, shelf: Shelf, day: number): void {
    const { regime, items } = this.#world
    if (isCounted(regime, items[item]!, day)) {
      const off = this.#errors.fraction() < regime.countError ? 1 + this.#errors.below(COUNT_SPREAD * 2 + 1) : 0
      const counted = Math.max(0, shelf.stock + (this.#errors.fraction() < 0.5 ? off : -off))
      shelf.record = counted
      shelf.countedAt = day + 1
      for (const one of this.#hearers) one.counted?.(item, counted, day + 1)
    } else if (this.#name === 'walks' && day % WALK_DAYS === 0 && shelf.stock === 0) shelf.record = Math.min(shelf.record, 0)
  }
}

/** What a shelf begins with. */
const openingOf = (mean: number, pack: number): number => Math.ceil((mean * 6 + 2) / pack) * pack
