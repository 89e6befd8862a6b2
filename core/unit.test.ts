import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quantity } from './quantity.ts'
import {
  exactly,
  inUnit,
  isRest,
  millionths,
  mixedText,
  nearest,
  parseRatio,
  priceEach,
  ratio,
  ratioOf,
  ratioText,
  unitsOf,
  whole,
  type Ratio,
  type Rounding,
  type Unit,
  type UnitEdge,
} from './unit.ts'

type Row = UnitEdge & { readonly rounding: Rounding }
/** `case = 12 EA`, `drum = 200/3 l, half_even`. */
const rowOf = (text: string): Row => {
  const [, unit, factor, of, rounding = 'exact'] = /^(\S+) = (\S+) (\S+?)(?:, (\S+))?$/.exec(text)!
  const { numerator, denominator } = parseRatio(factor!)!
  return { unit: unit!, of: of!, numerator: Number(numerator), denominator: Number(denominator), rounding: rounding as Rounding }
}
const units = (base: string, ...rows: string[]) => unitsOf(base, rows.map(rowOf))
const known = (base: string, ...rows: string[]): ReadonlyMap<string, Unit> => {
  const found = units(base, ...rows)
  if ('fault' in found) throw new Error(found.detail)
  return found
}
const eachOf = (found: ReadonlyMap<string, Unit>, name: string) => ratioText(found.get(name)!.each)

describe('B2: the units of an item are a graph in which every way leads to the same number', () => {
  //    story                                        base  rows                                             unit      each
  test.each<[string, string, string[], string, string]>([
    ['a case is twelve',                             'EA', ['case = 12 EA'],                                'case',   '12'],
    ['a pallet of cases',                            'EA', ['pallet = 40 case', 'case = 12 EA'],            'pallet', '480'],
    ['the other way round',                          'EA', ['EA = 0.75 kg'],                                'kg',     '4/3'],
    ['measures come by themselves',                  'EA', ['EA = 0.75 kg'],                                'g',      '1/750'],
    ['a pound is exactly what it is',                'kg', [],                                              'lb',     '0.45359237'],
    ['a thirtieth of a pound',                       'g',  ['pinch = 1/30 lb'],                             'pinch',  '45359237/3000000'],
    ['a drum of thirds',                             'l',  ['drum = 200/3 l'],                              'drum',   '200/3'],
    ['in capitals as on labels',                     'KG', [],                                              'g',      '0.001'],
    ['two ways that agree',                          'EA', ['case = 12 EA', 'pallet = 480 EA', 'pallet = 40 case'], 'pallet', '480'],
  ])('%s', (_story, base, rows, unit, each) => {
    expect(eachOf(known(base, ...rows), unit)).toBe(each)
  })

  test.each<[string, string, string[], string]>([
    ['two ways that do not', 'EA', ['case = 12 EA', 'pallet = 480 EA', 'pallet = 41 case'], 'One pallet would be 492 EA by pallet = case = EA, and 480 EA by pallet = EA.'],
    ['a pound of one\'s own', 'kg', ['lb = 0.5 kg'], 'One lb would be 0.45359237 kg by lb = g = kg, and 0.5 kg by lb = kg.'],
    ['a ring', 'EA', ['a = 2 EA', 'b = 2 a', 'a = 2 b'], 'One a would be 8 EA by a = b = a = EA, and 2 EA by a = EA.'],
    ['two roundings of one unit', 'kg', ['bag = 25 kg, up', 'bag = 25000 g, down'], 'What is no whole number of bag is rounded in two ways: say one.'],
  ])('%s are refused, naming them', (_story, base, rows, detail) => {
    expect(units(base, ...rows)).toMatchObject({ fault: 'contradicts', detail })
  })

  test('a unit from which no way leads to the base unit is refused', () => {
    expect(units('EA', 'crate = 6 box')).toMatchObject({ fault: 'unreachable', detail: 'How many EA is one box? Nobody says, so nobody knows how many one crate is.' })
  })
})

const factor = fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 1_000 })).map(([n, d]) => ratio(BigInt(n), BigInt(d)))
const rounding = fc.constantFrom<Rounding>('exact', 'up', 'down', 'half_even')

