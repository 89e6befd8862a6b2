// Back-test, policies: those that are usually compared, and what of a policy can become the rule by which a plan orders.

import type { TestedPolicy } from '../../backtest.ts'
import type { PlanningRule } from '../../planning.ts'

const weekly = { reviewDays: 7, countDays: 180, forecast: 'automatic' } as const

/** The record and the belief at two services, more counts, and, as what can be reached at most, the truth. */
export const usualPolicies: readonly TestedPolicy[] = [
  { name: 'record-95', service: 0.95, stock: 'record', ...weekly },
  { name: 'record-99', service: 0.99, stock: 'record', ...weekly },
  { name: 'belief-90', service: 0.9, stock: 'belief', ...weekly },
  { name: 'belief-95', service: 0.95, stock: 'belief', ...weekly },
  { name: 'belief-99', service: 0.99, stock: 'belief', ...weekly },
  { name: 'belief-95-counted-monthly', service: 0.95, stock: 'belief', ...weekly, countDays: 30 },
  { name: 'truth-95', service: 0.95, stock: 'truth', ...weekly },
]

/** What a policy is where nobody says otherwise. */
export const usualPolicy: Omit<TestedPolicy, 'name'> = { service: 0.95, stock: 'belief', ...weekly }

/** The rule that orders as a policy does, or the sentence that says why there is none. */
export function ruleOf({ service, reviewDays, stock, forecast }: Omit<TestedPolicy, 'name'>): Omit<PlanningRule, 'site'> | string {
  if (stock === 'truth') return 'Nobody knows the truth: it shows what can be reached at most.'
  if (forecast !== 'automatic') return 'A plan chooses its forecast by itself: this one shows what that is worth.'
  return { service_e3: Math.round(service * 1_000), reviewDays, stock }
}
