// The bench in its short form: the book's values are reached, and nothing is slow.

import { describe, expect, test } from 'vitest'
import { benchPolicies } from './policies.ts'
import { textbookCases } from './textbook/cases.ts'

const isThere = textbookCases() !== undefined
if (!isThere) process.stdout.write('not run: textbook values of replenishment and lot sizing\n')
const bench = benchPolicies(20_000, 500, () => {})

test('lots of the book cost what it says, and a long horizon is planned at once', () => {
  expect(bench.lot_sizing).toEqual({ wagner_whitin: 501.2, silver_meal: 501.2, period_order_quantity_2: 553.6, least_unit_cost: 558.8, part_period_balancing: 600, lot_for_lot: 648 })
  expect(bench.wagner_whitin.seconds).toBeLessThan(1)
  // A hundred times what it takes alone on a quiet machine.
  for (const { microseconds } of Object.values(bench.review)) expect(microseconds).toBeLessThan(10_000)
})

test.each(isThere ? [] : ['textbook values'])('%s that are not there are not run, and say so; where every change is checked they must be', () => {
  expect(process.env['CI']).not.toBe('true')
  expect(bench.textbook).toBe('not run')
})

describe.each(isThere ? ['textbook values'] : [])('%s', () => {
  test('of one site are all reached, those that the source itself cut short to its places', () => {
    const { single_site } = bench.textbook as Exclude<typeof bench.textbook, 'not run'>
    expect(single_site!.missed).toEqual([])
    expect(single_site!.notCovered).toEqual([])
    expect(single_site!.reached).toBeGreaterThanOrEqual(318)
    expect(single_site!.toPlaces!.length).toBeLessThanOrEqual(10)
  })
})
