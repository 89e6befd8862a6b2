// Hold: where flow and loop meet. A hold is `held` on a planned move; an allocation says which stock row it will be picked from.
//
// When stock becomes free it goes to what waits, by priority and age. When physical truth takes stock that was held (a till sold it, a count
// or a loss took it), holds are shorted: unallocated first, least urgent first, youngest first, packed goods last; each shorted hold is an
// exception that a person sees. `settle` does both, and is called after every change of an item's stock.

import { closeOverdue, closeSlips, hurtByLack, noteHurt } from './disruption.ts'
import { shortOf } from './exception-groups.ts'
import type { ItemId, PartyId } from './item.ts'
import { announce, availabilityOf, plan, post, type Draft } from './ledger.ts'
import type { End, Posting } from './move.ts'
import { standardPlaces, walkedLast, type PlaceId } from './place.ts'
import { byUrgency, isBound, open, plannedKey, waiting, type Peg, type PlannedMove } from './planned-move.ts'
import { beyond, least, minus, none, plus, quantity, type Quantity } from './quantity.ts'
import {
  allocationEnd,
  free,
  isSoundStock,
  itemKey,
  less,
  lotKey,
  overheld,
  someWait,
  stockAt,
  stockKey,
  withAllocated,
  type Allocation,
  type Stock,
} from './stock.ts'

/** Holds so much more for a planned move; what it no longer waits for is unpegged. The stock must be free. */
export function hold(draft: Draft, row: PlannedMove, more: Quantity): void {
  if (more === 0) return
  plan(draft, { ...row, held: plus(row.held, more) })
  unpeg(draft, row)
}

/** Lets go of a hold, as far as it is not allocated. */
export function release(draft: Draft, row: PlannedMove, some: Quantity): void {
  plan(draft, { ...row, held: minus(row.held, some) })
}

/** Makes holds true again after an item's stock or demand changed: shorts what stock no longer covers, holds what became free. */
export function settle(draft: Draft, item: ItemId, owner: PartyId): void {
  for (const row of draft.stock.of(itemKey(item, owner))) if (!isSoundStock(row)) deallocateFrom(draft, row)
  const availability = availabilityOf(draft, item, owner)
  const excess = overheld(availability)
  if (excess > 0) short(draft, item, owner, excess)
  else if (free(availability) > 0 && someWait(availability)) holdWaiting(draft, item, owner)
}

export function peg(draft: Draft, supply: PlannedMove, demand: PlannedMove, some: Quantity): PlannedMove {
  const pair = { supply: plannedKey(supply), demand: plannedKey(demand) }
  const before = draft.peg.get(`${pair.supply}>${pair.demand}`)
  draft.peg.put({ ...pair, quantity: plus(before?.quantity ?? none, some) })
  plan(draft, { ...supply, pegged: plus(supply.pegged, some) })
  const next = { ...demand, pegged: plus(demand.pegged, some) }
  plan(draft, next)
  return next
}

/** Pegs a new supply to demand that waits, the most urgent first. */
export function pegWaiting(draft: Draft, supply: PlannedMove): void {
  const demands = demandsOf(draft, supply.item, supply.owner).filter((row) => unpegged(row) > 0 && !isBound(row))
  for (const demand of demands.toSorted(byUrgency)) {
    const now = draft.planned.get(plannedKey(supply))!
    const some = least(unpegged(demand), unpegged(now))
    if (some === 0) return
    peg(draft, now, draft.planned.get(plannedKey(demand))!, some)
  }
}

/** A supply came true: its pegs become holds, as far as it goes. */
export function fulfil(draft: Draft, supply: PlannedMove, came: Quantity): void {
  let left = came
  for (const one of draft.peg.of(`supply ${plannedKey(supply)}`)) {
    const some = least(left, one.quantity)
    if (some === 0) break
    loosen(draft, one, some)
    const demand = draft.planned.get(one.demand)!
    hold(draft, demand, least(least(some, waiting(demand)), free(availabilityOf(draft, demand.item, demand.owner))))
    left = minus(left, some)
  }
  const before = draft.planned.get(plannedKey(supply))!
  const now = { ...before, posted: plus(before.posted, came) }
  plan(draft, now)
  if (open(now) === 0) closeSlips(draft, now)
}

