// Order payment, the shell: an order with its lines, its payment and what was asked of the provider so far.

import { askAuthorisation, notePayment, type AskAuthorisation, type NotePayment } from '../../core/flow/order-payment.ts'
import { thenBuy } from '../../core/flow/purchase-bound.ts'
import type { Stage } from '../stage.ts'

export const askAuthorisationStage: Stage<AskAuthorisation> = {
  status: 200,
  needs: ({ order }) => ({ documents: [order] }),
  decide: askAuthorisation,
}

export const notePaymentStage: Stage<NotePayment> = { status: 200, needs: ({ order }) => ({ documents: [order] }), decide: thenBuy(notePayment) }
