// Transport between sites, the shell: the transfer with its planned moves and what is on its way for it, and the stock of what leaves or comes.

import {
  cancelTransfer,
  loseTransfer,
  stopTransfer,
  type CancelTransfer,
  type LoseTransfer,
  type StopTransfer,
} from '../../core/flow/transport-cancel.ts'
import { dispatchTransfer, takeArrival, type DispatchTransfer, type TakeArrival } from '../../core/flow/transport-transfer.ts'
import { totalOf, type Stage } from '../stage.ts'

export const dispatchTransferStage: Stage<DispatchTransfer> = {
  status: 201,
  needs: ({ transfer }) => ({ documents: [transfer], stock: true, countsOnSupply: false }),
  decide: dispatchTransfer,
}

export const takeArrivalStage: Stage<TakeArrival> = {
  status: 200,
  needs: ({ transfer, found = [] }) => ({
    supply: { documents: [transfer] },
    arrivals: [transfer],
    stock: true,
    frees: totalOf(found),
    countsOnSupply: false,
  }),
  decide: takeArrival,
}

/** At the site that is asked what is let go of goes to those who wait; at the other the pegs lead to whom it hurts. */
export const cancelTransferStage: Stage<CancelTransfer> = {
  status: 200,
  needs: ({ transfer }) => ({ documents: [transfer], arrivals: [transfer], stock: true, frees: Infinity }),
  decide: cancelTransfer,
}

export const stopTransferStage: Stage<StopTransfer> = {
  status: 200,
  needs: ({ transfer }) => ({ documents: [transfer], stock: true, frees: Infinity }),
  decide: stopTransfer,
}

export const loseTransferStage: Stage<LoseTransfer> = {
  status: 200,
  needs: ({ transfer }) => ({ supply: { documents: [transfer] } }),
  decide: loseTransfer,
}
