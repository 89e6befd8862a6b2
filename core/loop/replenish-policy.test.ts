// What an item's own planning makes of a line: tables of stories, and what holds of any item.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '../calendar.ts'
import { known, PeriodicReview } from '../plan/policies/review.ts'
import { planningOf, type ItemPolicyTerms } from '../planning.ts'
import type { DemandForecast } from './forecast.ts'
import type { LotThere } from './replenish-aged.ts'
import { serviceAsked } from './replenish-policy.ts'
import { becauseOf } from './replenish-told.ts'
import { nothingBehind, replenish, type ReplenishInput, type ReplenishLine } from './replenish.ts'

const review = new PeriodicReview()
const today = '2026-03-02' as Day
const asAll: ItemPolicyTerms = { policy: null, reorderPoint: null, orderUpTo: null, fixedOrderCost: null, service: null, shelfMax: null, shelfLifeDays: null }
const terms = (more: Partial<ItemPolicyTerms>): ItemPolicyTerms => ({ ...asAll, ...more })

const demandOf = (perDay: number, days: number, dispersion = 1.5): DemandForecast =>
  ({ method: 'smooth', perDay: new Float64Array(days).fill(perDay), dispersion, weeks: { mean: new Float64Array(), low: new Float64Array(), high: new Float64Array() } }) as unknown as DemandForecast

interface Story {
  readonly stock: number
  readonly perDay?: number
  readonly leadDays?: number
  readonly minimum?: number
  readonly multiple?: number
  readonly coming?: number
  readonly price?: number
  readonly lots?: readonly LotThere[]
}

const input = ({ stock, perDay = 2, leadDays = 2, minimum = 1, multiple = 1, coming = 0, price = 100, lots }: Story): ReplenishInput => ({
  today,
  rule: { service_e3: 950, reviewDays: 7, stock: 'record' },
  stock: known(stock),
  recorded: stock,
  lossPerDay: 0,
  demand: demandOf(perDay, leadDays + 7),
  behind: nothingBehind,
  supplies: coming > 0 ? [{ due: addDays(today, leadDays + 1), quantity: coming }] : [],
  demands: [],
  origin: { leadDays, minimum, multiple, price },
  salePrice: 250,
  ...(lots && { lots }),
})

const line = (story: Story, asked?: Partial<ItemPolicyTerms>): ReplenishLine => replenish({ ...input(story), ...(asked && { terms: terms(asked) }) }, review)
const lot = (units: number, days: number): LotThere => ({ units, expiresOn: addDays(today, days) })

describe('levels', () => {
  test.each([
    ['above the point',        11, 0, 0],
    ['at the point',           10, 0, 30],
    ['below it',               3,  0, 37],
    ['with what comes, above', 3,  9, 0],
    ['with what comes, below', 3,  5, 32],
  ] as const)('%s', (_name, stock, coming, quantity) => {
    const { basis, quantity: ordered } = line({ stock, coming }, { policy: 'levels', reorderPoint: 10, orderUpTo: 40 })
    expect([ordered, basis.short, basis.reorderPoint, basis.orderUpTo]).toEqual([quantity, quantity, 10, 40])
    expect(basis.by).toMatchObject({ policy: 'levels', levels: 'given' })
    expect(becauseOf(basis, ordered)).toContain('at 10 or fewer it is ordered up to 40, as is said of it')
  })

  test('hold of what nobody has bought too', () => {
    expect(line({ stock: 0, perDay: 0 }).quantity).toBe(0)
    expect(line({ stock: 0, perDay: 0 }, { policy: 'levels', reorderPoint: 1, orderUpTo: 2 }).quantity).toBe(2)
  })

  test('are worked out by cost: the dearer an order, the more and the seldomer', () => {
    const by = (fixedOrderCost: number) => line({ stock: 5 }, { policy: 'levels', fixedOrderCost: fixedOrderCost as never })
    const [plain, cheap, dear] = [line({ stock: 5 }), by(1), by(5_000)]
    expect(dear.quantity).toBeGreaterThan(cheap.quantity + 100)
    expect(cheap.quantity).toBeGreaterThanOrEqual(plain.quantity)
    // Never later than the service allows.
    for (const { basis, quantity } of [cheap, dear]) expect([basis.reorderPoint, basis.short]).toEqual([plain.basis.reorderPoint, quantity])
    expect(dear.basis.by).toMatchObject({ levels: 'cost', fixedOrderCost: 5_000, holdingPerDay: 25 / 365 })
    expect(becauseOf(dear.basis, dear.quantity)).toContain('and at 50.00 an order so many at a time cost least')
    expect(line({ stock: plain.basis.orderUpTo }, { policy: 'levels', fixedOrderCost: 5_000 as never }).quantity).toBe(0)
  })
})

