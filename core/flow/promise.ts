// Promise: the day on which an item can be had, without breaking what was promised before.
//
// ATP(t) = min over u >= t of (sellable stock + supply due by u - open demand due by u): what can be given at t and still leave every
// later demand covered. Each demand counts once, held or not. It never falls as t rises, so the first day that has enough is the promise.

import type { Day } from '../calendar.ts'
import type { Draft } from '../ledger.ts'
import type { ItemId, PartyId } from '../item.ts'
import { availabilityOf } from '../ledger.ts'
import { open, type PlannedMove } from '../planned-move.ts'
import { least, quantity, type Quantity } from '../quantity.ts'
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
  const held = least(wanted, least(free(row), availableToPromise(row, schedule, today, today)))
  if (held === wanted) return { held, day: asked, reason: 'in_stock' }
  const day = firstDay(row, schedule, today, asked, wanted)
  return { held, day, reason: day === null ? 'no_supply' : 'incoming_supply' }
}

/**
 * ATP on `day`, never below 0. `schedule` may be left empty when nothing is supplied: then all demand counts against stock.
 * What is overdue counts as due `today`.
 */
export function availableToPromise(row: Availability, schedule: readonly Schedule[], today: Day, day: Day): Quantity {
  if (row.supply === 0) return quantity(Math.max(row.sellable - row.demand, 0))
  const later = schedule.map((one) => (one.due < today ? { ...one, due: today } : one)).toSorted((a, b) => (a.due < b.due ? -1 : 1))
  let balance: number = row.sellable
  let lowest = Infinity
  later.forEach((one, index) => {
    balance += one.supply - one.demand
    const next = later[index + 1]
    // The balance stands from the last entry of a day to the next day with entries, and only days from `day` on matter.
    if (next === undefined || (next.due !== one.due && next.due > day)) lowest = Math.min(lowest, balance)
  })
  if (later.length > 0 && later[0]!.due > day) lowest = Math.min(lowest, row.sellable)
  return quantity(Math.max(Number.isFinite(lowest) ? lowest : row.sellable, 0))
}

/** Supplies that can be pegged to a demand due on `day`, earliest first. */
export function supplies(draft: Draft, item: ItemId, owner: PartyId, day: Day | null): PlannedMove[] {
  return draft.planned
    .of(itemKey(item, owner))
    .filter((row) => row.direction === 'supply' && row.status !== 'proposed' && (day === null || row.due <= day) && open(row) > row.pegged)
    .toSorted((a, b) => (a.due === b.due ? a.age - b.age : a.due < b.due ? -1 : 1))
}

function firstDay(row: Availability, schedule: readonly Schedule[], today: Day, asked: Day, wanted: Quantity): Day | null {
  const days = [asked, ...schedule.filter((one) => one.supply > 0 && one.due > asked).map((one) => one.due).toSorted()]
  return days.find((day) => availableToPromise(row, schedule, today, day) >= wanted) ?? null
}
