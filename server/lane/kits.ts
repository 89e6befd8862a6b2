// Kits in the lane: what is in them, and what a command makes of that.

import type { ItemId } from '../../core/item.ts'
import type { KitComponent } from '../../core/kit.ts'
import type { State } from '../../core/ledger.ts'
import { sql, type Statement } from '../db.ts'

/** All that is in kits which these items are, or are in. */
export const kitsWith = (items: readonly ItemId[]): Statement => sql`
  select kit_id as kit, component_id as component, quantity
  from kit_component where kit_id = any(${items}::int[]) or component_id = any(${items}::int[])
  order by kit_id, component_id`

export function writeKits({ kitComponent }: State['tables']): Statement[] {
  const { inserted, updated, deleted } = kitComponent.changes()
  const put = [...updated, ...inserted]
  return [...(deleted.length === 0 ? [] : [deleteComponents(deleted)]), ...(put.length === 0 ? [] : [putComponents(put)])]
}

const deleteComponents = (rows: readonly KitComponent[]): Statement => sql`
  delete from kit_component
  where (kit_id, component_id) in (select * from unnest(${rows.map((row) => row.kit)}::int[], ${rows.map((row) => row.component)}::int[]))`

const putComponents = (rows: readonly KitComponent[]): Statement => sql`
  insert into kit_component (kit_id, component_id, quantity)
  select * from unnest(
    ${rows.map((row) => row.kit)}::int[], ${rows.map((row) => row.component)}::int[], ${rows.map((row) => row.quantity)}::bigint[])
  on conflict (kit_id, component_id) do update set quantity = excluded.quantity`
