// Store, picking: what is held for an order is set aside row by row, first expired first, then as one walks; picked goods go to packing and stay
// spoken for. Allocated <= on hand per row.
//
// A bin may have less than its record says. What was found is picked; the rest of the hold is set aside elsewhere, or waits; the difference is
// an exception for somebody to count, never a silent change of stock. Nothing is set aside at that bin before it is counted.

import { untimely } from '../fault.ts'
import type { Instant } from '../calendar.ts'
import { announce, sells, type Draft } from '../ledger.ts'
import { livesLongEnough } from '../minimum-life.ts'
import { standardPlaces, type PlaceId } from '../place.ts'
import { plannedKey, waiting, type PlannedMove } from '../planned-move.ts'
import { beyond, least, minus, none, plus, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { allocationEnd, itemKey, unallocated, type Allocation, type Stock } from '../stock.ts'
import { forbids, isPicked } from './order.ts'
import { mayAllocate } from './store-kit.ts'
import { allocate, byWalk, carry, deallocate, isShort, soonestToExpire } from '../hold.ts'

export interface Allocate {
  readonly kind: 'allocate'
  readonly order: string
}

/** Releases an order for picking: its holds get stock rows. */
export function allocateOrder({ order }: Allocate, draft: Draft): object | Refusal {
  const refusal = forbids(draft, order, 'allocate')
  if (refusal) return refusal
  const rows = draft.planned.of(order).filter((row) => row.direction === 'demand' && row.holdExpiresAt === null)
  const short = rows.some((row) => waiting(row) > 0)
  if (short && draft.order.get(order)?.shipComplete) {
    return refuse('order_not_complete', 'order', 'The customer wants everything at once, and some of it still waits for stock.')
  }
  const allocated = rows
    .map((row) => ({ line: row.line, allocated: allocateLine(draft, row, beyond(mayAllocate(draft, row), row.allocated)) }))
    .filter((one) => one.allocated > 0)
  if (allocated.length === 0) {
    const { days } = draft.minimumLife.get(order) ?? { days: 0 }
    const tooOld =
      days > 0 && rows.some((row) => row.held > row.allocated && candidatesOf(draft, row).some((at) => !livesLongEnough(draft, order, at)))
    if (tooOld)
      return refuse('life_too_short', 'order', `What is here expires too soon: this customer takes nothing with fewer than ${days} days left.`)
    return refuse('not_held', 'order', 'Nothing is held for this order that is not allocated already, or stands where it can be picked.')
  }
  announce(draft, { type: 'order.allocated', subject: order, data: { lines: allocated } })
  return { id: order, lines: allocated }
}

export interface Recall {
  readonly kind: 'recall'
  readonly order: string
}

/** Calls an order back from picking: what is not picked yet is set aside no longer, and stays held. What is picked stays picked. */
export function recallOrder({ order }: Recall, draft: Draft): object | Refusal {
  const refusal = forbids(draft, order, 'recall')
  if (refusal) return refusal
  const inBins = allocationsOf(draft, order).filter((one) => !isPicked(one))
  if (inBins.length === 0) return refuse('nothing_to_do', 'order', 'Nothing is set aside for this order that is not picked already.')
  for (const one of inBins) deallocate(draft, one, one.quantity)
  const lines = inBins.map(({ line, quantity }) => ({ line, quantity }))
  announce(draft, { type: 'order.recalled', subject: order, data: { lines } })
  return { id: order, lines }
}

/** Sets aside what is held for a planned move and is not set aside yet; returns how much of it. */
function allocateLine(draft: Draft, row: PlannedMove, most: Quantity = row.held): Quantity {
  let left = least(most, minus(row.held, row.allocated))
  if (left === 0) return none
  const candidates = candidatesOf(draft, row).filter((at) => livesLongEnough(draft, row.document, at))
  let now = row
  for (const at of candidates.toSorted(soonestToExpire(draft))) {
    const some = least(left, unallocated(at))
    if (some === 0) break
    now = allocate(draft, now, at, some)
    left = minus(left, some)
  }
  return minus(now.allocated, row.allocated)
}

const candidatesOf = (draft: Draft, row: PlannedMove): Stock[] =>
  draft.stock.of(itemKey(row.item, row.owner)).filter((at) => unallocated(at) > 0 && mayPick(draft, row, at))

/** Packed goods whose order lost them are as good as any, and need no picking; but a closed package is one order's. */
function mayPick(draft: Draft, { document }: PlannedMove, at: Stock): boolean {
  if (!sells(draft.state, at) || isShort(draft, at)) return false
  return at.package === '' || draft.package.get(at.package)?.order === document
}

export interface Picked {
  readonly line: number
  /** Without one, wherever the line is set aside, as one walks. */
  readonly place: PlaceId | null
  readonly lot: string
  readonly serial: string
  readonly quantity: Quantity
  /** Whether there was no more, although more was set aside. */
  readonly short: boolean
}

export interface PickOrder {
  readonly kind: 'pick'
  readonly order: string
  readonly pickedAt: Instant
  /** Without them, everything that is set aside was found and picked. */
  readonly picks?: readonly Picked[]
}

export interface Missed {
  readonly line: number
  readonly missing: Quantity
  /** How much of it is set aside elsewhere now; the rest waits. */
  readonly elsewhere: Quantity
}

/** What is allocated goes from its bin to packing, all of it or what the picker says; what is not picked stays set aside. */
export function pick({ order, pickedAt, picks }: PickOrder, draft: Draft): object | Refusal {
  const refusal = forbids(draft, order, 'pick') ?? untimely(draft, pickedAt, 'pickedAt')
  if (refusal) return refusal
  const toPick = allocationsOf(draft, order).filter((one) => !isPicked(one))
  if (toPick.length === 0) return refuse('nothing_to_do', 'order', 'Nothing is allocated for this order that is not picked already.')
  const done = picks === undefined ? { found: pickAll(draft, toPick, pickedAt), missed: [] } : pickSome(draft, order, picks, pickedAt)
  if (isRefusal(done)) return done
  const { found: lines, missed } = done
  announce(draft, { type: 'order.picked', subject: order, occurredAt: pickedAt, data: { lines, ...(missed.length > 0 ? { missed } : {}) } })
  return { id: order, lines, ...(missed.length > 0 ? { missed } : {}) }
}

interface Found {
  readonly line: number
  readonly quantity: Quantity
}

const pickAll = (draft: Draft, allocations: readonly Allocation[], pickedAt: Instant): Found[] =>
  allocations.map((one) => toPacking(draft, one, one.quantity, pickedAt))

function toPacking(draft: Draft, one: Allocation, some: Quantity, occurredAt: Instant): Found {
  const { document, line, part } = one
  carry(draft, one, some, { ...allocationEnd(one), place: standardPlaces.packing }, { cause: 'pick', document, line, part, occurredAt })
  return { line, quantity: some }
}

function pickSome(
  draft: Draft,
  order: string,
  picks: readonly Picked[],
  pickedAt: Instant,
): { readonly found: readonly Found[]; readonly missed: readonly Missed[] } | Refusal {
  const found: Found[] = []
  const missing: Allocation[] = []
  for (const [index, one] of picks.entries()) {
    const { quantity: wanted, short } = one
    const path = `picks/${index + 1}/quantity`
    if (wanted < 0 || (wanted === 0 && !short)) return refuse('quantity_not_positive', path, 'None was picked, and nothing is said to be missing.')
    const asked = allocationsOf(draft, order).filter((at) => !isPicked(at) && isMeant(one, at))
    const setAside = asked.reduce((sum, at) => plus(sum, at.quantity), none)
    if (wanted > setAside) return refuse('more_than_allocated', path, `${setAside} of line ${one.line} are set aside there.`)
    if (short && wanted === setAside) return refuse('nothing_to_do', `picks/${index + 1}/short`, 'All that was set aside there was found.')
    let left = wanted
    for (const at of asked.toSorted(byWalk(draft))) {
      const some = least(left, at.quantity)
      if (some > 0) found.push(toPacking(draft, at, some, pickedAt))
      left = minus(left, some)
      if (short && some < at.quantity) missing.push({ ...at, quantity: minus(at.quantity, some) })
    }
  }
  return { found, missed: missAll(draft, missing) }
}

const isMeant = ({ line, place, lot, serial }: Picked, at: Allocation): boolean =>
  at.line === line && (place === null || at.place === place) && (lot === '' || at.lot === lot) && (serial === '' || at.serial === serial)

/** All that is missing is noted before any of it is sought elsewhere: one missing bin is no other's replacement. */
function missAll(draft: Draft, missing: readonly Allocation[]): Missed[] {
  const byPlan = new Map<string, { readonly line: number; readonly missing: Quantity }>()
  for (const one of missing) {
    deallocate(draft, one, one.quantity)
    raiseShort(draft, one)
    const key = plannedKey(one)
    byPlan.set(key, { line: one.line, missing: plus(byPlan.get(key)?.missing ?? none, one.quantity) })
  }
  return [...byPlan].map(([key, one]) => ({ ...one, elsewhere: allocateLine(draft, draft.planned.get(key)!, one.missing) }))
}

function raiseShort(draft: Draft, { item, document, line, quantity: some, place }: Allocation): void {
  draft.exception.put({
    exception: draft.state.newId(),
    kind: 'short_pick',
    item,
    document,
    line,
    quantity: some,
    place,
    detail: `${some} fewer were found than recorded; nothing more is picked there until it is counted.`,
    raisedAt: draft.state.now,
  })
  announce(draft, { type: 'pick.short', subject: document, data: { line, item, place, quantity: some } })
}

export const allocationsOf = (draft: Draft, order: string): Allocation[] =>
  draft.planned.of(order).flatMap((row) => draft.allocation.of(plannedKey(row)))
