// Record, value: what changes the worth of stock though nothing moves. A bill or freight that comes after the goods is added to the goods it is for,
// wherever they are by now; an item is valued by another method; and what came late is made good in the costs after it.
//
// A late cost is a fact that is noted at once. What it is worth to the goods that are still here, and what to those that went out since, is reckoned
// outside the lane (server/revaluation.ts), which may take a second, and then posted by `correctValue`, which takes none: it walks on over
// what was posted meanwhile.

import { dayOf } from '../calendar.ts'
import { valuePlaces, type CostAddition, type CostKind } from '../correction.ts'
import type { ItemId, Method, PartyId } from '../item.ts'
import { ageOf, announce, valueOf, type Draft } from '../ledger.ts'
import { add, allot, nothing, type Money } from '../money.ts'
import { virtualPlaces } from '../place.ts'
import { countingDay } from '../period.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { less, valueMoveOf, ValueChanges, walk, type Inbound, type ValueChange, type ValueMove } from '../revaluation.ts'
import { itemKey } from '../stock.ts'
import { restate, type ItemValue } from '../value.ts'

export interface AddCost {
  readonly kind: 'addCost'
  readonly document: string
  /** The receipt, purchase, transfer .. by which the goods came in, and its line; without one all of it. */
  readonly came: string
  readonly owner: PartyId
  readonly line: number | null
  readonly cost: CostKind
  /** Below nothing for a credit. */
  readonly amount: Money
  /** What each line's share goes by. */
  readonly by: 'value' | 'quantity'
  readonly note: string
}

/** A cost that is known only after the goods came in. It becomes part of what they cost, from the day they came. */
export function addCost({ document, came, owner, line, cost, amount, by, note }: AddCost, draft: Draft): object | Refusal {
  if (amount === 0) return refuse('nothing_to_do', 'amount', 'A cost of nothing changes nothing.')
  const { state } = draft
  const moves = inboundOf(draft, came, owner).filter((one) => line === null || one.line === line)
  if (moves.length === 0) return refuse('receipt_not_known', 'document', 'No goods came in by this document at this site.')
  const weights = moves.map((one) => (by === 'value' ? one.value : one.quantity))
  const parts = allot(amount, weights.some((one) => one > 0) ? weights : moves.map((one) => one.quantity))
  for (const [index, move] of moves.entries()) {
    const before = draft.costAddition.of(`move ${move.sequence}`).reduce((sum, one) => add(sum, one.amount), move.value)
    if (parts[index]! + before < 0) {
      const detail = `Line ${move.line} cost ${before} so far; ${-parts[index]!} less would be below nothing.`
      return refuse('cost_below_nothing', 'amount', detail)
    }
  }
  const additions = moves.flatMap((move, index): CostAddition[] => {
    if (parts[index] === 0) return []
    const { item, sequence, at } = move
    return [
      {
        document,
        item,
        owner,
        move: sequence,
        amount: parts[index]!,
        kind: cost,
        note,
        countsOn: countingDay(dayOf(at), state.head.closedThrough),
        recordedAt: state.now,
      },
    ]
  })
  for (const one of additions) {
    draft.costAddition.put(one)
    draft.marks.push({ item: one.item, owner: one.owner, from: one.countsOn, document, mark: state.newId() })
  }
  announce(draft, { type: 'cost.added', subject: document, data: { came, line, cost, amount, by, note } })
  return { id: document, lines: additions.map(({ item, amount: part }) => ({ sku: state.items.get(item)?.sku ?? String(item), amount: part })) }
}

/** What came in by a document, also in this very batch. */
function inboundOf(draft: Draft, document: string, owner: PartyId): readonly Inbound[] {
  const batch = draft.state.moves
    .filter((move) => move.document === document)
    .map((move) => ({ ...valueMoveOf(move, owner), document, line: move.line }))
    .filter((one): one is Inbound => one.comesIn === true)
  return [...draft.inbound.of(document), ...batch]
}

export interface SetValuation {
  readonly kind: 'setValuation'
  readonly document: string
  readonly item: ItemId
  readonly method: Method
  /** Of one: needed for a standard, and not taken otherwise. */
  readonly standardCost: Money | null
}

