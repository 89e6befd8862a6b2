// Count, the shell: a count may find less, and take what was held, or more, and free it; it settles what pickers missed there.

import { count, type Count } from '../../core/loop/count.ts'
import { consignedBy, type Stage } from '../stage.ts'

export const countStage: Stage<Count> = {
  status: 201,
  needs: ({ item, owner, place }) => ({
    items: [item],
    stock: true,
    countsOnSupply: false,
    frees: Infinity,
    takes: [[item, Infinity]],
    places: [place],
    ...consignedBy(item, owner),
    storage: { shortPicks: true },
  }),
  decide: count,
}
