// Back-test, the shell: what a lane does of it is to keep that it was asked for or is not wanted any more; it is worked out outside (backtest-run.ts).

import { cancelBacktest, requestBacktest, type CancelBacktest, type RequestBacktest } from '../../core/loop/backtest/run.ts'
import type { Stage } from '../stage.ts'

export type BacktestCommand = RequestBacktest | CancelBacktest

const requestBacktestStage: Stage<RequestBacktest> = {
  status: 202,
  needs: ({ run }) => ({ codes: { backtests: [run] } }),
  decide: requestBacktest,
}

const cancelBacktestStage: Stage<CancelBacktest> = {
  status: 200,
  needs: ({ run }) => ({ codes: { backtests: [run] } }),
  decide: cancelBacktest,
}

export const backtestStages: { readonly [Kind in BacktestCommand['kind']]: Stage<Extract<BacktestCommand, { kind: Kind }>> } = {
  requestBacktest: requestBacktestStage,
  cancelBacktest: cancelBacktestStage,
}
