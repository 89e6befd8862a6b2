// Package: picked goods of one order in a box with a number of its own. Its content is no row here: goods carry the number at the ends of
// their moves, and in stock. A package is shipped or opened, once; its row stays, so that no number is given out twice.

import type { Instant } from './calendar.ts'
import type { Quantity } from './quantity.ts'
import { sumOfWeights, weightTimes, type Weight } from './weight.ts'

export interface Package {
  readonly sscc: string
  readonly number: number
  readonly order: string
  readonly packedAt: Instant
  readonly carton: Weight
  /** What the scale said. */
  readonly weighed: Weight | null
  /** What it weighed when it was shipped. */
  readonly weight: Weight | null
  readonly shipment: string | null
  readonly openedAt: Instant | null
}

export const isClosed = ({ shipment, openedAt }: Package): boolean => shipment !== null || openedAt !== null

export interface Packed {
  readonly each: Weight | null
  readonly quantity: Quantity
}

/** As weighed; else the carton and what is in it, where the weights of its items are known. */
export const weightOf = ({ weighed, carton }: Pick<Package, 'weighed' | 'carton'>, content: readonly Packed[]): Weight | null =>
  weighed ?? sumOfWeights([carton, ...content.map(({ each, quantity }) => weightTimes(each, quantity))])
