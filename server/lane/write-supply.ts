// Write, for supply: purchases and work orders with their lines, goods on their way from other sites, suppliers' catalogues, bills and which site
// supplies which.

import type { Arrival } from '../../core/arrival.ts'
import type { BillLine } from '../../core/bill.ts'
import { textOf } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import type { PurchaseLine, PurchaseOrder } from '../../core/purchase-order.ts'
import type { SiteSource } from '../../core/site-source.ts'
import type { SupplierItem } from '../../core/supplier-item.ts'
import type { WorkComponent, WorkOrder } from '../../core/work-order.ts'
import { sql, type Statement } from '../db.ts'
import { distinct } from './rows.ts'

export const insertPurchases = (site: SiteId, rows: readonly PurchaseOrder[]): Statement => sql`
  insert into purchase (site_id, purchase_id, supplier_id, ordered_at, recorded_at)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.purchase)}::uuid[], ${rows.map((row) => row.supplier)}::int[],
    ${rows.map((row) => textOf(row.orderedAt))}::timestamptz[], ${rows.map((row) => textOf(row.recordedAt))}::timestamptz[]) t`

/** Put rather than updated: see `putPlanned`. */
export const putPurchaseLines = (site: SiteId, rows: readonly PurchaseLine[]): Statement => sql`
  insert into purchase_line (site_id, purchase_id, line, item_id, quantity, unit_price_minor, due_on, received, rejected, cancelled, order_id, order_line)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.purchase)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.item)}::int[],
    ${rows.map((row) => row.quantity)}::bigint[], ${rows.map((row) => row.unitPrice)}::bigint[], ${rows.map((row) => row.due)}::date[],
    ${rows.map((row) => row.received)}::bigint[], ${rows.map((row) => row.rejected)}::bigint[], ${rows.map((row) => row.cancelled)}::bigint[],
    ${rows.map((row) => row.order ?? null)}::uuid[], ${rows.map((row) => row.orderLine ?? null)}::int[]) t
  on conflict (site_id, purchase_id, line)
  do update set received = excluded.received, rejected = excluded.rejected, cancelled = excluded.cancelled`

export const putWorkOrders = (site: SiteId, rows: readonly WorkOrder[]): Statement => sql`
  insert into work_order (site_id, work_order_id, item_id, quantity, make_days, due_on, recorded_at, recalls)
  select ${site}, t.work_order_id, t.item_id, t.quantity, t.make_days, t.due_on, t.recorded_at, string_to_array(t.recalls, ' ')::uuid[] from unnest(
    ${rows.map((row) => row.workOrder)}::uuid[], ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.quantity)}::bigint[],
    ${rows.map((row) => row.makeDays)}::int[], ${rows.map((row) => row.due)}::date[], ${rows.map((row) => textOf(row.recordedAt))}::timestamptz[],
    ${rows.map((row) => row.recalls.join(' '))}::text[]
  ) t (work_order_id, item_id, quantity, make_days, due_on, recorded_at, recalls)
  on conflict (site_id, work_order_id) do update set due_on = excluded.due_on, recalls = excluded.recalls`

export const putWorkComponents = (site: SiteId, rows: readonly WorkComponent[]): Statement => sql`
  insert into work_component (site_id, work_order_id, line, quantity, batch, scrap_per_million, used, returned, issued_minor, used_minor,
    returned_minor)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.workOrder)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.quantity)}::bigint[],
    ${rows.map((row) => row.batch)}::bigint[], ${rows.map((row) => row.scrapPerMillion)}::int[], ${rows.map((row) => row.used)}::bigint[],
    ${rows.map((row) => row.returned)}::bigint[], ${rows.map((row) => row.issuedValue)}::bigint[], ${rows.map((row) => row.usedValue)}::bigint[],
    ${rows.map((row) => row.returnedValue)}::bigint[]) t
  on conflict (site_id, work_order_id, line)
  do update set used = excluded.used, returned = excluded.returned, issued_minor = excluded.issued_minor, used_minor = excluded.used_minor,
    returned_minor = excluded.returned_minor`

