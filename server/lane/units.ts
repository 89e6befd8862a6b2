// Units in the lane: the units of items, and in which unit a document's line was asked for.

import type { ItemId, SiteId } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import type { AskedIn, ItemUnit } from '../../core/unit.ts'
import { sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'

export const unitsOfItems = (items: readonly ItemId[]): Statement => sql`
  select item_id as item, unit, of_unit as "of", numerator, denominator, rounding
  from item_unit where item_id = any(${items}::int[]) order by item_id, unit, of_unit`

export function writeUnits({ itemUnit }: State['tables']): Statement[] {
  const { inserted, updated, deleted } = itemUnit.changes()
  const put = [...updated, ...inserted]
  return [...(deleted.length === 0 ? [] : [deleteUnits(deleted)]), ...(put.length === 0 ? [] : [putUnits(put)])]
}

const deleteUnits = (rows: readonly ItemUnit[]): Statement => sql`
  delete from item_unit
  where (item_id, unit, of_unit) in (select * from unnest(
    ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.unit)}::text[], ${rows.map((row) => row.of)}::text[]))`

const putUnits = (rows: readonly ItemUnit[]): Statement => sql`
  insert into item_unit (item_id, unit, of_unit, numerator, denominator, rounding)
  select * from unnest(
    ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.unit)}::text[], ${rows.map((row) => row.of)}::text[],
    ${rows.map((row) => row.numerator)}::bigint[], ${rows.map((row) => row.denominator)}::bigint[], ${rows.map((row) => row.rounding)}::text[])
  on conflict (item_id, unit, of_unit)
  do update set numerator = excluded.numerator, denominator = excluded.denominator, rounding = excluded.rounding`

export const readAskedIn = (into: Into, site: SiteId, documents: readonly string[]): Promise<void> =>
  into(
    'askedIn',
    sql`
    select document_id as document, line, unit, quantity_e6, comes_to as "comesTo"
    from asked_in where site_id = ${site} and document_id = any(${documents}::uuid[])`,
  )

export const putAskedIn = (site: SiteId, rows: readonly AskedIn[]): Statement => sql`
  insert into asked_in (site_id, document_id, line, unit, quantity_e6, comes_to)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.unit)}::text[],
    ${rows.map((row) => row.quantity_e6)}::bigint[], ${rows.map((row) => row.comesTo)}::bigint[]) t
  on conflict (site_id, document_id, line)
  do update set unit = excluded.unit, quantity_e6 = excluded.quantity_e6, comes_to = excluded.comes_to`

export const deleteAskedIn = (site: SiteId, rows: readonly AskedIn[]): Statement => sql`
  delete from asked_in
  where site_id = ${site} and document_id = any(${rows.map((row) => row.document)}::uuid[])
    and (document_id, line) in (select * from unnest(${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.line)}::int[]))`
