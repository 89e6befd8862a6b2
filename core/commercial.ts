// Commercial: what the working copy of a site knows of orders besides their goods: what they were priced with and sold as, what was promised, what holds
// them up, how they are paid, what is to come back of them, and the rules by which that is decided; and what was said of goods that are gone. The ledger takes these rows in with its own;
// nothing here changes stock.

import type { BackorderClass, ClassOfCustomer } from './backorder-class.ts'
import type { Collection } from './collection.ts'
import type { CreditAccount } from './credit.ts'
import type { GivenPromise } from './given-promise.ts'
import type { KitComponent, OrderKit } from './kit.ts'
import type { OrderHold } from './order-hold.ts'
import type { LineSupply } from './line-supply.ts'
import { undoing, type Loss } from './loss.ts'
import type { LinePrice, OrderTerms } from './order-price.ts'
import type { Payment, PaymentStep } from './payment.ts'
import { priceBookKey, type MinimumLife, type PriceBookRow } from './price-book.ts'
import type { Rma, RmaLine } from './rma.ts'
import type { SourcingLane, SourcingRule } from './sourcing.ts'
import type { Substitute } from './substitute.ts'
import type { Shape } from './table.ts'
import { itemUnitKey, type AskedIn, type ItemUnit } from './unit.ts'

/** The group of all customers of backorder classes that were read: one may move to another class. */
export const everyMember = 'every'

export interface CommercialRows {
  priceBook: PriceBookRow
  orderTerms: OrderTerms
  linePrice: LinePrice
  orderHold: OrderHold
  collection: Collection
  creditAccount: CreditAccount
  lineSupply: LineSupply
  payment: Payment
  paymentStep: PaymentStep
  rma: Rma
  rmaLine: RmaLine
  orderKit: OrderKit
  promise: GivenPromise
  kitComponent: KitComponent
  substitute: Substitute
  backorderClass: BackorderClass
  classOfCustomer: ClassOfCustomer
  sourcingRule: SourcingRule
  sourcingLane: SourcingLane
  minimumLife: MinimumLife
  itemUnit: ItemUnit
  askedIn: AskedIn
  loss: Loss
}

export const commercialShapes: { readonly [Name in keyof CommercialRows]: Shape<CommercialRows[Name]> } = {
  priceBook: { key: priceBookKey },
  orderTerms: { key: (row) => row.order },
  linePrice: { key: (row) => `${row.order}/${row.line}`, groups: (row) => [row.order] },
  orderHold: { key: (row) => `${row.order}/${row.hold}`, groups: (row) => [row.order] },
  collection: { key: (row) => row.order },
  creditAccount: { key: (row) => String(row.customer) },
  lineSupply: { key: (row) => `${row.order}/${row.line}`, groups: (row) => [row.order] },
  payment: { key: (row) => row.order },
  paymentStep: { key: (row) => `${row.order}/${row.step}`, groups: (row) => [row.order] },
  rma: { key: (row) => row.rma, groups: (row) => [row.order] },
  rmaLine: { key: (row) => `${row.rma}/${row.line}`, groups: (row) => [row.rma] },
  orderKit: { key: (row) => `${row.order}/${row.kit}` },
  promise: { key: (row) => `${row.order}/${row.line}/${row.number}` },
  kitComponent: { key: (row) => `${row.kit}/${row.component}`, groups: (row) => [`of ${row.kit}`, `in ${row.component}`] },
  substitute: { key: (row) => `${row.item}/${row.substitute}`, groups: (row) => [String(row.item)] },
  backorderClass: { key: (row) => row.code },
  classOfCustomer: { key: (row) => String(row.customer), groups: () => [everyMember] },
  sourcingRule: { key: (row) => String(row.site) },
  sourcingLane: { key: (row) => `${row.site}/${row.from}`, groups: (row) => [String(row.site)] },
  minimumLife: { key: (row) => row.document },
  itemUnit: { key: itemUnitKey, groups: (row) => [String(row.item)] },
  askedIn: { key: (row) => `${row.document}/${row.line}` },
  loss: { key: (row) => row.loss, groups: (row) => (row.undoes === null ? [] : [undoing(row.undoes)]) },
}
