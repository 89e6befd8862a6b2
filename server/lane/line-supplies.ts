// Line supplies in the lane: what order lines are bought by, and what was bought for them. What was bought is read with them, and what it is pegged to, since
// cancelling a line decides about it.

import type { SiteId } from '../../core/item.ts'
import type { LineSupply } from '../../core/line-supply.ts'
import { sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'
import { purchaseLinesWhere, purchasesWhere } from './read-supply.ts'

export const readLineSupplies = (into: Into, site: SiteId, orders: readonly string[]): Promise<void> =>
  into(
    'lineSupply',
    sql`
    select order_id as "order", line, how, supplier_id as supplier, unit_cost_minor as "unitCost", lead_time_days as "leadTimeDays"
    from line_supply where site_id = ${site} and order_id = any(${orders}::uuid[]) order by order_id, line`,
  )

/** The purchases that were made for these lines; their planned moves come with the order's pegs, or wait for nobody. */
export async function readBought(into: Into, site: SiteId, lines: readonly LineSupply[]): Promise<void> {
  if (lines.length === 0) return
  const orders = [...new Set(lines.map((one) => one.order))]
  const bought = sql`select purchase_id from purchase_line where site_id = ${site} and order_id = any(${orders}::uuid[])`
  await Promise.all([
    into('purchaseLine', purchaseLinesWhere(sql`site_id = ${site} and order_id = any(${orders}::uuid[])`)),
    into('purchaseOrder', purchasesWhere(sql`site_id = ${site} and purchase_id = any(array(${bought}))`)),
  ])
}

export const insertLineSupplies = (site: SiteId, rows: readonly LineSupply[]): Statement => sql`
  insert into line_supply (site_id, order_id, line, how, supplier_id, unit_cost_minor, lead_time_days)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.order)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.how)}::text[],
    ${rows.map((row) => row.supplier)}::int[], ${rows.map((row) => row.unitCost)}::bigint[], ${rows.map((row) => row.leadTimeDays)}::int[]) t`
