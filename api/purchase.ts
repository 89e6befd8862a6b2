// Purchases: what suppliers sell, what is ordered of them, and what becomes of it. Goods that come in are in stock.ts.

import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import {
  amount,
  code,
  cursor,
  day,
  days_max,
  done,
  ifMatch,
  instantText,
  limit,
  lineNumber,
  LINES_MAX,
  page,
  quantityInUnit,
  siteCode,
  tag,
  toldAmount,
  toldAsked,
  toldDay,
  toldInstant,
  unit,
  wholeWithoutUnit,
} from './fields.ts'

const offer = z
  .object({
    sku: z.string(),
    supplier: z.string(),
    price: toldAmount,
    leadTimeDays: z.int(),
    minimum: z.int(),
    multiple: z.int(),
    preferred: z.boolean(),
    tag,
  })
  .loose()
const listedPurchase = z
  .object({
    id: z.string(),
    site: z.string(),
    supplier: z.string(),
    supplierName: z.string(),
    orderedAt: toldInstant,
    recordedAt: toldInstant,
    lines: z.int(),
    open: z.int().meta({ description: 'Pieces that are still to come' }),
    value: toldAmount,
    expected: toldDay.nullable().meta({ description: 'When the first of what is open is expected now' }),
  })
  .loose()
const purchaseLine = z
  .object({
    line: z.int(),
    sku: z.string(),
    name: z.string(),
    quantity: z.int(),
    asked: toldAsked.nullable(),
    unitPrice: toldAmount,
    due: toldDay.meta({ description: 'As first agreed' }),
    expected: toldDay,
    received: z.int(),
    rejected: z.int(),
    cancelled: z.int(),
    open: z.int(),
    pegged: z.int().meta({ description: 'What of it orders already count on' }),
    order: z.string().nullable().meta({ description: 'The order that it is bought for alone' }),
    orderLine: z.int().nullable(),
    direct: z.boolean().meta({ description: 'Whether the supplier ships it to the customer' }),
  })
  .loose()
const lines = <Line extends z.ZodType>(line: Line) => z.array(line).min(1).max(LINES_MAX)
const id = z.object({ id: z.uuid() })

export const purchaseEndpoints = [
  endpoint({
    name: 'listSupplierItems',
    method: 'GET',
    path: '/api/supplier-items',
    summary: 'What suppliers sell, by item and supplier',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    query: z.object({ sku: code.optional(), cursor, limit }),
    output: page(offer),
    status: 200,
  }),
  endpoint({
    name: 'setSupplierItems',
    method: 'POST',
    path: '/api/supplier-items',
    summary: "Enter suppliers' offers; an offer of the same item and supplier is replaced",
    roles: ['buyer'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      offers: lines(
        z
          .strictObject({
            supplier: code,
            sku: code,
            unit,
            price: amount.meta({ description: 'Of one base unit' }),
            leadTimeDays: z.int().min(0).max(days_max).optional().meta({ description: 'From order to receipt; an offer without it is refused' }),
            minimum: quantityInUnit.default(1).meta({ description: 'The least that is sold, of `unit`' }),
            multiple: quantityInUnit.default(1).meta({ description: 'In multiples of what it is sold, of `unit`' }),
            preferred: z.boolean().default(false),
            ifMatch,
          })
          .refine(...wholeWithoutUnit('minimum'))
          .refine(...wholeWithoutUnit('multiple')),
      ),
    }),
    output: z.object({ offers: z.int() }),
    status: 200,
  }),
  endpoint({
    name: 'purchase',
    method: 'POST',
    path: '/api/purchases',
    summary: 'Order goods from a supplier',
    roles: ['buyer', 'planner'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      supplier: code,
      orderedAt: instantText.optional(),
      lines: lines(
        z
          .strictObject({
            sku: code,
            quantity: quantityInUnit,
            unit,
            due: day.optional().meta({ description: "Without it, as the supplier's lead time says" }),
            unitPrice: amount
              .optional()
              .meta({ description: "Minor units, of one base unit; without it the supplier's price, or else the standard cost" }),
          })
          .refine(...wholeWithoutUnit('quantity')),
      ),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'listPurchases',
    method: 'GET',
    path: '/api/purchases',
    summary: 'Purchases of a site, newest first',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, cursor, limit }),
    output: page(listedPurchase),
    status: 200,
  }),
  endpoint({
    name: 'getPurchase',
    method: 'GET',
    path: '/api/purchases/{id}',
    summary: 'One purchase: its lines, what came of them, and when the rest is expected',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    single: true,
    params: id,
    query: z.object({ site: siteCode }),
    output: listedPurchase.extend({ lines: z.array(purchaseLine) }),
    status: 200,
  }),
  endpoint({
    name: 'redatePurchase',
    method: 'POST',
    path: '/api/purchases/{id}/due-date',
    summary: 'Say when goods will really come; promises stay as they were given',
    roles: ['buyer', 'planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({ site: siteCode, lines: lines(z.strictObject({ line: lineNumber, due: day })) }),
    output: done.extend({ exceptions: z.array(z.string()).describe('Which exceptions say whom it hurts') }),
    status: 200,
  }),
  endpoint({
    name: 'cancelPurchase',
    method: 'POST',
    path: '/api/purchases/{id}/cancellation',
    summary: 'Cancel what has not come yet, wholly or by line',
    roles: ['buyer', 'planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({ site: siteCode, lines: lines(lineNumber).optional() }),
    output: done,
    status: 200,
  }),
] as const