/** Takes `some` off a peg at both of its ends. */
export function loosen(draft: Draft, one: Peg, some: Quantity): void {
  if (some === one.quantity) draft.peg.remove(one)
  else draft.peg.put({ ...one, quantity: minus(one.quantity, some) })
  for (const key of [one.supply, one.demand]) {
    const row = draft.planned.get(key)!
    plan(draft, { ...row, pegged: minus(row.pegged, some) })
  }
}

/** Speaks for stock at a row, for a planned move. */
export function allocate(draft: Draft, row: PlannedMove, at: Stock, some: Quantity): PlannedMove {
  draft.stock.put(withAllocated(at, some))
  const allocation: Allocation = {
    document: row.document,
    line: row.line,
    part: row.part,
    item: row.item,
    owner: row.owner,
    place: at.place,
    lot: at.lot,
    serial: at.serial,
    package: at.package,
    quantity: some,
  }
  const before = draft.allocation.of(plannedKey(row)).find((one) => isSamePlace(one, allocation))
  draft.allocation.put(before ? { ...before, quantity: plus(before.quantity, some) } : allocation)
  const next = { ...row, allocated: plus(row.allocated, some) }
  plan(draft, next)
  return next
}

/** Gives up an allocation, wholly or in part; the hold stays. */
export function deallocate(draft: Draft, one: Allocation, some: Quantity): void {
  if (some === one.quantity) draft.allocation.remove(one)
  else draft.allocation.put(less(one, some))
  const key = stockKey(stockAt(one.item, allocationEnd(one)))
  const row = withAllocated(draft.stock.get(key)!, quantity(-some))
  if (row.quantity === 0 && row.allocated === 0) draft.stock.remove(row)
  else draft.stock.put(row)
  const planned = draft.planned.get(plannedKey(one))!
  plan(draft, { ...planned, allocated: minus(planned.allocated, some) })
}

/** Moves some of what is spoken for, and what speaks for it goes along. The other end must be one that sells. */
export function carry(
  draft: Draft,
  one: Allocation,
  some: Quantity,
  to: End,
  how: Pick<Posting, 'cause' | 'document' | 'line' | 'part' | 'occurredAt'>,
): void {
  deallocate(draft, one, some)
  post(draft, { ...how, item: one.item, quantity: some, from: allocationEnd(one), to })
  allocate(draft, draft.planned.get(plannedKey(one))!, draft.stock.get(stockKey(stockAt(one.item, to)))!, some)
}

/** Cancels what is open of a planned move: its pegs, its allocations, its hold. */
export function cancelOpen(draft: Draft, row: PlannedMove): Quantity {
  const cancelled = open(row)
  if (cancelled === 0) return none
  if (row.direction === 'demand') {
    cancelDemand(draft, row, cancelled)
    return cancelled
  }
  const key = plannedKey(row)
  for (const one of draft.peg.of(`supply ${key}`)) loosen(draft, one, one.quantity)
  const now = draft.planned.get(key)!
  plan(draft, { ...now, cancelled: plus(now.cancelled, cancelled) })
  closeOverdue(draft, row)
  settle(draft, row.item, row.owner)
  return cancelled
}

/**
 * So many of what is open of a demand are not wanted any more: what waits goes first, then what is held, then what is set aside, and what is packed
 * last. Picked goods stay at packing, spoken for by nobody, until somebody carries them back.
 */
