// Doubted: what of a recorded quantity belief doubts, in SQL, for whoever reads availability to promise by it. One look by key beside a row, no lock: a belief
// is a moment behind the ledger, so what is taken off is the doubt, never more than there is on record.

import type { ItemId, SiteId } from '../../core/item.ts'
import { sql, type Statement } from '../db.ts'
import { exceptionColumns } from './exceptions.ts'
import type { Into } from './into.ts'

/** Of an availability row `a`: so many of what is recorded nobody is promised anew. Goods of others are not believed in. */
export const doubtedBeside: Statement = sql`
  least(coalesce((
    select b.doubted from belief b -- every site: that of the row
    where b.site_id = a.site_id and b.item_id = a.item_id and b.owner_id = a.owner_id), 0), greatest(a.sellable, 0))::bigint`

/** How many of an availability row `a` are missing at most, by probability; null where nothing is believed. */
export const missingBeside: Statement = sql`
  (select b.missing from belief b -- every site: that of the row
  where b.site_id = a.site_id and b.item_id = a.item_id and b.owner_id = a.owner_id)`

/** What of an availability row `a` can be counted on: all that is not doubted, and what is held whatever is believed. As `reliable` of core/stock.ts. */
export const reliableOf: Statement = sql`least(a.sellable, greatest(a.reserved, a.sellable - ${doubtedBeside}))`

/** What is believed of items, and what of it was raised. */
export const readBeliefs = (into: Into, site: SiteId, items: readonly ItemId[]): Promise<void>[] => [
  into('believed', sql`select item_id as item, phantom, empty from belief where site_id = ${site} and item_id = any(${items}::int[])`),
  into(
    'exception',
    sql`
    select ${exceptionColumns} from exception
    where site_id = ${site} and item_id = any(${items}::int[]) and kind = 'phantom_stock' and closed_at is null`,
  ),
]
