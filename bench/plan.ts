// Plan: how long it takes to plan all items of a large company, on all its sites, from two years of sales and what is believed of each: forecast, policy and what
// to order, on as many threads as there are processors. The company is made by set-based statements in a database of its own and thrown away afterwards.

import { availableParallelism, cpus, loadavg } from 'node:os'
import { addDays, day_ms, instant, startOf, type Day } from '../core/calendar.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import { SiteBeliefs, type KeptItem } from '../core/loop/belief-site.ts'
import { chanceOf } from '../core/rng.ts'
import { sql, type Database } from '../server/db.ts'
import { openServer, type Opened } from '../server/open.ts'
import { planNow } from '../server/loop/replenish-planner.ts'
import { removeTemporary, temporaryFolder } from '../server/postgres/temporary.ts'
import { makeItems, makeParties, makeSiteSources, makeSources } from './catalogue.ts'
import { firstItem } from './history.ts'

export interface PlanBench {
  readonly item_sites: number
  /** From the request until the plan stands. */
  readonly seconds: number
  /** Of this process with all its threads, at most; PostgreSQL has its own. */
  readonly peak_mb: number
  readonly item_sites_per_s: number
  /** Days with sales that were read. */
  readonly sales_days: number
  readonly lines: number
  readonly orders: number
  readonly machine: { readonly processors: number; readonly model: string; readonly load_before: number; readonly load_after: number }
}

export interface PlanSettings {
  readonly item_sites: number
  readonly sites: number
  readonly workers: number
}

export const usualPlan: PlanSettings = { item_sites: 100_000, sites: 20, workers: availableParallelism() }

const TODAY = '2026-01-05' as Day
const HISTORY_DAYS = 728
const SUPPLIERS = 300
const TRANSFER_DAYS = 2
/** Beliefs that are worked out; every item has one of them. */
const BELIEFS = 400

export async function benchPlan({ item_sites, sites, workers }: PlanSettings, report: (step: string) => void): Promise<PlanBench> {
  const folder = await temporaryFolder()
  const load_before = loadavg()[0]!
  const items = Math.ceil(item_sites / sites)
  try {
    const opened = await openServer({ folder, clock: () => startOf(TODAY) + day_ms / 2 })
    try {
      const sales_days = await makeCompany(opened, sites, items, report)
      report(`Planning ${items * sites} items at sites`)
      const began = performance.now()
      const onPart = ({ done, parts }: { readonly done: number; readonly parts: number }): void => report(`Part ${done} of ${parts}`)
      const run = await planNow(opened, { budget: null, workers, onPart })
      const seconds = (performance.now() - began) / 1000
      return {
        item_sites: items * sites,
        seconds: rounded(seconds),
        peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
        item_sites_per_s: Math.round((items * sites) / seconds),
        sales_days,
        ...(await proposedIn(opened.database, run)),
        machine: {
          processors: availableParallelism(),
          model: cpus()[0]?.model ?? 'unknown',
          load_before: rounded(load_before),
          load_after: rounded(loadavg()[0]!),
        },
      }
    } finally {
      await opened.close()
    }
  } finally {
    await removeTemporary(folder)
  }
}

const rounded = (figure: number): number => Math.round(figure * 100) / 100

async function proposedIn(database: Database, run: string): Promise<{ readonly lines: number; readonly orders: number }> {
  const [row] = await database.query<{ items: number; lines: number; orders: number }>(sql`
    select (select count(*)::int from plan_line where run_id = ${run} and quantity > 0) as lines,
      (select count(*)::int from plan_order where run_id = ${run}) as orders -- every site: one run`)
  return row!
}

