// Explain: for every figure that people see, the formula and the rows that it follows from, named by their ids, so that it can be reckoned again by
// anybody from those rows alone. `docs/explain.md` says how.

import { z } from 'zod'
import { methods } from '../core/item.ts'
import { conditions } from '../core/move.ts'
import { asGiven } from './given-promise.ts'
import { endpoint } from './endpoint.ts'
import { code, cursor, day, instantText, limit, lot, orderNumber, quantity, siteCode, sscc, toldAmount, toldDay, toldInstant } from './fields.ts'

const asOf = {
  site: siteCode,
  sku: code,
  at: instantText.optional().meta({ description: 'As it was then, by when things happened; without it as it is' }),
  sequence: z.coerce.number().int().min(0).optional().meta({ description: "As known when this was the site's last move" }),
  knownAt: instantText.optional().meta({ description: 'As known then, by when things were recorded' }),
}
const on = day.optional().meta({ description: 'At the end of this day, whatever `at` says' })
const paged = { cursor, limit }

const next = z.string().nullable()
const says = z.string().meta({ description: 'The same in a sentence' })
const formulas = z
  .record(z.string(), z.string())
  .meta({ description: 'Each figure by what it is reckoned from; figures that are named stand in `figure`, other names are lists of this answer' })
const explained = { sku: z.string(), name: z.string(), site: z.string(), formulas, says }
const asOfWhen = { at: toldInstant, sequence: z.int().meta({ description: 'The last move that counts as known' }) }
const documentKind = z.enum(['order', 'purchase', 'work_order', 'transfer', 'return']).nullable()
/** What a row belongs to, and how people find it. */
const document = {
  document: z.string(),
  documentKind: documentKind.meta({ description: 'Null for what has no page of its own, e.g. a count' }),
  number: z.string().nullable().meta({ description: 'What an order is called' }),
}

const quantityRow = z.object({
  sequence: z.int().meta({ description: "The move's number at the site" }),
  occurredAt: toldInstant,
  recordedAt: toldInstant,
  cause: z.string(),
  ...document,
  line: z.int(),
  from: z.string(),
  to: z.string(),
  lot: z.string(),
  serial: z.string(),
  in: z.int(),
  out: z.int(),
  sum: z.int().meta({ description: 'With it and all rows after it' }),
})

const valueRow = z.object({
  kind: z.enum(['move', 'correction']),
  sequence: z.int().meta({ description: "The move's number at the site; of a correction, the last move before it" }),
  correction: z.string().nullable().meta({ description: "The correction's id" }),
  occurredAt: toldInstant.nullable(),
  countsOn: toldDay.nullable().meta({ description: 'The day whose value a correction changes' }),
  recordedAt: toldInstant,
  cause: z.string(),
  against: z.string().meta({ description: 'Where the goods came from or went to, or whose cost a correction is' }),
  ...document,
  quantity: z.int().meta({ description: 'Below 0 for what went out' }),
  value: z.int().meta({ description: 'Minor units; below 0 for what went out' }),
  sumQuantity: z.int(),
  sumValue: z.int(),
})

const period = z
  .object({ through: toldDay, sequence: z.int(), closedAt: toldInstant, document: z.string() })
  .nullable()
  .meta({ description: 'The closed period that the figure is of, in which nothing changes any more' })
const worth = { quantity: z.int(), value: toldAmount }
const valueRows = {
  period,
  pendingFrom: toldDay.nullable().meta({ description: 'From this day on costs are being corrected; null when all are right' }),
  rows: z.array(valueRow).meta({ description: 'Newest first' }),
  carried: z.object(worth).meta({ description: 'What the rows after this page come to' }),
  next,
}

const stockRow = z.object({
  place: z.string(),
  lot: z.string(),
  serial: z.string(),
  package: z.string(),
  condition: z.enum(conditions),
  owner: z.string(),
  consigned: z.boolean().meta({ description: "Whether they are a supplier's, and ours only when they are promised or sold" }),
  quantity: z.int(),
})
const plannedRow = z.object({
  ...document,
  line: z.int(),
  part: z.int(),
  kind: z.string(),
  direction: z.enum(['supply', 'demand']),
  due: toldDay,
  open: z.int(),
  held: z.int(),
  pegged: z.int(),
})
const sums = { sellable: z.int(), consigned: z.int(), reserved: z.int(), demand: z.int(), supply: z.int() }

const planned = { site: z.string(), ...document, line: z.int(), part: z.int() }

const readers = ['buyer', 'planner', 'warehouse', 'auditor'] as const

const believed = z.object({
  safe: z.int().meta({ description: 'So many are there with the probability of the service level' }),
  doubted: z
    .int()
    .meta({ description: 'What was recorded when that was believed, less what is safe, where that is more than none; 0 by a service level of 0' }),
  empty: z.number().meta({ description: 'The probability that there is none' }),
  serviceLevel: z.number(),
  asOf: toldInstant,
})

