// Whatever was, there is a forecast: numbers in order, the same in other units, and near what follows where it can be known.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceOf } from '../../rng.ts'
import { forecastOf, usualLevels, type Forecast, type Quantiles } from './forecast.ts'
import { categoryOf } from './intermittent.ts'

const SEASONS = [[], [1], [4], [7], [12], [24], [24, 168], [7, 365], [52]]
const anyValue = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 50 }) },
  { weight: 3, arbitrary: fc.double({ min: -1e4, max: 1e4, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, 0, 1e300, -1e300, 1e-300, 5e-324, 1.7e308, 1e9) },
)
const plainValue = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 9 }) }, { weight: 1, arbitrary: fc.constant(NaN) })
const anyHistory = fc.oneof(
  fc.array(anyValue, { maxLength: 80 }),
  fc.array(plainValue, { maxLength: 100 }),
  fc.tuple(fc.array(anyValue, { minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 40 })).map(([some, times]) => Array.from({ length: times }, () => some).flat()),
)
const anySeasons = fc.constantFrom(...SEASONS)

function expectSound({ mean, quantiles }: Quantiles, horizon: number, isNonNegative: boolean) {
  expect(mean).toHaveLength(horizon)
  for (let step = 0; step < horizon; step += 1) {
    const row = quantiles.map((one) => one[step]!)
    for (const value of [mean[step]!, ...row]) {
      expect(Number.isFinite(value)).toBe(true)
      if (isNonNegative) expect(value).toBeGreaterThanOrEqual(0)
    }
    for (let level = 1; level < row.length; level += 1) expect(row[level]).toBeGreaterThanOrEqual(row[level - 1]!)
  }
}

const rows = ({ mean, quantiles }: Quantiles) => [mean, ...quantiles].map((one) => [...one])
/** Where another forecast, over `times`, is not the same to 1e-9 of the largest. */
function differences(one: Forecast, other: Forecast, times: number): readonly string[] {
  const faults = one.method === other.method ? [] : [`${one.method} became ${other.method}`]
  for (const [given, wanted] of [[rows(other), rows(one)], [rows(other.cumulative()), rows(one.cumulative())]] as const)
    for (const [level, values] of wanted.entries()) {
      const size = Math.max(...values.map(Math.abs))
      for (const [step, value] of values.entries()) {
        const scaled = given[level]![step]! / times
        if (!(Math.abs(scaled - value) <= 1e-9 * size)) faults.push(`row ${level}, step ${step}: ${value} became ${scaled}`)
      }
    }
  return faults
}

describe('a forecast of anything', () => {
  test('is numbers, ascending with the level, not below none where nothing was', () => {
    fc.assert(
      fc.property(anyHistory, anySeasons, fc.integer({ min: 1, max: 30 }), fc.boolean(), (history, seasons, horizon, hasCategory) => {
        const category = hasCategory ? categoryOf([history, [0, 1, 0, 2]]) : undefined
        const forecast = forecastOf(history, { horizon, seasons, category })
        const isNonNegative = history.every((value) => !Number.isFinite(value) || value >= 0)
        expect(forecast.quantiles).toHaveLength(usualLevels.length)
        expectSound(forecast, horizon, isNonNegative)
        expectSound(forecast.cumulative(), horizon, isNonNegative)
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    ['nothing',            [],                               'none',         0, 0],
    ['nothing observed',   [NaN, NaN],                       'none',         0, 0],
    ['none ever',          [0, 0, 0, 0],                     'none',         0, 0],
    ['one value',          [5],                              'smooth',       5, 5],
    ['two values',         [5, 5],                           'smooth',       5, 5],
    ['always the same',    Array.from({ length: 30 }, () => 7), 'smooth',    7, 7],
    ['the largest number', [1.7e308, 1.7e308, 1.7e308],      'smooth',       1.69e308, 1.71e308],
    ['the smallest',       [1e-300, 1e-300, 1e-300],         'smooth',       0.99e-300, 1.01e-300],
    ['a line',             Array.from({ length: 40 }, (_, at) => 100 + 2 * at), 'smooth', 175, 182],
    ['a line below none',  Array.from({ length: 40 }, (_, at) => -100 - 2 * at), 'smooth', -182, -175],
    ['now and then',       [0, 0, 3, 0, 0, 3, 0, 0, 3, 0, 0, 3], 'intermittent', 0.5, 1.5],
  ] as const)('%s: %j', (_what, history, method, low, high) => {
    const forecast = forecastOf(history, { horizon: 1, seasons: [12] })
    expect(forecast.method).toBe(method)
    expect(forecast.mean[0]).toBeGreaterThanOrEqual(low)
    expect(forecast.mean[0]).toBeLessThanOrEqual(high)
  })

  test('that is always the same is sure', () => {
    const { quantiles } = forecastOf(Array.from({ length: 30 }, () => 7), { horizon: 3, seasons: [12] })
    for (const one of quantiles) for (const value of one) expect(value).toBeCloseTo(7, 9)
  })
})

describe('the same', () => {
  /** Seasonal, trending, noisy, with some gaps. */
  const madeUp = (seed: number, length: number, season: number): number[] => {
    const chance = chanceOf(seed)
    const kind = chance.below(4)
    return Array.from({ length }, (_, at) => {
      const value = 100 + (kind === 1 ? at : 0) + 40 * Math.sin((at * 2 * Math.PI) / season) + 30 * chance.fraction()
      if (kind === 2) return chance.poisson(0.4)
      if (kind === 3 && chance.fraction() < 0.1) return NaN
      return value
    })
  }
  const anyMade = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 90 }), fc.constantFrom(1, 4, 7, 12)).map(([seed, length, season]) => ({ history: madeUp(seed, length, season), season }))

  test('in other units is the same in other units', () => {
    fc.assert(
      fc.property(anyMade, fc.constantFrom(1 / 3, 0.1, 7, 1_000, 1e-9, 12_345.678, 1e200), ({ history, season }, times) => {
        const options = { horizon: 8, seasons: [season] }
        const category = categoryOf([history])
        const other = { ...category, mean: category.mean * times, dispersion: category.dispersion * times }
        expect(differences(forecastOf(history, options), forecastOf(history.map((value) => value * times), options), times)).toEqual([])
        expect(differences(forecastOf(history, { ...options, category }), forecastOf(history.map((value) => value * times), { ...options, category: other }), times)).toEqual([])
      }),
    )
  })

  test('is the same again, and with unknown periods before it', () => {
    fc.assert(
      fc.property(anyMade, fc.integer({ min: 0, max: 30 }), ({ history, season }, before) => {
        const options = { horizon: 8, seasons: [season] }
        expect(differences(forecastOf(history, options), forecastOf([...Array.from({ length: before }, () => NaN), ...history], options), 1)).toEqual([])
      }),
    )
  })

  test('with unknown periods after it begins behind them', () => {
    const history = Array.from({ length: 48 }, (_, at) => 100 + 40 * Math.sin((at * Math.PI) / 6) + (at % 5))
    const whole = forecastOf(history, { horizon: 12, seasons: [12] })
    const later = forecastOf([...history, NaN, NaN, NaN], { horizon: 9, seasons: [12] })
    expect(later.mean).toEqual(whole.mean.slice(3))
  })
})

