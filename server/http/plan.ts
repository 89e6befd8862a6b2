// Plan over HTTP: the plan that was worked out last, what is proposed and why, and what is ordered of it.

import { instant, textOf, type Day, type Instant } from '../../core/calendar.ts'
import { controlSite, type SiteId } from '../../core/item.ts'
import { becauseOf, joinedText, messageText, type JoinedFigures } from '../../core/loop/replenish-told.ts'
import type { Basis } from '../../core/loop/replenish.ts'
import { money } from '../../core/money.ts'
import { maySee } from '../../core/principal.ts'
import type { PlanRun } from '../../core/planning.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { sql, type Statement } from '../db.ts'
import { commandToOrder } from '../flow/cover-planned.ts'
import { runColumns } from '../lane/planning.ts'
import { nextPlanAt, scheduleOf } from '../loop/replenish-night.ts'
import { progressOf } from '../loop/replenish-run.ts'
import { siteOf, todayOf, toControl, told, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'

export const planWriters = {
  requestPlan: async (call) =>
    toControl({ kind: 'requestPlan', run: call.context.newId(), budget: call.body.budget === null ? null : money(call.body.budget) }),
  cancelPlan: async (call) => toControl({ kind: 'cancelPlan', run: call.params.id }),
  approvePlannedOrder: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const only = call.body.lines && new Map(call.body.lines.map((line) => [line.sku, line.quantity]))
    const command = await commandToOrder(call.context.database, site.site, call.params.id, todayOf(call), only)
    return isRefusal(command) ? command : { site: site.site, command }
  },
} satisfies Partial<Writers>

type ToldRun = PlanRun & { readonly seconds: number | null }

const tellRun = ({ run, plannedOn, askedAt, asker, budget, seconds }: ToldRun) =>
  told({ id: run, plannedOn, askedAt, asker, budget, seconds }, ['askedAt'])

/** The run that is the plan. */
export const currentRun: Statement = sql`
  (select r.run_id from plan_run r where r.site_id = ${controlSite} and r.state = 'done')`

const isOrdered: Statement = sql`
  exists (select from planned_move p where p.site_id = o.site_id and p.document_id = o.plan_order_id) -- every site: that of the order
  `

/** An order that is proposed, as it is listed. */
export interface OrderRow {
  readonly id: string
  readonly site: string
  readonly from: string
  readonly code: string
  readonly name: string
  readonly lines: number
  readonly value: number
  readonly risk: number
  readonly due: Day
  readonly withinBudget: boolean
  readonly waits: boolean
  readonly joined: JoinedFigures | null
  readonly ordered: boolean
}

export const ordersWhere = (condition: Statement): Statement => sql`
  select o.plan_order_id as id, s.code as site, o.source as "from", coalesce(p.code, f.code, i.sku) as code, coalesce(p.name, f.name, i.name) as name, o.lines,
    o.value_minor as value, o.risk_minor as risk, o.due_on as due, o.within_budget as "withinBudget", o.waits, o.joined, ${isOrdered} as ordered
  from plan_order o
  join site s on s.site_id = o.site_id
  left join party p on o.source = 'supplier' and p.party_id = o.source_id
  left join site f on o.source = 'site' and f.site_id = o.source_id
  left join item i on o.source = 'production' and i.item_id = o.source_id
  where ${condition}`

export interface LineRow {
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly due: Day | null
  readonly value: number
  readonly risk: number
  readonly basis: Basis
}

const tellOrder = (row: OrderRow) => ({ ...row, joined: row.joined && joinedText(row.joined) })

export const tellLine = (row: LineRow) => ({ ...row, because: becauseOf(row.basis, row.quantity) })

