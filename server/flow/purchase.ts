// Purchase, the shell: what waits for the item is wanted too, to be pegged to the supply.

import { purchase, type Purchase } from '../../core/flow/purchase.ts'
import type { Stage } from '../stage.ts'

export const purchaseStage: Stage<Purchase> = {
  status: 201,
  needs: ({ lines }) => ({ items: lines.map((line) => line.item), plansSupply: true }),
  decide: purchase,
}
