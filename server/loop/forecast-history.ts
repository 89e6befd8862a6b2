// Forecast, history as it is read: what customers took of items at a site, week by week and by the day of the week, and when there was probably nothing to take.

import { addDays, type Day } from '../../core/calendar.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import type { EmptyTime } from '../../core/loop/belief-empty.ts'
import { emptyDaysOf, seenWeeks, weekdayShares, withAnalogue } from '../../core/loop/forecast-history.ts'
import { withKnown, type Known, type KnownDemand, type KnownPool } from '../../core/loop/forecast-known.ts'
import { HISTORY_WEEKS, WEEK_DAYS, weeklyHistory, type SoldWeek } from '../../core/loop/forecast.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { analogueColumns } from '../lane/planning.ts'

export interface DemandHistory {
  /** Units that were sold, week by week; the last ended yesterday. */
  readonly sold: Float64Array
  /** Of each week, the days on which there was probably none. */
  readonly emptyDays: Float64Array
  /** What would have been sold had there always been some, and nothing beside what was usual; no number of weeks of which little was seen. */
  readonly seen: Float64Array
  /** Of a week's demand, that of each of the next seven days. */
  readonly weekdays: Float64Array
  /** What is known beforehand of the days ahead; undefined where nothing is. */
  readonly known: KnownDemand | undefined
}

/** Of which items at which site. */
interface Range {
  readonly site: SiteId
  readonly firstItem: ItemId
  readonly lastItem: ItemId
}

/** New items of a range, and as which others they are forecast. */
export type Analogues = ReadonlyMap<ItemId, Analogue>
interface Analogue {
  readonly item: ItemId
  readonly like: ItemId
  readonly percent: number
}

export async function analoguesOf(connection: Connection, { firstItem, lastItem }: Omit<Range, 'site'>): Promise<Analogues> {
  const rows = await connection.query<Analogue>(sql`
    select ${analogueColumns} from forecast_analogue where item_id between ${firstItem} and ${lastItem} and like_item_id is not null`)
  return new Map(rows.map((row) => [row.item, row]))
}

/** The others, each once. */
export const likesOf = (analogues: Analogues): readonly ItemId[] => [...new Set([...analogues.values()].map(({ like }) => like))]

/** What a history is made of besides sales. */
interface Beside {
  /** What the site's days of the week are like (`siteWeekdays`). */
  readonly weekdays: Float64Array
  readonly analogues: Analogues
  readonly emptiedOf: (item: ItemId) => readonly EmptyTime[]
  /** Of an item, events and prices, and what others show of them (`siteKnown`). */
  readonly knownOf: (item: ItemId) => Known | undefined
  readonly pool: KnownPool
}

/** What is known of each item's demand. */
export async function demandHistories(
  connection: Connection,
  range: Range,
  today: Day,
  { weekdays, analogues, emptiedOf, knownOf, pool }: Beside,
): Promise<(item: ItemId) => DemandHistory> {
  const weeks = await soldOf(connection, range, likesOf(analogues), today)
  const days = await weekdaysOf(connection, range, today)
  const seenOf = (item: ItemId): DemandHistory => {
    const sold = weeklyHistory(weeks.get(item) ?? [])
    const emptyDays = emptyDaysOf(sold.length, emptiedOf(item), today)
    const own = { sold, emptyDays, seen: seenWeeks(sold, emptyDays), weekdays: weekdayShares(days.get(item) ?? [], weekdays), known: undefined }
    const known = knownOf(item)
    if (known === undefined) return own
    const { weeks: plain, ...ahead } = withKnown(known, own.seen, own.weekdays, today, pool)
    return { ...own, seen: plain, known: ahead }
  }
  return (item) => {
    const own = seenOf(item)
    const analogue = analogues.get(item)
    const seen = analogue === undefined ? own.seen : withAnalogue(own.seen, seenOf(analogue.like).seen, analogue.percent / 100)
    return { ...own, seen }
  }
}

/** Of a range, and of other items besides. */
export async function soldOf(
  connection: Connection,
  { site, firstItem, lastItem }: Range,
  others: readonly ItemId[],
  today: Day,
): Promise<ReadonlyMap<ItemId, readonly SoldWeek[]>> {
  const rows = await connection.query<{ item: ItemId; weeksAgo: readonly number[]; units: readonly number[] }>(sql`
    select w.item, array_agg(w.weeks_ago) as "weeksAgo", array_agg(w.units) as units
    from (
      select item_id as item, (${today}::date - sold_on - 1) / ${WEEK_DAYS} as weeks_ago, sum(units)::float8 as units
      from sales_day
      where site_id = ${site} and (item_id between ${firstItem} and ${lastItem} or item_id = any(${others}::int[]))
        and sold_on >= ${addDays(today, -HISTORY_WEEKS * WEEK_DAYS)}::date and sold_on < ${today}::date
      group by item_id, weeks_ago) w
    group by w.item`)
  return new Map(rows.map(({ item, weeksAgo, units }) => [item, weeksAgo.map((ago, index) => ({ weeksAgo: ago, units: units[index]! }))]))
}

/** Days of late that say what days of the week are like, of an item and of a site. */
const [ITEM_WEEKDAY_DAYS, SITE_WEEKDAY_DAYS] = [26 * WEEK_DAYS, 8 * WEEK_DAYS]

/** A day's place among the next seven, the first of which is tomorrow. */
const aheadOf = (today: Day): Statement => sql`(${HISTORY_WEEKS * WEEK_DAYS + WEEK_DAYS - 1}::int - (${today}::date - sold_on)) % ${WEEK_DAYS}::int`

async function weekdaysOf(connection: Connection, { site, firstItem, lastItem }: Range, today: Day): Promise<ReadonlyMap<ItemId, Float64Array>> {
  const rows = await connection.query<{ item: ItemId; ahead: number; units: number }>(sql`
    select item_id as item, ${aheadOf(today)} as ahead, sum(units)::float8 as units
    from sales_day
    where site_id = ${site} and item_id between ${firstItem} and ${lastItem}
      and sold_on >= ${addDays(today, -ITEM_WEEKDAY_DAYS)}::date and sold_on < ${today}::date
    group by item, ahead`)
  const byItem = new Map<ItemId, Float64Array>()
  for (const { item, ahead, units } of rows) {
    const known = byItem.get(item) ?? new Float64Array(WEEK_DAYS)
    known[ahead] = units
    byItem.set(item, known)
  }
  return byItem
}

/** What a site's days of the week are like: the share of each of the next seven. */
export async function siteWeekdays(connection: Connection, site: SiteId, today: Day): Promise<Float64Array> {
  const rows = await connection.query<{ ahead: number; units: number }>(sql`
    select ${aheadOf(today)} as ahead, sum(units)::float8 as units
    from sales_day
    where site_id = ${site} and sold_on >= ${addDays(today, -SITE_WEEKDAY_DAYS)}::date and sold_on < ${today}::date
    group by ahead`)
  const units = new Float64Array(WEEK_DAYS)
  for (const row of rows) units[row.ahead] = row.units
  return weekdayShares(units)
}
