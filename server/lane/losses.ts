// Losses in the lane: what was said of goods that are gone, read to undo one, and added. Nothing is ever changed of them.

import { textOf } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import type { Loss } from '../../core/loss.ts'
import { sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'

/** Losses by their documents, with what undid them. */
export const readLosses = (into: Into, site: SiteId, losses: readonly string[]): Promise<void> =>
  into(
    'loss',
    sql`
    select document_id as loss, item_id as item, owner_id as owner, quantity, place_id as place, lot, serial, condition, cause, origin, note, evidence,
      value_minor as value, lost_at as "lostAt", undoes
    from loss where site_id = ${site} and (document_id = any(${losses}::uuid[]) or undoes = any(${losses}::uuid[]))`,
  )

export const insertLosses = (site: SiteId, rows: readonly Loss[]): Statement => sql`
  insert into loss (site_id, document_id, item_id, owner_id, quantity, place_id, lot, serial, condition, cause, origin, note, evidence, value_minor,
    lost_at, undoes)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.loss)}::uuid[], ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.owner)}::int[],
    ${rows.map((row) => row.quantity)}::bigint[], ${rows.map((row) => row.place)}::int[], ${rows.map((row) => row.lot)}::text[],
    ${rows.map((row) => row.serial)}::text[], ${rows.map((row) => row.condition)}::text[], ${rows.map((row) => row.cause)}::text[],
    ${rows.map((row) => row.origin)}::text[], ${rows.map((row) => row.note)}::text[], ${rows.map((row) => row.evidence)}::text[],
    ${rows.map((row) => row.value)}::bigint[], ${rows.map((row) => textOf(row.lostAt))}::timestamptz[], ${rows.map((row) => row.undoes)}::uuid[]) t`
