// Replenish, runs: by which rules orders are proposed, and who asks for a plan. One run is under way at a time; that which was done last is the plan.

import { controlSite, type SiteId } from '../item.ts'
import { announce, type Draft } from '../ledger.ts'
import type { Money } from '../money.ts'
import { running, usualRule, type ApprovalConditions, type PlanningRule, type SourceTerms } from '../planning.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { isTimeZone } from './replenish-night.ts'

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
    subject: codeOf(draft, site),
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

export interface SetApprovalRule extends ApprovalConditions {
  readonly kind: 'setApprovalRule'
  readonly site: SiteId
}

/** Says which orders are placed by themselves, from the next plan on. */
export function setApprovalRule({ kind: _kind, ...rule }: SetApprovalRule, draft: Draft): object {
  draft.approvalRule.put({ ...rule, ended: false })
  const { site, ...told } = rule
  announce(draft, { type: 'planning.approval_rule_set', subject: codeOf(draft, site), data: told })
  return told
}

export interface EndApprovalRule {
  readonly kind: 'endApprovalRule'
  readonly site: SiteId
}

/** From now on people approve; at a site that had a rule of its own, that of every site holds again. */
export function endApprovalRule({ site }: EndApprovalRule, draft: Draft): object | Refusal {
  const rule = draft.approvalRule.get(String(site))
  if (rule === undefined || rule.ended) return refuse('approval_rule_not_known', 'site', 'There is no such rule.')
  draft.approvalRule.put({ ...rule, ended: true })
  announce(draft, { type: 'planning.approval_rule_ended', subject: codeOf(draft, site), data: {} })
  return { ended: true }
}

const codeOf = (draft: Draft, site: SiteId): string => (site === controlSite ? '' : (draft.state.siteCodes.get(site) ?? ''))

export interface SetPlanSchedule {
  readonly kind: 'setPlanSchedule'
  readonly planAt: string | null
  readonly timeZone: string
}

/** Says at which hour a plan is made by itself, from the next time that it strikes on. */
export function setPlanSchedule({ planAt, timeZone }: SetPlanSchedule, draft: Draft): object | Refusal {
  if (!isTimeZone(timeZone)) return refuse('time_zone_not_known', 'timeZone', `There is no time zone ${timeZone}: one is called as Europe/Zurich.`)
  draft.planSchedule.put({ site: controlSite, planAt, timeZone, setAt: draft.state.now })
  announce(draft, { type: 'planning.schedule_set', subject: '', data: { planAt, timeZone } })
  return { planAt, timeZone }
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
