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
    const delivered = orderCan[state].filter((action) => !['ready', 'collect', 'put_back'].includes(action))
    expect(canNow(state, [takenOff], false)).toEqual(delivered)
    expect(canNow(state, [standing], false)).toEqual(delivered.filter((action) => !['buy', 'allocate', 'pick', 'pack', 'ship'].includes(action)))
  })

  test.each(orderStates)('that is collected and %s is neither shipped nor handed over', (state) => {
    const collected = orderCan[state].filter((action) => !['ship', 'deliver'].includes(action))
    expect(canNow(state, [takenOff], true)).toEqual(collected)
    expect(canNow(state, [standing], true)).toEqual(collected.filter((action) => !['buy', 'allocate', 'pick', 'pack', 'ready', 'collect'].includes(action)))
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
