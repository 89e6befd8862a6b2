// Order hold, the shell: an order with its lines, which name the sites that must be told, and its holds.

import { noteOrderHold, putOnHold, takeOffHold, type NoteOrderHold, type PutOnHold, type TakeOffHold } from '../../core/flow/order-hold.ts'
import { thenBuy } from '../../core/flow/purchase-bound.ts'
import type { Stage } from '../stage.ts'

export const putOnHoldStage: Stage<PutOnHold> = { status: 201, needs: ({ order }) => ({ documents: [order] }), decide: putOnHold }

export const takeOffHoldStage: Stage<TakeOffHold> = { status: 200, needs: ({ order }) => ({ documents: [order] }), decide: thenBuy(takeOffHold) }

export const noteOrderHoldStage: Stage<NoteOrderHold> = { status: 200, needs: ({ row }) => ({ documents: [row.order] }), decide: noteOrderHold }
