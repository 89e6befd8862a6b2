// Orders and till sales, and what is done to them on their journey.

import { z } from 'zod'
import { confidences, promiseReasons } from '../core/given-promise.ts'
import { orderActions, orderStates } from '../core/order.ts'
import { shipmentStates } from '../core/tracking.ts'
import { endpoint } from './endpoint.ts'
import {
  amount,
  atSite,
  code,
  countedQuantity,
  cursor,
  done,
  instantText,
  limit,
  lineNumber,
  LINES_MAX,
  lot,
  name,
  number,
  page,
  onePrice,
  priceOfUnit,
  quantity,
  quantityInUnit,
  siteCode,
  sscc,
  text,
  toldAmount,
  toldAsked,
  toldDay,
  toldInstant,
  unit,
  wholeWithoutUnit,
} from './fields.ts'
import { collected, toldCollection } from './collection.ts'
import { paidWith, toldHolds, toldPayment } from './order-hold.ts'
import { suppliedBy, toldBought, toldSupply } from './line-supply.ts'
import { givenPromises, soldKits } from './given-promise.ts'
import { amounts, discountGiven, orderTerms, pricing, toldPrice } from './price.ts'
import { wantedLine } from './wanted-line.ts'

/** A coordinate of WGS 84. */
const degrees = (most: number) =>
  z
    .int()
    .min(-most * 1_000_000)
    .max(most * 1_000_000)
    .meta({ description: 'Millionths of a degree' })

/** It may also be bought for the order. */
const orderedLine = wantedLine.safeExtend(suppliedBy)

export const newOrder = z
  .strictObject({
    site: siteCode,
    customer: code,
    reference: code.optional().meta({ description: "The customer's own number, unique at the site" }),
    priority: z.int().min(0).max(9).default(5).meta({ description: '0 is the most urgent' }),
    shipComplete: z.boolean().default(false),
    orderedAt: instantText.optional(),
    ...pricing,
    payment: paidWith,
    collect: collected,
    lines: z.array(orderedLine).min(1).max(LINES_MAX),
  })
  .meta({ id: 'NewOrder' })

export const bulkOrder = newOrder.extend({ key: text(200).min(1) }).meta({ id: 'BulkOrder' })

export const placedLine = z.object({
  line: z.int(),
  sku: z.string(),
  quantity: z.int(),
  held: z.int(),
  backordered: z.int(),
  source: z.string(),
  promised: z.string().nullable(),
  reason: z.enum(promiseReasons),
  confidence: z.enum(confidences).optional().meta({ description: 'How sure the promise is; without it the line is plainly in stock' }),
  because: z.string().optional().meta({ description: 'What the promise counts on, and why this site serves the line' }),
  partOf: z.int().optional().meta({ description: 'The line that was asked for, where a rule split it or it is of a kit' }),
  kit: z.int().optional().meta({ description: 'The kit that the line is of, by the line in which it was asked for' }),
  insteadOf: z.string().optional().meta({ description: 'What was asked for, where another item is sent' }),
  asked: toldAsked.optional(),
})

const placedOrder = z
  .object({
    id: z.string(),
    number: z.string(),
    lines: z.array(placedLine),
  })
  .meta({ id: 'PlacedOrder' })

const orderHead = z.object({
  id: z.string(),
  number: z.string(),
  site: z.string(),
  kind: z.enum(['order', 'sale']),
  customer: z.string(),
  reference: z.string().nullable(),
  priority: z.int(),
  shipComplete: z.boolean(),
  orderedAt: toldInstant,
  recordedAt: toldInstant,
  currency: z.string(),
  state: z.enum(orderStates),
})

const listedOrder = orderHead.extend({
  customerName: z.string(),
  lines: z.int(),
  value: toldAmount,
  promised: toldDay.nullable().meta({ description: 'The latest day promised for any of its lines' }),
  withoutPromise: z.int().meta({ description: 'Lines that could not be promised' }),
})

const wholeOrder = orderHead
  .extend({
    payment: toldPayment,
    holds: toldHolds,
    totals: amounts.meta({ description: 'What is not cancelled comes to' }),
    terms: orderTerms,
    collection: toldCollection,
    can: z.array(z.enum(orderActions)),
    lines: z.array(
      z
        .object({
          line: z.int(),
          sku: z.string(),
          name: z.string(),
          source: z.string(),
          quantity: z.int(),
          unitPrice: toldAmount,
          ...toldPrice,
          requested: toldDay,
          promised: toldDay.nullable(),
          estimate: toldDay
            .nullable()
            .meta({ description: 'When the open part can be expected now; null where nothing covers it, or nothing is open' }),
          cancelled: z.int(),
          shipped: z.int(),
          delivered: z.int(),
          returned: z.int(),
          cameBack: z.int(),
          lost: z.int().meta({ description: 'Ever lost on the way, and open again since' }),
          kit: z.int().nullable().meta({ description: 'The kit that the line is of' }),
          asked: toldAsked.nullable(),
          supply: toldSupply,
        })
        .loose(),
    ),
    planned: z.array(
      z
        .object({
          site: z.string(),
          line: z.int(),
          due: toldDay,
          planned: z.int(),
          posted: z.int(),
          cancelled: z.int(),
          held: z.int(),
          pegged: z.int(),
          allocated: z.int(),
        })
        .loose(),
    ),
    promises: givenPromises,
    kits: soldKits,
    bought: toldBought,
    pegs: z
      .array(z.object({ site: z.string(), line: z.int(), quantity: z.int(), kind: z.string(), supply: z.string(), due: toldDay }))
      .meta({ description: 'Which supply covers what waits, and when it is due' }),
    picked: z.int().meta({ description: 'What stands at packing' }),
    packed: z.int().meta({ description: 'What of that is in packages' }),
    packages: z.array(z.object({ sscc: z.string(), site: z.string(), packedAt: toldInstant, shipment: z.string().nullable() }).loose()),
    shipments: z.array(
      z
        .object({
          shipment: z.string(),
          site: z.string(),
          shippedAt: toldInstant,
          deliveredAt: toldInstant.nullable(),
          receivedBy: z.string().nullable(),
          state: z.enum(shipmentStates),
          supplier: z.string().nullable().meta({ description: 'Who shipped it, where that is a supplier' }),
          carrier: z.string().nullable(),
          trackingNumber: z.string().nullable(),
          promised: toldDay.nullable(),
          estimated: toldDay.nullable(),
        })
        .loose(),
    ),
  })
  .meta({ id: 'Order' })

