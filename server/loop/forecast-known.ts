// Forecast, known, as it is read: events and prices of items at a site, and what a sample of its items shows of each. With neither events nor price lists nothing is
// read but that there are none.

import { addDays, dayOf, type Instant } from '../../core/calendar.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import type { EmptyTime } from '../../core/loop/belief-empty.ts'
import { emptyDaysOf, seenWeeks } from '../../core/loop/forecast-history.ts'
import { drivenWeeks, emptyPool, knownOf, type Known, type KnownPool, type PriceTime } from '../../core/loop/forecast-known.ts'
import { bookPrices, priceTimes, PRICE_DAYS_AHEAD, PRICE_DAYS_BEHIND, type BookPrice } from '../../core/loop/forecast-price.ts'
import { HISTORY_WEEKS, WEEK_DAYS, weeklyHistory } from '../../core/loop/forecast.ts'
import { pooledEffects } from '../../core/plan/forecasting/effects.ts'
import type { DemandEvent } from '../../core/planning.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { eventColumns } from '../lane/planning.ts'
import { soldOf } from './forecast-history.ts'

/** Of each scope, so many items tell of an event; all of a large company would not tell much more. */
const SAMPLE_ITEMS = 100

/** What is known at a site; the same whoever asks of the same day. */
export interface SiteKnown {
  readonly site: SiteId
  readonly now: Instant
  readonly events: readonly DemandEvent[]
  /** Whether the price book has anything for everybody. */
  readonly hasPrices: boolean
  readonly pool: KnownPool
}

interface Seen {
  /** What the site's days of the week are like. */
  readonly weekdays: Float64Array
  readonly emptiedOf: (items: readonly ItemId[]) => Promise<(item: ItemId) => readonly EmptyTime[]>
}

export async function siteKnown(connection: Connection, site: SiteId, now: Instant, { weekdays, emptiedOf }: Seen): Promise<SiteKnown> {
  const today = dayOf(now)
  const events = await connection.query<DemandEvent>(sql`
    select ${eventColumns} from demand_event
    where undone_at is null and (site_id is null or site_id = ${site})
      and to_on >= ${addDays(today, -PRICE_DAYS_BEHIND)}::date and from_on <= ${addDays(today, PRICE_DAYS_AHEAD)}::date
    order by from_on, event_id`)
  const [lists] = await connection.query<object>(sql`select 1 as one from price_list where customer_id is null and customer_group is null limit 1`)
  const known = { site, now, events, hasPrices: lists !== undefined, pool: emptyPool }
  const past = events.filter(({ from, kind }) => from < today && kind !== 'closed')
  const items = await sampleOf(connection, known, past)
  if (items.length === 0) return known
  const [sold, emptied, knownBy] = [
    await soldOf(connection, { site, ...noItems }, items, today),
    await emptiedOf(items),
    await knownItems(connection, known, items),
  ]
  const told = items.flatMap((item) => {
    const one = knownBy(item)
    if (one === undefined || one.keys.length === 0) return []
    const weeks = weeklyHistory(sold.get(item) ?? [])
    return [{ keys: one.keys, driven: drivenWeeks(one, seenWeeks(weeks, emptyDaysOf(weeks.length, emptied(item), today)), weekdays, today) }]
  })
  const numbers = new Map([...new Set(told.flatMap(({ keys }) => keys))].sort().map((key, number) => [key, number]))
  const pooled = pooledEffects(
    told.map(({ driven, keys }) => ({ driven, numbers: keys.map((key) => numbers.get(key)!) })),
    numbers.size,
  )
  return { ...known, pool: { numbers, ...pooled } }
}

const noItems = { firstItem: 1 as ItemId, lastItem: 0 as ItemId }

