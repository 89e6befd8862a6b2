// Plan, its terms: what suppliers, and sites of ours that supply others, ask of each order, and which orders are placed without a person looking at each.

import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { orderSources } from '../core/planning.ts'
import { amount, code, LINES_MAX, page, siteCode, text, toldAmount } from './fields.ts'

const LOAD_UNITS_MAX = 1_000_000_000
const LOAD_MILLIGRAMS_MAX = 1e15

const SUPPLIERS_MAX = 200
const USUAL_TIMES_MAX = 1_000
const conditions = {
  valueMax: amount.meta({ description: 'The most that one order may be worth' }),
  from: z.array(z.enum(orderSources)).max(orderSources.length).default([]).meta({ description: 'Kinds of orders; none for any' }),
  suppliers: z.array(code).max(SUPPLIERS_MAX).default([]).meta({ description: 'Whose purchases; none for any' }),
  usualTimesMax: z.number().min(0.1).max(USUAL_TIMES_MAX).nullable().default(null).meta({
    description: 'A purchase may be worth so many times what one of its supplier for the site usually is, to a decimal; null where that is no matter',
  }),
}
const toldConditions = {
  valueMax: toldAmount,
  from: z.array(z.enum(orderSources)),
  suppliers: z.array(z.string()),
  usualTimesMax: z.number().nullable(),
}

export const planTermsEndpoints = [
  endpoint({
    name: 'approvePlannedOrders',
    method: 'POST',
    path: '/api/plan/approvals',
    summary:
      'Order all that the plan proposes for a site and the conditions allow: within the budget, not waiting, without a doubtful line; so many at a time, so send it again after `next`',
    roles: ['planner', 'buyer'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      ...conditions,
      after: z.uuid().nullable().default(null).meta({ description: 'Where the answer before ended: its `next`' }),
    }),
    output: z
      .object({
        ordered: z.array(z.object({ id: z.string(), placed: z.boolean() })),
        kept: z
          .array(z.object({ id: z.string(), code: z.string(), why: z.string(), because: z.string() }))
          .meta({ description: 'Those that are not, and why: by a word and in a sentence; told once, with the first answer' }),
        next: z.string().nullable().meta({ description: 'Null where no more are left' }),
      })
      .loose(),
    status: 201,
  }),
  endpoint({
    name: 'listApprovalRules',
    method: 'GET',
    path: '/api/approval-rules',
    summary: 'Which orders are placed by themselves right after a plan is done: everywhere, and at sites that have their own rule',
    roles: ['buyer', 'planner', 'auditor'],
    scope: 'none',
    writes: false,
    output: page(z.object({ site: z.string().nullable().meta({ description: 'Null: every site without a rule of its own' }), ...toldConditions })),
    status: 200,
  }),
  endpoint({
    name: 'setApprovalRule',
    method: 'POST',
    path: '/api/approval-rules',
    summary: 'Say which orders are placed by themselves from the next plan on; people approve the others',
    roles: ['planner'],
    scope: 'every',
    writes: true,
    body: z.strictObject({ site: siteCode.nullable().default(null), ...conditions }),
    output: z.object({ valueMax: toldAmount }).loose(),
    status: 200,
  }),
  endpoint({
    name: 'endApprovalRule',
    method: 'POST',
    path: '/api/approval-rules/ending',
    summary: 'Place nothing by itself any more; a site that had its own rule follows that of every site again',
    roles: ['planner'],
    scope: 'every',
    writes: true,
    body: z.strictObject({ site: siteCode.nullable().default(null) }),
    output: z.object({ ended: z.boolean() }),
    status: 200,
  }),
  endpoint({
    name: 'setPlanSchedule',
    method: 'POST',
    path: '/api/plan/schedule',
    summary: 'Say at which hour of the night a plan is made by itself; a server that did not run then makes it as soon as it does',
    roles: ['planner'],
    scope: 'every',
    writes: true,
    body: z.strictObject({
      planAt: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of the day is as 02:00.')
        .nullable()
        .meta({ description: 'Null for never' }),
      timeZone: text(100).min(1).default('UTC').meta({ description: 'Whose clocks count', example: 'Europe/Zurich' }),
    }),
    output: z.object({ planAt: z.string().nullable(), timeZone: z.string() }).loose(),
    status: 200,
  }),
  endpoint({
    name: 'listSourceTerms',
    method: 'GET',
    path: '/api/source-terms',
    summary: 'What suppliers, and sites that supply others, ask of each order: the least that it is worth, and a full load',
    roles: ['buyer', 'planner', 'auditor'],
    scope: 'none',
    writes: false,
    output: page(
      z.object({
        from: z.enum(['supplier', 'site']),
        code: z.string(),
        name: z.string(),
        least: toldAmount,
        loadUnits: z.int().nullable(),
        loadWeight: z.int().nullable().meta({ description: 'Milligrams' }),
      }),
    ),
    status: 200,
  }),
  endpoint({
    name: 'setSourceTerms',
    method: 'POST',
    path: '/api/source-terms',
    summary: 'Say what suppliers or sites ask of each order from the next plan on; what was said before of the same is replaced',
    roles: ['buyer', 'planner'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      terms: z
        .array(
          z.strictObject({
            from: z.enum(['supplier', 'site']),
            code,
            least: amount.default(0).meta({ description: 'An order below it is raised by what is needed next, or waits; 0 for any' }),
            loadUnits: z
              .int()
              .min(1)
              .max(LOAD_UNITS_MAX)
              .nullable()
              .default(null)
              .meta({ description: 'Pieces of a full load: one that is nearly full is filled' }),
            loadWeight: z.int().min(1).max(LOAD_MILLIGRAMS_MAX).nullable().default(null).meta({ description: 'Milligrams of a full load' }),
          }),
        )
        .min(1)
        .max(LINES_MAX),
    }),
    output: z.object({ terms: z.int() }),
    status: 200,
  }),
] as const