export function cancelDemand(draft: Draft, row: PlannedMove, some: Quantity): void {
  const key = plannedKey(row)
  const left = minus(open(row), some)
  const held = least(row.held, left)
  let surplus = beyond(row.allocated, held)
  for (const one of draft.allocation.of(key).toSorted((a, b) => handled(a) - handled(b))) {
    const taken = least(surplus, one.quantity)
    if (taken === 0) break
    deallocate(draft, one, taken)
    surplus = minus(surplus, taken)
  }
  const now = draft.planned.get(key)!
  plan(draft, { ...now, cancelled: plus(now.cancelled, some), held })
  unpeg(draft, draft.planned.get(key)!)
  settle(draft, row.item, row.owner)
}

/** How much work was done on what is set aside. */
const handled = (one: Allocation): number => (one.place !== standardPlaces.packing ? 0 : one.package === '' ? 1 : 2)

/** So many of a supply will not come: what it no longer covers waits again, the least urgent first. */
export function cancelSupply(draft: Draft, row: PlannedMove, some: Quantity): void {
  loosenSurplus(draft, row, some)
  const now = draft.planned.get(plannedKey(row))!
  const left = { ...now, cancelled: plus(now.cancelled, some) }
  plan(draft, left)
  if (open(left) === 0) closeOverdue(draft, left)
}

/** So many fewer come of a supply: it is pegged for no more than the rest, the most urgent first. */
export function loosenSurplus(draft: Draft, row: PlannedMove, some: Quantity): void {
  let surplus = beyond(row.pegged, minus(open(row), some))
  const demand = (one: Peg): PlannedMove => draft.planned.get(one.demand)!
  for (const one of draft.peg.of(`supply ${plannedKey(row)}`).toSorted((a, b) => leastUrgentFirst(demand(a), demand(b)))) {
    const lost = least(surplus, one.quantity)
    if (lost === 0) break
    loosen(draft, one, lost)
    surplus = minus(surplus, lost)
  }
}

export const isSamePlace = (a: Allocation, b: Allocation): boolean =>
  a.place === b.place && a.lot === b.lot && a.serial === b.serial && a.package === b.package

function holdWaiting(draft: Draft, item: ItemId, owner: PartyId): void {
  const rows = demandsOf(draft, item, owner).filter((row) => waiting(row) > 0 && !isBound(row))
  for (const row of rows.toSorted(byUrgency)) {
    const some = least(waiting(row), free(availabilityOf(draft, item, owner)))
    if (some === 0) return
    hold(draft, draft.planned.get(plannedKey(row))!, some)
    announce(draft, { type: 'demand.held', subject: row.document, data: { line: row.line, quantity: some } })
  }
}

function short(draft: Draft, item: ItemId, owner: PartyId, excess: Quantity): void {
  let left = excess
  for (const row of demandsOf(draft, item, owner)
    .filter((one) => one.held > one.allocated)
    .toSorted(shortedFirst)) {
    left = minus(left, shortOne(draft, row, least(left, minus(row.held, row.allocated))))
    if (left === 0) return
  }
  const packedLast = (one: Allocation): number => (one.place === standardPlaces.packing ? 1 : 0)
  const allocations = demandsOf(draft, item, owner)
    .toSorted(shortedFirst)
    .flatMap((row) => draft.allocation.of(plannedKey(row)))
  for (const one of allocations.toSorted((a, b) => packedLast(a) - packedLast(b))) {
    const some = least(left, one.quantity)
    deallocate(draft, one, some)
    left = minus(left, shortOne(draft, draft.planned.get(plannedKey(one))!, some))
    if (left === 0) return
  }
  throw new Error(`${left} of item ${item} are held beyond stock, and no hold is left to short.`)
}

