// Back-test, a part of a run: some items of a site, each lived again under every policy. What comes out follows from what was asked and from the ledger alone, so
// whoever works it out, whenever, keeps the same.

import type { AskedBacktest } from '../../core/backtest.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import { sumNames, sumsOf, type Sums } from '../../core/loop/backtest/figures.ts'
import { replayItem, type ReplayTools } from '../../core/loop/backtest/replay.ts'
import { Filter } from '../../core/plan/filter/filter.ts'
import { PeriodicReview } from '../../core/plan/policies/review.ts'
import { sql, type Connection } from '../db.ts'
import { testedItems } from './backtest-read.ts'

const CLASSES = 6

export const backtestTools = (): ReplayTools => ({ review: new PeriodicReview(), filter: new Filter(CLASSES) })

export interface BacktestPart {
  readonly site: SiteId
  readonly code: string
  readonly firstItem: ItemId
  readonly items: readonly ItemId[]
  readonly openings: readonly number[]
}

/** By policy, item and name of the sum. */
export type KeptSums = readonly (readonly (readonly number[])[])[]

/** Works a part out and keeps it; whoever is second finds it kept, and changes nothing. */
export async function testPart(connection: Connection, run: string, part: BacktestPart, asked: AskedBacktest, tools: ReplayTools): Promise<void> {
  const openings = part.items.map((item, index) => ({ item, opening: part.openings[index]! }))
  const items = await testedItems(connection, part, openings, asked)
  const sums: KeptSums = asked.policies.map((policy) => items.map((item) => keptOf(sumsOf(item, asked.days, replayItem(item, policy, asked, tools)))))
  await connection.execute(sql`
    update backtest_part set sums = ${JSON.stringify(sums)}::json
    where site_id = ${part.site} and run_id = ${run} and first_item = ${part.firstItem} and sums is null`)
}

const keptOf = (sums: Sums): readonly number[] => sumNames.map((name) => sums[name])
export const sumsKept = (kept: readonly number[]): Sums => Object.fromEntries(sumNames.map((name, index) => [name, kept[index]!])) as Sums
