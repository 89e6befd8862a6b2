// Replenish, the shell: what a lane does of planning is little; rules and runs are kept at the control site, and the plan is worked out outside
// (replenish-part.ts).

import {
  cancelPlan,
  endApprovalRule,
  requestPlan,
  setApprovalRule,
  setPlanningRule,
  setPlanSchedule,
  setSourceTerms,
  type CancelPlan,
  type EndApprovalRule,
  type RequestPlan,
  type SetApprovalRule,
  type SetPlanningRule,
  type SetPlanSchedule,
  type SetSourceTerms,
} from '../../core/loop/replenish-run.ts'
import { setItemPlanning, type SetItemPlanning } from '../../core/loop/replenish-policy.ts'
import type { AdjustForecast, SetForecastAnalogue, UndoForecastAdjustment } from '../../core/loop/forecast.ts'
import type { CreateDemandEvents, UndoDemandEvent } from '../../core/loop/forecast-event.ts'
import type { Stage } from '../stage.ts'
import {
  adjustForecastStage,
  createDemandEventsStage,
  setForecastAnalogueStage,
  undoDemandEventStage,
  undoForecastAdjustmentStage,
} from './forecast.ts'

export type PlanningCommand =
  | AdjustForecast
  | UndoForecastAdjustment
  | SetForecastAnalogue
  | SetItemPlanning
  | CreateDemandEvents
  | UndoDemandEvent
  | SetPlanningRule
  | SetSourceTerms
  | SetApprovalRule
  | EndApprovalRule
  | SetPlanSchedule
  | RequestPlan
  | CancelPlan

const setPlanningRuleStage: Stage<SetPlanningRule> = {
  status: 200,
  needs: ({ site }) => ({ codes: { planning: [{ rules: [site] }] } }),
  decide: setPlanningRule,
}

const setItemPlanningStage: Stage<SetItemPlanning> = {
  status: 200,
  needs: ({ item }) => ({ codes: { planning: [{ items: [item] }] } }),
  decide: setItemPlanning,
}

const setSourceTermsStage: Stage<SetSourceTerms> = {
  status: 200,
  needs: ({ terms }) => ({ codes: { planning: [{ terms }] } }),
  decide: setSourceTerms,
}

const setApprovalRuleStage: Stage<SetApprovalRule> = {
  status: 200,
  needs: ({ site }) => ({ codes: { planning: [{ approvals: [site] }] } }),
  decide: setApprovalRule,
}

const endApprovalRuleStage: Stage<EndApprovalRule> = {
  status: 200,
  needs: ({ site }) => ({ codes: { planning: [{ approvals: [site] }] } }),
  decide: endApprovalRule,
}

const setPlanScheduleStage: Stage<SetPlanSchedule> = {
  status: 200,
  needs: () => ({ codes: { planning: [{ schedule: true }] } }),
  decide: setPlanSchedule,
}

const requestPlanStage: Stage<RequestPlan> = {
  status: 202,
  needs: ({ run }) => ({ codes: { planning: [{ runs: [run] }] } }),
  decide: requestPlan,
}

const cancelPlanStage: Stage<CancelPlan> = {
  status: 200,
  needs: ({ run }) => ({ codes: { planning: [{ runs: [run] }] } }),
  decide: cancelPlan,
}

export const planningStages: { readonly [Kind in PlanningCommand['kind']]: Stage<Extract<PlanningCommand, { kind: Kind }>> } = {
  adjustForecast: adjustForecastStage,
  undoForecastAdjustment: undoForecastAdjustmentStage,
  setForecastAnalogue: setForecastAnalogueStage,
  setItemPlanning: setItemPlanningStage,
  createDemandEvents: createDemandEventsStage,
  undoDemandEvent: undoDemandEventStage,
  setPlanningRule: setPlanningRuleStage,
  setSourceTerms: setSourceTermsStage,
  setApprovalRule: setApprovalRuleStage,
  endApprovalRule: endApprovalRuleStage,
  setPlanSchedule: setPlanScheduleStage,
  requestPlan: requestPlanStage,
  cancelPlan: cancelPlanStage,
}
