// Count prediction: what was believed of an item when a count sheet that has it was opened. It is kept with the sheet and never changed, so that what was found
// can be told beside what had been predicted; a belief that learnt from the count since would always have been right.

import type { ItemId } from './item.ts'

/** Units of our own that can be sold. */
export interface PredictedItem {
  readonly item: ItemId
  /** By the record, at the whole site. */
  readonly recorded: number
  /** Of these, what stood at the positions of the sheet. */
  readonly listed: number
  /** What was believed to be at the whole site; null where nothing was. */
  readonly believed: { readonly expected: number; readonly low: number; readonly high: number; readonly empty: number } | null
  /** What one was worth, in minor units, on average. */
  readonly unitValue: number
  /** The seed by which chance put it on the sheet; null where somebody chose it. */
  readonly drawnBy: number | null
}

export interface CountPrediction extends PredictedItem {
  readonly sheet: string
}

/** What was counted of an item's positions on the sheet, beside what the ledger had there when they were counted. */
export interface FoundOfItem {
  readonly counted: number
  readonly recorded: number
}

export interface Against {
  /** What came (less what went) at these positions between opening and counting, by the ledger. */
  readonly moved: number
  /** What was predicted to be found there, after what moved; what is not on the sheet is taken to be as it is recorded. */
  readonly expected: number
  readonly low: number
  readonly high: number
  readonly isInBand: boolean
}

export function foundAgainst(
  { recorded, listed, believed }: Pick<PredictedItem, 'recorded' | 'listed' | 'believed'>,
  found: FoundOfItem,
): Against | undefined {
  if (believed === null) return undefined
  const after = (units: number): number => Math.max(0, units + found.recorded - recorded)
  const [low, high] = [after(believed.low), after(believed.high)]
  return { moved: found.recorded - listed, expected: after(believed.expected), low, high, isInBand: found.counted >= low && found.counted <= high }
}
