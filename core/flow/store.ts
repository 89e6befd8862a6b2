// Store: goods change their condition, where they stand. They are put away in store-place.ts, picked in store-pick.ts and packed in store-pack.ts;
// stock speaks for itself row by row there, while holds are kept per item in reserve.ts.

import { expiryFault, untimely } from '../fault.ts'
import type { Instant } from '../calendar.ts'
import { ownerIn, serveWaiting } from '../consignment.ts'
import type { ItemId, PartyId } from '../item.ts'
import { announce, post, type Draft } from '../ledger.ts'
import type { Condition } from '../move.ts'
import type { PlaceId } from '../place.ts'
import { none, type Quantity } from '../quantity.ts'
import { recallFault } from '../recalled-goods.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { stockAt, stockKey } from '../stock.ts'
import { settle } from '../hold.ts'

export interface ChangeCondition {
  readonly kind: 'changeCondition'
  readonly document: string
  readonly item: ItemId
  /** The supplier whose goods they are; ours without one. */
  readonly owner?: PartyId
  readonly quantity: Quantity
  readonly place: PlaceId
  readonly toPlace: PlaceId
  readonly lot: string
  readonly serial: string
  readonly from: Condition
  readonly to: Condition
  readonly changedAt: Instant
}

/** Quarantine is released, goods are found damaged, or goods go to another place of the site: a move like any other. */
export function changeCondition(command: ChangeCondition, draft: Draft): object | Refusal {
  const { item, owner = draft.state.owner, place, toPlace, lot, serial, from, to, changedAt } = command
  if (command.quantity <= 0) return refuse('quantity_not_positive', 'quantity', `A quantity of ${command.quantity} cannot be moved.`)
  const ahead = untimely(draft, changedAt, 'changedAt')
  if (ahead) return ahead
  if (from === to && place === toPlace) return refuse('nothing_to_do', 'to', 'Place and condition are the same before and after.')
  const unsellable = expiryFault(draft, item, lot, null, to, 'lot') ?? recallFault(draft, command, to)
  if (unsellable) return unsellable
  const source = { place, package: '', lot, serial, condition: from, owner }
  const target = { ...source, place: toPlace, condition: to }
  const there = draft.stock.get(stockKey(stockAt(item, source)))?.quantity ?? none
  if (there < command.quantity) return refuse('not_enough_stock', 'quantity', `${there} are recorded there in this condition.`)
  post(draft, {
    item,
    quantity: command.quantity,
    from: source,
    to: target,
    cause: 'condition',
    document: command.document,
    line: 1,
    occurredAt: changedAt,
  })
  settle(draft, item, owner)
  if (owner !== draft.state.owner) serveWaiting(draft, item)
  announce(draft, {
    type: 'stock.condition_changed',
    subject: command.document,
    occurredAt: changedAt,
    data: { item, ...ownerIn(command), quantity: command.quantity, from, to },
  })
  return { id: command.document, item, quantity: command.quantity, from, to }
}