describe('a shelf', () => {
  test('bounds an order to whole lots, and to none where not even the least fits', () => {
    const plain = line({ stock: 4, multiple: 6 })
    expect(plain.quantity).toBeGreaterThan(12)
    const bounded = line({ stock: 4, multiple: 6 }, { shelfMax: 21 })
    expect([bounded.quantity, bounded.basis.by?.room, bounded.basis.short]).toEqual([12, 17, plain.basis.short])
    expect(bounded.basis.stockoutWith).toBeGreaterThan(plain.basis.stockoutWith)
    expect(becauseOf(bounded.basis, 12)).toContain('Of at most 21 that fit, 17 more do: 12.')
    const none = line({ stock: 4, minimum: 20 }, { shelfMax: 21 })
    expect([none.quantity, none.risk]).toEqual([0, 0])
    expect(becauseOf(none.basis, 0)).toMatch(/are short\. Of at most 21 that fit, 17 more do, and fewer than 20 are not sold\.$/)
    expect(line({ stock: 4 }, { policy: 'none' })).toMatchObject({ quantity: 0, basis: { by: { policy: 'none', most: 0 } } })
  })
})

describe('what expires', () => {
  const fresh = { stock: 0, leadDays: 1, perDay: 2 }

  test('is ordered for no longer than it lasts', () => {
    const [long, short] = [line(fresh, { shelfLifeDays: 60 }), line(fresh, { shelfLifeDays: 3 })]
    expect(long.quantity).toBe(line(fresh).quantity)
    expect(long.basis.by?.expiry).toMatchObject({ byService: long.quantity, without: 0, with: 0 })
    expect(short.quantity).toBeLessThan(long.quantity)
    expect(short.quantity).toBeGreaterThan(3)
    expect(short.basis.by?.expiry?.with).toBeGreaterThan(0)
    expect(becauseOf(short.basis, short.quantity)).toContain('It lasts 3 days')
  })

  test('is ordered although enough is there, where that expires before it is sold', () => {
    const there = { ...fresh, stock: 25 }
    expect(line(there).quantity).toBe(0)
    expect(line({ ...there, lots: [lot(25, 40)] }, { shelfLifeDays: 40 }).quantity).toBe(0)
    const soon = line({ ...there, lots: [lot(25, 2)] }, { shelfLifeDays: 40 })
    expect(soon.quantity).toBeGreaterThan(10)
    expect(soon.basis.by?.expiry?.without).toBeGreaterThan(20)
    expect(soon.risk).toBeGreaterThan(0)
  })

  test('is left to service alone where others are supplied, or it is too much to reckon', () => {
    const supplying = replenish({ ...input(fresh), behind: { perDay: 1, variancePerDay: 1, position: 3, days: 1 }, terms: terms({ shelfLifeDays: 3 }) }, review)
    expect(supplying.basis).toMatchObject({ by: { notAged: 'behind' }, bounded: [] })
    expect(line({ ...fresh, perDay: 400 }, { shelfLifeDays: 3 }).basis).toMatchObject({ by: { notAged: 'size' }, bounded: ['age'] })
  })
})

test('a service by cost is the margin to the margin and what holding costs', () => {
  const costs = { price: 100, salePrice: 105 }
  expect(serviceAsked(terms({ service: 'cost' }), costs, 365)).toBe(Math.round((5 / 30) * 1_000) / 1_000)
  expect(serviceAsked(terms({ service: 'cost' }), { ...costs, salePrice: 100 }, 7)).toBeUndefined()
  expect(serviceAsked(terms({ service: 'cost' }), { price: 0, salePrice: 100 }, 7)).toBe(0.999)
  expect([serviceAsked(terms({ service: 800 }), costs, 7), serviceAsked(asAll, costs, 7)]).toEqual([0.8, undefined])
  expect(line({ stock: 0 }, { service: 500 }).quantity).toBeLessThan(line({ stock: 0 }).quantity)
})

test('what a site says comes before what is said of every site, a policy with its levels', () => {
  const everywhere = terms({ policy: 'levels', reorderPoint: 5, orderUpTo: 9, shelfMax: 20 })
  expect(planningOf(undefined, undefined)).toBeUndefined()
  expect(planningOf(undefined, everywhere)).toBe(everywhere)
  expect(planningOf(terms({ shelfMax: 7 }), everywhere)).toEqual({ ...everywhere, shelfMax: 7 })
  expect(planningOf(terms({ policy: 'levels', fixedOrderCost: 900 as never }), everywhere)).toEqual(terms({ policy: 'levels', fixedOrderCost: 900 as never, shelfMax: 20 }))
})

const anyStock = fc.tuple(fc.nat(60), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 })).filter(([, all]) => all.some((one) => one > 0.01))
  .map(([low, all]) => ({ low, step: 1, cells: all.length, chances: all.map((one) => one / all.reduce((sum, some) => sum + some, 0)) }))
