// Flow, the shell: what the lane must read for placing, changing and cancelling orders, and for what sites tell each other about them.

import { cancelForHome, cancelOrder, placeOrder, type CancelForHome, type CancelOrder } from '../../core/flow/flow.ts'
import { changeOrder, type ChangeOrder } from '../../core/flow/flow-change.ts'
import { exchangeReturn, type ExchangeReturn } from '../../core/flow/flow-exchange.ts'
import { noteProgress, type NoteProgress, type PlaceOrder } from '../../core/flow/order.ts'
import type { Stage } from '../stage.ts'

export const placeOrderStage: Stage<PlaceOrder> = {
  status: 201,
  needs: ({ customer, lines }) => ({
    customers: [customer],
    items: lines.flatMap(({ item, asked, alternatives = [] }) => [item, ...alternatives, ...(asked === undefined ? [] : [asked])]),
    // What is bought for a line becomes anybody's when that is cancelled, be it in this very batch.
    ...(lines.some((line) => line.supply !== undefined) && { plansSupply: true }),
  }),
  decide: placeOrder,
}

export const cancelOrderStage: Stage<CancelOrder> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order], stock: true, frees: Infinity }),
  decide: cancelOrder,
}

export const changeOrderStage: Stage<ChangeOrder> = {
  status: 200,
  needs: ({ order, added }) => ({ documents: [order], items: added.map((one) => one.item), stock: true, frees: Infinity, prices: true }),
  decide: changeOrder,
}

export const exchangeReturnStage: Stage<ExchangeReturn> = {
  status: 201,
  needs: ({ order, lines }) => ({ documents: [order], items: lines.map((line) => line.item), storage: { returns: true } }),
  decide: exchangeReturn,
}

export const cancelForHomeStage: Stage<CancelForHome> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order], stock: true, frees: Infinity }),
  decide: cancelForHome,
}

export const noteProgressStage: Stage<NoteProgress> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order] }),
  decide: noteProgress,
}
