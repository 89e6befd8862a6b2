// The methods that the smooth branch is the mean of: each alone, where what it says can be known.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dynamicTheta } from './dynamic-theta.ts'
import { holt } from './holt.ts'
import { drift, leastOf, lineOf, smoothing, theta } from './level.ts'

const line = Float64Array.from({ length: 30 }, (_, at) => 5 + 2 * at)
const flat = new Float64Array(30).fill(5)
const members = { theta, drift, dynamicTheta, holt: (values: Float64Array, horizon: number) => holt(values, horizon).forecast }

describe.each(Object.entries(members))('%s', (_name, member) => {
  test('of what is always the same is the same', () => {
    for (const value of member(flat, 4)) expect(value).toBeCloseTo(5, 6)
  })

  test('of a rise is a rise, and not more of one', () => {
    const forecast = member(line, 6)
    for (const [step, value] of forecast.entries()) {
      expect(value).toBeGreaterThan(step === 0 ? 63 : forecast[step - 1]!)
      expect(value).toBeLessThan(65 + 2 * step + 1e-6)
    }
  })

  test('of other values is that of the values, times and plus the same', () => {
    const anyValues = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 6, maxLength: 40 })
    fc.assert(
      fc.property(anyValues, (some) => {
        const one = member(Float64Array.from(some), 3)
        const other = member(Float64Array.from(some, (value) => 2 * value), 3)
        for (const [step, value] of other.entries()) expect(Math.abs(value - 2 * one[step]!)).toBeLessThan(1e-6 * (1 + Math.abs(value)))
      }),
    )
  })
})

test('drift of a line is the line, since it stands out; of noise it is nearly none', () => {
  expect(drift(line, 10)[9]).toBeCloseTo(83, 3)
  const noise = Float64Array.from({ length: 40 }, (_, at) => 10 + (((at * 7919) % 13) - 6))
  expect(Math.abs(drift(noise, 20)[19]! - drift(noise, 20)[0]!)).toBeLessThan(1)
})

test('Theta goes on with half the line, from where simple smoothing of what is bent twice stands', () => {
  const values = Float64Array.of(3, 5, 4, 6, 8, 7, 9, 11)
  const { intercept, slope } = lineOf(values)
  expect([intercept, slope]).toEqual([expect.closeTo(3, 9), expect.closeTo(1.0357142857, 9)])
  const forecast = theta(values, 3)
  expect(forecast[1]! - forecast[0]!).toBeCloseTo(slope / 2, 9)
  const { level } = smoothing(values.map((value, at) => 2 * value - intercept - slope * at))
  expect(forecast[0]).toBeCloseTo((level + intercept + 8 * slope) / 2, 9)
})

test('a search finds the least of a valley', () => {
  expect(leastOf((at) => (at - 0.37) ** 2)).toBeCloseTo(0.37, 2)
  expect(leastOf((at) => at)).toBeLessThan(0.02)
})

test("Holt's likeliest member of a line follows the trend undamped", () => {
  expect(holt(line, 1).likeliest.damping).toBe(1)
})
