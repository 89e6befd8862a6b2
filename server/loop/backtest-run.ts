// Back-test, a run: cut into parts when it begins, worked out part by part, and told when the last is kept. Whatever stops whoever works on it, the next goes on
// with the parts that are left; what stood on the shelves as the days began is kept with the parts, so all of them are lived from the same moment.

import type { AskedBacktest, BacktestRun } from '../../core/backtest.ts'
import { instant, textOf } from '../../core/calendar.ts'
import { controlSite, type SiteId } from '../../core/item.ts'
import { comparedFigures } from '../../core/loop/backtest/figures.ts'
import type { Clock } from '../clock.ts'
import { sql, type Connection, type Database, type Statement } from '../db.ts'
import { backtestColumns } from '../lane/backtests.ts'
import { rollSales } from '../shrinkage.ts'
import { inSnapshot } from '../snapshot.ts'
import { backtestTools, sumsKept, testPart, type BacktestPart, type KeptSums } from './backtest-part.ts'
import { openingsOf, testedSites, type OpeningStock, type TestedSite } from './backtest-read.ts'

export interface BacktestWork {
  readonly database: Database
  readonly clock: Clock
  readonly signal?: AbortSignal
  readonly onPart?: () => void
}

/** Few, so that one sees it go on, and little is lost where it is cut off. */
const PART_ITEMS = 5
const RUNS_KEPT = 20

/** The run that was asked for first of those under way. */
export async function nextBacktest(connection: Connection): Promise<BacktestRun | undefined> {
  const [run] = await connection.query<BacktestRun>(sql`
    select ${backtestColumns} from backtest_run where site_id = ${controlSite} and state = 'running' order by asked_at, run_id limit 1`)
  return run
}

/** Works on a run until it is done; false where it was ended, or whoever works on it stops. */
export async function workOnBacktest(
  { database, clock, signal, onPart }: BacktestWork,
  { run, asked }: Pick<BacktestRun, 'run' | 'asked'>,
): Promise<boolean> {
  await rollSales(database)
  if (!(await cutIntoParts(database, run, asked))) {
    await failBacktest(database, run, NOTHING_THERE, clock)
    return false
  }
  const tools = backtestTools()
  for (;;) {
    if (signal?.aborted || !(await isRunning(database, run))) return false
    const part = await nextPart(database, run)
    if (part === undefined) return tellResult(database, run, asked, clock)
    await testPart(database, run, part, asked, tools)
    onPart?.()
  }
}

const isRunning = async (connection: Connection, run: string): Promise<boolean> =>
  (await connection.query(sql`select 1 as one from backtest_run where site_id = ${controlSite} and run_id = ${run} and state = 'running'`)).length > 0

const NOTHING_THERE = 'Nothing of what was sold in these days was there as they began, or had been sold before: take fewer days.'

/** Once: what stands on the shelves is reckoned back in one snapshot. False where there is nothing to live again. */
async function cutIntoParts(database: Database, run: string, asked: AskedBacktest): Promise<boolean> {
  const [cut] = await database.query(sql`select 1 as one from backtest_part where run_id = ${run} limit 1 -- every site: one run`)
  if (cut !== undefined) return true
  const parts = await inSnapshot(database, async (session) => {
    const all: CutPart[] = []
    for (const site of await testedSites(session, asked.site)) all.push(...partsOf(site, await openingsOf(session, site, asked)))
    return all
  })
  if (parts.length > 0) await database.execute(insertParts(run, parts))
  return parts.length > 0
}

interface CutPart {
  readonly site: SiteId
  readonly openings: readonly OpeningStock[]
}

function partsOf({ site }: TestedSite, openings: readonly OpeningStock[]): readonly CutPart[] {
  const parts = Math.ceil(openings.length / PART_ITEMS)
  return Array.from({ length: parts }, (_none, part) => ({ site, openings: openings.slice(part * PART_ITEMS, (part + 1) * PART_ITEMS) }))
}

/** Arrays of arrays are no arrays of rows, so items and openings travel as text. */
const insertParts = (run: string, parts: readonly CutPart[]): Statement => sql`
  insert into backtest_part (site_id, run_id, first_item, items, openings)
  select t.site_id, ${run}::uuid, t.first_item, t.items::int[], t.openings::bigint[] from unnest(
    ${parts.map((part) => part.site)}::int[], ${parts.map((part) => part.openings[0]!.item)}::int[],
    ${parts.map((part) => braced(part.openings.map((one) => one.item)))}::text[], ${parts.map((part) => braced(part.openings.map((one) => one.opening)))}::text[]
  ) t (site_id, first_item, items, openings)
  on conflict do nothing`

const braced = (numbers: readonly number[]): string => `{${numbers.join(',')}}`

async function nextPart(connection: Connection, run: string): Promise<BacktestPart | undefined> {
  const [part] = await connection.query<BacktestPart>(sql`
    select p.site_id as site, s.code, p.first_item as "firstItem", p.items, p.openings
    from backtest_part p join site s on s.site_id = p.site_id -- every site: one run
    where p.run_id = ${run} and p.sums is null order by p.site_id, p.first_item limit 1`)
  return part
}

/** Adds the parts up, in an order that is always the same, and forgets runs of long ago. */
async function tellResult(database: Database, run: string, { policies, seed }: AskedBacktest, clock: Clock): Promise<boolean> {
  const kept = await database.query<{ sums: KeptSums }>(sql`
    select sums from backtest_part where run_id = ${run} order by site_id, first_item -- every site: one run`)
  const sums = policies.map((_policy, policy) => kept.flatMap((part) => part.sums[policy]!.map(sumsKept)))
  const result = comparedFigures(sums, seed).map((compared, policy) => ({ name: policies[policy]!.name, ...compared }))
  return database.transaction(async (tx) => {
    const told = await tx.execute(sql`
      update backtest_run set state = 'done', ended_at = ${textOf(instant(clock()))}::timestamptz, items = ${sums[0]!.length}, result = ${JSON.stringify(result)}::json
      where site_id = ${controlSite} and run_id = ${run} and state = 'running'`)
    await tx.execute(sql`
      delete from backtest_run where site_id = ${controlSite} and state <> 'running' and run_id not in (
        select run_id from backtest_run where site_id = ${controlSite} order by asked_at desc, run_id limit ${RUNS_KEPT})`)
    await forgetParts(tx)
    return told > 0
  })
}

/** Parts of runs that are not under way any more. */
const forgetParts = (tx: Connection): Promise<number> =>
  tx.execute(sql`
    delete from backtest_part where run_id not in (
      select run_id from backtest_run where site_id = ${controlSite} and state = 'running') -- every site: all runs`)

/** Says that a run cannot be worked out. */
export async function failBacktest(database: Database, run: string, why: string, clock: Clock): Promise<void> {
  await database.execute(sql`
    update backtest_run set state = 'failed', ended_at = ${textOf(instant(clock()))}::timestamptz, why = ${why}
    where site_id = ${controlSite} and run_id = ${run} and state = 'running'`)
}

export interface BacktestProgress {
  readonly parts: number
  readonly done: number
  readonly items: number
}

export async function backtestProgress(connection: Connection, runs: readonly string[]): Promise<ReadonlyMap<string, BacktestProgress>> {
  const rows = await connection.query<BacktestProgress & { readonly run: string }>(sql`
    select run_id as run, count(*)::int as parts, count(*) filter (where sums is not null)::int as done, sum(cardinality(items))::int as items
    from backtest_part where run_id = any(${runs}::uuid[]) group by run_id -- every site: some runs`)
  return new Map(rows.map(({ run, ...progress }) => [run, progress]))
}