const event = z.object({
  site: z.string(),
  sequence: z.int(),
  type: z.string(),
  occurredAt: toldInstant,
  recordedAt: toldInstant,
  data: z.object({}).loose(),
})

export const orderEndpoints = [
  endpoint({
    name: 'placeOrder',
    method: 'POST',
    path: '/api/orders',
    summary: 'Place an order: it is promised and held in the same moment',
    roles: ['sales', 'shop'],
    scope: 'site',
    writes: true,
    body: newOrder,
    output: placedOrder,
    status: 201,
  }),
  endpoint({
    name: 'placeOrders',
    method: 'POST',
    path: '/api/orders/bulk',
    summary: 'Place many orders, one JSON value a line, each with a key of its own',
    roles: ['sales', 'shop'],
    scope: 'site',
    writes: false,
    streams: true,
    body: bulkOrder,
    output: z.object({ key: z.string(), status: z.int() }).loose(),
    status: 200,
  }),
  endpoint({
    name: 'listOrders',
    method: 'GET',
    path: '/api/orders',
    summary: 'Orders of a site, newest first; by state, a page may be short and still have a next one',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, state: z.enum(orderStates).optional(), customer: code.optional(), cursor, limit }),
    output: page(listedOrder),
    status: 200,
  }),
  endpoint({
    name: 'getOrder',
    method: 'GET',
    path: '/api/orders/{number}',
    summary: 'One order: its lines, planned moves, the supply they wait for, and shipments',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    single: true,
    params: number,
    output: wholeOrder,
    status: 200,
  }),
  endpoint({
    name: 'listOrderEvents',
    method: 'GET',
    path: '/api/orders/{number}/events',
    summary: "What happened to an order, in each site's order",
    roles: 'everyone',
    scope: 'site',
    writes: false,
    params: number,
    query: z.object({ cursor, limit }),
    output: page(event),
    status: 200,
  }),
  endpoint({
    name: 'allocateOrder',
    method: 'POST',
    path: '/api/orders/{number}/allocation',
    summary: 'Release an order for picking',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({ site: atSite }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'pickOrder',
    method: 'POST',
    path: '/api/orders/{number}/pick',
    summary: 'Pick what is allocated: all of it, or what was found; what a bin lacks is sought elsewhere and raised',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      site: atSite,
      pickedAt: instantText.optional(),
      picks: z
        .array(
          z.strictObject({
            line: lineNumber,
            place: code.optional(),
            lot: lot.default(''),
            serial: lot.default(''),
            quantity: countedQuantity,
            short: z.boolean().default(false).meta({ description: 'There was no more, although more was set aside' }),
          }),
        )
        .min(1)
        .max(LINES_MAX)
        .optional(),
    }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'shipOrder',
    method: 'POST',
    path: '/api/orders/{number}/shipment',
    summary: 'Ship what is picked, in packages or loose',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      site: atSite,
      shippedAt: instantText.optional(),
      packages: z.array(sscc).min(1).max(LINES_MAX).optional().meta({ description: 'Without them, all that is picked' }),
      service: code.optional().meta({ description: "A carrier's service; it has a price and a promised day" }),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'deliverOrder',
    method: 'POST',
    path: '/api/orders/{number}/delivery',
    summary: 'Record that shipments arrived, with who took them, and what of them',
    roles: ['driver', 'warehouse'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      site: atSite,
      shipment: z.uuid().optional(),
      receivedBy: name,
      deliveredAt: instantText.optional(),
      note: text().default(''),
      position: z.strictObject({ latitude_e6: degrees(90), longitude_e6: degrees(180) }).optional(),
      accepted: z
        .array(z.strictObject({ line: lineNumber, quantity }))
        .min(1)
        .max(LINES_MAX)
        .optional()
        .meta({ description: 'What the customer took, where that is not all' }),
    }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'sell',
    method: 'POST',
    path: '/api/sales',
    summary: "Record a till's sale: the goods are handed over",
    roles: ['till', 'sales'],
    scope: 'site',
    writes: true,
    body: z
      .strictObject({
        site: siteCode,
        customer: code.optional(),
        reference: code.optional(),
        soldAt: instantText.optional(),
        discount: discountGiven.optional(),
        lines: z
          .array(
            z
              .strictObject({
                sku: code,
                quantity: quantityInUnit,
                unit,
                unitPrice: amount.optional(),
                priceOfUnit,
                discount: discountGiven.optional(),
                lot: lot.default(''),
                serial: lot.default(''),
              })
              .refine(...wholeWithoutUnit('quantity'))
              .refine(...onePrice),
          )
          .min(1)
          .max(LINES_MAX),
      })
      .meta({ id: 'NewSale' }),
    output: done,
    status: 201,
  }),
] as const
