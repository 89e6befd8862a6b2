// Record accuracy: how right a site's record is, from posted counts of items that chance put on a sheet.

import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { day, siteCode, toldDay } from './fields.ts'

const TOLERANCE_PER_MILLION = 50_000

const share = z
  .object({ share: z.number().min(0).max(1), low: z.number().min(0).max(1), high: z.number().min(0).max(1) })
  .nullable()
  .meta({ description: 'With its interval of 95 %; null where there is too little to say' })

const figures = {
  items: z.int().meta({ description: 'That chance drew, and that were counted wholly' }),
  exact: share,
  within: share,
  units: share,
  value: share,
}

export const recordAccuracyEndpoints = [
  endpoint({
    name: 'getRecordAccuracy',
    method: 'GET',
    path: '/api/record-accuracy',
    summary:
      'How right the record of a site is, from posted counts of what chance drew: exactly right, within a tolerance, by units and by value, over time',
    roles: ['buyer', 'planner', 'warehouse', 'auditor'],
    scope: 'site',
    writes: false,
    query: z.object({
      site: siteCode,
      from: day.optional().meta({ description: 'The first day on which a sheet was posted, UTC; a year before the last without it' }),
      to: day.optional().meta({ description: 'The last day; today without it' }),
      by: z.enum(['week', 'month']).default('month'),
      tolerancePerMillion: z.coerce
        .number()
        .int()
        .min(0)
        .max(1_000_000)
        .default(TOLERANCE_PER_MILLION)
        .meta({ description: 'Of what is recorded of an item: so far off it is still within tolerance' }),
    }),
    output: z.object({
      from: toldDay,
      to: toldDay,
      tolerancePerMillion: z.int(),
      leftOut: z.int().meta({ description: 'Items that chance drew and nobody counted wholly' }),
      ...figures,
      over: z.array(z.object({ from: toldDay, ...figures })).meta({ description: 'Weeks or months in which some were posted, by their first day' }),
    }),
    status: 200,
  }),
] as const