export const explainEndpoints = [
  endpoint({
    name: 'explainQuantity',
    method: 'GET',
    path: '/api/explain/quantity',
    summary: 'How much of an item is or was at a site, or at one place or of one lot of it, with the moves that it comes from',
    roles: readers,
    scope: 'site',
    writes: false,
    query: z.object({
      ...asOf,
      place: code.optional(),
      lot: lot.optional(),
      serial: lot.optional(),
      package: sscc.or(z.literal('')).optional(),
      condition: z.enum(conditions).optional(),
      owner: code.optional().meta({ description: "Whose goods; without it the site's own company's" }),
      ...paged,
    }),
    output: z.object({
      ...explained,
      ...asOfWhen,
      figure: z.object({ quantity: z.int() }),
      rows: z.array(quantityRow).meta({ description: 'Moves by which it became more or less, newest first' }),
      carried: z.object({ quantity: z.int() }).meta({ description: 'What the rows after this page come to' }),
      next,
    }),
    status: 200,
  }),
  endpoint({
    name: 'explainAvailability',
    method: 'GET',
    path: '/api/explain/availability',
    summary: 'What can be sold of an item at a site, is held, asked for, expected and can be promised, with the rows that each comes from',
    roles: ['sales', ...readers],
    scope: 'site',
    writes: false,
    query: z.object({
      site: siteCode,
      sku: code,
      on: day.optional().meta({ description: 'What can be promised for this day; without it today' }),
      ...paged,
    }),
    output: z.object({
      ...explained,
      on: toldDay,
      today: toldDay.meta({ description: 'What is overdue counts as due on this day' }),
      figure: z.object({ ...sums, doubted: z.int(), free: z.int(), promisable: z.int() }),
      belief: believed
        .nullable()
        .meta({ description: 'What is believed to be there, that the figure takes what is doubted from; null where nothing is known' }),
      days: z
        .array(z.object({ due: toldDay.nullable(), supply: z.int(), demand: z.int(), balance: z.int(), promisable: z.int() }))
        .meta({ description: 'Stock, then each day on which something is due, with what there is after it and what can be promised from it on' }),
      stock: z.array(stockRow),
      planned: z.array(plannedRow),
      carried: z.object(sums).meta({ description: 'What the rows after this page come to' }),
      next,
    }),
    status: 200,
  }),
  endpoint({
    name: 'explainValue',
    method: 'GET',
    path: '/api/explain/value',
    summary: "What a site's stock of an item is or was worth, with the moves and corrections that it comes from",
    roles: readers,
    scope: 'site',
    writes: false,
    query: z.object({ ...asOf, on, ...paged }),
    output: z.object({ ...explained, ...asOfWhen, figure: z.object(worth), ...valueRows }),
    status: 200,
  }),
  endpoint({
    name: 'explainCost',
    method: 'GET',
    path: '/api/explain/cost',
    summary: 'What one of an item costs or cost at a site, and what the next to leave would cost, with the rows that it comes from',
    roles: readers,
    scope: 'site',
    writes: false,
    query: z.object({ ...asOf, on, quantity: z.coerce.number().pipe(quantity).default(1).meta({ description: 'How many leave next' }), ...paged }),
    output: z.object({
      ...explained,
      ...asOfWhen,
      method: z.enum(methods),
      figure: z.object({
        ...worth,
        each: z.int().nullable().meta({ description: 'Minor units; null where there is none' }),
        leaves: z.int().nullable().meta({ description: 'What so many cost that leave next, minor units; null as of another time than now' }),
      }),
      wanted: z.int(),
      last: z
        .object(worth)
        .nullable()
        .meta({ description: "The last cost, or the standard, as the item's value row has it; null as of another time" }),
      layers: z.array(z.object(worth)).meta({ description: "First in, first out: the oldest first, as the item's value row has them; as it is now" }),
      restatements: z
        .array(
          z.object({
            document: z.string(),
            method: z.enum(methods),
            standardCost: toldAmount,
            methodBefore: z.enum(methods),
            restatedAt: toldInstant,
          }),
        )
        .meta({ description: 'How the item was valued before, newest first' }),
      ...valueRows,
    }),
    status: 200,
  }),
  endpoint({
    name: 'explainPromise',
    method: 'GET',
    path: '/api/explain/promises/{number}/{line}',
    summary: 'Which day was promised for a line of an order, what was noted when it was, and the rows that it stands on now',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    params: z.object({ number: orderNumber, line: z.coerce.number().int().min(1).max(2_147_483_647) }),
    output: z.object({
      order: z.string(),
      number: z.string(),
      line: z.int(),
      ...explained,
      source: z.string(),
      quantity: z.int(),
      requested: toldDay,
      today: toldDay,
      figure: z.object({
        promised: toldDay.nullable(),
        told: toldDay.nullable().meta({ description: 'What the customer was told last' }),
        estimate: toldDay.nullable().meta({ description: 'When the open part can be expected now' }),
      }),
      events: z
        .array(
          z.object({
            sequence: z.int().meta({ description: "The event's number in the log of the order's site" }),
            type: z.string(),
            recordedAt: toldInstant,
            quantity: z.int(),
            held: z.int().nullable().meta({ description: 'What stock covered at once' }),
            source: z.string().nullable(),
            promised: toldDay.nullable(),
          }),
        )
        .meta({ description: 'When the line was ordered and when it was changed, as the log has it, oldest first' }),
      given: z
        .array(
          z.object({
            number: z.int().nullable().meta({ description: 'Null where no row was needed: it was plainly in stock' }),
            ...asGiven,
            because: z.string().nullable(),
          }),
        )
        .meta({ description: 'The promise as it was given' }),
      later: z.array(z.object({ number: z.int(), promised: toldDay, promisedAt: toldInstant, exception: z.string() })),
      demand: z
        .array(z.object({ ...planned, kind: z.string(), due: toldDay, open: z.int(), held: z.int(), pegged: z.int() }))
        .meta({ description: 'What is open of the line, and the components of work orders that it waits for' }),
      pegs: z
        .array(
          z.object({
            ...planned,
            kind: z.string(),
            due: toldDay,
            open: z.int(),
            quantity: z.int(),
            for: z.object({ document: z.string(), line: z.int(), part: z.int() }),
          }),
        )
        .meta({ description: 'Supply that it waits for' }),
      whole: z.boolean().meta({ description: 'Whether all rows are here' }),
    }),
    status: 200,
  }),
] as const
