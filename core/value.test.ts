import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant } from './calendar.ts'
import type { ItemId, PartyId } from './item.ts'
import { money } from './money.ts'
import { quantity } from './quantity.ts'
import { unvalued, valueIn, valueOfSome, valueOut, type ItemValue } from './value.ts'

const at = instant(0)
const none = unvalued(1 as ItemId, 1 as PartyId, money(100))

/** Positive is goods in at so much in all; negative is goods out. */
type Step = readonly [count: number, value?: number]

function walk(steps: readonly Step[]): { readonly row: ItemValue; readonly sum: number; readonly corrections: number } {
  let [row, sum, corrections] = [none, 0, 0]
  for (const [count, value = 0] of steps) {
    const { next, value: moved, correction } = count > 0 ? valueIn(row, quantity(count), money(value), at) : valueOut(row, quantity(-count), at)
    sum += count > 0 ? moved : -moved
    corrections += correction
    row = next
  }
  return { row, sum, corrections }
}

describe('value', () => {
  //    story                                             steps                                      quantity  value  corrections
  test.each<[string, Step[], number, number, number]>([
    ['comes in with the goods',                           [[10, 1000]],                              10,       1000,  0],
    ['goes out by its share',                             [[10, 1000], [-4]],                        6,        600,   0],
    ['is an average of what came in',                     [[10, 1000], [10, 2000], [-10]],           10,       1500,  0],
    ['the last unit takes what is left',                  [[3, 100], [-1], [-1], [-1]],              0,        0,     0],
    ['below zero goods go at the last cost',              [[2, 200], [-5]],                          -3,       -300,  0],
    ['of what never came in, at the standard cost',       [[-2]],                                    -2,       -200,  0],
    ['a dearer receipt trues up what went out',           [[2, 200], [-5], [5, 600]],                2,        240,   -60],
    ['a receipt that fills the hole exactly leaves none', [[-2], [2, 300]],                          0,        0,     -100],
    ['a receipt that fills half of it leaves the rest',   [[-4], [2, 300]],                          -2,       -200,  -100],
  ])('%s', (_story, steps, count, value, corrected) => {
    const { row, corrections } = walk(steps)
    expect([row.quantity, row.value, corrections]).toEqual([count, value, corrected])
  })

  test('what so many would be worth changes nothing', () => {
    const { row } = walk([[3, 100]])
    expect([1, 2, 3, 4].map((count) => valueOfSome(row, quantity(count)))).toEqual([33, 67, 100, 133])
  })

  test('always equals what moved and what was corrected; quantity 0 is value 0; it has the sign of the quantity', () => {
    const into = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 100_000 }))
    const out = fc.integer({ min: -60, max: -1 }).map((count): Step => [count])
    fc.assert(
      fc.property(fc.array(fc.oneof(into, out), { maxLength: 30 }), (steps) => {
        const { row, sum, corrections } = walk(steps)
        expect(row.quantity).toBe(steps.reduce((total, [count]) => total + count, 0))
        expect(row.value).toBe(sum + corrections)
        if (row.quantity === 0) expect(row.value).toBe(0)
        if (row.value !== 0) expect(Math.sign(row.value)).toBe(Math.sign(row.quantity))
      }),
      { numRuns: 500 },
    )
  })
})
