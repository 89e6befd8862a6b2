// What holds an order up: holds that people put on it, and its payment through a payment provider.

import { z } from 'zod'
import { orderHoldKinds, orderHoldKindsByHand } from '../core/order-hold.ts'
import { paymentActions, paymentStates, stepStates } from '../core/payment.ts'
import { endpoint } from './endpoint.ts'
import { done, number, text, toldAmount, toldInstant } from './fields.ts'

const paymentToken = text(500).min(1).meta({ description: "What the provider knows the customer's card or account by; never its number" })

/** Of a new order. */
export const paidWith = z
  .strictObject({ token: paymentToken })
  .optional()
  .meta({ description: 'Paid through the payment provider: captured as it is shipped, refunded as it comes back' })

export const toldHolds = z
  .array(
    z.object({
      hold: z.string(),
      kind: z.enum(orderHoldKinds),
      reason: z.string(),
      placedAt: toldInstant,
      placedBy: z.string(),
      takenOffAt: toldInstant.nullable(),
      takenOffBy: z.string().nullable(),
      note: z.string().nullable(),
    }),
  )
  .meta({ description: 'While one of them is not taken off, the order is not released, picked, packed or shipped' })

export const toldPayment = z
  .object({
    state: z.enum(paymentStates),
    authorised: toldAmount,
    captured: toldAmount,
    refunded: toldAmount,
    steps: z.array(
      z
        .object({
          step: z.int(),
          action: z.enum(paymentActions),
          amount: toldAmount,
          state: z.enum(stepStates),
          reason: z.string().nullable(),
          askedAt: toldInstant,
          answeredAt: toldInstant.nullable(),
        })
        .loose(),
    ),
  })
  .nullable()
  .meta({ description: 'Null where it is not paid through the payment provider' })

export const orderHoldEndpoints = [
  endpoint({
    name: 'putOrderOnHold',
    method: 'POST',
    path: '/api/orders/{number}/holds',
    summary: 'Put an order on hold: its stock stays held, and nothing of it leaves',
    roles: ['sales', 'warehouse'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({ kind: z.enum(orderHoldKindsByHand).default('manual'), reason: text().min(1) }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'takeOrderOffHold',
    method: 'POST',
    path: '/api/orders/{number}/holds/{hold}/release',
    summary: 'Take a hold off an order; one for credit, fraud or payment only an admin takes off',
    roles: ['sales'],
    scope: 'site',
    writes: true,
    params: number.extend({ hold: z.uuid() }),
    body: z.strictObject({ note: text().default('') }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'askPayment',
    method: 'POST',
    path: '/api/orders/{number}/payment',
    summary: 'Ask the payment provider once more for what was declined, with another card perhaps',
    roles: ['sales', 'shop'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({ token: paymentToken.optional() }),
    output: done,
    status: 200,
  }),
] as const
