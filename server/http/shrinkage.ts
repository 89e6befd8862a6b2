// Shrinkage over HTTP: what losses come to in a time, by whatever one asks them by; the moves that a sum is made of; and a loss that is undone.
//
// Nothing is kept for it but sums of what was sold: losses are few, and found by the index that holds them alone.

import type { z } from 'zod'
import type { shrinkageEndpoints, shrinkageGroupings } from '../../api/shrinkage.ts'
import { addDays, type Day, type Instant } from '../../core/calendar.ts'
import type { ItemId } from '../../core/item.ts'
import type { Site } from '../../core/party.ts'
import type { PlaceId } from '../../core/place.ts'
import { maySee } from '../../core/principal.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { sql, type Statement } from '../db.ts'
import { bookedAt, causeAt, comesBack, inPeriod, lostRows, originAt, shrinks, soldRows, type Period } from '../shrinkage.ts'
import { namesOf } from './audit.ts'
import { instantOf, siteOf, todayOf, told, type Call, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'

type Grouping = (typeof shrinkageGroupings)[number]
type Figures = z.output<(typeof shrinkageEndpoints)[0]['output']>['total']

const PERIOD_DAYS = 28

/** The last four weeks, unless it is said. */
export function periodOf(call: Pick<Call, 'context'>, { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }) {
  const last = (to as Day | undefined) ?? todayOf(call)
  const first = (from as Day | undefined) ?? addDays(last, 1 - PERIOD_DAYS)
  return first > last ? refuse('date_not_valid', 'from', 'A time begins before it ends.') : { from: first, to: last }
}

export const shrinkageReaders = {
  getShrinkage: async (call) => {
    const { site: code, by, category, limit } = call.query
    const days = periodOf(call, call.query)
    if (isRefusal(days)) return days
    const asked = await sitesOf(call, code)
    if (isRefusal(asked)) return asked
    const { currency, sites, leftOut } = asked
    const period: Period = { sites: sites.map((one) => one.site), ...days }
    const rows = await call.context.database.query<Sums & Whole>(sumsOf(period, by, category, limit))
    const whole = rows[0] ?? nothingLost
    const total = figuresOf(wholeOf(whole), whole.totalSales)
    // What is told by cause or origin is so many per cent of all that was sold.
    const sales = (row: Sums): number => (by === 'cause' || by === 'origin' ? whole.totalSales : row.sales)
    const shown = rows.filter((row) => row.key !== null).slice(0, limit)
    return {
      by,
      ...days,
      currency,
      sites: sites.map((one) => one.code),
      leftOut: leftOut.map((one) => one.code),
      rows: shown.map((row) => ({ key: row.key!, name: row.name ?? '', ...figuresOf(row, sales(row)) })),
      rest: restOf(shown, whole, by),
      total,
    }
  },
  listShrinkageMoves: async (call) => {
    const { site: code, cause = null, origin = null, sku = null, supplier, category } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const days = periodOf(call, call.query)
    if (isRefusal(days)) return days
    const ofSupplier =
      supplier === undefined
        ? sql`true`
        : sql`coalesce((${supplierOf(sql`m.item_id`, sql`m.to_owner_id`, sql`${site.owner}::int`)}), '') = ${supplier}`
    return differences(
      call,
      site,
      sql`${shrinks} and ${inPeriod(days)}
        and (${cause}::text is null or ${causeAt(bookedAt)} = ${cause}::text)
        and (${sku}::text is null or m.item_id = (select item_id from item where sku = ${sku}))
        and (${origin}::text is null or ${originAt} = ${origin}::text) and ${ofSupplier} and ${ofCategory(sql`m.item_id`, category)}`,
    )
  },
  listDifferences: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    return differences(
      call,
      site,
      call.query.cause === 'count' ? sql`${shrinks} and m.cause = 'count'` : sql`${shrinks} and m.cause in ('loss', 'unloss')`,
    )
  },
} satisfies Partial<Readers>

