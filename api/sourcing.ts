// Promises for a whole basket, and the rules by which a site's orders are given to sites that serve them.

import { z } from 'zod'
import { confidences, promiseReasons } from '../core/given-promise.ts'
import { preferences } from '../core/sourcing.ts'
import { choosers } from '../core/substitute.ts'
import { endpoint } from './endpoint.ts'
import { amount, days_max, ifMatch, LINES_MAX, siteCode, tag, toldAmount, toldAsked, toldDay } from './fields.ts'
import { wantedLine } from './wanted-line.ts'

/** Sites that one rule may name. */
const LANES_MAX = 100
const SOURCES_MAX = 4

const promised = {
  promised: toldDay.nullable().meta({ description: 'When all of it can be had; null where nobody knows' }),
  confidence: z.enum(confidences),
  reason: z.enum(promiseReasons),
  probability: z.number().nullable().meta({
    description:
      'The probability, at least, by what is believed, that what stock covers is there; null where nothing is believed, or it comes from supply',
  }),
}
const part = z.object({
  source: z.string(),
  sku: z.string(),
  insteadOf: z.string().nullable().meta({ description: 'What was asked for, where a rule sends another item' }),
  quantity: z.int(),
  held: z.int().meta({ description: 'What stock would cover at once' }),
  ...promised,
  because: z.string().nullable().meta({ description: 'Why it is this site, where a rule chose it' }),
})
const substitute = z.object({
  sku: z.string(),
  name: z.string(),
  chosenBy: z.enum(choosers).meta({ description: 'A rule sends it without asking where all of it is in stock; else the customer may take it' }),
  held: z.int(),
  ...promised,
})
const basket = z
  .object({
    site: z.string(),
    promised: toldDay.nullable().meta({ description: 'When the last line can be had; null where some line has no day' }),
    lines: z.array(
      z.object({
        line: z.int(),
        sku: z.string(),
        quantity: z.int(),
        asked: toldAsked.optional(),
        ...promised,
        parts: z.array(part).meta({ description: 'From where it would come: several where a rule splits the line, or it is a kit' }),
        substitutes: z.array(substitute).meta({ description: 'What may be sent instead, where the line cannot be had in time' }),
      }),
    ),
    absent: z
      .array(z.object({ input: z.string(), because: z.string() }))
      .meta({ description: 'What the promise would be better for, and does not know' }),
  })
  .meta({ id: 'PromisedBasket' })

const rule = {
  prefers: z.enum(preferences).meta({ description: 'What decides first: the earliest day, the least cost, or the fewest sites' }),
  sourcesMax: z.int().min(1).max(SOURCES_MAX).meta({ description: 'Over how many sites one order may go' }),
  splitsLines: z.boolean().meta({ description: 'Whether one line may come from several sites' }),
}
const toldRule = z
  .object({
    site: z.string(),
    ...rule,
    ownCost: toldAmount,
    lanes: z.array(z.object({ from: z.string(), fromName: z.string(), cost: toldAmount, transitDays: z.int(), keepPercent: z.int() })),
    inWords: z.string().meta({ description: 'The rule as a sentence' }),
    tag: tag.nullable(),
  })
  .meta({ id: 'Sourcing' })

export const sourcingEndpoints = [
  endpoint({
    name: 'askBasket',
    method: 'POST',
    path: '/api/promises/basket',
    summary: 'Ask what an order of several lines would be promised: the day, from where, how sure and why; nothing is held',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    body: z.strictObject({ site: siteCode, lines: z.array(wantedLine).min(1).max(LINES_MAX) }),
    output: basket,
    status: 200,
  }),
  endpoint({
    name: 'getSourcing',
    method: 'GET',
    path: '/api/sourcing',
    summary: 'By which rule the orders of a site are given to sites that serve them',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode }),
    output: toldRule,
    status: 200,
  }),
  endpoint({
    name: 'setSourcing',
    method: 'POST',
    path: '/api/sourcing',
    summary: 'Say by which rule the orders of a site are sourced, the whole of it; without other sites it serves them itself',
    roles: ['planner', 'sales'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      ...rule,
      ownCost: amount.default(0).meta({ description: 'What it costs to send one order from the site itself, minor units' }),
      lanes: z
        .array(
          z.strictObject({
            from: siteCode,
            cost: amount.default(0).meta({ description: 'What it costs to send one order from there, minor units' }),
            transitDays: z.int().min(0).max(days_max).default(0),
            keepPercent: z.int().min(0).max(100).default(0).meta({ description: "So much of each item's free stock stays there" }),
          }),
        )
        .max(LANES_MAX)
        .meta({ description: 'Sites that may serve, the first ones first' }),
      ifMatch,
    }),
    output: z.object({ lanes: z.int() }),
    status: 200,
  }),
] as const
