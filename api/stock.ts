// Stock: what comes in, what changes, what is lost and counted, and what is there.

import { z } from 'zod'
import { conditions } from '../core/move.ts'
import { lossOrigins } from '../core/loss.ts'
import { lossCauses } from '../core/place.ts'
import { endpoint } from './endpoint.ts'
import {
  amount,
  code,
  countedInUnit,
  cursor,
  done,
  day,
  evidence,
  instantText,
  limit,
  lineNumber,
  LINES_MAX,
  lot,
  ownerCode,
  page,
  quantity,
  quantityInUnit,
  search,
  siteCode,
  text,
  toldAmount,
  toldAsked,
  toldDay,
  toldInstant,
  unit,
  wholeWithoutUnit,
} from './fields.ts'

const place = code.meta({ description: 'The code of a place of the site, e.g. SHELF' })
const condition = z.enum(conditions)
const pieces = { sku: code, quantity, place: place.default('SHELF'), lot: lot.default(''), serial: lot.default('') }
const lines = <Line extends z.ZodType>(line: Line) => z.array(line).min(1).max(LINES_MAX)
const ofSite = z.object({ site: siteCode, sku: code.optional(), cursor, limit })

const stockRow = z.object({
  sku: z.string(),
  name: z.string(),
  owner: z.string().meta({ description: 'Whose goods they are: the code of a company of ours or of a supplier' }),
  consigned: z.boolean().meta({ description: "Whether they are a supplier's, who leaves them with us" }),
  place: z.string(),
  lot: z.string(),
  serial: z.string(),
  package: z.string(),
  condition,
  quantity: z.int(),
  allocated: z.int(),
})
const consigned = z
  .int()
  .meta({ description: "Suppliers' goods that stand there besides and can be sold: what ours do not cover is taken over from them" })
const probability = z.number().nullable().meta({
  description:
    'The probability, at least, by what is believed, that what stock covers is there; null where nothing is believed, or it comes from supply',
})
const doubted = z.int().meta({ description: 'Of what is recorded, so many may not be there, by what is believed: nobody is promised them anew' })
const free = z.int().meta({ description: 'Neither held nor doubted' })
const available = {
  sellable: z.int(),
  reserved: z.int(),
  doubted,
  free,
  demand: z.int(),
  supply: z.int(),
  consigned,
  nextExpiry: toldDay.nullable(),
}
const availabilityRow = z.object({ sku: z.string(), name: z.string(), ...available })
const moveRow = z
  .object({
    sequence: z.int(),
    sku: z.string(),
    quantity: z.int(),
    from: z.string(),
    to: z.string(),
    owner: z.string().meta({ description: 'Whose goods they are afterwards' }),
    fromOwner: z.string(),
    fromCondition: condition,
    toCondition: condition,
    lot: z.string(),
    serial: z.string(),
    cause: z.string(),
    document: z.string(),
    line: z.int(),
    actor: z.string(),
    value: toldAmount,
    occurredAt: toldInstant,
    recordedAt: toldInstant,
    hash: z.string(),
  })
  .loose()
