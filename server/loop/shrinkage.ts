// Shrinkage, the shell: a loss means a certain row, so what is allocated there is wanted with it; what is undone may serve whoever waits.

import { writeOffExpired, type WriteOffExpired } from '../../core/loop/shrinkage-expired.ts'
import { lose, undoLoss, type Lose, type UndoLoss } from '../../core/loop/shrinkage.ts'
import type { Stage } from '../stage.ts'

export const loseStage: Stage<Lose> = {
  status: 201,
  needs: ({ item, place }) => ({ items: [item], stock: true, countsOnSupply: false, takes: [[item, Infinity]], places: [place] }),
  decide: lose,
}

export const undoLossStage: Stage<UndoLoss> = {
  status: 201,
  needs: ({ loss, item, place }) => ({
    items: [item],
    stock: true,
    countsOnSupply: false,
    frees: Infinity,
    takes: [[item, Infinity]],
    places: [place],
    losses: [loss],
  }),
  decide: undoLoss,
}

export const writeOffExpiredStage: Stage<WriteOffExpired> = {
  status: 200,
  needs: ({ lots }) => {
    const items = [...new Set(lots.map((one) => one.item))]
    return { items, stock: true, countsOnSupply: false, takes: items.map((item) => [item, Infinity] as const) }
  },
  decide: writeOffExpired,
}
