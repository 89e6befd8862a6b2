// Belief over HTTP. Lists read the rows that the reader tells (server/loop/belief.ts); one item is worked out as of now from what is kept of it.

import { dayOf, instant, textOf, type Instant } from '../../core/calendar.ts'
import { minorDigits } from '../../core/currency.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import { isPhantom } from '../../core/doubt.ts'
import { candidates, countReason, drawFrom, drawnOf, looksAt, type CountPurpose } from '../../core/loop/belief-count-list.ts'
import type { Believed } from '../../core/loop/belief-site.ts'
import { BELIEF_FORMAT } from '../../core/loop/belief-state.ts'
import { chooseTour, tourMinutes, WALK_MINUTES, type Countable, type TourLimits } from '../../core/plan/counting/count-tour.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { inSnapshot } from '../snapshot.ts'
import { keptOf, readerOf, siteBeliefs } from '../loop/belief-read.ts'
import { besideRecord } from '../loop/belief-write.ts'
import { itemOf, nowOf, siteOf, told, type Readers } from './call.ts'
import { keyIn, pageOf } from './page.ts'
import { itemsMatching } from './search.ts'

interface Row {
  readonly itemId: ItemId
  readonly rank: number
  readonly sku: string
  readonly name: string
  readonly recorded: number
  readonly expected: number
  readonly low: number
  readonly high: number
  readonly empty: number
  readonly safe: number
  readonly doubted: number
  readonly lossPerDay: number
  readonly countedAt: Instant | null
  readonly counted: number | null
  readonly soldAt: Instant | null
  readonly asOf: Instant
  readonly worth: number
  readonly minutes: number
}

/** A row of `belief b` with its item `i`; the record's number is that of now. */
const columns = (rank: Statement): Statement => sql`
  b.item_id as "itemId", ${rank} as rank, i.sku, i.name, coalesce(a.sellable, 0)::bigint as recorded, b.expected, b.low, b.high, b.empty, b.safe, b.doubted,
  b.loss_per_day as "lossPerDay", b.counted_at as "countedAt", b.counted, b.sold_at as "soldAt", b.as_of as "asOf", b.worth_minor as worth, b.minutes`

const beside = (site: SiteId, owner: number): Statement => sql`
  join item i on i.item_id = b.item_id
  left join availability a on a.site_id = ${site} and a.item_id = b.item_id and a.owner_id = ${owner}`

const tell = ({ itemId: _item, rank: _rank, ...row }: Row): object =>
  told({ ...row, worth: Math.round(row.worth), minutes: tenths(row.minutes), phantom: isPhantom(row.recorded, row.empty) }, [
    'countedAt',
    'soldAt',
    'asOf',
  ])

const tenths = (minutes: number): number => Math.round(minutes * 10) / 10

