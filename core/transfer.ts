// Transfer: goods that one of our sites asks another for. It has no row of its own: it is planned supply at the one, planned demand at the other, and
// arrivals on the way. Each end says how far the transfer has come from what it knows itself.

import type { PlannedMove } from './planned-move.ts'
import { open } from './planned-move.ts'
import { minus, type Quantity } from './quantity.ts'

/** One end of a transfer, its lines added up. */
export interface TransferEnd extends Pick<PlannedMove, 'planned' | 'posted' | 'cancelled' | 'held'> {
  /** Supply at the site that asked, demand at the one that was asked. */
  readonly direction: PlannedMove['direction']
  /** What left the other site and is not here yet; nothing of that is seen where it left. */
  readonly underWay: Quantity
}

export const transferStates = ['asked', 'held', 'under_way', 'left', 'received', 'cancelled'] as const
export type TransferState = (typeof transferStates)[number]
export type TransferAction = 'send' | 'receive' | 'cancel'

/** How far it has come, as this end sees it. */
export function transferState(end: TransferEnd): TransferState {
  if (end.underWay > 0) return 'under_way'
  if (open(end) > 0) return end.held > 0 ? 'held' : 'asked'
  if (end.posted === 0) return 'cancelled'
  return end.direction === 'supply' ? 'received' : 'left'
}

/** What has not left, as this end knows it: only that can be cancelled. */
export const notLeft = (end: Pick<TransferEnd, 'planned' | 'posted' | 'cancelled' | 'underWay'>): Quantity => minus(open(end), end.underWay)

/** What can be done next at this end: the API refuses by it, and buttons follow it. */
export function transferCan(end: TransferEnd): readonly TransferAction[] {
  return [
    ...(end.held > 0 ? (['send'] as const) : []),
    ...(end.underWay > 0 ? (['receive'] as const) : []),
    ...(notLeft(end) > 0 ? (['cancel'] as const) : []),
  ]
}
