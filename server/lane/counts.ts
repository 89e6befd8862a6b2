// Counts in the lane: what posted counts say of the time after something happened that is told now, what moved since a count, and count sheets with what was
// entered. Hardly ever is anything told of the time before a count, so this reads one index entry, and nothing.

import { textOf, type Instant } from '../../core/calendar.ts'
import type { CountPrediction } from '../../core/count-prediction.ts'
import type { CountEntry, CountPosition, CountSheet } from '../../core/count-sheet.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import type { PositionCount } from '../../core/position-count.ts'
import { sql, type Statement } from '../db.ts'
import type { Needs } from '../stage.ts'
import { firstRecorded } from './as-of.ts'
import type { Into } from './into.ts'
import { distinct, maybe } from './rows.ts'
import type { WantedStorage } from './storage.ts'

type Tables = State['tables']

/** What of a batch's needs counts bear on. */
interface Wanted {
  readonly items: readonly ItemId[]
  readonly stock: boolean
  readonly frees: number
  readonly takes: ReadonlyMap<ItemId, number>
  readonly happenedAt: Instant | undefined
  readonly since: NonNullable<Needs['since']>
  readonly countSheets: NonNullable<Needs['countSheets']>
  readonly storage: WantedStorage
}

/** When the earliest happened of what a command tells. What it moves happened no earlier; without an instant it happens now, and no count is later. */
export function happenedAt(command: object): Instant | undefined {
  let first: Instant | undefined
  for (const [name, value] of Object.entries(command))
    if (name.endsWith('At') && typeof value === 'number' && (first === undefined || value < first)) first = value as Instant
  return first
}

export const earliest = (instants: readonly (Instant | undefined)[]): Instant | undefined =>
  instants.reduce((first, at) => (first === undefined || (at !== undefined && at < first) ? at : first), undefined)

/** Counts of these items that were made after the earliest of what the batch tells. */
export const readCounted = (into: Into, site: SiteId, items: readonly ItemId[], { happenedAt: at }: Pick<Wanted, 'happenedAt'>): Promise<void>[] =>
  at === undefined || items.length === 0
    ? []
    : [
        into(
          'positionCount',
          sql`
          select document_id as document, line, item_id as item, owner_id as owner, place_id as place, lot, serial, condition, counted_at as "countedAt", difference
          from position_count where site_id = ${site} and item_id = any(${distinct(items)}::int[]) and counted_at > ${textOf(at)}::timestamptz`,
        ),
      ]

/** What is told of the time before a count is undone there, so that elsewhere more or less is left than the command itself frees or takes. */
export function withLate<Batch extends Wanted>(tables: Tables, wanted: Batch): Batch {
  if (tables.positionCount.size === 0) return wanted
  const items = distinct(tables.positionCount.rows().map((row) => row.item))
  return { ...wanted, frees: Infinity, takes: new Map([...wanted.takes, ...items.map((item) => [item, Infinity] as const)]) }
}

/** What moved at each position of an item after an instant: all that was recorded before it happened before it. */
export function readMovedSince(into: Into, site: SiteId, since: NonNullable<Needs['since']>): Promise<void> {
  const first = since.reduce((least, one) => (one.at < least ? one.at : least), since[0]!.at)
  return into(
    'movedSince',
    sql`
    select c.item_id as item, e.owner_id as owner, e.place_id as place, e.lot, e.serial, e.condition, c.at, sum(e.quantity)::bigint as quantity
    from (
      select distinct t.item_id, t.at from unnest(
        ${since.map((one) => one.item)}::int[], ${since.map((one) => textOf(one.at))}::timestamptz[]) t (item_id, at)) c
    join move m on m.site_id = ${site} and m.item_id = c.item_id and m.sequence >= ${firstRecorded(site, first)} and m.occurred_at > c.at
    cross join lateral (values
      (m.to_owner_id, m.to_place_id, m.to_lot, m.to_serial, m.to_condition, m.to_package, m.quantity),
      (m.from_owner_id, m.from_place_id, m.from_lot, m.from_serial, m.from_condition, m.from_package, -m.quantity)
    ) e (owner_id, place_id, lot, serial, condition, package, quantity)
    where e.place_id >= 100 and e.package = ''
    group by 1, 2, 3, 4, 5, 6, 7`,
  )
}

