// Reserve, the shell: holds for orders of other sites, their confirmation and their expiry.

import { confirmHold, expireHolds, holdForOrder, type ConfirmHold, type ExpireHolds, type HoldForOrder } from '../../core/flow/reserve.ts'
import type { Stage } from '../stage.ts'

export const holdForOrderStage: Stage<HoldForOrder> = {
  status: 201,
  needs: ({ lines }) => ({ items: lines.map((line) => line.item) }),
  decide: holdForOrder,
}

export const confirmHoldStage: Stage<ConfirmHold> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order], plansSupply: true }),
  decide: confirmHold,
}

export const expireHoldsStage: Stage<ExpireHolds> = {
  status: 200,
  needs: () => ({ expired: true, stock: true, frees: true }),
  decide: expireHolds,
}
