// Flow, collecting, the shell: what shipping reads, and what cancelling does where the goods go back.

import { collectOrder, putBackUncollected, type CollectOrder, type PutBackUncollected } from '../../core/flow/flow-collect.ts'
import type { Stage } from '../stage.ts'

export const collectOrderStage: Stage<CollectOrder> = {
  status: 201,
  needs: ({ order }) => ({ documents: [order], stock: true, storage: { packages: true, tracking: true } }),
  decide: collectOrder,
}

export const putBackUncollectedStage: Stage<PutBackUncollected> = {
  status: 200,
  needs: ({ order, to }) => ({ documents: [order], stock: true, frees: Infinity, storage: { packages: true }, places: [to] }),
  decide: putBackUncollected,
}
