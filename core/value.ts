// Value: what an owner's stock of an item at a site is worth, by the method chosen for it: moving average, first in first out, or a standard.
//
// Goods in add their value; goods out take theirs, and the last unit takes what is left, so quantity 0 is always value 0. Below zero, goods go
// out at the last cost; the receipt that fills the hole is trued up by a correction, an append-only row of its own. At a standard every unit is
// worth the same, and what was paid beside it is a correction too.
//
// Moves that are told promptly are valued in the order they are told. One that is told later takes its place in time (`valuedAt`): it counts at
// once as of now, and what it changes of the costs after it is corrected (revaluation.ts).

import { dayOf, type Instant } from './calendar.ts'
import type { ItemId, Method, PartyId } from './item.ts'
import { add, money, nothing, share, subtract, type Money } from './money.ts'
import { least, minus, none, plus, quantity, type Quantity } from './quantity.ts'

/** What is left of goods that came in together. */
export interface Layer {
  readonly quantity: Quantity
  readonly value: Money
}

export interface ItemValue {
  readonly item: ItemId
  readonly owner: PartyId
  readonly quantity: Quantity
  readonly value: Money
  /** The last cost, or the standard: so much for so many. */
  readonly lastValue: Money
  readonly lastQuantity: Quantity
  readonly method: Method
  /** First in first out: the oldest first, and together the value. Empty below zero, and for other methods. */
  readonly layers: readonly Layer[]
  /** Where in time the last move stands, and the last that came in. Null before the first. */
  readonly movedAt: Instant | null
  readonly cameAt: Instant | null
}

export interface Valued {
  readonly next: ItemValue
  /** What the moved goods are worth. */
  readonly value: Money
  /** Added to the value of stock besides: the true-up of goods that went out before they came in, or what was paid beside the standard. */
  readonly correction: Money
  /** Whether others that are valued already come after it, so that what they cost changes. */
  readonly isLate: boolean
}

/** A move that is told within so many minutes, on the same day, counts when it is told. Two tills' clocks are no reason to value anything anew. */
export const prompt_minutes_max = 10

/** Where a move stands in time for those who value. Its day is always the day it occurred on. */
export function valuedAt(occurredAt: Instant, recordedAt: Instant): Instant {
  const isPrompt = recordedAt - occurredAt <= prompt_minutes_max * 60_000 && dayOf(occurredAt) === dayOf(recordedAt)
  return isPrompt ? recordedAt : occurredAt
}

/** Goods in, at a known value. */
export function valueIn(row: ItemValue, received: Quantity, value: Money, at: Instant): Valued {
  const after = row.method === 'standard' ? inAtStandard(row, received, value) : inAtCost(row, received, value)
  const isLate = row.movedAt !== null && at < row.movedAt
  return {
    next: { ...row, ...after.next, movedAt: later(row.movedAt, at), cameAt: later(row.cameAt, at) },
    value,
    correction: after.correction,
    isLate,
  }
}

/** Goods out, at their share of the value; what the record does not have, at the last cost. */
export function valueOut(row: ItemValue, issued: Quantity, at: Instant): Valued {
  const value = valueOfSome(row, issued)
  const quantityAfter = minus(row.quantity, issued)
  const next = {
    ...row,
    quantity: quantityAfter,
    value: quantityAfter === 0 ? nothing : subtract(row.value, value),
    layers: row.layers.length === 0 ? row.layers : withoutOldest(row.layers, issued),
    movedAt: later(row.movedAt, at),
  }
  // Among goods that went out on a day since the last came in, the order makes no difference to what the day cost.
  const isLate = (row.cameAt !== null && at < row.cameAt) || (row.movedAt !== null && at < row.movedAt && dayOf(at) < dayOf(row.movedAt))
  return { next, value, correction: nothing, isLate }
}

/** What so many would be worth if they went out now; also the value at which found or returned goods come in. */
export function valueOfSome(row: ItemValue, some: Quantity): Money {
  if (row.method === 'standard') return share(row.lastValue, some, row.lastQuantity)
  if (row.quantity >= some && row.quantity > 0) return row.method === 'fifo' ? valueOfOldest(row.layers, some) : valueOfShare(row, some)
  const covered = quantity(Math.max(row.quantity, 0))
  const uncovered = share(row.lastValue, minus(some, covered), row.lastQuantity)
  return add(covered > 0 ? row.value : nothing, uncovered)
}

