// Counted: what of planned moves counts for promising, in SQL: as `counted` of core/planned-move.ts says it of one row. Change both or none.

import { sql, type Statement } from '../db.ts'

/** What is open; of what is bound to another only what is held of it. */
export const countedQuantity: Statement = sql`case when bound then held else planned - posted - cancelled end`

/** Sums over planned moves that are open and not proposed; no other table beside them may have columns of these names. */
export const countedSums: Statement = sql`
  coalesce(sum(${countedQuantity}) filter (where direction = 'supply'), 0)::bigint as supply,
  coalesce(sum(${countedQuantity}) filter (where direction = 'demand'), 0)::bigint as demand`
