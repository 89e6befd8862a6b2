import { expect, test } from 'vitest'
import { chart, chartOf } from './item-history-chart.ts'

const behind = [{ on: '2026-03-01', came: 10, went: 0, onHand: 10 }, { on: '2026-03-02', came: 0, went: 4, onHand: 6 }]
const ahead = [{ on: '2026-03-02', supply: 0, demand: 9, expected: -3 }, { on: '2026-03-03', supply: 5, demand: 0, expected: 2 }]

test('in stands above zero, out below it, and what would lack has room', () => {
  const { days, zero, today, most, step } = chartOf({ behind, ahead })
  expect([most, step, today]).toEqual([10, chart.width / 4, chart.width / 2])
  expect(days.map((one) => [one.came > 0 && one.cameTop < zero, one.went > 0 && one.wentBottom > zero])).toEqual([[true, false], [false, true], [false, true], [true, false]])
  for (const { cameTop, wentBottom } of days) expect([cameTop >= 0, wentBottom <= chart.height]).toEqual([true, true])
})

test('what is expected goes on from what there is', () => {
  const { behindLine, aheadLine } = chartOf({ behind, ahead })
  expect(aheadLine.slice(1).split('L')[0]).toBe(behindLine.split('L').at(-1))
})

test('an item of which there was never any is a flat line', () => {
  const still = chartOf({ behind: [{ on: '2026-03-02', came: 0, went: 0, onHand: 0 }], ahead: [{ on: '2026-03-02', supply: 0, demand: 0, expected: 0 }] })
  expect(still.most).toBe(1)
  expect(still.behindLine).not.toContain('NaN')
})
