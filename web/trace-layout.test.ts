import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { card, COLUMN_MAX, layOut } from './trace-layout.ts'

const at = (level: number) => ({ level })

describe('a family of lots', () => {
  test('stands in columns by level, centred, each beside what it belongs to', () => {
    const { cards, lines, height } = layOut({
      lots: [at(-1), at(0), at(1), at(1), at(2), at(2)],
      links: [{ from: 0, into: 1 }, { from: 1, into: 2 }, { from: 1, into: 3 }, { from: 3, into: 4 }, { from: 2, into: 5 }],
    })
    const column = (lot: number) => cards.find((one) => one.lots[0] === lot)!.x / (card.width + 64)
    expect([0, 1, 2, 3, 4, 5].map(column)).toEqual([0, 1, 2, 2, 3, 3])
    const top = (lot: number) => cards.find((one) => one.lots[0] === lot)!.y
    expect(top(5)).toBeLessThan(top(4))
    expect(top(1)).toBe((height - card.height) / 2)
    expect(lines).toHaveLength(5)
  })

  test('that is large ends in a card for the rest, whose lines are one', () => {
    const { cards, lines } = layOut({ lots: [at(0), ...Array.from({ length: 40 }, () => at(1))], links: Array.from({ length: 40 }, (_none, index) => ({ from: 0, into: index + 1 })) })
    expect(cards).toHaveLength(1 + COLUMN_MAX)
    expect(cards.at(-1)!.lots).toHaveLength(40 - COLUMN_MAX + 1)
    expect(lines).toHaveLength(COLUMN_MAX)
  })

  test('of one alone is one card', () => {
    expect(layOut({ lots: [at(0)], links: [] })).toMatchObject({ width: card.width, height: card.height, cards: [{ lots: [0], x: 0, y: 0 }], lines: [] })
  })

  test('whatever it is, shows every lot once and no two cards at one place', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 60 }), fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 80 }), (levels, pairs) => {
      const lots = [at(0), ...levels.map(at)]
      const links = pairs.map(([from, into]) => ({ from: from % lots.length, into: into % lots.length }))
      const { cards, width, height } = layOut({ lots, links })
      expect(cards.flatMap((one) => one.lots).toSorted((a, b) => a - b)).toEqual(lots.map((_one, lot) => lot))
      expect(new Set(cards.map(({ x, y }) => `${x} ${y}`)).size).toBe(cards.length)
      for (const { x, y } of cards) expect([x >= 0, y >= 0, x + card.width <= width, y + card.height <= height]).toEqual([true, true, true, true])
    }))
  })
})
