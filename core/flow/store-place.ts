// Store, places: goods that came in go from the dock to their bin, and from any place of the site to any other. What is set aside for an order
// goes along with the goods; what is free is moved first. From packing only what its order let go of is carried back; nothing else leaves it by hand.

import { labelFault, untimely } from '../fault.ts'
import type { Instant } from '../calendar.ts'
import { ownerIn, serveWaiting } from '../consignment.ts'
import type { ItemId, PartyId } from '../item.ts'
import { announce, post, sells, type Draft } from '../ledger.ts'
import type { Condition, End } from '../move.ts'
import type { PlaceId } from '../place.ts'
import { byUrgency, plannedKey } from '../planned-move.ts'
import { beyond, least, minus, none, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { allocationEnd, itemKey, stockAt, stockKey, unallocated, type Allocation, type Stock } from '../stock.ts'
import { carry, settle } from '../hold.ts'

export interface Relocate {
  readonly kind: 'relocate'
  readonly document: string
  readonly item: ItemId
  /** The supplier whose goods they are; ours without one. */
  readonly owner?: PartyId
  readonly quantity: Quantity
  readonly from: PlaceId
  readonly to: PlaceId
  /** Its code, for people. */
  readonly toCode: string
  readonly lot: string
  readonly serial: string
  readonly condition: Condition
  readonly movedAt: Instant
}

export function relocate(command: Relocate, draft: Draft): object | Refusal {
  const { document, item, owner = draft.state.owner, from, to, toCode, lot, serial, condition, movedAt } = command
  const fault = relocationFault(command, draft)
  if (fault) return fault
  const source: End = { place: from, package: '', lot, serial, condition, owner }
  const target: End = { ...source, place: to }
  const row = draft.stock.get(stockKey(stockAt(item, source)))
  const there = row?.quantity ?? none
  if (row === undefined || there < command.quantity) return refuse('not_enough_stock', 'quantity', `${there} are recorded there in this condition.`)
  const comesFrom = draft.state.places.get(from)
  if (comesFrom === 'packing' && command.quantity > unallocated(row)) {
    return refuse('place_kind_forbids', 'quantity', `${unallocated(row)} stand at packing for nobody; the rest is picked for an order.`)
  }
  const how = {
    cause: comesFrom === 'dock' ? ('putaway' as const) : comesFrom === 'packing' ? ('unpick' as const) : ('relocation' as const),
    document,
    line: 1,
    occurredAt: movedAt,
  }
  // Where the goods cannot be sold from, what speaks for them is let go of, as for any stock that goes.
  let spokenFor = sells(draft.state, target) ? beyond(command.quantity, unallocated(row)) : none
  const free = minus(command.quantity, spokenFor)
  for (const one of allocationsAt(draft, row)) {
    const some = least(spokenFor, one.quantity)
    if (some === 0) break
    carry(draft, one, some, target, how)
    spokenFor = minus(spokenFor, some)
  }
  if (free > 0) post(draft, { ...how, item, quantity: free, from: source, to: target })
  settle(draft, item, owner)
  if (owner !== draft.state.owner) serveWaiting(draft, item)
  announce(draft, {
    type: 'stock.moved',
    subject: document,
    occurredAt: movedAt,
    data: { item, ...ownerIn(command), quantity: command.quantity, from, to, cause: how.cause },
  })
  return { id: document, item, quantity: command.quantity, place: toCode }
}

function relocationFault({ item, quantity, from, to, lot, serial, movedAt }: Relocate, draft: Draft): Refusal | undefined {
  if (quantity <= 0) return refuse('quantity_not_positive', 'quantity', `A quantity of ${quantity} cannot be moved.`)
  const fault = untimely(draft, movedAt, 'movedAt') ?? labelFault(draft, { item, quantity, lot, serial })
  if (fault) return fault
  if (from === to) return refuse('nothing_to_do', 'to', 'It stands there already.')
  // Goods come to packing by being picked.
  if (draft.state.places.get(to) === 'packing') return refuse('place_kind_forbids', 'to', 'Goods come to packing by being picked, not by hand.')
  return undefined
}

/** The least urgent first: whoever comes first finds the goods where they were. */
function allocationsAt(draft: Draft, row: Stock): Allocation[] {
  const demands = draft.planned.of(itemKey(row.item, row.owner)).filter((one) => one.allocated > 0)
  return demands
    .toSorted((a, b) => byUrgency(b, a))
    .flatMap((one) => draft.allocation.of(plannedKey(one)))
    .filter((one) => stockKey(stockAt(one.item, allocationEnd(one))) === stockKey(row))
}
