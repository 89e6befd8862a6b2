// Forecast over HTTP: what is planned of one item with its demand behind and ahead, and what people say of demand that its history does not.

import { addDays, dayOf, type Day, type Instant } from '../../core/calendar.ts'
import { controlSite, type ItemId, type SiteId } from '../../core/item.ts'
import { demandForecast, forecastUnits, valueAdded, WEEK_DAYS } from '../../core/loop/forecast.ts'
import { changedBy, usualRule, type ForecastAdjustment, type PlanningRule } from '../../core/planning.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { adjustmentColumns } from '../lane/planning.ts'
import { analoguesOf, demandHistories, likesOf, siteWeekdays, type DemandHistory } from '../loop/forecast-history.ts'
import { knownItems, siteKnown } from '../loop/forecast-known.ts'
import { emptiedIn, stocksOf } from '../loop/replenish-part.ts'
import { namesOf } from './audit.ts'
import { itemOf, nowOf, siteOf, todayOf, toControl, told, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'
import { currentRun, tellLine, type LineRow } from './plan.ts'
import { itemPlanningsOf } from './plan-item.ts'

/** So far ahead a fan is drawn. */
const AHEAD_WEEKS = 13

async function historyOf(connection: Connection, site: SiteId, item: ItemId, now: Instant): Promise<DemandHistory> {
  const today = dayOf(now)
  const range = { site, firstItem: item, lastItem: item }
  const [analogues, weekdays] = await Promise.all([analoguesOf(connection, range), siteWeekdays(connection, site, today)])
  const items = [item, ...likesOf(analogues)]
  const emptiedOf = async (some: readonly ItemId[]) => emptiedIn(await stocksOf(connection, site, some, now))
  const [emptied, known] = await Promise.all([emptiedOf(items), siteKnown(connection, site, now, { weekdays, emptiedOf })])
  const knownOf = await knownItems(connection, known, items)
  const histories = await demandHistories(connection, range, today, { weekdays, analogues, emptiedOf: emptied, knownOf, pool: known.pool })
  return histories(item)
}

export const forecastWriters = {
  adjustForecast: async (call) => {
    const { site: code, sku, from, to, percent, reason } = call.body
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const item = await itemOf(call, sku)
    if (isRefusal(item)) return item
    const today = todayOf(call)
    const [first, last] = [from as Day, to as Day]
    // Farther than that nobody forecasts, and nobody is kept waiting for it.
    if (last > addDays(today, AHEAD_DAYS_MAX)) return refuse('date_not_valid', 'to', `Demand is forecast for ${AHEAD_DAYS_MAX} days.`)
    const { seen, weekdays, known } = await historyOf(call.context.database, site.site, item.item, nowOf(call))
    const units = first > last ? 0 : forecastUnits(seen, today, first, last, weekdays, known)
    return {
      site: site.site,
      command: {
        kind: 'adjustForecast',
        adjustment: call.context.newId(),
        item: item.item,
        from: first,
        to: last,
        percent,
        reason,
        forecastUnits: units,
      },
    }
  },
  undoForecastAdjustment: async (call) => {
    const site = await siteOf(call, call.body.site)
    return isRefusal(site) ? site : { site: site.site, command: { kind: 'undoForecastAdjustment', adjustment: call.params.id } }
  },
  setForecastAnalogue: async (call) => {
    const item = await itemOf(call, call.params.sku)
    if (isRefusal(item)) return item
    const { like: likeSku, percent } = call.body
    const other = likeSku === null ? null : await itemOf(call, likeSku, 'like')
    if (other !== null && isRefusal(other)) return other
    return toControl({ kind: 'setForecastAnalogue', item: item.item, sku: item.sku, like: other?.item ?? null, likeSku: other?.sku ?? null, percent })
  },
  setPlanningRule: async (call) => {
    const { site: code, serviceLevel, reviewDays, stock } = call.body
    const site = code === null ? { site: controlSite } : await siteOf(call, code)
    if (isRefusal(site)) return site
    return toControl({ kind: 'setPlanningRule', site: site.site, service_e3: Math.round(serviceLevel * 1_000), reviewDays, stock })
  },
} satisfies Partial<Writers>

const AHEAD_DAYS_MAX = 730

interface AdjustmentRow extends ForecastAdjustment {
  readonly site: string
  readonly sku: string
  /** What was sold in its days. */
  readonly sold: number
}

const adjustmentsWhere = (at: SiteId, condition: Statement): Statement => sql`
  select s.code as site, i.sku, a.*, (
    select coalesce(sum(d.units), 0)::bigint from sales_day d
    where d.site_id = ${at} and d.item_id = a.item and d.sold_on between a."from" and a."to") as sold
  from (select site_id, ${adjustmentColumns} from forecast_adjustment where site_id = ${at}) a
  join site s on s.site_id = a.site_id join item i on i.item_id = a.item
  where ${condition}`

const isOver = ({ to, undoneAt }: ForecastAdjustment, today: Day): boolean => to < today && undoneAt === null

function tellAdjustment(row: AdjustmentRow, today: Day, names: ReadonlyMap<string, string>): object {
  const { site, sku, adjustment: id, from, to, percent, reason, adjuster, madeAt, undoneAt, forecastUnits: plain, sold } = row
  const over = isOver(row, today)
  const adjusted = { forecastUnits: plain, adjustedUnits: plain * changedBy(percent) }
  const worth = { sold: over ? sold : null, valueAdded: over ? valueAdded(row, sold) : null }
  return told({ id, site, sku, from, to, percent, reason, adjuster: names.get(adjuster) ?? adjuster, madeAt, undoneAt, ...adjusted, ...worth }, [
    'madeAt',
    'undoneAt',
  ])
}

interface ItemLineRow extends LineRow {
  readonly from: string
  readonly code: string | null
  readonly order: string | null
}

export const forecastReaders = {
  getItemPlan: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const item = await itemOf(call, call.params.sku)
    if (isRefusal(item)) return item
    const { database } = call.context
    const today = todayOf(call)
    const [history, adjustments, [line], [analogue], planning] = await Promise.all([
      historyOf(database, site.site, item.item, nowOf(call)),
      database.query<AdjustmentRow>(adjustmentsWhere(site.site, sql`a.item = ${item.item} and a."to" >= ${today}::date order by a."from"`)),
      database.query<ItemLineRow>(sql`
        select i.sku, i.name, l.quantity, l.due_on as due, l.value_minor as value, l.risk_minor as risk, l.basis, l.source as "from",
          coalesce(p.code, f.code) as code, l.plan_order_id as "order"
        from plan_line l join item i on i.item_id = l.item_id
        left join party p on l.source = 'supplier' and p.party_id = l.source_id
        left join site f on l.source = 'site' and f.site_id = l.source_id
        where l.site_id = ${site.site} and l.run_id = ${currentRun} and l.item_id = ${item.item}`),
      database.query<{ like: string; percent: number }>(sql`
        select i.sku as "like", n.percent from forecast_analogue n join item i on i.item_id = n.like_item_id where n.item_id = ${item.item}`),
      itemPlanningsOf(database, site.site, item.item),
    ])
    const { method, weeks } = demandForecast(history.seen, today, AHEAD_WEEKS * WEEK_DAYS, [], history.weekdays, history.known)
    const names = await namesOf(
      database,
      adjustments.map(({ adjuster: actor }) => ({ actor })),
    )
    return {
      sku: item.sku,
      today,
      history: [...history.sold],
      emptyDays: [...history.emptyDays],
      weekdays: [...history.weekdays],
      analogue: analogue ?? null,
      planning,
      known: (history.known?.effects ?? []).filter(({ from }) => from <= addDays(today, AHEAD_WEEKS * WEEK_DAYS)),
      method,
      forecast: Array.from(weeks.mean, (mean, week) => ({ mean, low: weeks.low[week]!, high: weeks.high[week]! })),
      adjustments: adjustments.map((row) => tellAdjustment(row, today, names)),
      line: line === undefined ? null : tellLine(line),
    }
  },
  listForecastAdjustments: async (call) => {
    const { site: code, sku = null, cursor, limit } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['uuid'])
    if (after !== undefined && isRefusal(after)) return after
    const { database } = call.context
    const today = todayOf(call)
    const rows = await database.query<AdjustmentRow>(
      adjustmentsWhere(
        site.site,
        sql`
        (${sku}::text is null or i.sku = ${sku}) and a.adjustment < ${after?.[0] ?? LAST_ID}::uuid
        order by a.adjustment desc limit ${limit + 1}`,
      ),
    )
    const ended = await database.query<AdjustmentRow>(adjustmentsWhere(site.site, sql`a."to" < ${today}::date and a."undoneAt" is null`))
    const names = await namesOf(
      database,
      [...rows, ...ended].map(({ adjuster: actor }) => ({ actor })),
    )
    const byAdjuster = [...Map.groupBy(ended, (row) => row.adjuster)].map(([adjuster, some]) => {
      const worth = some.map((row) => valueAdded(row, row.sold))
      return {
        adjuster: names.get(adjuster) ?? adjuster,
        adjustments: some.length,
        nearer: worth.filter((units) => units > 0).length,
        valueAdded: worth.reduce((sum, units) => sum + units, 0),
      }
    })
    return {
      ...pageOf(
        rows,
        limit,
        (row) => [row.adjustment],
        (row) => tellAdjustment(row, today, names),
      ),
      byAdjuster,
    }
  },
  listPlanningRules: async (call) => {
    const rows = await call.context.database.query<PlanningRule & { code: string | null }>(sql`
      select r.site_id as site, s.code, r.service_e3, r.review_days as "reviewDays", r.stock
      from planning_rule r left join site s on s.site_id = r.site_id and r.site_id <> ${controlSite} order by r.site_id`)
    const all = rows.some((row) => row.site === controlSite) ? rows : [{ ...usualRule, site: controlSite, code: null }, ...rows]
    return {
      rows: all.map(({ code, service_e3, reviewDays, stock }) => ({ site: code, serviceLevel: service_e3 / 1_000, reviewDays, stock })),
      next: null,
    }
  },
} satisfies Partial<Readers>

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
