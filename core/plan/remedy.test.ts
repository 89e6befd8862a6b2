import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import { money } from '../money.ts'
import { quantity } from '../quantity.ts'
import { remediesFor, type Disrupted, type FreeSubstitute, type HurtLine } from './remedy.ts'

const today = '2026-03-02' as Day
const [lamp, bulb, torch, candle] = [1, 2, 3, 4].map((id) => id as ItemId) as [ItemId, ItemId, ItemId, ItemId]
const hurt = (order: string, open: number, some: Partial<HurtLine> = {}): HurtLine => ({
  order, line: 1, item: lamp, open: quantity(open), held: quantity(0), allocated: quantity(0), value: money(open * 100), due: today, estimate: addDays(today, 9),
  shipComplete: false, isAtHome: true, ...some,
})
const instead = (item: ItemId, substitute: ItemId, free: number, dearer = 0, chosenBy: FreeSubstitute['chosenBy'] = 'rule'): FreeSubstitute => ({
  item, substitute, code: `SUB-${substitute}`, free: quantity(free), dearer: money(dearer), chosenBy,
})
const told = (hurts: readonly HurtLine[], some: Partial<Disrupted> = {}) =>
  remediesFor({
    today, item: lamp, weight: null, expected: addDays(today, 9), purchase: null, ties: [], hurts, linesHurt: hurts.length, isLost: false, fixed: new Map(),
    substitutes: [], offers: [], elsewhere: [], services: [], ...some,
  })
const substitutes = (hurts: readonly HurtLine[], offered: readonly FreeSubstitute[], some: Partial<Disrupted> = {}) =>
  told(hurts, { substitutes: offered, ...some }).remedies
    .filter((one) => one.remedy === 'substitute')
    .map((one) => [one.with, one.quantity, one.cost, one.lines.map((line) => line.order).join('')])

describe('a substitute', () => {
  test.each([
    // Who waits for how many, the most urgent first; what is free; who is served in full, and what it costs besides.
    ['serves all that wait',                    [1, 2, 2], 9, 5, 'abc'],
    ['serves the most urgent',                  [1, 2, 2], 3, 3, 'ab'],
    ['passes over what does not fit in full',   [1, 5, 2], 3, 3, 'ac'],
  ])('%s', (_what, waits, free, some, served) => {
    const hurts = waits.map((open, index) => hurt('abc'[index]!, open))
    expect(substitutes(hurts, [instead(lamp, torch, free, 20)])).toEqual([['SUB-3', some, some * 20, served]])
  })

  test('is none where none is free, or too few for anybody', () => {
    expect(substitutes([hurt('a', 3)], [instead(lamp, torch, 2)])).toEqual([])
    expect(told([hurt('a', 3)], { substitutes: [instead(lamp, torch, 0)] }).absent).toContainEqual({ what: 'substitute', why: 'What may be sent instead is not free here either.' })
    expect(told([hurt('a', 3)]).absent).toContainEqual({ what: 'substitute', why: 'Nobody said what may be sent instead.' })
  })

  test('is one option an item, each for the lines whose item it may replace, and may cost less', () => {
    const hurts = [hurt('a', 1), hurt('b', 2, { item: bulb }), hurt('c', 4)]
    expect(substitutes(hurts, [instead(lamp, torch, 3, 30), instead(bulb, torch, 3, -10), instead(lamp, candle, 9, -50)])).toEqual([
      ['SUB-4', 5, -250, 'ac'],
      ['SUB-3', 3, 10, 'ab'],
    ])
  })

  test('leaves out, and says so, what is not here, of a kit, paid or in picking; whom nothing hurts any more keeps what he has', () => {
    const hurts = [hurt('a', 1), hurt('b', 1, { isAtHome: false }), hurt('c', 1), hurt('d', 1), hurt('e', 1, { allocated: quantity(1) }), hurt('f', 1, { held: quantity(1) })]
    const fixed = new Map([['c/1', 'kit'], ['d/1', 'paid']] as const)
    const { remedies, absent } = told(hurts, { fixed, substitutes: [instead(lamp, torch, 9, 0, 'customer')] })
    expect(remedies.find((one) => one.remedy === 'substitute')).toMatchObject({ lines: [{ order: 'a' }], because: expect.stringContaining('Customers have to agree.') as string })
    expect(absent).toContainEqual({ what: 'substitute for all', why: "Left out are lines that are of other sites' orders (1), of kits (1), paid through the provider (1), in picking (1)." })
  })
})

describe('what a carrier lost', () => {
  test('goes again as far as it is held, or is given up but for kits and orders of other sites', () => {
    const hurts = [hurt('a', 2, { held: quantity(2) }), hurt('b', 3, { estimate: null }), hurt('c', 1, { isAtHome: false, estimate: null })]
    const services = [{ service: 1, code: 'ROAD', carrier: 'X', name: 'Road', minimum: money(900), rate: money(1), rateUnit: 'KG' as const, transitDays: 1 }]
    const { remedies, absent } = told(hurts, { isLost: true, expected: null, services })
    expect(remedies).toMatchObject([
      { remedy: 'resend', quantity: 2, cost: 900, date: today, inTime: 1, value: 200 },
      { remedy: 'cancel', quantity: 5, cost: 500, lines: [{ order: 'a' }, { order: 'b' }], inTime: 0 },
    ])
    expect(absent).toContainEqual({ what: 'giving up all', why: "1 lines are of kits or of other sites' orders: cancel them there." })
    expect(told(hurts, { isLost: true, expected: null }).remedies).toMatchObject([{ remedy: 'resend', cost: null }, {}])
  })
})

test('what hurts nobody any more is closed, and nothing else', () => {
  expect(told([], { linesHurt: 2 }).remedies).toMatchObject([{ remedy: 'settle', quantity: 0, cost: 0, lines: [] }])
  expect(told([hurt('a', 1, { held: quantity(1) })]).remedies).toMatchObject([{ remedy: 'settle' }])
  expect(told([hurt('a', 1)]).remedies).toMatchObject([{ remedy: 'repromise' }])
  expect(told([], { linesHurt: 0 }).remedies).toEqual([])
})
