// Credit: what a customer may owe a site. It counts what he ordered and is still to have, and what has left since accounting last told what he owes. Who has
// no limit is not counted. An order that is paid through the payment provider, and a till's sale, owe nothing.

import { exchanged, RATE_ONE, type Currency } from './currency.ts'
import type { PartyId } from './item.ts'
import { add, subtract, type Money } from './money.ts'
import type { OrderLine } from './order.ts'
import { amountsOf, type LinePrice, type OrderTerms } from './order-price.ts'
import { minus } from './quantity.ts'

export interface CreditAccount {
  readonly customer: PartyId
  /** In which the company keeps its books, and all of this is told. */
  readonly currency: Currency
  readonly limit: Money
  /** What accounting told last, and what has left since. */
  readonly owed: Money
  /** What is ordered and has not left. */
  readonly open: Money
}

export type OnCredit = Pick<CreditAccount, 'owed' | 'open'>

export const exposureOf = ({ owed, open }: OnCredit): Money => add(owed, open)

/** What a line has on credit, with discounts and tax, at the rate that its order keeps; `owed` what has left of it, whenever that was. */
export function creditOf(
  line: Pick<OrderLine, 'quantity' | 'cancelled' | 'shipped' | 'unitPrice'>,
  price: Pick<LinePrice, 'discount' | 'orderDiscount' | 'tax'> | undefined,
  terms: Pick<OrderTerms, 'currency' | 'rate_e9'> | undefined,
  currency: Currency,
): OnCredit {
  const own = { currency, rate_e9: RATE_ONE }
  const worth = (some: OrderLine['quantity']): Money => exchanged(amountsOf(line, price, some).gross, terms ?? own, own)
  const owed = worth(line.shipped)
  return { owed, open: subtract(worth(minus(line.quantity, line.cancelled)), owed) }
}
