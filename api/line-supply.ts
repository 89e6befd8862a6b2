// Order lines that are not served from stock: bought for that line alone, or shipped to the customer by the supplier; and what the supplier tells of it.

import { z } from 'zod'
import { boughtWays } from '../core/line-supply.ts'
import { endpoint } from './endpoint.ts'
import { code, countedQuantity, day, done, instantText, lineNumber, LINES_MAX, lot, number, siteCode, text, toldAmount } from './fields.ts'

/** Of a line of a new order. */
export const suppliedBy = {
  supply: z
    .enum(['stock', ...boughtWays])
    .optional()
    .meta({ description: 'Served from stock, bought for this line alone, or shipped to the customer by the supplier; without it from stock' }),
  supplier: code.optional().meta({ description: 'Of whom it is bought; without it, whoever is preferred' }),
}

/** Of a line of an order. */
export const toldSupply = z
  .object({ how: z.enum(boughtWays), supplier: z.string(), unitCost: toldAmount, leadTimeDays: z.int() })
  .nullable()
  .meta({ description: 'How the line is bought; null where it is served from stock' })

/** What was bought for an order's lines. */
export const toldBought = z.array(
  z.object({
    purchase: z.string(),
    line: z.int().meta({ description: 'Of the order' }),
    supplier: z.string(),
    quantity: z.int(),
    received: z.int().meta({ description: 'Received, or shipped to the customer' }),
    cancelled: z.int(),
    bound: z.boolean().meta({ description: 'Whether it is still for this order alone' }),
  }),
)

export const lineSupplyEndpoints = [
  endpoint({
    name: 'buyForOrder',
    method: 'POST',
    path: '/api/orders/{number}/purchases',
    summary: 'Buy once more what lines of an order wait for and nothing covers, of another supplier perhaps',
    roles: ['buyer', 'sales'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      lines: z
        .array(z.strictObject({ line: lineNumber, supplier: code }))
        .max(LINES_MAX)
        .default([])
        .meta({ description: 'Lines that are bought of another supplier now' }),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'shipDirect',
    method: 'POST',
    path: '/api/purchases/{id}/shipment',
    summary: 'Record what a supplier shipped to the customer, and what he will not ship',
    roles: ['buyer', 'warehouse'],
    scope: 'site',
    writes: true,
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({
      site: siteCode,
      shippedAt: instantText.optional(),
      carrier: text(100).default(''),
      trackingNumber: text(100).default(''),
      estimated: day.optional().meta({ description: 'When the carrier says that it will be there' }),
      lines: z
        .array(
          z.strictObject({
            line: lineNumber.meta({ description: 'Of the purchase' }),
            quantity: countedQuantity,
            lot: lot.default(''),
            serial: lot.default(''),
            isLast: z.boolean().default(false).meta({ description: 'The supplier ships no more of it; the rest is cancelled' }),
          }),
        )
        .min(1)
        .max(LINES_MAX),
    }),
    output: done,
    status: 201,
  }),
] as const
