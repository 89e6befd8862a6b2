// Write, for orders: their rows, their lines, and the shipments that took them away.

import { textOf, type Instant } from '../../core/calendar.ts'
import type { GivenPromise } from '../../core/given-promise.ts'
import type { SiteId } from '../../core/item.ts'
import type { OrderKit } from '../../core/kit.ts'
import type { LaterPromise, Order, OrderLine, Shipment, ShipmentLine } from '../../core/order.ts'
import type { OrderHold } from '../../core/order-hold.ts'
import { sql, type Statement } from '../db.ts'
import { alike } from './rows.ts'

export const insertOrders = (site: SiteId, rows: readonly Order[]): Statement[] =>
  alike(rows, (row) => [row.kind, row.shipComplete, row.priority, row.recordedAt]).map((group) => {
    const { kind, shipComplete, priority, recordedAt } = group[0]!
    return sql`
      insert into orders (site_id, order_id, number, kind, customer_id, reference, ship_complete, priority, ordered_at, recorded_at)
      select ${site}, t.order_id, t.number, ${kind}, t.customer_id, t.reference, ${shipComplete}, ${priority}, t.ordered_at, ${textOf(recordedAt)}
      from unnest(
        ${group.map((row) => row.order)}::uuid[], ${group.map((row) => row.number)}::bigint[], ${group.map((row) => row.customer)}::int[],
        ${group.map((row) => row.reference)}::text[], ${group.map((row) => textOf(row.orderedAt))}::timestamptz[]
      ) t (order_id, number, customer_id, reference, ordered_at)`
  })

/** Orders that do not wait any more until all of them is there. */
export const splitOrders = (site: SiteId, rows: readonly Order[]): Statement => sql`
  update orders o set ship_complete = t.ship_complete
  from unnest(${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.shipComplete)}::boolean[]) t (order_id, ship_complete)
  where o.site_id = ${site} and o.order_id = any(${rows.map((row) => row.order)}::uuid[]) and o.order_id = t.order_id`

/** Days that customers were told later. */
export const insertLaterPromises = (site: SiteId, rows: readonly LaterPromise[]): Statement => sql`
  insert into later_promise (site_id, order_id, line, number, promised_on, promised_at, exception_id)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.number)}::int[],
    ${rows.map((row) => row.promised)}::date[], ${rows.map((row) => textOf(row.promisedAt))}::timestamptz[],
    ${rows.map((row) => row.exception)}::uuid[]) t`

export const insertLines = (site: SiteId, rows: readonly OrderLine[]): Statement[] =>
  alike(rows, (row) => [row.source, row.cancelled, row.returned, row.priceBasis, row.kit, row.kitEach]).map((group) => {
    const { source, cancelled, returned, priceBasis, kit, kitEach } = group[0]!
    return sql`
      insert into order_line (site_id, order_id, line, item_id, source_site_id, quantity, unit_price_minor, price_basis, requested_on, promised_on,
        cancelled, shipped, delivered, returned, kit, kit_each)
      select ${site}, t.order_id, t.line, t.item_id, ${source}, t.quantity, t.unit_price_minor, ${priceBasis}, t.requested_on, t.promised_on,
        ${cancelled}, t.shipped, t.delivered, ${returned}, ${kit}::int, ${kitEach}::bigint
      from unnest(
        ${group.map((row) => row.order)}::uuid[], ${group.map((row) => row.line)}::int[], ${group.map((row) => row.item)}::int[],
        ${group.map((row) => row.quantity)}::bigint[], ${group.map((row) => row.unitPrice)}::bigint[], ${group.map((row) => row.requested)}::date[],
        ${group.map((row) => row.promised)}::date[], ${group.map((row) => row.shipped)}::bigint[], ${group.map((row) => row.delivered)}::bigint[]
      ) t (order_id, line, item_id, quantity, unit_price_minor, requested_on, promised_on, shipped, delivered)`
  })

export const insertOrderKits = (site: SiteId, rows: readonly OrderKit[]): Statement => sql`
  insert into order_kit (site_id, order_id, kit, item_id, quantity, unit_price_minor)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.kit)}::int[], ${rows.map((row) => row.item)}::int[],
    ${rows.map((row) => row.quantity)}::bigint[], ${rows.map((row) => row.unitPrice)}::bigint[]) t`

export const insertGivenPromises = (site: SiteId, rows: readonly GivenPromise[]): Statement => sql`
  insert into promise (site_id, order_id, line, number, given_at, quantity, promised_on, source_site_id, reason, confidence, asked_item_id, because)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.number)}::int[],
    ${rows.map((row) => textOf(row.givenAt))}::timestamptz[], ${rows.map((row) => row.quantity)}::bigint[],
    ${rows.map((row) => row.promised)}::date[], ${rows.map((row) => row.source)}::int[], ${rows.map((row) => row.reason)}::text[],
    ${rows.map((row) => row.confidence)}::text[], ${rows.map((row) => row.asked)}::int[], ${rows.map((row) => row.because)}::text[]) t`

