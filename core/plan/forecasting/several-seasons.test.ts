import { describe, expect, test } from 'vitest'
import { chanceOf } from '../../rng.ts'
import { forecastOf } from './forecast.ts'
import { seasonsIn } from './several-seasons.ts'

const ones = (length: number) => new Float64Array(length).fill(1)

test.each([
  //  history  asked          found
  [1_000,    [24, 168],     [24, 168]],
  [300,      [24, 168],     [24]],
  [1_000,    [24],          [24, 168]],
  [400,      [24],          [24]],
  [1_000,    [168, 24, 24], [24, 168]],
  [1_000,    [7],           [7]],
  [800,      [7, 365],      [7, 365]],
  [10,       [12],          []],
  [10,       [1],           []],
])('of %d periods and seasons %j are looked at %j', (length, asked, found) => {
  expect(seasonsIn(ones(length), asked)).toEqual(found)
})

const hour = (at: number) => 100 + 30 * Math.sin((at * Math.PI) / 12)
const isWeekend = (at: number) => Math.floor(at / 24) % 7 > 4
const hours = (length: number, noise: number) => {
  const chance = chanceOf(9)
  return Float64Array.from({ length }, (_, at) => hour(at) * (isWeekend(at) ? 0.5 : 1) + noise * (chance.fraction() - 0.5))
}

describe('hours with a day and a week in them', () => {
  test.each([[[24]], [[24, 168]]])('are forecast over a weekend, asked for %j', (seasons) => {
    // 700 hours end on a Monday at three: what follows until Saturday are working days.
    const all = hours(840, 8)
    const { method, mean } = forecastOf(all.slice(0, 700), { horizon: 140, seasons })
    expect(method).toBe('several-seasons')
    for (const [step, value] of mean.entries()) expect(Math.abs(value - hour(700 + step) * (isWeekend(700 + step) ? 0.5 : 1))).toBeLessThan(14)
  })

  test('hold what their quantiles say', () => {
    const all = hours(748, 30)
    const { quantiles, levels } = forecastOf(all.slice(0, 700), { horizon: 48, seasons: [24, 168] })
    const inside = all.subarray(700).filter((value, step) => value >= quantiles[levels.indexOf(0.05)]![step]! && value <= quantiles[levels.indexOf(0.95)]![step]!)
    expect(inside.length).toBeGreaterThanOrEqual(38)
  })
})

test('days with a week and a year in them follow both', () => {
  const day = (at: number) => 100 + 40 * Math.sin((at * 2 * Math.PI) / 365) + (at % 7 < 5 ? 10 : -25)
  const history = Float64Array.from({ length: 1_000 }, (_, at) => day(at))
  const { mean } = forecastOf(history, { horizon: 60, seasons: [7, 365] })
  for (const [step, value] of mean.entries()) expect(Math.abs(value - day(1_000 + step))).toBeLessThan(15)
})