describe('a season', () => {
  const yearly = Array.from({ length: 60 }, (_, at) => 100 + 50 * Math.sin((at * Math.PI) / 6) + at / 2)
  test('is carried on', () => {
    const { mean, method } = forecastOf(yearly, { horizon: 12, seasons: [12] })
    expect(method).toBe('seasonal')
    for (const [step, value] of mean.entries()) expect(Math.abs(value - (130 + step / 2 + 50 * Math.sin((step * Math.PI) / 6)))).toBeLessThan(12)
  })

  test('is carried over gaps', () => {
    const gaps = yearly.map((value, at) => (at % 7 === 3 || (at > 30 && at < 35) ? NaN : value))
    const [whole, some] = [yearly, gaps].map((history) => forecastOf(history, { horizon: 12, seasons: [12] }).mean) as [Float64Array, Float64Array]
    for (const [step, value] of some.entries()) expect(Math.abs(value - whole[step]!)).toBeLessThan(15)
  })

  test('with nothing out of it is one, not intermittent demand', () => {
    const winter = Array.from({ length: 72 }, (_, at) => (at % 12 < 6 ? 0 : 100 + (at % 5)))
    const { mean } = forecastOf(winter, { horizon: 12, seasons: [12] })
    for (const [step, value] of mean.entries()) expect(Math.abs(value - (step < 6 ? 0 : 102))).toBeLessThan(15)
  })
})

describe('intervals', () => {
  test.each([['a walk', 1], ['noise', 0]] as const)('of %s hold what they say', (_what, kept) => {
    const chance = chanceOf(7)
    const noise = () => chance.fraction() + chance.fraction() + chance.fraction() - 1.5
    let [inside, all] = [0, 0]
    for (let series = 0; series < 300; series += 1) {
      let level = 0
      const values = Array.from({ length: 66 }, () => (level = kept * level + noise()) + 50)
      const { quantiles } = forecastOf(values.slice(0, 60), { horizon: 6, seasons: [12], levels: [0.1, 0.9] })
      for (let step = 0; step < 6; step += 1) {
        all += 1
        if (values[60 + step]! >= quantiles[0]![step]! && values[60 + step]! <= quantiles[1]![step]!) inside += 1
      }
    }
    expect(inside / all).toBeGreaterThan(0.72)
    expect(inside / all).toBeLessThan(0.9)
  })

  test('of what is wanted together are wider than of one period, and narrower than all of them', () => {
    const chance = chanceOf(3)
    const forecast = forecastOf(Array.from({ length: 60 }, () => 100 + chance.below(30)), { horizon: 6, seasons: [1] })
    const together = forecast.cumulative()
    const width = ({ quantiles }: Quantiles, step: number) => quantiles.at(-1)![step]! - quantiles[0]![step]!
    expect(width(together, 5)).toBeGreaterThan(width(forecast, 5))
    expect(width(together, 5)).toBeLessThan(6 * width(forecast, 5))
    expect(together.mean[5]).toBeCloseTo(forecast.mean.reduce((sum, one) => sum + one, 0), 6)
  })
})
