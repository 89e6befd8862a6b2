// Which order a path names, and whose lane acts on it: its own site's, or another's that serves some of its lines.

import type { SiteId } from '../../core/item.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { sql } from '../db.ts'
import type { Command } from '../stages.ts'
import { anySite, siteOf, type Call, type Sent } from './call.ts'

/** An order as its number names it, and the site that acts: its own, or another that serves some of its lines. */
export async function orderOf(call: Call, acting?: string): Promise<{ readonly order: string; readonly site: SiteId } | Refusal> {
  const { number } = call.params as { number: string }
  const [code, count] = [number.slice(0, number.lastIndexOf('-')), Number(number.slice(number.lastIndexOf('-') + 1))]
  const site = await siteOf(call, acting ?? code, acting === undefined ? 'number' : 'site')
  const home = acting === undefined ? site : await anySite(call, code, 'number')
  const unknown = refuse('order_not_known', 'number', `There is no order ${number} that you may see.`)
  if (isRefusal(site) || isRefusal(home)) return acting === undefined ? unknown : isRefusal(site) ? site : unknown
  const [row] = await call.context.database.query<{ order: string }>(sql`
    select order_id as "order" from orders where site_id = ${home.site} and number = ${count}`)
  return row === undefined || !(await hasPart(call, row.order, home.site, site.site)) ? unknown : { order: row.order, site: site.site }
}

/** Whether a site has a part in another's order; one that has none is not even told whether there is such an order. */
async function hasPart({ context }: Call, order: string, home: SiteId, acting: SiteId): Promise<boolean> {
  if (acting === home) return true
  const rows = await context.database.query(sql`select 1 from planned_move where site_id = ${acting} and document_id = ${order} limit 1`)
  return rows.length > 0
}

/** A command about an order that exists, at the site that acts. */
export async function about(call: Call, acting: string | undefined, make: (order: string) => Command): Promise<Sent | Refusal> {
  const found = await orderOf(call, acting)
  return isRefusal(found) ? found : { site: found.site, command: make(found.order) }
}
