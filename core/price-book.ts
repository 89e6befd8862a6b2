// Price book: what is asked for an item, of whom, from when on, and what comes off and on top: price lists with quantity breaks, discounts, tax
// codes, exchange rates, payment terms, and which of them a customer has. Everything in it is dated and put, never taken away: what has begun
// and not ended holds, and where several of one kind hold the one that began last does. An order keeps what it was priced with.

import type { Day } from './calendar.ts'
import type { Currency, Rate } from './currency.ts'
import type { ItemId, PartyId } from './item.ts'
import type { Money } from './money.ts'
import type { Quantity } from './quantity.ts'

/** Whom something is for: one customer, those of a group, or with neither everybody. */
export interface Audience {
  readonly customer: PartyId | null
  readonly group: string | null
}

export interface Validity {
  readonly validFrom: Day
  /** The last day; null where none is known. */
  readonly validTo: Day | null
}

export interface PriceList extends Audience, Validity {
  readonly code: string
  readonly name: string
  readonly currency: Currency
}

/** What one costs where at least `minimum` are bought. */
export interface Price extends Validity {
  readonly list: string
  readonly item: ItemId
  readonly minimum: Quantity
  readonly unitPrice: Money
}

/** What comes off: a share in millionths or an amount, of a line or of the whole order. */
export interface Discount extends Audience, Validity {
  readonly code: string
  readonly level: 'line' | 'order'
  /** Of which item; null for any. Never set for an order's. */
  readonly item: ItemId | null
  readonly perMillion: number | null
  readonly amount: Money | null
  /** Of the amount, and of `minimumAmount`. */
  readonly currency: Currency | null
  /** From how many of the item on, of a line's discount. */
  readonly minimum: Quantity
  /** From which value of the goods on, of an order's. */
  readonly minimumAmount: Money
}

export interface TaxCode {
  readonly code: string
  readonly name: string
}

export interface TaxRate {
  readonly code: string
  readonly validFrom: Day
  readonly perMillion: number
}

/** The item that stands for all that have no tax code of their own. */
export const otherItems = 0 as ItemId

export interface ItemTax {
  readonly item: ItemId
  readonly code: string
}

export interface PaymentTerm {
  readonly code: string
  readonly name: string
  readonly netDays: number
  /** What may be kept back by who pays within so many days. */
  readonly discountDays: number
  readonly discountPerMillion: number
}

export interface CustomerTerms {
  readonly customer: PartyId
  readonly group: string | null
  /** In which it is charged; null for the company's own. */
  readonly currency: Currency | null
  /** Instead of the items' own, e.g. for export. */
  readonly taxCode: string | null
  readonly paymentTerm: string | null
  /** Days that goods must have left before they expire when they leave for the customer. */
  readonly minimumLifeDays: number
}

/** What the terms of an order's customer say of goods that expire; orders whose customer takes anything have no row. */
export interface MinimumLife {
  readonly document: string
  readonly days: number
}

/** A row of the book: exactly one kind of it. */
export type PriceBookRow =
  | ({ readonly kind: 'list' } & PriceList)
  | ({ readonly kind: 'price' } & Price)
  | ({ readonly kind: 'discount' } & Discount)
  | ({ readonly kind: 'taxCode' } & TaxCode)
  | ({ readonly kind: 'taxRate' } & TaxRate)
  | ({ readonly kind: 'itemTax' } & ItemTax)
  | ({ readonly kind: 'rate' } & Rate)
  | ({ readonly kind: 'paymentTerm' } & PaymentTerm)
  | ({ readonly kind: 'customerTerms' } & CustomerTerms)

export function priceBookKey(row: PriceBookRow): string {
  switch (row.kind) {
    case 'list':
    case 'discount':
    case 'taxCode':
    case 'paymentTerm':
      return `${row.kind} ${row.code}`
    case 'price':
      return `price ${row.item}/${row.minimum}/${row.validFrom} ${row.list}`
    case 'taxRate':
      return `taxRate ${row.validFrom} ${row.code}`
    case 'itemTax':
      return `itemTax ${row.item}`
    case 'rate':
      return `rate ${row.validFrom} ${row.currency}`
    case 'customerTerms':
      return `customerTerms ${row.customer}`
  }
}

export const holdsOn = ({ validFrom, validTo }: Validity, day: Day): boolean => validFrom <= day && (validTo === null || day <= validTo)

/** How closely something is meant for a customer: 2 for it alone, 1 for its group, 0 for everybody; undefined when it is not. */
export function closeness({ customer, group }: Audience, to: PartyId, of: string | null): 0 | 1 | 2 | undefined {
  if (customer !== null) return customer === to ? 2 : undefined
  if (group !== null) return group === of ? 1 : undefined
  return 0
}
