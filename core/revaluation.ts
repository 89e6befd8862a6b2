// Revaluation: what goods cost in the order in which things happened, when something is told late: a receipt of last week, a bill for goods that
// are half sold. The moves stay as they were posted; the day's corrections make up for the difference, one for each day and each place that goods
// went to or came from. Nothing before the late thing is looked at, and no move is written again.
//
//   right(day, place)      = what the moves of that day are worth in order of time (`inOrder`), with costs added since and what receipts true up
//   correction(day, place) = right - what moves and corrections say so far
//
// Walking is all there is to it, so it costs one step a move, and what is posted while it is reckoned is walked on from there.

import { dayOf, type Day, type Instant } from './calendar.ts'
import { ofReceipt, valuePlaces, type Restatement } from './correction.ts'
import type { ItemId, PartyId } from './item.ts'
import { add, money, negate, nothing, share, subtract, type Money } from './money.ts'
import { isVirtual, virtualPlaces, type PlaceId } from './place.ts'
import type { Move } from './move.ts'
import { beyond, least, type Quantity } from './quantity.ts'
import { restate, valuedAt, valueIn, valueOut, type ItemValue } from './value.ts'

/** A move as it changes what an owner's stock of an item is worth. */
export interface ValueMove {
  readonly sequence: number
  readonly item: ItemId
  readonly owner: PartyId
  readonly quantity: Quantity
  readonly comesIn: boolean
  readonly value: Money
  /** The other end; where that is another owner's stock, the supplier or the customer. */
  readonly place: PlaceId
  readonly at: Instant
}

/** One by which goods came in, with the line of a document that it belongs to. */
export interface Inbound extends ValueMove {
  readonly document: string
  readonly line: number
}

/** What changes value in time: a move, or a decision how the item is valued. */
export type ValueStep = ValueMove | Restatement

/** Added to the value of stock, against a place, on a day. */
export interface ValueChange {
  readonly day: Day
  readonly place: PlaceId
  readonly amount: Money
}

/** Sums by day and place. */
export class ValueChanges {
  readonly #sums = new Map<string, ValueChange>()

  add(day: Day, place: PlaceId, amount: Money): void {
    if (amount === 0) return
    const key = `${day} ${place}`
    this.#sums.set(key, { day, place, amount: add(this.#sums.get(key)?.amount ?? nothing, amount) })
  }

