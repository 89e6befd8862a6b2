import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Day } from '../calendar.ts'
import { RATE_ONE } from '../currency.ts'
import type { Item, ItemId, PartyId } from '../item.ts'
import { divideHalfEven, money } from '../money.ts'
import { addAmounts, amountsOf, noAmounts, repriced, type PriceStep } from '../order-price.ts'
import { otherItems, type Discount, type Price, type PriceList } from '../price-book.ts'
import { quantity } from '../quantity.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { emptyPriceBook, priceOrder, type AskedLine, type AskedOrder, type PriceBook, type PricedOrder } from './order-price.ts'

const day = '2026-03-02' as Day
const [ann, bob] = [9 as PartyId, 10 as PartyId]
const item = (id: number, listPrice = 1_000): Item => ({
  item: id as ItemId, sku: `SKU-${id}`, name: `Item ${id}`, unit: 'EA', tracking: 'none', standardCost: money(100), listPrice: money(listPrice), weight: null, source: 'buy', makeDays: 0, valuation: 'average', category: null, serviceLevel_e3: null,
})
const always = { validFrom: '2026-01-01' as Day, validTo: null }
const list = (code: string, more: Partial<PriceList> = {}): PriceList => ({ code, name: code, currency: 'USD', customer: null, group: null, ...always, ...more })
const price = (of: string, minimum: number, unitPrice: number, more: Partial<Price> = {}): Price => ({
  list: of, item: 1 as ItemId, minimum: quantity(minimum), unitPrice: money(unitPrice), ...always, ...more,
})
const discount = (code: string, more: Partial<Discount>): Discount => ({
  code, level: 'line', customer: null, group: null, item: null, perMillion: null, amount: null, currency: null, minimum: quantity(0), minimumAmount: money(0), ...always, ...more,
})
const prices = (...all: Price[]): PriceBook['prices'] => Map.groupBy(all, (one) => one.item)
const book = (some: Partial<PriceBook>): PriceBook => ({ ...emptyPriceBook, ...some })
const line = (wanted: number, more: Partial<AskedLine> = {}): AskedLine => ({ line: 1, item: item(1), quantity: quantity(wanted), unitPrice: undefined, discount: undefined, ...more })
const order = (lines: readonly AskedLine[], more: Partial<AskedOrder> = {}): AskedOrder => ({
  customer: ann, day, companyCurrency: 'USD', currency: undefined, discount: undefined, lines: lines.map((one, index) => ({ ...one, line: index + 1 })), ...more,
})
const priced = (asked: AskedOrder, with_: PriceBook): PricedOrder => {
  const answer = priceOrder(asked, with_)
  if (isRefusal(answer)) throw new Error(answer.detail)
  return answer
}
const unitPrices = (asked: AskedOrder, with_: PriceBook): number[] => priced(asked, with_).lines.map((one) => one.unitPrice)
const refusedAs = (answer: PricedOrder | Refusal): string => (isRefusal(answer) ? `${answer.refused} ${answer.subject}` : 'taken')
const totalsOf = (asked: AskedOrder, { lines }: PricedOrder) =>
  lines.map((one, index) => amountsOf({ quantity: asked.lines[index]!.quantity, unitPrice: one.unitPrice }, one.price)).reduce(addAmounts, noAmounts)

