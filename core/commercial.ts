// Commercial: what the working copy of a site knows of orders besides their goods: what they were priced with, what holds them up, how they are paid, and what is to come back of them. The ledger takes these rows in
// with its own; nothing here changes stock.

import type { OrderHold } from './order-hold.ts'
import type { LinePrice, OrderTerms } from './order-price.ts'
import type { Payment, PaymentStep } from './payment.ts'
import { priceBookKey, type PriceBookRow } from './price-book.ts'
import type { Rma, RmaLine } from './rma.ts'
import type { Shape } from './table.ts'

export interface CommercialRows {
  priceBook: PriceBookRow
  orderTerms: OrderTerms
  linePrice: LinePrice
  orderHold: OrderHold
  payment: Payment
  paymentStep: PaymentStep
  rma: Rma
  rmaLine: RmaLine
}

export const commercialShapes: { readonly [Name in keyof CommercialRows]: Shape<CommercialRows[Name]> } = {
  priceBook: { key: priceBookKey },
  orderTerms: { key: (row) => row.order },
  linePrice: { key: (row) => `${row.order}/${row.line}`, groups: (row) => [row.order] },
  orderHold: { key: (row) => `${row.order}/${row.hold}`, groups: (row) => [row.order] },
  payment: { key: (row) => row.order },
  paymentStep: { key: (row) => `${row.order}/${row.step}`, groups: (row) => [row.order] },
  rma: { key: (row) => row.rma, groups: (row) => [row.order] },
  rmaLine: { key: (row) => `${row.rma}/${row.line}`, groups: (row) => [row.rma] },
}
