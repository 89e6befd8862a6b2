// Promise: the day on which an item can be had, without breaking what was promised before.
//
// ATP(t) = min over u >= t of (sellable stock that is not doubted + supply due by u - open demand due by u): what can be given at t and still leave every
// later demand covered. Each demand counts once, held or not. It never falls as t rises, so the first day that has enough is the promise.
//
// How sure it is follows from what it counts on: stock that is held, supply that is on time, or supply that is overdue already. Inputs that would
// say more and are not there are named (`absentInputs`), never guessed.

import type { Day } from '../calendar.ts'
import { sureThat } from '../doubt.ts'
import type { Confidence, PromiseReason } from '../given-promise.ts'
import type { Draft } from '../ledger.ts'
import type { ItemId, PartyId } from '../item.ts'
import { availabilityOf } from '../ledger.ts'
import { consignedFree } from '../consignment.ts'
import { isBound, open, type PlannedMove } from '../planned-move.ts'
import { beyond, least, none, plus, quantity, type Quantity } from '../quantity.ts'
import { free, itemKey, type Availability, type Schedule } from '../stock.ts'

export interface Promised {
  /** What stock covers now. */
  readonly held: Quantity
  /** The day on which all of it can be had; null where no known supply covers it. */
  readonly day: Day | null
  readonly reason: PromiseReason
  readonly confidence: Confidence
  /** The probability, at least, that what stock covers is there; null where nothing is believed. As far as beliefs were asked for. */
  readonly sure?: number | null
}

/** What a promise would be better for, and does not know. */
export function absentInputs(promises: readonly Promised[]): readonly AbsentInput[] {
  const isBelieved = promises.every(({ held, sure }) => held === 0 || (sure ?? null) !== null)
  return [...(isBelieved ? [] : [absentBelief]), ...alwaysAbsent]
}

interface AbsentInput {
  readonly input: string
  readonly because: string
}

const absentBelief = { input: 'belief', because: 'Some of the stock counts as it is recorded: nothing is known yet of what the shelf holds instead.' }
const alwaysAbsent: readonly AbsentInput[] = [
  { input: 'lead_times', because: 'Supply counts for the day that was agreed: how late its supplier tends to be is not learnt yet.' },
  { input: 'capacity', because: 'What would have to be bought or made first is not promised: no work centre has hours yet.' },
  { input: 'calendars', because: 'Every day counts as a working day, until its end.' },
]

/** Decides what can be promised of `wanted` from day `requested` on. Needs the item's schedule where supply is planned. */
export function promise(draft: Draft, item: ItemId, owner: PartyId, wanted: Quantity, requested: Day): Promised {
  mustKnowSupply(draft)
  const row = availabilityOf(draft, item, owner)
  const schedule = row.supply > 0 ? draft.schedule.of(itemKey(item, owner)) : []
  // Goods of suppliers that stand here are in stock: what is held of them is taken over (reserve.ts).
  const all = draft.state.tables.consigned.size === 0 ? row : { ...row, sellable: plus(row.sellable, consignedFree(draft, item)) }
  return promiseFrom(all, schedule, draft.state.today, wanted, requested)
}

/** The same from plain rows; for those who only ask. */
export const promiseFrom = (row: Availability, schedule: readonly Schedule[], today: Day, wanted: Quantity, requested: Day): Promised =>
  promiseBy(outlookOf(row, schedule, today), wanted, requested)

/** What an item's stock, supply and demand come to from day to day, worked out once for whatever is asked of it. */
export interface Outlook {
  readonly row: Availability
  readonly schedule: readonly Schedule[]
  readonly today: Day
  readonly steps: readonly Step[]
  /** What can be held now: free, and promised to nobody. */
  readonly holdable: Quantity
}

export function outlookOf(row: Availability, schedule: readonly Schedule[], today: Day): Outlook {
  const steps = stepsOf(row, schedule, today)
  return { row, schedule, today, steps, holdable: least(free(row), promisable(steps, today)) }
}

export function promiseBy({ row, schedule, today, steps, holdable }: Outlook, wanted: Quantity, requested: Day): Promised {
  const asked = requested < today ? today : requested
  const held = least(wanted, holdable)
  const sure = sureOf(row, held)
  if (held === wanted) return { held, day: asked, reason: 'in_stock', confidence: 'high', ...sure }
  const enough = steps.find((step) => step.quantity >= wanted)
  if (enough === undefined) return { held, day: null, reason: 'no_supply', confidence: 'none', ...sure }
  const day = enough.from > asked ? enough.from : asked
  return { held, day, reason: 'incoming_supply', confidence: isOnTime(row, schedule, today, wanted, day) ? 'medium' : 'low', ...sure }
}

