// Orders for tests of pure decisions: placed and taken along the flow in one line each.

import type { Day } from './calendar.ts'
import { placeOrder } from './flow/flow.ts'
import { allocateOrder, pick } from './flow/store-pick.ts'
import { ship } from './flow/transport-ship.ts'
import { deliver } from './flow/deliver.ts'
import type { ItemId, PartyId } from './item.ts'
import type { State } from './ledger.ts'
import { money } from './money.ts'
import { quantity } from './quantity.ts'
import { decided, done, plain, today } from './test-state.ts'
import type { Refusal } from './refusal.ts'

export interface Asked {
  readonly priority?: number
  readonly shipComplete?: boolean
  readonly requested?: Day
  readonly item?: ItemId
}

/** Places an order of a line for each quantity. */
export function order(
  state: State,
  id: string,
  quantities: readonly number[],
  { priority = 5, shipComplete = false, requested = today, item = plain }: Asked = {},
): object | Refusal {
  return decided(state, (draft) =>
    placeOrder(
      {
        kind: 'placeOrder',
        order: id,
        customer: 9 as PartyId,
        reference: null,
        shipComplete,
        priority,
        orderedAt: state.now,
        heldElsewhere: [],
        lines: quantities.map((wanted, index) => ({
          line: index + 1,
          item,
          quantity: quantity(wanted),
          unitPrice: money(250),
          requested,
          source: state.site,
        })),
      },
      draft,
    ),
  )
}

export type Stage = 'allocated' | 'packed' | 'shipped' | 'delivered'
const stages: readonly Stage[] = ['allocated', 'packed', 'shipped', 'delivered']

/** Takes an order that is held as far as `stage`. */
export function bring(state: State, id: string, stage: Stage): void {
  const upTo = stages.indexOf(stage)
  done(state, (draft) => allocateOrder({ kind: 'allocate', order: id }, draft))
  if (upTo >= 1) done(state, (draft) => pick({ kind: 'pick', order: id, pickedAt: state.now }, draft))
  if (upTo >= 2) done(state, (draft) => ship({ kind: 'ship', order: id, shipment: `shipment ${id}`, shippedAt: state.now }, draft))
  if (upTo >= 3) done(state, (draft) => deliver({ kind: 'deliver', order: id, shipment: null, deliveredAt: state.now, receivedBy: 'Ann' }, draft))
}

/** What an order's lines hold, as a list. */
export const heldBy = (state: State, id: string): number[] => state.tables.planned.of(id).map((row) => row.held)
