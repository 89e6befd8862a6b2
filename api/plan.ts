// Plan: what to order next and why, what people know of demand besides its history, and by which rules orders are proposed.

import { z } from 'zod'
import { eventKinds, stockBases } from '../core/planning.ts'
import { endpoint } from './endpoint.ts'
import { amount, code, cursor, day, done, limit, LINES_MAX, page, quantity, siteCode, text, toldAmount, toldDay, toldInstant } from './fields.ts'
import { toldItemPlanning, toldPolicy } from './plan-item.ts'

const readers = ['buyer', 'planner', 'auditor'] as const
const PERCENT_MAX = 1_000
const REVIEW_DAYS_MAX = 365
const units = z.number().meta({ description: 'Units, on average' })
const chance = z.number().min(0).max(1)
const id = z.object({ id: z.uuid() })

const rule = {
  serviceLevel: z
    .number()
    .min(0.001)
    .max(0.999)
    .meta({ description: 'How surely nothing is short until the order after the next one is there, to three decimals' }),
  reviewDays: z.int().min(1).max(REVIEW_DAYS_MAX).meta({ description: 'Days until the next order can be made' }),
  stock: z.enum(stockBases).meta({ description: 'Whether orders are made of what is believed to be there, or of what is recorded' }),
}

const run = z.object({
  id: z.string(),
  plannedOn: toldDay,
  askedAt: toldInstant,
  asker: z.string(),
  budget: toldAmount.nullable(),
  seconds: z.number().nullable(),
})

const plannedOrder = z.object({
  id: z.string().meta({ description: 'Becomes the id of the purchase, transfer or work order' }),
  site: z.string(),
  from: z.enum(['supplier', 'site', 'production']),
  code: z.string().meta({ description: 'Of the supplier or the site, or the SKU of what is made' }),
  name: z.string(),
  lines: z.int(),
  value: toldAmount,
  risk: toldAmount.meta({ description: 'What customers would not get for want of it, at its price' }),
  due: toldDay,
  withinBudget: z.boolean(),
  waits: z.boolean().meta({ description: "Whether it is below its source's least order and waits for it" }),
  joined: z.string().nullable().meta({ description: "What its source's terms made of it, in a sentence" }),
  ordered: z.boolean().meta({ description: 'Whether somebody has approved it' }),
})

const basis = z
  .object({
    service: chance,
    reviewDays: z.int(),
    leadDays: z.int(),
    method: z.string().meta({ description: 'How demand is forecast' }),
    recorded: z.int(),
    expected: units.meta({ description: 'How many are there, on average of what is believed' }),
    countsAs: units.meta({ description: 'The stock that, known, would call for the same order' }),
    lossPerDay: units,
    supply: z.int(),
    overdue: z.int().meta({ description: 'Wanted already, late or today' }),
    booked: z.int().meta({ description: 'Ordered already for later in the time that is planned' }),
    forecast: units.meta({ description: 'What customers here want besides in that time' }),
    known: z.number().optional().meta({ description: 'Where events and prices are known of that time: so many times what is wanted without them' }),
    behind: z
      .object({ perDay: units, variancePerDay: z.number(), position: units, days: z.number() })
      .meta({ description: 'What sites that this one supplies, and what is made of it, want and have' }),
    wanted: units,
    deviation: units,
    orderUpTo: units,
    reorderPoint: units,
    short: units.meta({
      description:
        'orderUpTo - countsAs - (supply + behind.position - overdue - booked), where that is above 0 and what is subtracted is at or below reorderPoint',
    }),
    stockoutWithout: chance,
    stockoutWith: chance,
    unitsAtRisk: units,
    price: toldAmount,
    minimum: z.int(),
    multiple: z.int(),
    by: toldPolicy.optional(),
  })
  .loose()

const line = {
  sku: z.string(),
  name: z.string(),
  quantity: z.int(),
  due: toldDay.nullable(),
  value: toldAmount,
  risk: toldAmount,
  because: z.string().meta({ description: 'In a sentence' }),
  basis,
}

const adjustment = z.object({
  id: z.string(),
  site: z.string(),
  sku: z.string(),
  from: toldDay,
  to: toldDay,
  percent: z.int(),
  reason: z.string(),
  adjuster: z.string(),
  madeAt: toldInstant,
  undoneAt: toldInstant.nullable(),
  forecastUnits: units.meta({ description: 'What was forecast of these days as it was made' }),
  adjustedUnits: units,
  sold: z.int().nullable().meta({ description: 'What was sold in these days; null while they are not over' }),
  valueAdded: units.nullable().meta({ description: 'By so many units the forecast was nearer to what was sold than without it' }),
})

