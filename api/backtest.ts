// Back-test: what the company's own last days would have come to under other rules. A run is asked for, worked out in the background, and kept beside the last ones;
// a policy is adopted by making its rule that of planning (api/plan.ts).

import { z } from 'zod'
import { backtestLimits, testedForecasts, testedStocks } from '../core/backtest.ts'
import { endpoint } from './endpoint.ts'
import { done, page, siteCode, text, toldDay, toldInstant } from './fields.ts'

const { days_min, days_max, shrink_max, seed_max, count_days_max, policies_max, name_characters_max } = backtestLimits
const REVIEW_DAYS_MAX = 365
const readers = ['buyer', 'planner', 'auditor'] as const
const askers = ['planner', 'buyer'] as const
const id = z.object({ id: z.uuid() })

const policy = {
  name: text(name_characters_max).min(1),
  serviceLevel: z.number().min(0.001).max(0.999).meta({ description: 'How surely nothing is short until the order after the next one is there' }),
  reviewDays: z.int().min(1).max(REVIEW_DAYS_MAX).default(7).meta({ description: 'Days from one order to the next' }),
  stock: z.enum(testedStocks).default('belief').meta({ description: 'What orders are made of; the truth shows what can be reached at most' }),
  countDays: z.int().min(0).max(count_days_max).default(180).meta({ description: 'Each item is counted once in so many days; 0 for never' }),
  forecast: z
    .enum(testedForecasts)
    .default('automatic')
    .meta({ description: 'As a plan forecasts, by the mean of the last 26 weeks, or by the same weeks a year ago' }),
}

const interval = z.object({ value: z.number(), low: z.number(), high: z.number() }).meta({ description: 'Between low and high with 95 %' })
const figures = z.object({
  fillRate: interval.meta({ description: 'The share of what was wanted that was served at once' }),
  stockoutDays: interval.meta({ description: 'Days on which an item at its site was short for a customer' }),
  cash: interval.meta({ description: 'Minor units tied up in stock on an average day' }),
  orders: interval,
  missedMargin: interval.meta({ description: 'Minor units that customers would have paid above its cost for what they did not get' }),
  countHours: interval,
  stolenUnits: interval,
})

const run = z.object({
  id: z.string(),
  askedAt: toldInstant,
  asker: z.string(),
  endedAt: toldInstant.nullable(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  why: z.string().nullable().meta({ description: 'Why it failed' }),
  site: z.string().nullable().meta({ description: 'Null: every site' }),
  from: toldDay,
  to: toldDay,
  days: z.int(),
  shrink: z.number(),
  seed: z.int(),
  policies: z.array(z.object(policy)),
  parts: z.int(),
  done: z.int().meta({ description: 'Parts that are worked out' }),
  items: z.int().meta({ description: 'Items at their sites that are lived again; 0 until it has begun' }),
})

export const backtestEndpoints = [
  endpoint({
    name: 'requestBacktest',
    method: 'POST',
    path: '/api/backtests',
    summary: 'Live the last days of the ledger again under other rules; it is worked out in the background',
    roles: askers,
    scope: 'every',
    writes: true,
    body: z.strictObject({
      site: siteCode.nullable().default(null).meta({ description: 'Null: every site' }),
      days: z
        .int()
        .min(days_min)
        .max(days_max)
        .default(180)
        .meta({ description: 'So many days, which end with the last before today that has sales' }),
      shrink: z.number().min(0).max(shrink_max).default(0.02).meta({ description: 'Units that go unseen for each that is sold' }),
      seed: z.int().min(0).max(seed_max).default(1).meta({ description: 'What thieves and intervals follow from' }),
      policies: z
        .array(z.strictObject(policy))
        .min(1)
        .max(policies_max)
        .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'Two policies have the same name.')
        .meta({ description: 'The others are told beside the first' }),
    }),
    output: z.object({ id: z.string(), from: toldDay, days: z.int() }).loose(),
    status: 202,
  }),
  endpoint({
    name: 'listBacktests',
    method: 'GET',
    path: '/api/backtests',
    summary: 'The last back-tests, newest first; older ones are not kept',
    roles: readers,
    scope: 'every',
    writes: false,
    output: page(run),
    status: 200,
  }),
  endpoint({
    name: 'getBacktest',
    method: 'GET',
    path: '/api/backtests/{id}',
    summary: 'A back-test: what was asked, how far it is, and what each policy came to',
    roles: readers,
    scope: 'every',
    writes: false,
    params: id,
    output: run.extend({
      results: z
        .array(z.object({ name: z.string(), figures, fromFirst: figures.meta({ description: 'How far they are from those of the first policy' }) }))
        .nullable()
        .meta({ description: 'In the order of the policies; null until it is done' }),
    }),
    status: 200,
  }),
  endpoint({
    name: 'cancelBacktest',
    method: 'POST',
    path: '/api/backtests/{id}/cancellation',
    summary: 'End a back-test that is under way',
    roles: askers,
    scope: 'every',
    writes: true,
    params: id,
    body: z.strictObject({}),
    output: done,
    status: 200,
  }),
] as const
