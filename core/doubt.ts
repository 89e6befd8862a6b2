// Belief, what is doubted: of what the record has, so many nobody is promised anew, for they are not there as surely as the item's promises are to be.
//
//   safe    = the most that is there with the probability of the service level
//   doubted = max(0, recorded - safe), of the record as it was when that was believed
//
// What is taken off a record that has gone on is the doubt and not the belief, which is a moment behind. It limits what is promised from now on: nobody's hold
// is shorted by it, and nothing is ever promised beyond the record.

import { day_ms, type Instant } from './calendar.ts'

/** How surely what is promised from stock is to be there where nobody says otherwise: thousandths. */
export const SERVICE_LEVEL_E3 = 900
/** The record alone is promised by: nothing is doubted. */
const RECORD_ALONE_E3 = 0

/** There is none, more likely than not, and the record has some. */
const PHANTOM = 0.5
export const isPhantom = (recorded: number, empty: number): boolean => recorded > 0 && empty > PHANTOM

/** The probability of `from` units, of `step` more (or of any of so many from there), and so on. */
interface Chances {
  readonly from: number
  readonly step: number
  readonly chances: Float64Array
}

export interface Doubt {
  readonly safe: number
  readonly doubted: number
  /** By `LEVELS_E3`: with that probability no more than so many of the record are missing. */
  readonly missing: readonly number[]
}

/** Thousandths of probability for which it is kept how much is missing at most; they only rise, and so does what is missing. */
export const LEVELS_E3 = [10, 50, 100, 250, 500, 750, 900, 950, 990, 999] as const

export function doubtOf(believed: Chances, recorded: number, level_e3 = SERVICE_LEVEL_E3): Doubt {
  const there = (sure_e3: number): number => believed.from + believed.step * quantile(believed.chances, (1000 - sure_e3) / 1000)
  const short = (sure_e3: number): number => Math.max(0, recorded - there(sure_e3))
  return { safe: there(level_e3), doubted: level_e3 === RECORD_ALONE_E3 ? 0 : short(level_e3), missing: LEVELS_E3.map(short) }
}

/** What was not sold since, where there was none: minor units. */
export const lostSince = (lostPerDay: number, since: Instant, now: Instant): number => Math.round((lostPerDay * Math.max(0, now - since)) / day_ms)

/** How probable it is at least that no more than so many are missing; null where nothing is believed. */
export function sureThat(missing: readonly number[] | null, missing_max: number): number | null {
  if (missing === null) return null
  const known = missing.findLastIndex((some) => some <= missing_max)
  return known === -1 ? 0 : LEVELS_E3[known]! / 1000
}

/** The least quantity that is not exceeded with this probability, from the first. */
export function quantile(chances: Float64Array, probability: number): number {
  let sum = 0
  for (let cell = 0; cell < chances.length; cell += 1) {
    sum += chances[cell]!
    if (sum >= probability) return cell
  }
  return chances.length - 1
}
