// Belief, heeded, the shell: what a lane must know to act on what is believed of items. Which those are is found by a look outside the lanes (server/doubts.ts).

import { heedBeliefs, type HeedBeliefs } from '../../core/loop/belief-heed.ts'
import type { Stage } from '../stage.ts'

export const heedBeliefsStage: Stage<HeedBeliefs> = {
  status: 200,
  needs: ({ items }) => ({ items, beliefs: items, stock: true, frees: Infinity, countsOnSupply: false }),
  decide: heedBeliefs,
}
