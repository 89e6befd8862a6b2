// Count sheet: what is to be counted at a site, and what its counters entered. It is blind: before it is posted nobody who counts is told what the record
// says, or how far off it is. Several counters count parts of a position, which are added; who counts a part again replaces what was counted of it.
//
// Invariant: of the entries of a position that stand no two are of the same part, or of all of it and a part; so nothing is counted twice.

import type { Instant } from './calendar.ts'
import type { Money } from './money.ts'
import type { StockPosition } from './position-count.ts'
import { none, plus, type Quantity } from './quantity.ts'

export type CountKind = 'full' | 'cycle' | 'event' | 'ad_hoc'
export const countKinds: readonly CountKind[] = ['full', 'cycle', 'event', 'ad_hoc']

/** `recount`: some is to be counted again; `counted`: all is counted, and somebody else must approve it. */
export type CountState = 'open' | 'recount' | 'counted' | 'posted' | 'cancelled'
export const countStates: readonly CountState[] = ['open', 'recount', 'counted', 'posted', 'cancelled']

/** Sheets are posted in one transaction, so there is an end to them: a big site has a sheet an aisle. */
export const positions_max = 1_000

/** How far off a position may be and still be posted unseen: not further than each of those that are given; without any, not at all. */
export interface Tolerance {
  readonly units: Quantity | null
  /** Of what is recorded. */
  readonly perMillion: number | null
  readonly value: Money | null
}

export interface CountSheet {
  readonly sheet: string
  readonly kind: CountKind
  readonly state: CountState
  readonly isBlind: boolean
  readonly note: string
  readonly tolerance: Tolerance
  readonly openedAt: Instant
  readonly openedBy: string
  readonly closedAt: Instant | null
  readonly approvedBy: string | null
  readonly postedAt: Instant | null
  readonly cancelledAt: Instant | null
  readonly cancelledBy: string | null
  readonly reason: string | null
}

/** `within` its tolerance, to be counted again, or to be approved by somebody else. */
export type Verdict = 'within' | 'recount' | 'approve'

export interface CountPosition extends StockPosition {
  readonly sheet: string
  readonly line: number
  /** False for a find: nobody asked for it. */
  readonly isListed: boolean
  readonly round: number
  readonly verdict: Verdict | null
  /** As the sheet was closed last; null while it was not, or nobody counted it. */
  readonly counted: Quantity | null
  readonly countedAt: Instant | null
  readonly recorded: Quantity | null
  readonly difference: Quantity | null
  readonly value: Money | null
}

export interface CountEntry {
  readonly sheet: string
  /** The counter's own key: sent again, it is the same entry. */
  readonly entry: string
  readonly number: number
  readonly line: number
  readonly round: number
  /** Of the position, e.g. the left half; empty for all of it. */
  readonly part: string
  readonly counted: Quantity
  readonly countedAt: Instant
  /** Who counted, as moves name their actor. */
  readonly counter: string
  /** Far above anything that is here, and sent all the same. */
  readonly isAbsurd: boolean
}

/** The group of a sheet's entries of a position. */
export const entriesOf = ({ sheet, line }: Pick<CountPosition, 'sheet' | 'line'>): string => `${sheet}/${line}`

export const overlap = (a: string, b: string): boolean => a === b || a === '' || b === ''

/** Of the entries of a round those that stand: what was counted later replaces what it overlaps. */
export function standing(entries: readonly CountEntry[], round: number): readonly CountEntry[] {
  let stand: CountEntry[] = []
  const inTurn = entries.filter((one) => one.round === round).toSorted((a, b) => a.countedAt - b.countedAt || a.number - b.number)
  for (const entry of inTurn) stand = [...stand.filter((one) => !overlap(one.part, entry.part)), entry]
  return stand
}

/** What a position comes to; undefined where nothing was counted. */
export interface Tally {
  readonly counted: Quantity
  /** The instants of its first and its last part. The last is the position's. */
  readonly firstAt: Instant
  readonly countedAt: Instant
  readonly isAbsurd: boolean
}

/** What was counted in the position's round, or where that was left out in the one before. */
export function tallyOf(entries: readonly CountEntry[], round: number): Tally | undefined {
  const stand = standing(entries, round)
  const [first, last] = [stand[0], stand.at(-1)]
  if (first === undefined || last === undefined) return round === 1 ? undefined : tallyOf(entries, round - 1)
  return {
    counted: stand.reduce((sum, one) => plus(sum, one.counted), none),
    firstAt: first.countedAt,
    countedAt: last.countedAt,
    isAbsurd: stand.some((one) => one.isAbsurd),
  }
}

/** Whether a difference may be posted without anybody looking at it. */
export function isWithin(
  { units, perMillion, value }: Tolerance,
  found: { readonly recorded: number; readonly difference: number; readonly value: number },
): boolean {
  if (found.difference === 0) return true
  if (units === null && perMillion === null && value === null) return false
  const off = Math.abs(found.difference)
  return (
    (units === null || off <= units) &&
    (perMillion === null || BigInt(off) * 1_000_000n <= BigInt(perMillion) * BigInt(Math.max(found.recorded, 0))) &&
    (value === null || Math.abs(found.value) <= value)
  )
}

const ABSURD_TIMES = 10
const ABSURD_LEAST = 100

/** Whether a count is so far above all that is recorded of the item at the site that it was likely mistyped. */
export const isFarAbove = (counted: Quantity, recorded: number): boolean => counted > ABSURD_TIMES * Math.max(recorded, ABSURD_LEAST)
