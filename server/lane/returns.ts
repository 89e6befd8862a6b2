// Returns in the lane: what is authorised to come back of orders, read where a stage needs it, written where it changed. Nothing else touches it.

import { textOf } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import type { Rma, RmaLine } from '../../core/rma.ts'
import { sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'

/** All returns of these orders. */
export async function readReturns(into: Into, site: SiteId, orders: readonly string[]): Promise<void> {
  await Promise.all([
    into(
      'rma',
      sql`
      select rma_id as rma, order_id as "order", number, authorised_at as "authorisedAt", recorded_at as "recordedAt", exchange_order_id as exchange
      from rma where site_id = ${site} and order_id = any(${orders}::uuid[]) order by order_id, number`,
    ),
    into(
      'rmaLine',
      sql`
      select l.rma_id as rma, l.line, l.order_line as "orderLine", l.item_id as item, l.quantity, l.reason, l.note, l.paid_minor as paid,
        l.cancelled, l.received, l.restocked, l.refurbishing, l.scrapped, l.to_vendor as "toVendor", l.refund_minor as refund
      from rma r join rma_line l on l.site_id = r.site_id and l.rma_id = r.rma_id
      where r.site_id = ${site} and r.order_id = any(${orders}::uuid[]) order by l.rma_id, l.line`,
    ),
  ])
}

export function writeReturns({ site, tables }: State): Statement[] {
  const [returns, lines] = [tables.rma.changes(), tables.rmaLine.changes()]
  return [
    ...[returns.updated, returns.inserted].flatMap((rows) => (rows.length === 0 ? [] : [putReturns(site, rows)])),
    ...[lines.updated, lines.inserted].flatMap((rows) => (rows.length === 0 ? [] : [putReturnLines(site, rows)])),
  ]
}

const putReturns = (site: SiteId, rows: readonly Rma[]): Statement => sql`
  insert into rma (site_id, rma_id, order_id, number, authorised_at, recorded_at, exchange_order_id)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.rma)}::uuid[], ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.number)}::int[],
    ${rows.map((row) => textOf(row.authorisedAt))}::timestamptz[], ${rows.map((row) => textOf(row.recordedAt))}::timestamptz[],
    ${rows.map((row) => row.exchange)}::uuid[]) t
  on conflict (site_id, rma_id) do update set exchange_order_id = excluded.exchange_order_id`

const putReturnLines = (site: SiteId, rows: readonly RmaLine[]): Statement => sql`
  insert into rma_line (site_id, rma_id, line, order_line, item_id, quantity, reason, note, paid_minor, cancelled, received, restocked,
    refurbishing, scrapped, to_vendor, refund_minor)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.rma)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.orderLine)}::int[],
    ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.quantity)}::bigint[], ${rows.map((row) => row.reason)}::text[],
    ${rows.map((row) => row.note)}::text[], ${rows.map((row) => row.paid)}::bigint[], ${rows.map((row) => row.cancelled)}::bigint[],
    ${rows.map((row) => row.received)}::bigint[], ${rows.map((row) => row.restocked)}::bigint[], ${rows.map((row) => row.refurbishing)}::bigint[],
    ${rows.map((row) => row.scrapped)}::bigint[], ${rows.map((row) => row.toVendor)}::bigint[], ${rows.map((row) => row.refund)}::bigint[]) t
  on conflict (site_id, rma_id, line)
  do update set cancelled = excluded.cancelled, received = excluded.received, restocked = excluded.restocked, refurbishing = excluded.refurbishing,
    scrapped = excluded.scrapped, to_vendor = excluded.to_vendor, refund_minor = excluded.refund_minor`
