// Flow, collecting: an order is handed over at the counter, shipped and delivered in one, with who took it and by what he proved that it is his. What
// nobody came for goes back to a shelf, each piece by a move of its own, and its order is cancelled, or kept with its stock held for when he comes after all.

import { untimely } from '../fault.ts'
import type { Instant } from '../calendar.ts'
import { carry, deallocate } from '../hold.ts'
import { announce, sells, type Draft } from '../ledger.ts'
import { isClosed } from '../package.ts'
import type { PlaceId } from '../place.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { allocationEnd } from '../stock.ts'
import { deliver } from './deliver.ts'
import { cancelOrder } from './flow.ts'
import { settleCollection } from './order-collection.ts'
import { forbids, isPicked } from './order.ts'
import { unpack } from './store-pack.ts'
import { allocationsOf } from './store-pick.ts'
import { sendOff } from './transport-ship.ts'

export interface CollectOrder {
  readonly kind: 'collectOrder'
  readonly order: string
  readonly shipment: string
  readonly collectedAt: Instant
  readonly collectedBy: string
  /** What he showed: the code he was sent, a card, a name. */
  readonly proof: string
}

export function collectOrder({ order, shipment, collectedAt, collectedBy, proof }: CollectOrder, draft: Draft): object | Refusal {
  const refusal = forbids(draft, order, 'collect') ?? untimely(draft, collectedAt, 'collectedAt')
  if (refusal) return refusal
  const sent = sendOff({ order, shipment, shippedAt: collectedAt }, draft)
  if (isRefusal(sent)) return sent
  const handed = deliver({ kind: 'deliver', order, shipment, deliveredAt: collectedAt, receivedBy: collectedBy, note: proof }, draft)
  if (isRefusal(handed)) return handed
  settleCollection(draft, order)
  const lines = draft.shipmentLine.of(shipment).map(({ line, quantity }) => ({ line, quantity }))
  announce(draft, { type: 'order.collected', subject: order, occurredAt: collectedAt, data: { shipment, lines } })
  return { id: order, shipment, lines }
}

export interface PutBackUncollected {
  readonly kind: 'putBackUncollected'
  readonly order: string
  readonly to: PlaceId
  /** Its code, for people. */
  readonly toCode: string
  readonly putBackAt: Instant
  /** Whether the order stays, with its stock held. */
  readonly keepsOrder: boolean
}

export function putBackUncollected(command: PutBackUncollected, draft: Draft): object | Refusal {
  const { order, to, toCode, putBackAt, keepsOrder } = command
  const refusal = forbids(draft, order, 'put_back') ?? untimely(draft, putBackAt, 'putBackAt') ?? shelfFault(draft, to)
  if (refusal) return refusal
  for (const { sscc } of draft.package.of(order).filter((one) => !isClosed(one))) {
    const opened = unpack({ kind: 'unpack', order, package: sscc, unpackedAt: putBackAt }, draft)
    if (isRefusal(opened)) return opened
  }
  const lines = allocationsOf(draft, order)
    .filter(isPicked)
    .map((one) => {
      const { line, part, quantity } = one
      const end = { ...allocationEnd(one), place: to }
      carry(draft, one, quantity, end, { cause: 'unpick', document: order, line, part, occurredAt: putBackAt })
      return { line, quantity }
    })
  for (const one of allocationsOf(draft, order)) deallocate(draft, one, one.quantity)
  settleCollection(draft, order)
  announce(draft, { type: 'order.put_back', subject: order, occurredAt: putBackAt, data: { lines, place: toCode, kept: keepsOrder } })
  const cancelled = keepsOrder ? undefined : cancelOrder({ kind: 'cancelOrder', order, lines: null }, draft)
  return cancelled !== undefined && isRefusal(cancelled) ? cancelled : { id: order, lines, place: toCode, kept: keepsOrder }
}

/** Goods stay held, so they go where they can be sold from; and not to packing, where they are. */
function shelfFault(draft: Draft, to: PlaceId): Refusal | undefined {
  const isShelf = draft.state.places.get(to) !== 'packing' && sells(draft.state, { place: to, condition: 'sellable' })
  return isShelf ? undefined : refuse('place_kind_forbids', 'to', 'They go back to a place from which they can be sold.')
}
