import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testedForecasts, type TestedPolicy } from '../../backtest.ts'
import type { Day } from '../../calendar.ts'
import { Filter } from '../../plan/filter/filter.ts'
import { PeriodicReview } from '../../plan/policies/review.ts'
import { chanceOf } from '../../rng.ts'
import { demandForecast } from '../forecast.ts'
import { demandBy } from './demand.ts'
import { comparedFigures, sumsOf } from './figures.ts'
import { ruleOf, usualPolicies, usualPolicy } from './policies.ts'
import { replayItem, type TestedEvent, type TestedItem } from './replay.ts'

const tools = { review: new PeriodicReview(), filter: new Filter(6) }
const from = '2026-01-05' as Day
const policy = (stock: TestedPolicy['stock'], more: Partial<TestedPolicy> = {}): TestedPolicy => ({ name: stock, service: 0.95, reviewDays: 7, countDays: 0, stock, forecast: 'automatic', ...more })

function anItem(seed: number, { days = 180, mean = 1.5, opening = 10, ...more }: Partial<TestedItem> & { readonly days?: number; readonly mean?: number } = {}): TestedItem {
  const chance = chanceOf(seed)
  const drawn = (count: number): Float64Array => Float64Array.from({ length: count }, () => chance.poisson(mean))
  return { site: 'SEA', sku: `A${seed}`, number: seed, before: drawn(364), wanted: drawn(days), opening, leadDays: 3, minimum: 1, multiple: 1, cost: 100, price: 250, ...more }
}

const live = (item: TestedItem, how: TestedPolicy, { shrink = 0.02, seed = 1 } = {}): readonly TestedEvent[] => replayItem(item, how, { from, days: item.wanted.length, shrink, seed }, tools)
const unitsOf = (events: readonly TestedEvent[], kind: TestedEvent['kind']): number => events.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.units, 0)

describe('a day that is lived again', () => {
  test('loses no unit and sells none that is not there, whatever the policy', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.record({
          mean: fc.double({ min: 0.05, max: 4, noNaN: true }),
          opening: fc.integer({ min: 0, max: 60 }),
          leadDays: fc.integer({ min: 0, max: 20 }),
          minimum: fc.integer({ min: 1, max: 12 }),
          multiple: fc.integer({ min: 1, max: 6 }),
          stock: fc.constantFrom('belief', 'record', 'truth'),
          countDays: fc.constantFrom(0, 10, 30),
          forecast: fc.constantFrom(...testedForecasts),
          shrink: fc.constantFrom(0, 0.02, 0.2),
        }),
        (seed, { mean, opening, leadDays, minimum, multiple, stock, countDays, forecast, shrink }) => {
          const item = anItem(seed, { days: 60, mean, opening, leadDays, minimum, multiple })
          const events = live(item, policy(stock, { countDays, forecast }), { shrink, seed })
          let [stands, record, coming] = [0, 0, 0]
          for (const { kind, units } of events) {
            expect(units).toBeGreaterThanOrEqual(kind === 'counted' ? -1e9 : 0)
            if (kind === 'opened' || kind === 'received') [stands, record] = [stands + units, record + units]
            if (kind === 'sold') [stands, record] = [stands - units, record - units]
            if (kind === 'stolen') stands -= units
            if (kind === 'ordered') {
              coming += units
              expect([units >= minimum, units % multiple]).toEqual([true, 0])
            }
            if (kind === 'received') coming -= units
            if (kind === 'counted') {
              expect(units).toBe(record - stands)
              record = stands
            }
            expect([stands >= 0, coming >= 0]).toEqual([true, true])
          }
          expect(unitsOf(events, 'sold') + unitsOf(events, 'missed')).toBe(item.wanted.reduce((sum, units) => sum + units, 0))
        },
      ),
      { numRuns: 40 },
    )
  })

  test('has the same customers and thieves under every policy, as long as there is something to steal', () => {
    const item = anItem(3, { opening: 10_000 })
    const stolen = (['belief', 'record', 'truth'] as const).map((stock) => unitsOf(live(item, policy(stock)), 'stolen'))
    expect(new Set(stolen).size).toBe(1)
    expect(live(item, policy('belief'))).toEqual(live(item, policy('belief')))
  })

  test('serves more customers who order by the belief than by the record, and most by the truth', () => {
    const items = Array.from({ length: 30 }, (_none, index) => anItem(100 + index, { days: 360 }))
    const served = (stock: TestedPolicy['stock']): number => {
      const sums = items.map((item) => sumsOf(item, 360, live(item, policy(stock), { shrink: 0.04, seed: 5 })))
      return comparedFigures([sums], 1)[0]!.figures.fillRate.value
    }
    const [record, belief, truth] = [served('record'), served('belief'), served('truth')]
    expect([record < belief, belief <= truth + 0.01]).toEqual([true, true])
    expect(truth).toBeGreaterThan(0.95)
  })
})

