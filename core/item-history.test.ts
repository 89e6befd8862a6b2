import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type Day } from './calendar.ts'
import { daysAhead, daysBehind } from './item-history.ts'

const today = '2026-03-02' as Day
const back = (days: number): Day => addDays(today, -days)

describe('an item day by day', () => {
  test('behind: each evening is what there is, less what came since, more what went', () => {
    const moved = [{ on: today, came: 5, went: 1 }, { on: back(2), came: 0, went: 4 }]
    expect(daysBehind(today, 4, 10, moved)).toEqual([
      { on: back(3), came: 0, went: 0, onHand: 10 }, { on: back(2), came: 0, went: 4, onHand: 6 }, { on: back(1), came: 0, went: 0, onHand: 6 }, { on: today, came: 5, went: 1, onHand: 10 },
    ])
  })

  test('ahead: what is overdue counts today, and what lacks is below nothing', () => {
    const planned = [{ on: back(3), supply: 2, demand: 0 }, { on: today, supply: 0, demand: 9 }, { on: addDays(today, 2), supply: 6, demand: 1 }]
    expect(daysAhead(today, 3, 4, planned)).toEqual([
      { on: today, supply: 2, demand: 9, expected: -3 }, { on: addDays(today, 1), supply: 0, demand: 0, expected: -3 }, { on: addDays(today, 2), supply: 6, demand: 1, expected: 2 },
    ])
  })

  test('of any moves: from one evening to the next it is what came and went', () => {
    const moves = fc.uniqueArray(fc.record({ on: fc.nat(40).map(back), came: fc.nat(100), went: fc.nat(100) }), { selector: (one) => one.on })
    fc.assert(fc.property(moves, fc.integer({ min: -100, max: 1000 }), fc.integer({ min: 1, max: 30 }), (moved, onHand, days) => {
      const rows = daysBehind(today, days, onHand, moved)
      expect(rows).toHaveLength(days)
      expect(rows.at(-1)).toMatchObject({ on: today, onHand })
      for (const [index, row] of rows.entries()) if (index > 0) expect(row.onHand - rows[index - 1]!.onHand).toBe(row.came - row.went)
    }))
  })
})
