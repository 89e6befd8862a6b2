// Read, for supply: purchases and work orders, and where their pegs lead: a purchase's goods go into a work order, its output into the next, and
// the last into a customer's order. All of these are wanted together when a supply comes later, or not at all.

import type { ItemId, PartyId, SiteId } from '../../core/item.ts'
import { prepared, sql, type Connection, type Statement } from '../db.ts'
import { exceptionColumns } from './exceptions.ts'
import type { Into } from './into.ts'
import type { Present } from './present.ts'
import { workOrdersWhere } from './read-order.ts'

export interface WantedSupply {
  readonly documents: readonly string[]
  /** Then of the work orders that wait for these items. */
  readonly items: readonly ItemId[]
  /** Whether one command is decided: then no other of its batch can take a cover away. */
  readonly isAlone: boolean
}

/** Work orders that wait for what a command supplies and are expected anew: more than these keep their day until something of them changes. */
const WAITING_ORDERS_MAX = 5_000

/** The documents and every work order that their pegs lead to. */
export async function readDocumentsAhead(tx: Connection, site: SiteId, { documents, items, isAlone }: WantedSupply): Promise<readonly string[]> {
  const rows = await tx.query<{ document: string }>(
    prepared(sql`
    with recursive ahead (document_id) as (
      (select unnest(${documents}::uuid[])
        union
        (${waitingFor(site, items, isAlone)}))
      union
      -- Step by step (distinct and limit 1 keep it so): there are few pegs to follow, and many at the site.
      select w.work_order_id
      from ahead a
      cross join lateral (select distinct p.demand_document_id from peg p where p.site_id = ${site} and p.supply_document_id = a.document_id) g
      cross join lateral (select o.work_order_id from work_order o where o.site_id = ${site} and o.work_order_id = g.demand_document_id limit 1) w
    )
    select document_id as document from ahead`),
  )
  return rows.map((row) => row.document)
}

/** Work orders with a component that neither stock nor supply covers yet, or might not once the batch's other commands are decided. */
const waitingFor = (site: SiteId, items: readonly ItemId[], isAlone: boolean): Statement => sql`
  select document_id from planned_move
  where site_id = ${site} and item_id = any(${items}::int[]) and planned - posted - cancelled > 0 and kind = 'component'
    and (not ${isAlone} or held + pegged < planned - posted - cancelled)
  order by priority, age limit ${WAITING_ORDERS_MAX}`

export const purchasesWhere = (condition: Statement): Statement => sql`
  select purchase_id as purchase, supplier_id as supplier, ordered_at as "orderedAt", recorded_at as "recordedAt"
  from purchase where ${condition}`

export const purchaseLinesWhere = (condition: Statement): Statement => sql`
  select purchase_id as purchase, line, item_id as item, quantity, unit_price_minor as "unitPrice", due_on as due, received, rejected, cancelled,
    order_id as "order", order_line as "orderLine"
  from purchase_line where ${condition}`

/** What purchases and work orders say besides their planned moves, and what was told of the order lines at the end of their pegs. */
export async function readSupply(into: Into, site: SiteId, documents: readonly string[], known: Promise<Present>): Promise<void> {
  const present = await known
  await Promise.all([
    ...(present.purchases
      ? [
          into('purchaseOrder', purchasesWhere(sql`site_id = ${site} and purchase_id = any(${documents}::uuid[])`)),
          into('purchaseLine', purchaseLinesWhere(sql`site_id = ${site} and purchase_id = any(${documents}::uuid[])`)),
        ]
      : []),
    ...(present.workOrders ? readWorkOrders(into, site, documents) : []),
    ...(present.slips ? [readSlips(into, site, documents)] : []),
    ...(present.isPegged
      ? [
          into(
            'toldLine',
            sql`
            select o.order_id as "order", l.line, o.number, l.promised_on as promised,
              -- Asked line by line only where anybody was ever told another day.
              case when exists (select from later_promise where site_id = ${site}) then (
                select p.promised_on from later_promise p
                where p.site_id = ${site} and p.order_id = o.order_id and p.line = l.line order by p.number desc limit 1) end as later
            from orders o
            cross join lateral (select line, promised_on from order_line where site_id = ${site} and order_id = o.order_id offset 0) l
            where o.site_id = ${site} and o.order_id = any(array(
              select g.demand_document_id from peg g where g.site_id = ${site} and g.supply_document_id = any(${documents}::uuid[])))`,
          ),
        ]
      : []),
  ])
}

const readWorkOrders = (into: Into, site: SiteId, documents: readonly string[]): Promise<void>[] => [
  into('workOrder', workOrdersWhere(sql`site_id = ${site} and work_order_id = any(${documents}::uuid[])`)),
  into(
    'workComponent',
    sql`
    select work_order_id as "workOrder", line, quantity, batch, scrap_per_million as "scrapPerMillion", used, returned,
      issued_minor as "issuedValue", used_minor as "usedValue", returned_minor as "returnedValue"
    from work_component where site_id = ${site} and work_order_id = any(${documents}::uuid[])`,
  ),
]

/** That a supply is late or overdue, as far as it is not settled. */
const readSlips = (into: Into, site: SiteId, documents: readonly string[]): Promise<void> =>
  into(
    'exception',
    sql`
    select ${exceptionColumns} from exception
    where site_id = ${site} and document_id = any(${documents}::uuid[]) and kind in ('supply_late', 'supply_overdue') and closed_at is null`,
  )

/** The bills of these items, and of all that they are made of. */
export const readBills = (into: Into, items: readonly ItemId[]): Promise<void> =>
  into(
    'billLine',
    sql`
    with recursive part (item_id) as (
      select unnest(${items}::int[])
      union
      select b.component_id from part p join bill_line b on b.parent_id = p.item_id
    )
    select b.parent_id as parent, b.component_id as component, b.valid_from as "validFrom", b.valid_to as "validTo", b.quantity, b.batch,
      b.scrap_per_million as "scrapPerMillion"
    from part p join bill_line b on b.parent_id = p.item_id`,
  )

/** What is on its way to the site for these transfers. */
export const readArrivals = (into: Into, site: SiteId, transfers: readonly string[]): Promise<void> =>
  into(
    'arrival',
    sql`
    select transfer_id as transfer, number, line, item_id as item, quantity, lot, serial, expires_on as "expiresOn", value_minor as value,
      from_site_id as "from", sent_at as "sentAt", due_on as due
    from arrival where site_id = ${site} and transfer_id = any(${transfers}::uuid[]) order by transfer_id, number`,
  )

/** What these suppliers offer of these items; of some too many, which does no harm. */
export const readOffers = (into: Into, offers: readonly { readonly item: ItemId; readonly supplier: PartyId }[]): Promise<void> =>
  into(
    'supplierItem',
    sql`
    select item_id as item, supplier_id as supplier, price_minor as price, lead_time_days as "leadTimeDays", order_minimum as minimum,
      order_multiple as multiple, preferred
    from supplier_item
    where item_id = any(${offers.map((one) => one.item)}::int[]) and supplier_id = any(${offers.map((one) => one.supplier)}::int[])`,
  )

/** Which site supplies which: there are few. */
export const readSiteSources = (into: Into): Promise<void> =>
  into(
    'siteSource',
    sql`
    select site_id as site, item_source as source, from_site_id as "from", transfer_days as "transferDays"
    from site_source -- every site: a circle may lead over any of them`,
  )
