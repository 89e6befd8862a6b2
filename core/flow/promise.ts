// Promise: the day on which an item can be had, without breaking what was promised before.
//
// ATP(t) = min over u >= t of (sellable stock + supply due by u - open demand due by u): what can be given at t and still leave every
// later demand covered. Each demand counts once, held or not. It never falls as t rises, so the first day that has enough is the promise.

import type { Day } from '../calendar.ts'
import type { Draft } from '../ledger.ts'
import type { ItemId, PartyId } from '../item.ts'
import { availabilityOf } from '../ledger.ts'
import { open, type PlannedMove } from '../planned-move.ts'
import { beyond, least, quantity, type Quantity } from '../quantity.ts'
import { free, itemKey, type Availability, type Schedule } from '../stock.ts'

export interface Promised {
  /** What stock covers now. */
  readonly held: Quantity
  /** The day on which all of it can be had; null where no known supply covers it. */
  readonly day: Day | null
  readonly reason: 'in_stock' | 'incoming_supply' | 'no_supply'
}

/** Decides what can be promised of `wanted` from day `requested` on. Needs the item's schedule where supply is planned. */
export function promise(draft: Draft, item: ItemId, owner: PartyId, wanted: Quantity, requested: Day): Promised {
  const row = availabilityOf(draft, item, owner)
  const schedule = row.supply > 0 ? draft.schedule.of(itemKey(item, owner)) : []
  return promiseFrom(row, schedule, draft.state.today, wanted, requested)
}

/** The same from plain rows; for those who only ask. */
export function promiseFrom(row: Availability, schedule: readonly Schedule[], today: Day, wanted: Quantity, requested: Day): Promised {
  const asked = requested < today ? today : requested
  const steps = stepsOf(row, schedule, today)
  const held = least(wanted, least(free(row), promisable(steps, today)))
  if (held === wanted) return { held, day: asked, reason: 'in_stock' }
  const enough = steps.find((step) => step.quantity >= wanted)
  if (enough === undefined) return { held, day: null, reason: 'no_supply' }
  return { held, day: enough.from > asked ? enough.from : asked, reason: 'incoming_supply' }
}

/**
 * ATP on `day`, never below 0. `schedule` may be left empty when nothing is supplied: then all demand counts against stock.
 * What is overdue counts as due `today`.
 */
export const availableToPromise = (row: Availability, schedule: readonly Schedule[], today: Day, day: Day): Quantity =>
  promisable(stepsOf(row, schedule, today), day)

/** ATP from a day on until the next step. */
interface Step {
  readonly from: Day
  readonly quantity: Quantity
}

/** ATP as a staircase that only rises, from before all days: balances day by day, then the least from each day on, in one pass back. */
function stepsOf(row: Availability, schedule: readonly Schedule[], today: Day): Step[] {
  const always = '' as Day
  if (row.supply === 0) return [{ from: always, quantity: beyond(row.sellable, row.demand) }]
  const due = schedule.map((one) => (one.due < today ? { ...one, due: today } : one)).toSorted((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0))
  const balances = new Map<Day, number>([[always, row.sellable]])
  let balance: number = row.sellable
  for (const { due: day, supply, demand } of due) balances.set(day, (balance += supply - demand))
  let lowest = Infinity
  const steps: Step[] = []
  for (const [from, left] of [...balances].toReversed()) {
    lowest = Math.min(lowest, left)
    steps.push({ from, quantity: quantity(Math.max(lowest, 0)) })
  }
  return steps.toReversed()
}

const promisable = (steps: readonly Step[], day: Day): Quantity => steps.findLast((step) => step.from <= day)!.quantity

/** Supplies that can be pegged to a demand due on `day`, earliest first. */
export function supplies(draft: Draft, item: ItemId, owner: PartyId, day: Day | null): PlannedMove[] {
  return draft.planned
    .of(itemKey(item, owner))
    .filter((row) => row.direction === 'supply' && row.status !== 'proposed' && (day === null || row.due <= day) && open(row) > row.pegged)
    .toSorted((a, b) => (a.due === b.due ? a.age - b.age : a.due < b.due ? -1 : 1))
}
