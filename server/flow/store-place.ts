// Store, the shell: goods that are moved about may be spoken for, so what is held of the item is read with its rows.

import { relocate, type Relocate } from '../../core/flow/store-place.ts'
import { consignedBy, type Stage } from '../stage.ts'

export const relocateStage: Stage<Relocate> = {
  status: 201,
  needs: ({ item, owner, from, to }) => ({
    items: [item],
    stock: true,
    countsOnSupply: false,
    frees: Infinity,
    takes: [[item, Infinity]],
    places: [from, to],
    ...consignedBy(item, owner),
  }),
  decide: relocate,
}
