import { describe, expect, test } from 'vitest'
import { canNow, isStopped, mayTakeOff, stands } from './order-hold.ts'
import { instant } from './calendar.ts'
import { orderCan, orderStates } from './order.ts'

const standing = { takenOffAt: null }
const takenOff = { takenOffAt: instant(1) }

test('a hold stands until it is taken off, and one of several is enough', () => {
  expect([[], [takenOff], [standing], [takenOff, standing]].map(stands)).toEqual([false, false, true, true])
})

describe('an order on hold', () => {
  test.each(orderStates)('that is %s leaves no further, and may be cancelled, opened, delivered and returned as before', (state) => {
    expect(canNow(state, [takenOff])).toEqual(orderCan[state])
    expect(canNow(state, [standing])).toEqual(orderCan[state].filter((action) => !['allocate', 'pick', 'pack', 'ship'].includes(action)))
  })

  test('goes on when the last hold is taken off', () => {
    expect(isStopped('ship', [standing, takenOff])).toBe(true)
    expect(isStopped('ship', [takenOff, takenOff])).toBe(false)
  })
})

test('who sells takes off what sellers put on; credit and fraud are for an admin', () => {
  expect((['manual', 'credit', 'fraud'] as const).map((kind) => [mayTakeOff('sales', kind), mayTakeOff('admin', kind), mayTakeOff('warehouse', kind)])).toEqual([
    [true, true, false], [false, true, false], [false, true, false],
  ])
})
