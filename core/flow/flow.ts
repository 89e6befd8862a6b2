// Flow: the journey of an order through the stages: order -> promise -> reserve in one command, its cancellation, and what the home site
// of an order and the sites that serve it tell each other. The later stages have a file each.

import { liesAhead, quantityFault } from '../fault.ts'
import type { SiteId } from '../item.ts'
import { announce, plan, type Draft } from '../ledger.ts'
import { openOf, type OrderLine } from '../order.ts'
import { open, plannedKey } from '../planned-move.ts'
import { beyond, least, minus, none, plus, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { announceOrder, demandFor, enter, enterLine, forbids, orderNumber, type PlaceOrder, type WantedLine } from './order.ts'
import { beginPayment, settlePayment } from './order-payment.ts'
import { promise } from './promise.ts'
import { cancelDemand, cancelOpen } from '../hold.ts'
import { reserve } from './reserve.ts'

/** What became of a line at once. */
export interface LineAnswer {
  readonly line: number
  readonly sku: string
  readonly quantity: Quantity
  readonly held: Quantity
  readonly backordered: Quantity
  readonly source: string
  readonly promised: string | null
  readonly reason: string
}

export interface OrderAnswer {
  readonly id: string
  readonly number: string
  readonly lines: readonly LineAnswer[]
}

/** Order, promise and reserve: what stock covers is held, the rest is pegged to incoming supply or waits as a backorder. */
export function placeOrder(command: PlaceOrder, draft: Draft): OrderAnswer | Refusal {
  const fault = quantityFault(command.lines) ?? liesAhead(draft, command.orderedAt, 'orderedAt')
  if (fault) return fault
  const elsewhere = command.lines.filter((wanted) => wanted.source !== draft.state.site)
  const notHeld = elsewhere.find((wanted) => !command.heldElsewhere.some((one) => one.line === wanted.line))
  if (notHeld) return refuse('source_unavailable', `lines/${notHeld.line}/source`, 'The site that was to serve this line holds nothing for it.')
  const order = enter(draft, command, 'order')
  const lines = command.lines.map((wanted) =>
    wanted.source === draft.state.site ? serveHere(draft, command, wanted) : servedElsewhere(draft, command, wanted),
  )
  announceOrder(draft, order, lines)
  const { payment } = command
  if (payment !== undefined)
    beginPayment(
      draft,
      order.order,
      payment,
      lines.reduce((sum, line) => plus(sum, line.held), none),
    )
  for (const source of new Set(elsewhere.map((wanted) => wanted.source))) {
    // Whoever sent the order may be gone before it confirms the holds: the message does so in any case.
    const there = elsewhere.filter((wanted) => wanted.source === source).map((wanted) => wanted.line)
    announce(draft, { type: 'order.confirmed', subject: order.order, to: source, data: { order: order.order, lines: there } })
  }
  return { id: order.order, number: orderNumber(draft.state.siteCode, order.number), lines }
}

/** Promises a line from this site, enters it and holds what there is. */
export function serveHere(draft: Draft, command: Pick<PlaceOrder, 'order' | 'priority'>, wanted: WantedLine): LineAnswer {
  const promised = promise(draft, wanted.item, draft.state.owner, wanted.quantity, wanted.requested)
  enterLine(draft, command.order, wanted, promised.day)
  const home = { order: command.order, home: draft.state.site, priority: command.priority }
  reserve(draft, demandFor(draft, home, wanted, promised.day ?? wanted.requested), promised)
  return answerOf(draft, wanted, promised.held, promised.day, promised.reason)
}

function servedElsewhere(draft: Draft, command: PlaceOrder, wanted: WantedLine): LineAnswer {
  const there = command.heldElsewhere.find((one) => one.line === wanted.line)
  const day = there?.day ?? null
  enterLine(draft, command.order, wanted, day)
  return answerOf(draft, wanted, there?.held ?? none, day, 'in_stock')
}

function answerOf(draft: Draft, wanted: WantedLine, held: Quantity, promised: string | null, reason: string): LineAnswer {
  const { line, item, quantity, source } = wanted
  const sku = draft.state.items.get(item)?.sku ?? String(item)
  return {
    line,
    sku,
    quantity,
    held,
    backordered: minus(quantity, held),
    source: draft.state.siteCodes.get(source) ?? String(source),
    promised,
    reason,
  }
}

export interface CancelOrder {
  readonly kind: 'cancelOrder'
  readonly order: string
  /** Without lines, the whole order. */
  readonly lines: readonly number[] | null
}

/** Cancels what is not shipped yet. Lines that other sites serve are cancelled there; what they could still stop comes back as a message. */
export function cancelOrder({ order, lines }: CancelOrder, draft: Draft): object | Refusal {
  const refusal = forbids(draft, order, 'cancel')
  if (refusal) return refusal
  const known = draft.line.of(order)
  const unknown = lines?.find((line) => !known.some((one) => one.line === line))
  if (unknown !== undefined) return refuse('line_not_known', `lines/${unknown}`, `The order has no line ${unknown}.`)
  const wanted = known.filter((one) => lines === null || lines.includes(one.line))
  if (wanted.every((one) => openOf(one) === 0)) return refuse('nothing_to_do', 'lines', 'Nothing of these lines is still open.')

  const here = wanted.filter((one) => one.source === draft.state.site)
  const cancelled = here.map((one) => ({ line: one.line, cancelled: cancelLine(draft, one) }))
  const elsewhere = wanted.filter((one) => one.source !== draft.state.site && openOf(one) > 0)
  for (const source of new Set(elsewhere.map((one) => one.source))) {
    const asked = elsewhere.filter((one) => one.source === source).map((one) => one.line)
    announce(draft, { type: 'order.cancel_asked', subject: order, to: source, data: { order, home: draft.state.site, lines: asked } })
  }
  settlePayment(draft, order)
  announce(draft, { type: 'order.cancelled', subject: order, data: { lines: cancelled } })
  return { id: order, lines: cancelled, asked: elsewhere.map((one) => one.line) }
}

function cancelLine(draft: Draft, line: OrderLine): Quantity {
  const cancelled = cancelPlanned(draft, line.order, line.line)
  draft.line.put({ ...line, cancelled: plus(line.cancelled, cancelled) })
  return cancelled
}

function cancelPlanned(draft: Draft, order: string, line: number): Quantity {
  const rows = draft.planned.of(order).filter((row) => row.line === line)
  return rows.reduce((sum, row) => plus(sum, cancelOpen(draft, draft.planned.get(plannedKey(row))!)), none)
}

/** So many of a line are not wanted any more, as far as they are still open; returns how many of them were. */
export function reducePlanned(draft: Draft, order: string, line: number, some: Quantity): Quantity {
  let left = some
  for (const row of draft.planned.of(order).filter((one) => one.line === line)) {
    const taken = least(left, open(row))
    if (taken > 0) cancelDemand(draft, row, taken)
    left = minus(left, taken)
  }
  return minus(some, left)
}

/** Gives up what of a line is beyond so many. */
function keepOnly(draft: Draft, order: string, line: number, kept: Quantity): Quantity {
  const rows = draft.planned.of(order).filter((row) => row.line === line)
  const wanted = rows.reduce((sum, row) => plus(sum, minus(row.planned, row.cancelled)), none)
  return reducePlanned(draft, order, line, beyond(wanted, kept))
}

export interface CancelForHome {
  readonly kind: 'cancelForHome'
  readonly order: string
  readonly home: SiteId
  /** Lines that are cancelled whole. */
  readonly lines: readonly number[]
  /** Lines of which so many are still wanted in all, what is shipped included: however often it is told, it has one effect. */
  readonly kept?: readonly { readonly line: number; readonly quantity: Quantity }[]
}

/** The home site asks to cancel: what is not shipped stops here, and the home site is told how much that was. */
export function cancelForHome({ order, home, lines, kept = [] }: CancelForHome, draft: Draft): object {
  const whole = lines.map((line) => {
    const lost = forgetExpired(draft, order, line)
    return { line, quantity: plus(lost, cancelPlanned(draft, order, line)) }
  })
  const cancelled = [...whole, ...kept.map(({ line, quantity }) => ({ line, quantity: keepOnly(draft, order, line, quantity) }))]
  announce(draft, { type: 'order.line_progress', subject: order, to: home, data: { order, progress: 'cancelled', lines: cancelled } })
  return { order, lines: cancelled }
}

/** A hold that expired unconfirmed is still counted on at home: it is told as cancelled too. No late confirmation takes it again. */
function forgetExpired(draft: Draft, order: string, line: number): Quantity {
  let lost = none
  for (const row of draft.planned.of(order).filter((one) => one.line === line && one.holdExpiresAt !== null)) {
    plan(draft, { ...row, holdExpiresAt: null })
    if (open(row) === 0) lost = plus(lost, row.planned)
  }
  return lost
}
