// Promise, the shell: the positions of items at sites, read without a lock in one round trip, however many lines and sites are asked about.

import type { Position } from '../../core/flow/promise-basket.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import type { Site } from '../../core/party.ts'
import { emptyAvailability, type Availability, type Schedule } from '../../core/stock.ts'
import { prepared, sql, type Database, type Statement } from '../db.ts'
import { doubtedBeside, missingBeside } from '../lane/doubted.ts'
import { countedSums } from '../lane/counted.ts'

type At<Row> = Row & { readonly site: SiteId }

/** What can be sold beside an availability row `a` of goods that suppliers left there: what is promised of them is taken over. */
export const consignedBeside: Statement = sql`
  coalesce((
    select sum(greatest(t.sellable, 0))::bigint from availability t -- every site: that of the row
    where t.site_id = a.site_id and t.item_id = a.item_id and t.owner_id <> a.owner_id
      and exists (select from supplier_item o where o.item_id = t.item_id and o.supplier_id = t.owner_id)), 0)`

/** What can be sold of an availability row `a`, with those goods. */
export const inStock: Statement = sql`a.sellable + ${consignedBeside}`

/** Every item at every site, also where a site has nothing of it. */
export async function positionsOf(database: Database, sites: readonly Pick<Site, 'site' | 'owner'>[], items: readonly ItemId[]): Promise<Position[]> {
  const [asked, owners] = [sites.map((one) => one.site), sites.map((one) => one.owner)]
  const [rows, planned] = await database.lookUp((tx) =>
    Promise.all([
      tx.query<At<Availability>>(
        prepared(sql`
        select a.site_id as site, a.item_id as item, a.owner_id as owner, ${inStock} as sellable, a.reserved, ${doubtedBeside} as doubted, ${missingBeside} as missing, a.demand, a.supply, a.next_expiry as "nextExpiry"
        from availability a -- every site: any may serve a line
        where (a.site_id, a.owner_id) in (select * from unnest(${asked}::int[], ${owners}::int[])) and a.item_id = any(${items}::int[])`),
      ),
      // Without supply all demand counts against stock, whatever its day: only where some is planned are days asked for.
      tx.query<At<Schedule>>(
        prepared(sql`
        select p.site_id as site, p.item_id as item, p.owner_id as owner, p.due_on as due,
          ${countedSums}
        from availability a -- every site: as above
        join planned_move p on p.site_id = a.site_id and p.item_id = a.item_id and p.owner_id = a.owner_id
        where (a.site_id, a.owner_id) in (select * from unnest(${asked}::int[], ${owners}::int[])) and a.item_id = any(${items}::int[])
          and a.supply > 0 and p.planned - p.posted - p.cancelled > 0 and p.status <> 'proposed'
        group by p.site_id, p.item_id, p.owner_id, p.due_on`),
      ),
    ]),
  )
  const placeOf = ({ site, item }: { readonly site: SiteId; readonly item: ItemId }): string => `${site}/${item}`
  const found = new Map(rows.map((row) => [placeOf(row), row]))
  const schedules = Map.groupBy(planned, placeOf)
  return sites.flatMap(({ site, owner }) =>
    items.map((item) => {
      const place = placeOf({ site, item })
      return { site, item, row: found.get(place) ?? emptyAvailability(item, owner), schedule: schedules.get(place) ?? [] }
    }),
  )
}
