// Work orders: what items are made of, what is made of them, and what is short and must be bought or made.

import { z } from 'zod'
import { scrap_per_million_max } from '../core/bill.ts'
import { endpoint } from './endpoint.ts'
import { workOrderStates, type WorkOrderAction } from '../core/work-order.ts'
import { code, cursor, day, done, instantText, limit, LINES_MAX, lot, page, quantity, siteCode, toldAmount, toldDay, toldInstant } from './fields.ts'

const bill = z
  .object({
    parent: z.string(),
    component: z.string(),
    quantity: z.int(),
    batch: z.int(),
    scrapPerMillion: z.int(),
    validFrom: toldDay,
    validTo: toldDay.nullable(),
  })
  .loose()
const workOrder = z
  .object({
    id: z.string(),
    site: z.string(),
    sku: z.string(),
    name: z.string(),
    quantity: z.int(),
    made: z.int(),
    cancelled: z.int(),
    pegged: z.int().meta({ description: 'What of it orders already count on' }),
    makeDays: z.int(),
    due: toldDay.meta({ description: 'As it was asked for' }),
    expected: toldDay,
    recordedAt: toldInstant,
    state: z.enum(workOrderStates),
    can: z.array(z.enum(['release', 'issue', 'output', 'redate', 'cancel'] satisfies WorkOrderAction[])),
  })
  .loose()
const component = z
  .object({
    line: z.int(),
    sku: z.string(),
    name: z.string(),
    planned: z.int(),
    issued: z.int(),
    cancelled: z.int(),
    held: z.int(),
    pegged: z.int(),
    used: z.int(),
    returned: z.int(),
    issuedValue: toldAmount,
    valueInProduction: toldAmount,
  })
  .loose()
const id = z.object({ id: z.uuid() })
const site = z.strictObject({ site: siteCode })

const shortages = z
  .object({
    lines: z.array(
      z.object({
        sku: z.string(),
        demand: z.int(),
        stock: z.int(),
        supply: z.int(),
        short: z.int(),
        source: z.enum(['supplier', 'production', 'site', 'no_source']),
        supplier: z.string().nullable(),
        minimum: z.int().nullable(),
        multiple: z.int().nullable(),
        quantity: z.int(),
        due: z.string().nullable(),
        because: z.string(),
      }),
    ),
    purchases: z.array(z.object({ supplier: z.string(), lines: z.int() }).loose()),
    workOrders: z.array(z.object({ sku: z.string(), quantity: z.int() }).loose()),
    transfers: z.array(z.object({ from: z.string(), lines: z.int() }).loose()),
    more: z.boolean().meta({ description: 'Whether more is short than one call covers: call again, with a new key' }),
  })
  .meta({ id: 'Shortages' })

export const workOrderEndpoints = [
  endpoint({
    name: 'listBills',
    method: 'GET',
    path: '/api/bills',
    summary: 'What items are made of, by parent and component',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    query: z.object({ sku: code.optional().meta({ description: 'Only the bill of this item' }), cursor, limit }),
    output: page(bill),
    status: 200,
  }),
  endpoint({
    name: 'setBills',
    method: 'POST',
    path: '/api/bills',
    summary: 'Add lines to bills of material, or change one that begins on the same day',
    roles: ['planner'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      lines: z
        .array(
          z.strictObject({
            parent: code,
            component: code,
            quantity,
            batch: quantity.default(1).meta({ description: 'So many of the parent take `quantity` of the component' }),
            scrapPerMillion: z.int().min(0).max(scrap_per_million_max).default(0),
            validFrom: day,
            validTo: day.optional().meta({ description: 'The last day on which it holds' }),
          }),
        )
        .min(1)
        .max(LINES_MAX),
    }),
    output: z.object({ lines: z.int() }),
    status: 200,
  }),
  endpoint({
    name: 'produce',
    method: 'POST',
    path: '/api/work-orders',
    summary: 'Plan a work order: what its bill says on the day is reserved for it',
    roles: ['planner'],
    scope: 'site',
    writes: true,
    body: z.strictObject({ site: siteCode, sku: code, quantity, due: day.optional() }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'listWorkOrders',
    method: 'GET',
    path: '/api/work-orders',
    summary: 'Work orders of a site, newest first',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, cursor, limit }),
    output: page(workOrder),
    status: 200,
  }),
  endpoint({
    name: 'getWorkOrder',
    method: 'GET',
    path: '/api/work-orders/{id}',
    summary: 'One work order: its components, and what stands in production',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    single: true,
    params: id,
    query: z.object({ site: siteCode }),
    output: workOrder.extend({ components: z.array(component) }),
    status: 200,
  }),
  endpoint({
    name: 'releaseWorkOrder',
    method: 'POST',
    path: '/api/work-orders/{id}/release',
    summary: 'Let the work begin',
    roles: ['planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: site,
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'issueComponents',
    method: 'POST',
    path: '/api/work-orders/{id}/issue',
    summary: 'Move what is held for a work order into production',
    roles: ['warehouse', 'planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: site.extend({ issuedAt: instantText.optional() }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'recordOutput',
    method: 'POST',
    path: '/api/work-orders/{id}/output',
    summary: 'Record what was made; it is worth what went into it',
    roles: ['warehouse', 'planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: site.extend({
      quantity,
      place: code.default('DOCK'),
      lot: lot.default(''),
      serial: lot.default(''),
      expiresOn: day.optional(),
      madeAt: instantText.optional(),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'redateWorkOrder',
    method: 'POST',
    path: '/api/work-orders/{id}/due-date',
    summary: 'Finish it on another day, or as soon after it as its components allow',
    roles: ['planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: site.extend({ due: day }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'cancelWorkOrder',
    method: 'POST',
    path: '/api/work-orders/{id}/cancellation',
    summary: 'Make no more of it; what production has not used goes back to the shelf',
    roles: ['planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: site,
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'listShortages',
    method: 'GET',
    path: '/api/shortages',
    summary: 'What covering the shortages of a site would order, line by line; nothing is written',
    roles: ['buyer', 'planner', 'auditor'],
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode }),
    output: shortages,
    status: 200,
  }),
  endpoint({
    name: 'coverShortages',
    method: 'POST',
    path: '/api/shortages/cover',
    summary: 'Buy, make or ask another site for what is short at a site: netted per item, minimums once, one purchase a supplier',
    roles: ['buyer', 'planner'],
    scope: 'site',
    writes: true,
    body: site,
    output: shortages,
    status: 201,
  }),
] as const
