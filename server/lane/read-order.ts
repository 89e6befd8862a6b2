// Read, for orders: the own row of an order or work order, an order's lines, and what was sent of it, as whoever loads them wants them.

import type { SiteId } from '../../core/item.ts'
import { sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'

export const ordersWhere = (condition: Statement): Statement => sql`
  select order_id as "order", number, kind, customer_id as customer, reference, ship_complete as "shipComplete", priority,
    ordered_at as "orderedAt", recorded_at as "recordedAt"
  from orders
  where ${condition}`

export const linesWhere = (condition: Statement): Statement => sql`
  select order_id as "order", line, item_id as item, source_site_id as source, quantity, unit_price_minor as "unitPrice",
    price_basis as "priceBasis", requested_on as requested, promised_on as promised, cancelled, shipped, delivered, returned,
    came_back as "cameBack", lost, kit, kit_each as "kitEach"
  from order_line
  where ${condition}
  order by line`

export const orderHoldsWhere = (condition: Statement): Statement => sql`
  select order_id as "order", hold_id as hold, kind, reason, placed_at as "placedAt", placed_by as "placedBy", taken_off_at as "takenOffAt",
    taken_off_by as "takenOffBy", note
  from order_hold
  where ${condition}
  order by placed_at, hold_id`

export const workOrdersWhere = (condition: Statement): Statement => sql`
  select work_order_id as "workOrder", item_id as item, quantity, make_days as "makeDays", due_on as due, recorded_at as "recordedAt", recalls
  from work_order
  where ${condition}`

/** What was sent of orders, parcel by parcel. */
export const readShipments = (into: Into, site: SiteId, orders: readonly string[]): Promise<void>[] => [
  into(
    'shipment',
    sql`
    select shipment_id as shipment, order_id as "order", home_site_id as "homeSite", shipped_at as "shippedAt", delivered_at as "deliveredAt",
      received_by as "receivedBy", delivery_note as "deliveryNote", latitude_e6, longitude_e6, service_id as service, weight_mg as weight,
      price_minor as price, promised_on as promised, estimated_on as estimated, state, purchase_id as purchase, carrier,
      tracking_number as "trackingNumber"
    from shipment where site_id = ${site} and order_id = any(${orders}::uuid[]) order by shipment_id`,
  ),
  into(
    'shipmentLine',
    sql`
    select l.shipment_id as shipment, l.line, l.part, l.quantity, l.delivered, l.came_back as "cameBack", l.lost
    from shipment s join shipment_line l on l.site_id = s.site_id and l.shipment_id = s.shipment_id
    where s.site_id = ${site} and s.order_id = any(${orders}::uuid[])`,
  ),
]
