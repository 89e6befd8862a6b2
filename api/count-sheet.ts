// Count sheets: what is to be counted at a site, what counters enter, and what comes of it. Before a sheet is posted, who counts is told neither what is
// recorded nor what others counted.

import { z } from 'zod'
import { countKinds, countStates, positions_max } from '../core/count-sheet.ts'
import { conditions } from '../core/move.ts'
import { endpoint } from './endpoint.ts'
import {
  amount,
  code,
  countedInUnit,
  countedQuantity,
  cursor,
  done,
  instantText,
  limit,
  lot,
  ownerCode,
  page,
  siteCode,
  text,
  toldAmount,
  toldInstant,
  unit,
  wholeWithoutUnit,
} from './fields.ts'

const ENTRIES_MAX = 500
const LIST_MAX = 500
const id = z.object({ id: z.uuid() })
const place = code.default('SHELF').meta({ description: 'The code of a place of the site, e.g. SHELF' })
const condition = z.enum(conditions).default('sellable')
const position = { sku: code, place, lot: lot.default(''), serial: lot.default(''), condition, owner: ownerCode }

const tolerance = z
  .strictObject({
    units: countedQuantity.optional(),
    perMillion: z.int().min(0).max(1_000_000_000).optional().meta({ description: 'Of what is recorded' }),
    value: amount.optional(),
  })
  .meta({ description: 'How far off a position may be and still be posted unseen: not further than each that is given; without any, not at all' })

const countList = z.strictObject({
  seed: z.int().min(0).meta({ description: 'By which chance drew' }),
  lines: z
    .array(z.strictObject({ sku: code, drawn: z.boolean() }))
    .min(1)
    .max(LIST_MAX),
})

/** An item of a sheet: what was believed of it when the sheet was opened, beside what was found. */
const predicted = z.object({
  sku: z.string(),
  name: z.string(),
  drawn: z.boolean().meta({ description: 'Whether chance put it on the sheet' }),
  recorded: z.int().meta({ description: 'Our own that could be sold, when the sheet was opened, at the whole site' }),
  isPart: z.boolean().meta({ description: 'Some of it stood at positions that are not on the sheet: those are taken to be as recorded' }),
  believed: z
    .object({ expected: z.number(), low: z.int(), high: z.int(), empty: z.number() })
    .nullable()
    .meta({ description: 'What was believed to be at the site when the sheet was opened, with the interval of 90 %; null where nothing was' }),
  counted: z.int().nullable().meta({ description: 'Null where nobody counted all of its positions' }),
  against: z
    .object({ moved: z.int(), expected: z.number(), low: z.int(), high: z.int(), isInBand: z.boolean() })
    .nullable()
    .meta({ description: 'What was predicted to be found, after what came and went (`moved`) until it was counted' }),
})

const accuracy = z
  .object({
    positions: z.int().meta({ description: 'That were counted' }),
    within: z.int().meta({ description: 'Of them within tolerance' }),
    withinPerMillion: z.int(),
    unitsOff: z.int().meta({ description: 'Whichever way, as known by now' }),
    valueOff: toldAmount.meta({ description: 'Whichever way' }),
    value: toldAmount.meta({ description: 'What was found less what was missed' }),
  })
  .nullable()
  .meta({ description: 'Null until it is posted' })

const head = z.object({
  id: z.string(),
  kind: z.enum(countKinds),
  state: z.enum(countStates),
  isBlind: z.boolean(),
  note: z.string(),
  openedAt: toldInstant,
  openedBy: z.string(),
  closedAt: toldInstant.nullable(),
  approvedBy: z.string().nullable(),
  postedAt: toldInstant.nullable(),
  cancelledAt: toldInstant.nullable(),
  cancelledBy: z.string().nullable(),
  reason: z.string().nullable(),
  positions: z.int(),
  toCount: z.int().meta({ description: 'Positions that are still to be counted, or counted again' }),
  accuracy,
})

const told = z.object({
  line: z.int(),
  sku: z.string(),
  name: z.string(),
  owner: z.string(),
  place: z.string(),
  lot: z.string(),
  serial: z.string(),
  condition: z.enum(conditions),
  isFind: z.boolean().meta({ description: 'Nobody asked for it: it was found' }),
  round: z.int(),
  isToCount: z.boolean(),
  recorded: z.int().nullable().meta({ description: 'Null while it is not to be seen. On a sheet that is not blind what is recorded now' }),
  counted: z.int().nullable(),
  countedAt: toldInstant.nullable(),
  difference: z.int().nullable(),
  undone: z.int().nullable().meta({ description: 'What was told later of the time before the count, and so taken off the difference' }),
  value: toldAmount.nullable().meta({ description: 'What the difference was worth' }),
  verdict: z.enum(['within', 'recount', 'approve']).nullable(),
  entries: z.array(
    z.object({
      entry: z.string(),
      part: z.string(),
      round: z.int(),
      counted: z.int(),
      countedAt: toldInstant,
      counter: z.string(),
      isAbsurd: z.boolean(),
    }),
  ),
})

