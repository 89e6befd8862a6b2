// The few among the many: most moves are picked, shipped and sold, and most planned moves are orders' that have nothing held back for them.
// What many checks ask for lies between them, so each long table is read for it once a connection, and not once a check.

import { sql, type Statement } from '../db.ts'

/** Moves of purchases, production and transfers, as a table `uncommon_move`. Stands there already where another group of checks gathered it. */
export const gatherUncommonMoves: readonly Statement[] = [
  sql`
    create temp table if not exists uncommon_move on commit drop as
    -- every site: verification
    select site_id, sequence, cause, document_id, line, part, item_id, from_lot, from_serial, quantity, value_minor
    from move where cause in ('receipt', 'rejection', 'issue', 'unissue', 'output', 'transfer_out', 'transfer_in')`,
  sql`analyze uncommon_move`,
]

/** Planned moves of other documents than orders, and all that are pegged or allocated, as a table `uncommon_plan`. */
export const gatherUncommonPlans: readonly Statement[] = [
  sql`
    create temp table if not exists uncommon_plan on commit drop as
    -- every site: verification
    select site_id, document_id, line, part, kind, direction, item_id, owner_id, planned, posted, cancelled, pegged, allocated
    from planned_move where kind <> 'order' or pegged <> 0 or allocated <> 0`,
  sql`analyze uncommon_plan`,
]
