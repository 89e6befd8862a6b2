// Orders that are confirmed, and change: more or less of a line, another day, a further line, or not at all.

import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import {
  atSite,
  countedInUnit,
  countedQuantity,
  day,
  done,
  lineNumber,
  LINES_MAX,
  number,
  toldAsked,
  toldDay,
  unit,
  wholeWithoutUnit,
} from './fields.ts'
import { placedLine } from './order.ts'
import { addedLine } from './wanted-line.ts'

const changedLine = z
  .strictObject({
    line: lineNumber,
    quantity: countedInUnit.optional().meta({ description: 'What is wanted in all from now on, shipped goods included; 0 takes the line out' }),
    unit,
    requested: day.optional(),
    was: countedQuantity.optional().meta({ description: 'What was wanted when this was decided; refused when it is another quantity by now' }),
  })
  .refine(...wholeWithoutUnit('quantity'))

const agreed = z.object({ quantity: z.int(), requested: toldDay, promised: toldDay.nullable(), asked: toldAsked.optional() })

const changedOrder = z
  .object({
    id: z.string(),
    lines: z.array(
      z.object({
        line: z.int(),
        before: agreed,
        after: agreed,
        asked: z.boolean().meta({ description: 'Another site serves the line, and is asked to let go of it' }),
      }),
    ),
    added: z.array(placedLine),
  })
  .meta({ id: 'ChangedOrder' })

export const orderChangeEndpoints = [
  endpoint({
    name: 'changeOrder',
    method: 'POST',
    path: '/api/orders/{number}/change',
    summary: 'Change a confirmed order: more or less of a line, another day, a further line; what is asked for besides is promised anew',
    roles: ['sales'],
    scope: 'site',
    writes: true,
    params: number,
    body: z
      .strictObject({ lines: z.array(changedLine).max(LINES_MAX).default([]), added: z.array(addedLine).max(LINES_MAX).default([]) })
      .meta({ id: 'OrderChange' }),
    output: changedOrder,
    status: 200,
  }),
  endpoint({
    name: 'cancelOrder',
    method: 'POST',
    path: '/api/orders/{number}/cancellation',
    summary: 'Cancel what is not shipped yet, wholly or by line',
    roles: ['sales'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      lines: z.array(lineNumber).min(1).max(LINES_MAX).optional(),
      callsOff: z
        .boolean()
        .default(false)
        .meta({ description: 'What was bought for them and has not come is called off; without it, it stays as supply for anybody' }),
    }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'recallOrder',
    method: 'POST',
    path: '/api/orders/{number}/recall',
    summary: 'Call an order back from picking: what is not picked yet is set aside no longer, and stays held',
    roles: ['warehouse', 'sales'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({ site: atSite }),
    output: done,
    status: 200,
  }),
] as const
