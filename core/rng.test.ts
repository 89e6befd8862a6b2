import { describe, expect, test } from 'vitest'
import { chanceOf } from './rng.ts'

const drawn = <Drawn>(count: number, draw: () => Drawn): Drawn[] => Array.from({ length: count }, draw)
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

describe('chance', () => {
  test('is the same for the same seed, and another for another', () => {
    const [one, again, other] = [chanceOf(7), chanceOf(7), chanceOf(8)]
    expect(drawn(5, again.fraction)).toEqual(drawn(5, one.fraction))
    expect(drawn(5, other.fraction)).not.toEqual(drawn(5, chanceOf(7).fraction))
  })

  test('is spread evenly over what is asked for', () => {
    const { below } = chanceOf(1)
    const counts = drawn(10_000, () => below(10)).reduce<number[]>((seen, one) => (seen[one]! += 1, seen), Array<number>(10).fill(0))
    for (const count of counts) expect(count).toBeGreaterThan(850)
  })

  test.each([0, 0.2, 3, 75])('happens %d times on average', (wanted) => {
    const { poisson } = chanceOf(3)
    const counts = drawn(5_000, () => poisson(wanted))
    expect(mean(counts)).toBeCloseTo(wanted, wanted > 10 ? 0 : 1)
    expect(mean(counts.map((count) => (count - wanted) ** 2))).toBeCloseTo(wanted, wanted > 10 ? -1 : 0)
  })
})
