// What was promised to a customer and sold to him as kits, as an order tells it.

import { z } from 'zod'
import { confidences, promiseReasons } from '../core/given-promise.ts'
import { toldAmount, toldAsked, toldDay, toldInstant } from './fields.ts'

/** A promise as it was given to a line. */
export const asGiven = {
  givenAt: toldInstant,
  quantity: z.int(),
  promised: toldDay.nullable(),
  source: z.string(),
  reason: z.enum(promiseReasons),
  confidence: z.enum(confidences),
}

export const givenPromises = z
  .array(
    z.object({
      line: z.int(),
      ...asGiven,
      insteadOf: z.string().nullable().meta({ description: 'What was asked for, where another item is sent' }),
      because: z.string().nullable().meta({ description: "Null where it is plain: in stock at the order's own site" }),
    }),
  )
  .meta({ description: 'What was promised, as it was given; what was promised anew comes after' })

export const soldKits = z
  .array(z.object({ kit: z.int(), sku: z.string(), name: z.string(), quantity: z.int(), unitPrice: toldAmount, asked: toldAsked.nullable() }))
  .meta({ description: 'Kits as they were sold; their lines name them' })
