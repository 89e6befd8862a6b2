// Reserve by strategy, the shell: which orders want an item and which strategy their customers have is looked up outside the lane; what is given out anew is
// decided there, on the rows as they are then.

import type { BackorderStrategy } from '../../core/backorder-class.ts'
import { reallocate, type Reallocate } from '../../core/flow/reserve-strategy.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import { sql, type Connection } from '../db.ts'
import type { Stage } from '../stage.ts'

export const reallocateStage: Stage<Reallocate> = {
  status: 200,
  // All that wants it, held or not: as if physical truth might take any of it.
  needs: ({ item }) => ({ items: [item], stock: true, frees: Infinity, takes: [[item, Infinity] as const] }),
  decide: reallocate,
}

/** Who is in no class is redistributed. */
const USUAL: BackorderStrategy = 'redistribute'

export async function commandToReallocate(database: Connection, site: SiteId, item: ItemId): Promise<Reallocate> {
  const strategies = await database.query<Reallocate['strategies'][number]>(sql`
    select distinct p.document_id as "order", coalesce(b.strategy, ${USUAL}) as strategy
    from planned_move p
    -- every site: an order may be another site's, and its customer stands there
    left join orders o on o.site_id = p.home_site_id and o.order_id = p.document_id
    left join customer_backorder_class c on c.customer_id = o.customer_id
    left join backorder_class b on b.code = c.class_code
    where p.site_id = ${site} and p.item_id = ${item} and p.kind = 'order' and p.planned - p.posted - p.cancelled > 0`)
  return { kind: 'reallocate', item, strategies }
}
