// Transfers that are asked for: which site supplies which, and a transfer's way from the site that is asked to the dock of the one that asks.
// Free stock that is simply sent to another site is in stock.ts.

import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { code, day, days_max, done, ifMatch, instantText, LINES_MAX, page, quantity, siteCode, tag } from './fields.ts'

const id = z.object({ id: z.uuid() })
const lines = <Line extends z.ZodType>(line: Line) => z.array(line).min(1).max(LINES_MAX)

export const transferEndpoints = [
  endpoint({
    name: 'listSiteSources',
    method: 'GET',
    path: '/api/site-sources',
    summary: 'Which site supplies which with what is bought and what is made',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    output: page(z.object({ tag }).loose()),
    status: 200,
  }),
  endpoint({
    name: 'setSiteSources',
    method: 'POST',
    path: '/api/site-sources',
    summary: 'Say which site supplies another; what was said before of the same site and class is replaced',
    roles: ['planner'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      sources: lines(
        z.strictObject({
          site: siteCode,
          source: z.enum(['buy', 'make']).meta({ description: 'The class of items: what is bought, or what is made' }),
          from: siteCode,
          transferDays: z.int().min(0).max(days_max),
          ifMatch,
        }),
      ),
    }),
    output: z.object({ sources: z.int() }),
    status: 200,
  }),
  endpoint({
    name: 'requestTransfer',
    method: 'POST',
    path: '/api/transfer-requests',
    summary: 'Ask another site for goods: supply here, demand there',
    roles: ['planner', 'warehouse'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      from: siteCode,
      due: day.optional().meta({ description: 'When it is wanted here; today without it' }),
      lines: lines(z.strictObject({ sku: code, quantity })),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'getTransfer',
    method: 'GET',
    path: '/api/transfers/{id}',
    summary: 'One transfer as a site sees it: its lines, and what is on its way',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    params: id,
    query: z.object({ site: siteCode }),
    output: z.object({}).loose(),
    status: 200,
  }),
  endpoint({
    name: 'dispatchTransfer',
    method: 'POST',
    path: '/api/transfers/{id}/dispatch',
    summary: 'Send what is held for a transfer that another site asked for',
    roles: ['warehouse', 'planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({
      site: siteCode,
      sentAt: instantText.optional(),
      arrivesOn: day.optional().meta({ description: 'Without it, as many days later as the way takes' }),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'takeArrival',
    method: 'POST',
    path: '/api/transfers/{id}/arrival',
    summary: 'What is on its way for a transfer stands at the dock',
    roles: ['warehouse', 'planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({ site: siteCode, receivedAt: instantText.optional() }),
    output: done,
    status: 200,
  }),
] as const
