// Cover by a transfer, the shell: at the site that asks, what waits for the goods and what the pegs lead to; at the site that is asked, what it
// has and expects, and who waits there already; and back where it was asked for, how long the way is from the day that was answered.

import { requestTransfer, supplyTransfer, type RequestTransfer, type SupplyTransfer } from '../../core/flow/cover-transfer.ts'
import { expectTransfer, type ExpectTransfer } from '../../core/flow/cover-answer.ts'
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

export const expectTransferStage: Stage<ExpectTransfer> = {
  status: 200,
  needs: ({ transfer }) => ({ supply: { documents: [transfer] }, arrivals: [transfer], codes: { siteSources: [true] } }),
  decide: expectTransfer,
}
