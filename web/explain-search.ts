// Explain, search: what the address of an explanation may hold: which figure, and which part of the item.

import type { Condition } from '../core/move.ts'

export const explainFigures = ['quantity', 'availability', 'value'] as const
export type ExplainFigure = (typeof explainFigures)[number]

export interface ExplainSearch {
  readonly figure?: ExplainFigure
  readonly place?: string
  readonly lot?: string
  readonly serial?: string
  readonly condition?: Condition
}
