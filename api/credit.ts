// What customers may owe a site.

import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { amount, code, cursor, done, limit, page, siteCode, toldAmount } from './fields.ts'

export const creditEndpoints = [
  endpoint({
    name: 'listCreditLimits',
    method: 'GET',
    path: '/api/credit-limits',
    summary: 'Customers who have a limit at a site, and what they have on credit there',
    roles: ['sales', 'auditor'],
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, cursor, limit }),
    output: page(
      z.object({
        customer: z.string(),
        name: z.string(),
        currency: z.string(),
        limit: toldAmount,
        owed: toldAmount.meta({ description: 'What accounting told last, and what has left since' }),
        open: toldAmount.meta({ description: 'What is ordered and has not left, with discounts and tax' }),
        left: toldAmount.meta({ description: 'What may still be ordered; below 0 where it is more already' }),
      }),
    ),
    status: 200,
  }),
  endpoint({
    name: 'setCreditLimit',
    method: 'POST',
    path: '/api/credit-limits',
    summary: 'Set what a customer may owe a site, and tell what he owes: an order that takes him further is put on hold for credit',
    roles: [],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      customer: code,
      limit: amount.nullable().meta({ description: 'Null where he shall have none' }),
      owed: amount.optional().meta({ description: 'What accounting says he owes for goods that have left; without it what is known stays' }),
    }),
    output: done,
    status: 200,
  }),
] as const
