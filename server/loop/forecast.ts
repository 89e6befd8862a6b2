// Forecast, the shell: adjustments are kept with their site, analogues for all of them.

import {
  adjustForecast,
  setForecastAnalogue,
  undoForecastAdjustment,
  type AdjustForecast,
  type SetForecastAnalogue,
  type UndoForecastAdjustment,
} from '../../core/loop/forecast.ts'
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