export const shrinkageWriters = {
  undoLoss: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const [row] = await call.context.database.query<{ item: ItemId; place: PlaceId }>(sql`
      select item_id as item, place_id as place from loss where site_id = ${site.site} and document_id = ${call.params.id}`)
    if (row === undefined) return refuse('loss_not_known', 'id', 'There is no such loss at this site.')
    const { note, undoneAt } = call.body
    const command = {
      kind: 'undoLoss',
      document: call.context.newId(),
      loss: call.params.id,
      ...row,
      note,
      undoneAt: instantOf(call, undoneAt),
    } as const
    return { site: site.site, command }
  },
} satisfies Partial<Writers>

interface Asked {
  readonly currency: string
  readonly sites: readonly Site[]
  readonly leftOut: readonly Site[]
}

/** One site, or all that the caller may see; amounts of two currencies are not added up, so those of the first are told. */
export async function sitesOf(call: Call, code: string | undefined): Promise<Asked | Refusal> {
  const { catalog } = call.context
  if (code !== undefined) {
    const site = await siteOf(call, code)
    return isRefusal(site) ? site : { currency: await catalog.currencyOf(site.site), sites: [site], leftOut: [] }
  }
  const seen = (await catalog.sites()).filter((one) => one.site !== 0 && maySee(call.principal, one.site)).toSorted((a, b) => a.site - b.site)
  const currencies = await Promise.all(seen.map((one) => catalog.currencyOf(one.site)))
  const [currency = 'USD'] = currencies
  return {
    currency,
    sites: seen.filter((_one, index) => currencies[index] === currency),
    leftOut: seen.filter((_one, index) => currencies[index] !== currency),
  }
}

interface Sums {
  readonly key: string | null
  readonly name: string | null
  readonly units: number
  readonly value: number
  readonly unexplainedUnits: number
  readonly unexplainedValue: number
  readonly corrected: number
  readonly sales: number
}

/** The same of all rows together, on each of them. */
interface Whole {
  readonly groups: number
  readonly totalUnits: number
  readonly totalValue: number
  readonly totalUnexplainedUnits: number
  readonly totalUnexplainedValue: number
  readonly totalCorrected: number
  readonly totalSales: number
}

type Amounts = Pick<Sums, 'units' | 'value' | 'unexplainedUnits' | 'unexplainedValue' | 'corrected'>

const nothingLost: Whole = {
  groups: 0,
  totalUnits: 0,
  totalValue: 0,
  totalUnexplainedUnits: 0,
  totalUnexplainedValue: 0,
  totalCorrected: 0,
  totalSales: 0,
}

const wholeOf = (whole: Whole): Amounts => ({
  units: whole.totalUnits,
  value: whole.totalValue,
  unexplainedUnits: whole.totalUnexplainedUnits,
  unexplainedValue: whole.totalUnexplainedValue,
  corrected: whole.totalCorrected,
})

const figuresOf = ({ units, value, unexplainedUnits, unexplainedValue, corrected }: Amounts, sales: number): Figures => ({
  units,
  value,
  knownUnits: units - unexplainedUnits,
  knownValue: value - unexplainedValue,
  unexplainedUnits,
  unexplainedValue,
  corrected,
  sales,
  percentOfSales: sales > 0 ? Math.round((value * 10_000) / sales) / 100 : null,
})

/** What is not among the rows that are shown. */
function restOf(shown: readonly Sums[], whole: Whole, by: Grouping): ({ readonly rows: number } & Figures) | null {
  if (whole.groups <= shown.length) return null
  const left = { ...wholeOf(whole) }
  let sales = whole.totalSales
  for (const row of shown) {
    for (const name of Object.keys(left) as (keyof Amounts)[]) left[name] -= row[name]
    sales -= row.sales
  }
  return { rows: whole.groups - shown.length, ...figuresOf(left, by === 'cause' || by === 'origin' ? whole.totalSales : sales) }
}

/** Who supplies an item: whose goods they are, or from whom it is bought first. */
const supplierOf = (item: Statement, owner: Statement, own: Statement): Statement => sql`
  select w.code from party w where w.party_id = case when ${owner} <> ${own} then ${owner} else (
    select o.supplier_id from supplier_item o where o.item_id = ${item} order by o.preferred desc, o.supplier_id limit 1) end`

