// Shrinkage, the shell: a loss means a certain row, so what is allocated there is wanted with it.

import { lose, type Lose } from '../../core/loop/shrinkage.ts'
import type { Stage } from '../stage.ts'

export const loseStage: Stage<Lose> = {
  status: 201,
  needs: ({ item, place }) => ({ items: [item], stock: true, countsOnSupply: false, takes: [[item, Infinity]], places: [place] }),
  decide: lose,
}
