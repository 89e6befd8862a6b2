// Flow, exchange: something else instead of what comes back. The replacement is an order like any other, promised and held in the same moment; the return
// remembers it, and the log says what the one is worth against the other. Whether it waits for the goods is for who is in the shop to say: he sends
// the exchange when he wants it to go.

import { announce, type Draft } from '../ledger.ts'
import { add, nothing, subtract, type Money } from '../money.ts'
import { amountsOf } from '../order-price.ts'
import { minus } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { paidFor } from '../rma.ts'
import { placeOrder } from './flow.ts'
import type { PlaceOrder, WantedLine } from './order.ts'
import { numberOf, permitted } from './return.ts'

export interface ExchangeReturn {
  readonly kind: 'exchangeReturn'
  readonly order: string
  readonly rma: string
  /** The order that replaces it. */
  readonly replacement: string
  /** Those of the order that it replaces something of: both are in one currency. */
  readonly terms: PlaceOrder['terms']
  readonly lines: readonly WantedLine[]
}

export function exchangeReturn({ order, rma, replacement, terms, lines }: ExchangeReturn, draft: Draft): object | Refusal {
  const row = permitted(draft, rma, 'exchange')
  if (isRefusal(row)) return row
  if (row.exchange !== null) return refuse('nothing_to_do', 'id', 'It is exchanged already: change the order that replaces it.')
  const { customer, priority } = draft.order.get(order)!
  const orderedAt = draft.state.now
  const head = {
    kind: 'placeOrder',
    order: replacement,
    customer,
    reference: null,
    shipComplete: false,
    priority,
    orderedAt,
    terms,
    heldElsewhere: [],
  } as const
  const placed = placeOrder({ ...head, lines }, draft)
  if (isRefusal(placed)) return placed
  draft.rma.put({ ...row, exchange: replacement })
  const sum = <Row>(of: readonly Row[], worth: (one: Row) => Money): Money => of.reduce((total, one) => add(total, worth(one)), nothing)
  const value = sum(lines, (line) => amountsOf(line, line.price).gross)
  const returned = sum(draft.rmaLine.of(rma), (line) => paidFor(line, minus(line.quantity, line.cancelled)))
  const data = { rma, number: row.number, replacement: placed.number, value, returned, difference: subtract(value, returned) }
  announce(draft, { type: 'return.exchanged', subject: order, data })
  // As the answer of any order begins: its key is found by it.
  return { id: placed.id, number: placed.number, lines: placed.lines, rma: numberOf(draft, row), value, returned, difference: data.difference }
}
