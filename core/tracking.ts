// Tracking: what is told of a shipment on its way. Events are facts that are only added, each with when it occurred and when it was told; they
// come late and out of order, so the state is what the one that occurred last says, and a delivery is never undone by a scan: nor is what came back, or is lost.
//
// Events move the estimate. The promise stays as it was given.

import type { Day, Instant } from './calendar.ts'

export const trackingKinds = [
  'handed_over',
  'in_transit',
  'out_for_delivery',
  'attempt_failed',
  'exception',
  'delivered',
  'came_back',
  'lost',
] as const
export type TrackingKind = (typeof trackingKinds)[number]

/** What a carrier may tell by itself: an attempt, a delivery, a return and a loss have a command each. */
export const carrierKinds = ['handed_over', 'in_transit', 'out_for_delivery', 'exception'] as const

export const shipmentStates = ['shipped', 'handed_over', 'in_transit', 'out_for_delivery', 'exception', 'delivered', 'came_back', 'lost'] as const
export type ShipmentState = (typeof shipmentStates)[number]

export interface TrackingEvent {
  readonly shipment: string
  readonly sequence: number
  readonly kind: TrackingKind
  readonly occurredAt: Instant
  readonly recordedAt: Instant
  /** The day of delivery that it tells of, if it does. */
  readonly estimated: Day | null
  readonly note: string
}

/** After a failed attempt the goods are still on their way. */
const stateAfter = (kind: TrackingKind): ShipmentState => (kind === 'attempt_failed' ? 'in_transit' : kind)

/** Which of two events of one instant came last. `qm verify` orders the same way in SQL: change both or none. */
const rank = (kind: TrackingKind): number => trackingKinds.indexOf(kind)

/** Where a shipment stands and when it is expected, from all that was told of it, in whatever order. */
export function trackingOf(
  events: readonly TrackingEvent[],
  promised: Day | null,
): { readonly state: ShipmentState; readonly estimated: Day | null } {
  const inOrder = events.toSorted((a, b) => a.occurredAt - b.occurredAt || rank(a.kind) - rank(b.kind) || a.sequence - b.sequence)
  const lastOf = (kind: TrackingKind): TrackingEvent | undefined => inOrder.findLast((one) => one.kind === kind)
  const delivered = lastOf('delivered')
  const last = delivered ?? lastOf('came_back') ?? lastOf('lost') ?? inOrder.at(-1)
  const estimate = delivered ?? inOrder.findLast((one) => one.estimated !== null)
  return { state: last === undefined ? 'shipped' : stateAfter(last.kind), estimated: estimate?.estimated ?? promised }
}
