// Storage in the lane: packages, what is told of shipments, and bins that had less than recorded: read where a stage needs them, written where
// they changed. Placing an order touches none of them.

import { textOf } from '../../core/calendar.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import type { Exception } from '../../core/order.ts'
import type { Package } from '../../core/package.ts'
import type { TrackingEvent } from '../../core/tracking.ts'
import { sql, type Statement } from '../db.ts'
import type { Needs } from '../stage.ts'
import type { Into } from './into.ts'
import { maybe } from './rows.ts'

/** What of storage one batch needs in all. */
export interface WantedStorage {
  readonly packages: boolean
  readonly tracking: boolean
  readonly shortPicks: boolean
  readonly returns: boolean
  readonly minimumLife: boolean
}

export function wantedStorage(needs: readonly Needs[]): WantedStorage {
  const some = (name: keyof WantedStorage): boolean => needs.some((need) => need.storage?.[name] === true)
  return {
    packages: some('packages'),
    tracking: some('tracking'),
    shortPicks: some('shortPicks'),
    returns: some('returns'),
    minimumLife: some('minimumLife'),
  }
}

/** Packages of orders; the site's last package besides, whose number the next one follows. */
export async function readPackages(into: Into, site: SiteId, documents: readonly string[], wanted: WantedStorage): Promise<void> {
  if (!wanted.packages) return
  await Promise.all([
    into('package', packagesWhere(sql`site_id = ${site} and order_id = any(${documents}::uuid[])`)),
    into('package', packagesWhere(sql`site_id = ${site} order by number desc limit 1`)),
  ])
}

/** What was told of shipments, which are read already. */
export const readTracking = (into: Into, site: SiteId, shipments: readonly string[]): Promise<void> =>
  into(
    'tracking',
    sql`
    select shipment_id as shipment, sequence, kind, occurred_at as "occurredAt", recorded_at as "recordedAt", estimated_on as estimated, note
    from tracking_event
    where site_id = ${site} and shipment_id = any(${shipments}::uuid[]) order by shipment_id, sequence`,
  )

const packagesWhere = (condition: Statement): Statement => sql`
  select sscc, number, order_id as "order", packed_at as "packedAt", carton_mg as carton, weighed_mg as weighed, weight_mg as weight,
    shipment_id as shipment, opened_at as "openedAt"
  from package where ${condition}`

/** Bins where somebody found less of these items than is recorded, and nobody counted since. */
export const readShortPicks = (into: Into, site: SiteId, items: readonly ItemId[]): Promise<void> =>
  into(
    'exception',
    sql`
    select exception_id as exception, kind, item_id as item, document_id as document, line, quantity, detail, raised_at as "raisedAt",
      place_id as place, closed_at as "closedAt"
    from exception
    where site_id = ${site} and item_id = any(${items}::int[]) and kind = 'short_pick' and closed_at is null`,
  )

/** What customers of orders agreed; an order is at home where it was placed, which need not be here. */
export const readMinimumLife = (into: Into, site: SiteId, documents: readonly string[]): Promise<void> =>
  into(
    'minimumLife',
    sql`
    select d.document, t.minimum_life_days as days
    from (select distinct document_id as document, home_site_id from planned_move
      where site_id = ${site} and document_id = any(${documents}::uuid[]) and kind = 'order') d
    cross join lateral (
      select customer_id from orders m where m.site_id = d.home_site_id and m.order_id = d.document limit 1) o -- every site: where it was placed
    join customer_terms t on t.customer_id = o.customer_id
    where t.minimum_life_days > 0`,
  )

export function writeStorage({ site, tables }: State): Statement[] {
  const [packages, tracking, exceptions] = [tables.package.changes(), tables.tracking.changes().inserted, tables.exception.changes().updated]
  return [
    ...(packages.updated.length === 0 ? [] : [putPackages(site, packages.updated)]),
    ...(packages.inserted.length === 0 ? [] : [putPackages(site, packages.inserted)]),
    ...(tracking.length === 0 ? [] : [insertTracking(site, tracking)]),
    ...(exceptions.length === 0 ? [] : [closeExceptions(site, exceptions)]),
  ]
}

const putPackages = (site: SiteId, rows: readonly Package[]): Statement => sql`
  insert into package (site_id, sscc, number, order_id, packed_at, carton_mg, weighed_mg, weight_mg, shipment_id, opened_at)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.sscc)}::text[], ${rows.map((row) => row.number)}::bigint[], ${rows.map((row) => row.order)}::uuid[],
    ${rows.map((row) => textOf(row.packedAt))}::timestamptz[], ${rows.map((row) => row.carton)}::bigint[], ${rows.map((row) => row.weighed)}::bigint[],
    ${rows.map((row) => row.weight)}::bigint[], ${rows.map((row) => row.shipment)}::uuid[], ${rows.map((row) => maybe(row.openedAt))}::timestamptz[]) t
  on conflict (site_id, sscc) do update set weight_mg = excluded.weight_mg, shipment_id = excluded.shipment_id, opened_at = excluded.opened_at`

const insertTracking = (site: SiteId, rows: readonly TrackingEvent[]): Statement => sql`
  insert into tracking_event (site_id, shipment_id, sequence, kind, occurred_at, recorded_at, estimated_on, note)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.shipment)}::uuid[], ${rows.map((row) => row.sequence)}::int[], ${rows.map((row) => row.kind)}::text[],
    ${rows.map((row) => textOf(row.occurredAt))}::timestamptz[], ${rows.map((row) => textOf(row.recordedAt))}::timestamptz[],
    ${rows.map((row) => row.estimated)}::date[], ${rows.map((row) => row.note)}::text[]) t`

const closeExceptions = (site: SiteId, rows: readonly Exception[]): Statement => sql`
  update exception e
  set closed_at = t.closed_at
  from unnest(${rows.map((row) => row.exception)}::uuid[], ${rows.map((row) => maybe(row.closedAt))}::timestamptz[]) t (exception_id, closed_at)
  where e.site_id = ${site} and e.exception_id = any(${rows.map((row) => row.exception)}::uuid[]) and e.exception_id = t.exception_id`