describe('an order', () => {
  const newlySoldOut = Array.from({ length: 20 }, (_none, index) => {
    const item = anItem(500 + index, { mean: 3, days: 130, opening: 0, leadDays: 40 })
    return { ...item, before: item.before.slice(0, 42) }
  })

  test('is for what customers want, not for what they found on an empty shelf', () => {
    const events = newlySoldOut.flatMap((item) => live(item, policy('belief', { reviewDays: 28 })))
    const served = unitsOf(events, 'sold') / (unitsOf(events, 'sold') + unitsOf(events, 'missed'))
    // With what was sold taken for what was wanted it was 0.26.
    expect(served).toBeGreaterThan(0.45)
  })
})

describe('figures', () => {
  const items = Array.from({ length: 12 }, (_none, index) => anItem(index + 1))
  const sumsUnder = (how: TestedPolicy) => items.map((item) => sumsOf(item, 180, live(item, how, { shrink: 0.05, seed: 9 })))

  test('are those of the log, made another way', () => {
    const logs = items.map((item) => live(item, policy('belief', { countDays: 30 }), { shrink: 0.05, seed: 9 }))
    const { figures } = comparedFigures([items.map((item, index) => sumsOf(item, 180, logs[index]!))], 1)[0]!
    const all = logs.flat()
    expect(figures.fillRate.value).toBeCloseTo(unitsOf(all, 'sold') / (unitsOf(all, 'sold') + unitsOf(all, 'missed')), 12)
    expect(figures.orders.value).toBe(all.filter((one) => one.kind === 'ordered').length)
    expect(figures.missedMargin.value).toBe(unitsOf(all, 'missed') * 150)
    expect(figures.stolenUnits.value).toBe(unitsOf(all, 'stolen'))
    // Each unit is in stock from the day on which it came to the day before that on which it left.
    const sign = { opened: 1, received: 1, sold: -1, stolen: -1, missed: 0, counted: 0, ordered: 0 } as const
    const unitDays = all.reduce((sum, { kind, units, day }) => sum + sign[kind] * units * (180 - day), 0)
    expect(figures.cash.value).toBeCloseTo((unitDays * 100) / 180, 6)
    for (const { value, low, high } of Object.values(figures)) expect([low <= value, value <= high]).toEqual([true, true])
  })

  test('of policies are apart by what they differ, which is surer than each of them', () => {
    const [first, second] = comparedFigures([sumsUnder(policy('record')), sumsUnder(policy('record', { service: 0.99 }))], 1)
    for (const { value, low, high } of Object.values(first!.fromFirst)) expect([value, low, high]).toEqual([0, 0, 0])
    const { figures, fromFirst } = second!
    expect(fromFirst.cash.value).toBeCloseTo(figures.cash.value - first!.figures.cash.value, 6)
    expect(fromFirst.cash.high - fromFirst.cash.low).toBeLessThan(figures.cash.high - figures.cash.low)
    expect(fromFirst.cash.low).toBeGreaterThan(0)
  })

  test('of nothing are nothing', () => {
    expect(comparedFigures([[]], 1)).toMatchObject([{ figures: { fillRate: { value: 1 }, orders: { value: 0, low: 0, high: 0 } } }])
    expect(comparedFigures([], 1)).toEqual([])
  })
})

describe('demand', () => {
  const weeks = (count: number, of: (week: number) => number): Float64Array => Float64Array.from({ length: count }, (_none, week) => of(week))

  test.each([
    ['the mean of the last half year',               'mean',           weeks(60, (week) => (week < 34 ? 700 : 14)),       [2, 2]],
    ['the mean of less than that',                   'mean',           weeks(4, () => 21),                                [3, 3]],
    ['the weeks a year ago',                         'seasonal-naive', weeks(104, (week) => (week === 52 ? 70 : week === 53 ? 35 : 7)), [10, 5]],
    ['the mean, where nobody knows a year',          'seasonal-naive', weeks(20, () => 7),                                [1, 1]],
    ['nothing, where nothing was ever sold',         'mean',           new Float64Array(),                                [0, 0]],
  ] as const)('is %s', (_name, how, history, [first, second]) => {
    const { perDay, dispersion } = demandBy(how, history, from, 14)
    expect([...perDay]).toEqual(Array.from({ length: 14 }, (_none, ahead) => (ahead < 7 ? first : second)))
    expect(dispersion).toBeGreaterThanOrEqual(1)
  })

  test('is what a plan forecasts where nobody chose', () => {
    const history = weeks(60, (week) => 10 + (week % 4))
    expect(demandBy('automatic', history, from, 10)).toEqual(demandForecast(history, from, 10, []))
  })
})

describe('a rule', () => {
  test('is made of a policy that a plan can follow, and of no other', () => {
    expect(ruleOf({ ...usualPolicy, service: 0.9754, reviewDays: 14 })).toEqual({ service_e3: 975, reviewDays: 14, stock: 'belief' })
    for (const none of [{ stock: 'truth' }, { forecast: 'mean' }] as const) expect(ruleOf({ ...usualPolicy, ...none })).toContain('shows what')
    expect(usualPolicies.filter((one) => typeof ruleOf(one) === 'string').map((one) => one.name)).toEqual(['truth-95'])
  })
})
