// Present: which tables have rows of a batch's documents at all. A transfer has no lines of an order, most orders have no payment through a provider, and few are
// collected: one look tells what there is, and only that is read. A question costs a batch more than a look at an index.

import type { SiteId } from '../../core/item.ts'
import { sql, type Connection } from '../db.ts'

/** Whether any of the documents has some, by table; `isPegged` as supply, `countsOn` as demand, `credit` where anybody has a limit at the site. */
export interface Present {
  readonly orders: boolean
  readonly lines: boolean
  readonly allocations: boolean
  readonly isPegged: boolean
  readonly countsOn: boolean
  readonly shipments: boolean
  readonly credit: boolean
  readonly payments: boolean
  readonly holds: boolean
  readonly collections: boolean
  readonly lineSupplies: boolean
  readonly purchases: boolean
  readonly workOrders: boolean
  readonly slips: boolean
}

export async function presentOf(tx: Connection, site: SiteId, documents: readonly string[]): Promise<Present> {
  const [present] = await tx.query<Present>(sql`
    select
      exists (select from orders where site_id = ${site} and order_id = any(${documents}::uuid[])) as orders,
      exists (select from order_line where site_id = ${site} and order_id = any(${documents}::uuid[])) as lines,
      exists (select from allocation where site_id = ${site} and document_id = any(${documents}::uuid[])) as allocations,
      exists (select from peg where site_id = ${site} and supply_document_id = any(${documents}::uuid[])) as "isPegged",
      exists (select from peg where site_id = ${site} and demand_document_id = any(${documents}::uuid[])) as "countsOn",
      exists (select from shipment where site_id = ${site} and order_id = any(${documents}::uuid[])) as shipments,
      exists (select from credit_account where site_id = ${site}) as credit,
      exists (select from payment where site_id = ${site} and order_id = any(${documents}::uuid[])) as payments,
      exists (select from order_hold where site_id = ${site} and order_id = any(${documents}::uuid[])) as holds,
      exists (select from collection where site_id = ${site} and order_id = any(${documents}::uuid[])) as collections,
      exists (select from line_supply where site_id = ${site} and order_id = any(${documents}::uuid[])) as "lineSupplies",
      exists (select from purchase where site_id = ${site} and purchase_id = any(${documents}::uuid[])) as purchases,
      exists (select from work_order where site_id = ${site} and work_order_id = any(${documents}::uuid[])) as "workOrders",
      exists (
        select from exception
        where site_id = ${site} and document_id = any(${documents}::uuid[]) and kind in ('supply_late', 'supply_overdue') and closed_at is null) as slips`)
  return present!
}
