// Order price: how the price of an order's line came about, and what the order comes to. Every amount is a whole number of the order's currency.
//
// A line is worth quantity times unit price; its own discount comes off, then its share of the order's, and what is left is its net amount,
// on which its tax is reckoned. Each of these is rounded once, half to even, when the order is placed, and is kept. Of a part of a line each
// comes to that part of it, reckoned from the beginning of the line, so that parts add up to the whole however it is divided.

import type { Day } from './calendar.ts'
import type { Currency } from './currency.ts'
import { divideHalfEven, money, type Money } from './money.ts'
import type { Quantity } from './quantity.ts'

/** Where a unit price is from: the item's own list price, who placed the order, or the price book with all that it says. */
export type PriceBasis = 'item' | 'given' | 'book'

/** One step on the way to a line's amounts, in the order in which they were made; from them alone the amounts can be reckoned again. */
export type PriceStep =
  | { readonly step: 'item'; readonly currency: Currency; readonly unitPrice: number }
  | { readonly step: 'given'; readonly currency: Currency; readonly unitPrice: number }
  | {
      /** Given for one of another unit than the base unit. */
      readonly step: 'unit_price'
      readonly currency: Currency
      /** Of one base unit: the least at which the goods are not worth less. */
      readonly unitPrice: number
      readonly unit: string
      readonly price: number
      /** Base units, what they are worth at that price, and what comes off so that they are worth exactly that. */
      readonly quantity: number
      readonly goods: number
      readonly off: number
    }
  | {
      readonly step: 'list'
      readonly list: string
      readonly currency: Currency
      readonly minimum: number
      readonly validFrom: Day
      readonly unitPrice: number
    }
  | {
      readonly step: 'exchange'
      readonly from: Currency
      readonly to: Currency
      readonly from_e9: number
      readonly to_e9: number
      readonly unitPrice: number
    }
  | {
      readonly step: 'line_discount'
      /** Null where who placed the order gave it. */
      readonly code: string | null
      readonly perMillion: number | null
      readonly amount: number | null
      readonly of: number
      readonly off: number
    }
  | {
      readonly step: 'order_discount'
      readonly code: string | null
      readonly perMillion: number | null
      readonly amount: number | null
      /** What the whole order came to before, what comes off it, and this line's share of that. */
      readonly of: number
      readonly off: number
      readonly share: number
    }
  | { readonly step: 'tax'; readonly code: string; readonly validFrom: Day; readonly perMillion: number; readonly of: number; readonly tax: number }

/** What stands beside a line that was priced by the book. */
export interface LinePrice {
  readonly order: string
  readonly line: number
  readonly discount: Money
  readonly orderDiscount: Money
  readonly taxCode: string | null
  readonly taxPerMillion: number
  readonly tax: Money
  readonly steps: readonly PriceStep[]
}

/** What an order has that does not go without saying: another currency than the company's, or terms of payment. */
export interface OrderTerms {
  readonly order: string
  readonly currency: Currency
  /** What one of it was worth in the company's currency, in billionths. */
  readonly rate_e9: number
  readonly paymentTerm: string | null
  readonly netDays: number | null
  readonly discountDays: number | null
  readonly discountPerMillion: number | null
}

export interface Amounts {
  readonly goods: Money
  readonly discount: Money
  readonly net: Money
  readonly tax: Money
  readonly gross: Money
}

export const noAmounts: Amounts = { goods: money(0), discount: money(0), net: money(0), tax: money(0), gross: money(0) }

type Priced = Pick<LinePrice, 'discount' | 'orderDiscount' | 'tax'>
const unpriced: Priced = { discount: money(0), orderDiscount: money(0), tax: money(0) }

