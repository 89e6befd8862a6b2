// Store, the shell: recalls at the control site, and the sites that they reach. What a site has of recalled goods may be held, set aside and packed, so
// all of that is read; of other lots of their items only what is set aside, since who loses a hold may have it there.

import {
  holdRecalled,
  liftRecall,
  recallLot,
  releaseRecalled,
  type HoldRecalled,
  type LiftRecall,
  type RecallLot,
  type ReleaseRecalled,
} from '../../core/flow/store-recall.ts'
import type { Stage } from '../stage.ts'

export const recallLotStage: Stage<RecallLot> = {
  status: 201,
  needs: ({ item }) => ({ codes: { recalls: [item] } }),
  decide: recallLot,
}

export const liftRecallStage: Stage<LiftRecall> = {
  status: 200,
  needs: ({ item }) => ({ codes: { recalls: [item] } }),
  decide: liftRecall,
}

export const holdRecalledStage: Stage<HoldRecalled> = {
  status: 200,
  needs: ({ goods, workOrders }) => {
    const items = [...new Set(goods.map((one) => one.item))]
    return { items, goods, frees: Infinity, takes: items.map((item) => [item, Infinity] as const), supply: { documents: workOrders } }
  },
  decide: holdRecalled,
}

export const releaseRecalledStage: Stage<ReleaseRecalled> = {
  status: 200,
  needs: ({ recall }) => ({ recalled: [recall] }),
  decide: releaseRecalled,
}
