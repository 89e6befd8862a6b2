import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unitsEnough, unitsWanted } from '../filter/demand.ts'
import { known, PeriodicReview, SERVICE_MOST, type ReviewInput, type ReviewTarget } from './review.ts'

const review = new PeriodicReview()

const usual: ReviewInput = {
  stock: known(4),
  pipeline: 2,
  demandPerDay: [1.5],
  dispersion: 1.4,
  lossPerDay: 0,
  leadTime: [0, 0, 1],
  reviewDays: 1,
  target: { kind: 'service', service: 0.95 },
}

const believed = fc
  .tuple(fc.integer({ min: 0, max: 12 }), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }))
  .filter(([, masses]) => masses.some((mass) => mass > 1e-3))
  .map(([low, masses]) => {
    const sum = masses.reduce((all, mass) => all + mass, 0)
    return { low, step: 1, cells: masses.length, chances: masses.map((mass) => mass / sum) }
  })

const target = (share: number, kind: ReviewTarget['kind']): ReviewTarget =>
  kind === 'service' ? { kind, service: share } : kind === 'fill' ? { kind, fill: share } : { kind, shortage: share, holding: 1 - share }

const share = fc.double({ min: 0.3, max: 0.995, noNaN: true })
const kind = fc.constantFrom<ReviewTarget['kind']>('service', 'fill', 'cost')

const inputs: fc.Arbitrary<ReviewInput> = fc.record({
  stock: believed,
  pipeline: fc.integer({ min: 0, max: 10 }),
  demandPerDay: fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 1, maxLength: 9 }),
  dispersion: fc.double({ min: 1, max: 3, noNaN: true }),
  lossPerDay: fc.double({ min: 0, max: 0.3, noNaN: true }),
  leadTime: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }).filter((all) => all.some((one) => one > 0.01)),
  reviewDays: fc.integer({ min: 1, max: 4 }),
  target: fc.tuple(share, kind).map(([some, of]) => target(some, of)),
})

/** The horizon's demand, one by one: of `days` more than each lead time. */
function mixture({ demandPerDay, lossPerDay, dispersion, leadTime }: ReviewInput, more: number): Float64Array {
  const pmf = new Float64Array(400)
  const all = [...(leadTime as readonly number[])].reduce((sum, one) => sum + one, 0)
  for (const [lead, chance] of (leadTime as readonly number[]).entries()) {
    const days = lead + more
    let mean = lossPerDay * days
    const average = [...(demandPerDay as readonly number[])].reduce((sum, one) => sum + one, 0) / demandPerDay.length
    if (days > demandPerDay.length) mean += average * days
    else for (let day = 0; day < days; day += 1) mean += demandPerDay[day]!
    for (const [units, term] of unitsWanted(mean, dispersion, 400).entries()) pmf[units]! += (chance / all) * term
  }
  return pmf
}

const missing = (pmf: Float64Array, units: number): number => pmf.reduce((sum, term, some) => sum + term * Math.max(0, some - units), 0)
const served = (pmf: Float64Array, units: number): number => pmf.reduce((sum, term, some) => sum + (some <= units ? term : 0), 0)

