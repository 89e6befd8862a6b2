import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backorderStrategies, type BackorderStrategy } from '../backorder-class.ts'
import { quantity } from '../quantity.ts'
import { shareOut } from './reserve-strategy.ts'

type Claimed = readonly [strategy: BackorderStrategy, wanted: number, held: number, allocated?: number]
const shared = (unheld: number, claims: readonly Claimed[]) =>
  shareOut(claims.map(([strategy, wanted, held, allocated = 0]) => ({ strategy, wanted: quantity(wanted), held: quantity(held), allocated: quantity(allocated) })), quantity(unheld))

describe('what is held is given out anew', () => {
  //    story                                              free  who wants, has, and has set aside                                after
  test.each<[string, number, Claimed[], number[]]>([
    ['who wins gets all from who loses',                   0,    [['lose', 8, 8], ['win', 5, 0]],                                 [3, 5]],
    ['but not what is set aside for picking',              0,    [['lose', 8, 8, 6], ['win', 5, 0]],                              [6, 2]],
    ['who gains keeps what he has, even from who wins',    0,    [['gain', 9, 4], ['win', 9, 0], ['redistribute', 3, 3]],         [4, 3, 0]],
    ['and gets more before it is redistributed',           2,    [['redistribute', 4, 4], ['gain', 9, 4]],                        [1, 9]],
    ['by urgency within a strategy',                       0,    [['redistribute', 4, 0], ['redistribute', 4, 4]],                [4, 0]],
    ['who fills keeps at most what he has',                9,    [['fill', 9, 3], ['lose', 9, 2]],                                [3, 2]],
    ['and gives way to who is redistributed',              0,    [['fill', 5, 5], ['redistribute', 4, 0]],                        [1, 4]],
  ])('%s', (_story, unheld, claims, after) => expect(shared(unheld, claims)).toEqual(after))

  test('no more than there is, no less than is set aside, and no winner waits while a loser has what could be his', () => {
    const claim = fc.tuple(fc.constantFrom(...backorderStrategies), fc.nat(9), fc.nat(9), fc.nat(9))
      .map(([strategy, a, b, c]): Claimed => [strategy, a + b + c + 1, b + c, c])
    fc.assert(
      fc.property(fc.nat(9), fc.array(claim, { maxLength: 7 }), (unheld, claims) => {
        const after = shared(unheld, claims)
        const sum = (some: readonly number[]) => some.reduce((total, one) => total + one, 0)
        expect(sum(after)).toBeLessThanOrEqual(unheld + sum(claims.map(([, , held]) => held)))
        for (const [index, [strategy, wanted, held, allocated = 0]] of claims.entries()) {
          expect(after[index]).toBeGreaterThanOrEqual(strategy === 'gain' ? held : allocated)
          expect(after[index]).toBeLessThanOrEqual(strategy === 'fill' || strategy === 'lose' ? held : wanted)
        }
        const waits = claims.some(([strategy, wanted], index) => strategy === 'win' && after[index]! < wanted)
        if (waits) for (const [index, [strategy, , held, allocated = 0]] of claims.entries()) if (strategy !== 'win') expect(after[index]).toBe(strategy === 'gain' ? held : allocated)
      }),
    )
  })
})
