// Replenish, a run: cut into parts when it begins, worked out by as many workers as there are, and made the plan when the last part is done. Whatever stops a
// worker, another goes on with the parts that are left; a part is written once.

import { setTimeout as sleep } from 'node:timers/promises'
import { instant, textOf, type Instant } from '../../core/calendar.ts'
import { controlSite, type ItemId, type SiteId, type Source } from '../../core/item.ts'
import type { JoinedFigures } from '../../core/loop/replenish-told.ts'
import { lowLevelCodes } from '../../core/plan/mrp.ts'
import type { PlanRun } from '../../core/planning.ts'
import type { Clock } from '../clock.ts'
import { sql, type Connection, type Database, type Session } from '../db.ts'
import { runColumns } from '../lane/planning.ts'
import { rollSales } from '../shrinkage.ts'
import { joinOrders } from './replenish-join.ts'
import { planPart, planTools, type PlanTools } from './replenish-part.ts'
import type { Part } from './replenish-read.ts'

export interface RunOptions {
  readonly database: Database
  readonly clock: Clock
  readonly newId: () => string
  readonly signal?: AbortSignal
  readonly onPart?: (progress: PlanProgress) => void
}

export interface PlanProgress {
  readonly parts: number
  readonly done: number
  readonly items: number
}

/** Items of a part, before those of another class or level are left out. */
const PART_ITEMS = 1_000
const CANDIDATES = 16
const WAIT_MILLISECONDS = 50
const EVERY_ITEM = 2_147_483_647

export async function runningPlan(connection: Connection): Promise<PlanRun | undefined> {
  const [run] = await connection.query<PlanRun>(sql`select ${runColumns} from plan_run where site_id = ${controlSite} and state = 'running'`)
  return run
}

/** Works on the run until no part is left, and makes it the plan; false where it was cancelled, or whoever works on it stops. */
export async function workOnPlan(options: RunOptions, run: string): Promise<boolean> {
  const session = await options.database.session()
  let broken = true
  try {
    await rollSales(options.database)
    const codes = await codesOf(session)
    await cutIntoParts(session, run, codes)
    const isOver = await workOnParts(session, run, planTools(codes), options)
    const isDone = isOver && (await makePlan(options.database, run, options))
    broken = false
    return isDone
  } finally {
    session.release(broken)
  }
}

/** Works on parts until none is left, beside others. */
async function workOnParts(session: Session, run: string, tools: PlanTools, { clock, signal, onPart }: RunOptions): Promise<boolean> {
  for (;;) {
    if (signal?.aborted) return false
    const parts = await partsLeft(session, run)
    if (parts.length === 0) return true
    if (!(await isRunning(session, run))) return false
    let planned: number | undefined
    for (const part of parts) {
      planned = await planPart(session, part, instant(clock()), tools)
      if (planned !== undefined) break
    }
    if (planned === undefined) await sleep(WAIT_MILLISECONDS)
    else onPart?.(await progressOf(session, run))
  }
}

const isRunning = async (connection: Connection, run: string): Promise<boolean> =>
  (await connection.query<object>(sql`select 1 as one from plan_run where site_id = ${controlSite} and run_id = ${run} and state = 'running'`))
    .length > 0

export async function progressOf(connection: Connection, run: string): Promise<PlanProgress> {
  const [row] = await connection.query<PlanProgress>(sql`
    select count(*)::int as parts, count(items)::int as done, coalesce(sum(items), 0)::int as items from plan_part where run_id = ${run} -- every site: one run`)
  return row!
}

/** Parts of the lowest level that has any left; those of the next wait for them. */
const partsLeft = (connection: Connection, run: string): Promise<readonly Part[]> =>
  connection.query<Part>(sql`
    select site_id as site, run_id as run, level, source, low_level_code as "lowLevelCode", first_item as "firstItem", last_item as "lastItem"
    from plan_part
    where run_id = ${run} and items is null
      and level = (select min(level) from plan_part where run_id = ${run} and items is null) -- every site: one run
    order by site_id, source, first_item limit ${CANDIDATES}`)

/** Low-level codes of items that others are made of; all others have 0. */
async function codesOf(connection: Connection): Promise<ReadonlyMap<ItemId, number>> {
  const rows = await connection.query<{ parent: ItemId; component: ItemId }>(
    sql`select distinct parent_id as parent, component_id as component from bill_line`,
  )
  const components = Map.groupBy(rows, (row) => row.parent)
  const items = new Set(rows.flatMap((row) => [row.parent, row.component]))
  const codes = lowLevelCodes(items, (item) => (components.get(item) ?? []).map((row) => row.component))
  return new Map([...codes].filter(([, code]) => code > 0))
}

