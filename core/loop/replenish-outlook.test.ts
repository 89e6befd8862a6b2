import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outlook, type DayAhead } from './replenish-outlook.ts'

const day = (forecast: number, more: Partial<DayAhead> = {}): DayAhead => ({ forecast, variance: forecast, booked: 0, coming: 0, ...more })
const known = (units: number) => ({ expected: units, low: units, high: units })

test('what is there goes as it is forecast, and what comes is there on its day', () => {
  const days = outlook(known(10), [day(3), day(3), day(3, { coming: 20 })])
  expect(days.map((one) => one.expected)).toEqual([7, 4, 21])
  expect(days[0]!.high - days[0]!.low).toBeLessThan(days[2]!.high - days[2]!.low)
})

test('what is booked is of what is forecast, and what is more than that is wanted besides', () => {
  expect(outlook(known(100), [day(5, { booked: 4 }), day(5), day(0)]).at(-1)!.expected).toBe(90)
  expect(outlook(known(100), [day(5, { booked: 30 }), day(5), day(0)]).at(-1)!.expected).toBe(70)
})

test('who finds none goes away: what comes afterwards is not owed', () => {
  expect(outlook(known(2), [day(5), day(5), day(0, { coming: 10 })]).map((one) => one.expected)).toEqual([0, 0, 10])
})

test('what is booked is owed until it comes', () => {
  expect(outlook(known(0), [day(0, { booked: 5, coming: 2 }), day(0), day(0, { coming: 4 })]).map((one) => one.expected)).toEqual([0, 0, 1])
})

const units = fc.double({ min: 0, max: 1e9, noNaN: true })
test('it is never less than none, and lies in its band', () => {
  fc.assert(
    fc.property(units, fc.array(fc.record({ forecast: units, variance: units, booked: units, coming: units }), { maxLength: 60 }), (now, days) => {
      for (const { expected, low, high } of outlook(known(now), days)) {
        expect(low).toBeGreaterThanOrEqual(0)
        expect(low).toBeLessThanOrEqual(expected)
        expect(expected).toBeLessThanOrEqual(high)
      }
    }),
  )
})
