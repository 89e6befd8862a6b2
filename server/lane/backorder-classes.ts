// Backorder classes in the lane: those that a command is about, who is in them, and what it makes of that.

import type { BackorderClass, ClassOfCustomer } from '../../core/backorder-class.ts'
import type { State } from '../../core/ledger.ts'
import { sql, type Statement } from '../db.ts'
import type { Needs } from '../stage.ts'
import type { Into } from './into.ts'

type Asked = NonNullable<NonNullable<Needs['codes']>['backorderClasses']>

export async function readBackorderClasses(into: Into, classes: Asked): Promise<void> {
  const [codes, customers] = [classes.map((one) => one.code), classes.flatMap((one) => one.customers)]
  await Promise.all([
    into('backorderClass', sql`select code, name, strategy from backorder_class where code = any(${codes}::text[])`),
    into(
      'classOfCustomer',
      sql`
      select customer_id as customer, class_code as class
      from customer_backorder_class where class_code = any(${codes}::text[]) or customer_id = any(${customers}::int[])`,
    ),
  ])
}

export function writeBackorderClasses({ backorderClass, classOfCustomer }: State['tables']): Statement[] {
  const [classes, members] = [backorderClass.changes(), classOfCustomer.changes()]
  const [put, joined] = [
    [...classes.updated, ...classes.inserted],
    [...members.updated, ...members.inserted],
  ]
  return [
    ...(put.length === 0 ? [] : [putClasses(put)]),
    ...(members.deleted.length === 0 ? [] : [deleteMembers(members.deleted)]),
    ...(joined.length === 0 ? [] : [putMembers(joined)]),
  ]
}

const putClasses = (rows: readonly BackorderClass[]): Statement => sql`
  insert into backorder_class (code, name, strategy)
  select * from unnest(
    ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.strategy)}::text[])
  on conflict (code) do update set name = excluded.name, strategy = excluded.strategy`

const deleteMembers = (rows: readonly ClassOfCustomer[]): Statement => sql`
  delete from customer_backorder_class where customer_id = any(${rows.map((row) => row.customer)}::int[])`

const putMembers = (rows: readonly ClassOfCustomer[]): Statement => sql`
  insert into customer_backorder_class (customer_id, class_code)
  select * from unnest(${rows.map((row) => row.customer)}::int[], ${rows.map((row) => row.class)}::text[])
  on conflict (customer_id) do update set class_code = excluded.class_code`
