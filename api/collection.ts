// Orders that their customers collect at the shop: ready and kept until a day, handed over at the counter, put back where nobody came.

import { z } from 'zod'
import { keep_days_max, KEEP_DAYS_USUAL } from '../core/collection.ts'
import { endpoint } from './endpoint.ts'
import { code, day, done, instantText, name, number, text, toldDay, toldInstant } from './fields.ts'

/** Of a new order. */
export const collected = z
  .strictObject({
    keepDays: z.int().min(0).max(keep_days_max).default(KEEP_DAYS_USUAL).meta({ description: 'How long it is kept once it is ready' }),
  })
  .optional()
  .meta({ description: "The customer collects it at the order's site, which serves all of it; without it, it is delivered" })

export const toldCollection = z
  .object({ keepDays: z.int(), readyAt: toldInstant.nullable(), keptUntil: toldDay.nullable() })
  .nullable()
  .meta({ description: 'How it is collected at its site; null where it is delivered' })

export const collectionEndpoints = [
  endpoint({
    name: 'makeReady',
    method: 'POST',
    path: '/api/orders/{number}/readiness',
    summary: 'Say that an order can be collected, and until when; said once more, it is kept longer',
    roles: ['till', 'warehouse', 'sales'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({ keptUntil: day.optional().meta({ description: 'Without it, as long as was agreed when it was ordered' }) }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'collectOrder',
    method: 'POST',
    path: '/api/orders/{number}/collection',
    summary: 'Hand an order over at the counter: shipped and delivered in one',
    roles: ['till', 'warehouse', 'sales'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      collectedBy: name,
      proof: text().default('').meta({ description: 'By what it is known that it is his: a code, a card, a name' }),
      collectedAt: instantText.optional(),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'putBackUncollected',
    method: 'POST',
    path: '/api/orders/{number}/put-back',
    summary: 'Put an order back that nobody collected: it is cancelled, or kept with its stock held',
    roles: ['till', 'warehouse', 'sales'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      keepsOrder: z.boolean(),
      to: code.default('SHELF').meta({ description: 'The place that the goods go back to' }),
      putBackAt: instantText.optional(),
    }),
    output: done,
    status: 200,
  }),
] as const