export const planEndpoints = [
  endpoint({
    name: 'getPlan',
    method: 'GET',
    path: '/api/plan',
    summary: 'The plan: when it was made, what it comes to, and how far the next one is',
    roles: readers,
    scope: 'none',
    writes: false,
    output: z.object({
      plan: run.nullable().meta({ description: 'Null before the first' }),
      running: run.extend({ parts: z.int(), done: z.int(), items: z.int() }).nullable(),
      orders: z.int().meta({ description: 'Proposed and not approved yet, without those that wait' }),
      waiting: z.int().meta({ description: "Orders that wait for their source's least order" }),
      value: toldAmount,
      risk: toldAmount,
      messages: z.int(),
      schedule: z.object({
        planAt: z.string().nullable().meta({ description: 'The hour of the night at which a plan is made by itself; null for never' }),
        timeZone: z.string(),
        next: toldInstant.nullable().meta({ description: 'When it is made next' }),
      }),
    }),
    status: 200,
  }),
  endpoint({
    name: 'requestPlan',
    method: 'POST',
    path: '/api/plan/runs',
    summary: 'Work out a plan of all sites; it is done in the background, and replaces the one before it',
    roles: ['planner', 'buyer'],
    scope: 'every',
    writes: true,
    body: z.strictObject({ budget: amount.nullable().default(null) }),
    output: z.object({ id: z.string(), plannedOn: toldDay }).loose(),
    status: 202,
  }),
  endpoint({
    name: 'cancelPlan',
    method: 'POST',
    path: '/api/plan/runs/{id}/cancellation',
    summary: 'End a run that is under way; the plan before it stays',
    roles: ['planner', 'buyer'],
    scope: 'every',
    writes: true,
    params: id,
    body: z.strictObject({}),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'listPlannedOrders',
    method: 'GET',
    path: '/api/plan/orders',
    summary: 'Purchases, transfers and work orders that the plan proposes for a site, those with the most at risk first',
    roles: readers,
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, from: z.enum(['supplier', 'site', 'production']).optional(), cursor, limit }),
    output: page(plannedOrder),
    status: 200,
  }),
  endpoint({
    name: 'getPlannedOrder',
    method: 'GET',
    path: '/api/plan/orders/{id}',
    summary: 'One order that the plan proposes, line by line with its reasons',
    roles: readers,
    scope: 'site',
    writes: false,
    params: id,
    query: z.object({ site: siteCode }),
    output: plannedOrder.extend({ rows: z.array(z.object(line)) }),
    status: 200,
  }),
  endpoint({
    name: 'approvePlannedOrder',
    method: 'POST',
    path: '/api/plan/orders/{id}/approval',
    summary: 'Order what the plan proposes, all of it or some; what was ordered since it was planned is not ordered again',
    roles: ['planner', 'buyer'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({
      site: siteCode,
      lines: z
        .array(z.strictObject({ sku: code, quantity }))
        .min(1)
        .max(LINES_MAX)
        .optional()
        .meta({ description: 'Without them, all as proposed' }),
    }),
    output: z
      .object({
        id: z.string(),
        placed: z.boolean().meta({ description: 'False where nothing of it was needed any more' }),
        lines: z.array(z.object({ sku: z.string(), proposed: z.int(), ordered: z.int() })),
      })
      .loose(),
    status: 201,
  }),
  endpoint({
    name: 'listPlanMessages',
    method: 'GET',
    path: '/api/plan/messages',
    summary: 'Open orders that come too late, or are not needed any more',
    roles: readers,
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, cursor, limit }),
    output: page(z.object({ sku: z.string(), name: z.string(), message: z.enum(['expedite', 'surplus']), quantity: z.int(), because: z.string() })),
    status: 200,
  }),
  endpoint({
    name: 'getItemPlan',
    method: 'GET',
    path: '/api/items/{sku}/plan',
    summary: 'What is planned of an item at a site and why: its weeks of demand, the forecast, and every figure that the order follows from',
    roles: readers,
    scope: 'site',
    writes: false,
    params: z.object({ sku: code }),
    query: z.object({ site: siteCode }),
    output: z.object({
      sku: z.string(),
      today: toldDay,
      history: z.array(z.number()).meta({ description: 'Units a week, the last one ends yesterday' }),
      emptyDays: z
        .array(z.number())
        .meta({ description: 'Of each of these weeks, the days on which there was probably none: what was sold tells of the others' }),
      analogue: z
        .object({ like: z.string(), percent: z.int() })
        .nullable()
        .meta({ description: 'As so many per cent of which other item it is forecast until it has sold for a year' }),
      planning: z.array(toldItemPlanning).meta({ description: 'What is said of how it is ordered: at the site, and everywhere' }),
      known: z
        .array(
          z.object({
            kind: z.enum([...eventKinds, 'price']),
            name: z.string().meta({ description: 'Of the event; empty of another price' }),
            from: toldDay,
            to: toldDay,
            factor: z.number().meta({ description: 'So many times what is wanted without it' }),
            occurrences: z.int().meta({ description: 'How often it was there before while the item sold' }),
            items: z.int().meta({ description: 'How many items of the site tell of it; with none of both it changes nothing yet' }),
          }),
        )
        .meta({ description: 'Events and prices that are known of its days, behind and ahead, and what they do to demand' }),
      weekdays: z.array(z.number()).meta({ description: "The share of a week's demand that each of the next seven days has" }),
      method: z.string(),
      forecast: z
        .array(z.object({ mean: units, low: units, high: units }))
        .meta({ description: 'Of the next weeks, with 80 % between low and high, before adjustments' }),
      adjustments: z.array(adjustment),
      line: z
        .object({ ...line, from: z.enum(['supplier', 'site', 'production', 'none']), code: z.string().nullable(), order: z.string().nullable() })
        .nullable()
        .meta({ description: 'Null where no plan has it' }),
    }),
    status: 200,
  }),
  endpoint({
    name: 'listForecastAdjustments',
    method: 'GET',
    path: '/api/forecast-adjustments',
    summary: 'What people know of demand that its history does not, newest first, and what it was worth',
    roles: readers,
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, sku: code.optional(), cursor, limit }),
    output: page(adjustment).extend({
      byAdjuster: z.array(z.object({ adjuster: z.string(), adjustments: z.int(), nearer: z.int(), valueAdded: units })).meta({
        description: 'Of all at the site whose days are over: how many made the forecast nearer, and by how many units all of them together',
      }),
    }),
    status: 200,
  }),
  endpoint({
    name: 'adjustForecast',
    method: 'POST',
    path: '/api/forecast-adjustments',
    summary: 'Say that an item will sell better or worse in some days than its history tells; the next plan counts on it',
    roles: ['planner', 'buyer', 'sales'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      sku: code,
      from: day,
      to: day,
      percent: z
        .int()
        .min(-100)
        .max(PERCENT_MAX)
        .refine((percent) => percent !== 0, 'It changes nothing.')
        .meta({ description: 'More than forecast; below 0 less, at least -100' }),
      reason: text(200).min(1),
    }),
    output: z.object({ id: z.string(), forecastUnits: units, adjustedUnits: units }).loose(),
    status: 201,
  }),
  endpoint({
    name: 'setForecastAnalogue',
    method: 'POST',
    path: '/api/items/{sku}/analogue',
    summary: 'Say as which other item a new one is forecast, at every site, until it has sold for a year; null takes it back',
    roles: ['planner', 'buyer'],
    scope: 'none',
    writes: true,
    params: z.object({ sku: code }),
    body: z.strictObject({
      like: code.nullable(),
      percent: z.int().min(1).max(PERCENT_MAX).default(100).meta({ description: 'Of what the other sells' }),
    }),
    output: z.object({ sku: z.string(), like: z.string().nullable(), percent: z.int() }).loose(),
    status: 200,
  }),
  endpoint({
    name: 'undoForecastAdjustment',
    method: 'POST',
    path: '/api/forecast-adjustments/{id}/reversal',
    summary: 'Take an adjustment back',
    roles: ['planner', 'buyer', 'sales'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({ site: siteCode }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'listPlanningRules',
    method: 'GET',
    path: '/api/planning-rules',
    summary: 'By which rules orders are proposed: everywhere, and at sites that have their own',
    roles: readers,
    scope: 'none',
    writes: false,
    output: page(z.object({ site: z.string().nullable().meta({ description: 'Null: every site without a rule of its own' }), ...rule })),
    status: 200,
  }),
  endpoint({
    name: 'setPlanningRule',
    method: 'POST',
    path: '/api/planning-rules',
    summary: 'Say by which rules orders are proposed from the next plan on',
    roles: ['planner'],
    scope: 'every',
    writes: true,
    body: z.strictObject({ site: siteCode.nullable().default(null), ...rule }),
    output: z.object(rule).loose(),
    status: 200,
  }),
] as const
