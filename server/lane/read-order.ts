// Read, for orders: the own row of an order or work order, and an order's lines, as whoever loads them wants them.

import { sql, type Statement } from '../db.ts'

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
