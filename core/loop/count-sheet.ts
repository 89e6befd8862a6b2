// Count sheet, on the floor: a sheet is opened with what is to be counted, counters enter what they find, entry by entry, and it may be cancelled. An entry
// is taken or refused by itself: a device sends what it has, and one that is wrong does not keep the others. Nothing moves before the sheet is posted.

import { dayOf, type Instant } from '../calendar.ts'
import {
  entriesOf,
  isFarAbove,
  overlap,
  positions_max,
  standing,
  type CountEntry,
  type CountKind,
  type CountPosition,
  type CountSheet,
  type Tolerance,
} from '../count-sheet.ts'
import type { PredictedItem } from '../count-prediction.ts'
import { labelFault, untimely } from '../fault.ts'
import { announce, type Draft } from '../ledger.ts'
import type { Condition } from '../move.ts'
import { positionKey, type StockPosition } from '../position-count.ts'
import type { Quantity } from '../quantity.ts'
import { recalledSince } from '../recalled-goods.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { anyOwner, lotKey } from '../stock.ts'

export interface OpenCountSheet {
  readonly kind: 'openCountSheet'
  readonly sheet: string
  readonly of: CountKind
  readonly isBlind: boolean
  readonly note: string
  readonly tolerance: Tolerance
  readonly positions: readonly StockPosition[]
  /** What is believed of its items now: kept with it, and told to nobody who counts. */
  readonly predicted: readonly PredictedItem[]
}

export function openCountSheet({ sheet, of, isBlind, note, tolerance, positions, predicted }: OpenCountSheet, draft: Draft): object | Refusal {
  if (positions.length === 0 && of !== 'ad_hoc') return refuse('nothing_to_do', 'positions', 'There is nothing to be counted there.')
  const listed = new Map(positions.map((one) => [positionKey(one), one]))
  for (const [index, position] of positions.entries()) {
    const fault = labelFault(draft, { ...position, quantity: 1 as Quantity }, `positions/${index + 1}/`)
    if (fault) return fault
  }
  const { now } = draft.state
  draft.countSheet.put({
    sheet,
    kind: of,
    state: 'open',
    isBlind,
    note,
    tolerance,
    openedAt: now,
    openedBy: draft.actor,
    closedAt: null,
    approvedBy: null,
    postedAt: null,
    cancelledAt: null,
    cancelledBy: null,
    reason: null,
  })
  let line = 0
  for (const position of listed.values()) draft.countPosition.put(uncounted({ ...position, sheet, line: (line += 1), isListed: true }))
  for (const one of predicted) draft.countPrediction.put({ ...one, sheet })
  announce(draft, { type: 'count_sheet.opened', subject: sheet, data: { kind: of, positions: line } })
  return { id: sheet, state: 'open', positions: line }
}

const uncounted = (position: StockPosition & Pick<CountPosition, 'sheet' | 'line' | 'isListed'>): CountPosition => ({
  ...position,
  round: 1,
  verdict: null,
  counted: null,
  countedAt: null,
  recorded: null,
  difference: null,
  value: null,
})

export interface EnteredCount extends StockPosition {
  /** Its place in the request. */
  readonly index: number
  readonly entry: string
  readonly part: string
  readonly counted: Quantity
  readonly countedAt: Instant
  /** Counted again, though it is far above anything that is here. */
  readonly isSure: boolean
  /** Counted again, though somebody else has counted it. */
  readonly isRecount: boolean
}

export interface EnterCounts {
  readonly kind: 'enterCounts'
  readonly sheet: string
  readonly entries: readonly EnteredCount[]
  /** Entries that name what is not known, refused before. */
  readonly refused: readonly { readonly index: number; readonly entry: string; readonly refusal: Refusal }[]
}

/** The answer tells of each entry by itself, and nothing of what is recorded. */
export function enterCounts({ sheet, entries, refused }: EnterCounts, draft: Draft): object | Refusal {
  const row = draft.countSheet.get(sheet)
  if (row === undefined) return unknownSheet(sheet)
  const told = refused.map(({ index, entry, refusal }) => ({ index, told: { entry, ...refusedEntry(refusal) } }))
  const last = { line: draft.countPosition.of(sheet).length, number: draft.countEntry.of(sheet).length }
  for (const entered of entries) {
    const taken = enter(draft, row, entered, last)
    told.push({ index: entered.index, told: { entry: entered.entry, ...(isRefusal(taken) ? refusedEntry(taken) : taken) } })
  }
  return { id: sheet, entries: told.toSorted((a, b) => a.index - b.index).map((one) => one.told) }
}

export const unknownSheet = (sheet: string): Refusal => refuse('count_sheet_not_known', 'id', `There is no count sheet ${sheet} at this site.`)
export const sheetForbids = (state: CountSheet['state']): Refusal =>
  refuse('count_sheet_state_forbids', 'id', `The sheet is ${state === 'counted' ? 'counted and waits to be approved' : state}.`)

