// Return, the shell: the order's lines, and the stock of what comes back, which another site may have served.

import { takeBack, type Return } from '../../core/flow/return.ts'
import type { Stage } from '../stage.ts'

export const returnStage: Stage<Return> = {
  status: 201,
  needs: ({ order }) => ({ documents: [order], stock: true }),
  decide: takeBack,
}
