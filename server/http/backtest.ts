// Back-tests over HTTP: what is asked of the last days, how far it is, and what came out.

import type { BacktestRun, TestedPolicy } from '../../core/backtest.ts'
import { addDays, type Instant } from '../../core/calendar.ts'
import { controlSite, type SiteId } from '../../core/item.ts'
import type { ComparedFigures } from '../../core/loop/backtest/figures.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { backtestColumns } from '../lane/backtests.ts'
import { anySold, lastSoldBefore } from '../loop/backtest-read.ts'
import { backtestProgress, type BacktestProgress } from '../loop/backtest-run.ts'
import { rollSales } from '../shrinkage.ts'
import { siteOf, todayOf, toControl, told, type Readers, type Writers } from './call.ts'

export const backtestWriters = {
  requestBacktest: async (call) => {
    const { site: code, days, shrink, seed, policies } = call.body
    const { database, newId } = call.context
    const site = code === null ? null : await siteOf(call, code)
    if (isRefusal(site)) return site
    await rollSales(database)
    const today = todayOf(call)
    const from = addDays((await lastSoldBefore(database, today)) ?? today, 1 - days)
    if (!(await anySold(database, { from, days }, site?.site ?? null)))
      return refuse('nothing_sold', 'days', `Nothing was sold in the ${days} days from ${from} on: there is nothing to live again.`)
    const tested = policies.map(({ serviceLevel, ...policy }): TestedPolicy => ({ ...policy, service: Math.round(serviceLevel * 1_000) / 1_000 }))
    return toControl({ kind: 'requestBacktest', run: newId(), asked: { site: site?.site ?? null, from, days, shrink, seed, policies: tested } })
  },
  cancelBacktest: async (call) => toControl({ kind: 'cancelBacktest', run: call.params.id }),
} satisfies Partial<Writers>

interface RunRow extends BacktestRun {
  readonly items: number | null
  readonly why: string | null
  readonly result: readonly (ComparedFigures & { readonly name: string })[] | null
}

const runsWhere = (condition: Statement): Statement => sql`
  select ${backtestColumns}, items, why, result from backtest_run where site_id = ${controlSite} and ${condition} order by asked_at desc, run_id`

/** All that are kept. */
const LISTED = 100

export const backtestReaders = {
  listBacktests: async (call) => {
    const { database, catalog } = call.context
    await catalog.sites()
    const runs = await database.query<RunRow>(sql`${runsWhere(sql`true`)} limit ${LISTED}`)
    return { rows: await tellRuns(database, runs, catalog.siteCodes), next: null }
  },
  getBacktest: async (call) => {
    const { database, catalog } = call.context
    await catalog.sites()
    const [run] = await database.query<RunRow>(runsWhere(sql`run_id = ${call.params.id}`))
    if (run === undefined) return refuse('backtest_not_known', 'id', 'There is no such back-test: only the last ones are kept.')
    const [row] = await tellRuns(database, [run], catalog.siteCodes)
    return { ...row!, results: run.result }
  },
} satisfies Partial<Readers>

async function tellRuns(connection: Connection, runs: readonly RunRow[], codes: ReadonlyMap<SiteId, string>): Promise<readonly object[]> {
  const progress = await backtestProgress(
    connection,
    runs.filter((one) => one.state === 'running').map((one) => one.run),
  )
  return runs.map((run) => tellRun(run, progress.get(run.run) ?? { parts: 0, done: 0, items: run.items ?? 0 }, codes))
}

function tellRun(
  { run, askedAt, asker, asked, state, endedAt, why }: RunRow,
  progress: BacktestProgress,
  codes: ReadonlyMap<SiteId, string>,
): object {
  const { site, from, days, shrink, seed, policies } = asked
  const row = { id: run, askedAt, endedAt, asker, state, why, from, to: addDays(from, days - 1), days, shrink, seed, ...progress }
  return {
    ...told<typeof row & { askedAt: Instant }>(row, ['askedAt', 'endedAt']),
    site: site === null ? null : (codes.get(site) ?? null),
    policies: policies.map(({ service, ...policy }) => ({ ...policy, serviceLevel: service })),
  }
}