/** Sheets, and what comparing them wants besides: the stock of what is on them, who holds it and waits for it, and what moved since it was counted. */
export async function withSheets<Batch extends Wanted>(into: Into, site: SiteId, tables: Tables, wanted: Batch): Promise<Batch> {
  const sheets = distinct(wanted.countSheets.map((one) => one.sheet))
  await Promise.all([
    into('countSheet', sheetsWhere(sql`site_id = ${site} and sheet_id = any(${sheets}::uuid[])`)),
    into('countPosition', positionsWhere(sql`site_id = ${site} and sheet_id = any(${sheets}::uuid[]) order by sheet_id, line`)),
    into(
      'countEntry',
      sql`
      select sheet_id as sheet, entry, number, line, round, part, counted, counted_at as "countedAt", counter, is_absurd as "isAbsurd"
      from count_entry where site_id = ${site} and sheet_id = any(${sheets}::uuid[]) order by sheet_id, number`,
    ),
  ])
  const compared = new Set(wanted.countSheets.flatMap((one) => (one.isCompared ? [one.sheet] : [])))
  if (compared.size === 0) return wanted
  const positions = new Map(
    tables.countPosition.rows().flatMap((row) => (compared.has(row.sheet) ? [[`${row.sheet}/${row.line}`, row] as const] : [])),
  )
  const since = tables.countEntry.rows().flatMap(({ sheet, line, countedAt: at }) => {
    const item = positions.get(`${sheet}/${line}`)?.item
    return item === undefined ? [] : [{ item, at }]
  })
  const items = distinct([...positions.values()].map((row) => row.item))
  return {
    ...wanted,
    items: distinct([...wanted.items, ...items]),
    stock: true,
    frees: Infinity,
    takes: new Map([...wanted.takes, ...items.map((item) => [item, Infinity] as const)]),
    since: [...wanted.since, ...since],
    happenedAt: earliest([wanted.happenedAt, ...since.map((one) => one.at)]),
    storage: { ...wanted.storage, shortPicks: true },
  }
}

/** A row as core/count-sheet.ts has it. */
export const sheetsWhere = (condition: Statement): Statement => sql`
  select sheet_id as sheet, kind, state, is_blind as "isBlind", note,
    json_build_object('units', tolerance_units, 'perMillion', tolerance_per_million, 'value', tolerance_minor) as tolerance,
    opened_at as "openedAt", opened_by as "openedBy", closed_at as "closedAt", approved_by as "approvedBy", posted_at as "postedAt",
    cancelled_at as "cancelledAt", cancelled_by as "cancelledBy", reason
  from count_sheet where ${condition}`

const positionsWhere = (condition: Statement): Statement => sql`
  select sheet_id as sheet, line, item_id as item, owner_id as owner, place_id as place, lot, serial, condition, is_listed as "isListed", round, verdict,
    counted, counted_at as "countedAt", recorded, difference, value_minor as value
  from count_position where ${condition}`

export const putPositionCounts = (site: SiteId, rows: readonly PositionCount[]): Statement => sql`
  insert into position_count (site_id, document_id, line, item_id, owner_id, place_id, lot, serial, condition, counted_at, difference)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.item)}::int[],
    ${rows.map((row) => row.owner)}::int[], ${rows.map((row) => row.place)}::int[], ${rows.map((row) => row.lot)}::text[],
    ${rows.map((row) => row.serial)}::text[], ${rows.map((row) => row.condition)}::text[], ${rows.map((row) => textOf(row.countedAt))}::timestamptz[],
    ${rows.map((row) => row.difference)}::bigint[]) t
  on conflict (site_id, document_id, line) do update set difference = excluded.difference`

