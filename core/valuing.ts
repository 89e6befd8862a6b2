// Valuing: what the working copy of a site knows of what stock is worth: values, the moves that made them, what came late, and closed periods. The ledger
// takes these rows in with its own.

import type { Correction, CostAddition, Mark, Restatement } from './correction.ts'
import type { Period } from './period.ts'
import type { Inbound, ValueMove } from './revaluation.ts'
import { itemKey } from './stock.ts'
import type { Shape } from './table.ts'
import type { ItemValue } from './value.ts'

export interface ValuingRows {
  value: ItemValue
  valueMove: ValueMove
  inbound: Inbound
  correction: Correction
  revaluation: Mark
  costAddition: CostAddition
  restatement: Restatement
  period: Period
}

export const valuingShapes: { readonly [Name in keyof ValuingRows]: Shape<ValuingRows[Name]> } = {
  value: { key: (row) => itemKey(row.item, row.owner) },
  valueMove: { key: (row) => `${row.sequence}`, groups: (row) => [itemKey(row.item, row.owner)] },
  inbound: { key: (row) => `${row.sequence}`, groups: (row) => [row.document] },
  correction: { key: (row) => row.correction, groups: (row) => [itemKey(row.item, row.owner)] },
  revaluation: { key: (row) => itemKey(row.item, row.owner) },
  costAddition: { key: (row) => `${row.document}/${row.move}`, groups: (row) => [`move ${row.move}`] },
  restatement: { key: (row) => row.document },
  period: { key: (row) => row.through },
}
