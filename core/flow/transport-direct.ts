// Transport, direct: a supplier tells that he has shipped to the customer what was bought for an order line. It is one move from supplier to customer, at what
// we pay for it, which is what it cost us: nothing comes into stock, so no stock changes its value. The shipment is the order's like any other from then on:
// tracked, delivered, charged, returned. What he will not ship is cancelled: the line waits again, and an exception names the order.

import { untimely, trackingFault } from '../fault.ts'
import type { Day, Instant } from '../calendar.ts'
import { closeSlips } from '../disruption.ts'
import { loosen } from '../hold.ts'
import { announce, plan, post, type Draft } from '../ledger.ts'
import { isDirect } from '../line-supply.ts'
import { times } from '../money.ts'
import type { End } from '../move.ts'
import { virtualPlaces } from '../place.ts'
import { open, plannedKey, type PlannedMove } from '../planned-move.ts'
import { none, plus, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { tellHome } from './order.ts'
import { closeLine } from './purchase.ts'

export interface ShippedLine {
  readonly line: number
  /** None where nothing of the line is shipped, and it is the last that is heard of it. */
  readonly quantity: Quantity
  readonly lot: string
  readonly serial: string
  /** Whether the supplier ships no more of it. */
  readonly isLast: boolean
}

export interface ShipDirect {
  readonly kind: 'shipDirect'
  readonly purchase: string
  /** The order that it was bought for; null where there is none. */
  readonly order: string | null
  readonly shipment: string
  readonly shippedAt: Instant
  readonly carrier: string | null
  readonly trackingNumber: string | null
  /** When the carrier says that it will be there. */
  readonly estimated: Day | null
  readonly lines: readonly ShippedLine[]
}

export function shipDirect(command: ShipDirect, draft: Draft): object | Refusal {
  const { purchase, order, shipment, shippedAt } = command
  if (draft.purchaseOrder.get(purchase) === undefined) return refuse('purchase_not_known', 'id', 'There is no such purchase at this site.')
  const fault = untimely(draft, shippedAt, 'shippedAt') ?? noticeFault(command, draft)
  if (fault) return fault
  const shipped = command.lines.filter((one) => one.quantity > 0)
  if (shipped.length > 0) draft.shipment.put(shipmentOf(command, order!, draft))
  for (const line of shipped) shipLine(draft, command, line)
  const closed = [...new Set(command.lines.filter((one) => one.isLast).map((one) => one.line))].flatMap((line) => {
    const row = supplyAt(draft, purchase, line)!
    return open(row) === 0 ? [] : [{ line, cancelled: closeLine(draft, row) }]
  })
  const lines = draft.shipmentLine.of(shipment).map(({ line, quantity }) => ({ line, quantity }))
  if (closed.length > 0) announce(draft, { type: 'purchase.cancelled', subject: purchase, data: { lines: closed } })
  if (shipped.length > 0) {
    tellHome(draft, draft.state.site, order!, 'shipped', lines)
    announce(draft, {
      type: 'purchase.shipped',
      subject: purchase,
      occurredAt: shippedAt,
      data: { shipment, lines: shipped.map(({ line, quantity }) => ({ line, quantity })) },
    })
    announce(draft, { type: 'order.shipped', subject: order!, occurredAt: shippedAt, data: { shipment, lines, purchase } })
  }
  return { id: purchase, shipment: shipped.length > 0 ? shipment : null, lines, closed }
}

const supplyAt = (draft: Draft, purchase: string, line: number): PlannedMove | undefined =>
  draft.planned.get(plannedKey({ document: purchase, line, part: 1 }))

function noticeFault({ purchase, lines }: ShipDirect, draft: Draft): Refusal | undefined {
  const told = new Map<number, Quantity>()
  const tracked = []
  for (const one of lines) {
    const { line, quantity, isLast } = one
    const path = `lines/${line}`
    const row = supplyAt(draft, purchase, line)
    if (row === undefined || row.kind !== 'purchase' || !isDirect(row))
      return refuse('line_not_known', path, `The supplier ships no line ${line} of this purchase to a customer.`)
    if (quantity < 0 || (quantity === 0 && !isLast))
      return refuse('quantity_not_positive', `${path}/quantity`, 'Nothing is shipped, and nothing is said to be the last.')
    if (open(row) === 0) return refuse('nothing_to_do', path, `Nothing of line ${line} is still open.`)
    const total = plus(told.get(line) ?? none, quantity)
    told.set(line, total)
    if (total > open(row)) return refuse('more_than_expected', `${path}/quantity`, `${open(row)} of line ${line} are still to be shipped.`)
    if (quantity > 0) tracked.push({ ...one, item: row.item })
  }
  const fault = trackingFault(draft, tracked)
  return fault && isRefusal(fault) ? fault : undefined
}

const shipmentOf = ({ shipment, purchase, shippedAt, carrier, trackingNumber, estimated }: ShipDirect, order: string, draft: Draft) =>
  ({
    shipment,
    order,
    homeSite: draft.state.site,
    shippedAt,
    deliveredAt: null,
    receivedBy: null,
    deliveryNote: '',
    latitude_e6: null,
    longitude_e6: null,
    service: null,
    weight: null,
    price: null,
    promised: estimated,
    estimated,
    state: 'shipped',
    purchase,
    carrier,
    trackingNumber,
  }) as const

function shipLine(draft: Draft, { purchase, shipment, shippedAt }: ShipDirect, { line, quantity, lot, serial }: ShippedLine): void {
  const bought = draft.purchaseLine.get(`${purchase}/${line}`)!
  const [tie] = draft.peg.of(`supply ${purchase}/${line}/1`)
  if (tie === undefined) throw new Error(`Line ${line} of purchase ${purchase} is bought for an order line that it is not pegged to.`)
  loosen(draft, tie, quantity)
  const demand = draft.planned.get(tie.demand)!
  plan(draft, { ...demand, posted: plus(demand.posted, quantity) })
  const supply = supplyAt(draft, purchase, line)!
  const next = { ...supply, posted: plus(supply.posted, quantity) }
  plan(draft, next)
  if (open(next) === 0) closeSlips(draft, next)
  draft.purchaseLine.put({ ...bought, received: plus(bought.received, quantity) })
  const from: End = { place: virtualPlaces.supplier, package: '', lot, serial, condition: 'sellable', owner: draft.state.owner }
  const to = { ...from, place: virtualPlaces.customer }
  const what = { item: supply.item, quantity, value: times(bought.unitPrice, quantity), occurredAt: shippedAt }
  post(draft, { ...what, from, to, cause: 'drop_shipment', document: demand.document, line: demand.line, part: demand.part })
  const key = `${shipment}/${demand.line}/${demand.part}`
  const before = draft.shipmentLine.get(key)?.quantity ?? none
  draft.shipmentLine.put({
    shipment,
    line: demand.line,
    part: demand.part,
    quantity: plus(before, quantity),
    delivered: none,
    cameBack: none,
    lost: none,
  })
}
