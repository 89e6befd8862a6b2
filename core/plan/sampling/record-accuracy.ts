// Record accuracy: how right the record is, from items that chance chose and people counted: the share of records that are exactly right, and that are within
// a tolerance, with the interval of E. Wilson (JASA 1927); and of all recorded units, and of their value, the share that is not off.
//
// A share of units is a ratio of two sums over the items, so its interval is that of the ratio estimator (W. Cochran, Sampling Techniques, 1977, 6.4): with
// r = sum x / sum y, Var(r) = sum (x - r y)^2 / (n (n - 1) mean(y)^2), and Student's t for so few.

import { INTERVAL_UP_TO } from './allocation.ts'
import { studentQuantile } from './student.ts'

/** An item of which all was counted. */
export interface CountedRecord {
  readonly recorded: number
  /** By how many its positions were off, whichever way, added up. */
  readonly off: number
  readonly unitValue: number
}

/** A share with its interval of 95 %. */
export interface ShareEstimate {
  readonly share: number
  readonly low: number
  readonly high: number
}

export interface RecordAccuracy {
  readonly items: number
  /** Of the records, null of none. */
  readonly exact: ShareEstimate | null
  readonly within: ShareEstimate | null
  /** Of recorded units and of their value, what is not off; null of fewer than two items, and where nothing is recorded. Never below nothing. */
  readonly units: ShareEstimate | null
  readonly value: ShareEstimate | null
}

export function recordAccuracy(rows: readonly CountedRecord[], tolerancePerMillion: number): RecordAccuracy {
  const within = rows.filter(({ off, recorded }) => off * 1_000_000 <= tolerancePerMillion * Math.max(recorded, 0))
  return {
    items: rows.length,
    exact: wilson(rows.filter((one) => one.off === 0).length, rows.length),
    within: wilson(within.length, rows.length),
    units: notOff(rows.map(({ off, recorded }) => [off, Math.max(recorded, 0)])),
    value: notOff(rows.map(({ off, recorded, unitValue }) => [off * unitValue, Math.max(recorded, 0) * unitValue])),
  }
}

export function wilson(hits: number, of: number): ShareEstimate | null {
  if (of === 0) return null
  const z = studentQuantile(INTERVAL_UP_TO, Infinity)
  const share = hits / of
  const middle = share + z ** 2 / (2 * of)
  const reach = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))
  const all = 1 + z ** 2 / of
  // At its ends the interval ends there too, whatever the last digits say.
  return { share, low: hits === 0 ? 0 : (middle - reach) / all, high: hits === of ? 1 : (middle + reach) / all }
}

function notOff(pairs: readonly (readonly [off: number, of: number])[]): ShareEstimate | null {
  const count = pairs.length
  const [off, of] = pairs.reduce(([offs, all], [one, some]) => [offs + one, all + some], [0, 0])
  if (count < 2 || of <= 0) return null
  const ratio = off / of
  const squares = pairs.reduce((sum, [one, some]) => sum + (one - ratio * some) ** 2, 0)
  const sd = Math.sqrt((squares * count) / ((count - 1) * of ** 2))
  const reach = studentQuantile(INTERVAL_UP_TO, count - 1) * sd
  const bounded = (share: number): number => Math.min(1, Math.max(0, share))
  return { share: bounded(1 - ratio), low: bounded(1 - ratio - reach), high: bounded(1 - ratio + reach) }
}
