// Replenish, approved by a rule, the shell: right after a plan is done what the rules of its sites place is ordered, one command an order, by a caller of its own. An
// order's key is its id, so whoever is killed on the way, or does it beside another, places each once; the run is marked when all of them are through.

import { hash } from 'node:crypto'
import { dayOf, instant, textOf } from '../../core/calendar.ts'
import { controlSite, type SiteId } from '../../core/item.ts'
import { keptBack, type Approvable } from '../../core/loop/replenish-approve.ts'
import type { ApprovalConditions, ApprovalRule } from '../../core/planning.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { Clock } from '../clock.ts'
import { sql, type Connection, type Database } from '../db.ts'
import { commandToOrder } from '../flow/cover-planned.ts'
import type { Lanes } from '../lane.ts'
import { approvalRuleColumns } from '../lane/planning.ts'

/** Who places them, in the audit. */
export const PLAN_RULE_CALLER = 'plan rule'

export interface ApprovableOrder extends Approvable {
  readonly order: string
  readonly lines: number
  readonly code: string
}

/** What an order of a supplier is usually worth is the mean of so many before it. */
const USUAL_PURCHASES = 10

/** The orders of a run at a site, those with the most at risk first, with what conditions ask of them. */
export const approvableAt = (connection: Connection, run: string | null, site: SiteId, most: number): Promise<readonly ApprovableOrder[]> =>
  connection.query<ApprovableOrder>(sql`
    select o.plan_order_id as "order", o.source, o.source_id as "sourceId", o.value_minor as value, o.within_budget as "withinBudget", o.waits, o.lines,
      coalesce(p.code, f.code, i.sku) as code,
      exists (select from planned_move m where m.site_id = o.site_id and m.document_id = o.plan_order_id) as ordered,
      (select count(*)::int from plan_line l
        where l.site_id = o.site_id and l.plan_order_id = o.plan_order_id and (l.message is not null or json_array_length(l.basis -> 'bounded') > 0)) as doubted,
      u.usual
    from plan_order o
    left join party p on o.source = 'supplier' and p.party_id = o.source_id
    left join site f on o.source = 'site' and f.site_id = o.source_id
    left join item i on o.source = 'production' and i.item_id = o.source_id
    left join lateral (
      select avg(w.worth)::float8 as usual from (
        select (select sum(a.quantity * a.unit_price_minor)::float8 from purchase_line a where a.site_id = b.site_id and a.purchase_id = b.purchase_id) as worth
        from purchase b
        where b.site_id = o.site_id and b.supplier_id = o.source_id and o.source = 'supplier' and b.purchase_id <> o.plan_order_id
        order by b.recorded_at desc, b.purchase_id desc limit ${USUAL_PURCHASES}) w) u on true
    where o.site_id = ${site} and o.run_id = ${run} order by o.risk_minor desc, o.plan_order_id limit ${most}`)

/** The rule of each site; that of every site where it has none of its own. */
export async function approvalRules(connection: Connection): Promise<(site: SiteId) => ApprovalConditions | undefined> {
  const rules = await connection.query<ApprovalRule>(sql`select ${approvalRuleColumns} from approval_rule where not ended`)
  const bySite = new Map(rules.map((rule) => [rule.site, rule]))
  return (site) => bySite.get(site) ?? bySite.get(controlSite)
}

const ORDERS_MAX = 100_000

/** Places what rules place of the plan, unless that is done; returns how many orders. */
export async function approveByRules({
  database,
  lanes,
  clock,
}: {
  readonly database: Database
  readonly lanes: Lanes
  readonly clock: Clock
}): Promise<number> {
  const [plan] = await database.query<{ run: string }>(sql`
    select run_id as run from plan_run where site_id = ${controlSite} and state = 'done' and ruled_at is null`)
  if (plan === undefined) return 0
  const ruleOf = await approvalRules(database)
  const sites = await database.query<{ site: SiteId }>(
    sql`select distinct site_id as site from plan_part where run_id = ${plan.run} -- every site: one run`,
  )
  let placed = 0
  for (const { site } of sites) {
    const rule = ruleOf(site)
    if (rule === undefined) continue
    const orders = await approvableAt(database, plan.run, site, ORDERS_MAX)
    for (const { order } of orders.filter((one) => keptBack(one, rule) === undefined))
      if (await placeOne(database, lanes, site, order, clock)) placed += 1
  }
  await database.execute(sql`
    update plan_run set ruled_at = ${textOf(instant(clock()))}::timestamptz where site_id = ${controlSite} and run_id = ${plan.run} and ruled_at is null`)
  return placed
}

/** What a person ordered meanwhile, or a later plan replaced, is no matter. */
async function placeOne(database: Database, lanes: Lanes, site: SiteId, order: string, clock: Clock): Promise<boolean> {
  const command = await commandToOrder(database, site, order, dayOf(instant(clock())), undefined)
  if (isRefusal(command)) return false
  const answer = await lanes.submit(site, { command, caller: PLAN_RULE_CALLER, key: order, sha256: hash('sha256', order, 'buffer') })
  if (answer.status >= 500) throw new Error(`Order ${order} of the plan could not be placed: ${answer.status} ${answer.body}`)
  return answer.status === 201
}
