// Cover by a transfer, the shell: at the site that asks, what waits for the goods and what the pegs lead to; at the site that is asked, what it
// has and expects, and who waits there already.

import { requestTransfer, supplyTransfer, type RequestTransfer, type SupplyTransfer } from '../../core/flow/cover-transfer.ts'
import type { Stage } from '../stage.ts'

export const requestTransferStage: Stage<RequestTransfer> = {
  status: 201,
  needs: ({ lines }) => {
    const items = lines.map((line) => line.item)
    return { items, plansSupply: true, supply: { items } }
  },
  decide: requestTransfer,
}

export const supplyTransferStage: Stage<SupplyTransfer> = {
  status: 200,
  needs: ({ lines }) => ({ items: lines.map((line) => line.item), plansSupply: true }),
  decide: supplyTransfer,
}
