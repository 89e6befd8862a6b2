// How an order is collected, as it is read with the order.

import type { Day, Instant } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { sql, type Database } from '../db.ts'

export interface Collected {
  readonly keepDays: number
  readonly readyAt: Instant | null
  readonly keptUntil: Day | null
}

/** Undefined where it is delivered. */
export async function readCollection(database: Database, site: SiteId, order: string): Promise<Collected | undefined> {
  const [row] = await database.query<Collected>(sql`
    select keep_days as "keepDays", ready_at as "readyAt", kept_until as "keptUntil" from collection where site_id = ${site} and order_id = ${order}`)
  return row
}
