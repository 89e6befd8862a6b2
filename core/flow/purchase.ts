// Purchase: supply that is on its way from a supplier, with the day it is due. It can be promised from that day on, and demand that waits
// is pegged to it in order of urgency, so that a late truck can be walked forward to the customers it hurts.

import { quantityFault } from '../fault.ts'
import type { Day, Instant } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import { ageOf, announce, plan, type Draft } from '../ledger.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { byUrgency, plannedKey, type PlannedMove } from '../planned-move.ts'
import { least, none, type Quantity } from '../quantity.ts'
import type { Refusal } from '../refusal.ts'
import { itemKey } from '../stock.ts'

import { peg, unpegged } from '../hold.ts'

export interface Purchase {
  readonly kind: 'purchase'
  readonly purchase: string
  readonly supplier: string
  readonly orderedAt: Instant
  readonly lines: readonly { readonly line: number; readonly item: ItemId; readonly quantity: Quantity; readonly due: Day }[]
}

export function purchase(command: Purchase, draft: Draft): object | Refusal {
  const fault = quantityFault(command.lines)
  if (fault) return fault
  for (const { line, item, quantity, due } of command.lines) {
    const row: PlannedMove = {
      document: command.purchase,
      line,
      part: 1,
      kind: 'purchase',
      direction: 'supply',
      status: 'firm',
      item,
      owner: draft.state.owner,
      from: virtualPlaces.supplier,
      to: standardPlaces.dock,
      homeSite: draft.state.site,
      due,
      priority: 0,
      age: ageOf(draft),
      planned: quantity,
      posted: none,
      cancelled: none,
      held: none,
      pegged: none,
      allocated: none,
      holdExpiresAt: null,
    }
    plan(draft, row)
    pegWaiting(draft, row)
  }
  const lines = command.lines.map(({ line, item, quantity, due }) => ({ line, item, quantity, due }))
  announce(draft, { type: 'purchase.placed', subject: command.purchase, occurredAt: command.orderedAt, data: { supplier: command.supplier, lines } })
  return { id: command.purchase, lines }
}

function pegWaiting(draft: Draft, supply: PlannedMove): void {
  const demands = draft.planned.of(itemKey(supply.item, supply.owner)).filter((row) => row.direction === 'demand' && unpegged(row) > 0)
  for (const demand of demands.toSorted(byUrgency)) {
    const now = draft.planned.get(plannedKey(supply))!
    const some = least(unpegged(demand), unpegged(now))
    if (some === 0) return
    peg(draft, now, draft.planned.get(plannedKey(demand))!, some)
  }
}