/** The row of an item that was never here: nothing, with the standard cost as its last cost. */
export const unvalued = (item: ItemId, owner: PartyId, standardCost: Money, method: Method = 'average'): ItemValue => ({
  item,
  owner,
  quantity: none,
  value: nothing,
  lastValue: standardCost,
  lastQuantity: quantity(1),
  method,
  layers: [],
  movedAt: null,
  cameAt: null,
})

/** From now on by this method; at a standard, at this cost of one. Only a standard may change the value, by the correction. */
export function restate(row: ItemValue, method: Method, standardCost: Money, at: Instant): { readonly next: ItemValue; readonly correction: Money } {
  // What is told later and happened before must find that something comes after it.
  const decided = { ...row, method, layers: [], movedAt: later(row.movedAt, at), cameAt: later(row.cameAt, at) }
  if (method !== 'standard') {
    const layers = method === 'fifo' && row.quantity > 0 ? [{ quantity: row.quantity, value: row.value }] : []
    return { next: { ...decided, layers: row.method === 'fifo' && method === 'fifo' ? row.layers : layers }, correction: nothing }
  }
  const value = money(standardCost * row.quantity)
  const next: ItemValue = { ...decided, value, lastValue: standardCost, lastQuantity: quantity(1) }
  return { next, correction: subtract(value, row.value) }
}

type After = Pick<ItemValue, 'quantity' | 'value' | 'lastValue' | 'lastQuantity' | 'layers'>

function inAtStandard(row: ItemValue, received: Quantity, value: Money): { readonly next: After; readonly correction: Money } {
  const worth = valueOfSome(row, received)
  const quantityAfter = plus(row.quantity, received)
  const next = { ...row, quantity: quantityAfter, value: quantityAfter === 0 ? nothing : add(row.value, worth) }
  return { next, correction: subtract(worth, value) }
}

function inAtCost(row: ItemValue, received: Quantity, value: Money): { readonly next: After; readonly correction: Money } {
  const quantityAfter = plus(row.quantity, received)
  const after = { quantity: quantityAfter, lastValue: value, lastQuantity: received }
  const layers = (some: Quantity, worth: Money): readonly Layer[] => (row.method === 'fifo' ? [...row.layers, { quantity: some, value: worth }] : [])
  if (row.quantity >= 0) return { next: { ...after, value: add(row.value, value), layers: layers(received, value) }, correction: nothing }
  const missing = quantity(-row.quantity)
  const filled = least(missing, received)
  const valueAfter = received >= missing ? subtract(value, share(value, filled, received)) : subtract(row.value, share(row.value, filled, missing))
  const correction = subtract(valueAfter, add(row.value, value))
  const left = quantityAfter === 0 ? nothing : valueAfter
  return { next: { ...after, value: left, layers: quantityAfter > 0 ? layers(quantityAfter, left) : [] }, correction }
}

const valueOfShare = (row: ItemValue, some: Quantity): Money => (some === row.quantity ? row.value : share(row.value, some, row.quantity))

/** Of layers that hold so many. */
function valueOfOldest(layers: readonly Layer[], some: Quantity): Money {
  let [left, value] = [some, nothing]
  for (const layer of layers) {
    if (left === 0) break
    const taken = least(left, layer.quantity)
    value = add(value, taken === layer.quantity ? layer.value : share(layer.value, taken, layer.quantity))
    left = minus(left, taken)
  }
  return value
}

function withoutOldest(layers: readonly Layer[], some: Quantity): readonly Layer[] {
  let left = some
  for (const [index, layer] of layers.entries()) {
    if (left < layer.quantity) {
      const rest = { quantity: minus(layer.quantity, left), value: subtract(layer.value, valueOfOldest([layer], left)) }
      return [rest, ...layers.slice(index + 1)]
    }
    left = minus(left, layer.quantity)
  }
  return []
}

const later = (a: Instant | null, b: Instant): Instant => (a === null || a < b ? b : a)