describe('the price of a line', () => {
  const breaks = book({ lists: [list('ALL')], prices: prices(price('ALL', 1, 900), price('ALL', 10, 800), price('ALL', 100, 700)) })
  test.each([[1, 900], [9, 900], [10, 800], [99, 800], [100, 700], [5_000, 700]])('of %i by breaks is %i', (wanted, unitPrice) => {
    expect(unitPrices(order([line(wanted)]), breaks)).toEqual([unitPrice])
  })

  test('reckons all lines of the item together for its break, whatever site serves them', () => {
    expect(unitPrices(order([line(6), line(6)]), breaks)).toEqual([800, 800])
  })

  const three = [list('ALL'), list('TRADE', { group: 'TRADE' }), list('ANN', { customer: ann })]
  const inAll = [price('ALL', 1, 900), price('TRADE', 1, 950), price('ANN', 1, 990)]
  const terms = (customer: PartyId, group: string | null) => ({ customer, group, currency: null, taxCode: null, paymentTerm: null, minimumLifeDays: 0 })
  test.each([
    ["the customer's own list, though others are cheaper",  ann, 'TRADE', inAll,              990],
    ["the group's where the customer's lacks the item",     ann, 'TRADE', inAll.slice(0, 2),  950],
    ["everybody's where nothing is closer",                 bob, null,    inAll,              900],
    ["never another customer's or group's",                 bob, 'OTHER', inAll.slice(1),     1_000],
    ["the item's own where no list has it",                 ann, 'TRADE', [],                 1_000],
  ] as const)('is %s', (_what, customer, group, some, unitPrice) => {
    const with_ = book({ lists: three, prices: prices(...some), terms: terms(customer, group) })
    expect(unitPrices(order([line(1)], { customer }), with_)).toEqual([unitPrice])
  })

  test.each([
    ['2026-01-31', 900], ['2026-02-01', 850], ['2026-02-28', 850], ['2026-03-01', 900],
  ])('on %s is %i: what began last and has not ended', (on, unitPrice) => {
    const sale = price('ALL', 1, 850, { validFrom: '2026-02-01' as Day, validTo: '2026-02-28' as Day })
    expect(unitPrices(order([line(1)], { day: on as Day }), book({ lists: [list('ALL')], prices: prices(price('ALL', 1, 900), sale) }))).toEqual([unitPrice])
  })

  test('is not from a list that has ended', () => {
    const old = list('ALL', { validTo: '2026-02-01' as Day })
    expect(unitPrices(order([line(1)]), book({ lists: [old], prices: prices(price('ALL', 1, 900)) }))).toEqual([1_000])
  })

  test('of two equally close lists is the cheaper one, but one in the currency of the order before one that is exchanged', () => {
    const rates = [{ currency: 'EUR', validFrom: '2026-01-01' as Day, rate_e9: 2 * RATE_ONE }]
    const lists = [list('A'), list('B'), list('E', { currency: 'EUR' })]
    const all = prices(price('A', 1, 900), price('B', 1, 880), price('E', 1, 300))
    expect(unitPrices(order([line(1)]), book({ lists, prices: all, rates }))).toEqual([880])
    expect(unitPrices(order([line(1)], { currency: 'EUR' }), book({ lists, prices: all, rates }))).toEqual([300])
  })

  test('that is given stands as it is, and says so', () => {
    const { lines } = priced(order([line(10, { unitPrice: money(1) })]), breaks)
    expect(lines).toEqual([{ unitPrice: 1, unitWorth: 1, basis: 'given', price: undefined }])
  })

  test('in another currency is exchanged at the rate of the day, which is written down', () => {
    const rates = [{ currency: 'EUR', validFrom: '2026-01-01' as Day, rate_e9: 1_083_400_000 }]
    const answer = priced(order([line(2)], { currency: 'EUR' }), book({ rates }))
    expect(answer.terms).toMatchObject({ currency: 'EUR', rate_e9: 1_083_400_000 })
    expect(answer.lines[0]).toMatchObject({ unitPrice: 923, unitWorth: 1_000, basis: 'book' })
    expect(answer.lines[0]!.price!.steps).toEqual([
      { step: 'item', currency: 'USD', unitPrice: 1_000 },
      { step: 'exchange', from: 'USD', to: 'EUR', from_e9: RATE_ONE, to_e9: 1_083_400_000, unitPrice: 923 },
    ])
  })

  test('is refused where no rate of the currency is known on the day', () => {
    const rates = [{ currency: 'EUR', validFrom: '2026-03-03' as Day, rate_e9: RATE_ONE }]
    expect(refusedAs(priceOrder(order([line(1)], { currency: 'EUR' }), book({ rates })))).toBe('rate_not_known currency')
    const inPounds = book({ lists: [list('GB', { currency: 'GBP' })], prices: prices(price('GB', 1, 500)) })
    expect(refusedAs(priceOrder(order([line(1)]), inPounds))).toBe('rate_not_known lines/1/unitPrice')
  })
})

