// Count list: which items to count next. Most of it is the tour that is worth most in its minutes (core/plan/counting/count-tour.ts); a tenth is drawn by
// chance from all the others, for only what nobody chose shows how right the record is where nobody doubts it. The seed is told, so that who doubts the
// draw can draw again.

import { chanceOf } from '../rng.ts'
import { day_ms, type Instant } from '../calendar.ts'

/** Of a list, the share that is drawn by chance; at least one. */
export const DRAWN_SHARE = 0.1

export const drawnOf = (size: number): number => (size < 2 ? 0 : Math.max(1, Math.round(size * DRAWN_SHARE)))

/**
 * Draws candidates for the random part: whole numbers from 1 up to the highest item, each as likely. Who takes the first of them that are among his items, and
 * leaves out what he has already, has drawn each of his items with the same chance.
 */
export function candidates(seed: number, highest: number, count: number): readonly number[] {
  const chance = chanceOf(seed)
  return [...new Set(Array.from({ length: count }, () => 1 + chance.below(highest)))]
}

/** Draws from a list that is known whole. */
export function drawFrom<One>(all: readonly One[], count: number, seed: number): readonly One[] {
  const [chance, left] = [chanceOf(seed), [...all]]
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(chance.below(left.length), 1)[0]!)
}

/** What a list is for: shelves that are empty without anybody knowing, by what it saves to know; or records that are wrong, however little that costs. */
export type CountPurpose = 'stock_outs' | 'discrepancies'

/** Of what might be chosen, so many times as many as there is room for are looked at: enough that an aisle may win by all that is in it. */
export const looksAt = (size: number): number => Math.max(100, size * 4)

export interface Doubted {
  readonly purpose: CountPurpose
  readonly wrong: number
  /** Minor units, as text with its decimals. */
  readonly worth: string
  readonly minutes: number
  readonly empty: number
  readonly recorded: number
  readonly low: number
  readonly high: number
  readonly soldAt: number | null
  readonly countedAt: number | null
  readonly drawn: boolean
}

/** Why it is on the list, as one says it: `worth 41.20, 3 min: nothing sold for 9 days, P(empty) 0.87`. */
export function countReason(doubted: Doubted, now: Instant): string {
  const { purpose, worth, minutes, empty, wrong, recorded, low, high, soldAt, countedAt, drawn } = doubted
  const days = soldAt === null ? null : Math.floor((now - soldAt) / day_ms)
  const silence = days === null ? 'never sold yet' : days === 0 ? 'sold today' : `nothing sold for ${days} ${days === 1 ? 'day' : 'days'}`
  const doubt = recorded > 0 && empty >= 0.005 ? `P(empty) ${empty.toFixed(2)}` : `${low} to ${high} of ${recorded} recorded`
  const last = countedAt === null ? 'never counted' : undefined
  const error = purpose === 'discrepancies' ? [`P(wrong) ${wrong.toFixed(2)}`] : []
  const reasons = [silence, ...error, doubt, ...(drawn ? ['drawn by chance'] : []), ...(last ? [last] : [])]
  return `worth ${worth}, ${Math.max(1, Math.round(minutes))} min: ${reasons.join(', ')}`
}
