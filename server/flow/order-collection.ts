// Order collection, the shell: an order with its planned moves says by itself whether it is still ready.

import { makeReady, raiseUncollected, type MakeReady, type RaiseUncollected } from '../../core/flow/order-collection.ts'
import type { Stage } from '../stage.ts'

export const makeReadyStage: Stage<MakeReady> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order] }),
  decide: makeReady,
}

export const raiseUncollectedStage: Stage<RaiseUncollected> = {
  status: 200,
  needs: ({ orders }) => ({ documents: orders }),
  decide: raiseUncollected,
}