export const differenceRow = z.object({
  sequence: z.int(),
  sku: z.string(),
  name: z.string(),
  place: z.string().nullable(),
  lot: z.string(),
  serial: z.string(),
  condition,
  owner: z.string(),
  difference: z.int().meta({ description: 'Below 0 where something is gone' }),
  value: z.int().meta({ description: 'Minor units, with the sign of the difference' }),
  cause: z.string().meta({ description: 'Where it is booked: a cause of loss, `unexplained`, or `found`' }),
  note: z.string(),
  evidence: z.string(),
  document: z.string(),
  entered: z.boolean().meta({ description: 'Whether it was entered as a loss, which can be undone' }),
  undone: z.boolean(),
  actor: z.string(),
  occurredAt: toldInstant,
})
export const stockEndpoints = [
  endpoint({
    name: 'receive',
    method: 'POST',
    path: '/api/receipts',
    summary: 'Receive goods from a supplier, for a purchase or without one, or to stand here on consignment',
    roles: ['warehouse', 'till'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      purchase: z.uuid().optional(),
      owner: ownerCode,
      receivedAt: instantText.optional(),
      lines: lines(
        z
          .strictObject({
            ...pieces,
            place: place.default('DOCK'),
            unit,
            quantity: countedInUnit.meta({ description: 'What is taken; 0 where all is rejected. What came is never rounded' }),
            rejected: countedInUnit.default(0).meta({ description: 'What came and is not taken: it is never sellable' }),
            rejectedTo: z
              .enum(['quarantine', 'back'])
              .default('quarantine')
              .meta({ description: 'Where it goes: into quarantine, or back with the truck' }),
            isLast: z.boolean().default(false).meta({ description: "Nothing more of the purchase's line is expected" }),
            line: lineNumber.optional(),
            expiresOn: day.optional(),
            value: amount.optional().meta({ description: 'What all of the line is worth, minor units' }),
          })
          .refine(...wholeWithoutUnit('quantity'))
          .refine(...wholeWithoutUnit('rejected')),
      ),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'transfer',
    method: 'POST',
    path: '/api/transfers',
    summary: 'Send free stock to another site',
    roles: ['warehouse', 'planner'],
    scope: 'site',
    writes: true,
    body: z.strictObject({ site: siteCode, to: siteCode, sentAt: instantText.optional(), lines: lines(z.strictObject({ sku: code, quantity })) }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'lose',
    method: 'POST',
    path: '/api/losses',
    summary: 'Record goods that are gone, with the cause; more than is recorded goes below zero as an exception',
    roles: ['warehouse', 'till', 'driver'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      ...pieces,
      owner: ownerCode,
      condition: condition.default('sellable'),
      cause: z.enum(lossCauses),
      origin: z.enum(lossOrigins).optional().meta({ description: 'Where it was lost; without it, what cause and place say' }),
      note: text().default('').meta({ description: 'The reason in words' }),
      evidence: evidence.default('').meta({ description: 'What proves it, by its number elsewhere: a photo, a report, a claim' }),
      lostAt: instantText.optional(),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'count',
    method: 'POST',
    path: '/api/counts',
    summary: 'Record what was found at a place; the difference becomes a move',
    roles: ['warehouse', 'till'],
    scope: 'site',
    writes: true,
    body: z
      .strictObject({
        site: siteCode,
        sku: code,
        owner: ownerCode,
        counted: countedInUnit,
        unit,
        place: place.default('SHELF'),
        lot: lot.default(''),
        serial: lot.default(''),
        condition: condition.default('sellable'),
        countedAt: instantText.optional(),
      })
      .refine(...wholeWithoutUnit('counted')),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'changeCondition',
    method: 'POST',
    path: '/api/condition-changes',
    summary: 'Release, quarantine, demote or move goods within the site',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      ...pieces,
      owner: ownerCode,
      toPlace: place.optional(),
      from: condition,
      to: condition,
      changedAt: instantText.optional(),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'askPromise',
    method: 'POST',
    path: '/api/promises',
    summary: 'Ask when a quantity could be had; nothing is held',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    body: z
      .strictObject({ site: siteCode, sku: code, quantity: quantityInUnit, unit, requested: day.optional() })
      .refine(...wholeWithoutUnit('quantity')),
    output: z.object({
      quantity: z.int(),
      held: z.int(),
      promised: z.string().nullable(),
      reason: z.string(),
      probability,
      asked: toldAsked.optional(),
    }),
    status: 200,
  }),
  endpoint({
    name: 'listStock',
    method: 'GET',
    path: '/api/stock',
    summary: 'Recorded stock of a site by item, owner, place, lot, serial and condition',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: ofSite.extend({
      search,
      place: code.optional().meta({ description: 'Only what stands at this place' }),
      owner: code.optional().meta({ description: 'Only goods of this company of ours or of this supplier' }),
    }),
    output: page(stockRow),
    status: 200,
  }),
  endpoint({
    name: 'listAvailability',
    method: 'GET',
    path: '/api/availability',
    summary: 'What can be promised at a site, by item',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: ofSite.extend({ search }),
    output: page(availabilityRow),
    status: 200,
  }),
  endpoint({
    name: 'listItemAvailability',
    method: 'GET',
    path: '/api/items/{sku}/availability',
    summary: 'What can be promised of one item, at every site that the caller may see and that has it',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    params: z.object({ sku: code }),
    output: page(z.object({ site: z.string(), siteName: z.string(), ...available })),
    status: 200,
  }),
  endpoint({
    name: 'listMoves',
    method: 'GET',
    path: '/api/moves',
    summary: 'The ledger of a site in its order',
    roles: ['buyer', 'planner', 'warehouse', 'auditor'],
    scope: 'site',
    writes: false,
    query: ofSite.extend({ from: z.enum(['oldest', 'newest']).default('oldest') }),
    output: page(moveRow),
    status: 200,
  }),
  endpoint({
    name: 'listDifferences',
    method: 'GET',
    path: '/api/differences',
    summary: 'Where the record was corrected at a site: what counts found and what was lost, newest first',
    roles: ['buyer', 'planner', 'warehouse', 'auditor'],
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, cause: z.enum(['count', 'loss']), cursor, limit }),
    output: page(differenceRow),
    status: 200,
  }),
] as const
