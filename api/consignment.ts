// Consignment: goods that suppliers left with us: what of them we take over, and what they take back. They come in by a receipt with an owner.

import { z } from 'zod'
import { conditions } from '../core/move.ts'
import { endpoint } from './endpoint.ts'
import { amount, code, done, instantText, lot, quantity, siteCode } from './fields.ts'

const place = code.meta({ description: 'The code of a place of the site, e.g. SHELF' })
const goods = { site: siteCode, supplier: code, sku: code, quantity, lot: lot.default(''), serial: lot.default('') }

export const consignmentEndpoints = [
  endpoint({
    name: 'takeOver',
    method: 'POST',
    path: '/api/take-overs',
    summary: "Take over a supplier's goods that stand at the site: they are ours from then on, and a purchase says what is owed for them",
    roles: ['buyer', 'planner', 'warehouse'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      ...goods,
      place: place.optional().meta({ description: 'Without it, wherever they stand' }),
      unitPrice: amount.optional().meta({ description: "Of one, minor units; without it the price in the supplier's catalogue" }),
      takenAt: instantText.optional(),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'giveBack',
    method: 'POST',
    path: '/api/consignment-returns',
    summary: 'Give goods back to the supplier who left them at the site',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      ...goods,
      place: place.default('SHELF'),
      condition: z.enum(conditions).default('sellable'),
      givenAt: instantText.optional(),
    }),
    output: done,
    status: 201,
  }),
] as const
