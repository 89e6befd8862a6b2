// Checks of units: item by item, the rows of the file together with what is recorded, since one row alone says nothing of the ways to the base unit.

import { item_units_max } from '../../core/item-unit.ts'
import type { RefusalCode } from '../../core/refusal.ts'
import { unitsOf, type ItemUnit } from '../../core/unit.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { insertFaults } from './staging.ts'

/** Items whose units are looked at at once. */
const ITEMS_MAX = 100

const items = sql`select sku, unit from item union select sku, unit from import_item`

export const unitChecks: readonly Statement[] = [
  sql`update import_unit n set of_unit = i.unit from (${items}) i where i.sku = n.sku and n.of_unit = ''`,
  sql`
    insert into import_fault (kind, row, column_name, code, detail)
    select 'units', n.row, 'sku', 'item_not_known', format('There is no item %s.', n.sku)
    from import_unit n left join (${items}) i on i.sku = n.sku where i.sku is null`,
  sql`
    insert into import_fault (kind, row, column_name, code, detail)
    select 'units', n.row, 'unit', 'unit_contradicts', 'A unit is said in another one.' from import_unit n where n.unit = n.of_unit`,
  sql`
    insert into import_fault (kind, row, column_name, code, detail)
    select 'units', row, 'unit', 'code_taken', format('Row %s says the same unit in the same other one.', first)
    from (select row, min(row) over (partition by sku, unit, of_unit) as first from import_unit) t where row > first`,
]

export const unitsKnown = (): Statement => sql`
  delete from import_unit n
  using item_unit u, item i
  where i.sku = n.sku and u.item_id = i.item_id and u.unit = n.unit and u.of_unit = n.of_unit
    and (u.numerator, u.denominator, u.rounding) = (n.numerator, n.denominator, n.rounding)`

interface StagedUnit extends Omit<ItemUnit, 'item'> {
  /** Null of what is recorded and not in the file. */
  readonly row: number | null
  readonly sku: string
  readonly base: string
}

/** Units of the next items by sku, those that are recorded among them. */
const unitsAfter = (session: Connection, sku: string): Promise<StagedUnit[]> =>
  session.query<StagedUnit>(sql`
    with next as (select distinct sku from import_unit where sku > ${sku} order by sku limit ${ITEMS_MAX}), base as (${items})
    select n.row, n.sku, b.unit as base, n.unit, n.of_unit as "of", n.numerator, n.denominator, n.rounding
    from next join import_unit n on n.sku = next.sku join base b on b.sku = n.sku
    union all
    select null, i.sku, i.unit, u.unit, u.of_unit, u.numerator, u.denominator, u.rounding
    from next join item i on i.sku = next.sku join item_unit u on u.item_id = i.item_id
    where not exists (select from import_unit n where n.sku = i.sku and n.unit = u.unit and n.of_unit = u.of_unit)
    order by 2, 1, 4, 5`)

/** Where the units of an item do not agree, every row that says something of it is at fault: nobody can say which of them is the wrong one. */
export async function checkUnits(session: Connection): Promise<void> {
  for (let after = ''; ;) {
    const rows = await unitsAfter(session, after)
    if (rows.length === 0) return
    for (const [sku, own] of Map.groupBy(rows, (row) => row.sku)) {
      const fault = faultOf(own)
      const staged = own.flatMap(({ row }) => (row === null ? [] : [row]))
      if (fault)
        await session.execute(
          insertFaults(
            'units',
            staged.map((row) => ({ row, column: 'unit', ...fault, order: null })),
          ),
        )
      after = sku
    }
  }
}

function faultOf(rows: readonly StagedUnit[]): { readonly code: RefusalCode; readonly detail: string } | undefined {
  if (rows.length > item_units_max) return { code: 'units_too_many', detail: `An item has at most ${item_units_max} units.` }
  const units = unitsOf(rows[0]!.base, rows)
  if (!('fault' in units)) return undefined
  return { code: units.fault === 'contradicts' ? 'unit_contradicts' : 'unit_unreachable', detail: units.detail }
}