/** How sure it is that there are as many as are held already and these besides: of the record, no more than the rest may be missing. */
const sureOf = ({ missing, sellable, reserved }: Availability, held: Quantity): Pick<Promised, 'sure'> =>
  missing === undefined || held === 0 ? {} : { sure: sureThat(missing, sellable - reserved - held) }

/** Whether there would be enough by `day` although nothing that is overdue came. */
function isOnTime(row: Availability, schedule: readonly Schedule[], today: Day, wanted: Quantity, day: Day): boolean {
  if (schedule.every((one) => one.due >= today || one.supply === 0)) return true
  const others = schedule.map((one) => (one.due < today ? { ...one, supply: none } : one))
  return promisable(stepsOf(row, others, today), day) >= wanted
}

/** The item that was asked for where it can be had by the day, else the first of its alternatives that is in stock by then, else the one that was asked for. */
export function alternativeInTime(asked: ItemId, alternatives: readonly ItemId[], promised: (item: ItemId) => Promised, by: Day): ItemId {
  const { day } = promised(asked)
  if (day !== null && day <= by) return asked
  return alternatives.find((item) => promised(item).reason === 'in_stock') ?? asked
}

/**
 * ATP on `day`, never below 0. `schedule` may be left empty when nothing is supplied: then all demand counts against stock.
 * What is overdue counts as due `today`.
 */
export const availableToPromise = (row: Availability, schedule: readonly Schedule[], today: Day, day: Day): Quantity =>
  promisable(stepsOf(row, schedule, today), day)

/** What can be promised from a day on, and how that came about. */
export interface PromiseDay {
  /** Null before the first day: stock, and nothing that is due. */
  readonly due: Day | null
  readonly supply: Quantity
  readonly demand: Quantity
  /** Stock that is not doubted and all supply by then, less all demand by then; below 0 where more is due than there is. */
  readonly balance: number
  readonly promisable: Quantity
}

/** ATP day by day, for who asks how it came about. What is overdue stands on `today`. */
export function promiseDays(row: Availability, schedule: readonly Schedule[], today: Day): readonly PromiseDay[] {
  const steps = stepsOf({ ...row, supply: quantity(1) }, schedule, today)
  const byDay = Map.groupBy(schedule, (one) => (one.due < today ? today : one.due))
  let balance: number = row.sellable - row.doubted
  return steps.map(({ from, quantity: some }) => {
    const due = byDay.get(from) ?? []
    const supply = due.reduce((sum, one) => plus(sum, one.supply), none)
    const demand = due.reduce((sum, one) => plus(sum, one.demand), none)
    balance += supply - demand
    return { due: from === always ? null : from, supply, demand, balance, promisable: some }
  })
}

/** ATP from a day on until the next step. */
interface Step {
  readonly from: Day
  readonly quantity: Quantity
}

const always = '' as Day

/** ATP as a staircase that only rises, from before all days: balances day by day, then the least from each day on, in one pass back. */
function stepsOf(row: Availability, schedule: readonly Schedule[], today: Day): Step[] {
  if (row.supply === 0) return [{ from: always, quantity: beyond(row.sellable, plus(row.demand, row.doubted)) }]
  const due = schedule.map((one) => (one.due < today ? { ...one, due: today } : one)).toSorted((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0))
  const balances = new Map<Day, number>([[always, row.sellable - row.doubted]])
  let balance: number = row.sellable - row.doubted
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
  mustKnowSupply(draft)
  return draft.planned
    .of(itemKey(item, owner))
    .filter(
      (row) => row.direction === 'supply' && row.status !== 'proposed' && !isBound(row) && (day === null || row.due <= day) && open(row) > row.pegged,
    )
    .toSorted((a, b) => (a.due === b.due ? a.age - b.age : a.due < b.due ? -1 : 1))
}

/** A stage that says it does not count on what is to come, and does, would promise less than there is: that is a fault of ours. */
function mustKnowSupply({ state }: Draft): void {
  if (!state.countsOnSupply) throw new Error('What is to come was not read: the stage says that it does not count on it.')
}