/** Cuts the run, once: customers before those who supply them, and what is made before its components. */
async function cutIntoParts(session: Session, run: string, codes: ReadonlyMap<ItemId, number>): Promise<void> {
  if ((await progressOf(session, run)).parts > 0) return
  const sources = await session.query<{ site: SiteId; source: Source; from: SiteId }>(sql`
    select site_id as site, item_source as source, from_site_id as "from" from site_source`)
  const deepest = Math.max(0, ...codes.values())
  const leveled = [...codes.keys()].toSorted((a, b) => a - b)
  const codesThere = [...new Set([0, ...codes.values()])].toSorted((a, b) => a - b)
  const parts: Part[] = []
  const starts = await startsOf(session)
  const depths = { buy: depthsOf(sources, 'buy'), make: depthsOf(sources, 'make') }
  const levels = Math.max(0, ...Object.values(depths).flatMap((all) => [...all.values()])) + 1
  for (const [site, firsts] of starts) {
    for (const [index, firstItem] of firsts.entries()) {
      // A new item that is forecast as another may come before all that were ever there.
      const begin = (index === 0 ? 1 : firstItem) as ItemId
      const lastItem = (firsts[index + 1] === undefined ? EVERY_ITEM : firsts[index + 1]! - 1) as ItemId
      const there = new Set(leveled.filter((item) => begin <= item && item <= lastItem).map((item) => codes.get(item)!))
      for (const lowLevelCode of codesThere) {
        if (lowLevelCode > 0 && (lowLevelCode > deepest || !there.has(lowLevelCode))) continue
        for (const source of ['buy', 'make'] as const) {
          const level = lowLevelCode * levels + (depths[source].get(site) ?? 0)
          parts.push({ site, run, level, source, lowLevelCode, firstItem: begin, lastItem })
        }
      }
    }
  }
  if (parts.length > 0) await session.execute(insertParts(run, parts))
}

/** Where the pieces of each site's items begin. */
async function startsOf(connection: Connection): Promise<ReadonlyMap<SiteId, readonly ItemId[]>> {
  const rows = await connection.query<{ site: SiteId; item: ItemId }>(sql`
    select n.site, n.item from (
      select a.site_id as site, a.item_id as item, row_number() over (partition by a.site_id order by a.item_id) as number
      from site s join availability a on a.site_id = s.site_id and a.owner_id = s.owner_id) n -- every site: all is planned
    where n.number % ${PART_ITEMS} = 1 order by n.site, n.item`)
  return new Map([...Map.groupBy(rows, (row) => row.site)].map(([site, of]) => [site, of.map((row) => row.item)]))
}

/** How far each site is from those that nobody draws a class of items from: one more than the farthest that it supplies. There is no circle. */
export function depthsOf(
  sources: readonly { readonly site: SiteId; readonly source: Source; readonly from: SiteId }[],
  source: Source,
): Map<SiteId, number> {
  const edges = sources.filter((one) => one.source === source)
  const depths = new Map<SiteId, number>()
  const raise = (site: SiteId, depth: number): void => {
    if ((depths.get(site) ?? -1) >= depth || depth > edges.length) return
    depths.set(site, depth)
    for (const edge of edges) if (edge.site === site) raise(edge.from, depth + 1)
  }
  for (const { site } of edges) raise(site, 0)
  return depths
}

const insertParts = (run: string, parts: readonly Part[]) => sql`
  insert into plan_part (site_id, run_id, level, source, low_level_code, first_item, last_item)
  select t.site_id, ${run}::uuid, t.level, t.source, t.low_level_code, t.first_item, t.last_item from unnest(
    ${parts.map((part) => part.site)}::int[], ${parts.map((part) => part.level)}::int[], ${parts.map((part) => part.source)}::text[],
    ${parts.map((part) => part.lowLevelCode)}::int[], ${parts.map((part) => part.firstItem)}::int[], ${parts.map((part) => part.lastItem)}::int[]
  ) t (site_id, level, source, low_level_code, first_item, last_item)
  on conflict do nothing`

interface Group {
  readonly site: SiteId
  readonly source: string
  readonly sourceId: number
  readonly lines: number
  readonly value: number
  readonly risk: number
  readonly due: string
}

