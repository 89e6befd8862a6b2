// Deliver, the shell: the order's shipments with their lines, what was told of them, and the lines that remember what arrived.

import { bringBack, deliver, failDelivery, type BringBack, type Deliver, type FailDelivery } from '../../core/flow/deliver.ts'
import { loseShipment, type LoseShipment } from '../../core/flow/deliver-lose.ts'
import type { Stage } from '../stage.ts'

export const deliverStage: Stage<Deliver> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order], countsOnSupply: false, storage: { tracking: true } }),
  decide: deliver,
}

export const failDeliveryStage: Stage<FailDelivery> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order], countsOnSupply: false, storage: { tracking: true } }),
  decide: failDelivery,
}

export const bringBackStage: Stage<BringBack> = {
  status: 201,
  needs: ({ order }) => ({ documents: [order], stock: true, countsOnSupply: false, storage: { tracking: true } }),
  decide: bringBack,
}

/** Its line is open again, in its turn among all that wait. */
export const loseShipmentStage: Stage<LoseShipment> = {
  status: 201,
  needs: ({ order }) => ({ documents: [order], stock: true, frees: Infinity, storage: { tracking: true } }),
  decide: loseShipment,
}
