import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ItemId } from './item.ts'
import { shareKit } from './kit.ts'
import { money } from './money.ts'
import { quantity } from './quantity.ts'

const of = (...components: readonly (readonly [count: number, listPrice: number])[]) =>
  components.map(([count, listPrice], index) => ({ component: (index + 1) as ItemId, quantity: quantity(count), listPrice: money(listPrice) }))

describe('the price of a kit', () => {
  //    story                                          price  components            item, each, price
  test.each<[string, number, ReturnType<typeof of>, number[][]]>([
    ['is shared by what the pieces cost alone',        900,   of([1, 400], [1, 600]), [[1, 1, 360], [2, 1, 540]]],
    ['to the last cent: the first piece costs more',   1000,  of([3, 100]),           [[1, 1, 334], [1, 2, 333]]],
    ['evenly where all of them are free',              10,    of([2, 0], [2, 0]),     [[1, 2, 3], [2, 2, 2]]],
    ['of nothing is nothing',                          0,     of([2, 100]),           [[1, 2, 0]]],
  ])('%s', (_story, price, components, shares) => {
    expect(shareKit(money(price), components).map(({ item, each, unitPrice }) => [item, each, unitPrice])).toEqual(shares)
  })

  test('is never off by a cent, nor is a piece', () => {
    const component = fc.tuple(fc.integer({ min: 1, max: 1_000 }), fc.nat(1_000_000_000))
    fc.assert(
      fc.property(fc.nat(1_000_000_000), fc.array(component, { minLength: 1, maxLength: 8 }), (price, some) => {
        const shares = shareKit(money(price), of(...some))
        expect(shares.reduce((sum, one) => sum + one.each * one.unitPrice, 0)).toBe(price)
        for (const [index, [count]] of some.entries()) {
          expect(shares.filter((one) => one.item === index + 1).reduce((sum, one) => sum + one.each, 0)).toBe(count)
        }
        expect(shares.length).toBeLessThanOrEqual(some.length + 1)
      }),
    )
  })
})