/** Items that may tell of past events and prices: of each category and of all some, evenly over their numbers. */
async function sampleOf(connection: Connection, { site, hasPrices }: SiteKnown, past: readonly DemandEvent[]): Promise<readonly ItemId[]> {
  const asked: Statement[] = []
  const named = [...new Set(past.flatMap(({ item }) => (item === null ? [] : [item])))].slice(0, SAMPLE_ITEMS * 10)
  const categories = [...new Set(past.flatMap(({ category }) => (category === null ? [] : [category])))]
  if (past.some(({ item, category }) => item === null && category === null)) {
    asked.push(sql`
      select a.item_id as item
      from (select min(item_id) as least, max(item_id) as most from availability where site_id = ${site}) r
      cross join generate_series(0, ${SAMPLE_ITEMS - 1}::int) n
      cross join lateral (
        select item_id from availability
        where site_id = ${site} and item_id >= r.least + ((r.most - r.least)::bigint * n / ${SAMPLE_ITEMS}::int) order by item_id limit 1) a`)
  }
  if (categories.length > 0) {
    asked.push(sql`
      select i.item_id as item from unnest(${categories}::text[]) c
      cross join lateral (
        select i.item_id from item i
        where i.category = c and exists (select from availability a where a.site_id = ${site} and a.item_id = i.item_id)
        order by i.sku limit ${SAMPLE_ITEMS}) i`)
  }
  if (hasPrices) {
    asked.push(sql`
      select distinct p.item_id as item from price p
      where exists (select from availability a where a.site_id = ${site} and a.item_id = p.item_id) order by p.item_id limit ${SAMPLE_ITEMS}`)
  }
  const found = await Promise.all(asked.map((statement) => connection.query<{ item: ItemId }>(statement)))
  return [...new Set([...named, ...found.flat().map(({ item }) => item)])].sort((a, b) => a - b)
}

/** What is known of each of some items. */
export async function knownItems(connection: Connection, known: SiteKnown, items: readonly ItemId[]): Promise<(item: ItemId) => Known | undefined> {
  const { events, hasPrices } = known
  if (events.length === 0 && !hasPrices) return () => undefined
  const prices = hasPrices ? await pricesOf(connection, known, items) : new Map<ItemId, readonly PriceTime[]>()
  const categories = events.some(({ category }) => category !== null) ? await categoriesOf(connection, items) : new Map<ItemId, string>()
  const bySet = new Map<string, Known | undefined>()
  return (item) => {
    const own = events.filter((event) =>
      event.category === null ? event.item === null || event.item === item : event.category === categories.get(item),
    )
    const priced = prices.get(item) ?? []
    if (priced.length > 0) return knownOf(own, priced)
    const set = own.map(({ event }) => event).join()
    if (!bySet.has(set)) bySet.set(set, knownOf(own))
    return bySet.get(set)
  }
}

async function categoriesOf(connection: Connection, items: readonly ItemId[]): Promise<ReadonlyMap<ItemId, string>> {
  const rows = await connection.query<{ item: ItemId; category: string }>(sql`
    select item_id as item, category from item where item_id = any(${items}::int[]) and category is not null`)
  return new Map(rows.map(({ item, category }) => [item, category]))
}

/** Times of another price, of items whose price in the book is not always the same. */
async function pricesOf(
  connection: Connection,
  { site, now }: SiteKnown,
  items: readonly ItemId[],
): Promise<ReadonlyMap<ItemId, readonly PriceTime[]>> {
  const today = dayOf(now)
  const rows = await connection.query<BookPrice & { item: ItemId; list: number }>(sql`
    select p.item_id as item, greatest(p.valid_from, l.valid_from) as "from", least(p.valid_to, l.valid_to) as "to", p.unit_price_minor as price,
      i.list_price_minor as list
    from site s join party c on c.party_id = s.owner_id
    join price_list l on l.customer_id is null and l.customer_group is null and l.currency = c.currency
    join price p on p.list_code = l.code and p.item_id = any(${items}::int[]) and p.minimum = 1
    join item i on i.item_id = p.item_id
    where s.site_id = ${site} order by l.valid_from, l.code, p.valid_from`)
  const books = new Map<ItemId, Float64Array>()
  for (const [item, own] of Map.groupBy(rows, (row) => row.item)) {
    const book = bookPrices(own, own[0]!.list, today)
    if (book !== undefined) books.set(item, book)
  }
  if (books.size === 0) return new Map()
  const paid = await connection.query<{ item: ItemId; weeksAgo: number; price: number }>(sql`
    select item_id as item, (${today}::date - sold_on - 1) / ${WEEK_DAYS} as "weeksAgo", sum(value_minor)::float8 / sum(units)::float8 as price
    from sales_day
    where site_id = ${site} and item_id = any(${[...books.keys()]}::int[]) and sold_on >= ${addDays(today, -PRICE_DAYS_BEHIND)}::date
      and sold_on < ${today}::date
    group by item, 2 having sum(units)::bigint > 0`)
  const byItem = Map.groupBy(paid, (row) => row.item)
  return new Map(
    [...books].map(([item, book]) => {
      const weeks = new Float64Array(HISTORY_WEEKS).fill(Number.NaN)
      for (const { weeksAgo, price } of byItem.get(item) ?? []) weeks[HISTORY_WEEKS - 1 - weeksAgo] = price
      return [item, priceTimes(weeks, book, today)]
    }),
  )
}
