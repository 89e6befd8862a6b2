import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseTour, tourMinutes, type Countable } from './count-tour.ts'

const countable = fc.record({
  value: fc.double({ min: 0, max: 100, noNaN: true }),
  minutes: fc.double({ min: 0.2, max: 4, noNaN: true }),
  aisle: fc.constantFrom(1, 2, 3, null),
})
const valueOf = (counts: readonly Countable[]): number => counts.reduce((sum, one) => sum + one.value, 0)

/** The best of all subsets. */
function best(all: readonly Countable[], size: number, minutes: number): number {
  let most = 0
  for (let set = 0; set < 2 ** all.length; set += 1) {
    const some = all.filter((_one, index) => (set & (1 << index)) !== 0)
    if (some.length <= size && tourMinutes(some) <= minutes) most = Math.max(most, valueOf(some))
  }
  return most
}

describe('a tour of counts', () => {
  test('keeps to its limits, counts nothing twice, and leaves nothing out that still fits', () => {
    fc.assert(
      fc.property(fc.array(countable, { maxLength: 40 }), fc.integer({ min: 0, max: 20 }), fc.double({ min: 0, max: 40, noNaN: true }), (all, size, minutes) => {
        const tour = chooseTour(all, { size, minutes })
        expect(new Set(tour).size).toBe(tour.length)
        expect(tour.length).toBeLessThanOrEqual(size)
        expect(tourMinutes(tour)).toBeLessThanOrEqual(minutes + 1e-9)
        for (const one of all) if (!tour.includes(one) && tour.length < size) expect(tourMinutes([...tour, one])).toBeGreaterThan(minutes - 1e-9)
      }),
    )
  })

  test('is worth nearly what the best is', () => {
    let [mine, most] = [0, 0]
    fc.assert(
      fc.property(fc.array(countable, { minLength: 4, maxLength: 9 }), fc.double({ min: 4, max: 14, noNaN: true }), (all, minutes) => {
        mine += valueOf(chooseTour(all, { size: 9, minutes }))
        most += best(all, 9, minutes)
      }),
      { numRuns: 150, seed: 1 },
    )
    expect(mine / most).toBeGreaterThan(0.93)
  })

  test('goes into the aisle where much is doubtful before a better count that stands alone', () => {
    const together = Array.from({ length: 5 }, () => ({ value: 10, minutes: 0.5, aisle: 7 }))
    const alone = { value: 12, minutes: 0.5, aisle: 3 }
    expect(chooseTour([alone, ...together], { size: 9, minutes: 3.5 })).toEqual(together)
    expect(chooseTour([alone, ...together], { size: 9, minutes: 5 })).toEqual([...together, alone])
  })
})
