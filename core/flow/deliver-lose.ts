// Deliver, lost: a carrier says that a shipment, or a parcel of it, will never come. What was lost counts as shipped no more: it is open in its line again,
// keeps the day that was promised, and is held here at once as far as there is stock, as whoever waits longest is; the rest counts on supply that is on its
// way. The customer whom that hurts is named, with what can be done: send it again, from elsewhere, something else, or give it up.
//
// In the books the goods come back and are lost here, as those of a transfer are: a loss is always of stock that a site had.

import type { Instant } from '../calendar.ts'
import { hurt, noteHurt } from '../disruption.ts'
import { settle } from '../hold.ts'
import type { ItemId } from '../item.ts'
import { announce, plan, post, type Draft } from '../ledger.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { isBound, open, plannedKey, type PlannedMove } from '../planned-move.ts'
import { minus, none, plus, type Quantity } from '../quantity.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { isOnItsWay, offTheWayFault, partsOut, piecesOut, type PartOut, type Piece } from './deliver.ts'
import { tellHome } from './order.ts'
import { pegToSupply } from './reserve.ts'
import { tell } from './transport-track.ts'

export interface LoseShipment {
  readonly kind: 'loseShipment'
  readonly order: string
  readonly shipment: string
  readonly lostAt: Instant
  /** What the carrier says of it. */
  readonly note: string
  /** Without lines, everything that is on its way; goods that are told apart by lot or serial are named. */
  readonly lines: readonly Piece[] | null
}

export function loseShipment(command: LoseShipment, draft: Draft): object | Refusal {
  const { order, shipment, lostAt, note } = command
  const fault = offTheWayFault(draft, order, shipment, lostAt, 'lostAt')
  if (fault) return fault
  const lines = piecesOut(draft, shipment, command.lines)
  const lost = new Map<string, Quantity>()
  for (const [index, one] of lines.entries()) {
    const parts = partsOut(draft, order, shipment, one, command.lines === null ? 'lines' : `lines/${index + 1}`)
    if (isRefusal(parts)) return parts
    for (const part of parts) {
      loseOne(draft, command, part)
      const key = plannedKey({ document: order, ...part.row })
      lost.set(key, plus(lost.get(key) ?? none, part.some))
    }
  }
  const row = draft.shipment.get(shipment)!
  if (!isOnItsWay(draft, shipment)) tell(draft, row, { kind: 'lost', occurredAt: lostAt, estimated: null, note })
  const told = lines.map(({ line, quantity }) => ({ line, quantity }))
  tellHome(draft, row.homeSite, order, 'lost', told)
  for (const item of new Set([...lost.keys()].map((key) => draft.planned.get(key)!.item))) sendAgain(draft, command, item, lost)
  announce(draft, { type: 'order.lost', subject: order, occurredAt: lostAt, data: { shipment, note, lines: told } })
  return { id: order, shipment, lines: told }
}

/** It was shipped and is not any more; its goods are lost, and what they are worth with them. */
function loseOne(draft: Draft, { order, lostAt }: LoseShipment, { row, some, item, from }: PartOut): void {
  draft.shipmentLine.put({ ...row, lost: plus(row.lost, some) })
  const planned = draft.planned.get(plannedKey({ document: order, ...row }))!
  plan(draft, { ...planned, posted: minus(planned.posted, some) })
  const back = { ...from, place: standardPlaces.inspection }
  const gone = { ...from, place: virtualPlaces['loss.transit'] }
  const move = { item, quantity: some, document: order, line: row.line, part: row.part, occurredAt: lostAt }
  post(draft, { ...move, from, to: back, cause: 'shipment_loss' })
  post(draft, { ...move, from: back, to: gone, cause: 'loss' })
}

/** What is open again of an item is held or counts on supply, and a person sees whom it hurts. */
function sendAgain(draft: Draft, { order, shipment, note }: LoseShipment, item: ItemId, lost: ReadonlyMap<string, Quantity>): void {
  settle(draft, item, draft.state.owner)
  const keys = [...lost.keys()].filter((key) => draft.planned.get(key)!.item === item)
  // What was bought for its line alone counts on nothing else: it waits until it is bought again.
  for (const row of keys.map((key) => draft.planned.get(key)!)) if (!isBound(row)) pegToSupply(draft, row, null)
  const hurts = keys.map((key) => hurt(draft, draft.planned.get(key)!, lost.get(key)!, null))
  const [first] = keys.map((key) => draft.planned.get(key)!) as [PlannedMove]
  const held = keys.reduce((sum, key) => plus(sum, draft.planned.get(key)!.held), none)
  const quantity = hurts.reduce((sum, one) => plus(sum, one.quantity), none)
  const wanted = keys.reduce((sum, key) => plus(sum, open(draft.planned.get(key)!)), none)
  const exception = draft.state.newId()
  draft.exception.put({
    exception,
    kind: 'shipment_lost',
    item,
    document: order,
    line: first.line,
    quantity,
    detail: `${quantity} were lost on the way, in shipment ${shipment}${note === '' ? '' : `: ${note}`}. ${held} of ${wanted} that the customer waits for are held to go again.`,
    raisedAt: draft.state.now,
    ...noteHurt(draft, exception, hurts),
  })
}
