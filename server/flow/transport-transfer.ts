// Transport between sites, the shell: the transfer with its planned moves and what is on its way for it, and the stock of what leaves or comes.

import { dispatchTransfer, takeArrival, type DispatchTransfer, type TakeArrival } from '../../core/flow/transport-transfer.ts'
import type { Stage } from '../stage.ts'

export const dispatchTransferStage: Stage<DispatchTransfer> = {
  status: 201,
  needs: ({ transfer }) => ({ documents: [transfer], stock: true }),
  decide: dispatchTransfer,
}

export const takeArrivalStage: Stage<TakeArrival> = {
  status: 200,
  needs: ({ transfer }) => ({ supply: { documents: [transfer] }, arrivals: [transfer], stock: true, frees: true }),
  decide: takeArrival,
}
