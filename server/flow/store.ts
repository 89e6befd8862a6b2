// Store, the shell: the release of orders for picking, picking, and changes of condition.

import { allocateOrder, changeCondition, pick, type Allocate, type ChangeCondition, type Pick } from '../../core/flow/store.ts'
import type { Stage } from '../stage.ts'

export const allocateStage: Stage<Allocate> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order], stock: true }),
  decide: allocateOrder,
}

export const pickStage: Stage<Pick> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order], stock: true }),
  decide: pick,
}

export const changeConditionStage: Stage<ChangeCondition> = {
  status: 201,
  needs: ({ item, place, toPlace }) => ({
    items: [item],
    stock: true,
    frees: true,
    takes: [[item, Infinity]],
    places: [place, toPlace],
  }),
  decide: changeCondition,
}
