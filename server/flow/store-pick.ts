// Store, the shell: the release of orders for picking, picking, and packing. A package of the order may be picked from again, so packages are
// read; and so are the bins that somebody found short.

import { pack, unpack, type Pack, type Unpack } from '../../core/flow/store-pack.ts'
import { allocateOrder, pick, recallOrder, type Allocate, type PickOrder, type Recall } from '../../core/flow/store-pick.ts'
import type { Stage } from '../stage.ts'

export const allocateStage: Stage<Allocate> = {
  status: 200,
  needs: ({ order }) => ({
    documents: [order],
    stock: true,
    countsOnSupply: false,
    storage: { packages: true, shortPicks: true, minimumLife: true },
  }),
  decide: allocateOrder,
}

export const recallStage: Stage<Recall> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order], stock: true, countsOnSupply: false }),
  decide: recallOrder,
}

export const pickStage: Stage<PickOrder> = {
  status: 200,
  needs: ({ order, picks = [] }) => ({
    documents: [order],
    stock: true,
    countsOnSupply: false,
    places: picks.flatMap((one) => one.place ?? []),
    ...(picks.some((one) => one.short) && { storage: { packages: true, shortPicks: true, minimumLife: true } }),
  }),
  decide: pick,
}

export const packStage: Stage<Pack> = {
  status: 201,
  needs: ({ order }) => ({ documents: [order], stock: true, countsOnSupply: false, storage: { packages: true } }),
  decide: pack,
}

export const unpackStage: Stage<Unpack> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order], stock: true, countsOnSupply: false, storage: { packages: true } }),
  decide: unpack,
}
