// Transport, tracking: what a carrier tells of a shipment on its way is added to what was told before. State and estimate of the shipment follow
// from all of it (core/tracking.ts); the promise stays.

import type { Day, Instant } from '../calendar.ts'
import { liesAhead } from '../fault.ts'
import { announce, type Draft } from '../ledger.ts'
import type { Shipment } from '../order.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { trackingOf, type carrierKinds, type TrackingKind } from '../tracking.ts'

export interface Track {
  readonly kind: 'track'
  readonly order: string
  readonly shipment: string
  readonly event: (typeof carrierKinds)[number]
  readonly occurredAt: Instant
  readonly estimated: Day | null
  readonly note: string
}

export function track({ order, shipment, event, occurredAt, estimated, note }: Track, draft: Draft): object | Refusal {
  const ahead = liesAhead(draft, occurredAt, 'occurredAt')
  if (ahead) return ahead
  const row = draft.shipment.of(order).find((one) => one.shipment === shipment)
  if (row === undefined) return refuse('shipment_not_known', 'shipment', 'The order has no such shipment from this site.')
  const told = tell(draft, row, { kind: event, occurredAt, estimated, note })
  announce(draft, {
    type: 'shipment.tracked',
    subject: shipment,
    occurredAt,
    data: { order, kind: event, state: told.state, estimated: told.estimated },
  })
  return { id: shipment, state: told.state, promised: told.promised, estimated: told.estimated }
}

/** Adds to what is told of a shipment, and says anew where it stands. */
export function tell(
  draft: Draft,
  row: Shipment,
  event: { readonly kind: TrackingKind; readonly occurredAt: Instant; readonly estimated: Day | null; readonly note: string },
): Shipment {
  const sequence = 1 + draft.tracking.of(row.shipment).length
  draft.tracking.put({ shipment: row.shipment, sequence, recordedAt: draft.state.now, ...event })
  const next = { ...row, ...trackingOf(draft.tracking.of(row.shipment), row.promised) }
  draft.shipment.put(next)
  return next
}
