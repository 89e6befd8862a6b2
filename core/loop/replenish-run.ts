// Replenish, runs: by which rules orders are proposed, and who asks for a plan. One run is under way at a time; that which was done last is the plan.

import { controlSite } from '../item.ts'
import { announce, type Draft } from '../ledger.ts'
import type { Money } from '../money.ts'
import { running, usualRule, type PlanningRule, type SourceTerms } from '../planning.ts'
import { refuse, type Refusal } from '../refusal.ts'

export interface SetPlanningRule extends PlanningRule {
  readonly kind: 'setPlanningRule'
}

/** Says how surely, how often and from what a site's orders are proposed, from the next run on. */
export function setPlanningRule({ kind: _kind, ...rule }: SetPlanningRule, draft: Draft): object | Refusal {
  const before = draft.planningRule.get(String(rule.site)) ?? (rule.site === controlSite ? usualRule : null)
  draft.planningRule.put(rule)
  const { site, service_e3, reviewDays, stock } = rule
  const told = { serviceLevel: service_e3 / 1000, reviewDays, stock }
  announce(draft, {
    type: 'planning.rule_set',
    subject: site === controlSite ? '' : (draft.state.siteCodes.get(site) ?? ''),
    data: { ...told, before },
  })
  return told
}

export interface SetSourceTerms {
  readonly kind: 'setSourceTerms'
  /** Each with the code of its supplier or site, for people. */
  readonly terms: readonly (SourceTerms & { readonly code: string })[]
}

/** Says what suppliers, and sites that supply others, ask of each order, from the next plan on; what was said before of the same is replaced. */
export function setSourceTerms({ terms }: SetSourceTerms, draft: Draft): object {
  for (const { code: _code, ...one } of terms) draft.sourceTerms.put(one)
  const told = terms.map(({ source, code, least, loadUnits, loadWeight }) => ({ from: source, code, least, loadUnits, loadWeight }))
  announce(draft, { type: 'planning.source_terms_set', subject: terms[0]?.code ?? '', data: { terms: told } })
  return { terms: terms.length }
}

export interface RequestPlan {
  readonly kind: 'requestPlan'
  readonly run: string
  readonly budget: Money | null
}

/** Asks for a plan; it is worked out outside the lanes. */
export function requestPlan({ run, budget }: RequestPlan, draft: Draft): object | Refusal {
  const [other] = draft.planRun.of(running)
  if (other !== undefined)
    return refuse('plan_running', 'run', `A plan is being worked out since ${new Date(other.askedAt).toISOString()}: wait, or cancel it.`)
  const { today, now } = draft.state
  draft.planRun.put({ run, plannedOn: today, askedAt: now, asker: draft.actor, state: 'running', budget, endedAt: null })
  announce(draft, { type: 'plan.asked', subject: run, data: { plannedOn: today } })
  return { id: run, plannedOn: today }
}

export interface CancelPlan {
  readonly kind: 'cancelPlan'
  readonly run: string
}

/** Ends a run that is under way; the plan before it stays. */
export function cancelPlan({ run }: CancelPlan, draft: Draft): object | Refusal {
  const row = draft.planRun.get(run)
  if (row === undefined) return refuse('plan_not_known', 'id', 'There is no such run.')
  if (row.state === 'done' || row.state === 'replaced') return refuse('plan_done', 'id', 'It is done already.')
  if (row.state === 'running') {
    draft.planRun.put({ ...row, state: 'cancelled', endedAt: draft.state.now })
    announce(draft, { type: 'plan.cancelled', subject: run, data: {} })
  }
  return { id: run }
}
