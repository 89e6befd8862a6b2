// Substitutes in the lane: what may be sent instead of which item, and what a command makes of that.

import type { ItemId } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import type { Substitute } from '../../core/substitute.ts'
import { sql, type Statement } from '../db.ts'

export const substitutesOf = (items: readonly ItemId[]): Statement => sql`
  select item_id as item, substitute_id as substitute, position, chosen_by as "chosenBy"
  from substitute where item_id = any(${items}::int[]) order by item_id, position, substitute_id`

export function writeSubstitutes({ substitute }: State['tables']): Statement[] {
  const { inserted, updated, deleted } = substitute.changes()
  const put = [...updated, ...inserted]
  return [...(deleted.length === 0 ? [] : [deleteSubstitutes(deleted)]), ...(put.length === 0 ? [] : [putSubstitutes(put)])]
}

const deleteSubstitutes = (rows: readonly Substitute[]): Statement => sql`
  delete from substitute
  where (item_id, substitute_id) in (select * from unnest(${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.substitute)}::int[]))`

const putSubstitutes = (rows: readonly Substitute[]): Statement => sql`
  insert into substitute (item_id, substitute_id, position, chosen_by)
  select * from unnest(
    ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.substitute)}::int[], ${rows.map((row) => row.position)}::int[],
    ${rows.map((row) => row.chosenBy)}::text[])
  on conflict (item_id, substitute_id) do update set position = excluded.position, chosen_by = excluded.chosen_by`
