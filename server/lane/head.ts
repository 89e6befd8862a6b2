// Head: a site's one row that everything at the site is numbered by. Whoever has it locked is the only one who writes to the site.

import { textOf, type Day, type Instant } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { prepared, sql, type Connection, type Statement } from '../db.ts'
import type { Head } from './chain.ts'

export interface SiteHead extends Head {
  /** Transactions that wrote to the site so far. */
  readonly batches: number
  readonly recordedAt: Instant
  /** The last day of the last period that was closed. */
  readonly closedThrough: Day | null
}

export const lockHead = (session: Connection, site: SiteId): Promise<SiteHead> => readHead(session, site, sql`for update`)

export async function readHead(session: Connection, site: SiteId, lock = sql``): Promise<SiteHead> {
  const rows = await session.query<SiteHead>(
    prepared(sql`
    select move_sequence as moves, move_hash as hash, outbox_sequence as events, last_number as numbers, batches, recorded_at as "recordedAt",
      closed_through as "closedThrough"
    from site_head where site_id = ${site} ${lock}`),
  )
  if (rows[0] === undefined) throw new Error(`Site ${site} has no head row.`)
  return rows[0]
}

export const advanceHead = (site: SiteId, head: SiteHead, sealed: Buffer): Statement => sql`
  update site_head
  set move_sequence = ${head.moves}, move_hash = ${head.hash}, outbox_sequence = ${head.events}, last_number = ${head.numbers},
    batches = ${head.batches}, recorded_at = ${textOf(head.recordedAt)}, closed_through = ${head.closedThrough}, seal = ${sealed}
  where site_id = ${site}`
