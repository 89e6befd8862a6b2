// Store: goods are set aside for released orders, are picked, and change condition. Stock speaks for itself row by row here:
// allocated <= on hand per row, while holds are kept per item in reserve.ts.

import { expiryFault, liesAhead } from '../fault.ts'
import type { Instant } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import { announce, post, sells, type Draft } from '../ledger.ts'
import type { Condition } from '../move.ts'
import { standardPlaces, type PlaceId } from '../place.ts'
import { plannedKey, waiting, type PlannedMove } from '../planned-move.ts'
import { least, minus, none, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { allocationEnd, itemKey, stockAt, stockKey, unallocated, type Allocation } from '../stock.ts'
import { forbids } from './order.ts'
import { allocate, deallocate, settle, soonestToExpire } from '../hold.ts'

export interface Allocate {
  readonly kind: 'allocate'
  readonly order: string
}

/** Releases an order for picking: its holds get stock rows, first expired first out. */
export function allocateOrder({ order }: Allocate, draft: Draft): object | Refusal {
  const refusal = forbids(draft, order, 'allocate')
  if (refusal) return refusal
  const rows = draft.planned.of(order).filter((row) => row.direction === 'demand' && row.holdExpiresAt === null)
  const short = rows.some((row) => waiting(row) > 0)
  if (short && draft.order.get(order)?.shipComplete) {
    return refuse('order_not_complete', 'order', 'The customer wants everything at once, and some of it still waits for stock.')
  }
  const allocated = rows.map((row) => ({ line: row.line, allocated: allocateLine(draft, row) })).filter((one) => one.allocated > 0)
  if (allocated.length === 0) return refuse('not_held', 'order', 'Nothing is held for this order that is not allocated already.')
  announce(draft, { type: 'order.allocated', subject: order, data: { lines: allocated } })
  return { id: order, lines: allocated }
}

function allocateLine(draft: Draft, row: PlannedMove): Quantity {
  let left = minus(row.held, row.allocated)
  if (left === 0) return none
  const candidates = draft.stock
    .of(itemKey(row.item, row.owner))
    // Packed goods whose order lost them are as good as any, and need no picking.
    .filter((at) => sells(draft.state, at) && unallocated(at) > 0)
  let now = row
  for (const at of candidates.toSorted(soonestToExpire(draft))) {
    const some = least(left, unallocated(at))
    if (some === 0) break
    now = allocate(draft, now, at, some)
    left = minus(left, some)
  }
  return minus(now.allocated, row.allocated)
}

export interface Pick {
  readonly kind: 'pick'
  readonly order: string
  readonly pickedAt: Instant
}

/** What is allocated goes from its bin to packing, and stays spoken for. */
export function pick({ order, pickedAt }: Pick, draft: Draft): object | Refusal {
  const refusal = forbids(draft, order, 'pick') ?? liesAhead(draft, pickedAt, 'pickedAt')
  if (refusal) return refusal
  const allocations = allocationsOf(draft, order).filter((one) => one.place !== standardPlaces.packing)
  if (allocations.length === 0) return refuse('nothing_to_do', 'order', 'Nothing is allocated for this order that is not picked already.')
  for (const one of allocations) {
    deallocate(draft, one, one.quantity)
    const from = allocationEnd(one)
    const to = { ...from, place: standardPlaces.packing }
    post(draft, {
      item: one.item,
      quantity: one.quantity,
      from,
      to,
      cause: 'pick',
      document: order,
      line: one.line,
      part: one.part,
      occurredAt: pickedAt,
    })
    allocate(draft, draft.planned.get(plannedKey(one))!, draft.stock.get(stockKey(stockAt(one.item, to)))!, one.quantity)
  }
  const lines = allocations.map(({ line, quantity: picked }) => ({ line, quantity: picked }))
  announce(draft, { type: 'order.picked', subject: order, occurredAt: pickedAt, data: { lines } })
  return { id: order, lines }
}

export const allocationsOf = (draft: Draft, order: string): Allocation[] =>
  draft.planned.of(order).flatMap((row) => draft.allocation.of(plannedKey(row)))

export interface ChangeCondition {
  readonly kind: 'changeCondition'
  readonly document: string
  readonly item: ItemId
  readonly quantity: Quantity
  readonly place: PlaceId
  readonly toPlace: PlaceId
  readonly lot: string
  readonly serial: string
  readonly from: Condition
  readonly to: Condition
  readonly changedAt: Instant
}

/** Quarantine is released, goods are found damaged, or goods go to another place of the site: a move like any other. */
export function changeCondition(command: ChangeCondition, draft: Draft): object | Refusal {
  const { item, place, toPlace, lot, serial, from, to, changedAt } = command
  if (command.quantity <= 0) return refuse('quantity_not_positive', 'quantity', `A quantity of ${command.quantity} cannot be moved.`)
  const ahead = liesAhead(draft, changedAt, 'changedAt')
  if (ahead) return ahead
  if (from === to && place === toPlace) return refuse('nothing_to_do', 'to', 'Place and condition are the same before and after.')
  const expired = expiryFault(draft, item, lot, null, to, 'lot')
  if (expired) return expired
  const source = { place, package: '', lot, serial, condition: from, owner: draft.state.owner }
  const target = { ...source, place: toPlace, condition: to }
  const there = draft.stock.get(stockKey(stockAt(item, source)))?.quantity ?? none
  if (there < command.quantity) return refuse('not_enough_stock', 'quantity', `${there} are recorded there in this condition.`)
  post(draft, {
    item,
    quantity: command.quantity,
    from: source,
    to: target,
    cause: 'condition',
    document: command.document,
    line: 1,
    occurredAt: changedAt,
  })
  settle(draft, item, draft.state.owner)
  announce(draft, {
    type: 'stock.condition_changed',
    subject: command.document,
    occurredAt: changedAt,
    data: { item, quantity: command.quantity, from, to },
  })
  return { id: command.document, item, quantity: command.quantity, from, to }
}