/** Units of known sizes and edges between them that say those sizes: a tree, and more edges besides. */
const graph = fc
  .array(fc.record({ size: factor, under: fc.nat(), rounding }), { minLength: 1, maxLength: 12 })
  .chain((nodes) => fc.tuple(fc.constant(nodes), fc.array(fc.tuple(fc.nat(nodes.length), fc.nat(nodes.length)), { maxLength: 8 }), fc.nat()))
  .map(([nodes, besides, seed]) => {
    const sizes: Ratio[] = [ratio(1n, 1n), ...nodes.map((node) => node.size)]
    const edge = (unit: number, of: number): Row => {
      const [a, b] = [sizes[unit]!, sizes[of]!]
      const { numerator, denominator } = ratio(a.numerator * b.denominator, a.denominator * b.numerator)
      return { unit: `u${unit}`, of: `u${of}`, numerator: Number(numerator), denominator: Number(denominator), rounding: unit === 0 ? 'exact' : nodes[unit - 1]!.rounding }
    }
    const rows = [...nodes.map((node, index) => edge(index + 1, node.under % (index + 1))), ...besides.filter(([a, b]) => a !== b).map(([a, b]) => edge(a, b))]
    // In any order in which people may have said them.
    return { sizes, rows: rows.toSorted((a, b) => ((a.numerator * 7 + seed) % 11) - ((b.numerator * 7 + seed) % 11)) }
  })

