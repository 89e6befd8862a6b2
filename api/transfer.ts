// Transfers that are asked for: which site supplies which, and a transfer's way from the site that is asked to the dock of the one that asks;
// either may call off what has not left.
// Free stock that is simply sent to another site is in stock.ts.

import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { transferStates, type TransferAction } from '../core/transfer.ts'
import {
  code,
  countedQuantity,
  cursor,
  day,
  days_max,
  done,
  ifMatch,
  instantText,
  limit,
  lineNumber,
  LINES_MAX,
  lot,
  page,
  quantity,
  siteCode,
  tag,
  toldDay,
  toldInstant,
} from './fields.ts'

const id = z.object({ id: z.uuid() })
const lines = <Line extends z.ZodType>(line: Line) => z.array(line).min(1).max(LINES_MAX)

const directions = ['in', 'out'] as const
const head = z
  .object({
    id: z.string(),
    site: z.string(),
    direction: z.enum(directions).meta({ description: '`in` where the goods come, `out` where they leave' }),
    other: z.string().nullable().meta({ description: 'The site at the other end' }),
    state: z.enum(transferStates),
    can: z.array(z.enum(['send', 'receive', 'cancel'] satisfies TransferAction[])),
    lines: z.int(),
    quantity: z.int(),
    moved: z.int().meta({ description: 'What has left, or is received' }),
    cancelled: z.int(),
    held: z.int(),
    pegged: z.int(),
    underWay: z.int(),
    due: toldDay.nullable().meta({ description: 'When the next of it is expected, or wanted; null when nothing is open' }),
    toldAt: toldInstant.nullable().meta({ description: 'When this site asked, or was told' }),
  })
  .loose()
const line = z.object({
  line: z.int(),
  sku: z.string(),
  name: z.string(),
  direction: z.enum(['supply', 'demand']),
  quantity: z.int(),
  posted: z.int(),
  cancelled: z.int(),
  held: z.int(),
  pegged: z.int(),
  due: toldDay,
  askedBy: z.string(),
  there: z
    .object({ posted: z.int(), cancelled: z.int(), held: z.int() })
    .nullable()
    .meta({ description: 'The same line at the other end; null until that site has heard of it' }),
})
const tie = z.object({ line: z.int(), quantity: z.int(), kind: z.string(), document: z.string(), order: z.string().nullable(), due: toldDay })

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
    name: 'listTransfers',
    method: 'GET',
    path: '/api/transfers',
    summary: 'Transfers of a site, from and to others, newest first; by state, a page may be short and still have a next one',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, direction: z.enum(directions).optional(), state: z.enum(transferStates).optional(), cursor, limit }),
    output: page(head),
    status: 200,
  }),
  endpoint({
    name: 'getTransfer',
    method: 'GET',
    path: '/api/transfers/{id}',
    summary: 'One transfer as a site sees it: its lines at both ends, what is on its way, whom it is for and what it waits for',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    params: id,
    query: z.object({ site: siteCode }),
    output: head.extend({
      lines: z.array(line),
      underWay: z.array(
        z
          .object({ line: z.int(), sku: z.string(), quantity: z.int(), lot: z.string(), serial: z.string(), sentAt: toldInstant, due: toldDay })
          .loose(),
      ),
      pegs: z.array(tie).meta({ description: 'Where the goods come: whom they are for; where they leave: what they wait for' }),
      events: z.array(z.object({ type: z.string(), occurredAt: toldInstant, data: z.object({}).loose() })),
    }),
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
    summary: 'What is on its way for a transfer stands at the dock; where it was counted, fewer or more of it',
    roles: ['warehouse', 'planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({
      site: siteCode,
      receivedAt: instantText.optional(),
      lines: lines(z.strictObject({ line: lineNumber, quantity: countedQuantity, lot: lot.default(''), serial: lot.default('') }))
        .optional()
        .meta({ description: 'What was counted; lines that are not named came as they left' }),
    }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'loseArrival',
    method: 'POST',
    path: '/api/transfers/{id}/loss',
    summary: 'What is on its way for a transfer will not come: the carrier lost it; whoever counted on it is named',
    roles: ['warehouse', 'planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({ site: siteCode }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'cancelTransfer',
    method: 'POST',
    path: '/api/transfers/{id}/cancellation',
    summary: 'What has not left will not leave; the site that was asked stops it and tells how much that was',
    roles: ['planner', 'warehouse'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({ site: siteCode }),
    output: done,
    status: 200,
  }),
] as const
