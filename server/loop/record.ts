// Record, the shell: opening stock.

import { openStock, type OpenStock } from '../../core/loop/record.ts'
import type { Stage } from '../stage.ts'

export const openStockStage: Stage<OpenStock> = {
  status: 201,
  needs: ({ lines }) => ({ items: lines.map((line) => line.item), stock: true, frees: true, places: lines.map((line) => line.place) }),
  decide: openStock,
}
