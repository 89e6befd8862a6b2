// As of: a site's stock of an item, and what it was worth, as it was at an instant by when things happened, and of that only what was known when a
// move was the last, or at another instant by when things were recorded. Both are reckoned back from what there is (lane/as-of.ts).

import { dayOf, instant, instant_ms_max, textOf, type Instant } from '../core/calendar.ts'
import type { ItemId } from '../core/item.ts'
import type { Condition } from '../core/move.ts'
import type { Site } from '../core/party.ts'
import { sql, type Connection, type Statement } from './db.ts'
import { directionFor, firstRecorded } from './lane/as-of.ts'

/** What counts as known; without either, all. */
export interface Known {
  readonly sequence?: number | undefined
  readonly at?: Instant | undefined
}

export interface StockAsOf {
  /** The last move that counts as known. */
  readonly sequence: number
  readonly quantity: number
  readonly value: number
  readonly rows: readonly {
    readonly place: string
    readonly lot: string
    readonly serial: string
    readonly package: string
    readonly condition: Condition
    readonly quantity: number
  }[]
}

export async function asOf(
  database: Connection,
  { site, item, at, known }: { readonly site: Site; readonly item: ItemId; readonly at: Instant; readonly known: Known },
): Promise<StockAsOf> {
  const sequence = await lastKnown(database, site, known)
  const of = { site, item, at, known: sequence }
  const [rows, [worth]] = await Promise.all([
    database.query<StockAsOf['rows'][number]>(stockAsOf(of)),
    database.query<Pick<StockAsOf, 'quantity' | 'value'>>(valueAsOf(of)),
  ])
  return { sequence, ...(worth ?? { quantity: 0, value: 0 }), rows }
}

/** The last move that was known: by its number, or by when it was recorded. */
export async function lastKnown(database: Connection, { site }: Site, { sequence, at: knownAt }: Known): Promise<number> {
  const [row] = await database.query<{ last: number; then: number }>(sql`
    select h.move_sequence as last, ${firstRecorded(site, after(knownAt ?? instant(0)))} - 1 as "then" from site_head h where h.site_id = ${site}`)
  return Math.min(row!.last, sequence ?? row!.last, knownAt === undefined ? row!.last : row!.then)
}

export interface AsOf {
  readonly site: Site
  readonly item: ItemId
  readonly at: Instant
  readonly known: number
}

/** The next instant, as far as there is one. */
const after = (at: Instant): Instant => instant(Math.min(at + 1, instant_ms_max))

/** Moves `m` of the item that happened later, or were not known. */
export const unknownThen = ({ site: { site }, item, at, known }: AsOf): Statement => sql`
  m.item_id = ${item} and m.sequence >= least(${known + 1}::bigint, ${firstRecorded(site, after(at))})
    and (m.occurred_at > ${textOf(at)}::timestamptz or m.sequence > ${known})`

/** Moves `m` of the item that had happened by then and were known. */
export const knownThen = ({ item, at, known }: AsOf): Statement => sql`
  m.item_id = ${item} and m.sequence <= ${known} and m.occurred_at <= ${textOf(at)}::timestamptz`

const stockAsOf = (of: AsOf): Statement => sql`
  select p.code as place, t.lot, t.serial, t.package, t.condition, t.quantity
  from (
    select e.place_id, e.lot, e.serial, e.package, e.condition, sum(e.quantity)::bigint as quantity
    from (
      select place_id, lot, serial, package, condition, quantity from stock
      where site_id = ${of.site.site} and item_id = ${of.item} and owner_id = ${of.site.owner}
      union all
      select m.to_place_id, m.to_lot, m.to_serial, m.to_package, m.to_condition, -m.quantity
      from move m where m.site_id = ${of.site.site} and ${unknownThen(of)} and m.to_place_id >= 100 and m.to_owner_id = ${of.site.owner}
      union all
      select m.from_place_id, m.from_lot, m.from_serial, m.from_package, m.from_condition, m.quantity
      from move m where m.site_id = ${of.site.site} and ${unknownThen(of)} and m.from_place_id >= 100 and m.from_owner_id = ${of.site.owner}
    ) e
    group by e.place_id, e.lot, e.serial, e.package, e.condition
  ) t
  join place p on p.site_id = ${of.site.site} and p.place_id = t.place_id
  where t.quantity <> 0
  order by p.code, t.lot, t.serial, t.package, t.condition`

export const valueAsOf = (of: AsOf): Statement => sql`
  select v.quantity - coalesce(m.quantity, 0) as quantity, v.value_minor - coalesce(m.value_minor, 0) - coalesce(c.amount_minor, 0) as value
  from item_value v
  left join lateral (
    select sum(m.quantity * ${directionFor(of.site.owner)})::bigint as quantity, sum(m.value_minor * ${directionFor(of.site.owner)})::bigint as value_minor from move m where m.site_id = ${of.site.site} and ${unknownThen(of)}
  ) m on true
  left join lateral (
    select sum(c.amount_minor)::bigint as amount_minor from value_correction c
    where c.site_id = v.site_id and c.item_id = v.item_id and c.owner_id = v.owner_id
      and (c.counts_on > ${dayOf(of.at)}::date or c.move_sequence > ${of.known})
  ) c on true
  where v.site_id = ${of.site.site} and v.item_id = ${of.item} and v.owner_id = ${of.site.owner}`
