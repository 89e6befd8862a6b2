// Shrinkage: what losses come to, by whatever one asks them by, what each sum is made of, and a loss that is undone.

import { z } from 'zod'
import { lossOrigins } from '../core/loss.ts'
import { lossCauses } from '../core/place.ts'
import { endpoint } from './endpoint.ts'
import { code, cursor, day, done, instantText, limit, ofCategory, page, siteCode, text, toldDay } from './fields.ts'
import { differenceRow } from './stock.ts'

export const shrinkageGroupings = ['cause', 'origin', 'item', 'category', 'supplier', 'site', 'day', 'week', 'month'] as const

const from = day.optional().meta({ description: 'The first day, UTC; 27 days before the last without it' })
const to = day.optional().meta({ description: 'The last day; today without it' })

const figures = {
  units: z.int().meta({ description: 'Base units that are gone, less what was found and what was undone' }),
  value: z.int().meta({ description: 'What they are worth in minor units, with what was corrected since' }),
  knownUnits: z.int().meta({ description: 'Of these, what has a cause' }),
  knownValue: z.int(),
  unexplainedUnits: z.int().meta({ description: 'And what counts did not find, less what they found besides the record' }),
  unexplainedValue: z.int(),
  corrected: z.int().meta({ description: 'What of the value was told after the moves: no move says it' }),
  sales: z.int().meta({ description: 'What was sold of it in the same time, minor units' }),
  percentOfSales: z.number().nullable().meta({ description: 'Value in per cent of sales, to two decimals; null where nothing was sold' }),
}

export const shrinkageEndpoints = [
  endpoint({
    name: 'getShrinkage',
    method: 'GET',
    path: '/api/shrinkage',
    summary: 'What was lost in a time: units, value and per cent of sales, by cause, place of origin, item, category, supplier, site or time',
    roles: ['buyer', 'planner', 'warehouse', 'auditor'],
    scope: 'none',
    writes: false,
    query: z.object({
      site: siteCode.optional().meta({ description: 'One site; all that the caller may see without it' }),
      from,
      to,
      category: ofCategory,
      by: z.enum(shrinkageGroupings).default('cause'),
      limit: limit.meta({ description: 'So many rows, those of most value; the rest is told together' }),
    }),
    output: z.object({
      by: z.enum(shrinkageGroupings),
      from: toldDay,
      to: toldDay,
      currency: z.string(),
      sites: z.array(z.string()),
      leftOut: z.array(z.string()).meta({ description: 'Sites whose company counts in another currency' }),
      rows: z.array(z.object({ key: z.string(), name: z.string(), ...figures })),
      rest: z.object({ rows: z.int(), ...figures }).nullable(),
      total: z.object(figures),
    }),
    status: 200,
  }),
  endpoint({
    name: 'listShrinkageMoves',
    method: 'GET',
    path: '/api/shrinkage/moves',
    summary: 'The moves that shrinkage of a site is made of, newest first',
    roles: ['buyer', 'planner', 'warehouse', 'auditor'],
    scope: 'site',
    writes: false,
    query: z.object({
      site: siteCode,
      from,
      to,
      cause: z.enum([...lossCauses, 'found']).optional(),
      origin: z.enum(lossOrigins).optional(),
      sku: code.optional(),
      supplier: z
        .union([code, z.literal('')])
        .optional()
        .meta({ description: 'Of this supplier; empty for items without one' }),
      category: ofCategory,
      cursor,
      limit,
    }),
    output: page(differenceRow),
    status: 200,
  }),
  endpoint({
    name: 'undoLoss',
    method: 'POST',
    path: '/api/losses/{id}/reversal',
    summary: 'Undo a loss that was entered in error: the goods come back where they were, at what the loss was worth',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({ site: siteCode, note: text().default(''), undoneAt: instantText.optional() }),
    output: done,
    status: 201,
  }),
] as const
