// Back-test, what is read: items at sites with what customers took of them day by day, before and in the days that are tested, how each is had, and what stood there
// as those days began.

import { addDays, day_ms, startOf, textOf, type Day } from '../../core/calendar.ts'
import { controlSite, type ItemId, type PartyId, type SiteId, type Source } from '../../core/item.ts'
import { HISTORY_WEEKS, WEEK_DAYS } from '../../core/loop/forecast.ts'
import { sql, type Connection } from '../../server/db.ts'
import { elsewhereOf, offersOf } from '../../server/flow/cover.ts'
import { directionFor, firstRecorded } from '../../server/lane/as-of.ts'
import type { TestedItem } from './backtest.ts'

interface Row {
  readonly code: string
  readonly item: ItemId
  readonly sku: string
  readonly source: Source
  readonly makeDays: number
  readonly cost: number
  readonly price: number
  readonly opening: number
}

export interface TestedDays {
  readonly from: Day
  readonly days: number
}

/** Items that sold in the tested days, by site and SKU; of one site, or of all. */
export async function testedItems(connection: Connection, tested: TestedDays, only: SiteId | undefined): Promise<readonly TestedItem[]> {
  const sites = await connection.query<{ site: SiteId; owner: PartyId }>(sql`
    select site_id as site, owner_id as owner from site
    where site_id <> ${controlSite} and (${only ?? null}::int is null or site_id = ${only ?? null}) order by code`)
  const items: TestedItem[] = []
  for (const { site, owner } of sites) items.push(...(await itemsOf(connection, site, owner, tested)))
  return items
}

async function itemsOf(connection: Connection, site: SiteId, owner: PartyId, { from, days }: TestedDays): Promise<readonly TestedItem[]> {
  const before = HISTORY_WEEKS * WEEK_DAYS
  const rows = await connection.query<Row>(sql`
    select s.code, i.item_id as item, i.sku, i.source, i.make_days as "makeDays", i.standard_cost_minor as cost, i.list_price_minor as price,
      greatest(0, a.sellable - coalesce(c.units, 0))::bigint as opening
    from site s
    join availability a on a.site_id = ${site} and a.owner_id = ${owner}
    join item i on i.item_id = a.item_id
    left join (
      select m.item_id, sum(m.quantity * ${directionFor(owner)})::bigint as units
      from move m
      where m.site_id = ${site} and m.sequence >= ${firstRecorded(site, startOf(from))} and m.occurred_at >= ${textOf(startOf(from))}::timestamptz
      group by m.item_id) c on c.item_id = a.item_id
    where s.site_id = ${site} and exists (
      select from sales_day d
      where d.site_id = ${site} and d.item_id = i.item_id and d.sold_on >= ${from}::date and d.sold_on < ${addDays(from, days)}::date and d.units > 0)
    order by i.sku`)
  const sold = await connection.query<{ item: ItemId; on: Day; units: number }>(sql`
    select item_id as item, sold_on as "on", units from sales_day
    where site_id = ${site} and sold_on >= ${addDays(from, -before)}::date and sold_on < ${addDays(from, days)}::date`)
  const byItem = Map.groupBy(sold, (row) => row.item)
  const ways = await waysOf(connection, site, rows)
  return rows.map((row) => {
    const [history, wanted] = [new Float64Array(before), new Float64Array(days)]
    for (const { on, units } of byItem.get(row.item) ?? []) {
      const at = Math.round((startOf(on) - startOf(from)) / day_ms)
      if (at < 0) history[before + at] = Math.max(0, units)
      else wanted[at] = Math.max(0, units)
    }
    const { code, sku, cost, price, opening } = row
    return { site: code, sku, before: history, wanted, opening, cost, price: price > 0 ? price : cost, ...ways(row) }
  })
}

type Way = Pick<TestedItem, 'leadDays' | 'minimum' | 'multiple'>

async function waysOf(connection: Connection, site: SiteId, rows: readonly Row[]): Promise<(row: Row) => Way> {
  const elsewhere = await elsewhereOf(connection, site)
  const offers = await offersOf(
    connection,
    rows.map((row) => row.item),
  )
  return ({ item, source, makeDays }) => {
    const from = elsewhere.get(source)
    const offer = offers.get(item)
    if (from !== undefined) return { leadDays: from.transferDays, minimum: 1, multiple: 1 }
    if (source === 'make' || offer === undefined) return { leadDays: makeDays, minimum: 1, multiple: 1 }
    return { leadDays: offer.leadTimeDays, minimum: offer.minimum, multiple: offer.multiple }
  }
}

/** The last day on which anybody sold anything. */
export async function lastSoldOn(connection: Connection): Promise<Day | undefined> {
  const [row] = await connection.query<{ last: Day | null }>(sql`select max(sold_on) as last from sales_day -- every site: the latest of all`)
  return row?.last ?? undefined
}
