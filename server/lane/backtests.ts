// Back-tests in the lane: runs that a command is about, with those that are under way, and what it makes of them.

import type { BacktestRun } from '../../core/backtest.ts'
import { textOf } from '../../core/calendar.ts'
import { controlSite } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import { sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'
import { maybe } from './rows.ts'

export const backtestColumns: Statement = sql`
  run_id as run, asked_at as "askedAt", asker, state, ended_at as "endedAt",
  json_build_object('site', tested_site_id, 'from', from_on, 'days', days, 'shrink', shrink, 'seed', seed, 'policies', policies) as asked`

export const readBacktests = (into: Into, runs: readonly string[]): Promise<void> =>
  into(
    'backtestRun',
    sql`select ${backtestColumns} from backtest_run where site_id = ${controlSite} and (run_id = any(${runs}::uuid[]) or state = 'running')`,
  )

export function writeBacktests({ tables: { backtestRun } }: State): Statement[] {
  const { inserted, updated } = backtestRun.changes()
  return [...inserted.map(insertRun), ...updated.map(endRun)]
}

const insertRun = ({ run, askedAt, asker, asked, state }: BacktestRun): Statement => sql`
  insert into backtest_run (site_id, run_id, asked_at, asker, tested_site_id, from_on, days, shrink, seed, policies, state)
  values (${controlSite}, ${run}, ${textOf(askedAt)}::timestamptz, ${asker}, ${asked.site}, ${asked.from}::date, ${asked.days}, ${asked.shrink}, ${asked.seed},
    ${JSON.stringify(asked.policies)}::json, ${state})`

/** One that was done meanwhile stays so. */
const endRun = ({ run, state, endedAt }: BacktestRun): Statement => sql`
  update backtest_run set state = ${state}, ended_at = ${maybe(endedAt)}::timestamptz where site_id = ${controlSite} and run_id = ${run} and state = 'running'`