const tellsEntry = z
  .object({ entry: z.string(), accepted: z.boolean() })
  .loose()
  .meta({ description: 'With `code`, `field` and `detail` where it is refused' })

export const countSheetEndpoints = [
  endpoint({
    name: 'listCountSheets',
    method: 'GET',
    path: '/api/count-sheets',
    summary: 'Count sheets of a site, the newest first, with how accurate the record was',
    roles: ['warehouse', 'till', 'planner', 'auditor'],
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, state: z.enum(countStates).optional(), cursor, limit }),
    output: page(head),
    status: 200,
  }),
  endpoint({
    name: 'getCountSheet',
    method: 'GET',
    path: '/api/count-sheets/{id}',
    summary: 'A count sheet; what is recorded and how far off it is only once it is posted, or, once it was closed, to who does not count',
    roles: ['warehouse', 'till', 'planner', 'auditor'],
    scope: 'site',
    writes: false,
    params: id,
    query: z.object({ site: siteCode }),
    output: head.extend({
      tolerance: z.object({ units: z.int().nullable(), perMillion: z.int().nullable(), value: toldAmount.nullable() }),
      lines: z.array(told),
      predicted: z.array(predicted).nullable().meta({ description: 'By item; null while what is recorded is not to be seen' }),
    }),
    status: 200,
  }),
  endpoint({
    name: 'openCountSheet',
    method: 'POST',
    path: '/api/count-sheets',
    summary: 'Open a count sheet: with these positions, with what is recorded at these places and of these items, or of a count list',
    roles: ['planner'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      kind: z.enum(countKinds),
      isBlind: z.boolean().default(true),
      note: text(500).default(''),
      tolerance: tolerance.default({}),
      positions: z.array(z.strictObject(position)).max(positions_max).optional(),
      places: z.array(code).min(1).max(positions_max).optional(),
      skus: z.array(code).min(1).max(positions_max).optional(),
      list: countList.optional().meta({
        description:
          'Of a count list (`GET /api/count-list`), instead of the others: where these items stand and can be sold, and which of them chance drew',
      }),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'enterCounts',
    method: 'POST',
    path: '/api/count-sheets/{id}/entries',
    summary: 'Enter what was counted; each entry is taken or refused by itself, and sent again it is the same entry',
    roles: ['warehouse', 'till'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({
      site: siteCode,
      entries: z
        .array(
          z
            .strictObject({
              entry: text(100).min(1).meta({ description: "The counter's own key" }),
              ...position,
              part: text(100).default('').meta({ description: 'Of the position, where others count the rest of it; empty for all of it' }),
              counted: countedInUnit,
              unit,
              countedAt: instantText,
              isSure: z.boolean().default(false).meta({ description: 'Counted again, though it is far above anything that is here' }),
              isRecount: z.boolean().default(false).meta({ description: 'Replaces what somebody else counted of it' }),
            })
            .refine(...wholeWithoutUnit('counted')),
        )
        .min(1)
        .max(ENTRIES_MAX),
    }),
    output: z.object({ id: z.string(), entries: z.array(tellsEntry) }),
    status: 200,
  }),
  endpoint({
    name: 'closeCountSheet',
    method: 'POST',
    path: '/api/count-sheets/{id}/closing',
    summary: 'Compare what was counted with the ledger as it was then: post it, have it counted again, or have it approved',
    roles: ['warehouse', 'planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({
      site: siteCode,
      leavesUncounted: z.boolean().default(false).meta({ description: 'What nobody counted is left as it is recorded' }),
    }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'approveCountSheet',
    method: 'POST',
    path: '/api/count-sheets/{id}/approval',
    summary: 'Approve what is further off than its tolerance, and post the sheet; nobody does so who counted some of it',
    roles: ['planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({ site: siteCode }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'cancelCountSheet',
    method: 'POST',
    path: '/api/count-sheets/{id}/cancellation',
    summary: 'Cancel a count sheet that is not posted: nothing of it is',
    roles: ['planner'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({ site: siteCode, reason: text(500).default('') }),
    output: done,
    status: 200,
  }),
] as const
