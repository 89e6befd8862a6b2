// Collecting over HTTP: an order is ready, handed over at the counter, or put back where nobody came.

import type { Day } from '../../core/calendar.ts'
import { isRefusal } from '../../core/refusal.ts'
import { instantOf, placeOf, type Writers } from './call.ts'
import { about, orderOf } from './order-of.ts'

export const collectionWriters = {
  makeReady: (call) => about(call, undefined, (order) => ({ kind: 'makeReady', order, keptUntil: (call.body.keptUntil as Day | undefined) ?? null })),
  collectOrder: (call) => {
    const { collectedBy, proof, collectedAt } = call.body
    const shipment = call.context.newId()
    return about(call, undefined, (order) => ({
      kind: 'collectOrder',
      order,
      shipment,
      collectedAt: instantOf(call, collectedAt),
      collectedBy,
      proof,
    }))
  },
  putBackUncollected: async (call) => {
    const { keepsOrder, to: toCode, putBackAt } = call.body
    const found = await orderOf(call)
    if (isRefusal(found)) return found
    const to = await placeOf(call, found.site, toCode, 'to')
    if (isRefusal(to)) return to
    const command = { kind: 'putBackUncollected', order: found.order, to, toCode, putBackAt: instantOf(call, putBackAt), keepsOrder } as const
    return { site: found.site, command }
  },
} satisfies Partial<Writers>
