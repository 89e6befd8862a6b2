// Counting: what the working copy of a site knows of counts: sheets with their positions and entries, what posted counts say, and what moved since an
// instant, and what is believed of items. The ledger takes these rows in with its own.

import { entriesOf, type CountEntry, type CountPosition, type CountSheet } from './count-sheet.ts'
import type { CountPrediction } from './count-prediction.ts'
import { movedSinceKey, positionKey, type MovedSince, type PositionCount } from './position-count.ts'
import type { ItemId } from './item.ts'
import type { Shape } from './table.ts'

/** What is believed of an item beside its record, as a site acts on it. */
interface BelievedStock {
  readonly item: ItemId
  /** Some are recorded and there is probably none. */
  readonly phantom: boolean
  /** The probability that there is none. */
  readonly empty: number
}

export interface CountingRows {
  positionCount: PositionCount
  movedSince: MovedSince
  countSheet: CountSheet
  countPosition: CountPosition
  countEntry: CountEntry
  countPrediction: CountPrediction
  believed: BelievedStock
}

export const countingShapes: { readonly [Name in keyof CountingRows]: Shape<CountingRows[Name]> } = {
  positionCount: { key: (row) => `${row.document}/${row.line}`, groups: (row) => [positionKey(row)] },
  movedSince: { key: (row) => movedSinceKey(row, row.at) },
  countSheet: { key: (row) => row.sheet },
  countPosition: { key: (row) => `${row.sheet}/${row.line}`, groups: (row) => [row.sheet, `${row.sheet} ${positionKey(row)}`] },
  countEntry: { key: (row) => `${row.sheet} ${row.entry}`, groups: (row) => [entriesOf(row), row.sheet] },
  countPrediction: { key: (row) => `${row.sheet} ${row.item}` },
  believed: { key: (row) => String(row.item) },
}
