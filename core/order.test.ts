import { describe, expect, test } from 'vitest'
import { orderCan, orderState, type OrderAction, type OrderLine, type OrderState } from './order.ts'
import { quantity } from './quantity.ts'

/** A line of `asked`, of which so many are cancelled, shipped and delivered. */
const line = (asked: number, cancelled = 0, shipped = 0, delivered = 0): OrderLine =>
  ({ quantity: quantity(asked), cancelled: quantity(cancelled), shipped: quantity(shipped), delivered: quantity(delivered) }) as OrderLine

describe('an order', () => {
  //    state           lines                                    open held allocated
  test.each<[OrderState, OrderLine[], [number, number, number]]>([
    ['backordered',     [line(5)],                               [5, 3, 3]],
    ['held',            [line(5)],                               [5, 5, 0]],
    ['allocated',       [line(5)],                               [5, 5, 2]],
    ['allocated',       [line(5)],                               [5, 5, 5]],
    ['backordered',     [line(5), line(3, 0, 3)],                [5, 0, 0]],
    ['shipped',         [line(5, 2, 3, 1)],                      [0, 0, 0]],
    ['delivered',       [line(5, 2, 3, 3), line(1, 1)],          [0, 0, 0]],
    ['cancelled',       [line(5, 5)],                            [0, 0, 0]],
  ])('is %s', (state, lines, [open, held, allocated]) => {
    expect(orderState(lines, { open: quantity(open), held: quantity(held), allocated: quantity(allocated) })).toBe(state)
  })

  test('what is gone is not cancelled, what is delivered is not delivered again, and nothing is done for a cancelled one', () => {
    const states = (action: OrderAction): string[] => Object.entries(orderCan).filter(([, actions]) => actions.includes(action)).map(([state]) => state)
    expect(states('cancel')).toEqual(['backordered', 'held', 'allocated'])
    expect(states('pick')).not.toContain('shipped')
    expect(orderCan.cancelled).toEqual([])
  })
})
