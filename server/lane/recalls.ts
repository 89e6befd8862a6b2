// Recalls in the lane: the control site's rows, and the marks that a site has on its lots and work orders. Marks are read with the stock that they are on;
// all marks of one recall are looked for only when it is lifted.

import { textOf } from '../../core/calendar.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import type { Recall } from '../../core/recall.ts'
import { labelOf, type Labelled, type Lot } from '../../core/stock.ts'
import { sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'
import { workOrdersWhere } from './read-order.ts'
import { stockColumns, valueColumns } from './rows.ts'

export const readRecalls = (into: Into, items: readonly ItemId[]): Promise<void> =>
  into(
    'recall',
    sql`
    select recall_id as recall, item_id as item, lot, serial, reason, site_ids as sites, recalled_at as "recalledAt", lifted_at as "liftedAt"
    from recall where item_id = any(${items}::int[])`,
  )

/** Everything at the site that carries the mark of one of these recalls. */
export async function readRecalled(into: Into, site: SiteId, recalls: readonly string[]): Promise<void> {
  await Promise.all([
    into('lot', lotsWhere(sql`site_id = ${site} and recalls <> '{}' and recalls && ${recalls}::uuid[]`)),
    into('workOrder', workOrdersWhere(sql`site_id = ${site} and recalls <> '{}' and recalls && ${recalls}::uuid[]`)),
  ])
}

/**
 * Stock, lots and values of goods that are told apart, and all that is set aside of their items: an item may have thousands of other lots. Nothing is set
 * aside of what nobody holds.
 */
export async function readGoods(into: Into, site: SiteId, goods: readonly Labelled[]): Promise<void> {
  const items = [...new Set(goods.map((one) => one.item))]
  const [lots, serials, labels] = [goods.map((one) => one.lot), goods.map((one) => one.serial), goods.map(labelOf)]
  const each = goods.map((one) => one.item)
  await Promise.all([
    into(
      'stock',
      sql`
      select s.* from unnest(${each}::int[], ${lots}::text[], ${serials}::text[]) f (item_id, lot, serial)
      cross join lateral (
        select ${stockColumns} from stock t where t.site_id = ${site} and t.item_id = f.item_id and t.lot = f.lot and t.serial = f.serial) s`,
    ),
    into(
      'stock',
      sql`
      select s.* from availability a
      cross join lateral (
        select ${stockColumns} from stock t where t.site_id = ${site} and t.item_id = a.item_id and t.owner_id = a.owner_id and t.allocated > 0) s
      where a.site_id = ${site} and a.item_id = any(${items}::int[]) and a.reserved > 0`,
    ),
    into(
      'lot',
      sql`
      select l.* from unnest(${each}::int[], ${labels}::text[]) f (item_id, label)
      cross join lateral (${lotsWhere(sql`site_id = ${site} and item_id = f.item_id and lot = f.label`)}) l`,
    ),
    into('value', sql`select ${valueColumns} from item_value where site_id = ${site} and item_id = any(${items}::int[])`),
  ])
}

export const lotsWhere = (condition: Statement): Statement => sql`
  select item_id as item, lot, expires_on as "expiresOn", recalls, recalled_at as "recalledAt" from lot where ${condition}`

/** What is recalled again reaches further, and a recall is lifted once. */
export const putRecalls = (rows: readonly Recall[]): Statement => sql`
  insert into recall (recall_id, item_id, lot, serial, reason, site_ids, recalled_at, lifted_at)
  select t.recall_id, t.item_id, t.lot, t.serial, t.reason, string_to_array(t.site_ids, ' ')::int[], t.recalled_at, t.lifted_at from unnest(
    ${rows.map((row) => row.recall)}::uuid[], ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.lot)}::text[],
    ${rows.map((row) => row.serial)}::text[], ${rows.map((row) => row.reason)}::text[], ${rows.map((row) => row.sites.join(' '))}::text[],
    ${rows.map((row) => textOf(row.recalledAt))}::timestamptz[], ${rows.map((row) => (row.liftedAt === null ? null : textOf(row.liftedAt)))}::timestamptz[]
  ) t (recall_id, item_id, lot, serial, reason, site_ids, recalled_at, lifted_at)
  on conflict (recall_id) do update set site_ids = excluded.site_ids, lifted_at = excluded.lifted_at`

/** Nothing of a lot changes after it was noted but the recalls that hold it, and its day, where none was told before. */
export const putMarks = (site: SiteId, rows: readonly Lot[]): Statement => sql`
  insert into lot (site_id, item_id, lot, expires_on, recalls, recalled_at)
  select ${site}, t.item_id, t.lot, t.expires_on, string_to_array(t.recalls, ' ')::uuid[], t.recalled_at from unnest(
    ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.lot)}::text[], ${rows.map((row) => row.expiresOn)}::date[],
    ${rows.map((row) => row.recalls.join(' '))}::text[], ${rows.map((row) => (row.recalledAt === null ? null : textOf(row.recalledAt)))}::timestamptz[]
  ) t (item_id, lot, expires_on, recalls, recalled_at)
  on conflict (site_id, item_id, lot) do update set expires_on = excluded.expires_on, recalls = excluded.recalls, recalled_at = excluded.recalled_at`
