import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '../calendar.ts'
import type { ItemId, SiteId } from '../item.ts'
import { money } from '../money.ts'
import { quantity } from '../quantity.ts'
import type { Preference, Sourcing } from '../sourcing.ts'
import { emptyAvailability } from '../stock.ts'
import { owner, today } from '../test-state.ts'
import { promiseBasket, type Position } from './promise-basket.ts'
import { source, sourceNext, type Wanted } from './promise-source.ts'

const [sea, pdx, dc] = [1 as SiteId, 2 as SiteId, 3 as SiteId]
const codes = new Map([[sea, 'SEA'], [pdx, 'PDX'], [dc, 'DC']])
const [a, b] = [11 as ItemId, 12 as ItemId]

interface Stocked { readonly sellable?: number, readonly demand?: number, readonly comes?: readonly [day: number, quantity: number] }

function position(site: SiteId, item: ItemId, { sellable = 0, demand = 0, comes }: Stocked): Position {
  const supply = quantity(comes?.[1] ?? 0)
  const row = { ...emptyAvailability(item, owner), sellable: quantity(sellable), demand: quantity(demand), reserved: quantity(Math.min(demand, sellable)), supply }
  const due = (day: number, more: object) => ({ item, owner, due: addDays(today, day), supply: quantity(0), demand: quantity(0), ...more })
  return { site, item, row, schedule: comes === undefined ? [] : [due(0, { demand: quantity(demand) }), due(comes[0], { supply })] }
}

/** Stock of A and of B at the three sites; each other site is a day or more away. */
const state = (stock: Readonly<Record<'SEA' | 'PDX' | 'DC', readonly [Stocked, Stocked?]>>) => ({
  home: sea, today, codes,
  positions: ([[sea, stock.SEA], [pdx, stock.PDX], [dc, stock.DC]] as const).flatMap(([site, [first, second = {}]]) => [position(site, a, first), position(site, b, second)]),
})
const rule = (prefers: Preference, more: Partial<Sourcing> = {}, keepPercent = 0): Sourcing => ({
  site: sea, prefers, sourcesMax: 2, splitsLines: true, ownCost: money(0), ...more,
  lanes: [
    { site: sea, from: pdx, position: 1, cost: money(900), transitDays: 1, keepPercent },
    { site: sea, from: dc, position: 2, cost: money(300), transitDays: 3, keepPercent },
  ],
})
const wanted = (...lines: readonly (readonly [ItemId, number, number?])[]): Wanted[] =>
  lines.map(([item, some, day = 0], index) => ({ lines: [index + 1], needs: [{ item, quantity: quantity(some) }], requested: addDays(today, day), source: null }))
const told = (...args: Parameters<typeof source>) => source(...args).map(({ lines, source: from, needs, day }) =>
  `${lines[0]} ${codes.get(from)} ${needs[0]!.quantity} ${day === null ? '-' : day === today ? '0' : (Date.parse(day) - Date.parse(today)) / 86_400_000}`)

