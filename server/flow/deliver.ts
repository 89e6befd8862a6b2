// Deliver, the shell: the order's shipments with their lines, and the lines that remember what arrived.

import { deliver, type Deliver } from '../../core/flow/deliver.ts'
import type { Stage } from '../stage.ts'

export const deliverStage: Stage<Deliver> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order] }),
  decide: deliver,
}
