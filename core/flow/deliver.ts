// Deliver: a shipment is in its customer's hands, all of it or what the customer took, with who took it and when: a dated row, once. An attempt
// that failed leaves it on its way; what nobody takes comes back into inspection, never sellable until somebody looked at it.

import { addDays, dayOf, type Day, type Instant } from '../calendar.ts'
import { liesAhead, serialFault, trackingFault, untimely } from '../fault.ts'
import { announce, post, type Draft } from '../ledger.ts'
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
  const onTheWay = undelivered.filter((one) => one.state !== 'came_back')
  if (onTheWay.length === 0) return refuse('nothing_to_do', 'shipment', 'It came back to the site: nothing of it is on its way.')
  const early = onTheWay.find((one) => happenedAt < one.shippedAt)
  return early ? refuse('before_shipment', field, `Shipment ${early.shipment} had not left then.`) : onTheWay
}

interface TakenLine {
  readonly row: ShipmentLine
  readonly some: Quantity
}

const outOf = ({ quantity, delivered, cameBack }: ShipmentLine): Quantity => minus(quantity, plus(delivered, cameBack))

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
  readonly lines: readonly (SomeOfLine & { readonly lot: string; readonly serial: string })[] | null
}

/** Goods that nobody took stand at the site again, in quarantine. */
export function bringBack(command: BringBack, draft: Draft): object | Refusal {
  const { order, shipment, broughtAt } = command
  const fault = bringFault(command, draft)
  if (fault) return fault
  const out = draft.shipmentLine.of(shipment).filter((row) => outOf(row) > 0)
  const lines = command.lines ?? out.map((row) => ({ line: row.line, quantity: outOf(row), lot: '', serial: '' }))
  for (const [index, one] of lines.entries()) {
    const refusal = bringLine(draft, command, one, command.lines === null ? 'lines' : `lines/${index + 1}`)
    if (refusal) return refusal
  }
  const row = draft.shipment.get(shipment)!
  const left = draft.shipmentLine.of(shipment).some((one) => outOf(one) > 0)
  if (!left) tell(draft, row, { kind: 'came_back', occurredAt: broughtAt, estimated: null, note: '' })
  const told = lines.map(({ line, quantity }) => ({ line, quantity }))
  tellHome(draft, row.homeSite, order, 'cameBack', told)
  announce(draft, { type: 'order.came_back', subject: order, occurredAt: broughtAt, data: { shipment, lines: told } })
  return { id: order, shipment, lines: told }
}

function bringFault({ order, shipment, broughtAt }: BringBack, draft: Draft): Refusal | undefined {
  const ahead = untimely(draft, broughtAt, 'broughtAt')
  if (ahead) return ahead
  const row = draft.shipment.of(order).find((one) => one.shipment === shipment)
  if (row === undefined) return refuse('shipment_not_known', 'shipment', 'The order has no such shipment from this site.')
  if (broughtAt < row.shippedAt) return refuse('before_shipment', 'broughtAt', `Shipment ${shipment} had not left then.`)
  const out = draft.shipmentLine.of(shipment).some((one) => outOf(one) > 0)
  return out ? undefined : refuse('nothing_to_do', 'shipment', 'All of it is delivered, or back at the site.')
}

function bringLine(
  draft: Draft,
  { order, shipment, broughtAt }: BringBack,
  { line, quantity: some, lot, serial }: NonNullable<BringBack['lines']>[number],
  path: string,
): Refusal | undefined {
  if (some <= 0) return refuse('quantity_not_positive', `${path}/quantity`, `A quantity of ${some} cannot come back.`)
  const rows = draft.shipmentLine.of(shipment)
  const taken = new Map<ShipmentLine, Quantity>()
  const left = spread(rows, taken, line, some)
  if (left > 0) return refuse('more_than_shipped', `${path}/quantity`, `${minus(some, left)} of line ${line} were on their way.`)
  for (const [row, part] of [...taken].filter(([, quantity]) => quantity > 0)) {
    const { item } = draft.planned.get(plannedKey({ document: order, line, part: row.part }))!
    const fault = trackingFault(draft, [{ line, item, quantity: part, lot, serial }]) ?? serialFault(draft, item, serial, `${path}/serial`)
    if (fault) return fault
    draft.shipmentLine.put({ ...row, cameBack: plus(row.cameBack, part) })
    const from: End = { place: virtualPlaces.customer, package: '', lot, serial, condition: 'quarantine', owner: draft.state.owner }
    const to = { ...from, place: standardPlaces.inspection }
    post(draft, { item, quantity: part, from, to, cause: 'undelivered', document: order, line, part: row.part, occurredAt: broughtAt })
  }
  return undefined
}
