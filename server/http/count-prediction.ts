// Count predictions over HTTP: what is believed of a sheet's items as it is opened, which goes with the command that opens it; and what was found beside that.

import { setImmediate as rest } from 'node:timers/promises'
import type { Instant } from '../../core/calendar.ts'
import { positions_max } from '../../core/count-sheet.ts'
import { foundAgainst, type PredictedItem } from '../../core/count-prediction.ts'
import type { ItemId } from '../../core/item.ts'
import { BELIEF_FORMAT } from '../../core/loop/belief-state.ts'
import type { Site } from '../../core/party.ts'
import { placeKinds, sellsFrom, standardPlaces, type PlaceKind } from '../../core/place.ts'
import type { StockPosition } from '../../core/position-count.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { sql, type Connection, type Database, type Statement } from '../db.ts'
import { keptOf, readerOf, siteBeliefs } from '../loop/belief-read.ts'
import { inSnapshot } from '../snapshot.ts'
import type { CallOf } from './call.ts'

type CountList = NonNullable<CallOf<'openCountSheet'>['body']['list']>
const sellingKinds = (Object.keys(placeKinds) as PlaceKind[]).filter(sellsFrom)

/** Where the items of a count list stand and can be sold. Of what the record has nowhere, the shelf is looked at, unless its pieces are told apart. */
export async function positionsOfList(call: CallOf<'openCountSheet'>, site: Site, list: CountList): Promise<readonly StockPosition[] | Refusal> {
  const items = await call.context.catalog.itemsBySku(list.lines.map((one) => one.sku))
  const unknown = list.lines.findIndex((one) => !items.has(one.sku))
  if (unknown >= 0) return refuse('item_not_known', `list/lines/${unknown + 1}/sku`, `There is no item ${list.lines[unknown]!.sku}.`)
  const rows = await call.context.database.query<StockPosition>(sql`
    select s.item_id as item, s.owner_id as owner, s.place_id as place, s.lot, s.serial, s.condition
    from stock s join place p on p.site_id = s.site_id and p.place_id = s.place_id
    where s.site_id = ${site.site} and s.item_id = any(${[...items.values()].map((item) => item.item)}::int[]) and s.owner_id = ${site.owner}
      and s.package = '' and s.quantity <> 0 and s.condition = 'sellable' and p.kind = any(${sellingKinds}::text[])
    order by p.walk_order, p.code, s.item_id, s.lot, s.serial limit ${positions_max + 1}`)
  const somewhere = new Set(rows.map((row) => row.item))
  const nowhere = [...items.values()].filter((item) => item.tracking === 'none' && !somewhere.has(item.item))
  const shelf = { owner: site.owner, place: standardPlaces.shelf, lot: '', serial: '', condition: 'sellable' } as const
  return [...rows, ...nowhere.map(({ item }): StockPosition => ({ item, ...shelf }))]
}

interface Recorded {
  readonly item: ItemId
  readonly sku: string
  readonly recorded: number
  readonly listed: number
  readonly unitValue: number
}

/** What is believed now of the items at these positions, and of those on the list, as far as they are our own and can be sold. */
export function predictionsOf(
  database: Database,
  site: Site,
  asked: { readonly positions: readonly StockPosition[]; readonly list: CountList | undefined; readonly now: Instant },
): Promise<readonly PredictedItem[]> {
  const own = asked.positions.filter((one) => one.owner === site.owner && one.condition === 'sellable')
  const drawn = new Set(asked.list?.lines.flatMap((one) => (one.drawn ? [one.sku] : [])))
  return inSnapshot(database, async (session) => {
    const rows = await session.query<Recorded>(recordedOf(site, own, asked.list?.lines.map((one) => one.sku) ?? []))
    const believedOf = await beliefsOf(session, site, rows)
    const predicted: PredictedItem[] = []
    for (const [index, { sku, ...row }] of rows.entries()) {
      if (index % ITEMS_BETWEEN_RESTS === 0) await rest()
      predicted.push({ ...row, believed: believedOf(row.item, asked.now), drawnBy: drawn.has(sku) ? asked.list!.seed : null })
    }
    return predicted
  })
}

const ITEMS_BETWEEN_RESTS = 50

