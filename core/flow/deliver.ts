// Deliver: a shipment is in its customer's hands, with who took it and when: a dated row, once.

import { liesAhead } from '../fault.ts'
import type { Instant } from '../calendar.ts'
import { announce, type Draft } from '../ledger.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { tellHome } from './order.ts'

export interface Deliver {
  readonly kind: 'deliver'
  readonly order: string
  /** Without one, every shipment of the order that is on its way. */
  readonly shipment: string | null
  readonly deliveredAt: Instant
  readonly receivedBy: string
}

export function deliver({ order, shipment, deliveredAt, receivedBy }: Deliver, draft: Draft): object | Refusal {
  const ahead = liesAhead(draft, deliveredAt, 'deliveredAt')
  if (ahead) return ahead
  const shipments = draft.shipment.of(order).filter((one) => shipment === null || one.shipment === shipment)
  if (shipments.length === 0) return refuse('shipment_not_known', 'shipment', 'The order has no such shipment from this site.')
  const onTheWay = shipments.filter((one) => one.deliveredAt === null)
  if (onTheWay.length === 0) return refuse('shipment_delivered', 'shipment', 'It is delivered already.')
  for (const one of onTheWay) {
    draft.shipment.put({ ...one, deliveredAt, receivedBy })
    const lines = draft.shipmentLine.of(one.shipment).map(({ line, quantity }) => ({ line, quantity }))
    tellHome(draft, one.homeSite, order, 'delivered', lines)
    announce(draft, { type: 'order.delivered', subject: order, occurredAt: deliveredAt, data: { shipment: one.shipment, lines } })
  }
  return { id: order, shipments: onTheWay.map((one) => one.shipment) }
}
