import { expect, test } from 'vitest'
import { daysFrom, drawn, HEIGHT, factorOf, type Ahead, type Pictured } from './item-picture-chart.ts'

const evening = (on: string, recorded: number, low: number, expected: number, high: number) => ({ on, recorded, low, expected, high, isBelieved: true })
const ahead = (on: string, expected: number, more: Partial<Ahead> = {}): Ahead => ({ on, expected, low: expected / 2, high: expected * 2, coming: 0, proposed: 0, ...more })
const week = (mean: number, adjusted = mean) => ({ mean, low: mean / 2, high: mean * 2, adjusted })

/** Twenty days behind with today the last, and eight ahead. */
const pictured: Pictured = {
  first: '2026-03-01',
  today: '2026-03-20',
  days: 28,
  sold: [7, 0, 5, 10],
  emptyDays: [0, 0, 3.5, 0.2],
  forecast: [week(10)],
  known: [],
  evenings: [
    evening('2026-03-10', 10, 8, 9.5, 10),
    evening('2026-03-11', 10, 4, 7, 10),
    evening('2026-03-12', 4, 4, 4, 4),
    evening('2026-03-13', -1, 0, 2, 4),
  ],
  counts: [{ at: '2026-03-12T12:00:00.000Z', counted: 4 }],
  ahead: [ahead('2026-03-20', 4), ahead('2026-03-21', 12, { coming: 6, proposed: 4 })],
  levels: [30, 12],
}
const nothing: Pictured = { ...pictured, sold: [], emptyDays: [], forecast: [], evenings: [], counts: [], ahead: [], levels: [] }
const WIDTH = 960
const rounded = (pixels: number): number => Math.round(pixels * 100) / 100
const ys = (path: string): number[] => [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((one) => Number(one[1]))

test('weeks stand on their days, the last sold one ends yesterday, and what is cut at the left edge is narrower', () => {
  const { demand, step, todayEnd, days } = drawn(pictured, WIDTH)
  expect([days.length, days[0]!.on, days.at(-1)!.on]).toEqual([28, '2026-03-01', '2026-03-28'])
  expect(todayEnd).toBeCloseTo(20 * step, 0)
  const day = WIDTH / 28
  expect(demand.bars.map((bar) => [bar.x, bar.width])).toEqual([
    [0, rounded(5 * day - 2)],
    [rounded(5 * day), rounded(7 * day - 2)],
    [rounded(12 * day), rounded(7 * day - 2)],
  ])
  expect(demand.mean).toBe(`M${rounded(23.5 * day)} ${demand.bars.at(-1)!.y}`)
  expect(demand.most).toBe(20)
  for (const bar of demand.bars) expect(bar.y + bar.height).toBeCloseTo(demand.zero, 1)
  expect(demand.empty).toHaveLength(1)
  expect(demand.adjusted).toBe('')
  expect(drawn({ ...pictured, forecast: [week(4, 6)] }, WIDTH).demand.adjusted).not.toBe('')
})

test('what is known beforehand stands above its days, as far as they are drawn', () => {
  const known = [
    { from: '2026-02-20', to: '2026-03-02' },
    { from: '2026-03-28', to: '2026-04-09' },
    { from: '2025-03-28', to: '2025-04-09' },
  ]
  const day = WIDTH / 28
  expect(drawn({ ...pictured, known }, WIDTH).demand.known.map(({ x, width }) => [x, width])).toEqual([
    [0, rounded(2 * day)],
    [rounded(27 * day), rounded(day)],
  ])
})

test('what is believed lies in its band, more is higher, and a record below none has room', () => {
  const { stock } = drawn(pictured, WIDTH)
  const [means, edge] = [ys(stock.expected), ys(stock.band)]
  for (const [index, y] of means.entries()) {
    expect(y).toBeGreaterThanOrEqual(edge[index]!)
    expect(y).toBeLessThanOrEqual(edge[edge.length - 1 - index]!)
  }
  expect(stock.zero).toBeLessThan(HEIGHT)
  expect(stock.dots[0]!.y).toBe(means[2])
  expect(stock.recorded.match(/V/g)).toHaveLength(3)
})

test('levels have room, the higher one above; what is proposed stands on what is on its way', () => {
  const { stock } = drawn(pictured, WIDTH)
  expect(stock.most).toBe(30)
  expect(stock.levels[0]).toBeLessThan(stock.levels[1]!)
  const [comes, proposed] = stock.comes
  expect(comes).toMatchObject({ isProposed: false })
  expect(proposed!.y + proposed!.height).toBeCloseTo(comes!.y, 1)
  expect(comes!.height / proposed!.height).toBeCloseTo(1.5, 1)
})

test('what nobody believes has no band, and nothing is drawn of nothing', () => {
  expect(drawn({ ...pictured, evenings: pictured.evenings.map((one) => ({ ...one, isBelieved: false })) }, WIDTH).stock).toMatchObject({ expected: '', band: '' })
  const { demand, stock } = drawn(nothing, WIDTH)
  expect(demand).toMatchObject({ bars: [], empty: [], mean: '', fan: '', adjusted: '' })
  expect(stock).toMatchObject({ recorded: '', expected: '', band: '', ahead: '', aheadBand: '', comes: [], dots: [], levels: [] })
  expect(JSON.stringify(drawn(nothing, WIDTH))).not.toContain('null')
})

test('a week is adjusted by its days', () => {
  const today = '2026-03-01'
  expect(factorOf(today, 0, [])).toBe(1)
  expect(factorOf(today, 0, [{ from: '2026-03-02', to: '2026-03-08', percent: 20 }])).toBeCloseTo(1.2, 12)
  expect(factorOf(today, 0, [{ from: '2026-03-05', to: '2026-03-30', percent: 70 }])).toBeCloseTo(1.4, 12)
  expect(factorOf(today, 1, [{ from: '2026-03-02', to: '2026-03-08', percent: 20 }])).toBe(1)
  expect(factorOf(today, 0, [{ from: '2026-03-01', to: '2026-04-01', percent: -100 }])).toBe(0)
  expect([daysFrom('2026-03-01', '2026-02-23'), daysFrom('2026-02-27', '2026-03-02')]).toEqual([-6, 3])
})