describe('a basket is sourced', () => {
  const stock = { SEA: [{ sellable: 2, comes: [10, 20] }], PDX: [{ sellable: 6 }], DC: [{ sellable: 40 }] } as const

  //    story                                                                          rule                                    lines            from where, how many, in how many days
  test.each<[string, Sourcing, Wanted[], string[]]>([
    ['what is here goes from here',                                                    rule('date'),                           wanted([a, 2]),  ['1 SEA 2 0']],
    ['the earliest day: the near site, though it costs more',                          rule('date'),                           wanted([a, 5]),  ['1 PDX 5 1']],
    ['where it is wanted later, the way costs no day: the cheaper of the two',         rule('date'),                           wanted([a, 5, 4]), ['1 DC 5 4']],
    ['the least cost: here is free, though it takes ten days',                         rule('cost'),                           wanted([a, 5]),  ['1 SEA 5 10']],
    ['the fewest sites, then the earliest day',                                        rule('sources'),                        wanted([a, 7]),  ['1 DC 7 3']],
    ['a line is split for an earlier day',                                             rule('date'),                           wanted([a, 8]),  ['1 SEA 2 0', '1 PDX 6 1']],
    ['unless lines stay whole',                                                        rule('date', { splitsLines: false }),   wanted([a, 8]),  ['1 DC 8 3']],
    ['or one site must do',                                                            rule('date', { sourcesMax: 1 }),        wanted([a, 8]),  ['1 DC 8 3']],
    ['what nobody has waits at home',                                                  rule('date'),                           wanted([a, 99]), ['1 SEA 99 -']],
    ['two lines of one item count together',                                           rule('date', { sourcesMax: 1 }),        wanted([a, 5], [a, 5]), ['1 DC 5 3', '2 DC 5 3']],
    ['half of it stays where it is: the near site has but three',                      rule('date', { splitsLines: false }, 50), wanted([a, 5]), ['1 DC 5 3']],
  ])('%s', (_story, by, lines, expected) => expect(told(lines, by, state(stock))).toEqual(expected))

  test('as a whole: one shipment from far beats two where sites are saved', () => {
    const both = state({ SEA: [{ sellable: 5 }, {}], PDX: [{}, { sellable: 5 }], DC: [{ sellable: 9 }, { sellable: 9 }] })
    expect(told(wanted([a, 5], [b, 5]), rule('date'), both)).toEqual(['1 SEA 5 0', '2 PDX 5 1'])
    expect(told(wanted([a, 5], [b, 5]), rule('sources'), both)).toEqual(['1 DC 5 3', '2 DC 5 3'])
    expect(told(wanted([a, 5], [b, 5]), rule('cost'), both)).toEqual(['1 SEA 5 0', '2 DC 5 3'])
  })

  test('never from more sites than the rule allows, though something waits for it', () => {
    const apart = state({ SEA: [{}, {}], PDX: [{}, {}], DC: [{ sellable: 9 }, {}] })
    expect(told(wanted([a, 5], [b, 5]), rule('date', { sourcesMax: 1 }), apart)).toEqual(['1 SEA 5 -', '2 SEA 5 -'])
    expect(told(wanted([a, 5], [b, 5]), rule('date'), apart)).toEqual(['1 DC 5 3', '2 SEA 5 -'])
  })

  test('a kit comes from one site that has all of it', () => {
    const kit: Wanted = { lines: [1, 2], needs: [{ item: a, quantity: quantity(2) }, { item: b, quantity: quantity(1) }], requested: today, source: null }
    const apart = state({ SEA: [{ sellable: 9 }, {}], PDX: [{}, { sellable: 9 }], DC: [{ sellable: 2 }, { sellable: 1 }] })
    expect(source([kit], rule('date'), apart)).toMatchObject([{ source: dc, lines: [1, 2] }])
    // A second one: what the first took is not there for it.
    expect(source([kit, { ...kit, lines: [3, 4] }], rule('date'), apart)).toMatchObject([{ source: dc }, { source: sea, day: null }])
  })

  test('the reason names the site, the others and the rule', () => {
    expect(source(wanted([a, 5]), rule('date'), state(stock))[0]!.because).toBe(
      `PDX serves it, 1 day away, on ${addDays(today, 1)}; SEA has 2 of 5; DC has all of it; by the rule of SEA: the earliest day, then the fewest sites, then the least cost; at most 2 sites an order, a line may be split.`,
    )
  })

  test('a site that refuses is not asked again', () => {
    const [one] = wanted([a, 5])
    expect(sourceNext(one!, [pdx], rule('date'), state(stock))).toBe(dc)
    expect(sourceNext(one!, [pdx, dc], rule('date'), state(stock))).toBe(sea)
    expect(sourceNext(wanted([a, 99])[0]!, [], rule('date'), state(stock))).toBeUndefined()
  })
})

describe('whatever the stock and the rule', () => {
  const some = fc.record({ sellable: fc.nat(9), demand: fc.nat(4) })
  const stock = fc.record({ SEA: fc.tuple(some, some), PDX: fc.tuple(some, some), DC: fc.tuple(some, some) })
  const lines = fc.array(fc.tuple(fc.constantFrom(a, b), fc.integer({ min: 1, max: 9 }), fc.nat(5)), { minLength: 1, maxLength: 5 })
  const rules = fc.tuple(fc.constantFrom<Preference>('date', 'cost', 'sources'), fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.constantFrom(0, 30, 100))
    .map(([prefers, sourcesMax, splitsLines, keep]) => rule(prefers, { sourcesMax, splitsLines }, keep))

  test('all of every line is served once, from no more sites than allowed, and no site gives what it has not', () => {
    fc.assert(
      fc.property(stock, lines, rules, (given, asked, by) => {
        const at = state(given)
        const pieces = source(wanted(...asked), by, at)
        for (const [index, [, some]] of asked.entries()) {
          const own = pieces.filter((piece) => piece.lines[0] === index + 1)
          expect(own.reduce((sum, piece) => sum + piece.needs[0]!.quantity, 0)).toBe(some)
          if (!by.splitsLines) expect(own).toHaveLength(1)
        }
        expect(new Set(pieces.map((piece) => piece.source)).size).toBeLessThanOrEqual(by.sourcesMax)
        for (const { site, item, row } of at.positions.filter((one) => one.site !== sea)) {
          const taken = pieces.filter((piece) => piece.source === site && piece.needs[0]!.item === item).reduce((sum, piece) => sum + piece.needs[0]!.quantity, 0)
          const keep = by.lanes[0]!.keepPercent
          expect(taken).toBeLessThanOrEqual(Math.floor((Math.max(row.sellable - row.demand, 0) * (100 - keep)) / 100))
        }
      }),
      { numRuns: 500 },
    )
  })

  test('what is asked is promised as the pieces say', () => {
    fc.assert(
      fc.property(stock, lines, rules, (given, asked, by) => {
        const at = state(given)
        const pieces = source(wanted(...asked), by, at)
        const promises = promiseBasket(pieces.map((piece) => ({ ...piece, ...piece.needs[0]! })), at)
        expect(promises.map(({ source: from, day }) => [from, day])).toEqual(pieces.map(({ source: from, day }) => [from, day]))
      }),
      { numRuns: 500 },
    )
  })
})