describe('discounts', () => {
  const stepsOf = (asked: AskedOrder, with_: PriceBook): PriceStep[] => priced(asked, with_).lines.flatMap((one) => [...(one.price?.steps ?? [])])

  test('of a line: the one that takes off most, never two', () => {
    const discounts = [discount('FIVE', { perMillion: 50_000 }), discount('SIXTY', { amount: money(60), currency: 'USD' }), discount('MANY', { perMillion: 200_000, minimum: quantity(10) })]
    expect(stepsOf(order([line(1)]), book({ discounts })).at(-1)).toEqual({ step: 'line_discount', code: 'SIXTY', perMillion: null, amount: 60, of: 1_000, off: 60 })
    expect(stepsOf(order([line(10)]), book({ discounts })).at(-1)).toMatchObject({ code: 'MANY', off: 2_000 })
  })

  test('of the whole order are shared out by what lines come to, and the shares add up', () => {
    const asked = order([line(1, { unitPrice: money(100) }), line(1, { unitPrice: money(100) }), line(1, { unitPrice: money(100) })], { discount: { amount: money(100) } })
    const answer = priced(asked, emptyPriceBook)
    expect(answer.lines.map((one) => one.price!.orderDiscount)).toEqual([33, 34, 33])
    expect(totalsOf(asked, answer)).toEqual({ goods: 300, discount: 100, net: 200, tax: 0, gross: 200 })
  })

  test('of an order begin at a value of its goods, in their own currency', () => {
    const discounts = [discount('BIG', { level: 'order', perMillion: 100_000, minimumAmount: money(5_000), currency: 'USD' })]
    expect(totalsOf(order([line(4)]), priced(order([line(4)]), book({ discounts })))).toMatchObject({ discount: 0 })
    expect(totalsOf(order([line(5)]), priced(order([line(5)]), book({ discounts })))).toMatchObject({ discount: 500, net: 4_500 })
  })

  test('that are given replace those of the book, and may not be more than it costs', () => {
    const discounts = [discount('HALF', { perMillion: 500_000 })]
    expect(stepsOf(order([line(1, { discount: { perMillion: 0 } })]), book({ discounts }))).toEqual([
      { step: 'item', currency: 'USD', unitPrice: 1_000 },
      { step: 'line_discount', code: null, perMillion: 0, amount: null, of: 1_000, off: 0 },
    ])
    expect(refusedAs(priceOrder(order([line(1, { discount: { amount: money(1_001) } })]), emptyPriceBook))).toBe('discount_too_large lines/1/discount')
    expect(refusedAs(priceOrder(order([line(1)], { discount: { amount: money(1_001) } }), emptyPriceBook))).toBe('discount_too_large discount')
  })

  test('of the book for a group or an item are for no other', () => {
    const discounts = [discount('TRADE', { perMillion: 100_000, group: 'TRADE' }), discount('TWO', { perMillion: 100_000, item: 2 as ItemId })]
    expect(totalsOf(order([line(1)]), priced(order([line(1)]), book({ discounts })))).toMatchObject({ discount: 0 })
  })
})

describe('tax', () => {
  const taxRates = [
    { code: 'FULL', validFrom: '2026-01-01' as Day, perMillion: 190_000 }, { code: 'FULL', validFrom: '2026-07-01' as Day, perMillion: 160_000 },
    { code: 'LOW', validFrom: '2026-01-01' as Day, perMillion: 70_000 }, { code: 'EXPORT', validFrom: '2026-01-01' as Day, perMillion: 0 },
  ]
  const itemTaxes = new Map([[otherItems, 'FULL'], [2 as ItemId, 'LOW']])
  const two = order([line(1), line(1, { item: item(2) })])
  test.each([
    ['2025-12-31', null,     [0, 0]],
    ['2026-03-02', null,     [190, 70]],
    ['2026-07-01', null,     [160, 70]],
    ['2026-03-02', 'EXPORT', [0, 0]],
  ])('on %s with the code %s of the customer is %j', (on, taxCode, taxes) => {
    const terms = { customer: ann, group: null, currency: null, taxCode, paymentTerm: null, minimumLifeDays: 0 }
    const { lines } = priced({ ...two, day: on as Day }, book({ taxRates, itemTaxes, terms }))
    expect(lines.map((one) => one.price?.tax ?? 0)).toEqual(taxes)
  })

  test('is on what is left after both discounts', () => {
    const asked = order([line(1, { discount: { amount: money(100) } })], { discount: { perMillion: 100_000 } })
    expect(totalsOf(asked, priced(asked, book({ taxRates, itemTaxes })))).toEqual({ goods: 1_000, discount: 190, net: 810, tax: 154, gross: 964 })
  })
})

/** Reckons a line's amounts from its steps alone, as `explain` promises. */
function fromSteps(steps: readonly PriceStep[], wanted: number) {
  let unitPrice = 0
  let [off, tax] = [0n, 0n]
  const million = (of: bigint, perMillion: number): bigint => divideHalfEven(of * BigInt(perMillion), 1_000_000n)
  for (const step of steps) {
    if (step.step === 'item' || step.step === 'given' || step.step === 'list' || step.step === 'exchange') unitPrice = step.unitPrice
    const left = BigInt(unitPrice) * BigInt(wanted) - off
    if (step.step === 'line_discount') {
      const amount = BigInt(step.amount ?? 0)
      off += step.perMillion === null ? (amount < left ? amount : left) : million(left, step.perMillion)
    }
    if (step.step === 'order_discount') off += BigInt(step.share)
    if (step.step === 'tax') tax = million(left, step.perMillion)
  }
  const goods = BigInt(unitPrice) * BigInt(wanted)
  return { goods: Number(goods), discount: Number(off), net: Number(goods - off), tax: Number(tax), gross: Number(goods - off + tax) }
}

