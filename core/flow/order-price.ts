// Order price: what an order's lines cost by the price book, and how that came about. The closest list that has the item decides: the customer's own
// before its group's before everybody's; in one in the order's currency before one that must be exchanged; the cheapest of several that are
// equally close. Of its breaks the highest counts that all lines of the item together reach. An item in no list costs its own list price.
//
// One discount at most comes off a line and one off the order: the one that takes off most, or what who placed the order gives instead. The
// order's is shared out by what the lines come to, so that the shares add up to it. Tax is on what is left of each line.

import type { Day } from '../calendar.ts'
import { exchanged, RATE_ONE, rateOn, type Currency, type Rate } from '../currency.ts'
import type { Item, ItemId, PartyId } from '../item.ts'
import { divideHalfEven, money, subtract, times, type Money } from '../money.ts'
import { amountsOf, type LinePrice, type OrderTerms, type PriceBasis, type PriceStep } from '../order-price.ts'
import {
  closeness,
  holdsOn,
  otherItems,
  type CustomerTerms,
  type Discount,
  type PaymentTerm,
  type Price,
  type PriceList,
  type TaxRate,
} from '../price-book.ts'
import { none, plus, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import type { InUnit } from '../unit.ts'

/** As much of the price book as concerns one order. */
export interface PriceBook {
  readonly lists: readonly PriceList[]
  readonly prices: ReadonlyMap<ItemId, readonly Price[]>
  readonly discounts: readonly Discount[]
  readonly taxRates: readonly TaxRate[]
  readonly itemTaxes: ReadonlyMap<ItemId, string>
  readonly rates: readonly Rate[]
  readonly paymentTerms: readonly PaymentTerm[]
  readonly terms: CustomerTerms | undefined
}

export const emptyPriceBook: PriceBook = {
  lists: [],
  prices: new Map(),
  discounts: [],
  taxRates: [],
  itemTaxes: new Map(),
  rates: [],
  paymentTerms: [],
  terms: undefined,
}

/** What who places an order gives off a line or the order; one of the two. */
export interface GivenDiscount {
  readonly perMillion?: number | undefined
  readonly amount?: Money | undefined
}

/** A price that was given for one of a unit: what comes off the line so that it is worth exactly what was asked. */
export interface PriceOfUnit extends Pick<InUnit, 'unit'> {
  readonly price: Money
  readonly off: Money
}

export interface AskedLine {
  readonly line: number
  readonly item: Item
  readonly quantity: Quantity
  readonly unitPrice: Money | undefined
  /** With a `unitPrice` that was made of it. */
  readonly ofUnit?: PriceOfUnit | undefined
  readonly discount: GivenDiscount | undefined
}

export interface AskedOrder {
  readonly customer: PartyId
  /** The day whose prices hold. */
  readonly day: Day
  readonly companyCurrency: Currency
  /** Without it the customer's, or the company's own. */
  readonly currency: Currency | undefined
  readonly discount: GivenDiscount | undefined
  readonly lines: readonly AskedLine[]
}

export interface PricedLine {
  readonly unitPrice: Money
  /** The same in the company's currency. */
  readonly unitWorth: Money
  readonly basis: PriceBasis
  /** With a basis of the book only. */
  readonly price: Omit<LinePrice, 'order' | 'line'> | undefined
}

export interface PricedOrder {
  readonly currency: Currency
  readonly terms: Omit<OrderTerms, 'order'> | undefined
  readonly lines: readonly PricedLine[]
}

/** Prices an order's lines, each with the steps that led to it. */
export function priceOrder(asked: AskedOrder, book: PriceBook): PricedOrder | Refusal {
  if (book === emptyPriceBook && isPlain(asked)) return { currency: asked.companyCurrency, terms: undefined, lines: asked.lines.map(plainLine) }
  const currency = asked.currency ?? book.terms?.currency ?? asked.companyCurrency
  const exchange = exchangeOf(asked, book)
  const rate = exchange(currency)
  if (rate === undefined) return noRate(currency, 'currency')
  const bought = quantities(asked.lines)
  const drafts: LineDraft[] = []
  for (const line of asked.lines) {
    const draft = draftLine(asked, book, { currency, rate, exchange }, line, bought.get(line.item.item)!)
    if (isRefusal(draft)) return draft
    drafts.push(draft)
  }
  const whole = takeOffOrder(asked, book, currency, drafts)
  if (isRefusal(whole)) return whole
  const company = { currency: asked.companyCurrency, rate_e9: RATE_ONE }
  return {
    currency,
    terms: termsOf(asked, book, { currency, rate_e9: rate }),
    lines: drafts.map((draft) => {
      const unitWorth = currency === asked.companyCurrency ? draft.unitPrice : exchanged(draft.unitPrice, { currency, rate_e9: rate }, company)
      return { unitWorth, ...lineFrom(draft, taxOn(asked.day, book, draft.item)) }
    }),
  }
}

/** Nearly all orders of a company without a price book: nothing is to be reckoned. */
const isPlain = ({ currency, companyCurrency, discount, lines }: AskedOrder): boolean =>
  (currency ?? companyCurrency) === companyCurrency &&
  discount === undefined &&
  lines.every((line) => line.discount === undefined && line.ofUnit === undefined)

function plainLine({ item, unitPrice: given }: AskedLine): PricedLine {
  const unitPrice = given ?? item.listPrice
  return { unitPrice, unitWorth: unitPrice, basis: given === undefined ? 'item' : 'given', price: undefined }
}

type RateOf = (currency: Currency) => number | undefined

interface In {
  readonly currency: Currency
  readonly rate: number
  readonly exchange: RateOf
}

/** A line whose share of the order's discount is still to come. */
interface LineDraft {
  readonly item: ItemId
  readonly quantity: Quantity
  readonly unitPrice: Money
  readonly discount: Money
  orderDiscount: Money
  readonly steps: PriceStep[]
}

const exchangeOf =
  ({ companyCurrency, day }: AskedOrder, { rates }: PriceBook): RateOf =>
  (currency) =>
    currency === companyCurrency ? RATE_ONE : rateOn(rates, currency, day)?.rate_e9

const noRate = (currency: Currency, subject: string): Refusal =>
  refuse('rate_not_known', subject, `No exchange rate of ${currency} is known for that day.`)

function quantities(lines: readonly AskedLine[]): ReadonlyMap<ItemId, Quantity> {
  const all = new Map<ItemId, Quantity>()
  for (const { item, quantity } of lines) all.set(item.item, plus(all.get(item.item) ?? none, quantity))
  return all
}

function draftLine(asked: AskedOrder, book: PriceBook, into: In, line: AskedLine, bought: Quantity): LineDraft | Refusal {
  const steps: PriceStep[] = []
  const unitPrice = unitPriceOf(asked, book, into, line, bought, steps)
  if (isRefusal(unitPrice)) return unitPrice
  const rest = line.ofUnit?.off ?? money(0)
  const draft = { item: line.item.item, quantity: line.quantity, unitPrice, discount: rest, orderDiscount: money(0), steps }
  const standing = book.discounts.filter((one) => one.level === 'line' && (one.item ?? draft.item) === draft.item && one.minimum <= bought)
  const candidates = line.discount === undefined ? standingOffers(standing, asked, book, into.currency) : [givenOffer(line.discount)]
  if (candidates.length === 0) return draft
  const goods = subtract(times(unitPrice, line.quantity), rest)
  const best = bestOf(candidates, goods)
  if (best.off > goods) return tooMuchOff(`lines/${line.line}/discount`)
  if (best.off === 0 && line.discount === undefined) return draft
  steps.push({ step: 'line_discount', ...best })
  return { ...draft, discount: money(rest + best.off) }
}

function unitPriceOf(
  { companyCurrency, customer, day }: AskedOrder,
  book: PriceBook,
  into: In,
  { line, item, unitPrice, quantity, ofUnit }: AskedLine,
  bought: Quantity,
  steps: PriceStep[],
): Money | Refusal {
  const { currency } = into
  if (unitPrice !== undefined) {
    if (ofUnit === undefined) steps.push({ step: 'given', currency, unitPrice })
    else steps.push({ step: 'unit_price', currency, unitPrice, ...ofUnit, quantity, goods: subtract(times(unitPrice, quantity), ofUnit.off) })
    return unitPrice
  }
  const offers = offersOf(book, { customer, day, currency, rateOf: into.exchange }, item.item, bought)
  const found = offers[0]
  if (found === undefined) steps.push({ step: 'item', currency: companyCurrency, unitPrice: item.listPrice })
  else {
    const { list, price } = found
    const { minimum, validFrom } = price
    steps.push({ step: 'list', list: list.code, currency: list.currency, minimum, validFrom, unitPrice: price.unitPrice })
  }
  const [from, amount] = found === undefined ? [companyCurrency, item.listPrice] : [found.list.currency, found.price.unitPrice]
  if (from === currency) return amount
  const from_e9 = into.exchange(from)
  if (from_e9 === undefined) return noRate(from, `lines/${line}/unitPrice`)
  const result = exchanged(amount, { currency: from, rate_e9: from_e9 }, { currency, rate_e9: into.rate })
  steps.push({ step: 'exchange', from, to: currency, from_e9, to_e9: into.rate, unitPrice: result })
  return result
}

interface Wanted {
  readonly customer: PartyId
  readonly day: Day
  readonly currency: Currency
  readonly rateOf: RateOf
}

interface Offer {
  readonly list: PriceList
  readonly price: Price
  readonly rank: number
}

/** What lists ask for an item, the best choice first. */
function offersOf(book: PriceBook, { customer, day, currency, rateOf }: Wanted, item: ItemId, bought: Quantity): readonly Offer[] {
  const prices = book.prices.get(item) ?? []
  if (prices.length === 0) return []
  const offers = book.lists.flatMap((list) => {
    const close = holdsOn(list, day) ? closeness(list, customer, book.terms?.group ?? null) : undefined
    if (close === undefined) return []
    const price = priceIn(prices, list.code, day, bought)
    return price === undefined ? [] : [{ list, price, rank: close * 2 + (list.currency === currency ? 1 : 0) }]
  })
  const worth = ({ list, price }: Offer): number => price.unitPrice * (rateOf(list.currency) ?? RATE_ONE)
  return offers.toSorted((a, b) => b.rank - a.rank || worth(a) - worth(b) || (a.list.code < b.list.code ? -1 : 1))
}

/** The price of the highest break that is reached; of two of the same break the one that began last. */
const priceIn = (prices: readonly Price[], list: string, day: Day, bought: Quantity): Price | undefined =>
  prices
    .filter((one) => one.list === list && one.minimum <= bought && holdsOn(one, day))
    .toSorted((a, b) => b.minimum - a.minimum || (a.validFrom < b.validFrom ? 1 : -1))[0]

interface OffOffer {
  readonly code: string | null
  readonly perMillion: number | null
  readonly amount: Money | null
}

interface Off extends OffOffer {
  readonly of: Money
  readonly off: Money
}

const givenOffer = ({
  perMillion = null,
  amount = null,
}: {
  perMillion?: number | null | undefined
  amount?: Money | null | undefined
}): OffOffer => ({
  code: null,
  perMillion,
  amount,
})

/** Standing discounts that hold for the customer on the day; one of an amount only in its own currency. */
const standingOffers = (discounts: readonly Discount[], { customer, day }: AskedOrder, { terms }: PriceBook, currency: Currency): OffOffer[] =>
  discounts
    .filter((one) => holdsOn(one, day) && closeness(one, customer, terms?.group ?? null) !== undefined)
    .filter((one) => one.currency === null || one.currency === currency)
    .map(({ code, perMillion, amount }) => ({ code, perMillion, amount }))

const MILLION = 1_000_000n

/** A share of what something is worth, in millionths, half to even. */
const shareOf = (worth: Money, perMillion: number): Money => money(Number(divideHalfEven(BigInt(worth) * BigInt(perMillion), MILLION)))

/** What takes off most; of standing amounts never more than there is. */
function bestOf(offers: readonly OffOffer[], of: Money): Off {
  const offs = offers.map((one): Off => {
    const off = one.perMillion === null ? (one.amount ?? money(0)) : shareOf(of, one.perMillion)
    return { ...one, of, off: one.code === null ? off : money(Math.min(off, of)) }
  })
  return offs.toSorted((a, b) => b.off - a.off || ((a.code ?? '') < (b.code ?? '') ? -1 : 1))[0]!
}

const tooMuchOff = (subject: string): Refusal => refuse('discount_too_large', subject, 'More would come off than it costs.')

/** Takes the order's discount off its lines, each by its share. */
function takeOffOrder(asked: AskedOrder, book: PriceBook, currency: Currency, drafts: readonly LineDraft[]): Refusal | undefined {
  const standing = book.discounts.filter((one) => one.level === 'order')
  if (asked.discount === undefined && standing.length === 0) return undefined
  const nets = drafts.map((draft) => subtract(times(draft.unitPrice, draft.quantity), draft.discount))
  const total = money(nets.reduce((sum, net) => sum + net, 0))
  const reached = standing.filter((one) => one.minimumAmount <= total && (one.minimumAmount === 0 || one.currency === currency))
  const candidates = asked.discount === undefined ? standingOffers(reached, asked, book, currency) : [givenOffer(asked.discount)]
  if (candidates.length === 0) return undefined
  const best = bestOf(candidates, total)
  if (best.off > total) return tooMuchOff('discount')
  if (best.off === 0) return undefined
  let before = 0n
  let shared = 0
  for (const [index, draft] of drafts.entries()) {
    before += BigInt(nets[index]!)
    const upTo = Number(divideHalfEven(BigInt(best.off) * before, BigInt(total)))
    draft.orderDiscount = money(upTo - shared)
    shared = upTo
    draft.steps.push({ step: 'order_discount', ...best, share: draft.orderDiscount })
  }
  return undefined
}

/** The rate of tax on an item on a day; undefined where nothing is said, which is none. */
function taxOn(day: Day, { terms, itemTaxes, taxRates }: PriceBook, item: ItemId): TaxRate | undefined {
  const code = terms?.taxCode ?? itemTaxes.get(item) ?? itemTaxes.get(otherItems)
  if (code === undefined) return undefined
  return taxRates.reduce<TaxRate | undefined>(
    (best, one) => (one.code === code && one.validFrom <= day && (best === undefined || one.validFrom > best.validFrom) ? one : best),
    undefined,
  )
}

/** A line with nothing but the item's own price, or one that was given, needs no row beside it. */
function lineFrom(draft: LineDraft, rate: TaxRate | undefined): Omit<PricedLine, 'unitWorth'> {
  const { unitPrice, quantity, discount, orderDiscount, steps } = draft
  const first = steps[0]!.step
  if (rate === undefined && steps.length === 1 && (first === 'item' || first === 'given')) return { unitPrice, basis: first, price: undefined }
  const net = subtract(times(unitPrice, quantity), money(discount + orderDiscount))
  const tax = rate === undefined ? money(0) : shareOf(net, rate.perMillion)
  const taxed: readonly PriceStep[] = rate === undefined ? [] : [{ step: 'tax', ...rate, of: net, tax }]
  const price = { discount, orderDiscount, taxCode: rate?.code ?? null, taxPerMillion: rate?.perMillion ?? 0, tax, steps: [...steps, ...taxed] }
  // Whoever pays must be able to: what cannot be kept exactly is refused before it is an order.
  money(amountsOf(draft, price).gross)
  return { unitPrice, basis: 'book', price }
}

function termsOf(
  { companyCurrency }: AskedOrder,
  { terms, paymentTerms }: PriceBook,
  rate: { readonly currency: Currency; readonly rate_e9: number },
): Omit<OrderTerms, 'order'> | undefined {
  const term = paymentTerms.find((one) => one.code === terms?.paymentTerm)
  if (term === undefined && rate.currency === companyCurrency) return undefined
  const { code = null, netDays = null, discountDays = null, discountPerMillion = null } = term ?? {}
  return { ...rate, paymentTerm: code, netDays, discountDays, discountPerMillion }
}
