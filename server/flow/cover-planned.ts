// Cover, planned, the shell: an order that the plan proposes is read as it stands in the plan, and approved in its site's lane.

import {
  orderManyPlanned,
  orderPlanned,
  type OrderManyPlanned,
  type OrderPlanned,
  type PlannedLine,
  type PlannedOrigin,
} from '../../core/flow/cover-planned.ts'
import type { Day } from '../../core/calendar.ts'
import type { PartyId, SiteId } from '../../core/item.ts'
import { quantity } from '../../core/quantity.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { sql, type Connection } from '../db.ts'
import type { Stage } from '../stage.ts'
import { billsOf } from './cover.ts'

export const orderPlannedStage: Stage<OrderPlanned> = {
  status: 201,
  needs: ({ order, origin, lines }) => {
    const items = lines.map((line) => line.item)
    const components = origin.from === 'production' ? origin.components.map((one) => one.item) : []
    return { documents: [order], items: [...new Set([...items, ...components])], plansSupply: true, supply: { documents: [order], items } }
  },
  decide: orderPlanned,
}

export const orderManyPlannedStage: Stage<OrderManyPlanned> = {
  status: 201,
  needs: ({ orders }) => {
    const lined = [...new Set(orders.flatMap((one) => one.lines.map((line) => line.item)))]
    const components = orders.flatMap(({ origin }) => (origin.from === 'production' ? origin.components.map((one) => one.item) : []))
    const documents = orders.map((one) => one.order)
    return { documents, items: [...new Set([...lined, ...components])], plansSupply: true, supply: { documents, items: lined } }
  },
  decide: orderManyPlanned,
}

interface ProposedLine extends PlannedLine {
  readonly source: PlannedOrigin['from']
  readonly sourceId: number
  readonly makeDays: number
}

/**
 * The command that orders what the plan proposes: all of it, or the given quantities of some items by SKU. Refused where the plan has no such order any more:
 * a later run has another.
 */
export async function commandToOrder(
  database: Connection,
  site: SiteId,
  order: string,
  day: Day,
  only: ReadonlyMap<string, number> | undefined,
): Promise<OrderPlanned | Refusal> {
  const rows = await database.query<ProposedLine>(sql`
    select l.item_id as item, i.sku, l.quantity, (l.basis ->> 'price')::bigint as price, l.due_on as due, (l.basis ->> 'minimum')::bigint as minimum,
      (l.basis ->> 'multiple')::bigint as multiple, l.supply, o.source, o.source_id as "sourceId", i.make_days as "makeDays"
    from plan_order o
    join plan_line l on l.site_id = o.site_id and l.plan_order_id = o.plan_order_id
    join item i on i.item_id = l.item_id
    where o.site_id = ${site} and o.plan_order_id = ${order} order by i.sku`)
  const [first] = rows
  if (first === undefined) return refuse('plan_order_not_known', 'id', 'The plan has no such order: a later run may have replaced it.')
  const stranger = [...(only?.keys() ?? [])].find((sku) => !rows.some((row) => row.sku === sku))
  if (stranger !== undefined) return refuse('item_not_known', 'lines', `${stranger} is not in this order.`)
  const lines = rows
    .filter((row) => only === undefined || only.has(row.sku))
    .map(({ source: _source, sourceId: _id, makeDays: _days, ...line }) => ({ ...line, quantity: quantity(only?.get(line.sku) ?? line.quantity) }))
  return { kind: 'orderPlanned', order, origin: await originOf(database, first, day), lines }
}

async function originOf(database: Connection, { source, sourceId, makeDays, item }: ProposedLine, day: Day): Promise<PlannedOrigin> {
  if (source === 'supplier') return { from: 'supplier', supplier: sourceId as PartyId }
  if (source === 'site') return { from: 'site', site: sourceId as SiteId }
  const bills = await billsOf(database, [item], day)
  return { from: 'production', makeDays, components: bills.get(item) ?? [] }
}
