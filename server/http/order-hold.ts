// Order holds over HTTP: putting an order on hold, and taking it off, which for credit and fraud not everybody may who may sell.

import { mayTakeOff, type OrderHoldKind } from '../../core/order-hold.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { sql } from '../db.ts'
import type { Writers } from './call.ts'
import { about, orderOf } from './order-of.ts'

export const orderHoldWriters = {
  putOrderOnHold: (call) =>
    about(call, undefined, (order) => ({
      kind: 'putOnHold',
      order,
      hold: call.context.newId(),
      holdKind: call.body.kind,
      reason: call.body.reason,
    })),
  takeOrderOffHold: async (call) => {
    const found = await orderOf(call)
    if (isRefusal(found)) return found
    const { hold } = call.params
    const [row] = await call.context.database.query<{ kind: OrderHoldKind }>(sql`
      select kind from order_hold where site_id = ${found.site} and order_id = ${found.order} and hold_id = ${hold}`)
    if (row !== undefined && !mayTakeOff(call.principal.role, row.kind))
      return refuse('role_not_allowed', 'hold', `A hold for ${row.kind} is for an admin to take off.`)
    return { site: found.site, command: { kind: 'takeOffHold', order: found.order, hold, note: call.body.note } }
  },
} satisfies Partial<Writers>
