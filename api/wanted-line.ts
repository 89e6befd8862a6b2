// Wanted line: what somebody asks for, wherever that is asked: in an order, a change of one, an exchange, or a question what could be promised.

import { z } from 'zod'
import { amount, code, day, onePrice, priceOfUnit, quantityInUnit, siteCode, unit, wholeWithoutUnit } from './fields.ts'
import { discountGiven } from './price.ts'

const wanted = z.strictObject({
  sku: code,
  quantity: quantityInUnit,
  unit,
  requested: day.optional(),
  unitPrice: amount.optional().meta({ description: "Minor units of the order's currency; without it what the price book says" }),
  priceOfUnit,
  discount: discountGiven.optional(),
  source: siteCode.optional().meta({ description: "The site whose stock serves the line; without it the rule of the order's own decides" }),
  substitutes: z.boolean().default(true).meta({ description: 'Whether a rule may send another item that is declared to be sent instead' }),
  insteadOf: code
    .optional()
    .meta({ description: 'What the customer had asked for, where the line is of a substitute that he took; its price is kept' }),
})
export const wantedLine = wanted.refine(...wholeWithoutUnit('quantity')).refine(...onePrice)
/** One that the order's own site serves. */
export const addedLine = wanted
  .omit({ source: true })
  .refine(...wholeWithoutUnit('quantity'))
  .refine(...onePrice)