const anyLine = fc.record({
  quantity: fc.integer({ min: 1, max: 10_000 }),
  id: fc.integer({ min: 1, max: 3 }),
  given: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
  off: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
})
const anyBook = fc.record({
  currency: fc.constantFrom('USD', 'EUR', 'JPY'),
  breaks: fc.array(fc.record({ id: fc.integer({ min: 1, max: 3 }), minimum: fc.integer({ min: 1, max: 5_000 }), unitPrice: fc.integer({ min: 0, max: 100_000 }) }), { maxLength: 6 }),
  lineOff: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
  orderOff: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
  tax: fc.integer({ min: 0, max: 1_000_000 }),
})

describe('whatever is ordered', () => {
  const rates = [{ currency: 'EUR', validFrom: '2026-01-01' as Day, rate_e9: 1_083_400_000 }, { currency: 'JPY', validFrom: '2026-01-01' as Day, rate_e9: 6_700_000 }]
  const given = fc.tuple(fc.array(anyLine, { minLength: 1, maxLength: 8 }), anyBook).map(([lines, some]) => {
    const asked = order(
      lines.map((one) => line(one.quantity, { item: item(one.id, 1_234), unitPrice: one.given === undefined ? undefined : money(one.given), discount: one.off === undefined ? undefined : { perMillion: one.off } })),
      { currency: some.currency },
    )
    const discounts = [
      ...(some.lineOff === undefined ? [] : [discount('L', { perMillion: some.lineOff })]),
      ...(some.orderOff === undefined ? [] : [discount('O', { level: 'order', perMillion: some.orderOff })]),
    ]
    const all = prices(...some.breaks.map(({ id, minimum, unitPrice }) => price('ALL', minimum, unitPrice, { item: id as ItemId })))
    const taxRates = [{ code: 'T', validFrom: '2026-01-01' as Day, perMillion: some.tax }]
    return [asked, book({ lists: [list('ALL')], prices: all, rates, discounts, taxRates, itemTaxes: new Map([[otherItems, 'T']]) })] as const
  })

  test('the amounts of each line follow from its steps alone, and nothing is below zero', () => {
    fc.assert(
      fc.property(given, ([asked, with_]) => {
        for (const [index, one] of priced(asked, with_).lines.entries()) {
          const wanted = asked.lines[index]!.quantity
          const amounts = amountsOf({ quantity: wanted, unitPrice: one.unitPrice }, one.price)
          expect(amounts).toEqual(fromSteps(one.price!.steps, wanted))
          expect(Math.min(amounts.goods, amounts.discount, amounts.net, amounts.tax)).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  test('a line in parts comes to what it comes to as a whole, and no part to less than nothing', () => {
    fc.assert(
      fc.property(given, fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 6 }), ([asked, with_], parts) => {
        for (const [index, one] of priced(asked, with_).lines.entries()) {
          const row = { quantity: asked.lines[index]!.quantity, unitPrice: one.unitPrice }
          const cuts = [...new Set([...parts.filter((part) => part < row.quantity).toSorted((a, b) => a - b), row.quantity])]
          let before = amountsOf(row, one.price, quantity(0))
          expect(before).toEqual(noAmounts)
          for (const cut of cuts) {
            const now = amountsOf(row, one.price, quantity(cut))
            expect(now.gross).toBeGreaterThanOrEqual(before.gross)
            before = now
          }
          expect(before).toEqual(amountsOf(row, one.price))
        }
      }),
    )
  })

  test('a line of which more is wanted comes to what its steps come to', () => {
    fc.assert(
      fc.property(given, fc.integer({ min: 1, max: 10_000 }), ([asked, with_], more) => {
        for (const [index, one] of priced(asked, with_).lines.entries()) {
          const wanted = quantity(asked.lines[index]!.quantity + more)
          const next = repriced(one.price!, one.unitPrice, wanted)
          expect(amountsOf({ quantity: wanted, unitPrice: one.unitPrice }, next)).toEqual(fromSteps(next.steps, wanted))
          expect(next.discount + next.orderDiscount).toBeLessThanOrEqual(one.unitPrice * wanted)
        }
      }),
    )
  })

  test('shares of the order discount add up to it, and none is more than its line', () => {
    fc.assert(
      fc.property(given, ([asked, with_]) => {
        const { lines } = priced(asked, with_)
        const steps = lines.flatMap((one) => one.price!.steps.filter((step) => step.step === 'order_discount'))
        if (steps.length === 0) return
        expect(steps.reduce((sum, step) => sum + step.share, 0)).toBe(steps[0]!.off)
        for (const [index, one] of lines.entries()) expect(one.unitPrice * asked.lines[index]!.quantity).toBeGreaterThanOrEqual(one.price!.discount + one.price!.orderDiscount)
      }),
    )
  })
})
