// Store, the shell: changes of condition.

import { changeCondition, type ChangeCondition } from '../../core/flow/store.ts'
import { consignedBy, type Stage } from '../stage.ts'

export const changeConditionStage: Stage<ChangeCondition> = {
  status: 201,
  needs: ({ item, owner, place, toPlace }) => ({
    items: [item],
    stock: true,
    countsOnSupply: false,
    frees: Infinity,
    takes: [[item, Infinity]],
    places: [place, toPlace],
    ...consignedBy(item, owner),
  }),
  decide: changeCondition,
}
