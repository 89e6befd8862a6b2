import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '../calendar.ts'
import { quantity } from '../quantity.ts'
import { owner, plain, today } from '../test-state.ts'
import { emptyAvailability, type Availability, type Schedule } from '../stock.ts'
import { availableToPromise, promiseDays, promiseFrom } from './promise.ts'

type Entry = readonly [day: number, supply: number, demand: number]

const dayAt = (offset: number): Day => addDays(today, offset)
const scheduleOf = (entries: readonly Entry[]): Schedule[] =>
  entries.map(([day, supply, demand]) => ({ item: plain, owner, due: dayAt(day), supply: quantity(supply), demand: quantity(demand) }))

/** `reserved` is as much of the demand as stock covers, as holds are. */
const availabilityOf = (sellable: number, entries: readonly Entry[]): Availability => {
  const [supply, demand] = [1, 2].map((at) => entries.reduce((sum, entry) => sum + entry[at as 1 | 2], 0)) as [number, number]
  const reserved = Math.max(Math.min(sellable, demand), 0)
  return {
    ...emptyAvailability(plain, owner), sellable: quantity(sellable), reserved: quantity(reserved), supply: quantity(supply), demand: quantity(demand),
  }
}

/** The formula, day by day. */
function naive(sellable: number, entries: readonly Entry[], day: number): number {
  const horizon = Math.max(day, ...entries.map(([due]) => due)) + 1
  let lowest = Infinity
  for (let until = Math.max(day, 0); until <= horizon; until += 1) {
    const due = entries.filter(([at]) => Math.max(at, 0) <= until)
    lowest = Math.min(lowest, due.reduce((balance, [, supply, demand]) => balance + supply - demand, sellable))
  }
  return Math.max(lowest, 0)
}

describe('available to promise', () => {
  const entry: fc.Arbitrary<Entry> = fc.tuple(fc.integer({ min: -3, max: 12 }), fc.nat(9), fc.nat(9))
  const entriesOf = fc.uniqueArray(entry, { selector: ([day]) => day, maxLength: 8 })

  test('is the least that is left over on any later day, each demand counted once', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 20 }), entriesOf, fc.nat(14), (sellable, entries, day) => {
        const atp = availableToPromise(availabilityOf(sellable, entries), scheduleOf(entries), today, dayAt(day))
        expect(atp).toBe(naive(sellable, entries, day))
      }),
      { numRuns: 1000 },
    )
  })

  test('comes about day by day: stock, then what is due, and the least that is left from there on', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 20 }), entriesOf, (sellable, entries) => {
        const [stock, ...days] = promiseDays(availabilityOf(sellable, entries), scheduleOf(entries), today)
        expect(stock).toMatchObject({ due: null, supply: 0, demand: 0, balance: sellable })
        expect(days.map((one) => one.due)).toEqual([...new Set(entries.map(([day]) => dayAt(Math.max(day, 0))))].toSorted())
        let balance = sellable
        for (const { due, supply, demand, balance: told, promisable } of days) {
          balance += supply - demand
          expect([told, promisable]).toEqual([balance, availableToPromise(availabilityOf(sellable, entries), scheduleOf(entries), today, due!)])
        }
      }),
      { numRuns: 300 },
    )
  })

  test('the day promised is the first on which all can be had', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 20 }), entriesOf, fc.integer({ min: 1, max: 12 }), fc.integer({ min: -2, max: 6 }), (sellable, entries, wanted, asked) => {
        const row = availabilityOf(sellable, entries)
        const promised = promiseFrom(row, scheduleOf(entries), today, quantity(wanted), dayAt(asked))
        expect(promised.held).toBeLessThanOrEqual(Math.max(sellable - row.reserved, 0))
        if (promised.reason === 'in_stock') return
        const days = Array.from({ length: 20 }, (_, index) => Math.max(asked, 0) + index)
        const first = days.find((day) => naive(sellable, entries, day) >= wanted)
        expect(promised.day).toBe(first === undefined ? null : dayAt(first))
      }),
      { numRuns: 1000 },
    )
  })

  //    story                                        sellable  entries                        wanted  held  day   reason             confidence
  test.each<[string, number, Entry[], number, number, number | null, string, string]>([
    ['what is there is promised at once',            5,        [],                            3,      3,    0,    'in_stock',        'high'],
    ['what is not, when it comes in',                1,        [[4, 5, 0]],                   3,      1,    4,    'incoming_supply', 'medium'],
    ['overdue supply counts as due today',           0,        [[-2, 5, 0]],                  3,      0,    0,    'incoming_supply', 'low'],
    ['what comes on time is enough without it',      0,        [[-2, 1, 0], [4, 5, 0]],       3,      0,    4,    'incoming_supply', 'medium'],
    ['what comes on time is not',                    0,        [[-2, 1, 0], [4, 2, 0]],       3,      0,    4,    'incoming_supply', 'low'],
    ['nothing comes in: no day is promised',         1,        [],                            3,      1,    null, 'no_supply',       'none'],
    ['what was promised to others is not promised',  0,        [[4, 5, 0], [6, 0, 4]],        3,      0,    null, 'no_supply',       'none'],
  ])('%s', (_story, sellable, entries, wanted, held, day, reason, confidence) => {
    const promised = promiseFrom(availabilityOf(sellable, entries), scheduleOf(entries), today, quantity(wanted), today)
    expect(promised).toEqual({ held, day: day === null ? null : dayAt(day), reason, confidence })
  })
})