const refusedEntry = ({ refused: code, subject: field, detail }: Refusal): object => ({ accepted: false, code, field, detail })

/** `last` are the last line and the last entry of the sheet. */
function enter(draft: Draft, { sheet, state }: CountSheet, entered: EnteredCount, last: { line: number; number: number }): object | Refusal {
  const { entry, part, counted, countedAt, isSure, isRecount } = entered
  const path = `entries/${entered.index}/`
  const landed = { ...entered, condition: landingCondition(draft, entered, countedAt) }
  const position = draft.countPosition.of(`${sheet} ${positionKey(landed)}`)[0]
  const known = draft.countEntry.get(`${sheet} ${entry}`)
  if (known !== undefined && known.line !== position?.line) return enteredOtherwise(path)
  if (known !== undefined)
    return known.part === part && known.counted === counted && known.countedAt === countedAt ? accepted(position!, true) : enteredOtherwise(path)
  const fault =
    stateFault(state, position) ?? untimely(draft, countedAt, `${path}countedAt`) ?? labelFault(draft, { ...entered, quantity: counted }, path)
  if (fault) return fault
  const isAbsurd = isFarAbove(counted, allOf(draft, entered))
  if (isAbsurd && !isSure)
    return refuse('count_absurd', `${path}counted`, `${counted} is far above anything that was ever here: count again, and say that you are sure.`)
  if (position === undefined && last.line >= positions_max)
    return refuse('count_sheet_too_large', 'id', `A sheet has at most ${positions_max} positions: count the rest on another.`)
  const row = position ?? uncounted({ ...goodsOf(landed), sheet, line: last.line + 1, isListed: false })
  const others = standing(draft.countEntry.of(entriesOf(row)), row.round).filter((one) => one.counter !== draft.actor && overlap(one.part, part))
  if (others.length > 0 && !isRecount)
    return refuse('counted_already', `${path}part`, 'Somebody else has counted this: name the part that you counted, or say that it is a recount.')
  if (position === undefined) draft.countPosition.put(row)
  last.line = Math.max(last.line, row.line)
  last.number += 1
  const number = last.number
  draft.countEntry.put({ sheet, entry, number, line: row.line, round: row.round, part, counted, countedAt, counter: draft.actor, isAbsurd })
  return accepted(row, false)
}

const accepted = ({ line, condition, isListed }: CountPosition, isRepeat: boolean): object => ({
  accepted: true,
  line,
  condition,
  isFind: !isListed,
  isRepeat,
})
const enteredOtherwise = (path: string): Refusal => refuse('code_taken', `${path}entry`, 'This entry was sent before, and said something else.')

/** While some is counted again, that is taken, and what nobody has counted yet. */
function stateFault(state: CountSheet['state'], position: CountPosition | undefined): Refusal | undefined {
  if (state === 'open') return undefined
  if (state !== 'recount') return sheetForbids(state)
  if (position === undefined || position.round > 1 || position.counted === null) return undefined
  return refuse('count_sheet_state_forbids', 'id', 'This was counted; what is counted again now is something else.')
}

/** Sellable goods of a lot that had expired by then are expired, those of a lot that was recalled are in quarantine, whatever the label at the shelf says. */
export function landingCondition(draft: Draft, goods: StockPosition, at: Instant): Condition {
  const { item, lot, condition } = goods
  if (condition !== 'sellable') return condition
  const recalled = recalledSince(draft, goods)
  if (recalled !== null && recalled <= at) return 'quarantine'
  const expiry = lot === '' ? null : (draft.lot.get(lotKey(item, lot))?.expiresOn ?? null)
  return expiry !== null && expiry <= dayOf(at) ? 'expired' : condition
}

const goodsOf = ({ item, owner, place, lot, serial, condition }: StockPosition): StockPosition => ({ item, owner, place, lot, serial, condition })

/** All that is recorded of an item at the site, wherever it is and whoever owns it. */
const allOf = (draft: Draft, { item }: StockPosition): number =>
  draft.stock.of(anyOwner(item)).reduce((sum, row) => sum + Math.max(row.quantity, 0), 0)

export interface CancelCountSheet {
  readonly kind: 'cancelCountSheet'
  readonly sheet: string
  readonly reason: string
}

/** What was entered stays to be looked at; none of it is posted. */
export function cancelCountSheet({ sheet, reason }: CancelCountSheet, draft: Draft): object | Refusal {
  const row = draft.countSheet.get(sheet)
  if (row === undefined) return unknownSheet(sheet)
  if (row.state === 'posted' || row.state === 'cancelled') return sheetForbids(row.state)
  draft.countSheet.put({ ...row, state: 'cancelled', cancelledAt: draft.state.now, cancelledBy: draft.actor, reason })
  announce(draft, { type: 'count_sheet.cancelled', subject: sheet, data: { reason } })
  return { id: sheet, state: 'cancelled' }
}

/** Who counted something of it. */
export const countersOf = (entries: readonly CountEntry[]): ReadonlySet<string> => new Set(entries.map((one) => one.counter))
