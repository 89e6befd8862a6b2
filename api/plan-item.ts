// Plan, item by item: by which policy an item is ordered where it is not by its site's rule alone.

import { z } from 'zod'
import { itemPolicies } from '../core/planning.ts'
import { endpoint } from './endpoint.ts'
import { amount, code, siteCode, toldAmount } from './fields.ts'

const UNITS_MAX = 1_000_000_000
const SHELF_LIFE_DAYS_MAX = 3_650
const unitsOrNull = (least: number) => z.int().min(least).max(UNITS_MAX).nullable().default(null)

export const toldItemPlanning = z.object({
  site: z.string().nullable().meta({ description: 'Null: every site that says nothing else' }),
  policy: z.enum(itemPolicies).nullable(),
  reorderPoint: z.int().nullable(),
  orderUpTo: z.int().nullable(),
  fixedOrderCost: toldAmount.nullable(),
  service: z.union([z.number(), z.literal('cost')]).nullable(),
  shelfMax: z.int().nullable(),
  shelfLifeDays: z.int().nullable(),
})

/** What an item's planning made of a line. */
export const toldPolicy = z
  .object({
    policy: z.enum(itemPolicies),
    levels: z.enum(['given', 'cost']).optional().meta({ description: 'Whether reorderPoint and orderUpTo are given, or what costs least' }),
    fixedOrderCost: toldAmount.optional(),
    holdingPerDay: z.number().optional().meta({ description: 'What holding a unit for a day costs, minor units' }),
    serviceByCost: z.literal(true).optional(),
    shelfMax: z.int().optional(),
    room: z.int().optional().meta({ description: 'So many more fit: shelfMax less what is expected and on its way' }),
    shelfLifeDays: z.int().optional(),
    expiry: z
      .object({ byService: z.int(), without: z.number(), with: z.number() })
      .optional()
      .meta({ description: 'How many would be ordered if nothing expired; how many expire on average without the order, and with it' }),
    notAged: z.enum(['behind', 'size']).optional().meta({ description: 'Why expiry is not reckoned with' }),
    most: z.int().optional().meta({ description: "More than that no source's terms make of it" }),
  })
  .meta({ description: 'Only where the item has a planning of its own' })

export const planItemEndpoints = [
  endpoint({
    name: 'setItemPlanning',
    method: 'POST',
    path: '/api/items/{sku}/planning',
    summary: 'Say by which policy an item is ordered, at a site or everywhere, from the next plan on; what is left out is null, which takes it back',
    roles: ['planner', 'buyer'],
    scope: 'site',
    writes: true,
    params: z.object({ sku: code }),
    body: z.strictObject({
      site: siteCode.nullable().default(null).meta({ description: 'Null for every site that says nothing else' }),
      policy: z
        .enum(itemPolicies)
        .nullable()
        .default(null)
        .meta({ description: 'review: as all are; levels: at a reorder point up to a level; none: not by the plan; null: as is said of every site' }),
      reorderPoint: unitsOrNull(0).meta({
        description: 'Ordered when what counts as there and comes, less what is wanted already, is at or below it',
      }),
      orderUpTo: unitsOrNull(1).meta({ description: 'And then up to this' }),
      fixedOrderCost: amount.nullable().default(null).meta({ description: 'What an order costs: the levels are worked out from it, and left out' }),
      service: z
        .union([z.number().min(0.001).max(0.999), z.literal('cost')])
        .nullable()
        .default(null)
        .meta({ description: "Instead of the rule's, to three decimals; cost: as surely as the margin and what holding one costs say" }),
      shelfMax: unitsOrNull(1).meta({ description: 'Most that fits: no order brings what is there and on its way above it' }),
      shelfLifeDays: z
        .int()
        .min(1)
        .max(SHELF_LIFE_DAYS_MAX)
        .nullable()
        .default(null)
        .meta({ description: 'Days that goods last from when they come in; of items with lots' }),
    }),
    output: toldItemPlanning,
    status: 200,
  }),
] as const