export const putCountSheets = (site: SiteId, rows: readonly CountSheet[]): Statement => sql`
  insert into count_sheet (site_id, sheet_id, kind, state, is_blind, note, tolerance_units, tolerance_per_million, tolerance_minor, opened_at, opened_by,
    closed_at, approved_by, posted_at, cancelled_at, cancelled_by, reason)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.sheet)}::uuid[], ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.state)}::text[],
    ${rows.map((row) => row.isBlind)}::boolean[], ${rows.map((row) => row.note)}::text[], ${rows.map((row) => row.tolerance.units)}::bigint[],
    ${rows.map((row) => row.tolerance.perMillion)}::bigint[], ${rows.map((row) => row.tolerance.value)}::bigint[],
    ${rows.map((row) => textOf(row.openedAt))}::timestamptz[], ${rows.map((row) => row.openedBy)}::text[],
    ${rows.map((row) => maybe(row.closedAt))}::timestamptz[], ${rows.map((row) => row.approvedBy)}::text[],
    ${rows.map((row) => maybe(row.postedAt))}::timestamptz[], ${rows.map((row) => maybe(row.cancelledAt))}::timestamptz[],
    ${rows.map((row) => row.cancelledBy)}::text[], ${rows.map((row) => row.reason)}::text[]) t
  on conflict (site_id, sheet_id)
  do update set state = excluded.state, closed_at = excluded.closed_at, approved_by = excluded.approved_by, posted_at = excluded.posted_at,
    cancelled_at = excluded.cancelled_at, cancelled_by = excluded.cancelled_by, reason = excluded.reason`

export const putCountPositions = (site: SiteId, rows: readonly CountPosition[]): Statement => sql`
  insert into count_position (site_id, sheet_id, line, item_id, owner_id, place_id, lot, serial, condition, is_listed, round, verdict, counted, counted_at,
    recorded, difference, value_minor)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.sheet)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.item)}::int[],
    ${rows.map((row) => row.owner)}::int[], ${rows.map((row) => row.place)}::int[], ${rows.map((row) => row.lot)}::text[],
    ${rows.map((row) => row.serial)}::text[], ${rows.map((row) => row.condition)}::text[], ${rows.map((row) => row.isListed)}::boolean[],
    ${rows.map((row) => row.round)}::int[], ${rows.map((row) => row.verdict)}::text[], ${rows.map((row) => row.counted)}::bigint[],
    ${rows.map((row) => maybe(row.countedAt))}::timestamptz[], ${rows.map((row) => row.recorded)}::bigint[],
    ${rows.map((row) => row.difference)}::bigint[], ${rows.map((row) => row.value)}::bigint[]) t
  on conflict (site_id, sheet_id, line)
  do update set round = excluded.round, verdict = excluded.verdict, counted = excluded.counted, counted_at = excluded.counted_at,
    recorded = excluded.recorded, difference = excluded.difference, value_minor = excluded.value_minor`

export const insertCountEntries = (site: SiteId, rows: readonly CountEntry[]): Statement => sql`
  insert into count_entry (site_id, sheet_id, entry, number, line, round, part, counted, counted_at, counter, is_absurd)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.sheet)}::uuid[], ${rows.map((row) => row.entry)}::text[], ${rows.map((row) => row.number)}::int[],
    ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.round)}::int[], ${rows.map((row) => row.part)}::text[],
    ${rows.map((row) => row.counted)}::bigint[], ${rows.map((row) => textOf(row.countedAt))}::timestamptz[], ${rows.map((row) => row.counter)}::text[],
    ${rows.map((row) => row.isAbsurd)}::boolean[]) t`

export const insertCountPredictions = (site: SiteId, rows: readonly CountPrediction[]): Statement => sql`
  insert into count_prediction (site_id, sheet_id, item_id, recorded, listed, expected, low, high, empty, unit_value_minor, drawn_by)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.sheet)}::uuid[], ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.recorded)}::bigint[],
    ${rows.map((row) => row.listed)}::bigint[], ${rows.map((row) => row.believed?.expected ?? null)}::float8[],
    ${rows.map((row) => row.believed?.low ?? null)}::bigint[], ${rows.map((row) => row.believed?.high ?? null)}::bigint[],
    ${rows.map((row) => row.believed?.empty ?? null)}::float8[], ${rows.map((row) => row.unitValue)}::float8[],
    ${rows.map((row) => row.drawnBy)}::bigint[]) t`
