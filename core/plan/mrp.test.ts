import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { lotSize, lowLevelCodes, shortage } from './mrp.ts'

describe('what is short and what is ordered for it', () => {
  //          demand  stock  supply  minimum  multiple  short  ordered
  test.each([
    [10,      4,     3,      1,       1,        3,     3],
    [10,      10,    0,      100,     1,        0,     0],
    [10,      0,     20,     1,       1,        0,     0],
    [10,      -2,    0,      1,       1,        12,    12],
    [100,     0,     0,      100,     1,        100,   100],
    [101,     0,     0,      100,     1,        101,   101],
    [3,       0,     0,      10,      4,        3,     12],
    [13,      0,     0,      10,      4,        13,    16],
  ])('%i demanded, %i there, %i coming; at least %i in multiples of %i: %i short, %i ordered', (demand, stock, supply, minimum, multiple, short, ordered) => {
    expect(shortage({ demand, stock, supply })).toBe(short)
    expect(lotSize(short, minimum, multiple)).toBe(ordered)
  })

  test('a lot covers the need, obeys both rules, and one multiple less would not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e5 }), fc.integer({ min: 1, max: 1e4 }), (short, minimum, multiple) => {
        const lot = lotSize(short, minimum, multiple)
        expect([lot >= short, lot >= minimum, lot % multiple]).toEqual([true, true, 0])
        expect(lot - multiple < Math.max(short, minimum)).toBe(true)
      }),
    )
  })
})

describe('low-level codes', () => {
  const bills: Record<string, string[]> = { bike: ['wheel', 'frame', 'bolt'], wheel: ['rim', 'bolt'], rim: ['bolt'], frame: ['tube', 'tube'] }
  const componentsOf = (item: string): readonly string[] => bills[item] ?? []

  test('an item is planned after everything it goes into', () => {
    const codes = lowLevelCodes(['bolt', 'rim', 'bike', 'tube', 'frame', 'wheel', 'alone'], componentsOf)
    expect(Object.fromEntries(codes)).toEqual({ bike: 0, alone: 0, wheel: 1, frame: 1, rim: 2, tube: 2, bolt: 3 })
  })

  test('a circle has no levels', () => {
    expect(() => lowLevelCodes(['a', 'b'], (item) => (item === 'a' ? ['b'] : ['a']))).toThrow('made of itself')
  })
})
