// Kits and substitutes: items that are sold as a bundle of others, and items that may be sent instead of others.

import { z } from 'zod'
import { choosers } from '../core/substitute.ts'
import { endpoint } from './endpoint.ts'
import { code, cursor, limit, LINES_MAX, page, quantity } from './fields.ts'

const COMPONENTS_MAX = 100
const SUBSTITUTES_MAX = 20

export const kitEndpoints = [
  endpoint({
    name: 'listKits',
    method: 'GET',
    path: '/api/kits',
    summary: 'What is in each kit, by sku',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    query: z.object({ sku: code.optional().meta({ description: 'Only this kit' }), cursor, limit }),
    output: page(z.object({ sku: z.string(), component: z.string(), name: z.string(), quantity: z.int() })),
    status: 200,
  }),
  endpoint({
    name: 'setKits',
    method: 'POST',
    path: '/api/kits',
    summary: 'Say what is in kits, all of each; a kit of nothing is none any more, and orders that stand keep what they were placed with',
    roles: ['planner', 'sales'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      kits: z
        .array(z.strictObject({ sku: code, components: z.array(z.strictObject({ sku: code, quantity })).max(COMPONENTS_MAX) }))
        .min(1)
        .max(LINES_MAX),
    }),
    output: z.object({ kits: z.int() }),
    status: 200,
  }),
  endpoint({
    name: 'listSubstitutes',
    method: 'GET',
    path: '/api/substitutes',
    summary: 'What may be sent instead of which item, by sku',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    query: z.object({ sku: code.optional().meta({ description: 'Only instead of this item' }), cursor, limit }),
    output: page(z.object({ sku: z.string(), substitute: z.string(), name: z.string(), chosenBy: z.enum(choosers) })),
    status: 200,
  }),
  endpoint({
    name: 'setSubstitutes',
    method: 'POST',
    path: '/api/substitutes',
    summary: 'Say what may be sent instead of items, all of each, the first ones first',
    roles: ['planner', 'sales'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      items: z
        .array(
          z.strictObject({
            sku: code,
            substitutes: z
              .array(
                z.strictObject({
                  sku: code,
                  chosenBy: z
                    .enum(choosers)
                    .default('customer')
                    .meta({ description: 'By a rule it is sent without asking, at the price of what was asked for' }),
                  twoWay: z.boolean().default(false).meta({ description: 'Whether each may be sent instead of the other' }),
                }),
              )
              .max(SUBSTITUTES_MAX),
          }),
        )
        .min(1)
        .max(LINES_MAX),
    }),
    output: z.object({ items: z.int() }),
    status: 200,
  }),
] as const