  /** Those that did not come to nothing, by day and place. */
  get rows(): readonly ValueChange[] {
    return [...this.#sums.values()]
      .filter((one) => one.amount !== 0)
      .toSorted((a, b) => (a.day === b.day ? a.place - b.place : a.day < b.day ? -1 : 1))
  }
}

/** The move's part in the value of what this owner has, if it has one. */
export function valueMoveOf(move: Move, owner: PartyId): ValueMove | undefined {
  const { from, to } = move
  const [outside, inside] = [isVirtual(from.place), !isVirtual(to.place)]
  const comesIn = inside && to.owner === owner && (outside || from.owner !== owner)
  const goesOut = !outside && from.owner === owner && (!inside || to.owner !== owner)
  if (!comesIn && !goesOut) return undefined
  const other = comesIn ? from.place : to.place
  const place = isVirtual(other) ? other : comesIn ? virtualPlaces.supplier : virtualPlaces.customer
  const { sequence, item, quantity, value } = move
  return { sequence, item, owner, quantity, comesIn, value, place, at: valuedAt(move.occurredAt, move.recordedAt) }
}

const isMove = (step: ValueStep): step is ValueMove => 'comesIn' in step
const timeOf = (step: ValueStep): Instant => (isMove(step) ? step.at : step.restatedAt)
const sequenceOf = (step: ValueStep): number => (isMove(step) ? step.sequence : step.move)

/**
 * The order of time. Goods that go out on a day between the same two that come in keep the order in which they were told: it makes no difference to what
 * the day cost, so nothing need be corrected for it. Days keep their order, since a walk may begin with any of them.
 */
export function inOrder(steps: readonly ValueStep[]): readonly ValueStep[] {
  const sorted = steps.toSorted((a, b) => timeOf(a) - timeOf(b) || sequenceOf(a) - sequenceOf(b) || Number(isMove(b)) - Number(isMove(a)))
  const ordered: ValueStep[] = []
  let going: ValueMove[] = []
  const gone = (): void => {
    ordered.push(...going.toSorted((a, b) => a.sequence - b.sequence))
    going = []
  }
  for (const step of sorted) {
    const goesOut = isMove(step) && !step.comesIn
    if (!goesOut || (going.length > 0 && dayOf(going[0]!.at) !== dayOf(step.at))) gone()
    if (goesOut) going.push(step)
    else ordered.push(step)
  }
  gone()
  return ordered
}

/**
 * Walks steps that are in order, from what there was before them, and notes by how much each is worth another than it was booked at. `added` is
 * what was added since to goods that came in, by move.
 */
export function walk(before: ItemValue, steps: readonly ValueStep[], added: ReadonlyMap<number, Money>, changes: ValueChanges): ItemValue {
  let row = before
  for (const step of steps) {
    if (!isMove(step)) {
      const { next, correction } = restate(row, step.method, step.standardCost, step.restatedAt)
      changes.add(dayOf(step.restatedAt), valuePlaces.restated, correction)
      row = next
    } else if (step.comesIn) {
      const more = added.get(step.sequence) ?? nothing
      const { next, correction } = valueIn(row, step.quantity, add(step.value, more), step.at)
      const day = dayOf(step.at)
      changes.add(day, step.place, more)
      changes.add(day, ofReceipt(row.method).place, correction)
      row = next
    } else {
      const { next, value } = valueOut(row, step.quantity, step.at)
      changes.add(dayOf(step.at), step.place, subtract(step.value, value))
      row = next
    }
  }
  return row
}

/** A cost of goods that came in before what is walked, in a period that is closed. */
export interface EarlierCost {
  readonly amount: Money
  /** How many came in, and how many came after them before the day. */
  readonly came: Quantity
  readonly newer: Quantity
}

/**
 * Adds it on the first day that is walked: to the goods that are still there, counted as the last that came, and for the others to what customers' goods
 * cost. A credit takes no more than there is.
 */
export function addEarlier(row: ItemValue, { amount, came, newer }: EarlierCost, day: Day, changes: ValueChanges): ItemValue {
  changes.add(day, virtualPlaces.supplier, amount)
  if (row.method === 'standard') {
    changes.add(day, valuePlaces.variance, negate(amount))
    return row
  }
  const left = least(beyond(row.quantity, newer), came)
  const layer = layerAt(row.layers, newer)
  const floor = negate(row.method === 'fifo' ? (row.layers[layer]?.value ?? nothing) : row.value)
  const onHand = left === 0 ? nothing : money(Math.max(share(amount, left, came), floor))
  changes.add(day, virtualPlaces.customer, subtract(onHand, amount))
  const layers = row.layers.map((one, index) => (index === layer ? { ...one, value: add(one.value, onHand) } : one))
  return { ...row, value: add(row.value, onHand), layers }
}

/** Which layer holds goods that so many newer ones lie above. */
function layerAt(layers: ItemValue['layers'], newer: Quantity): number {
  let above = newer as number
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    if (above < layers[index]!.quantity) return index
    above -= layers[index]!.quantity
  }
  return -1
}

/** What there was before these moves and corrections, given what there is after them. */
export function rewound(
  after: ItemValue,
  moves: readonly ValueMove[],
  corrections: readonly { readonly amount: Money }[],
): Pick<ItemValue, 'quantity' | 'value'> {
  let [some, value] = [after.quantity as number, after.value as number]
  for (const { comesIn, quantity, value: worth } of moves) {
    some -= comesIn ? quantity : -quantity
    value -= comesIn ? worth : -worth
  }
  for (const { amount } of corrections) value -= amount
  return { quantity: some as Quantity, value: money(value) }
}

/** Takes from what is right what was corrected before. */
export function less(changes: ValueChanges, corrections: readonly ValueChange[]): void {
  for (const { day, place, amount } of corrections) changes.add(day, place, negate(amount))
}