function shortOne(draft: Draft, row: PlannedMove, some: Quantity): Quantity {
  if (some === 0) return none
  release(draft, row, some)
  const exception = draft.state.newId()
  draft.exception.put({
    exception,
    kind: 'hold_shorted',
    item: row.item,
    document: row.document,
    line: row.line,
    quantity: some,
    detail:
      row.kind === 'component'
        ? `${some} held for component ${row.line} of a work order are gone; it waits for stock, and so does who counts on what is made.`
        : `${some} held for line ${row.line} are gone; the line waits for stock.`,
    raisedAt: draft.state.now,
    ...noteHurt(draft, exception, hurtByLack(draft, row, some)),
  })
  announce(draft, { type: 'hold.shorted', subject: row.document, data: { line: row.line, quantity: some } })
  return some
}

function deallocateFrom(draft: Draft, row: Stock): void {
  let surplus = beyond(row.allocated, quantity(Math.max(row.quantity, 0)))
  const rows = demandsOf(draft, row.item, row.owner).toSorted(leastUrgentFirst)
  for (const one of rows.flatMap((planned) => draft.allocation.of(plannedKey(planned)))) {
    if (stockKey(stockAt(one.item, allocationEnd(one))) !== stockKey(row)) continue
    const some = least(surplus, one.quantity)
    deallocate(draft, one, some)
    surplus = minus(surplus, some)
    if (surplus === 0) return
  }
  throw new Error(`${surplus} are allocated at a stock row beyond its quantity, and no allocation names it.`)
}

const demandsOf = (draft: Draft, item: ItemId, owner: PartyId): PlannedMove[] =>
  draft.planned.of(itemKey(item, owner)).filter((row) => row.direction === 'demand' && open(row) > 0)

const leastUrgentFirst = (a: PlannedMove, b: PlannedMove): number => byUrgency(b, a)

/** What was bought for one line alone is the last that others' shortage takes from it. */
const shortedFirst = (a: PlannedMove, b: PlannedMove): number => Number(isBound(a)) - Number(isBound(b)) || leastUrgentFirst(a, b)

/** A demand is pegged for no more than it waits for; the pegs of the latest supply go first. */
function unpeg(draft: Draft, row: PlannedMove): void {
  const key = plannedKey(row)
  const due = (one: Peg): string => draft.planned.get(one.supply)?.due ?? ''
  for (const one of draft.peg.of(`demand ${key}`).toSorted((a, b) => (due(a) < due(b) ? 1 : -1))) {
    const now = draft.planned.get(key)!
    const surplus = beyond(now.pegged, waiting(now))
    if (surplus === 0) return
    loosen(draft, one, least(surplus, one.quantity))
  }
}

/** What of a planned move can still be pegged. */
export const unpegged = (row: PlannedMove): Quantity => minus(open(row), plus(row.pegged, row.direction === 'demand' ? row.held : none))

/** First expired, first out; what never expires comes last; then as one walks. */
export const soonestToExpire =
  (draft: Draft) =>
  (a: Stock, b: Stock): number => {
    const expiry = (row: Stock): string => draft.lot.get(lotKey(row.item, row.lot))?.expiresOn ?? '9999-12-31'
    const [first, second] = [expiry(a), expiry(b)]
    return first === second ? byWalk(draft)(a, b) : first < second ? -1 : 1
  }

/** In the order in which places are walked; those without a position last, by number. */
export const byWalk =
  (draft: Draft) =>
  (a: { readonly place: PlaceId }, b: { readonly place: PlaceId }): number => {
    const walk = ({ place }: { readonly place: PlaceId }): number => draft.state.walks.get(place) ?? walkedLast
    return walk(a) - walk(b) || a.place - b.place
  }

/** Whether a picker found less of an item here than is recorded, and nobody counted since. */
export const isShort = (draft: Draft, { item, place }: { readonly item: ItemId; readonly place: PlaceId }): boolean =>
  draft.exception.of(shortOf(item)).some((one) => one.place === place && (one.closedAt ?? null) === null)

/** Somebody counted an item at a place: what was missed there is settled. */
export function closeShort(draft: Draft, item: ItemId, place: PlaceId): void {
  for (const one of draft.exception.of(shortOf(item))) if (one.place === place) draft.exception.put({ ...one, closedAt: draft.state.now })
}
