// Exception groups: under which names what was raised before is found again, so that it is raised once, and settled by what settles it.

import type { ItemId } from './item.ts'
import type { Exception } from './order.ts'

/** The group of bins that had less of an item than recorded, and were not counted since. */
export const shortOf = (item: ItemId): string => `short ${item}`

/** The group of what was raised because a supply comes later, or was not there on its day. */
export const slipsOf = (document: string, line: number): string => `slips ${document}/${line}`

/** The group of what was raised because nobody collected an order. */
export const uncollectedOf = (order: string): string => `uncollected ${order}`

/** The group of what was raised because there is probably none of an item that is recorded. */
export const phantomOf = (item: ItemId): string => `phantom ${item}`

export function groupsOfException({ kind, item, document, line }: Exception): readonly string[] {
  if (kind === 'short_pick') return item === null ? [] : [shortOf(item)]
  if (kind === 'phantom_stock') return item === null ? [] : [phantomOf(item)]
  if (document === null) return []
  if (kind === 'not_collected') return [uncollectedOf(document)]
  const isSlip = kind === 'supply_late' || kind === 'supply_overdue'
  return isSlip && line !== null ? [slipsOf(document, line)] : []
}
