// Transport, the shell: shipments of packed goods, what is told of them, and both ends of a transfer.

import { receiveTransfer, sendTransfer, type ReceiveTransfer, type SendTransfer } from '../../core/flow/transport.ts'
import { shipDirect, type ShipDirect } from '../../core/flow/transport-direct.ts'
import { ship, type Ship } from '../../core/flow/transport-ship.ts'
import { track, type Track } from '../../core/flow/transport-track.ts'
import { totalOf, type Stage } from '../stage.ts'

export const shipStage: Stage<Ship> = {
  status: 201,
  needs: ({ order }) => ({ documents: [order], stock: true, countsOnSupply: false, storage: { packages: true } }),
  decide: ship,
}

/** The purchase with its supply, and the order at the end of its pegs. */
export const shipDirectStage: Stage<ShipDirect> = {
  status: 201,
  needs: ({ purchase, order }) => ({ documents: [purchase, ...(order === null ? [] : [order])], supply: { documents: [purchase] } }),
  decide: shipDirect,
}

export const trackStage: Stage<Track> = {
  status: 201,
  needs: ({ order }) => ({ documents: [order], countsOnSupply: false, storage: { tracking: true } }),
  decide: track,
}

export const sendTransferStage: Stage<SendTransfer> = {
  status: 201,
  needs: ({ lines }) => ({ items: lines.map((line) => line.item), stock: true, countsOnSupply: false }),
  decide: sendTransfer,
}

export const receiveTransferStage: Stage<ReceiveTransfer> = {
  status: 200,
  needs: ({ transfer, goods }) => ({
    supply: { documents: [transfer] },
    arrivals: [transfer],
    items: goods.map((one) => one.item),
    stock: true,
    frees: totalOf(goods),
    countsOnSupply: false,
  }),
  decide: receiveTransfer,
}
