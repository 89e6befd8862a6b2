// Belief state: all that is believed of one item, as numbers that can be kept and gone on from. As bytes it is exact to the last digit: chances are kept
// as what they are in memory, so whoever reads them back believes the same as who wrote them.

import type { Filter } from '../plan/filter/filter.ts'
import { MOMENTS } from '../plan/filter/moments.ts'

export interface BeliefState {
  /** Units of the first cell, and how many cells there are: 0 where it is believed by moments. */
  readonly low: number
  readonly cells: number
  /** Days, up to when it was brought forward. */
  readonly at: number
  readonly customers: number
  readonly exposed: number
  readonly doubted: number
  readonly emptied: number
  readonly ordered: number
  /** The probability that nobody wants it any more, where there is some. */
  readonly ended: number
  /** Customers a day that a forecast says, and the share that says what each wants; not a number where there is none. */
  readonly expected: number
  readonly expectedShare: number
  /** Of the classes, when it was made. */
  readonly weights: readonly number[]
  /** Class by class, the probability of each quantity, or the moments. */
  readonly masses: Float32Array
}

/** What all items of a site have in common, as far as it is learnt. */
export interface SharedBelief {
  /** The share of items in each class of loss rate. */
  readonly weights: readonly number[]
  readonly sold: { readonly units: number; readonly sales: number }
  /** Of the sales, those that were ordered first. */
  readonly ordered: number
  readonly meanCustomers: number
  readonly priorDays: number
}

/** What one item says of all. */
export interface Evidence {
  /** The probability of each class of loss rate. */
  readonly classes: readonly number[]
  readonly customers: number
  /** Days on which there was something to buy. */
  readonly exposed: number
}

/** What a customer of an item is like: given by a forecast, or learnt. */
export interface KnownDemand {
  readonly customersPerDay: number
  readonly sizeShare: number
}

/** Days as a number, and how much of an average day's demand lies between two moments. */
export type DemandClock = (from: number, to: number) => number
export interface BeliefOptions {
  readonly clock?: DemandClock
  /** How many customers an average item has until that is learnt. */
  readonly customersPerDay?: number
  /** The share of customers who come to the shelf instead of ordering, until one of them is known. */
  readonly firstShelfShare?: number
  /** What was learnt before. */
  readonly shared?: SharedBelief
  /** To work on; several beliefs may share one. */
  readonly filter?: Filter
}

/** Goes up when a state means something else than before: what was kept then is worked out anew from the ledger. */
export const BELIEF_FORMAT = 5

/** What is known of an item beside the chances. */
export const ITEM_NUMBERS = ['at', 'customers', 'exposed', 'doubted', 'emptied', 'ordered', 'ended', 'expected', 'expectedShare'] as const
export type ItemNumber = (typeof ITEM_NUMBERS)[number]
const NUMBERS = ['low', 'cells', ...ITEM_NUMBERS] as const

/** Little-endian: the format, how many classes, the numbers, the weights, the chances. */
export function bytesOf(state: BeliefState): Uint8Array {
  const doubles = [BELIEF_FORMAT, state.weights.length, ...NUMBERS.map((name) => state[name]), ...state.weights]
  const view = new DataView(new ArrayBuffer(doubles.length * 8 + state.masses.length * 4))
  for (const [index, one] of doubles.entries()) view.setFloat64(index * 8, one, true)
  for (const [index, one] of state.masses.entries()) view.setFloat32(doubles.length * 8 + index * 4, one, true)
  return new Uint8Array(view.buffer)
}

/** What the bytes are. Throws RangeError where they are of another format, or cut. */
export function stateIn(bytes: Uint8Array): BeliefState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getFloat64(0, true) !== BELIEF_FORMAT) throw new RangeError(`A belief of format ${view.getFloat64(0, true)} cannot be read.`)
  const classes = view.getFloat64(8, true)
  const numbers = Object.fromEntries(NUMBERS.map((name, index) => [name, view.getFloat64((2 + index) * 8, true)])) as Record<
    (typeof NUMBERS)[number],
    number
  >
  const weights = Array.from({ length: classes }, (_none, index) => view.getFloat64((2 + NUMBERS.length + index) * 8, true))
  const from = (2 + NUMBERS.length + classes) * 8
  const masses = Float32Array.from({ length: classes * (numbers.cells || MOMENTS) }, (_none, index) => view.getFloat32(from + index * 4, true))
  return { ...numbers, weights, masses }
}
