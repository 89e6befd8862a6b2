// Period: the days of a site's ledger up to one that was closed. Nothing that counts in it changes any more: no move occurs in it, and what is
// corrected counts from the first open day on. Periods follow each other without a gap, so the last day that is closed says all.

import { addDays, dayOf, startOf, type Day, type Instant } from './calendar.ts'

export interface Period {
  /** Its last day. */
  readonly through: Day
  readonly document: string
  /** The last move that was known when it was closed. */
  readonly move: number
  readonly closedAt: Instant
}

/** The day on which what happened on another counts. */
export const countingDay = (day: Day, closedThrough: Day | null): Day =>
  closedThrough !== null && day <= closedThrough ? addDays(closedThrough, 1) : day

export const isClosed = (at: Instant, closedThrough: Day | null): boolean => closedThrough !== null && dayOf(at) <= closedThrough

/**
 * When a move lands that is said to have happened at an instant. What a person tells of a closed period is refused before; what another site tells,
 * or a till that was offline, happened all the same, and lands where the open period begins.
 */
export const landing = (at: Instant, closedThrough: Day | null): Instant => (isClosed(at, closedThrough) ? startOf(addDays(closedThrough!, 1)) : at)
