// Reserve, the shell: holds for orders of other sites, their confirmation, release and expiry.

import {
  confirmHold,
  expireHolds,
  holdForOrder,
  releaseHold,
  type ConfirmHold,
  type ExpireHolds,
  type HoldForOrder,
  type ReleaseHold,
} from '../../core/flow/reserve.ts'
import type { Stage } from '../stage.ts'

export const holdForOrderStage: Stage<HoldForOrder> = {
  status: 201,
  needs: ({ order, lines }) => ({
    documents: [order],
    items: lines.map((line) => line.item),
  }),
  decide: holdForOrder,
}

export const confirmHoldStage: Stage<ConfirmHold> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order], plansSupply: true }),
  decide: confirmHold,
}

export const releaseHoldStage: Stage<ReleaseHold> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order], stock: true, frees: Infinity }),
  decide: releaseHold,
}

export const expireHoldsStage: Stage<ExpireHolds> = {
  status: 200,
  needs: () => ({ expired: true, stock: true, frees: Infinity }),
  decide: expireHolds,
}
