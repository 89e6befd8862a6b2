// Cover by a transfer: what is short here and another site of ours supplies becomes planned supply here and, by a message, planned demand
// there. That site holds it, or covers it in its own turn by buying, making or asking a third; it leaves when it is held (transport-transfer.ts).

import { expectOn } from '../disruption.ts'
import { quantityFault } from '../fault.ts'
import type { Day } from '../calendar.ts'
import type { ItemId, SiteId } from '../item.ts'
import { ageOf, announce, plan, type Draft } from '../ledger.ts'
import { pegWaiting, settle } from '../hold.ts'
import { nothing } from '../money.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { nothingYet, plannedKey, type PlannedMove } from '../planned-move.ts'
import type { Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { pegToSupply } from './reserve.ts'

export interface AskedLine {
  readonly line: number
  readonly item: ItemId
  readonly quantity: Quantity
  /** The day on which it is wanted here. */
  readonly due: Day
}

export interface RequestTransfer {
  readonly kind: 'requestTransfer'
  readonly transfer: string
  readonly from: SiteId
  readonly lines: readonly AskedLine[]
}

/** Asks another site for goods. */
export function requestTransfer(command: RequestTransfer, draft: Draft): object | Refusal {
  const fault = quantityFault(command.lines)
  if (fault) return fault
  if (command.from === draft.state.site) return refuse('same_site', 'from', 'A transfer comes from another site.')
  placeRequest(draft, command)
  return { id: command.transfer, lines: command.lines }
}

/** Enters a request that has no fault: planned supply here, and the message that makes it demand there. */
export function placeRequest(draft: Draft, { transfer, from, lines }: Omit<RequestTransfer, 'kind'>, tie = pegWaiting): void {
  for (const line of lines) {
    const row: PlannedMove = {
      ...untouched(draft, transfer, line),
      kind: 'transfer_in',
      direction: 'supply',
      from: virtualPlaces.transit,
      to: standardPlaces.dock,
      homeSite: draft.state.site,
      priority: 0,
    }
    plan(draft, row)
    tie(draft, row)
    expectOn(draft, draft.planned.get(plannedKey(row))!, row.due)
  }
  announce(draft, { type: 'transfer.requested', subject: transfer, to: from, data: { transfer, home: draft.state.site, lines } })
}

export interface SupplyTransfer {
  readonly kind: 'supplyTransfer'
  readonly transfer: string
  /** The site that asks. */
  readonly home: SiteId
  readonly lines: readonly AskedLine[]
}

/** Sites that ask wait like a work order's components: customers of this site come first, then whoever asked first. */
const TRANSFER_PRIORITY = 5

/** Another site asks: what is free is held for it, and the rest waits like any demand. It is a message, so it is never refused. */
export function supplyTransfer({ transfer, home, lines }: SupplyTransfer, draft: Draft): object {
  for (const line of lines) {
    const row: PlannedMove = {
      ...untouched(draft, transfer, line),
      kind: 'transfer_out',
      direction: 'demand',
      from: standardPlaces.shelf,
      to: virtualPlaces.transit,
      homeSite: home,
      priority: TRANSFER_PRIORITY,
    }
    plan(draft, row)
    settle(draft, line.item, draft.state.owner)
    pegToSupply(draft, draft.planned.get(plannedKey(row))!, null)
  }
  announce(draft, { type: 'transfer.accepted', subject: transfer, data: { home, lines } })
  return { id: transfer }
}

/** What both ends of a transfer have in common. */
function untouched(draft: Draft, document: string, { line, item, quantity, due }: AskedLine) {
  return {
    document,
    line,
    part: 1,
    status: 'firm',
    item,
    owner: draft.state.owner,
    due,
    age: ageOf(draft),
    unitPrice: nothing,
    planned: quantity,
    ...nothingYet,
  } as const
}
