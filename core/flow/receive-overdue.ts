// Receive, what did not come: a purchase's line, a transfer or a work order whose day has passed. Nobody has to report it: the site's lane looks by
// itself, once a day (server/overdue.ts), and raises what a reported slip raises: one exception a supply, with the customers it hurts.
//
// Work that waits for something overdue is not raised besides: what it waits for is, and names the same customers.

import { isOverdue, expectOverdue, openOverdue, raiseHurt } from '../disruption.ts'
import type { Draft } from '../ledger.ts'
import { plannedKey, type PlannedKind, type PlannedMove } from '../planned-move.ts'

export interface RaiseOverdue {
  readonly kind: 'raiseOverdue'
  readonly supplies: readonly { readonly document: string; readonly line: number }[]
}

/** Of these supplies, those that are overdue and were not raised yet. Asking again raises nothing twice. */
export function raiseOverdue({ supplies }: RaiseOverdue, draft: Draft): object {
  let raised = 0
  for (const { document, line } of supplies) {
    const row = draft.planned.get(plannedKey({ document, line, part: 1 }))
    if (row === undefined || !isOverdue(draft, row) || waitsForOverdue(draft, row) || openOverdue(draft, row).length > 0) continue
    const hurts = expectOverdue(draft, row)
    raiseHurt(draft, 'supply_overdue', row, `${nounOf(row.kind)} due ${row.due} is not there`, hurts)
    if (hurts.length > 0) raised += 1
  }
  return { raised }
}

/** Whether a component of a work order is to come from a supply that is overdue itself. */
const waitsForOverdue = (draft: Draft, { kind, document }: PlannedMove): boolean =>
  kind === 'output' &&
  draft.planned
    .of(document)
    .filter((row) => row.kind === 'component')
    .flatMap((row) => draft.peg.of(`demand ${plannedKey(row)}`))
    .some((one) => isOverdue(draft, draft.planned.get(one.supply)!))

const nounOf = (kind: PlannedKind): string => {
  if (kind === 'purchase') return 'A purchase'
  return kind === 'transfer_in' ? 'A transfer' : 'A work order'
}
