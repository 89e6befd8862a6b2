// Forecast, the shell: adjustments are kept with their site.

import { adjustForecast, undoForecastAdjustment, type AdjustForecast, type UndoForecastAdjustment } from '../../core/loop/forecast.ts'
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