/** Makes the run the plan: its lines become orders, one a supplier, a site that supplies or an item that is made, and what the plan before it proposed goes. */
async function makePlan(database: Database, run: string, { clock, newId }: RunOptions): Promise<boolean> {
  return database.transaction(async (tx) => {
    const [row] = await tx.query<{ budget: number | null; askedAt: Instant }>(sql`
      select budget_minor as budget, asked_at as "askedAt" from plan_run where site_id = ${controlSite} and run_id = ${run} and state = 'running' for update`)
    if (row === undefined) return false
    const joined = new Map((await joinOrders(tx, run)).map((one) => [`${one.site}/${one.source}/${one.sourceId}`, one.figures]))
    const groups = await tx.query<Group>(sql`
      select site_id as site, source, source_id as "sourceId", count(*)::int as lines, sum(value_minor)::bigint as value, sum(risk_minor)::bigint as risk, min(due_on) as due
      from plan_line where run_id = ${run} and quantity > 0 group by site_id, source, source_id -- every site: one run`)
    const told = groups.map((group) => ({ ...group, joined: joined.get(`${group.site}/${group.source}/${group.sourceId}`) ?? null }))
    const orders = withinBudget(told, row.budget).map((group) => ({ ...group, order: newId() }))
    if (orders.length > 0) await tx.execute(insertOrders(run, orders))
    for (const [site, some] of Map.groupBy(orders, (one) => one.site)) {
      await tx.execute(sql`
        update plan_line l set plan_order_id = t.plan_order_id
        from unnest(${some.map((one) => one.source)}::text[], ${some.map((one) => one.sourceId)}::int[], ${some.map((one) => one.order)}::uuid[]) t (source, source_id, plan_order_id)
        where l.site_id = ${site} and l.run_id = ${run} and l.quantity > 0 and l.source = t.source and l.source_id = t.source_id`)
    }
    await tx.execute(sql`delete from plan_line where run_id <> ${run} -- every site: one plan`)
    await tx.execute(sql`delete from plan_order where run_id <> ${run} -- every site: one plan`)
    await tx.execute(sql`delete from plan_part where run_id <> ${run} -- every site: one plan`)
    const now = instant(clock())
    await tx.execute(sql`update plan_run set state = 'replaced' where site_id = ${controlSite} and state = 'done'`)
    await tx.execute(sql`
      update plan_run set state = 'done', ended_at = ${textOf(now)}::timestamptz, seconds = ${Math.max(0, now - row.askedAt) / 1000}
      where site_id = ${controlSite} and run_id = ${run}`)
    return true
  })
}

/** What has the most at risk for its price goes first, as far as the budget reaches; what waits spends nothing of it. */
export function withinBudget<
  Some extends { readonly value: number; readonly risk: number; readonly joined?: { readonly waits: string | null } | null },
>(groups: readonly Some[], budget: number | null): readonly (Some & { readonly withinBudget: boolean })[] {
  let spent = 0
  return groups
    .toSorted((a, b) => b.risk * Math.max(1, a.value) - a.risk * Math.max(1, b.value))
    .map((group) => {
      const spends = group.joined?.waits ? 0 : group.value
      const fits = budget === null || spent + spends <= budget
      if (fits) spent += spends
      return { ...group, withinBudget: fits }
    })
}

interface Proposed extends Group {
  readonly order: string
  readonly withinBudget: boolean
  readonly joined: JoinedFigures | null
}

const insertOrders = (run: string, orders: readonly Proposed[]) => sql`
  insert into plan_order (site_id, plan_order_id, run_id, source, source_id, lines, value_minor, risk_minor, due_on, within_budget, waits, joined)
  select t.site_id, t.plan_order_id, ${run}::uuid, t.source, t.source_id, t.lines, t.value_minor, t.risk_minor, t.due_on, t.within_budget, t.waits, t.joined
  from unnest(
    ${orders.map((one) => one.site)}::int[], ${orders.map((one) => one.order)}::uuid[], ${orders.map((one) => one.source)}::text[],
    ${orders.map((one) => one.sourceId)}::int[], ${orders.map((one) => one.lines)}::int[], ${orders.map((one) => one.value)}::bigint[],
    ${orders.map((one) => one.risk)}::bigint[], ${orders.map((one) => one.due)}::date[], ${orders.map((one) => one.withinBudget)}::boolean[],
    ${orders.map((one) => Boolean(one.joined?.waits))}::boolean[], ${orders.map((one) => one.joined && JSON.stringify(one.joined))}::json[]
  ) t (site_id, plan_order_id, source, source_id, lines, value_minor, risk_minor, due_on, within_budget, waits, joined)`
