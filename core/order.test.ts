import { describe, expect, test } from 'vitest'
import { orderCan, orderState, type OrderAction, type OrderLine, type OrderState } from './order.ts'
import { quantity } from './quantity.ts'

/** A line of `asked`, of which so many are cancelled, shipped, delivered and back at the site. */
const line = (asked: number, cancelled = 0, shipped = 0, delivered = 0, cameBack = 0): OrderLine =>
  ({ quantity: quantity(asked), cancelled: quantity(cancelled), shipped: quantity(shipped), delivered: quantity(delivered), cameBack: quantity(cameBack) }) as OrderLine

describe('an order', () => {
  //    state           lines                                    open held allocated picked packed
  test.each<[OrderState, OrderLine[], number[]]>([
    ['backordered',     [line(5)],                               [5, 3, 3]],
    ['held',            [line(5)],                               [5, 5, 0]],
    ['allocated',       [line(5)],                               [5, 5, 2]],
    ['allocated',       [line(5)],                               [5, 5, 5]],
    ['allocated',       [line(5)],                               [5, 5, 5, 4, 4]],
    ['picked',          [line(5)],                               [5, 5, 5, 5, 4]],
    ['packed',          [line(5)],                               [5, 5, 5, 5, 5]],
    ['backordered',     [line(5), line(3, 0, 3)],                [5, 0, 0]],
    ['shipped',         [line(5, 2, 3, 1)],                      [0, 0, 0]],
    ['delivered',       [line(5, 2, 3, 3), line(1, 1)],          [0, 0, 0]],
    ['shipped',         [line(5, 0, 5, 2, 2)],                   [0, 0, 0]],
    ['delivered',       [line(5, 0, 5, 3, 2), line(1, 0, 1, 0, 1)], [0, 0, 0]],
    ['came_back',       [line(5, 0, 5, 0, 5)],                   [0, 0, 0]],
    ['cancelled',       [line(5, 5)],                            [0, 0, 0]],
  ])('is %s', (state, lines, [open = 0, held = 0, allocated = 0, picked = 0, packed = 0]) => {
    const progress = { open: quantity(open), held: quantity(held), allocated: quantity(allocated), picked: quantity(picked), packed: quantity(packed) }
    expect(orderState(lines, progress)).toBe(state)
  })

  test('what is gone is not cancelled, what is delivered is not delivered again, and nothing is done for a cancelled one', () => {
    const states = (action: OrderAction): string[] => Object.entries(orderCan).filter(([, actions]) => actions.includes(action)).map(([state]) => state)
    expect(states('cancel')).toEqual(['backordered', 'held', 'allocated', 'picked', 'packed', 'ready'])
    expect(states('pick')).toEqual(['backordered', 'allocated'])
    expect(states('pack')).toEqual(['backordered', 'allocated', 'picked'])
    // What its packages still hold is taken out of them.
    expect(orderCan.cancelled).toEqual(['unpack'])
    expect(states('change')).toEqual(states('cancel'))
  })
})
