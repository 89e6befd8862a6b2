// Policies bench: replenishment and lot sizing held against the values of a textbook, and how fast they are: `npm run bench:policies`, `--json` for numbers only.
// The textbook's cases stand beside the repository (QUARTERMASTER_SHARED); where they are not there, they are said to be `not run`.

import { parseArgs } from 'node:util'
import { leastUnitCost, lotForLot, partPeriodBalancing, periodOrderQuantity, planCost, silverMeal } from '../core/plan/lot-sizing/lots.ts'
import { wagnerWhitin } from '../core/plan/lot-sizing/wagner-whitin.ts'
import { PeriodicReview, type ReviewInput } from '../core/plan/policies/review.ts'
import { chanceOf } from '../core/rng.ts'
import { textbookCases, type TextbookCase, type TextbookResult } from './textbook/cases.ts'
import { echelonCases } from './textbook/several-sites.ts'
import { singleSiteCases } from './textbook/single-site.ts'

/** What computes which of the book's modules; chains of several sites join here. */
const books: Readonly<Record<string, (cases: readonly TextbookCase[]) => Partial<TextbookResult>>> = {
  single_site: singleSiteCases,
  several_sites: echelonCases,
}

export interface PoliciesBench {
  readonly textbook: Readonly<Record<string, Partial<TextbookResult>>> | 'not run'
  /** What each rule's plan costs for the book's twelve months. */
  readonly lot_sizing: Readonly<Record<string, number>>
  readonly wagner_whitin: { readonly periods: number; readonly seconds: number }
  /** Orders a second of one thread, from a belief of so many cells, and microseconds an order. */
  readonly review: Readonly<Record<string, { readonly orders: number; readonly microseconds: number }>>
}

/** Silver, Pyke and Peterson's months; an order costs 54, a unit 0.40 for each month at whose end it is there. */
const MONTHS = [10, 62, 12, 130, 154, 129, 88, 52, 124, 160, 238, 41] as const
const COSTS = { setup: 54, holding: 0.4 }

export function benchPolicies(periods: number, orders: number, tell: (step: string) => void): PoliciesBench {
  const cases = textbookCases()
  tell(cases === undefined ? 'not run: textbook' : `${cases.length} textbook cases`)
  const textbook = cases && Object.fromEntries(Object.entries(books).map(([name, run]) => [name, run(cases)]))
  tell('lot sizing')
  const rules = {
    wagner_whitin: wagnerWhitin(MONTHS, COSTS).lots,
    silver_meal: silverMeal(MONTHS, COSTS),
    period_order_quantity_2: periodOrderQuantity(MONTHS, 2),
    least_unit_cost: leastUnitCost(MONTHS, COSTS),
    part_period_balancing: partPeriodBalancing(MONTHS, COSTS),
    lot_for_lot: lotForLot(MONTHS),
  }
  const lot_sizing = Object.fromEntries(
    Object.entries(rules).map(([name, lots]) => [name, Math.round(planCost(lots, MONTHS, COSTS).total * 1e6) / 1e6]),
  )
  const chance = chanceOf(1)
  const long = Float64Array.from({ length: periods }, () => chance.below(200))
  const from = performance.now()
  wagnerWhitin(long, { setup: 300, holding: 1 })
  const seconds = Math.round(performance.now() - from) / 1_000
  tell('orders from beliefs')
  return { textbook: textbook ?? 'not run', lot_sizing, wagner_whitin: { periods, seconds }, review: speeds(orders) }
}

function speeds(orders: number): PoliciesBench['review'] {
  const believed = (cells: number): ReviewInput['stock'] => ({ low: 1, step: 1, cells, chances: new Float64Array(cells).fill(1 / cells) })
  const usual: ReviewInput = {
    stock: believed(20),
    pipeline: 5,
    demandPerDay: Array.from({ length: 14 }, (_none, day) => 1 + (day % 7) / 4),
    dispersion: 1.5,
    lossPerDay: 0.03,
    leadTime: [0, 0, 1],
    reviewDays: 1,
    target: { kind: 'service', service: 0.97 },
    pack: 6,
  }
  const inputs: Readonly<Record<string, ReviewInput>> = {
    usual,
    random_lead_time: { ...usual, leadTime: [0, 0.1, 0.5, 0.3, 0.1], reviewDays: 7 },
    fill_rate: { ...usual, target: { kind: 'fill', fill: 0.98 } },
    reorder_levels: { ...usual, fixed: { cost: 10, holding: 0.1 } },
    thousands: { ...usual, stock: believed(500), demandPerDay: [2_000] },
  }
  const review = new PeriodicReview()
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => {
      for (let warm = 0; warm < orders / 10; warm += 1) review.order(input)
      const from = performance.now()
      for (let some = 0; some < orders; some += 1) review.order(input)
      return [name, { orders, microseconds: Math.round(((performance.now() - from) / orders) * 10_000) / 10 }]
    }),
  )
}

function table({ textbook, lot_sizing, wagner_whitin, review }: PoliciesBench): string {
  const lines = textbook === 'not run' ? ['textbook: not run'] : Object.entries(textbook).flatMap(([name, result]) => linesOf(name, result))
  for (const [rule, cost] of Object.entries(lot_sizing)) lines.push(`${rule.padEnd(26)} ${cost.toFixed(2).padStart(8)}`)
  lines.push(`Wagner-Whitin, ${wagner_whitin.periods} periods: ${wagner_whitin.seconds} s`)
  for (const [name, { microseconds }] of Object.entries(review))
    lines.push(`order, ${name.padEnd(19)} ${microseconds.toFixed(1).padStart(8)} microseconds`)
  return `${lines.join('\n')}\n`
}

function linesOf(name: string, { reached = 0, toPlaces = [], missed = [], notCovered = [] }: Partial<TextbookResult>): string[] {
  return [
    `${name}: ${reached} values to 1e-6, ${toPlaces.length} to the places of the source, ${missed.length} missed, ${notCovered.length} functions not covered`,
    ...missed.map((one) => `  missed: ${one.case} ${one.quantity}: ${JSON.stringify(one.expected)}, got ${JSON.stringify(one.got)}`),
    ...notCovered.map((one) => `  not covered: ${one}`),
  ]
}

if (import.meta.main) {
  const { json } = parseArgs({ options: { json: { type: 'boolean', default: false } } }).values
  const bench = benchPolicies(100_000, 20_000, (step) => process.stderr.write(`${step}\n`))
  process.stdout.write(json ? `${JSON.stringify(bench, null, 2)}\n` : table(bench))
}
