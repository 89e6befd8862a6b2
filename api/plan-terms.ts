// Plan, its terms: what suppliers, and sites of ours that supply others, ask of each order.

import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { amount, code, LINES_MAX, page, toldAmount } from './fields.ts'

const LOAD_UNITS_MAX = 1_000_000_000
const LOAD_MILLIGRAMS_MAX = 1e15

export const planTermsEndpoints = [
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
