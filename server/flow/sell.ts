// Sell, the shell: a till's sale needs the item's stock rows, and the holds on it when it may take what was held.

import { sell, type Sell } from '../../core/flow/sell.ts'
import type { Stage } from '../stage.ts'

export const sellStage: Stage<Sell> = {
  status: 201,
  needs: ({ lines }) => ({
    items: lines.map((line) => line.item),
    stock: true,
    countsOnSupply: false,
    // A lot or a serial is a certain row, which may be spoken for however much else there is.
    takes: lines.map((line) => [line.item, line.lot === '' && line.serial === '' ? line.quantity : Infinity] as const),
  }),
  decide: sell,
}
