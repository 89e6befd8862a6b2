// Commercial: what the working copy of a site knows of orders besides their goods: what they were priced with. The ledger takes these rows in
// with its own; nothing here changes stock.

import type { LinePrice, OrderTerms } from './order-price.ts'
import { priceBookKey, type PriceBookRow } from './price-book.ts'
import type { Shape } from './table.ts'

export interface CommercialRows {
  priceBook: PriceBookRow
  orderTerms: OrderTerms
  linePrice: LinePrice
}

export const commercialShapes: { readonly [Name in keyof CommercialRows]: Shape<CommercialRows[Name]> } = {
  priceBook: { key: priceBookKey },
  orderTerms: { key: (row) => row.order },
  linePrice: { key: (row) => `${row.order}/${row.line}`, groups: (row) => [row.order] },
}