export const beliefReaders = {
  listBeliefs: async (call) => {
    const { site: code, order, sku = null, search, cursor, limit } = call.query
    const at = await siteOf(call, code)
    if (isRefusal(at)) return at
    const after = keyIn(cursor, ['number', 'number'])
    if (after !== undefined && isRefusal(after)) return after
    const rank = order === 'doubt' ? sql`b.doubt` : sql`b.count_rank`
    const [highest, item] = after ?? [Number.MAX_SAFE_INTEGER, 0]
    const rows = await call.context.database.query<Row>(sql`
      select ${columns(sql`${rank}::bigint`)}
      from belief b ${beside(at.site, at.owner)}
      where b.site_id = ${at.site} and ${rank} <= ${highest}::bigint and (${rank} < ${highest}::bigint or b.item_id > ${item}::int)
        and (${sku}::text is null or b.item_id = (select item_id from item where sku = ${sku}))
        and ${search === undefined ? sql`true` : sql`b.item_id in ${itemsMatching(search)}`}
      order by b.site_id, ${rank} desc, b.item_id limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.rank, row.itemId], tell)
  },
  getBelief: async (call) => {
    const at = await siteOf(call, call.query.site)
    if (isRefusal(at)) return at
    const known = await itemOf(call, call.params.sku)
    if (isRefusal(known)) return known
    const now = nowOf(call)
    return inSnapshot(call.context.database, async (session) => {
      const believed = await believedNow(session, at.site, known.item, now)
      if (believed === undefined) return refuse('belief_not_known', 'sku', `Nothing of ${known.sku} was ever at ${at.code}, or it was not read yet.`)
      const [beside] = await besideRecord(session, at.site, new Map([[known.item, believed]]), async () => undefined)
      const { expected, low, high, empty, lossPerDay, unitsPerDay, chances, from, step, noted } = believed
      const { recorded, worth, doubt, level_e3 } = beside!
      const text = (of: number | null): string | null => (of === null ? null : textOf(instant(of)))
      return {
        sku: known.sku,
        recorded,
        expected,
        low,
        high,
        empty,
        phantom: isPhantom(recorded, empty),
        safe: doubt.safe,
        doubted: doubt.doubted,
        serviceLevel: level_e3 / 1000,
        lossPerDay,
        unitsPerDay,
        countedAt: text(noted.countedAt),
        counted: noted.counted,
        soldAt: text(noted.soldAt),
        asOf: textOf(now),
        worth: Math.round(worth.worth),
        minutes: tenths(worth.minutes),
        events: noted.events,
        surprises: noted.surprises,
        chances: { from, step, of: [...chances] },
      }
    })
  },
  getCountList: async (call) => {
    const { site: code, purpose, size, minutes = Infinity, seed: asked } = call.query
    const at = await siteOf(call, code)
    if (isRefusal(at)) return at
    const { database, catalog } = call.context
    const now = nowOf(call)
    const seed = asked ?? Number(dayOf(now).replaceAll('-', ''))
    const decimals = minorDigits(await catalog.currencyOf(at.site))
    const ranked = sql`select item_id from belief where site_id = ${at.site} order by site_id, ${rankBy[purpose]} desc, item_id limit ${looksAt(size)}`
    const best = await countables(database, at, ranked)
    const tour = (limits: TourLimits, without: readonly ItemId[] = []): readonly ItemId[] => {
      const left = best
        .filter((row) => !without.includes(row.itemId))
        .map((row) => ({ ...placed(row), item: row.itemId, value: valueFor(purpose, row) }))
      return chooseTour(left, limits).map((one) => one.item)
    }
    // The drawn tenth takes its part of the time before the rest is chosen.
    const count = drawnOf(minutes === Infinity ? size : tour({ size, minutes }).length)
    const first = tour({ size: size - count, minutes })
    const draws = await drawnAt(database, at.site, first, { count, seed })
    const drawn = await countables(database, at, sql`select unnest(${draws}::int[])`)
    const chosen = minutes === Infinity ? first : tour({ size: size - count, minutes: minutes - tourMinutes(drawn.map(placed)) }, draws)
    const taken = new Set<number>(chosen)
    const rows = [...best.filter((row) => taken.has(row.itemId)), ...drawn].toSorted(byWalk)
    const chance = new Set<number>(draws)
    return {
      seed,
      worth: rows.reduce((sum, row) => sum + Math.round(row.worth), 0),
      minutes: tenths(tourMinutes(rows.map(placed))),
      rows: rows.map((row) => {
        const worth = (row.worth / 10 ** decimals).toFixed(decimals)
        const isDrawn = chance.has(row.itemId)
        const { sku, name, place, recorded, expected, low, high, empty, wrong } = row
        const reason = countReason({ ...row, purpose, worth, drawn: isDrawn }, now)
        const told = { sku, name, place, drawn: isDrawn, reason, recorded, expected, low, high, empty, wrong }
        return { ...told, worth: Math.round(row.worth), minutes: tenths(row.minutes) }
      }),
    }
  },
} satisfies Partial<Readers>

const rankBy: Readonly<Record<CountPurpose, Statement>> = { stock_outs: sql`count_rank`, discrepancies: sql`wrong_rank` }
const valueFor = (purpose: CountPurpose, { worth, wrong }: Listed): number => (purpose === 'stock_outs' ? worth : wrong)

/** A count by itself is a walk and its time at the shelf. */
const placed = ({ minutes, aisle }: Listed): Pick<Countable, 'minutes' | 'aisle'> => ({ minutes: minutes - WALK_MINUTES, aisle })

interface Listed extends Row {
  readonly place: string | null
  readonly aisle: number | null
  readonly walk: number | null
  readonly wrong: number
}

/** Beliefs of some items, with where the first of each stands by the record. */
const countables = (database: Connection, at: { readonly site: SiteId; readonly owner: number }, items: Statement): Promise<readonly Listed[]> =>
  database.query<Listed>(sql`
    select ${columns(sql`b.count_rank`)}, s.code as place, s.aisle, s.walk_order as walk, b.wrong / 1e6::float8 as wrong
    from belief b ${beside(at.site, at.owner)}
    left join lateral (
      select p.code, p.aisle, p.walk_order from stock t join place p on p.site_id = t.site_id and p.place_id = t.place_id
      where t.site_id = ${at.site} and t.item_id = b.item_id and t.owner_id = ${at.owner} and t.condition = 'sellable' and t.quantity <> 0
      order by p.walk_order, p.code collate "C" limit 1) s on true
    where b.site_id = ${at.site} and b.item_id in (${items})
    order by b.item_id`)

const byWalk = (a: Listed, b: Listed): number =>
  (a.walk ?? Infinity) - (b.walk ?? Infinity) || compare(a.place ?? '~', b.place ?? '~') || compare(a.sku, b.sku)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What is believed of an item now; undefined where nothing is. */
async function believedNow(session: Connection, site: SiteId, item: ItemId, now: Instant): Promise<Believed | undefined> {
  const [reader, kept] = [await readerOf(session, site), await keptOf(session, site, [item])]
  if (reader === undefined || reader.shared.format !== BELIEF_FORMAT || kept.length === 0) return undefined
  return (await siteBeliefs(session, [item], kept, reader.shared)).believed(item, now)
}

/** Candidates that are looked up at once; where so few of them are of the site, it has so few items that all may be read. */
const CANDIDATES = 2_000

/** Items drawn by chance from those that are believed in and not on the list already. */
async function drawnAt(
  database: Connection,
  site: SiteId,
  chosen: readonly ItemId[],
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<readonly ItemId[]> {
  const [highest] = await database.query<{ item: number | null }>(sql`select max(item_id) as item from belief where site_id = ${site}`)
  if (highest === undefined || highest.item === null) return []
  const tried = candidates(seed, highest.item, CANDIDATES)
  const left = new Set<number>(chosen)
  const there = new Set(
    (
      await database.query<{ item: number }>(sql`
        select b.item_id as item from unnest(${tried}::int[]) u (item_id) join belief b on b.site_id = ${site} and b.item_id = u.item_id`)
    ).map((one) => one.item),
  )
  const found = tried.filter((item) => there.has(item) && !left.has(item))
  if (found.length >= count) return found.slice(0, count) as ItemId[]
  const all = await database.query<{ item: ItemId }>(sql`select item_id as item from belief where site_id = ${site} order by item_id`)
  return drawFrom(
    all.map((one) => one.item).filter((item) => !left.has(item)),
    count,
    seed,
  )
}
