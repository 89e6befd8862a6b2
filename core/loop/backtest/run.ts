// Back-test, runs: who asks for one and who ends it. Several may be under way, which are worked out one after the other, outside the lanes.

import { underWay, type AskedBacktest } from '../../backtest.ts'
import { announce, type Draft } from '../../ledger.ts'
import { refuse, type Refusal } from '../../refusal.ts'

/** So many may wait or be worked out at once. */
export const BACKTESTS_UNDER_WAY_MAX = 5

export interface RequestBacktest {
  readonly kind: 'requestBacktest'
  readonly run: string
  readonly asked: AskedBacktest
}

export function requestBacktest({ run, asked }: RequestBacktest, draft: Draft): object | Refusal {
  const others = [...draft.backtestRun.of(underWay)]
  if (others.length >= BACKTESTS_UNDER_WAY_MAX)
    return refuse('backtests_under_way', 'run', `${others.length} back-tests are under way: wait until one is done, or cancel one.`)
  draft.backtestRun.put({ run, askedAt: draft.state.now, asker: draft.actor, asked, state: 'running', endedAt: null })
  announce(draft, { type: 'backtest.asked', subject: run, data: { from: asked.from, days: asked.days } })
  return { id: run, from: asked.from, days: asked.days }
}

export interface CancelBacktest {
  readonly kind: 'cancelBacktest'
  readonly run: string
}

/** Ends a run that is under way; twice is once. */
export function cancelBacktest({ run }: CancelBacktest, draft: Draft): object | Refusal {
  const row = draft.backtestRun.get(run)
  if (row === undefined) return refuse('backtest_not_known', 'id', 'There is no such back-test: only the last ones are kept.')
  if (row.state === 'done' || row.state === 'failed') return refuse('backtest_ended', 'id', 'It has ended already.')
  if (row.state === 'running') {
    draft.backtestRun.put({ ...row, state: 'cancelled', endedAt: draft.state.now })
    announce(draft, { type: 'backtest.cancelled', subject: run, data: {} })
  }
  return { id: run }
}
