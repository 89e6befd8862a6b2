// Purchase, of goods on consignment, the shell: the goods, at what price they are used, and what waits for them.

import { giveBack, takeOverConsigned, type GiveBack, type TakeOver } from '../../core/flow/purchase-consigned.ts'
import type { Stage } from '../stage.ts'

export const takeOverStage: Stage<TakeOver> = {
  status: 201,
  needs: ({ item, owner, place }) => ({
    items: [item],
    stock: true,
    frees: Infinity,
    consigned: [{ item, owner }],
    places: place === null ? [] : [place],
  }),
  decide: takeOverConsigned,
}

export const giveBackStage: Stage<GiveBack> = {
  status: 201,
  needs: ({ item, place }) => ({ items: [item], stock: true, places: [place] }),
  decide: giveBack,
}