/** What the first `some` of a line come to; `some` is at most its quantity. */
export function amountsOf(
  { quantity, unitPrice }: { readonly quantity: Quantity; readonly unitPrice: Money },
  { discount, orderDiscount, tax }: Priced = unpriced,
  some: Quantity = quantity,
): Amounts {
  const part = (amount: Money): bigint => divideHalfEven(BigInt(amount) * BigInt(some), BigInt(quantity))
  const goods = BigInt(unitPrice) * BigInt(some)
  // Together, so that no more comes off a part than it is worth.
  const off = part(money(discount + orderDiscount))
  const taxed = part(tax)
  return told({ goods, discount: off, net: goods - off, tax: taxed, gross: goods - off + taxed })
}

export function addAmounts(a: Amounts, b: Amounts): Amounts {
  const sum = (key: keyof Amounts): bigint => BigInt(a[key]) + BigInt(b[key])
  return told({ goods: sum('goods'), discount: sum('discount'), net: sum('net'), tax: sum('tax'), gross: sum('gross') })
}

/** Sums of prices that people gave are not bounded as they are entered; what is told of them stops where a number is exact no more. */
function told(amounts: { readonly [Key in keyof Amounts]: bigint }): Amounts {
  const bounded = (amount: bigint): Money => money(Number(amount > most ? most : amount < -most ? -most : amount))
  const { goods, discount, net, tax, gross } = amounts
  return { goods: bounded(goods), discount: bounded(discount), net: bounded(net), tax: bounded(tax), gross: bounded(gross) }
}

const most = BigInt(Number.MAX_SAFE_INTEGER)

/** What a part of a line is priced with where it becomes a line of its own: discounts of an amount are divided, as `amountsOf` divides them. */
export function repricedPart(
  { discount, orderDiscount, taxCode, taxPerMillion, tax, steps: before }: LinePrice,
  { unitPrice, quantity }: { readonly unitPrice: Money; readonly quantity: Quantity },
  some: Quantity,
): Omit<LinePrice, 'order' | 'line'> {
  const part = (amount: number): number => Number(divideHalfEven(BigInt(amount) * BigInt(some), BigInt(quantity)))
  const steps = before.map((step): PriceStep => {
    if (step.step === 'line_discount' && step.perMillion === null) return { ...step, off: part(step.off) }
    return step.step === 'order_discount' && step.perMillion === null ? { ...step, share: part(step.share) } : step
  })
  return repriced({ discount, orderDiscount, taxCode, taxPerMillion, tax, steps }, unitPrice, some)
}

const MILLION = 1_000_000n
const shareOf = (amount: bigint, perMillion: number): bigint => divideHalfEven(amount * BigInt(perMillion), MILLION)

/**
 * What a line is priced with once more of it is wanted: each piece at the price that was agreed. A discount in per cent grows with it, one of an amount
 * stays; tax is reckoned anew.
 */
export function repriced<Priced extends Omit<LinePrice, 'order' | 'line'>>(price: Priced, unitPrice: Money, quantity: Quantity): Priced {
  const goods = BigInt(unitPrice) * BigInt(quantity)
  let [rest, discount, orderDiscount, tax] = [0n, 0n, 0n, 0n]
  const steps = price.steps.map((step): PriceStep => {
    const left = goods - rest - discount - orderDiscount
    if (step.step === 'unit_price') {
      const worth = divideHalfEven(BigInt(step.goods) * BigInt(quantity), BigInt(step.quantity))
      rest = goods - worth
      return { ...step, quantity, goods: Number(worth), off: Number(rest) }
    }
    if (step.step === 'line_discount') {
      discount = step.perMillion === null ? BigInt(step.off) : shareOf(left, step.perMillion)
      return { ...step, of: Number(left), off: Number(discount) }
    }
    if (step.step === 'order_discount') {
      orderDiscount = step.perMillion === null ? BigInt(step.share) : shareOf(left, step.perMillion)
      return { ...step, share: Number(orderDiscount) }
    }
    if (step.step !== 'tax') return step
    tax = shareOf(left, step.perMillion)
    return { ...step, of: Number(left), tax: Number(tax) }
  })
  return { ...price, discount: money(Number(rest + discount)), orderDiscount: money(Number(orderDiscount)), tax: money(Number(tax)), steps }
}
