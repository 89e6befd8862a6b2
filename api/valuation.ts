// Valuation: what an item's stock at a site is worth and how that came to be, costs that come after the goods, and by which method it is valued.

import { z } from 'zod'
import { costKinds } from '../core/correction.ts'
import { methods } from '../core/item.ts'
import { conditions } from '../core/move.ts'
import { endpoint } from './endpoint.ts'
import { amount, code, cursor, day, done, instantText, limit, lineNumber, page, siteCode, text, toldAmount, toldDay, toldInstant } from './fields.ts'

const MONEY_MAX = 1_000_000_000_000
const method = z.enum(methods).meta({ description: 'Moving average, first in first out, or a standard' })
const correction = z.object({
  countsOn: toldDay,
  amount: z.int().meta({ description: 'Added to the value of stock, minor units' }),
  against: z.string().meta({ description: 'Where the goods went whose cost it is, or where they came from, e.g. `customer`' }),
  reason: z.string(),
  document: z.string(),
  recordedAt: toldInstant,
})

export const valuationEndpoints = [
  endpoint({
    name: 'getItemValue',
    method: 'GET',
    path: '/api/items/{sku}/value',
    summary: "What a site's stock of an item is worth: method, layers, late costs and corrections, newest first",
    roles: ['buyer', 'planner', 'warehouse', 'auditor'],
    scope: 'site',
    writes: false,
    params: z.object({ sku: code }),
    query: z.object({ site: siteCode }),
    output: z.object({
      sku: z.string(),
      method,
      quantity: z.int(),
      value: toldAmount,
      lastCost: z.object({ value: toldAmount, quantity: z.int() }),
      layers: z.array(z.object({ quantity: z.int(), value: toldAmount })),
      pendingFrom: toldDay.nullable().meta({ description: 'From this day on costs are being corrected; null when all are right' }),
      lateCosts: z.array(
        z.object({ document: z.string(), kind: z.enum(costKinds), note: z.string(), amount: z.int(), countsOn: toldDay, recordedAt: toldInstant }),
      ),
      corrections: z.array(correction),
    }),
    status: 200,
  }),
  endpoint({
    name: 'addCost',
    method: 'POST',
    path: '/api/costs',
    summary: 'Add a cost to goods that came in before: a late bill, freight, duty; it reaches those that are sold by now',
    roles: ['buyer'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      document: z.uuid().meta({ description: 'The receipt without a purchase, the purchase or the transfer by which the goods came in' }),
      line: lineNumber.optional().meta({ description: 'Without it the cost is for all that came' }),
      kind: z.enum(costKinds),
      amount: z.int().min(-MONEY_MAX).max(MONEY_MAX).meta({ description: 'Minor units; below 0 for a credit', example: 12_500 }),
      by: z.enum(['value', 'quantity']).default('value').meta({ description: 'What the share of each line goes by' }),
      note: text().default(''),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'setValuation',
    method: 'POST',
    path: '/api/valuations',
    summary: 'Value an item at a site by another method from now on, or at another standard cost',
    roles: ['planner'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      sku: code,
      method,
      standardCost: amount.optional().meta({ description: 'Of one, minor units: with a standard only' }),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'listValues',
    method: 'GET',
    path: '/api/values',
    summary: 'What the stock of a site was worth at the end of a day, in all and by item',
    roles: ['buyer', 'planner', 'auditor'],
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, on: day, cursor, limit }),
    output: page(z.object({ sku: z.string(), name: z.string(), method, quantity: z.int(), value: toldAmount })).extend({
      on: toldDay,
      value: toldAmount.meta({ description: 'Of all items, whichever are on this page; minor units' }),
      closed: z.boolean().meta({ description: 'Whether the day is in a closed period, so that this never changes' }),
    }),
    status: 200,
  }),
  endpoint({
    name: 'getStockAsOf',
    method: 'GET',
    path: '/api/items/{sku}/as-of',
    summary: "A site's stock of an item, and its value, as it was at an instant, by what is known now or was known then",
    roles: ['buyer', 'planner', 'warehouse', 'auditor'],
    scope: 'site',
    writes: false,
    params: z.object({ sku: code }),
    query: z.object({
      site: siteCode,
      at: instantText.optional().meta({ description: 'As it was then, by when things happened; without it as it is' }),
      sequence: z.coerce.number().int().min(0).optional().meta({ description: "As known when this was the site's last move" }),
      knownAt: instantText.optional().meta({ description: 'As known then, by when things were recorded' }),
    }),
    output: z.object({
      sku: z.string(),
      at: toldInstant,
      sequence: z.int().meta({ description: 'The last move that counts as known' }),
      quantity: z.int(),
      value: toldAmount,
      rows: z.array(
        z.object({ place: z.string(), lot: z.string(), serial: z.string(), package: z.string(), condition: z.enum(conditions), quantity: z.int() }),
      ),
    }),
    status: 200,
  }),
  endpoint({
    name: 'listPeriods',
    method: 'GET',
    path: '/api/periods',
    summary: 'The closed periods of a site and what its stock was worth at the end of each, newest first',
    roles: ['buyer', 'planner', 'auditor'],
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, cursor, limit }),
    output: page(z.object({ through: toldDay, value: toldAmount, sequence: z.int(), closedAt: toldInstant, document: z.string() })),
    status: 200,
  }),
  endpoint({
    name: 'closePeriod',
    method: 'POST',
    path: '/api/periods',
    summary: 'Close all days up to one: nothing that counts in them changes any more',
    roles: ['planner'],
    scope: 'site',
    writes: true,
    body: z.strictObject({ site: siteCode, through: day.meta({ description: 'The last day of the period; it must have passed' }) }),
    output: done,
    status: 201,
  }),
] as const
