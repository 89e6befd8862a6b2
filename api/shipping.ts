// Shipping: carriers' services and what they cost, shipments on their way, and what becomes of them at the door.

import { z } from 'zod'
import { carrierKinds, shipmentStates, trackingKinds } from '../core/tracking.ts'
import { endpoint } from './endpoint.ts'
import {
  amount,
  atSite,
  code,
  cursor,
  day,
  done,
  instantText,
  limit,
  LINES_MAX,
  name,
  number,
  page,
  piecesOfLines,
  siteCode,
  text,
  toldAmount,
  toldDay,
  toldInstant,
  weight,
} from './fields.ts'

const service = z
  .object({
    code: z.string(),
    carrier: z.string(),
    name: z.string(),
    minimum: toldAmount,
    rate: toldAmount,
    rateUnit: z.string(),
    transitDays: z.int().nullable(),
  })
  .loose()
const offer = z
  .object({
    code: z.string(),
    carrier: z.string(),
    name: z.string(),
    price: toldAmount,
    transitDays: z.int().nullable(),
    promised: toldDay.nullable(),
  })
  .loose()
const shipment = z
  .object({
    id: z.string(),
    order: z.string(),
    state: z.enum(shipmentStates),
    shippedAt: toldInstant,
    deliveredAt: toldInstant.nullable(),
    receivedBy: z.string().nullable(),
    service: z.string().nullable(),
    carrier: z.string().nullable(),
    weight: z.int().nullable().meta({ description: 'Milligrams' }),
    price: toldAmount.nullable(),
    promised: toldDay.nullable(),
    estimated: toldDay.nullable(),
    note: z.string(),
  })
  .loose()
const wholeShipment = shipment.extend({
  site: z.string(),
  lines: z.array(
    z.object({ line: z.int(), part: z.int(), sku: z.string(), quantity: z.int(), delivered: z.int(), cameBack: z.int(), lost: z.int() }).loose(),
  ),
  packages: z.array(z.object({ sscc: z.string(), weight: z.int().nullable(), weighed: z.boolean() }).loose()),
  tracking: z.array(
    z
      .object({ event: z.enum(trackingKinds), occurredAt: toldInstant, recordedAt: toldInstant, estimated: toldDay.nullable(), note: z.string() })
      .loose(),
  ),
})
const shipmentId = z.object({ id: z.uuid() })

export const shippingEndpoints = [
  endpoint({
    name: 'listServices',
    method: 'GET',
    path: '/api/services',
    summary: "Carriers' services by code",
    roles: 'everyone',
    scope: 'none',
    writes: false,
    query: z.object({ cursor, limit }),
    output: page(service),
    status: 200,
  }),
  endpoint({
    name: 'createServices',
    method: 'POST',
    path: '/api/services',
    summary: "Add carriers' services with their rates",
    roles: ['planner', 'buyer'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      services: z
        .array(
          z.strictObject({
            code,
            carrier: name,
            name,
            minimum: amount.default(0).meta({ description: 'The least a shipment costs, minor units' }),
            rate: amount.meta({ description: 'Minor units for each unit of weight, in proportion, rounded up' }),
            rateUnit: z.enum(['LB', 'KG']),
            transitDays: z.int().min(0).max(365).nullable().default(null),
          }),
        )
        .min(1)
        .max(LINES_MAX),
    }),
    output: z.object({}).loose(),
    status: 201,
  }),
  endpoint({
    name: 'rateOrder',
    method: 'GET',
    path: '/api/orders/{number}/rates',
    summary: 'What each service asks for what is picked for an order, cheapest first',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    params: number,
    query: z.object({
      site: atSite,
      weight: z.coerce.number().pipe(weight.min(1)).optional().meta({ description: 'Milligrams, instead of what is picked' }),
    }),
    output: z.object({ weight: z.int(), rows: z.array(offer) }),
    status: 200,
  }),
  endpoint({
    name: 'listShipments',
    method: 'GET',
    path: '/api/shipments',
    summary: 'Shipments of a site, newest first',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, state: z.enum(shipmentStates).optional(), cursor, limit }),
    output: page(shipment),
    status: 200,
  }),
  endpoint({
    name: 'getShipment',
    method: 'GET',
    path: '/api/shipments/{id}',
    summary: 'One shipment: its lines, packages and what was told of it',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    params: shipmentId,
    query: z.object({ site: siteCode }),
    output: wholeShipment,
    status: 200,
  }),
  endpoint({
    name: 'trackShipment',
    method: 'POST',
    path: '/api/shipments/{id}/tracking',
    summary: 'Add what a carrier tells of a shipment; it moves the estimate, never the promise',
    roles: ['driver', 'warehouse'],
    scope: 'site',
    writes: true,
    params: shipmentId,
    body: z.strictObject({
      site: siteCode,
      event: z.enum(carrierKinds),
      occurredAt: instantText.optional(),
      estimated: day.optional().meta({ description: 'The day of delivery that it tells of' }),
      note: text().default(''),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'failDelivery',
    method: 'POST',
    path: '/api/orders/{number}/delivery-failure',
    summary: 'Record an attempt at which nobody took the goods: they stay on their way',
    roles: ['driver', 'warehouse'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      site: atSite,
      shipment: z.uuid().optional(),
      failedAt: instantText.optional(),
      reason: text(200).min(1),
      nextAttempt: day.optional().meta({ description: 'Without it, the day after' }),
    }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'bringBack',
    method: 'POST',
    path: '/api/orders/{number}/undelivered',
    summary: 'Take undelivered goods of a shipment back into inspection',
    roles: ['driver', 'warehouse'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      site: atSite,
      shipment: z.uuid(),
      broughtAt: instantText.optional(),
      lines: piecesOfLines.optional(),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'loseShipment',
    method: 'POST',
    path: '/api/orders/{number}/shipment-loss',
    summary:
      'Record that a carrier lost a shipment, or some of it: its lines are open again, and an exception names the customer and what can be done',
    roles: ['sales', 'warehouse'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      site: atSite,
      shipment: z.uuid(),
      lostAt: instantText.optional(),
      note: text().default('').meta({ description: 'What the carrier says' }),
      lines: piecesOfLines.optional().meta({ description: 'Without them, everything that is on its way' }),
    }),
    output: done,
    status: 201,
  }),
] as const
