// The few among the many: most moves are picked, shipped and sold, and most planned moves are orders' that have nothing held back for them.
// What many checks ask for lies between them, so each long table is read for it once, by the one connection that runs these checks.

import { sql, type Statement } from '../db.ts'
import type { CheckGroup } from './check.ts'
import { gatherTransfers, transferChecks } from './log.ts'
import { unusualOrderChecks } from './orders.ts'
import { uncommonPlanChecks } from './planned.ts'
import { boughtChecks } from './bought.ts'
import { supplyChecks } from './supply.ts'

const gather: readonly Statement[] = [
  // Moves of purchases, production and transfers.
  sql`
    create temp table uncommon_move on commit drop as
    -- every site: verification
    select site_id, sequence, cause, document_id, line, part, item_id, from_lot, from_serial, quantity, value_minor
    from move where cause in ('receipt', 'take_over', 'rejection', 'issue', 'unissue', 'output', 'transfer_out', 'transfer_in')`,
  sql`analyze uncommon_move`,
  // Planned moves of other documents than orders, all that are pegged or allocated, and what other sites hold or held for orders.
  sql`
    create temp table uncommon_plan on commit drop as
    -- every site: verification
    select site_id, document_id, line, part, kind, direction, status, due_on, item_id, owner_id, home_site_id, hold_expires_at, planned, posted, cancelled, held, pegged, allocated,
      to_place_id, bound
    from planned_move
    where kind <> 'order' or bound or pegged <> 0 or allocated <> 0 or part > 1 or hold_expires_at is not null or (site_id <> home_site_id and cancelled = planned)`,
  sql`analyze uncommon_plan`,
  ...gatherTransfers,
]

export const uncommonGroup: CheckGroup = {
  gather,
  checks: [...unusualOrderChecks, ...uncommonPlanChecks, ...supplyChecks, ...boughtChecks, ...transferChecks],
}
