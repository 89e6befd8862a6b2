// Store, the shell: receipts and changes of condition.

import { changeCondition, receive, type ChangeCondition, type Receive } from '../../core/flow/store.ts'
import type { Stage } from '../stage.ts'

export const receiveStage: Stage<Receive> = {
  status: 201,
  needs: ({ purchase, lines }) => ({
    documents: purchase === null ? [] : [purchase],
    items: lines.map((line) => line.item),
    stock: true,
    frees: true,
    places: lines.map((line) => line.place),
  }),
  decide: receive,
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