describe('B2: conversion is exact', () => {
  test('over whichever way: sizes are found as they are', () => {
    fc.assert(
      fc.property(graph, ({ sizes, rows }) => {
        const found = unitsOf('u0', rows)
        if ('fault' in found) throw new Error(found.detail)
        for (const [index, size] of sizes.entries()) expect(found.get(`u${index}`)!.each).toEqual(size)
      }),
    )
  })

  test('an edge that says otherwise is always found', () => {
    fc.assert(
      fc.property(graph, fc.nat(), ({ rows }, at) => {
        const wrong = rows[at % rows.length]!
        expect(unitsOf('u0', [...rows, { ...wrong, unit: wrong.of, of: wrong.unit, numerator: wrong.denominator * 3, denominator: wrong.numerator, rounding: rows.find((row) => row.unit === wrong.of)?.rounding ?? 'exact' }])).toMatchObject({ fault: 'contradicts' })
      }),
    )
  })

  test('conversion round trips: so many base units as a unit and back are as many, through any chain of units', () => {
    fc.assert(
      fc.property(graph, fc.integer({ min: 1, max: 1_000_000_000_000 }), ({ rows }, some) => {
        const found = unitsOf('u0', rows)
        if ('fault' in found) throw new Error(found.detail)
        for (const unit of found.values()) {
          const there = inUnit(quantity(some), unit)
          expect(ratio(there.numerator * unit.each.numerator, there.denominator * unit.each.denominator)).toEqual(ratio(BigInt(some), 1n))
        }
      }),
    )
  })

  test('nothing is gained or lost: parts that are exact add up to the whole, and a rounded whole is less than one base unit off', () => {
    fc.assert(
      fc.property(factor, fc.integer({ min: 1, max: 1_000_000_000 }), fc.integer({ min: 1, max: 1_000_000_000 }), rounding, (each, a, b, how) => {
        const [one, other, both] = [exactly(a, { each })!, exactly(b, { each })!, exactly(a + b, { each })!]
        const sum = ratio(one.numerator * other.denominator + other.numerator * one.denominator, one.denominator * other.denominator)
        expect(sum).toEqual(both)
        const rounded = whole(both, how)
        if (rounded === undefined) {
          expect([how, both.denominator > 1n]).toEqual(['exact', true])
          return
        }
        const off = rounded * both.denominator - both.numerator
        expect(off < both.denominator && -off < both.denominator).toBe(true)
        if (how === 'up') expect(off >= 0n).toBe(true)
        if (how === 'down') expect(off <= 0n).toBe(true)
        if (how === 'half_even') expect((off < 0n ? -off : off) * 2n <= both.denominator).toBe(true)
        // What came of an order that was rounded is all of it.
        if (rounded > 0n) expect(isRest(both, quantity(Number(rounded)))).toBe(true)
      }),
    )
  })

  //    sort of rounding          of 2 1/3, 2 1/2, 3 1/2, 3
  test.each<[Rounding, (bigint | undefined)[]]>([
    ['exact',                     [undefined, undefined, undefined, 3n]],
    ['up',                        [3n, 3n, 4n, 3n]],
    ['down',                      [2n, 2n, 3n, 3n]],
    ['half_even',                 [2n, 2n, 4n, 3n]],
  ])('rounded %s', (how, expected) => {
    expect([ratio(7n, 3n), ratio(5n, 2n), ratio(7n, 2n), ratio(3n, 1n)].map((one) => whole(one, how))).toEqual(expected)
  })

  test('a rest is less than one base unit off', () => {
    expect([133, 134, 132, 135].map((open) => isRest(ratio(400n, 3n), quantity(open)))).toEqual([true, true, false, false])
    expect(isRest(ratio(1n, 3n), quantity(0))).toBe(false)
  })

  test('decimal numbers are found exactly', () => {
    expect([2, 0.1, 2.5, 1.000001, 999_999_999.999999, 0.0000001, Number.NaN].map(millionths)).toEqual([2_000_000, 100_000, 2_500_000, 1_000_001, 999_999_999_999_999, undefined, undefined])
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000_000_000_000 }), (e6) => {
      expect(millionths(e6 / 1_000_000)).toBe(e6)
    }))
  })

  test('what is read is told again as it was', () => {
    expect(['12', '0.75', '200/3', '2/4', '1.50', '0', '1/0', '-1', '1e3', '1.2/3', '0.0000000001', '999999999999999.9'].map((text) => parseRatio(text)).map((one) => one && ratioText(one))).toEqual(['12', '0.75', '200/3', '0.5', '1.5', undefined, undefined, undefined, undefined, undefined, undefined, undefined])
    fc.assert(fc.property(factor, (one) => {
      expect(parseRatio(ratioText(one))).toEqual(one)
    }))
  })

  test('who asks for what is not whole is told what is', () => {
    const drum = known('l', 'drum = 200/3 l').get('drum')!
    expect(mixedText(exactly(2_000_000, drum)!)).toBe('133 1/3')
    expect(nearest(exactly(2_000_000, drum)!, 'l', drum, 2_000_000)).toBe('133 or 134 l, or 3 drum (200 l)')
    const box = known('EA', 'box = 12 EA').get('box')!
    expect(nearest(exactly(2_700_000, box)!, 'EA', box, 2_700_000)).toBe('32 or 33 EA, or 2 box (24 EA) or 3 box (36 EA)')
    const gram = known('kg').get('g')!
    expect(nearest(exactly(500_000_000, gram)!, 'kg', gram, 500_000_000)).toBe('1 kg, or 1000 g (1 kg)')
    expect(mixedText(ratio(1n, 3n))).toBe('1/3')
  })

  test('a price for one of a unit is charged to the cent', () => {
    expect(priceEach(1_000, { unit: 'case', quantity_e6: 4_000_000, comesTo: quantity(48) })).toEqual({ goods: 4_000, each: 84, off: 32 })
    expect(priceEach(1_200, { unit: 'case', quantity_e6: 4_000_000, comesTo: quantity(48) })).toEqual({ goods: 4_800, each: 100, off: 0 })
    expect(priceEach(10 ** 12, { unit: 'case', quantity_e6: 10 ** 15, comesTo: quantity(1) })).toBeUndefined()
    const some = fc.integer({ min: 1, max: 1_000_000_000 })
    fc.assert(
      fc.property(fc.nat(1_000_000), some, some, (price, quantity_e6, comesTo) => {
        const { goods, each, off } = priceEach(price, { unit: 'x', quantity_e6, comesTo: quantity(comesTo) })!
        expect(each * comesTo - off).toBe(goods)
        expect(off).toBeGreaterThanOrEqual(0)
        expect(off).toBeLessThan(comesTo)
      }),
    )
  })

  test('edges are in lowest terms as they are read', () => {
    expect(ratioOf(rowOf('x = 6/4 y'))).toEqual(ratio(3n, 2n))
  })
})
