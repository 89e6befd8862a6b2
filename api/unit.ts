// Units of measure: in what items are counted besides their base unit, and how many of another one is.

import { z } from 'zod'
import type { RefusalCode } from '../core/refusal.ts'
import { parseRatio, roundings } from '../core/unit.ts'
import { endpoint } from './endpoint.ts'
import { code, cursor, ifMatch, limit, LINES_MAX, page, tag } from './fields.ts'

const notFactor: RefusalCode = 'quantity_not_positive'

const factor = z
  .string()
  .max(40)
  .refine((text) => parseRatio(text) !== undefined, {
    message: 'How many one is: a number above 0 such as 12, 0.75 or 200/3, of up to 15 digits.',
    params: { refusal: notFactor },
  })
  .meta({ description: 'How many of `of` one `unit` is, exactly: a whole or decimal number, or a fraction', example: '12' })

export const unitEndpoints = [
  endpoint({
    name: 'listUnits',
    method: 'GET',
    path: '/api/units',
    summary: 'Units of items besides their base units, by sku; measures such as kg and g are known of every item that is kept in one of them',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    query: z.object({ sku: code.optional().meta({ description: 'Only of this item' }), cursor, limit }),
    output: page(
      z.object({
        sku: z.string(),
        base: z.string().meta({ description: "The item's base unit" }),
        unit: z.string(),
        of: z.string(),
        factor: z.string(),
        each: z.string().meta({ description: 'How many base units one is' }),
        rounding: z.enum(roundings),
        tag,
      }),
    ),
    status: 200,
  }),
  endpoint({
    name: 'setUnits',
    method: 'POST',
    path: '/api/units',
    summary: 'Say how many of another unit one unit of an item is; all ways from a unit to the base unit must agree',
    roles: ['planner', 'buyer', 'sales'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      units: z
        .array(
          z
            .strictObject({
              sku: code,
              unit: code,
              of: code.optional().meta({ description: 'Another unit of the item; without it its base unit' }),
              factor,
              rounding: z
                .enum(roundings)
                .default('exact')
                .meta({ description: 'What becomes of what comes to no whole number of base units: refused, or rounded' }),
              ifMatch,
            })
            .refine((one) => one.unit !== one.of, { message: 'A unit is said in another one.', path: ['of'] }),
        )
        .min(1)
        .max(LINES_MAX),
    }),
    output: z.object({ units: z.int() }),
    status: 200,
  }),
  endpoint({
    name: 'removeUnits',
    method: 'POST',
    path: '/api/units/removal',
    summary: 'Take units from items: nothing can be asked for in them any more, and what was asked for stands',
    roles: ['planner', 'buyer', 'sales'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      units: z
        .array(z.strictObject({ sku: code, unit: code }))
        .min(1)
        .max(LINES_MAX),
    }),
    output: z.object({ units: z.int() }),
    status: 200,
  }),
] as const
