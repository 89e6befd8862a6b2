// An item's stock at a site over time: what came and went each day behind, and what is planned for each day ahead.

import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { code, siteCode, toldDay } from './fields.ts'

const DAYS_MAX = 400
const days = (usual: number) => z.coerce.number().int().min(1).max(DAYS_MAX).default(usual)

export const itemHistoryEndpoints = [
  endpoint({
    name: 'getItemHistory',
    method: 'GET',
    path: '/api/items/{sku}/history',
    summary: "A site's stock of an item day by day: in, out and on hand behind, planned and expected ahead",
    roles: ['sales', 'buyer', 'planner', 'warehouse', 'till', 'auditor'],
    scope: 'site',
    writes: false,
    params: z.object({ sku: code }),
    query: z.object({
      site: siteCode,
      behind: days(60).meta({ description: 'Days, today the last' }),
      ahead: days(30).meta({ description: 'Days, today the first' }),
    }),
    output: z.object({
      sku: z.string(),
      onHand: z.int(),
      behind: z.array(
        z.object({ on: toldDay, came: z.int(), went: z.int(), onHand: z.int().meta({ description: 'In the evening; today, as it is now' }) }),
      ),
      ahead: z.array(
        z.object({ on: toldDay, supply: z.int(), demand: z.int(), expected: z.int().meta({ description: 'If all comes and goes as planned' }) }),
      ),
    }),
    status: 200,
  }),
] as const