/** A key that rows are told by, and its name; both from what they are grouped by first, so that names are looked up once a group. */
const groupings: Readonly<Record<Grouping, { readonly of: Statement; readonly key: Statement; readonly name?: Statement }>> = {
  cause: { of: sql`t.place_id`, key: causeAt(sql`g.of`) },
  origin: { of: sql`t.origin`, key: sql`g.of` },
  item: {
    of: sql`t.item_id`,
    key: sql`(select i.sku from item i where i.item_id = g.of)`,
    name: sql`(select i.name from item i where i.item_id = g.of)`,
  },
  category: { of: sql`t.category`, key: sql`g.of` },
  supplier: { of: sql`t.supplier`, key: sql`g.of`, name: sql`(select w.name from party w where w.code = g.of)` },
  site: {
    of: sql`t.site_id`,
    key: sql`(select s.code from site s where s.site_id = g.of)`,
    name: sql`(select s.name from site s where s.site_id = g.of)`,
  },
  day: { of: sql`t.day`, key: sql`g.of::text` },
  week: { of: sql`date_trunc('week', t.day::timestamp)::date`, key: sql`g.of::text` },
  month: { of: sql`date_trunc('month', t.day::timestamp)::date`, key: sql`g.of::text` },
}

/** Times are told in their order and without gaps of loss; all else by what was lost most. */
const isTime = (by: Grouping): boolean => by === 'day' || by === 'week' || by === 'month'

/** Sums of losses beside sums of sales: one pass over each, added up by hash, since a join of the two would ask for an order that neither has. */
function sumsOf(period: Period, by: Grouping, category: string | undefined, limit: number): Statement {
  const { of, key, name = sql`''` } = groupings[by]
  // What was sold has no cause and no origin: it is told of all together.
  const ofSales = by === 'cause' ? sql`null::int` : by === 'origin' ? sql`null::text` : of
  const unexplained = sql`${causeAt(sql`t.place_id`)} in ('unexplained', 'found')`
  const grouped = (rows: Statement): Statement => (by === 'category' ? withCategory(rows) : withSupplier(rows, by))
  const hasRow = isTime(by) || by === 'site' ? sql`true` : sql`bool_or(b.lost)`
  return sql`
    with lost as (
      select ${of} as of, ${unexplained} as unexplained, sum(t.units)::bigint as units, sum(t.value)::bigint as value, sum(t.corrected)::bigint as corrected
      from (${grouped(lostRows(period, by === 'origin'))}) t where ${ofCategory(sql`t.item_id`, category)} group by 1, 2),
    sold as (
      select ${ofSales} as of, sum(t.value)::bigint as value
      from (${grouped(soldAsLost(period))}) t where ${ofCategory(sql`t.item_id`, category)} group by 1),
    both_sums as (
      select l.of, true as lost, l.units, l.value, case when l.unexplained then l.units else 0 end as unexplained_units,
        case when l.unexplained then l.value else 0 end as unexplained_value, l.corrected, 0::bigint as sales from lost l
      union all select s.of, false, 0, 0, 0, 0, 0, s.value from sold s),
    grouped as (
      select b.of, ${hasRow} as is_told, sum(b.units)::bigint as units, sum(b.value)::bigint as value, sum(b.unexplained_units)::bigint as unexplained_units,
        sum(b.unexplained_value)::bigint as unexplained_value, sum(b.corrected)::bigint as corrected, sum(b.sales)::bigint as sales
      from both_sums b group by b.of),
    whole as (
      select count(*) filter (where is_told and of is not null) as groups, coalesce(sum(units), 0)::bigint as "totalUnits", coalesce(sum(value), 0)::bigint as "totalValue",
        coalesce(sum(unexplained_units), 0)::bigint as "totalUnexplainedUnits", coalesce(sum(unexplained_value), 0)::bigint as "totalUnexplainedValue",
        coalesce(sum(corrected), 0)::bigint as "totalCorrected", coalesce(sum(sales), 0)::bigint as "totalSales" from grouped)
    select ${key} as key, ${name} as name, coalesce(g.units, 0) as units, coalesce(g.value, 0) as value, coalesce(g.unexplained_units, 0) as "unexplainedUnits",
      coalesce(g.unexplained_value, 0) as "unexplainedValue", coalesce(g.corrected, 0) as corrected, coalesce(g.sales, 0) as sales, w.*
    from whole w left join lateral (
      select * from grouped where is_told and of is not null order by ${isTime(by) ? sql`of` : sql`abs(value) desc, of`} limit ${limit}) g on true
    order by ${isTime(by) ? sql`g.of` : sql`abs(g.value) desc, g.of`}`
}

