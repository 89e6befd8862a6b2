// Exceptions: what a person must look at, whom it hurts, what can be done about it and at what price; and the one step that does it.

import { z } from 'zod'
import { remedyKinds } from '../core/plan/remedy.ts'
import { endpoint } from './endpoint.ts'
import { code, cursor, day, limit, page, siteCode, toldAmount, toldDay, toldInstant } from './fields.ts'

/** Quantities and amounts that are only read back. */
const amountMax = 1_000_000_000_000_000
const id = z.object({ id: z.uuid() })

const phantom = z
  .object({
    empty: z.number().meta({ description: 'The probability, as it is believed now, that there is none' }),
    lostPerDay: toldAmount.meta({
      description: 'What is not earned a day while there is none: what customers want a day, times price less standard cost',
    }),
    lostSoFar: toldAmount.meta({ description: 'The same since it was raised' }),
  })
  .nullable()
  .meta({ description: 'Of phantom stock that is open: what it costs; a count ends it' })

const exceptionRow = z
  .object({
    id: z.string(),
    kind: z.string(),
    sku: z.string().nullable(),
    document: z.string().nullable(),
    order: z.string().nullable().meta({ description: 'Its number, where the document is an order of this site' }),
    line: z.int().nullable(),
    quantity: z.int(),
    hurtLines: z.int().meta({ description: 'Order lines that it hurt when it was raised' }),
    hurtValue: toldAmount.meta({ description: 'What of them was at risk, in minor units' }),
    detail: z.string(),
    raisedAt: toldInstant,
    phantom,
  })
  .loose()

const hurt = z.object({
  order: z.string().nullable(),
  customer: z.string().nullable(),
  customerName: z.string().nullable(),
  line: z.int(),
  sku: z.string(),
  quantity: z.int().meta({ description: 'What is still open of it' }),
  value: toldAmount,
  promised: toldDay.nullable().meta({ description: 'As it was given first; it never changes' }),
  promisedAgain: toldDay.nullable().meta({ description: 'The day that the customer was told last, where that was another' }),
  estimate: toldDay.nullable().meta({ description: 'When it can be expected now; null where no supply is known' }),
  state: z.enum(['hurt', 'mended', 'over']).meta({ description: 'Over where nothing of it is open any more' }),
})

const remedy = z.object({
  remedy: z.enum(remedyKinds),
  with: z.string().nullable().meta({ description: 'The site or supplier that it is done with' }),
  quantity: z.int(),
  cost: z.int().nullable().meta({ description: 'Minor units, below 0 where it saves; null where it cannot be said' }),
  date: toldDay,
  lines: z.int().meta({ description: 'How many lines come sooner, or are told a day' }),
  inTime: z.int().meta({ description: 'Of these, how many by their day' }),
  value: toldAmount.meta({ description: 'What those are worth' }),
  because: z.string(),
})

export const exceptionEndpoints = [
  endpoint({
    name: 'listExceptions',
    method: 'GET',
    path: '/api/exceptions',
    summary: 'What a person must look at, oldest first',
    roles: ['sales', 'buyer', 'planner', 'warehouse', 'till', 'auditor'],
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, cursor, limit }),
    output: page(exceptionRow),
    status: 200,
  }),
  endpoint({
    name: 'getException',
    method: 'GET',
    path: '/api/exceptions/{id}',
    summary: 'One exception: whom it hurts and how they stand now, and what can be done at which cost, by when and for whom',
    roles: ['sales', 'buyer', 'planner', 'auditor'],
    scope: 'site',
    writes: false,
    params: id,
    query: z.object({ site: siteCode, cursor, limit }),
    output: z.object({
      id: z.string(),
      kind: z.string(),
      sku: z.string().nullable(),
      document: z.string().nullable(),
      documentKind: z.enum(['purchase', 'transfer_in', 'output', 'order', 'other']),
      line: z.int().nullable(),
      detail: z.string(),
      raisedAt: toldInstant,
      closedAt: toldInstant.nullable(),
      expected: toldDay.nullable().meta({ description: 'When the late supply is expected; null where nothing more of it comes' }),
      lines: z.int(),
      orders: z.int(),
      mended: z.int().meta({ description: 'Lines that are there by their day as things stand, or over' }),
      phantom,
      atRisk: toldAmount.meta({ description: 'What the others are worth' }),
      hurt: page(hurt),
      remedies: z.array(remedy),
      absent: z.array(z.object({ what: z.string(), why: z.string() })).meta({ description: 'What might help and cannot be said, and why' }),
      done: z.array(z.object({ occurredAt: toldInstant, data: z.object({}).loose() })).meta({ description: 'What was done about it' }),
    }),
    status: 200,
  }),
  endpoint({
    name: 'applyRemedy',
    method: 'POST',
    path: '/api/exceptions/{id}/remedy',
    summary:
      'Do one of the things that can be done, as it was read: refused where it costs something else, comes on another day or is another quantity by now',
    roles: ['planner', 'buyer'],
    scope: 'site',
    writes: true,
    params: id,
    body: z.strictObject({
      site: siteCode,
      remedy: z.enum(remedyKinds),
      with: code.nullable().default(null),
      quantity: z.int().min(0).max(amountMax),
      cost: z.int().min(-amountMax).max(amountMax).nullable(),
      date: day,
    }),
    output: z.object({ id: z.string(), document: z.string().nullable(), lines: z.int(), left: z.int() }).loose(),
    status: 200,
  }),
] as const
