// Run: one policy through a world, day by day: goods come in the morning, customers and thieves all day, somebody counts in the evening, then it is
// ordered. What it cost, how many went home with what they wanted, and how right its belief was.

import type { Beliefs } from '../../core/loop/belief.ts'
import { chanceOf } from '../../core/rng.ts'
import { policyOf, type PolicyName, type Setting, type Shelf } from './policies.ts'
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
  const { regime, items } = world
  const policy = policyOf(name, setting, world)
  const watcher = watches && !policy.beliefs ? policyOf('belief', setting, world) : undefined
  const [beliefs, all] = [(watcher ?? policy).beliefs, watcher ? [policy, watcher] : [policy]]
  const soldAt = new Float64Array(items.length)
  const [chance, jitter] = [chanceOf(world.seed * 31 + 7), chanceOf(world.seed * 17 + 3)]
  const shelves = items.map(({ mean }): Shelf => ({
    stock: openingOf(mean, regime.pack),
    record: openingOf(mean, regime.pack),
    pipeline: 0,
    countedAt: 0,
  }))
  for (const [item, { stock }] of shelves.entries()) beliefs?.open(item, stock, 0)
  const coming = items.map(() => new Int32Array(regime.days + regime.leadDays + 2))
  const next = new Int32Array(items.length)
  const [pit, quantities] = [new Float64Array(10), new Float64Array(4096)]
  const measured = { cost: 0, wanted: 0, got: 0, days: 0, phantom: 0, covered: 0 }
  for (let day = 0; day < regime.days; day += 1) {
    const isMeasured = day >= regime.days * SETTLING
    const sales: Sale[] = []
    for (const [item, shelf] of shelves.entries()) {
      const came = coming[item]![day]!
      if (came > 0) {
        shelf.stock += came
        shelf.record += came
        shelf.pipeline -= came
        for (const one of all) one.received?.(item, came, day)
      }
      const { at, units, enteredAs, unfilled } = items[item]!
      for (; next[item]! < at.length && at[next[item]!]! < day + 1; next[item]! += 1) {
        const event = next[item]!
        const some = units[event]!
        if (some < 0) {
          shelf.stock = Math.max(0, shelf.stock + some)
          continue
        }
        const got = unfilled[day] === 1 ? 0 : Math.min(some, shelf.stock)
        shelf.stock -= got
        if (got > 0) sales.push({ item: enteredAs[event]!, units: got, at: at[event]! })
        if (!isMeasured) continue
        measured.wanted += some
        measured.got += got
        measured.cost += (some - got) * LOST_SALE_COST
      }
    }
    sales.sort((a, b) => a.at - b.at)
    for (const { item, units, at } of sales) {
      shelves[item]!.record -= units
      soldAt[item] = at
      for (const one of all) one.sold?.(item, units, at)
    }
    for (const one of all) one.evening?.(day)
    for (const [item, shelf] of shelves.entries()) {
      if (isMeasured) {
        measured.days += 1
        measured.cost += shelf.stock * HOLDING_COST
        if (shelf.stock === 0 && shelf.record > 0) measured.phantom += 1
      }
      if (beliefs) {
        const grid = beliefs.settle(item, day + 1)
        const cells = grid.quantities(quantities)
        let below = 0
        for (let cell = 0; cell < cells && grid.low + cell < shelf.stock; cell += 1) below += quantities[cell]!
        const cell = shelf.stock - grid.low
        const here = cell >= 0 && cell < cells ? quantities[cell]! : 0
        const fraction = below + jitter.fraction() * here
        if (isMeasured) {
          pit[Math.min(9, Math.floor(fraction * 10))]! += 1
          if (fraction >= 0.05 && fraction <= 0.95) measured.covered += 1
        }
      }
      if (isCounted(regime, items[item]!, day)) {
        const off = chance.fraction() < regime.countError ? 1 + chance.below(COUNT_SPREAD * 2 + 1) : 0
        const counted = Math.max(0, shelf.stock + (chance.fraction() < 0.5 ? off : -off))
        shelf.record = counted
        shelf.countedAt = day + 1
        for (const one of all) one.counted?.(item, counted, day + 1)
      } else if (name === 'walks' && day % WALK_DAYS === 0 && shelf.stock === 0) shelf.record = Math.min(shelf.record, 0)
      const some = policy.order(item, shelf, day)
      shelf.pipeline += some
      coming[item]![day + regime.leadDays]! += some
    }
  }
  return {
    cost: measured.cost / measured.days,
    fill_rate: measured.got / measured.wanted,
    phantom: measured.phantom / measured.days,
    end: { shelves, soldAt, beliefs },
    ...(beliefs && {
      pit: [...pit].map((count) => count / measured.days),
      coverage90: measured.covered / measured.days,
      surprises: beliefs.surprises.length,
    }),
  }
}

/** What a shelf begins with. */
const openingOf = (mean: number, pack: number): number => Math.ceil((mean * 6 + 2) / pack) * pack
