// Belief: what is probably there beside what the record says, and what is worth counting next.

import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { code, cursor, limit, page, search, siteCode, toldAmount, toldDay, toldInstant } from './fields.ts'

const LIST_MAX = 500
const [HISTORY_DAYS, HISTORY_DAYS_MAX] = [90, 730]
const MINUTES_MAX = 24 * 60
const SEED_MAX = 2 ** 31 - 1
const probability = z.number().min(0).max(1)
const units = z.number().meta({ description: 'Units, on average' })

const believed = {
  recorded: z.int().meta({ description: 'Our own that can be sold, by the record' }),
  expected: units.meta({ description: 'How many there are, on average of what is believed' }),
  low: z.int().meta({ description: 'The lower end of the interval in which it lies with a probability of 90 %' }),
  high: z.int(),
  empty: probability.meta({ description: 'The probability that there is none' }),
  phantom: z.boolean().meta({ description: 'The record has some, and there is probably none' }),
  safe: z
    .int()
    .meta({ description: 'So many are there as surely as promises of the item are to be: with a probability of 90 %, or as its service level says' }),
  doubted: z.int().meta({ description: 'Of what is recorded, so many nobody is promised anew' }),
  lossPerDay: units.meta({ description: 'How many go unseen a day' }),
  countedAt: toldInstant.nullable().meta({ description: 'When all of it was counted last' }),
  counted: z.int().nullable(),
  soldAt: toldInstant.nullable(),
  asOf: toldInstant.meta({ description: 'When it was worked out; of what nothing happened to, once a day' }),
}
const worth = {
  worth: toldAmount.meta({ description: 'What it would save to count it, minor units' }),
  minutes: z.number().meta({ description: 'How long a count takes' }),
}

const beliefReaders = ['sales', 'buyer', 'planner', 'warehouse', 'till', 'auditor'] as const

export const beliefEndpoints = [
  endpoint({
    name: 'listBeliefs',
    method: 'GET',
    path: '/api/beliefs',
    summary: 'What is probably there at a site, by item: what is most doubtful first, or what is most worth counting',
    roles: beliefReaders,
    scope: 'site',
    writes: false,
    query: z.object({
      site: siteCode,
      order: z.enum(['doubt', 'worth']).default('doubt').meta({
        description: '`doubt`: by the probability that there is none where the record has some; `worth`: by what a minute of counting is worth',
      }),
      sku: code.optional(),
      search,
      cursor,
      limit,
    }),
    output: page(z.object({ sku: z.string(), name: z.string(), ...believed, ...worth })),
    status: 200,
  }),
  endpoint({
    name: 'getBelief',
    method: 'GET',
    path: '/api/items/{sku}/belief',
    summary: 'What is probably there of an item at a site, as of now',
    roles: beliefReaders,
    scope: 'site',
    writes: false,
    params: z.object({ sku: code }),
    query: z.object({ site: siteCode }),
    output: z.object({
      sku: z.string(),
      ...believed,
      ...worth,
      serviceLevel: probability.meta({ description: 'How surely what is promised of it is to be there' }),
      unitsPerDay: units.meta({ description: 'How many are wanted a day' }),
      events: z.int().meta({ description: 'Moves and counts that told of it' }),
      surprises: z.int().meta({ description: 'How often more left than anybody could have believed to be there' }),
      chances: z.object({
        from: z.int().meta({ description: 'The quantity of the first' }),
        step: z.int().meta({ description: 'How many quantities are told together: 1, or more where it may be any of very many' }),
        of: z.array(probability).meta({
          description: 'The probability of that quantity, of `step` more, and so on; of `step` quantities from there where that is more than 1',
        }),
      }),
    }),
    status: 200,
  }),
  endpoint({
    name: 'getBeliefHistory',
    method: 'GET',
    path: '/api/items/{sku}/belief/history',
    summary: 'What was probably there of an item at a site, evening by evening, beside what was recorded and counted',
    roles: beliefReaders,
    scope: 'site',
    writes: false,
    params: z.object({ sku: code }),
    query: z.object({
      site: siteCode,
      days: z.coerce.number().int().min(1).max(HISTORY_DAYS_MAX).default(HISTORY_DAYS).meta({ description: 'So many, today the last' }),
    }),
    output: z.object({
      sku: z.string(),
      asOf: toldInstant,
      events: z.int().meta({ description: 'Moves and counts of the item that were read once more' }),
      isCut: z.boolean().meta({ description: 'It had more: the oldest that were read begin with what the record had then' }),
      days: z
        .array(
          z.object({
            on: toldDay,
            recorded: z.int().meta({ description: 'In the evening, by what was known then; today, as of now' }),
            expected: believed.expected,
            low: believed.low,
            high: z.int(),
            empty: probability,
          }),
        )
        .meta({ description: 'From the first on which anything was known; with what all items of the site teach today' }),
      counts: z
        .array(
          z.object({
            at: toldInstant,
            counted: z.int(),
            recorded: z.int().meta({ description: 'Just before' }),
            expected: units.meta({ description: 'As it was believed just before' }),
            low: z.int(),
            high: z.int(),
          }),
        )
        .meta({ description: 'Of all that there was' }),
    }),
    status: 200,
  }),
  endpoint({
    name: 'getCountList',
    method: 'GET',
    path: '/api/count-list',
    summary: 'What to count next at a site: what is most worth the minutes and the walk, and a tenth drawn by chance, in the order of a walk',
    roles: beliefReaders,
    scope: 'site',
    writes: false,
    query: z.object({
      site: siteCode,
      purpose: z.enum(['stock_outs', 'discrepancies']).default('stock_outs').meta({
        description:
          '`stock_outs`: what saves most, shelves that are empty and the record does not know it first; `discrepancies`: where the record is most probably wrong',
      }),
      size: z.coerce.number().int().min(1).max(LIST_MAX).default(30).meta({ description: 'How many items at most' }),
      minutes: z.coerce
        .number()
        .min(1)
        .max(MINUTES_MAX)
        .optional()
        .meta({ description: 'How long the tour may take, walks included; without it, as long as it takes' }),
      seed: z.coerce.number().int().min(0).max(SEED_MAX).optional().meta({
        description: 'Of the chance by which the tenth is drawn; without it, one of the day. The same seed draws the same of the same items',
      }),
    }),
    output: z.object({
      seed: z.int(),
      worth: toldAmount,
      minutes: z.number().meta({ description: 'Of the whole tour, with the walk into each aisle' }),
      rows: z.array(
        z.object({
          sku: z.string(),
          name: z.string(),
          place: z.string().nullable().meta({ description: 'Where the first of it stands by the record; null where the record has none' }),
          drawn: z.boolean().meta({ description: 'Whether chance put it on the list' }),
          reason: z.string(),
          recorded: z.int(),
          expected: believed.expected,
          low: believed.low,
          high: z.int(),
          empty: probability.meta({ description: 'The probability that there is none' }),
          wrong: probability.meta({ description: 'The probability that there are not just as many as is recorded' }),
          ...worth,
        }),
      ),
    }),
    status: 200,
  }),
] as const
