// Return, the shell: the order's lines with all its returns, and the stock of what comes back, which another site may have served.

import {
  authoriseReturn,
  cancelReturn,
  receiveReturn,
  takeBack,
  type AuthoriseReturn,
  type CancelReturn,
  type ReceiveReturn,
  type Return,
} from '../../core/flow/return.ts'
import { disposeReturn, type DisposeReturn } from '../../core/flow/return-inspect.ts'
import type { Needs, Stage } from '../stage.ts'

const returnsOf = (order: string): Needs => ({ documents: [order], storage: { returns: true } })

export const authoriseReturnStage: Stage<AuthoriseReturn> = {
  status: 201,
  needs: ({ order }) => ({ ...returnsOf(order), prices: true }),
  decide: authoriseReturn,
}

export const cancelReturnStage: Stage<CancelReturn> = {
  status: 200,
  needs: ({ order }) => returnsOf(order),
  decide: cancelReturn,
}

export const receiveReturnStage: Stage<ReceiveReturn> = {
  status: 201,
  needs: ({ order }) => ({ ...returnsOf(order), stock: true }),
  decide: receiveReturn,
}

export const disposeReturnStage: Stage<DisposeReturn> = {
  status: 201,
  needs: ({ order, lines }) => ({ ...returnsOf(order), stock: true, frees: Infinity, places: lines.map((one) => one.place) }),
  decide: disposeReturn,
}

export const returnStage: Stage<Return> = {
  status: 201,
  needs: ({ order }) => ({ ...returnsOf(order), stock: true, prices: true }),
  decide: takeBack,
}