/** What a supplier offered before of the same item is replaced. */
export const putSupplierItems = (rows: readonly SupplierItem[]): Statement => sql`
  insert into supplier_item (item_id, supplier_id, price_minor, lead_time_days, order_minimum, order_multiple, preferred)
  select * from unnest(
    ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.supplier)}::int[], ${rows.map((row) => row.price)}::bigint[],
    ${rows.map((row) => row.leadTimeDays)}::int[], ${rows.map((row) => row.minimum)}::bigint[], ${rows.map((row) => row.multiple)}::bigint[],
    ${rows.map((row) => row.preferred)}::boolean[])
  on conflict (item_id, supplier_id)
  do update set price_minor = excluded.price_minor, lead_time_days = excluded.lead_time_days, order_minimum = excluded.order_minimum,
    order_multiple = excluded.order_multiple, preferred = excluded.preferred`

export const putBillLines = (rows: readonly BillLine[]): Statement => sql`
  insert into bill_line (parent_id, component_id, valid_from, valid_to, quantity, batch, scrap_per_million)
  select * from unnest(
    ${rows.map((row) => row.parent)}::int[], ${rows.map((row) => row.component)}::int[], ${rows.map((row) => row.validFrom)}::date[],
    ${rows.map((row) => row.validTo)}::date[], ${rows.map((row) => row.quantity)}::bigint[], ${rows.map((row) => row.batch)}::bigint[],
    ${rows.map((row) => row.scrapPerMillion)}::int[])
  on conflict (parent_id, component_id, valid_from)
  do update set valid_to = excluded.valid_to, quantity = excluded.quantity, batch = excluded.batch, scrap_per_million = excluded.scrap_per_million`

export const putSiteSources = (rows: readonly SiteSource[]): Statement => sql`
  insert into site_source (site_id, item_source, from_site_id, transfer_days)
  select * from unnest(
    ${rows.map((row) => row.site)}::int[], ${rows.map((row) => row.source)}::text[], ${rows.map((row) => row.from)}::int[],
    ${rows.map((row) => row.transferDays)}::int[])
  on conflict (site_id, item_source) do update set from_site_id = excluded.from_site_id, transfer_days = excluded.transfer_days`

/** Put, not inserted: within one batch the dock may take a part in and the next part get its number. */
export const putArrivals = (site: SiteId, rows: readonly Arrival[]): Statement => sql`
  insert into arrival (site_id, transfer_id, number, line, item_id, quantity, lot, serial, expires_on, value_minor, from_site_id, sent_at, due_on)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.transfer)}::uuid[], ${rows.map((row) => row.number)}::int[], ${rows.map((row) => row.line)}::int[],
    ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.quantity)}::bigint[], ${rows.map((row) => row.lot)}::text[],
    ${rows.map((row) => row.serial)}::text[], ${rows.map((row) => row.expiresOn)}::date[], ${rows.map((row) => row.value)}::bigint[],
    ${rows.map((row) => row.from)}::int[], ${rows.map((row) => textOf(row.sentAt))}::timestamptz[], ${rows.map((row) => row.due)}::date[]) t
  on conflict (site_id, transfer_id, number)
  do update set line = excluded.line, item_id = excluded.item_id, quantity = excluded.quantity, lot = excluded.lot, serial = excluded.serial,
    expires_on = excluded.expires_on, value_minor = excluded.value_minor, from_site_id = excluded.from_site_id, sent_at = excluded.sent_at,
    due_on = excluded.due_on`

export const deleteArrivals = (site: SiteId, rows: readonly Arrival[]): Statement => sql`
  delete from arrival where site_id = ${site} and transfer_id = any(${distinct(rows.map((row) => row.transfer))}::uuid[])
    and (transfer_id, number) in (select * from unnest(${rows.map((row) => row.transfer)}::uuid[], ${rows.map((row) => row.number)}::int[]))`