/** Lines that have come further, or were changed. Put rather than updated: see `putPlanned`. */
export function putLines(site: SiteId, rows: readonly OrderLine[]): Statement {
  return sql`
    insert into order_line (site_id, order_id, line, item_id, source_site_id, quantity, unit_price_minor, requested_on, promised_on,
      cancelled, shipped, delivered, returned, came_back, lost)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.item)}::int[],
      ${rows.map((row) => row.source)}::int[], ${rows.map((row) => row.quantity)}::bigint[], ${rows.map((row) => row.unitPrice)}::bigint[],
      ${rows.map((row) => row.requested)}::date[], ${rows.map((row) => row.promised)}::date[], ${rows.map((row) => row.cancelled)}::bigint[],
      ${rows.map((row) => row.shipped)}::bigint[], ${rows.map((row) => row.delivered)}::bigint[], ${rows.map((row) => row.returned)}::bigint[],
      ${rows.map((row) => row.cameBack)}::bigint[], ${rows.map((row) => row.lost)}::bigint[]) t
    on conflict (site_id, order_id, line)
    do update set quantity = excluded.quantity, requested_on = excluded.requested_on, promised_on = excluded.promised_on,
      cancelled = excluded.cancelled, shipped = excluded.shipped, delivered = excluded.delivered, returned = excluded.returned,
      came_back = excluded.came_back, lost = excluded.lost`
}

const maybe = (at: Instant | null): string | null => (at === null ? null : textOf(at))

export const putOrderHolds = (site: SiteId, rows: readonly OrderHold[]): Statement => sql`
  insert into order_hold (site_id, order_id, hold_id, kind, reason, placed_at, placed_by, taken_off_at, taken_off_by, note)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.hold)}::uuid[], ${rows.map((row) => row.kind)}::text[],
    ${rows.map((row) => row.reason)}::text[], ${rows.map((row) => textOf(row.placedAt))}::timestamptz[], ${rows.map((row) => row.placedBy)}::text[],
    ${rows.map((row) => maybe(row.takenOffAt))}::timestamptz[], ${rows.map((row) => row.takenOffBy)}::text[], ${rows.map((row) => row.note)}::text[]) t
  on conflict (site_id, order_id, hold_id)
  do update set taken_off_at = excluded.taken_off_at, taken_off_by = excluded.taken_off_by, note = excluded.note`

export function insertShipments(site: SiteId, rows: readonly Shipment[]): Statement {
  return sql`
    insert into shipment (site_id, shipment_id, order_id, home_site_id, shipped_at, delivered_at, received_by, delivery_note, latitude_e6, longitude_e6,
      service_id, weight_mg, price_minor, promised_on, estimated_on, state, purchase_id, carrier, tracking_number)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.shipment)}::uuid[], ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.homeSite)}::int[],
      ${rows.map((row) => textOf(row.shippedAt))}::timestamptz[], ${rows.map((row) => (row.deliveredAt === null ? null : textOf(row.deliveredAt)))}::timestamptz[],
      ${rows.map((row) => row.receivedBy)}::text[], ${rows.map((row) => row.deliveryNote)}::text[], ${rows.map((row) => row.latitude_e6)}::int[],
      ${rows.map((row) => row.longitude_e6)}::int[], ${rows.map((row) => row.service)}::int[], ${rows.map((row) => row.weight)}::bigint[],
      ${rows.map((row) => row.price)}::bigint[], ${rows.map((row) => row.promised)}::date[], ${rows.map((row) => row.estimated)}::date[],
      ${rows.map((row) => row.state)}::text[], ${rows.map((row) => row.purchase ?? null)}::uuid[], ${rows.map((row) => row.carrier ?? null)}::text[],
      ${rows.map((row) => row.trackingNumber ?? null)}::text[]) t`
}

/** What happens to a shipment after it left. */
export function updateShipments(site: SiteId, rows: readonly Shipment[]): Statement {
  return sql`
    update shipment s
    set delivered_at = t.delivered_at, received_by = t.received_by, delivery_note = t.delivery_note, latitude_e6 = t.latitude_e6,
      longitude_e6 = t.longitude_e6, estimated_on = t.estimated_on, state = t.state
    from unnest(
      ${rows.map((row) => row.shipment)}::uuid[], ${rows.map((row) => (row.deliveredAt === null ? null : textOf(row.deliveredAt)))}::timestamptz[],
      ${rows.map((row) => row.receivedBy)}::text[], ${rows.map((row) => row.deliveryNote)}::text[], ${rows.map((row) => row.latitude_e6)}::int[],
      ${rows.map((row) => row.longitude_e6)}::int[], ${rows.map((row) => row.estimated)}::date[], ${rows.map((row) => row.state)}::text[]
    ) t (shipment_id, delivered_at, received_by, delivery_note, latitude_e6, longitude_e6, estimated_on, state)
    where s.site_id = ${site} and s.shipment_id = any(${rows.map((row) => row.shipment)}::uuid[]) and s.shipment_id = t.shipment_id`
}

/** Put rather than updated: see `putPlanned`. */
export function putShipmentLines(site: SiteId, rows: readonly ShipmentLine[]): Statement {
  return sql`
    insert into shipment_line (site_id, shipment_id, line, part, quantity, delivered, came_back, lost)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.shipment)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.part)}::int[],
      ${rows.map((row) => row.quantity)}::bigint[], ${rows.map((row) => row.delivered)}::bigint[], ${rows.map((row) => row.cameBack)}::bigint[],
      ${rows.map((row) => row.lost)}::bigint[]) t
    on conflict (site_id, shipment_id, line, part) do update
    set delivered = excluded.delivered, came_back = excluded.came_back, lost = excluded.lost`
}
