// Backorders: how classes of customers fare when there is not enough for all, and giving out anew what is held of an item.

import { z } from 'zod'
import { backorderStrategies } from '../core/backorder-class.ts'
import { endpoint } from './endpoint.ts'
import { code, LINES_MAX, name, page, siteCode } from './fields.ts'

const strategy = z.enum(backorderStrategies).meta({
  description:
    'win: gets all it asks for. gain: keeps what it has, and may get more. redistribute: gets what is left. fill: keeps at most what it has. lose: gives up what others want',
})
const reallocation = z.object({
  lines: z.array(
    z.object({
      order: z.string().meta({ description: 'Its number, or its id where it is another site that has it' }),
      line: z.int(),
      strategy,
      wanted: z.int(),
      before: z.int(),
      after: z.int(),
    }),
  ),
})
const customers_max = 10_000

export const backorderEndpoints = [
  endpoint({
    name: 'listBackorderClasses',
    method: 'GET',
    path: '/api/backorder-classes',
    summary: 'Classes of customers, how they fare when there is not enough for all, and how many are in each',
    roles: ['sales', 'planner', 'auditor'],
    scope: 'none',
    writes: false,
    output: page(z.object({ code: z.string(), name: z.string(), strategy, customers: z.int() })),
    status: 200,
  }),
  endpoint({
    name: 'setBackorderClasses',
    method: 'POST',
    path: '/api/backorder-classes',
    summary: 'Say how classes of customers fare, and all who are in each; a customer is in one class at most',
    roles: ['sales', 'planner'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      classes: z
        .array(z.strictObject({ code, name, strategy, customers: z.array(code).max(customers_max) }))
        .min(1)
        .max(LINES_MAX),
    }),
    output: z.object({ classes: z.int() }),
    status: 200,
  }),
  endpoint({
    name: 'rehearseReallocation',
    method: 'GET',
    path: '/api/reallocations',
    summary: 'What giving out an item anew would change; nothing is changed',
    roles: ['sales', 'planner'],
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, sku: code }),
    output: reallocation,
    status: 200,
  }),
  endpoint({
    name: 'reallocate',
    method: 'POST',
    path: '/api/reallocations',
    summary: 'Give out anew what is held of an item, by the strategies of the customers; what is set aside for picking stays, and so do promises',
    roles: ['sales', 'planner'],
    scope: 'site',
    writes: true,
    body: z.strictObject({ site: siteCode, sku: code }),
    output: z.object({ lines: z.array(z.object({}).loose()) }),
    status: 200,
  }),
] as const