/** A warehouse that supplies shops; returns on how many days some of an item was sold. */
async function makeCompany({ owner, catalog }: Opened, sites: number, items: number, report: (step: string) => void): Promise<number> {
  report(`Making ${items} items at ${sites} sites`)
  await makeItems(owner, items)
  await makeParties(owner, 1, SUPPLIERS)
  await makeSources(owner, items, SUPPLIERS)
  await owner.execute(sql`
    insert into site (site_id, code, name, owner_id)
    select n, 'S' || lpad(n::text, 3, '0'), 'Site ' || n, 1 from generate_series(1, ${sites}::int) n`)
  await makeSiteSources(owner, 1, TRANSFER_DAYS)
  const kept = beliefs()
  let [days, next] = [0, 1]
  const makeInTurn = async (): Promise<void> => {
    while (next <= sites) {
      const site = next as SiteId
      next += 1
      report(`Making two years of sales at site ${site} of ${sites}`)
      await makeSite(owner, site, items, kept)
      const made = await makeSales(owner, site, items)
      days += made
    }
  }
  // An index is made faster at once than row by row.
  const [index] = await owner.query<{ made: string }>(sql`select pg_get_indexdef('sales_day_item'::regclass) as made`)
  await owner.script('drop index sales_day_item')
  await Promise.all(Array.from({ length: availableParallelism() }, makeInTurn))
  report('Making the index of sales by item')
  await owner.script(index!.made)
  report('Analysing')
  await owner.script('vacuum analyze')
  await catalog.sites()
  return days
}

/** Items sell from once in two years to daily; what is sold follows from the item, the site and the day, as if by chance. */
const makeSales = (owner: Database, site: SiteId, items: number): Promise<number> =>
  owner.execute(sql`
    insert into sales_day (site_id, sold_on, item_id, units, value_minor)
    select ${site}, ${addDays(TODAY, -HISTORY_DAYS)}::date + d, ${firstItem}::int + n, 1 + abs(hashint4(n + 31 * d)) % 3, 250
    from generate_series(0, ${HISTORY_DAYS - 1}::int) d
    cross join lateral (
      select n from generate_series(0, ${items}::int - 1) n
      where abs(hashint4(n * 7919 + d * 104729 + ${site}::int * 15485863)) % 1000 < 2 + 250 * power((abs(hashint4(n)) % 1000) / 1000.0, 3)) s`)

async function makeSite(owner: Database, site: SiteId, items: number, { kept, shared }: ReturnType<typeof beliefs>): Promise<void> {
  await owner.execute(sql`
    insert into availability (site_id, item_id, owner_id, sellable, reserved, demand, supply)
    select ${site}, ${firstItem}::int + n, 1, abs(hashint4(n + ${site}::int)) % 12, 0, 0, 0 from generate_series(0, ${items}::int - 1) n`)
  await owner.execute(sql`
    insert into belief_reader (site_id, move_sequence, outbox_sequence, learnt_on, told_on, shared)
    values (${site}, 0, 0, ${TODAY}::date, ${TODAY}::date, ${JSON.stringify(shared)}::json)`)
  await owner.execute(sql`
    insert into belief_state (site_id, item_id, state, noted)
    select ${site}, ${firstItem}::int + n, k.state, k.noted
    from generate_series(0, ${items}::int - 1) n
    join unnest(${kept.map((_one, index) => index)}::int[], ${kept.map((one) => Buffer.from(one.state))}::bytea[],
      ${kept.map((one) => JSON.stringify(one.noted))}::json[]) k (number, state, noted) on k.number = abs(hashint4(n + ${site}::int)) % ${kept.length}::int`)
}

/** What is believed of items that traded for some weeks. */
function beliefs(): { readonly kept: readonly KeptItem[]; readonly shared: SiteBeliefs['shared'] } {
  const ids = Array.from({ length: BELIEFS }, (_none, index) => (firstItem + index) as ItemId)
  const [site, chance] = [new SiteBeliefs(ids, [], undefined), chanceOf(1)]
  const begun = startOf(TODAY) - 40 * day_ms
  for (const item of ids) {
    site.take({ what: 'came', item, units: 5 + chance.below(30), at: instant(begun) })
    for (let day = 1; day < 40; day += 1) if (chance.fraction() < 0.3) site.take({ what: 'sold', item, units: 1, at: instant(begun + day * day_ms) })
  }
  return { kept: ids.flatMap((item) => site.kept(item) ?? []), shared: site.shared }
}
