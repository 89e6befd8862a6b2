// Collections in the lane: orders that their customers collect. What was raised about them is read only where there is one.

import type { Collection } from '../../core/collection.ts'
import type { SiteId } from '../../core/item.ts'
import { sql, type Statement } from '../db.ts'
import { exceptionColumns } from './exceptions.ts'
import type { Into } from './into.ts'
import { maybe } from './rows.ts'

export const readCollections = (into: Into, site: SiteId, orders: readonly string[]): Promise<void> =>
  into(
    'collection',
    sql`
    select order_id as "order", keep_days as "keepDays", ready_at as "readyAt", kept_until as "keptUntil"
    from collection where site_id = ${site} and order_id = any(${orders}::uuid[])`,
  )

/** That nobody came for them, as far as it is not settled. */
export async function readUncollected(into: Into, site: SiteId, collections: readonly Collection[]): Promise<void> {
  const kept = collections.filter((one) => one.readyAt !== null)
  if (kept.length === 0) return
  await into(
    'exception',
    sql`
    select ${exceptionColumns} from exception
    where site_id = ${site} and document_id = any(${kept.map((one) => one.order)}::uuid[]) and kind = 'not_collected' and closed_at is null`,
  )
}

export const putCollections = (site: SiteId, rows: readonly Collection[]): Statement => sql`
  insert into collection (site_id, order_id, keep_days, ready_at, kept_until)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.keepDays)}::int[],
    ${rows.map((row) => maybe(row.readyAt))}::timestamptz[], ${rows.map((row) => row.keptUntil)}::date[]) t
  on conflict (site_id, order_id) do update set ready_at = excluded.ready_at, kept_until = excluded.kept_until`
