// Deliver: a shipment is in its customer's hands, all of it or what the customer took, with who took it and when: a dated row, once. An attempt
// that failed leaves it on its way; what nobody takes comes back into inspection, never sellable until somebody looked at it.

import { addDays, dayOf, type Day, type Instant } from '../calendar.ts'
import { liesAhead, serialFault, trackingFault, untimely } from '../fault.ts'
import { announce, post, type Draft } from '../ledger.ts'
import type { ItemId } from '../item.ts'
import type { End } from '../move.ts'
import type { Shipment, ShipmentLine } from '../order.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { plannedKey } from '../planned-move.ts'
import { least, minus, none, plus, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { tellHome } from './order.ts'
import { tell } from './transport-track.ts'

interface SomeOfLine {
  readonly line: number
  readonly quantity: Quantity
}

export interface Deliver {
  readonly kind: 'deliver'
  readonly order: string
  /** Without one, every shipment of the order that is on its way. */
  readonly shipment: string | null
  readonly deliveredAt: Instant
  readonly receivedBy: string
  /** What the customer took, where that is not all; lines that are left out were not taken. */
  readonly accepted?: readonly SomeOfLine[]
  readonly note?: string
  /** Millionths of a degree. */
  readonly position?: { readonly latitude_e6: number; readonly longitude_e6: number }
}

export function deliver(command: Deliver, draft: Draft): object | Refusal {
  const { order, deliveredAt, receivedBy, accepted, note = '', position } = command
  const onTheWay = onTheWayAt(draft, command, deliveredAt, 'deliveredAt')
  if (isRefusal(onTheWay)) return onTheWay
  if (accepted !== undefined && onTheWay.length > 1) {
    return refuse('shipment_not_known', 'shipment', 'Several shipments of the order are on their way: say of which one this was taken.')
  }
  const taken = onTheWay.map((one) => takenOf(draft, one, accepted))
  const fault = taken.find(isRefusal)
  if (fault) return fault
  for (const [index, one] of onTheWay.entries()) {
    const lines = (taken[index] as readonly TakenLine[]).map(({ row, some }) => {
      draft.shipmentLine.put({ ...row, delivered: some })
      return { line: row.line, quantity: some }
    })
    const proof = { deliveredAt, receivedBy, deliveryNote: note, ...position }
    tell(draft, { ...one, ...proof }, { kind: 'delivered', occurredAt: deliveredAt, estimated: dayOf(deliveredAt), note: '' })
    tellHome(draft, one.homeSite, order, 'delivered', lines)
    announce(draft, { type: 'order.delivered', subject: order, occurredAt: deliveredAt, data: { shipment: one.shipment, lines } })
  }
  return { id: order, shipments: onTheWay.map((one) => one.shipment) }
}

/** The shipments that a driver speaks of: still on their way, and shipped before it happened. */
function onTheWayAt(
  draft: Draft,
  { order, shipment }: { readonly order: string; readonly shipment: string | null },
  happenedAt: Instant,
  field: string,
): readonly Shipment[] | Refusal {
  const ahead = liesAhead(draft, happenedAt, field)
  if (ahead) return ahead
  const shipments = draft.shipment.of(order).filter((one) => shipment === null || one.shipment === shipment)
  if (shipments.length === 0) return refuse('shipment_not_known', 'shipment', 'The order has no such shipment from this site.')
  const undelivered = shipments.filter((one) => one.deliveredAt === null)
  if (undelivered.length === 0) return refuse('shipment_delivered', 'shipment', 'It is delivered already.')
  const onTheWay = undelivered.filter((one) => one.state !== 'came_back' && one.state !== 'lost')
  if (onTheWay.length === 0) return refuse('nothing_to_do', 'shipment', 'It came back to the site or is lost: nothing of it is on its way.')
  const early = onTheWay.find((one) => happenedAt < one.shippedAt)
  return early ? refuse('before_shipment', field, `Shipment ${early.shipment} had not left then.`) : onTheWay
}

interface TakenLine {
  readonly row: ShipmentLine
  readonly some: Quantity
}

/** What of a shipment's line is on its way. */
const outOf = ({ quantity, delivered, cameBack, lost }: ShipmentLine): Quantity => minus(quantity, plus(plus(delivered, cameBack), lost))

function takenOf(draft: Draft, { shipment }: Shipment, accepted: Deliver['accepted']): readonly TakenLine[] | Refusal {
  const rows = draft.shipmentLine.of(shipment)
  if (accepted === undefined) return rows.map((row) => ({ row, some: outOf(row) })).filter(({ some }) => some > 0)
  const taken = new Map<ShipmentLine, Quantity>()
  for (const [index, { line, quantity: wanted }] of accepted.entries()) {
    const left = spread(rows, taken, line, wanted)
    if (left > 0) return refuse('more_than_shipped', `accepted/${index + 1}/quantity`, `${minus(wanted, left)} of line ${line} were on their way.`)
  }
  return [...taken].map(([row, some]) => ({ row, some })).filter(({ some }) => some > 0)
}

/** Spreads a line's quantity over its parts in a shipment; returns what does not fit. */
function spread(rows: readonly ShipmentLine[], taken: Map<ShipmentLine, Quantity>, line: number, wanted: Quantity): Quantity {
  let left = wanted
  for (const row of rows.filter((one) => one.line === line)) {
    const before = taken.get(row) ?? none
    const some = least(left, minus(outOf(row), before))
    taken.set(row, plus(before, some))
    left = minus(left, some)
  }
  return left
}

export interface FailDelivery {
  readonly kind: 'failDelivery'
  readonly order: string
  readonly shipment: string | null
  readonly failedAt: Instant
  readonly reason: string
  /** Without a day, the day after. */
  readonly nextAttempt: Day | null
}

/** Nobody took it: it stays on its way, and is expected later. */
export function failDelivery(command: FailDelivery, draft: Draft): object | Refusal {
  const { order, failedAt, reason, nextAttempt } = command
  const onTheWay = onTheWayAt(draft, command, failedAt, 'failedAt')
  if (isRefusal(onTheWay)) return onTheWay
  if (nextAttempt !== null && nextAttempt < dayOf(failedAt))
    return refuse('date_not_valid', 'nextAttempt', 'The next attempt is not before this one.')
  const estimated = nextAttempt ?? addDays(dayOf(failedAt), 1)
  for (const one of onTheWay) {
    tell(draft, one, { kind: 'attempt_failed', occurredAt: failedAt, estimated, note: reason })
    announce(draft, { type: 'delivery.failed', subject: order, occurredAt: failedAt, data: { shipment: one.shipment, reason, estimated } })
  }
  return { id: order, shipments: onTheWay.map((one) => one.shipment), estimated }
}

export interface BringBack {
  readonly kind: 'bringBack'
  readonly order: string
  readonly shipment: string
  readonly broughtAt: Instant
  /** Without lines, everything that was not delivered; goods that are told apart by lot or serial are named. */
  readonly lines: readonly Piece[] | null
}

/** Goods that nobody took stand at the site again, in quarantine. */
export function bringBack({ order, shipment, broughtAt, lines: named }: BringBack, draft: Draft): object | Refusal {
  const fault = offTheWayFault(draft, order, shipment, broughtAt, 'broughtAt')
  if (fault) return fault
  const lines = piecesOut(draft, shipment, named)
  for (const [index, one] of lines.entries()) {
    const parts = partsOut(draft, order, shipment, one, named === null ? 'lines' : `lines/${index + 1}`)
    if (isRefusal(parts)) return parts
    for (const { row, some, item, from } of parts) {
      draft.shipmentLine.put({ ...row, cameBack: plus(row.cameBack, some) })
      const to = { ...from, place: standardPlaces.inspection }
      post(draft, { item, quantity: some, from, to, cause: 'undelivered', document: order, line: one.line, part: row.part, occurredAt: broughtAt })
    }
  }
  const row = draft.shipment.get(shipment)!
  if (!isOnItsWay(draft, shipment)) tell(draft, row, { kind: 'came_back', occurredAt: broughtAt, estimated: null, note: '' })
  const told = lines.map(({ line, quantity }) => ({ line, quantity }))
  tellHome(draft, row.homeSite, order, 'cameBack', told)
  announce(draft, { type: 'order.came_back', subject: order, occurredAt: broughtAt, data: { shipment, lines: told } })
  return { id: order, shipment, lines: told }
}

/** So many of a line of a shipment; a lot or serial tells goods apart. */
export interface Piece extends SomeOfLine {
  readonly lot: string
  readonly serial: string
}

/** Whether any of a shipment is on its way still. */
export const isOnItsWay = (draft: Draft, shipment: string): boolean => draft.shipmentLine.of(shipment).some((row) => outOf(row) > 0)

/** Why nothing of a shipment can come back, or be lost, at that time. */
export function offTheWayFault(draft: Draft, order: string, shipment: string, at: Instant, field: string): Refusal | undefined {
  const ahead = untimely(draft, at, field)
  if (ahead) return ahead
  const row = draft.shipment.of(order).find((one) => one.shipment === shipment)
  if (row === undefined) return refuse('shipment_not_known', 'shipment', 'The order has no such shipment from this site.')
  if (at < row.shippedAt) return refuse('before_shipment', field, `Shipment ${shipment} had not left then.`)
  return isOnItsWay(draft, shipment) ? undefined : refuse('nothing_to_do', 'shipment', 'All of it is delivered, back at the site, or lost.')
}

/** What is named of a shipment, or all of it that is on its way. */
export const piecesOut = (draft: Draft, shipment: string, named: readonly Piece[] | null): readonly Piece[] =>
  named ??
  draft.shipmentLine
    .of(shipment)
    .filter((row) => outOf(row) > 0)
    .map((row) => ({ line: row.line, quantity: outOf(row), lot: '', serial: '' }))

/** A piece as the planned moves that shipped it know it. */
export interface PartOut {
  readonly row: ShipmentLine
  readonly some: Quantity
  readonly item: ItemId
  /** With the customer, as far as the site's books go. */
  readonly from: End
}

export function partsOut(
  draft: Draft,
  order: string,
  shipment: string,
  { line, quantity: wanted, lot, serial }: Piece,
  path: string,
): readonly PartOut[] | Refusal {
  if (wanted <= 0) return refuse('quantity_not_positive', `${path}/quantity`, `A quantity of ${wanted} cannot be on its way.`)
  const taken = new Map<ShipmentLine, Quantity>()
  const left = spread(draft.shipmentLine.of(shipment), taken, line, wanted)
  if (left > 0) return refuse('more_than_shipped', `${path}/quantity`, `${minus(wanted, left)} of line ${line} were on their way.`)
  const parts: PartOut[] = []
  for (const [row, some] of [...taken].filter(([, quantity]) => quantity > 0)) {
    const { item } = draft.planned.get(plannedKey({ document: order, line, part: row.part }))!
    const fault = trackingFault(draft, [{ line, item, quantity: some, lot, serial }]) ?? serialFault(draft, item, serial, `${path}/serial`)
    if (fault) return fault
    const from: End = { place: virtualPlaces.customer, package: '', lot, serial, condition: 'quarantine', owner: draft.state.owner }
    parts.push({ row, some, item, from })
  }
  return parts
}
