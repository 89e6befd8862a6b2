// Plan, item by item, over HTTP: by which policy an item is ordered, at a site or everywhere.

import { controlSite, type ItemId, type SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import type { ItemPlanning } from '../../core/planning.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { sql, type Connection } from '../db.ts'
import { itemPlanningColumns } from '../lane/planning.ts'
import { itemOf, siteOf, type Writers } from './call.ts'

export const planItemWriters = {
  setItemPlanning: async (call) => {
    const { site: code, service, fixedOrderCost, ...rest } = call.body
    if (code === null && call.principal.sites.length > 0) {
      return refuse('role_not_allowed', 'site', 'Of every site only who may see every site says how an item is ordered: name a site.')
    }
    const site = code === null ? { site: controlSite } : await siteOf(call, code)
    if (isRefusal(site)) return site
    const item = await itemOf(call, call.params.sku)
    if (isRefusal(item)) return item
    return {
      site: site.site,
      command: {
        kind: 'setItemPlanning',
        item: item.item,
        sku: item.sku,
        siteCode: code,
        tracking: item.tracking,
        ...rest,
        fixedOrderCost: fixedOrderCost === null ? null : money(fixedOrderCost),
        service: typeof service === 'number' ? Math.round(service * 1_000) : service,
      },
    }
  },
} satisfies Partial<Writers>

/** What is said of how an item is ordered: at a site, and everywhere; what was taken back is not told. */
export async function itemPlanningsOf(connection: Connection, site: SiteId, item: ItemId): Promise<readonly object[]> {
  const rows = await connection.query<ItemPlanning & { code: string | null }>(sql`
    select p.*, s.code
    from (select ${itemPlanningColumns} from item_planning where site_id in (0, ${site}) and item_id = ${item}) p
    left join site s on s.site_id = p.site and p.site <> ${controlSite} order by p.site desc -- every site: this one, and what holds of all`)
  return rows.flatMap(({ site: _site, item: _item, code, service, ...row }) => {
    if (service === null && Object.values(row).every((value) => value === null)) return []
    return [{ site: code, ...row, service: typeof service === 'number' ? service / 1_000 : service }]
  })
}
