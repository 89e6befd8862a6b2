// Back-test, what is read: items at sites with what customers took of them day by day, before and in the days that are tested, how each is had, and what stood there
// as those days began. What stood there is reckoned back from what there is, once a run; the rest is read some items at a time.

import { addDays, day_ms, startOf, textOf, type Day } from '../../core/calendar.ts'
import { controlSite, type ItemId, type PartyId, type SiteId, type Source } from '../../core/item.ts'
import type { TestedItem } from '../../core/loop/backtest/replay.ts'
import { HISTORY_WEEKS, WEEK_DAYS } from '../../core/loop/forecast.ts'
import { sql, type Connection } from '../db.ts'
import { elsewhereOf, offersOf } from '../flow/cover.ts'
import { directionFor, firstRecorded } from '../lane/as-of.ts'

export interface TestedDays {
  readonly from: Day
  readonly days: number
}

export interface TestedSite {
  readonly site: SiteId
  readonly code: string
  readonly owner: PartyId
}

/** One site, or all. */
export const testedSites = (connection: Connection, only: SiteId | null): Promise<readonly TestedSite[]> =>
  connection.query<TestedSite>(sql`
    select site_id as site, code, owner_id as owner from site
    where site_id <> ${controlSite} and (${only}::int is null or site_id = ${only}) order by site_id`)

export interface OpeningStock {
  readonly item: ItemId
  readonly opening: number
}

/**
 * Items of a site that sold in the tested days, with what stood there as they began. What was not there then and had never been sold is left out: that it
 * would be wanted followed from nothing that a policy could have known.
 */
export const openingsOf = (connection: Connection, { site, owner }: TestedSite, { from, days }: TestedDays): Promise<readonly OpeningStock[]> =>
  connection.query<OpeningStock>(sql`
    select a.item_id as item, greatest(0, a.sellable - coalesce(c.units, 0))::bigint as opening
    from availability a
    left join (
      select m.item_id, sum(m.quantity * ${directionFor(owner)})::bigint as units
      from move m
      where m.site_id = ${site} and m.sequence >= ${firstRecorded(site, startOf(from))} and m.occurred_at >= ${textOf(startOf(from))}::timestamptz
      group by m.item_id) c on c.item_id = a.item_id
    where a.site_id = ${site} and a.owner_id = ${owner} and exists (
      select from sales_day d
      where d.site_id = ${site} and d.item_id = a.item_id and d.sold_on >= ${from}::date and d.sold_on < ${addDays(from, days)}::date and d.units > 0)
      and (a.sellable - coalesce(c.units, 0) > 0 or exists (
        select from sales_day d where d.site_id = ${site} and d.item_id = a.item_id and d.sold_on < ${from}::date and d.units > 0))
    order by a.item_id`)

/** Whether anything was sold in these days, at a site or at any. */
export async function anySold(connection: Connection, { from, days }: TestedDays, only: SiteId | null): Promise<boolean> {
  const [row] = await connection.query<{ any: boolean }>(sql`
    select exists (
      select from site s join sales_day d on d.site_id = s.site_id -- every site: or that which is asked for
      where s.site_id <> ${controlSite} and (${only}::int is null or s.site_id = ${only})
        and d.sold_on >= ${from}::date and d.sold_on < ${addDays(from, days)}::date and d.units > 0) as any`)
  return row!.any
}

interface ItemRow {
  readonly item: ItemId
  readonly sku: string
  readonly source: Source
  readonly makeDays: number
  readonly cost: number
  readonly price: number
}

/** Items of a site, to be lived again. */
export async function testedItems(
  connection: Connection,
  { site, code }: Pick<TestedSite, 'site' | 'code'>,
  openings: readonly OpeningStock[],
  { from, days }: TestedDays,
): Promise<readonly TestedItem[]> {
  const before = HISTORY_WEEKS * WEEK_DAYS
  const items = openings.map((one) => one.item)
  const rows = await connection.query<ItemRow>(sql`
    select item_id as item, sku, source, make_days as "makeDays", standard_cost_minor as cost, list_price_minor as price
    from item where item_id = any(${items}::int[])`)
  const sold = await connection.query<{ item: ItemId; on: Day; units: number }>(sql`
    select item_id as item, sold_on as "on", units from sales_day
    where site_id = ${site} and item_id = any(${items}::int[]) and sold_on >= ${addDays(from, -before)}::date and sold_on < ${addDays(from, days)}::date`)
  const known = new Map(rows.map((row) => [row.item, row]))
  const byItem = Map.groupBy(sold, (row) => row.item)
  const ways = await waysOf(connection, site, items)
  return openings.map(({ item, opening }) => {
    const row = known.get(item)!
    const [history, wanted] = [new Float64Array(before), new Float64Array(days)]
    for (const { on, units } of byItem.get(item) ?? []) {
      const at = Math.round((startOf(on) - startOf(from)) / day_ms)
      if (at < 0) history[before + at] = Math.max(0, units)
      else wanted[at] = Math.max(0, units)
    }
    const { sku, cost, price } = row
    return {
      site: code,
      sku,
      number: numberOf(site, item),
      before: history,
      wanted,
      opening,
      cost,
      price: price > 0 ? price : cost,
      ...ways(row),
    }
  })
}

const SITE_STEP = 0x85ebca6b
const numberOf = (site: SiteId, item: ItemId): number => (Math.imul(site, SITE_STEP) + item) >>> 0

type Way = Pick<TestedItem, 'leadDays' | 'minimum' | 'multiple'>

async function waysOf(connection: Connection, site: SiteId, items: readonly ItemId[]): Promise<(row: ItemRow) => Way> {
  const elsewhere = await elsewhereOf(connection, site)
  const offers = await offersOf(connection, items)
  return ({ item, source, makeDays }) => {
    const from = elsewhere.get(source)
    const offer = offers.get(item)
    if (from !== undefined) return { leadDays: from.transferDays, minimum: 1, multiple: 1 }
    if (source === 'make' || offer === undefined) return { leadDays: makeDays, minimum: 1, multiple: 1 }
    return { leadDays: offer.leadTimeDays, minimum: offer.minimum, multiple: offer.multiple }
  }
}

/** The last day before `today` on which anybody sold anything: of today nobody knows yet how much. */
export async function lastSoldBefore(connection: Connection, today: Day): Promise<Day | undefined> {
  const [row] = await connection.query<{ last: Day | null }>(sql`
    select max(sold_on) as last from sales_day where sold_on < ${today}::date and units > 0 -- every site: the latest of all`)
  return row?.last ?? undefined
}