describe('periodic review from a belief', () => {
  test('a stock that is known is filled up to the least level that is enough', () => {
    const { quantity, orderUpTo, countsAs, reorderPoint, expected, changes, bounded, lump } = review.order(usual)
    expect(orderUpTo).toBe(unitsEnough(4.5, 1.4, 0.95, 500))
    expect([countsAs, expected, reorderPoint]).toEqual([4, 4, orderUpTo - 1])
    expect(quantity).toBe(orderUpTo - 4 - 2)
    expect([changes, bounded, lump]).toEqual([[], [], 1])
  })

  test('the less is known, the less it counts as', () => {
    const unsure = review.order({ ...usual, stock: { low: 0, step: 1, cells: 9, chances: [0.5, 0, 0, 0, 0, 0, 0, 0, 0.5] } })
    expect(unsure.expected).toBe(4)
    expect(unsure.countsAs).toBeLessThan(4)
    expect(unsure.quantity).toBeGreaterThan(review.order(usual).quantity)
    expect(unsure.quantity).toBe(unsure.orderUpTo - unsure.countsAs - 2)
    fc.assert(
      fc.property(inputs, (input) => {
        const { countsAs } = review.order(input)
        expect(countsAs).toBeGreaterThanOrEqual(input.stock.low)
        expect(countsAs).toBeLessThan(input.stock.low + input.stock.cells)
      }),
    )
  })

  test('equals going through every order, every stock and every demand', () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 6 }), (input, pack) => {
        const order = review.order({ ...input, pack })
        const [whole, lead] = [mixture(input, input.reviewDays), mixture(input, 0)]
        const { stock, pipeline } = input
        const over = (of: (units: number) => number): number => (stock.chances as readonly number[]).reduce((sum, chance, cell) => sum + chance * of(stock.low + cell), 0)
        const [mean, leadMean] = [missing(whole, 0), missing(lead, 0)]
        const reached = (more: number): number => {
          if (input.target.kind !== 'fill') return over((units) => served(whole, units + pipeline + more))
          if (mean - leadMean < 1e-12) return mean < 1e-12 ? 1 : 1 - over((units) => missing(whole, units + pipeline + more)) / mean
          return 1 - over((units) => missing(whole, units + pipeline + more) - missing(lead, units + pipeline + more)) / (mean - leadMean)
        }
        const aim = input.target.kind === 'fill' ? input.target.fill : input.target.kind === 'service' ? input.target.service : order.service
        // Nearer than rounding either answer is right.
        expect(reached(order.quantity)).toBeGreaterThan(aim - 1e-9)
        if (order.quantity > 0) expect(reached(order.quantity - pack)).toBeLessThan(aim + 1e-9)
        for (const [outlook, more] of [[order.withOrder, order.quantity], [order.withoutOrder, 0]] as const) {
          expect(outlook.stockout).toBeCloseTo(1 - over((units) => served(whole, units + pipeline + more)), 9)
          expect(outlook.short).toBeCloseTo(over((units) => missing(whole, units + pipeline + more)), 7)
          expect(outlook.left).toBeCloseTo(over((units) => units + pipeline + more - mean + missing(whole, units + pipeline + more)), 7)
        }
        expect(order.demand).toBeCloseTo(mean, 7)
      }),
      { numRuns: 300 },
    )
  })

  test('of costs, what costs least over all orders', () => {
    fc.assert(
      fc.property(inputs, fc.double({ min: 0.5, max: 30, noNaN: true }), (input, shortage) => {
        const { quantity } = review.order({ ...input, target: { kind: 'cost', shortage, holding: 1 } })
        const whole = mixture(input, input.reviewDays)
        const cost = (more: number): number =>
          (input.stock.chances as readonly number[]).reduce((sum, chance, cell) => {
            const units = input.stock.low + cell + input.pipeline + more
            const short = missing(whole, units)
            return sum + chance * (shortage * short + input.reviewDays * (units - missing(whole, 0) + short))
          }, 0)
        let least = Infinity
        for (let more = 0; more < 80; more += 1) least = Math.min(least, cost(more))
        expect(cost(quantity)).toBeLessThan(least + 1e-7)
      }),
    )
  })

  test('more is asked for, demanded or lost: never fewer; more on its way: never more', () => {
    fc.assert(
      fc.property(inputs, share, share, kind, fc.integer({ min: 1, max: 9 }), (input, some, other, of, more) => {
        const quantity = (change: Partial<ReviewInput>): number => review.order({ ...input, target: target(some, of), ...change }).quantity
        const [less, greater] = [Math.min(some, other), Math.max(some, other)]
        expect(quantity({ target: target(less, of) })).toBeLessThanOrEqual(quantity({ target: target(greater, of) }))
        expect(quantity({ pipeline: input.pipeline + more })).toBeLessThanOrEqual(quantity({}))
        if (of === 'fill') return
        expect(quantity({ demandPerDay: [...(input.demandPerDay as readonly number[])].map((one) => one + more / 4) })).toBeGreaterThanOrEqual(quantity({}))
        expect(quantity({ lossPerDay: input.lossPerDay + more / 10 })).toBeGreaterThanOrEqual(quantity({}))
      }),
      { numRuns: 300 },
    )
  })

  test('whole packs, the minimum, and no more than the shelf has room for; each says what it changed', () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 60 }), (input, pack, minimum, shelf) => {
        const { quantity, wanted, changes, expected } = review.order({ ...input, pack, minimum, shelf })
        expect(quantity % pack).toBe(0)
        expect(quantity === 0 || (quantity >= minimum && quantity + input.pipeline + expected <= shelf + 1e-9)).toBe(true)
        expect(changes.reduce((so_far, { from, to }) => (from === so_far ? to : Number.NaN), wanted)).toBe(quantity)
        for (const { from, to } of changes) expect(from).not.toBe(to)
      }),
    )
    const full = review.order({ ...usual, pack: 6, minimum: 10, shelf: 17 })
    expect(full.changes).toEqual([{ bound: 'pack', from: full.wanted, to: 6 }, { bound: 'minimum', from: 6, to: 12 }, { bound: 'shelf', from: 12, to: 0 }])
  })

  test('where an order costs something, none above the reorder point and up to the level at it', () => {
    for (const method of ['exact', 'power'] as const) {
      const order = (units: number) => review.order({ ...usual, stock: known(units), pipeline: 0, fixed: { cost: 60, holding: 1, method } })
      const { reorderPoint, orderUpTo } = order(0)
      expect(orderUpTo - reorderPoint).toBeGreaterThan(5)
      expect(order(reorderPoint + 1).quantity).toBe(0)
      expect(order(reorderPoint).quantity).toBe(orderUpTo - reorderPoint)
    }
    // Of next to nothing an order costs, (s, S) is order-up-to.
    const cheap = review.order({ ...usual, fixed: { cost: 1e-9, holding: 1 } })
    expect(cheap.orderUpTo).toBe(review.order(usual).orderUpTo)
    expect(cheap.reorderPoint).toBe(cheap.orderUpTo - 1)
  })

  test('by the thousand, units are taken together and little changes', () => {
    for (const [perDay, dispersion] of [[400, 1], [900, 3], [5_000, 1], [5_000, 400], [60, 900], [2e6, 2]] as const) {
      const order = review.order({ ...usual, demandPerDay: [perDay], dispersion, pipeline: 0, stock: known(0) })
      const exact = perDay < 1e5 ? unitsExact(3 * perDay, dispersion, 0.95) : 3 * perDay + 1.6448536 * Math.sqrt(3 * perDay * dispersion)
      expect(Math.abs(order.quantity / exact - 1)).toBeLessThan(0.002)
      expect(Math.abs(order.withOrder.stockout - 0.05)).toBeLessThan(0.002)
    }
  })

  test('whatever is given, an answer that is a number', () => {
    const strange = fc.oneof(fc.constantFrom(0, 1, -1, 1e-300, 1e12, 1e300, Number.NaN, Infinity, -Infinity), fc.double())
    const chances = fc.array(strange, { maxLength: 5 })
    const input = fc.record({
      stock: fc.record({ low: strange, step: fc.constantFrom(1, 3, 1e9), chances }).map((stock) => ({ ...stock, cells: stock.chances.length })),
      pipeline: strange, demandPerDay: chances, dispersion: strange, lossPerDay: strange, leadTime: chances, reviewDays: strange,
      target: fc.oneof(fc.record({ kind: fc.constant('service' as const), service: strange }), fc.record({ kind: fc.constant('fill' as const), fill: strange }), fc.record({ kind: fc.constant('cost' as const), shortage: strange, holding: strange })),
      pack: strange, minimum: strange, shelf: strange, fixed: fc.option(fc.record({ cost: strange, holding: strange }), { nil: undefined }),
    })
    fc.assert(
      fc.property(input, ({ fixed, ...some }) => {
        const order = review.order(fixed === undefined ? some : { ...some, fixed })
        const numbers = [order.quantity, order.wanted, order.orderUpTo, order.reorderPoint, order.countsAs, order.expected, order.demand, order.deviation, order.service, ...Object.values(order.withOrder), ...Object.values(order.withoutOrder)]
        expect(numbers.every(Number.isFinite), JSON.stringify(order)).toBe(true)
        expect(order.quantity).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 2_000 },
    )
    const certain = review.order({ ...usual, target: { kind: 'service', service: 1 } })
    expect([certain.service, certain.bounded]).toEqual([SERVICE_MOST, ['service']])
    expect(review.order({ ...usual, demandPerDay: [0], stock: known(0), pipeline: 0 }).quantity).toBe(0)
    expect(review.order({ ...usual, stock: { ...known(4.5) } }).countsAs).toBe(4)
    expect(review.order({ ...usual, leadTime: [], stock: known(0) }).bounded).toEqual(['lead_time'])
  })
})

/** The least units that are enough, summed from logarithms so that no term is lost. */
function unitsExact(mean: number, dispersion: number, probability: number): number {
  const size = dispersion > 1 ? mean / (dispersion - 1) : Infinity
  let [log, sum, units] = [dispersion > 1 ? -size * Math.log(dispersion) : -mean, 0, 0]
  for (; ; units += 1) {
    sum += Math.exp(log)
    if (sum >= probability) return units
    log += dispersion > 1 ? Math.log(((1 - 1 / dispersion) * (size + units)) / (units + 1)) : Math.log(mean / (units + 1))
  }
}
