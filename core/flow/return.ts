// Return: delivered goods come back into inspection, in quarantine: never sellable until somebody looked and changed their condition.

import { untimely, quantityFault, serialFault, trackingFault } from '../fault.ts'
import type { Instant } from '../calendar.ts'
import { announce, post, type Draft } from '../ledger.ts'
import type { End } from '../move.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { minus, plus, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { forbids } from './order.ts'
import { settlePayment } from './order-payment.ts'

export interface Return {
  readonly kind: 'return'
  readonly order: string
  readonly returnedAt: Instant
  readonly lines: readonly { readonly line: number; readonly quantity: Quantity; readonly lot: string; readonly serial: string }[]
}

export function takeBack({ order, returnedAt, lines }: Return, draft: Draft): object | Refusal {
  const fault = forbids(draft, order, 'return') ?? quantityFault(lines) ?? untimely(draft, returnedAt, 'returnedAt')
  if (fault) return fault
  for (const { line, quantity, lot, serial } of lines) {
    const row = draft.line.get(`${order}/${line}`)
    if (row === undefined) return refuse('line_not_known', `lines/${line}`, `The order has no line ${line}.`)
    const out = minus(row.delivered, row.returned)
    if (quantity > out) return refuse('more_than_delivered', `lines/${line}/quantity`, `${out} of line ${line} are with the customer.`)
    const tracking =
      trackingFault(draft, [{ line, item: row.item, quantity, lot, serial }]) ?? serialFault(draft, row.item, serial, `lines/${line}/serial`)
    if (tracking) return tracking
    draft.line.put({ ...row, returned: plus(row.returned, quantity) })
    const from: End = { place: virtualPlaces.customer, package: '', lot, serial, condition: 'quarantine', owner: draft.state.owner }
    const to = { ...from, place: standardPlaces.inspection }
    post(draft, { item: row.item, quantity, from, to, cause: 'return', document: order, line, occurredAt: returnedAt })
  }
  settlePayment(draft, order)
  announce(draft, { type: 'order.returned', subject: order, occurredAt: returnedAt, data: { lines } })
  return { id: order, lines }
}