/** What was sold in the shape of what was lost. */
const soldAsLost = (period: Period): Statement => sql`
  select d.site_id, d.item_id, null::int as owner_id, d.day, null::int as place_id, 0::bigint as units, d.value, 0::bigint as corrected
  from (${soldRows(period)}) d`

/** Rows with the category of their item, empty where it has none. */
const withCategory = (rows: Statement): Statement => sql`
  select r.*, coalesce(i.category, '') as category from (${rows}) r join item i on i.item_id = r.item_id`

/** Whether an item is of a category: any without one, none of them where it is empty. */
const ofCategory = (item: Statement, category: string | undefined): Statement =>
  category === undefined
    ? sql`true`
    : sql`${item} in (select item_id from item where ${category === '' ? sql`category is null` : sql`category = ${category}`})`

/** Rows with the code of their supplier, empty where there is none: looked up once an item and owner. */
function withSupplier(rows: Statement, by: Grouping): Statement {
  if (by !== 'supplier') return rows
  return sql`
    select t.*, coalesce((${supplierOf(sql`t.item_id`, sql`coalesce(t.owner_id, t.own)`, sql`t.own`)}), '') as supplier
    from (
      select r.item_id, r.owner_id, s.owner_id as own, r.place_id, sum(r.value)::bigint as value, sum(r.units)::bigint as units,
        sum(r.corrected)::bigint as corrected
      from (${rows}) r join site s on s.site_id = r.site_id group by 1, 2, 3, 4) t`
}

/** Moves `m` of a site under a condition, newest first, as differences of the record. */
async function differences(
  call: Call<unknown, { readonly cursor?: string | undefined; readonly limit: number }>,
  site: Site,
  condition: Statement,
): Promise<object | Refusal> {
  const { cursor, limit } = call.query
  const after = keyIn(cursor, ['number', 'number'])
  if (after !== undefined && isRefusal(after)) return after
  const [before, at] = after === undefined ? ['infinity', 0] : [new Date(Number(after[0])).toISOString(), Number(after[1])]
  const { database } = call.context
  const rows = await database.query<{ sequence: number; actor: string; occurredAt: Instant }>(sql`
    select m.sequence, i.sku, i.name, p.code as place, m.to_lot as lot, m.to_serial as serial, case when m.back then m.to_condition else m.from_condition end as condition,
      w.code as owner, case when m.back then m.quantity else -m.quantity end as difference, case when m.back then m.value_minor else -m.value_minor end as value,
      m.booked as cause, coalesce(n.note, '') as note, coalesce(n.evidence, '') as evidence, m.document_id as document, n.undoes is null and n.document_id is not null as entered,
      u.document_id is not null as undone, m.actor, m.occurred_at as "occurredAt"
    from (
      select m.*, ${comesBack} as back, ${causeAt(bookedAt)} as booked
      from move m
      left join loss n on n.site_id = m.site_id and n.document_id = m.document_id and m.cause in ('loss', 'unloss')
      left join place p on p.site_id = m.site_id and p.place_id = case when ${comesBack} then m.to_place_id else m.from_place_id end
      where m.site_id = ${site.site} and (m.occurred_at, m.sequence) < (${before}::timestamptz, ${at}::bigint) and ${condition}
      order by m.occurred_at desc, m.sequence desc limit ${limit + 1}) m
    join item i on i.item_id = m.item_id
    join party w on w.party_id = m.to_owner_id
    left join place p on p.site_id = m.site_id and p.place_id = case when m.back then m.to_place_id else m.from_place_id end
    left join loss n on n.site_id = m.site_id and n.document_id = m.document_id and m.cause in ('loss', 'unloss')
    left join loss u on u.site_id = m.site_id and u.undoes = m.document_id
    order by m.occurred_at desc, m.sequence desc`)
  const names = await namesOf(database, rows)
  return pageOf(
    rows,
    limit,
    (row) => [row.occurredAt, row.sequence],
    (row) => told({ ...row, actor: names.get(row.actor) ?? row.actor }, ['occurredAt']),
  )
}
