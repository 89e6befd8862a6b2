// Shrinkage, its address: the time that is asked of and by what; and of which part the moves are shown.

import { lossOrigins, type LossOrigin } from '../../core/loss.ts'
import { lossCauses, type LossCause } from '../../core/place.ts'

export const groupings = ['cause', 'origin', 'item', 'category', 'supplier', 'site', 'day', 'week', 'month'] as const
export type Grouping = (typeof groupings)[number]

export interface ShrinkageSearch {
  readonly from?: string
  readonly to?: string
  readonly by?: Grouping
}
export interface MovesSearch {
  readonly from?: string
  readonly to?: string
  readonly cause?: LossCause | 'found'
  readonly origin?: LossOrigin
  readonly sku?: string
  readonly supplier?: string
  readonly category?: string
}

const dayIn = (value: unknown): string | undefined => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined)
const textIn = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)
const only = <Value extends object>(value: Value): Value => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value

export const shrinkageSearch = (search: Record<string, unknown>): ShrinkageSearch =>
  only({ from: dayIn(search['from']), to: dayIn(search['to']), by: groupings.find((one) => one === search['by']) }) as ShrinkageSearch

export const estimateSearch = (search: Record<string, unknown>): { readonly on?: string } => only({ on: dayIn(search['on']) }) as { on?: string }

export const movesSearch = (search: Record<string, unknown>): MovesSearch =>
  only({
    from: dayIn(search['from']),
    to: dayIn(search['to']),
    cause: ([...lossCauses, 'found'] as const).find((one) => one === search['cause']),
    origin: lossOrigins.find((one) => one === search['origin']),
    sku: textIn(search['sku']),
    supplier: textIn(search['supplier']),
    category: textIn(search['category']),
  }) as MovesSearch