const anyOrigin = fc.record({ leadDays: fc.nat(6), minimum: fc.integer({ min: 1, max: 30 }), multiple: fc.integer({ min: 1, max: 12 }), price: fc.integer({ min: 1, max: 300 }) })
const anyInput = fc.record({
  stock: anyStock, origin: anyOrigin, perDay: fc.double({ min: 0, max: 4, noNaN: true }), dispersion: fc.double({ min: 1, max: 3, noNaN: true }),
  coming: fc.nat(30), wanted: fc.nat(10), reviewDays: fc.integer({ min: 1, max: 8 }), lossPerDay: fc.double({ min: 0, max: 0.2, noNaN: true }), salePrice: fc.integer({ min: 1, max: 500 }),
}).map(({ stock, origin, perDay, dispersion, coming, wanted, reviewDays, lossPerDay, salePrice }): ReplenishInput => ({
  today, rule: { service_e3: 900, reviewDays, stock: 'belief' }, stock, recorded: stock.low, lossPerDay, behind: nothingBehind, origin, salePrice,
  demand: demandOf(perDay, origin.leadDays + reviewDays, dispersion),
  supplies: coming === 0 ? [] : [{ due: addDays(today, 2), quantity: coming }],
  demands: wanted === 0 ? [] : [{ due: today, quantity: wanted }],
}))
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null })
const anyTerms = fc.record({
  policy: maybe(fc.constantFrom('review' as const, 'levels' as const, 'none' as const)), point: fc.nat(40), above: fc.integer({ min: 1, max: 60 }),
  fixed: maybe(fc.integer({ min: 1, max: 10_000 })), service: maybe(fc.oneof(fc.integer({ min: 1, max: 999 }), fc.constant('cost' as const))),
  shelfMax: maybe(fc.integer({ min: 1, max: 90 })), shelfLifeDays: maybe(fc.integer({ min: 1, max: 20 })),
}).map(({ policy, point, above, fixed, ...rest }): ItemPolicyTerms => {
  const levels = policy !== 'levels' ? {} : fixed === null ? { reorderPoint: point, orderUpTo: point + above } : { fixedOrderCost: fixed as never }
  return terms({ policy, ...levels, ...rest })
})

const shortOf = ({ orderUpTo, reorderPoint, countsAs, supply, overdue, booked, behind }: ReplenishLine['basis']): number => {
  const position = countsAs + Math.round(supply + behind.position - overdue - booked)
  return position <= reorderPoint ? Math.max(0, Math.ceil(orderUpTo - position)) : 0
}

describe('whatever the item and its planning', () => {
  test('a line is of its basis, in whole lots, never above the shelf', () => {
    fc.assert(fc.property(anyInput, anyTerms, (given, asked) => {
      const { quantity, basis, risk, value } = replenish({ ...given, terms: asked }, review)
      const { minimum, multiple } = given.origin!
      expect(basis.short).toBe(shortOf(basis))
      expect([Number.isInteger(quantity), quantity % multiple, quantity === 0 || quantity >= minimum]).toEqual([true, 0, true])
      expect(value).toBe(quantity * basis.price)
      expect(Number.isFinite(risk) && risk >= 0).toBe(true)
      if (asked.policy === 'none') expect(quantity).toBe(0)
      if (asked.shelfMax !== null && quantity > 0) expect(Math.max(0, basis.expected) + basis.supply + quantity).toBeLessThanOrEqual(asked.shelfMax + 1e-9)
      if (asked.policy === 'levels' && asked.shelfMax === null && basis.short > 0) expect(quantity).toBe(Math.ceil(Math.max(basis.short, minimum) / multiple) * multiple)
      if (basis.by?.most !== undefined && asked.policy !== 'levels') expect(quantity).toBeLessThanOrEqual(basis.by.most)
    }))
  })

  test('one that says nothing changes nothing', () => {
    fc.assert(fc.property(anyInput, (given) => {
      const [without, { basis: { by, ...rest }, ...line_ }] = [replenish(given, review), replenish({ ...given, terms: asAll }, review)]
      expect(by).toEqual({ policy: 'review' })
      expect([line_.quantity, rest.short, rest.stockoutWithout, line_.message, line_.told]).toEqual(
        [without.quantity, without.basis.short, without.basis.stockoutWithout, without.message, without.told])
    }))
  })

  test('where nothing can expire in the time that is planned, no more are ordered than by service alone; piece by piece, as many', () => {
    fc.assert(fc.property(anyInput, fc.boolean(), (given, plainly) => {
      const one = plainly ? { ...given, origin: { ...given.origin!, minimum: 1, multiple: 1 } } : given
      const lots = one.recorded > 0 ? [lot(one.recorded, 90)] : []
      const { quantity, basis: { by } } = replenish({ ...one, lots, terms: terms({ shelfLifeDays: 90 }) }, review)
      expect(by?.expiry?.without).toBe(0)
      expect(quantity).toBeLessThanOrEqual(by!.expiry!.byService)
      if (plainly) expect(quantity).toBe(by!.expiry!.byService)
    }))
  })
})
