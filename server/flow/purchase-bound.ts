// Purchase for one order line, the shell: the order says what its lines are bought by, and with it comes what was bought for them.

import { buyForOrder, type BuyForOrder } from '../../core/flow/purchase-bound.ts'
import type { Stage } from '../stage.ts'

export const buyForOrderStage: Stage<BuyForOrder> = {
  status: 201,
  needs: ({ order }) => ({ documents: [order] }),
  decide: buyForOrder,
}