/** From now on the site values an item by another method, or at another standard. Only a standard changes what is there already is worth. */
export function setValuation({ document, item, method, standardCost }: SetValuation, draft: Draft): object | Refusal {
  const { state } = draft
  const row = valueOf(draft, item, state.owner)
  if ((method === 'standard') !== (standardCost !== null)) {
    return refuse('standard_cost_missing', 'standardCost', 'A standard needs its cost, and no other method has one.')
  }
  if (row.method === method && (standardCost === null || (row.lastValue === standardCost && row.lastQuantity === 1))) {
    return refuse('nothing_to_do', 'method', 'It is valued so already.')
  }
  const cost = standardCost ?? nothing
  const { next, correction } = restate(row, method, cost, state.now)
  const move = state.head.moves + draft.moves.length
  draft.value.put(next)
  draft.restatement.put({
    document,
    item,
    owner: row.owner,
    move,
    method,
    standardCost: cost,
    methodBefore: row.method,
    lastValueBefore: row.lastValue,
    lastQuantityBefore: row.lastQuantity,
    restatedAt: state.now,
    age: ageOf(draft),
  })
  if (correction !== 0) {
    const side = { place: valuePlaces.restated, reason: 'restated' as const, countsOn: state.today, recordedAt: state.now }
    draft.corrections.push({ ...side, correction: state.newId(), move, item, owner: row.owner, amount: correction, document })
  }
  // What is reckoned at this moment did not know of it.
  draft.marks.push({ item, owner: row.owner, from: state.today, document, mark: state.newId() })
  announce(draft, { type: 'item.valuation_set', subject: document, data: { item, method, standardCost, before: row.method, change: correction } })
  return { id: document, method, standardCost, value: next.value, change: correction }
}

export interface CorrectValue {
  readonly kind: 'correctValue'
  readonly item: ItemId
  readonly owner: PartyId
  /** The mark that is answered by this. */
  readonly mark: string
  /** The last move that was reckoned with. */
  readonly through: number
  /** What there was after it, rightly valued. */
  readonly row: ItemValue
  readonly changes: readonly ValueChange[]
}

/** More moves than these since it was reckoned are not walked in the lane: it is reckoned anew. */
export const since_moves_max = 5_000

/** Posts what was reckoned, unless something else came late meanwhile. */
export function correctValue({ item, owner, mark, through, row, changes: reckoned }: CorrectValue, draft: Draft): object {
  const { state } = draft
  const key = itemKey(item, owner)
  const pending = draft.revaluation.get(key)
  const isStale = pending?.mark !== mark || state.marks.some((one) => one.item === item && one.owner === owner)
  const since = isStale ? [] : movesSince(draft, item, owner, through)
  if (isStale || since.length > since_moves_max) return { settled: false, corrections: 0 }

  const changes = new ValueChanges()
  for (const { day, place, amount } of reckoned) changes.add(day, place, amount)
  const right = walk(row, since, new Map(), changes)
  const posted = [...draft.correction.of(key), ...state.corrections.filter((one) => one.item === item && one.owner === owner)]
  less(
    changes,
    posted.map(({ countsOn: day, place, amount }) => ({ day, place, amount })),
  )
  const now = valueOf(draft, item, owner)
  const value = changes.rows.reduce((sum, one) => add(sum, one.amount), now.value)
  if (right.quantity !== now.quantity || right.value !== value) throw new Error(`The value of item ${item} was not walked to its end.`)
  draft.value.put({ ...right, movedAt: now.movedAt, cameAt: now.cameAt })
  draft.revaluation.remove(pending)
  const { document } = pending
  const side = { move: state.head.moves, item, owner, document, reason: 'revalued' as const, recordedAt: state.now }
  for (const { day, place, amount } of changes.rows) {
    draft.corrections.push({ ...side, correction: state.newId(), amount, place, countsOn: day })
  }
  if (changes.rows.length > 0) announce(draft, { type: 'value.corrected', subject: document, data: { item, ...outcomeOf(changes.rows) } })
  return { settled: true, corrections: changes.rows.length }
}

/** What there is now is worth more by `onHand`; what went to customers cost more by `sold`, and what went elsewhere by `elsewhere`. */
function outcomeOf(changes: readonly ValueChange[]): object {
  const sumOf = (of: (one: ValueChange) => boolean): number => changes.filter(of).reduce((sum, one) => sum + one.amount, 0)
  const { customer, supplier } = virtualPlaces
  return {
    onHand: sumOf(() => true),
    sold: -sumOf((one) => one.place === customer),
    elsewhere: -sumOf((one) => one.place !== customer && one.place !== supplier),
  }
}

/** What changed the item's value since, in the order it was posted: were any of it late, there would be another mark. */
function movesSince(draft: Draft, item: ItemId, owner: PartyId, through: number): readonly ValueMove[] {
  const read = draft.valueMove.of(itemKey(item, owner)).filter((one) => one.sequence > through)
  const batch = draft.state.moves.filter((one) => one.item === item).flatMap((move) => valueMoveOf(move, owner) ?? [])
  return [...read, ...batch].toSorted((a, b) => a.sequence - b.sequence)
}
