// Purchase, the shell: what waits for the item is wanted too, to be pegged to the supply, and what the pegs lead to.

import { cancelPurchase, purchase, redatePurchase, type CancelPurchase, type Purchase, type RedatePurchase } from '../../core/flow/purchase.ts'
import type { Stage } from '../stage.ts'

export const purchaseStage: Stage<Purchase> = {
  status: 201,
  needs: ({ lines }) => {
    const items = lines.map((line) => line.item)
    return { items, plansSupply: true, supply: { items } }
  },
  decide: purchase,
}

export const redatePurchaseStage: Stage<RedatePurchase> = {
  status: 200,
  needs: ({ purchase: id }) => ({ supply: { documents: [id] } }),
  decide: redatePurchase,
}

export const cancelPurchaseStage: Stage<CancelPurchase> = {
  status: 200,
  needs: ({ purchase: id }) => ({ supply: { documents: [id] } }),
  decide: cancelPurchase,
}
