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

const both = { units: z.int(), value: z.int() }
const interval = z.object({ low: z.int(), high: z.int() }).nullable()
const rate = z.object({
  percent: z
    .number()
    .meta({ description: 'Of what is sold, drawn towards that of all categories; below 0 where counts found more than was missing' }),
  low: z.number().nullable().meta({ description: 'With `high` the 90 % interval; null where less than two items were counted' }),
  high: z.number().nullable(),
  own: z.number().nullable().meta({ description: "The category's alone, of all sites; null where nothing of it was counted and sold" }),
  reliance: z.number().meta({ description: 'How much its own counts, from 0 to 1' }),
})
const accrual = z
  .object({
    before: z.int().meta({ description: 'Accrued when the time began' }),
    accrued: z.int(),
    reversed: z.int().meta({ description: 'By counts in the time' }),
    now: z.int(),
  })
  .meta({ description: 'before + accrued = reversed + now' })
const accruals = { units: accrual, value: accrual }
const estimated = {
  book: z.object(both).meta({ description: 'What the record has at the end of the day; values in minor units' }),
  accrual: z.object(accruals),
  estimated: z.object(both).meta({ description: 'The record less what is accrued' }),
  counted: z
    .object({ items: z.int(), ...both })
    .meta({ description: 'Items that were counted in the time, and what counts did not find of them, less what they found besides' }),
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
    name: 'getShrinkageEstimate',
    method: 'GET',
    path: '/api/shrinkage/estimate',
    summary:
      'What is probably gone since items were counted last, by site and category: the record, what is accrued, what counts found, and what beliefs say',
    roles: ['buyer', 'planner', 'warehouse', 'auditor'],
    scope: 'none',
    writes: false,
    query: z.object({
      site: siteCode.optional().meta({ description: 'One site; all that the caller may see without it' }),
      on: day.optional().meta({ description: 'At the end of this day, UTC; today without it' }),
      from: day.optional().meta({ description: 'What was accrued and reversed from this day on; 27 days before without it' }),
    }),
    output: z.object({
      from: toldDay,
      on: toldDay,
      learntFrom: toldDay.meta({ description: 'Counts from this day on teach the rates' }),
      learntItems: z.int().meta({ description: 'Items of sites that they counted; 0 where there is no estimate' }),
      currency: z.string(),
      sites: z.array(z.string()),
      leftOut: z.array(z.string()).meta({ description: 'Sites whose company counts in another currency' }),
      rows: z.array(
        z.object({
          site: z.string(),
          category: z.string().meta({ description: 'Empty for items without one' }),
          items: z.int(),
          rates: z.object({ units: rate, value: rate }).nullable().meta({ description: 'Null where nothing was counted that was sold' }),
          ...estimated,
          interval: interval.meta({ description: 'Of the estimated value, with 90 %' }),
          belief: z
            .object({ ...both, low: z.int(), high: z.int() })
            .nullable()
            .meta({ description: 'What beliefs expect of the same goods, today alone; null on other days and where there are none' }),
          disagrees: z.boolean().meta({ description: 'Whether the intervals of the estimate and of the beliefs have nothing in common' }),
        }),
      ),
      total: z.object(estimated),
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
