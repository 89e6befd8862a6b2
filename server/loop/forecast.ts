// Forecast, the shell: adjustments are kept with their site, analogues and events for all of them.

import {
  adjustForecast,
  setForecastAnalogue,
  undoForecastAdjustment,
  type AdjustForecast,
  type SetForecastAnalogue,
  type UndoForecastAdjustment,
} from '../../core/loop/forecast.ts'
import { createDemandEvents, undoDemandEvent, type CreateDemandEvents, type UndoDemandEvent } from '../../core/loop/forecast-event.ts'
import type { Stage } from '../stage.ts'

export const adjustForecastStage: Stage<AdjustForecast> = {
  status: 201,
  needs: ({ adjustment }) => ({ codes: { planning: [{ adjustments: [adjustment] }] } }),
  decide: adjustForecast,
}

export const undoForecastAdjustmentStage: Stage<UndoForecastAdjustment> = {
  status: 200,
  needs: ({ adjustment }) => ({ codes: { planning: [{ adjustments: [adjustment] }] } }),
  decide: undoForecastAdjustment,
}

export const setForecastAnalogueStage: Stage<SetForecastAnalogue> = {
  status: 200,
  needs: ({ item }) => ({ codes: { planning: [{ analogues: [item] }] } }),
  decide: setForecastAnalogue,
}

export const createDemandEventsStage: Stage<CreateDemandEvents> = {
  status: 201,
  needs: ({ events }) => ({ codes: { planning: [{ eventNames: events.map(({ name }) => name) }] } }),
  decide: createDemandEvents,
}

export const undoDemandEventStage: Stage<UndoDemandEvent> = {
  status: 200,
  needs: ({ event }) => ({ codes: { planning: [{ events: [event] }] } }),
  decide: undoDemandEvent,
}