export const planReaders = {
  getPlan: async (call) => {
    const { database } = call.context
    const runs = await database.query<ToldRun & { endedAt: Instant | null }>(sql`
      select ${runColumns}, seconds from plan_run
      where site_id = ${controlSite} and (state = 'running' or run_id = ${currentRun})`)
    const [plan, running] = [runs.find((one) => one.state === 'done'), runs.find((one) => one.state === 'running')]
    const sites = await seenSites(call.principal.sites, call.context.catalog)
    const [sums] = await database.query<{ orders: number; value: number; risk: number; messages: number }>(sql`
      select (count(*) filter (where not o.waits))::int as orders, (count(*) filter (where o.waits))::int as waiting,
        coalesce(sum(o.value_minor) filter (where not o.waits), 0)::bigint as value, coalesce(sum(o.risk_minor) filter (where not o.waits), 0)::bigint as risk,
        (select count(*)::int from plan_line l where l.site_id = any(${sites}::int[]) and l.run_id = ${plan?.run ?? null} and l.message is not null) as messages
      from plan_order o where o.site_id = any(${sites}::int[]) and o.run_id = ${plan?.run ?? null} and not ${isOrdered} -- every site: that may be seen`)
    const schedule = await scheduleOf(database)
    const next = nextPlanAt(schedule, instant(call.context.clock()))
    return {
      plan: plan === undefined ? null : tellRun(plan),
      running: running === undefined ? null : { ...tellRun(running), ...(await progressOf(database, running.run)) },
      ...sums!,
      schedule: {
        planAt: schedule?.planAt ?? null,
        timeZone: schedule?.timeZone ?? 'UTC',
        next: next === null ? null : textOf(next),
      },
    }
  },
  listPlannedOrders: async (call) => {
    const { site: code, from = null, cursor, limit } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['number', 'uuid'])
    if (after !== undefined && isRefusal(after)) return after
    const [risk, id] = after ?? [Number.MAX_SAFE_INTEGER, '00000000-0000-0000-0000-000000000000']
    const rows = await call.context.database.query<OrderRow>(sql`
      ${ordersWhere(sql`o.site_id = ${site.site} and o.run_id = ${currentRun} and (${from}::text is null or o.source = ${from})
        and o.risk_minor <= ${risk}::bigint and (o.risk_minor < ${risk}::bigint or o.plan_order_id > ${id}::uuid)`)}
      order by o.risk_minor desc, o.plan_order_id limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.risk, row.id], tellOrder)
  },
  getPlannedOrder: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const { database } = call.context
    const [order] = await database.query<OrderRow>(ordersWhere(sql`o.site_id = ${site.site} and o.plan_order_id = ${call.params.id}`))
    if (order === undefined) return refuse('plan_order_not_known', 'id', 'The plan has no such order: a later run may have replaced it.')
    const lines = await database.query<LineRow>(sql`
      select i.sku, i.name, l.quantity, l.due_on as due, l.value_minor as value, l.risk_minor as risk, l.basis
      from plan_line l join item i on i.item_id = l.item_id
      where l.site_id = ${site.site} and l.plan_order_id = ${call.params.id} order by l.risk_minor desc, i.sku`)
    return { ...tellOrder(order), rows: lines.map(tellLine) }
  },
  listPlanMessages: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const after = keyIn(call.query.cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const { limit } = call.query
    const rows = await call.context.database.query<{
      sku: string
      name: string
      message: 'expedite' | 'surplus'
      quantity: number
      basis: Basis
    }>(sql`
      select i.sku, i.name, l.message, l.message_quantity as quantity, l.basis
      from plan_line l join item i on i.item_id = l.item_id
      where l.site_id = ${site.site} and l.run_id = ${currentRun} and l.message is not null and i.sku > ${after?.[0] ?? ''}
      order by i.sku limit ${limit + 1}`)
    return pageOf(
      rows,
      limit,
      (row) => [row.sku],
      ({ basis, ...row }) => ({ ...row, because: messageText(row.message, row.quantity, basis) }),
    )
  },
} satisfies Partial<Readers>

/** Sites whose plan somebody sees. */
async function seenSites(bound: readonly SiteId[], catalog: { sites(): Promise<readonly { readonly site: SiteId }[]> }): Promise<readonly SiteId[]> {
  const all = await catalog.sites()
  return all.map((one) => one.site).filter((site) => site !== controlSite && maySee({ sites: bound }, site))
}
