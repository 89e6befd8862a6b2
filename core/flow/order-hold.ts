// Order hold: an order is put on hold and taken off it at its home site. Sites that serve lines of it are told, since it is they who would pick and
// ship; until the message is there (a moment) they do not know. A hold that was taken off stays as a row: who, when, why.

import { announce, type Draft } from '../ledger.ts'
import type { OrderHold, OrderHoldKind } from '../order-hold.ts'
import { refuse, type Refusal } from '../refusal.ts'

export interface PutOnHold {
  readonly kind: 'putOnHold'
  readonly order: string
  readonly hold: string
  readonly holdKind: OrderHoldKind
  readonly reason: string
}

export function putOnHold({ order, hold, holdKind, reason }: PutOnHold, draft: Draft): object | Refusal {
  if (draft.order.get(order) === undefined) return unknownOrder
  if (draft.order.get(order)!.kind === 'sale') return refuse('order_state_forbids', 'order', 'The goods of a sale are handed over already.')
  placeHold(draft, { order, hold, kind: holdKind, reason })
  return { id: order, hold, kind: holdKind }
}

/** Puts a hold on an order of this site, and tells who serves it. */
export function placeHold(draft: Draft, { order, hold, kind, reason }: Pick<OrderHold, 'order' | 'hold' | 'kind' | 'reason'>): void {
  const now = { placedAt: draft.state.now, placedBy: draft.actor, takenOffAt: null, takenOffBy: null, note: null }
  const row: OrderHold = { order, hold, kind, reason, ...now }
  draft.orderHold.put(row)
  announce(draft, { type: 'order.put_on_hold', subject: order, data: { hold, kind } })
  tellSources(draft, row)
}

export interface TakeOffHold {
  readonly kind: 'takeOffHold'
  readonly order: string
  readonly hold: string
  readonly note: string
}

export function takeOffHold({ order, hold, note }: TakeOffHold, draft: Draft): object | Refusal {
  if (draft.order.get(order) === undefined) return unknownOrder
  const before = draft.orderHold.of(order).find((one) => one.hold === hold)
  if (before === undefined) return refuse('hold_not_known', 'hold', 'The order has no such hold.')
  if (before.takenOffAt !== null) return refuse('nothing_to_do', 'hold', 'This hold was taken off already.')
  takeOff(draft, order, hold, note)
  return { id: order, hold, kind: before.kind }
}

/** Takes a hold off as far as it stands, and tells who serves the order. */
export function takeOff(draft: Draft, order: string, hold: string, note: string): void {
  const before = draft.orderHold.get(`${order}/${hold}`)!
  if (before.takenOffAt !== null) return
  const row: OrderHold = { ...before, takenOffAt: draft.state.now, takenOffBy: draft.actor, note }
  draft.orderHold.put(row)
  announce(draft, { type: 'order.taken_off_hold', subject: order, data: { hold, kind: before.kind } })
  tellSources(draft, row)
}

const unknownOrder = refuse('order_not_known', 'order', 'There is no such order at this site.')

/** Every other site that serves a line of it is told the row as it stands. */
function tellSources(draft: Draft, row: OrderHold): void {
  const sources = new Set(draft.line.of(row.order).map((line) => line.source))
  sources.delete(draft.state.site)
  for (const to of sources) announce(draft, { type: 'order.hold_told', subject: row.order, to, data: { row } })
}

export interface NoteOrderHold {
  readonly kind: 'noteOrderHold'
  readonly row: OrderHold
}

/** The home site of an order tells of a hold; messages of one order come in order, so the last is as it stands. */
export function noteOrderHold({ row }: NoteOrderHold, draft: Draft): object {
  draft.orderHold.put(row)
  return { order: row.order, hold: row.hold }
}
