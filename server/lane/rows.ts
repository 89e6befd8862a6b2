// Rows: what the lane's set-based statements do with the rows they are made of.

import { textOf, type Instant } from '../../core/calendar.ts'
import { sql, type Statement } from '../db.ts'

/**
 * Groups of rows that are alike but for a few columns, so that the other columns travel once and not row by row: nearly all of a batch's
 * orders are of one kind, and reading arrays is a third of what an insert costs the database.
 */
export function alike<Row>(rows: readonly Row[], likeness: (row: Row) => readonly unknown[]): (readonly Row[])[] {
  const groups = new Map<string, Row[]>()
  let last: { readonly likeness: readonly unknown[]; readonly group: Row[] } | undefined
  for (const row of rows) {
    const its = likeness(row)
    // Mostly it is like the one before it, which is cheaper to see than to look up.
    if (last === undefined || its.some((value, index) => value !== last!.likeness[index])) {
      const key = its.join()
      const group = groups.get(key) ?? []
      groups.set(key, group)
      last = { likeness: its, group }
    }
    last.group.push(row)
  }
  return [...groups.values()]
}

/** A deletion by a join also names its rows by a list, so that it never reads much more of the table than it deletes, whatever the plan. */
export const distinct = <Key>(keys: readonly Key[]): Key[] => [...new Set(keys)]

/** An instant that may not have been yet. */
export const maybe = (at: Instant | null | undefined): string | null => (at === null || at === undefined ? null : textOf(at))

/** A row of stock as core/stock.ts has it. */
export const stockColumns: Statement = sql`
  item_id as item, owner_id as owner, condition, place_id as place, lot, serial, package, quantity, allocated`

/** A row of value as core/value.ts has it. */
export const valueColumns: Statement = sql`
  item_id as item, owner_id as owner, quantity, value_minor as value, last_value_minor as "lastValue", last_quantity as "lastQuantity", method,
  coalesce(layers, '[]') as layers, moved_at as "movedAt", came_at as "cameAt"`
