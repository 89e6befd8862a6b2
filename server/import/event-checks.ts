// Checks of events of demand: how they are staged, and what is wrong with them, held against each other and against what is recorded.

import { addDays, type Day } from '../../core/calendar.ts'
import type { ImportedEvent } from '../../core/format/csv-events.ts'
import { EVENT_DAYS_MAX, EVENT_AHEAD_DAYS_MAX } from '../../core/loop/forecast-event.ts'
import { sql, type Statement } from '../db.ts'

export const eventTable =
  'create temporary table import_event (row int, kind text, name text, from_on date, to_on date, site text, sku text, category text)'

export const insertEvents = (rows: readonly (ImportedEvent & { readonly row: number })[]): Statement => sql`
  insert into import_event select * from unnest(
    ${rows.map((row) => row.row)}::int[], ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.name)}::text[],
    ${rows.map((row) => row.from)}::date[], ${rows.map((row) => row.to)}::date[], ${rows.map((row) => row.site)}::text[],
    ${rows.map((row) => row.sku)}::text[], ${rows.map((row) => row.category)}::text[])`

const fault = (column: string, code: string, detail: Statement, from: Statement): Statement => sql`
  insert into import_fault (kind, row, column_name, code, detail) select 'events', n.row, ${column}, ${code}, ${detail} ${from}`

/** Events that stand, with the codes that a file has. */
const recorded = sql`
  select e.kind, lower(e.name) as name, e.from_on, e.to_on, s.code as site, i.sku, e.category
  from demand_event e left join site s on s.site_id = e.site_id left join item i on i.item_id = e.item_id
  where e.undone_at is null`

const sameGoods = sql`(o.site, o.sku, o.category) is not distinct from (n.site, n.sku, n.category) and o.kind = n.kind`
const overlaps = sql`o.from_on <= n.to_on and n.from_on <= o.to_on`
const same = sql`(o.from_on, o.to_on) = (n.from_on, n.to_on)`

export const eventChecks = ({ today }: { readonly today: Day }): readonly Statement[] => [
  fault(
    'site',
    'site_not_known',
    sql`format('There is no site %s.', n.site)`,
    sql`from import_event n where n.site is not null and not exists (select from site s where s.code = n.site)`,
  ),
  fault(
    'sku',
    'item_not_known',
    sql`format('There is no item %s.', n.sku)`,
    sql`from import_event n where n.sku is not null and not exists (select from item i where i.sku = n.sku)
      and not exists (select from import_item i where i.sku = n.sku)`,
  ),
  fault(
    'category',
    'item_not_known',
    sql`format('No item has the category %s.', n.category)`,
    sql`from import_event n where n.category is not null and not exists (select from item i where i.category = n.category)
      and not exists (select from import_item i where i.category = n.category)`,
  ),
  fault(
    'category',
    'body_not_valid',
    sql`'It is of one item or of a category.'`,
    sql`from import_event n where n.sku is not null and n.category is not null`,
  ),
  fault('to', 'date_not_valid', sql`'An event ends on the day it begins, or later.'`, sql`from import_event n where n.to_on < n.from_on`),
  fault(
    'to',
    'date_not_valid',
    sql`format('An event has at most %s days.', ${EVENT_DAYS_MAX}::int)`,
    sql`from import_event n where n.to_on - n.from_on >= ${EVENT_DAYS_MAX}`,
  ),
  fault(
    'to',
    'date_not_valid',
    sql`format('Demand is forecast for %s days.', ${EVENT_AHEAD_DAYS_MAX}::int)`,
    sql`from import_event n where n.to_on > ${addDays(today, EVENT_AHEAD_DAYS_MAX)}::date`,
  ),
  fault(
    'from',
    'event_overlaps',
    sql`format('Row %s has the same event on some of these days.', o.row)`,
    sql`from import_event n
      cross join lateral (
        select min(o.row) as row from import_event o where o.row < n.row and lower(o.name) = lower(n.name) and ${sameGoods} and ${overlaps}) o
      where o.row is not null`,
  ),
  fault(
    'from',
    'event_overlaps',
    sql`format('It is there already from %s to %s, for the same.', o.from_on, o.to_on)`,
    sql`from import_event n
      cross join lateral (
        select o.from_on, o.to_on from (${recorded}) o where o.name = lower(n.name) and ${sameGoods} and ${overlaps} and not ${same} limit 1) o`,
  ),
]

export const removeFaultyEvents = sql`delete from import_event n using import_fault f where f.kind = 'events' and f.row = n.row`

export const eventsKnown = (): Statement => sql`
  delete from import_event n using (${recorded}) o where o.name = lower(n.name) and ${sameGoods} and ${same}`
