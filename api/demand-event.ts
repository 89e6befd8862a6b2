// Demand events: promotions, holidays and closed days, which move the forecast of the days that they name.

import { z } from 'zod'
import { eventKinds } from '../core/planning.ts'
import { endpoint } from './endpoint.ts'
import { code, cursor, day, done, limit, name, page, siteCode, toldDay, toldInstant } from './fields.ts'

const EVENTS_MAX = 500
const kind = z.enum(eventKinds).meta({ description: 'What a promotion or a holiday does is learnt by its name; on a closed day nothing is wanted' })

export const demandEventEndpoints = [
  endpoint({
    name: 'createDemandEvents',
    method: 'POST',
    path: '/api/demand-events',
    summary: 'Say on which days demand is another, past ones to learn from and those to come; all of them or none',
    roles: ['planner', 'buyer', 'sales'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      events: z
        .array(
          z
            .strictObject({
              kind,
              name: name.regex(/^\S(?:.*\S)?$/u, 'A name begins and ends with a visible character.').meta({
                description: 'The same each time it comes: Christmas, Spring sale',
              }),
              from: day,
              to: day.meta({ description: 'The last day' }),
              site: siteCode.nullable().default(null).meta({ description: 'Null for every site' }),
              sku: code.nullable().default(null).meta({ description: 'One item; with neither this nor a category, everything' }),
              category: code.nullable().default(null),
            })
            .refine(({ sku, category }) => sku === null || category === null, {
              message: 'It is of one item or of a category.',
              path: ['category'],
            }),
        )
        .min(1)
        .max(EVENTS_MAX),
    }),
    output: z.object({ events: z.array(z.string()).meta({ description: 'Their ids, in order' }) }).loose(),
    status: 201,
  }),
  endpoint({
    name: 'undoDemandEvent',
    method: 'POST',
    path: '/api/demand-events/{id}/reversal',
    summary: 'Take an event back, as if it had never been said',
    roles: ['planner', 'buyer', 'sales'],
    scope: 'none',
    writes: true,
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({}),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'listDemandEvents',
    method: 'GET',
    path: '/api/demand-events',
    summary: 'Events that stand, the last to begin first',
    roles: ['planner', 'buyer', 'sales', 'auditor'],
    scope: 'none',
    writes: false,
    query: z.object({
      site: siteCode.optional().meta({ description: 'Those of this site and of every site' }),
      name: name.optional().meta({ description: 'Those of one name' }),
      cursor,
      limit,
    }),
    output: page(
      z.object({
        id: z.string(),
        kind,
        name: z.string(),
        from: toldDay,
        to: toldDay,
        site: z.string().nullable(),
        sku: z.string().nullable(),
        category: z.string().nullable(),
        maker: z.string(),
        madeAt: toldInstant,
      }),
    ),
    status: 200,
  }),
] as const