const recordedOf = ({ site, owner }: Site, own: readonly StockPosition[], skus: readonly string[]): Statement => sql`
  with listed as (
    select u.item_id, sum(coalesce(s.quantity, 0))::bigint as listed
    from unnest(
      ${own.map((one) => one.item)}::int[], ${own.map((one) => one.place)}::int[], ${own.map((one) => one.lot)}::text[],
      ${own.map((one) => one.serial)}::text[]) u (item_id, place_id, lot, serial)
    left join stock s on s.site_id = ${site} and s.item_id = u.item_id and s.place_id = u.place_id and s.lot = u.lot and s.serial = u.serial
      and s.owner_id = ${owner} and s.condition = 'sellable' and s.package = ''
    group by u.item_id)
  select i.item_id as item, i.sku, coalesce(a.sellable, 0)::bigint as recorded, coalesce(l.listed, 0)::bigint as listed,
    case when v.quantity > 0 then v.value_minor::float8 / v.quantity else i.standard_cost_minor::float8 end as "unitValue"
  from item i
  left join listed l on l.item_id = i.item_id
  left join availability a on a.site_id = ${site} and a.item_id = i.item_id and a.owner_id = ${owner}
  left join item_value v on v.site_id = ${site} and v.item_id = i.item_id and v.owner_id = ${owner}
  where i.item_id in (select item_id from listed) or i.sku = any(${skus}::text[])
  order by i.item_id`

type BelievedOf = (item: ItemId, now: Instant) => PredictedItem['believed']

async function beliefsOf(session: Connection, site: Site, rows: readonly Recorded[]): Promise<BelievedOf> {
  const reader = await readerOf(session, site.site)
  if (reader === undefined || reader.shared.format !== BELIEF_FORMAT) return () => null
  const kept = await keptOf(
    session,
    site.site,
    rows.map((row) => row.item),
  )
  const known = new Set(kept.map((one) => one.item))
  const beliefs = await siteBeliefs(session, [...known], kept, reader.shared)
  return (item, now) => {
    if (!known.has(item)) return null
    const { expected, low, high, empty } = beliefs.believed(item, now)
    return { expected, low, high, empty: Math.min(1, empty) }
  }
}

interface Row {
  readonly sku: string
  readonly name: string
  readonly recorded: number
  readonly listed: number
  readonly expected: number | null
  readonly low: number
  readonly high: number
  readonly empty: number
  readonly drawnBy: number | null
  readonly positions: number
  readonly uncounted: number
  readonly counted: number
  readonly recordedThen: number
}

/** What was predicted of a sheet's items beside what was found, in the order of the sheet. */
export async function predictedAndFound(database: Connection, { site, owner }: Site, sheet: string): Promise<readonly object[]> {
  const rows = await database.query<Row>(sql`
    select i.sku, i.name, e.recorded, e.listed, e.expected, e.low, e.high, e.empty, e.drawn_by as "drawnBy", count(p.line)::int as positions,
      count(p.line) filter (where p.counted is null)::int as uncounted, coalesce(sum(p.counted), 0)::bigint as counted,
      coalesce(sum(p.recorded), 0)::bigint as "recordedThen"
    from count_prediction e
    join item i on i.item_id = e.item_id
    left join count_position p on p.site_id = ${site} and p.sheet_id = e.sheet_id and p.item_id = e.item_id and p.owner_id = ${owner} and p.condition = 'sellable'
    where e.site_id = ${site} and e.sheet_id = ${sheet}
    group by i.sku, i.name, e.site_id, e.sheet_id, e.item_id
    order by min(p.line) nulls last, i.sku collate "C"`)
  return rows.map(tellPredicted)
}

function tellPredicted({
  sku,
  name,
  recorded,
  listed,
  expected,
  low,
  high,
  empty,
  drawnBy,
  positions,
  uncounted,
  counted,
  recordedThen,
}: Row): object {
  const believed = expected === null ? null : { expected, low, high, empty }
  const isCounted = positions > 0 && uncounted === 0
  const against = isCounted ? foundAgainst({ recorded, listed, believed }, { counted, recorded: recordedThen }) : undefined
  const told = { sku, name, drawn: drawnBy !== null, recorded, isPart: listed !== recorded, believed }
  return { ...told, counted: isCounted ? counted : null, against: against ?? null }
}
