// Transport, the shell: shipments of packed goods, and both ends of a transfer.

import { receiveTransfer, sendTransfer, ship, type ReceiveTransfer, type SendTransfer, type Ship } from '../../core/flow/transport.ts'
import type { Stage } from '../stage.ts'

export const shipStage: Stage<Ship> = {
  status: 201,
  needs: ({ order }) => ({ documents: [order], stock: true }),
  decide: ship,
}

export const sendTransferStage: Stage<SendTransfer> = {
  status: 201,
  needs: ({ lines }) => ({ items: lines.map((line) => line.item), stock: true }),
  decide: sendTransfer,
}

export const receiveTransferStage: Stage<ReceiveTransfer> = {
  status: 200,
  needs: ({ transfer, goods }) => ({
    supply: { documents: [transfer] },
    arrivals: [transfer],
    items: goods.map((one) => one.item),
    stock: true,
    frees: true,
  }),
  decide: receiveTransfer,
}
