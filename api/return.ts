// Returns: what may come back and why, its receipt, and what becomes of each piece.

import { z } from 'zod'
import { dispositions, findings, returnReasons, rmaStates, type RmaAction } from '../core/rma.ts'
import { endpoint } from './endpoint.ts'
import {
  amount,
  code,
  cursor,
  done,
  instantText,
  limit,
  lineNumber,
  LINES_MAX,
  lot,
  number,
  page,
  piecesOfLines,
  quantity,
  siteCode,
  text,
  toldAmount,
  toldInstant,
} from './fields.ts'
import { placedLine } from './order.ts'
import { addedLine } from './wanted-line.ts'

const id = z.object({ id: z.uuid() })
const lines = <Line extends z.ZodType>(line: Line) => z.array(line).min(1).max(LINES_MAX)
const reason = z.enum(returnReasons)

const listedReturn = z.object({
  id: z.string(),
  number: z.string().meta({ description: 'The number of its order, and which of its returns it is' }),
  site: z.string(),
  order: z.string(),
  customer: z.string(),
  customerName: z.string(),
  authorisedAt: toldInstant,
  state: z.enum(rmaStates),
  toCome: z.int(),
  toInspect: z.int(),
  refurbishing: z.int(),
  currency: z.string().meta({ description: 'Of its order, and of all amounts here' }),
  refund: toldAmount.meta({ description: 'What the customer is due for what was inspected, in minor units' }),
})

const wholeReturn = listedReturn
  .extend({
    recordedAt: toldInstant,
    can: z.array(z.enum(['receive', 'dispose', 'exchange', 'cancel'] satisfies RmaAction[])),
    exchange: z.string().nullable().meta({ description: 'The order that replaces it' }),
    lines: z.array(
      z.object({
        line: z.int(),
        orderLine: z.int(),
        sku: z.string(),
        name: z.string(),
        tracking: z.enum(['none', 'lot', 'serial']),
        quantity: z.int(),
        reason,
        note: z.string(),
        paid: toldAmount.meta({ description: 'What the customer paid for all of it, less discounts and with tax' }),
        cancelled: z.int(),
        received: z.int(),
        toCome: z.int(),
        toInspect: z.int(),
        restocked: z.int(),
        refurbishing: z.int(),
        scrapped: z.int(),
        toVendor: z.int(),
        refund: toldAmount,
      }),
    ),
  })
  .meta({ id: 'Return' })

const disposed = z.strictObject({
  line: lineNumber.meta({ description: 'Of the return' }),
  quantity,
  lot: lot.default(''),
  serial: lot.default(''),
  refurbished: z.boolean().default(false).meta({ description: 'It comes from being made good, and not from quarantine' }),
  found: z.enum(findings),
  disposition: z.enum(dispositions),
  place: code.default('DOCK').meta({ description: 'Where it is put to be sold again' }),
  deduction: amount.default(0).meta({ description: 'What is kept of its price, in minor units' }),
  note: text().default(''),
})

export const returnEndpoints = [
  endpoint({
    name: 'returnOrder',
    method: 'POST',
    path: '/api/orders/{number}/return',
    summary: 'Take delivered goods back into inspection: authorised and received at once',
    roles: ['sales', 'warehouse', 'till'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      returnedAt: instantText.optional(),
      lines: piecesOfLines,
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'authoriseReturn',
    method: 'POST',
    path: '/api/orders/{number}/returns',
    summary: 'Authorise a return: what of an order may come back, and why',
    roles: ['sales', 'warehouse', 'till'],
    scope: 'site',
    writes: true,
    params: number,
    body: z
      .strictObject({
        authorisedAt: instantText.optional(),
        lines: lines(z.strictObject({ orderLine: lineNumber, quantity, reason, note: text().default('') })),
      })
      .meta({ id: 'NewReturn' }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'listReturns',
    method: 'GET',
    path: '/api/returns',
    summary: 'Returns of a site, newest first; by state, a page may be short and still have a next one',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, state: z.enum(rmaStates).optional(), order: code.optional(), cursor, limit }),
    output: page(listedReturn),
    status: 200,
  }),
  endpoint({
    name: 'getReturn',
    method: 'GET',
    path: '/api/returns/{id}',
    summary: 'One return: what is still to come, what waits to be inspected, what became of the rest',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    single: true,
    params: id,
    query: z.object({ site: siteCode }),
    output: wholeReturn,
    status: 200,
  }),
  endpoint({
    name: 'receiveReturn',
    method: 'POST',
    path: '/api/returns/{id}/receipt',
    summary: 'Goods of a return are here: they stand in quarantine until somebody inspects them',
    roles: ['warehouse', 'sales', 'till'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({
      site: siteCode,
      receivedAt: instantText.optional(),
      lines: piecesOfLines.optional().meta({ description: 'By lines of the return; without them, all that is still to come' }),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'disposeReturn',
    method: 'POST',
    path: '/api/returns/{id}/disposition',
    summary: 'Say of each inspected piece what it is and what becomes of it: sold again, made good, thrown away, or sent to the vendor',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({ site: siteCode, disposedAt: instantText.optional(), lines: lines(disposed) }).meta({ id: 'Disposition' }),
    output: z.object({ id: z.string(), order: z.string(), number: z.string(), refund: toldAmount }).loose(),
    status: 201,
  }),
  endpoint({
    name: 'exchangeReturn',
    method: 'POST',
    path: '/api/returns/{id}/exchange',
    summary: 'Place the order that replaces what comes back; the answer says what the one is worth against the other',
    roles: ['sales'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({ site: siteCode, lines: lines(addedLine) }),
    output: z.object({
      id: z.string(),
      number: z.string(),
      lines: z.array(placedLine),
      rma: z.string(),
      value: toldAmount,
      returned: toldAmount,
      difference: toldAmount.meta({ description: 'What the customer owes for it; below 0 what he is due' }),
    }),
    status: 201,
  }),
  endpoint({
    name: 'cancelReturn',
    method: 'POST',
    path: '/api/returns/{id}/cancellation',
    summary: 'What has not come back will not come back',
    roles: ['sales', 'warehouse'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({ site: siteCode }),
    output: done,
    status: 200,
  }),
] as const
