// Shrinkage, estimated, over HTTP: the sums that an estimate is made of, by site and category, and what core makes of them. One statement reads them all, so
// they are of one moment: the books at the end of the day, what was sold of each item since it was counted last, and what counts found.

import { addDays, startOf, textOf, type Day } from '../../core/calendar.ts'
import {
  believedInterval,
  DEVIATIONS_WIDE,
  disagree,
  estimateShrinkage,
  type Accrual,
  type Believed,
  type Both,
  type CategoryStanding,
  type CountedSales,
  type Estimate,
  type Rate,
} from '../../core/loop/shrinkage-estimate.ts'
import type { SiteId } from '../../core/item.ts'
import { isRefusal } from '../../core/refusal.ts'
import { sql, type Statement } from '../db.ts'
import { firstRecorded } from '../lane/as-of.ts'
import { comesBack, shrinks, soldRows } from '../shrinkage.ts'
import { todayOf, type Readers } from './call.ts'
import { periodOf, sitesOf } from './shrinkage.ts'

/** Counts of a year teach the rates: all seasons, and nothing that is long over. */
const LEARNT_DAYS = 365
/** Before every ledger: what was never counted was sold since. */
const firstDay = '1970-01-01' as Day

export const shrinkageEstimateReaders = {
  getShrinkageEstimate: async (call) => {
    const { site: code, from, on: asked } = call.query
    const days = periodOf(call, { from, to: asked })
    if (isRefusal(days)) return days
    const seen = await sitesOf(call, code)
    if (isRefusal(seen)) return seen
    const { currency, sites, leftOut } = seen
    const on = days.to
    const learntFrom = addDays(on, 1 - LEARNT_DAYS)
    const period = { from: days.from, on, learntFrom, isToday: on === todayOf(call) }
    const rows =
      sites.length === 0
        ? []
        : await call.context.database.query<Sums>(
            sumsOf(
              sites.map((one) => one.site),
              period,
            ),
          )
    const taught = rows.flatMap(taughtBy)
    const estimates = estimateShrinkage(taught, rows.map(standingOf))
    const told = rows.map((row, index) => tell(row, estimates?.[index]))
    return {
      from: days.from,
      on,
      learntFrom,
      learntItems: estimates === null ? 0 : taught.length,
      currency,
      sites: sites.map((one) => one.code),
      leftOut: leftOut.map((one) => one.code),
      rows: told,
      total: totalOf(told),
    }
  },
} satisfies Partial<Readers>

/** Of a site's items of a category. */
interface Sums {
  readonly site: string
  readonly category: string
  readonly items: number
  readonly bookUnits: number
  readonly bookValue: number
  readonly beforeUnits: number
  readonly beforeValue: number
  readonly nowUnits: number
  readonly nowValue: number
  readonly withinUnits: number
  readonly withinValue: number
  readonly squaresUnits: number
  readonly squaresValue: number
  readonly countedItems: number
  readonly countedUnits: number
  readonly countedValue: number
  /** Of each item that was counted: units and value sold, and lost. */
  readonly taught: readonly (readonly [number, number, number, number])[] | null
  readonly believed: number
  readonly missingUnits: number
  readonly missingValue: number
  readonly beliefSquares: number
}

const taughtBy = ({ site, category, taught }: Sums): readonly CountedSales[] =>
  (taught ?? []).map(([units, value, lostUnits, lostValue]) => ({
    site,
    category,
    sold: { units, value },
    lost: { units: lostUnits, value: lostValue },
  }))

const standingOf = (row: Sums): CategoryStanding => ({
  site: row.site,
  category: row.category,
  book: { units: row.bookUnits, value: row.bookValue },
  openSales: { before: { units: row.beforeUnits, value: row.beforeValue }, now: { units: row.nowUnits, value: row.nowValue } },
  openSquares: { units: row.squaresUnits, value: row.squaresValue },
  countedSales: { units: row.beforeUnits + row.withinUnits - row.nowUnits, value: row.beforeValue + row.withinValue - row.nowValue },
})

type Told = ReturnType<typeof tell>

function tell(row: Sums, estimate: Estimate | undefined) {
  const { site, category, items } = row
  const book = { units: row.bookUnits, value: row.bookValue }
  const believed: Believed | null =
    row.believed === 0
      ? null
      : { units: Math.round(book.units - row.missingUnits), value: Math.round(book.value - row.missingValue), squares: row.beliefSquares }
  const belief = believed && { units: believed.units, value: believed.value, ...believedInterval(believed) }
  return {
    site,
    category,
    items,
    rates: estimate ? { units: percents(estimate.units), value: percents(estimate.value) } : null,
    book,
    accrual: estimate?.accrual ?? nothingAccrued,
    estimated: estimate?.estimated ?? book,
    counted: { items: row.countedItems, units: row.countedUnits, value: row.countedValue },
    interval: estimate?.interval ?? null,
    belief,
    disagrees: disagree(estimate?.interval ?? null, belief),
  }
}

const none: Accrual = { before: 0, accrued: 0, reversed: 0, now: 0 }
const nothingAccrued: Both<Accrual> = { units: none, value: none }

const percent = (share: number): number => Math.round(share * 10_000) / 100
const percents = ({ rate, interval, own, reliance }: Rate) => ({
  percent: percent(rate),
  low: interval === null ? null : percent(interval.low),
  high: interval === null ? null : percent(interval.high),
  own: own === null ? null : percent(own),
  reliance: Math.round(reliance * 100) / 100,
})

function totalOf(rows: readonly Told[]): Pick<Told, 'book' | 'accrual' | 'estimated' | 'counted'> {
  const sum = (of: (row: Told) => number): number => rows.reduce((yet, row) => yet + of(row), 0)
  const both = (of: (row: Told) => Both): Both => ({ units: sum((row) => of(row).units), value: sum((row) => of(row).value) })
  const accrual = (of: keyof Both): Accrual => ({
    before: sum((row) => row.accrual[of].before),
    accrued: sum((row) => row.accrual[of].accrued),
    reversed: sum((row) => row.accrual[of].reversed),
    now: sum((row) => row.accrual[of].now),
  })
  return {
    book: both((row) => row.book),
    accrual: { units: accrual('units'), value: accrual('value') },
    estimated: both((row) => row.estimated),
    counted: { items: sum((row) => row.counted.items), ...both((row) => row.counted) },
  }
}

interface Days {
  readonly from: Day
  readonly on: Day
  readonly learntFrom: Day
  readonly isToday: boolean
}

const instantOf = (day: Day): Statement => sql`${textOf(startOf(day))}::timestamptz`

/** Sums by site and category of what is ours. A count ends the day that it is of: what is sold on that day was before it. */
const sumsOf = (sites: readonly SiteId[], days: Days): Statement => sql`
  with own as materialized (
    select s.site_id, s.code, s.owner_id from unnest(${sites}::int[]) u (site_id) join site s on s.site_id = u.site_id),
  books as (${booksOf(sites, days.on)}),
  counted as (
    select c.site_id, c.item_id, max(c.day) as last, max(c.day) filter (where c.day < ${days.from}::date) as before,
      max(c.day) filter (where c.day < ${days.learntFrom}::date) as learnt_before
    from (
      select p.site_id, p.item_id, (p.counted_at at time zone 'UTC')::date as day
      from own o join position_count p on p.site_id = o.site_id and p.owner_id = o.owner_id -- every site: that is asked for
      where p.counted_at < ${instantOf(addDays(days.on, 1))}) c
    group by 1, 2),
  sold as (
    select d.site_id, d.item_id,
      ${salesSince(sql`d.day < ${days.from}::date and d.day > coalesce(c.before, '-infinity')`, 'before')},
      ${salesSince(sql`d.day >= ${days.from}::date`, 'within')},
      ${salesSince(sql`d.day > coalesce(c.last, '-infinity')`, 'now')},
      ${salesSince(sql`d.day <= c.last and d.day > coalesce(c.learnt_before, '-infinity')`, 'taught')}
    from (${soldRows({ sites, from: firstDay, to: days.on })}) d
    left join counted c on c.site_id = d.site_id and c.item_id = d.item_id
    group by 1, 2),
  lost as (${lostByCounts(days)})
  select o.code as site, coalesce(i.category, '') as category, count(*) as items,
    sum(b.units)::bigint as "bookUnits", sum(b.value)::bigint as "bookValue",
    ${summed(sql`s.before_units`)} as "beforeUnits", ${summed(sql`s.before_value`)} as "beforeValue",
    ${summed(sql`s.now_units`)} as "nowUnits", ${summed(sql`s.now_value`)} as "nowValue",
    ${summed(sql`s.within_units`)} as "withinUnits", ${summed(sql`s.within_value`)} as "withinValue",
    coalesce(sum(s.now_units::float8 ^ 2), 0)::float8 as "squaresUnits", coalesce(sum(s.now_value::float8 ^ 2), 0)::float8 as "squaresValue",
    count(*) filter (where c.last >= ${days.from}::date) as "countedItems",
    ${summed(sql`l.units`)} as "countedUnits", ${summed(sql`l.value`)} as "countedValue",
    json_agg(json_build_array(greatest(coalesce(s.taught_units, 0), 0), greatest(coalesce(s.taught_value, 0), 0), coalesce(l.taught_units, 0), coalesce(l.taught_value, 0)))
      filter (where c.last >= ${days.learntFrom}::date) as taught,
    ${days.isToday ? beliefs : noBeliefs}
  from books b
  join own o on o.site_id = b.site_id
  join item i on i.item_id = b.item_id
  left join counted c on c.site_id = b.site_id and c.item_id = b.item_id
  left join sold s on s.site_id = b.site_id and s.item_id = b.item_id
  left join lost l on l.site_id = b.site_id and l.item_id = b.item_id
  ${days.isToday ? sql`left join belief f on f.site_id = b.site_id and f.item_id = b.item_id` : sql``}
  group by o.code, coalesce(i.category, '') order by o.code, coalesce(i.category, '') collate "C"`

const summed = (column: Statement): Statement => sql`coalesce(sum(${column}), 0)::bigint`

const names = {
  before: sql`before_units`,
  within: sql`within_units`,
  now: sql`now_units`,
  taught: sql`taught_units`,
} as const
const valueNames = { before: sql`before_value`, within: sql`within_value`, now: sql`now_value`, taught: sql`taught_value` } as const

const salesSince = (condition: Statement, name: keyof typeof names): Statement => sql`
  coalesce(sum(d.units) filter (where ${condition}), 0)::bigint as ${names[name]},
  coalesce(sum(d.value) filter (where ${condition}), 0)::bigint as ${valueNames[name]}`

/** What counts did not find less what they found besides: of the time, and of what teaches. */
const lostByCounts = ({ from, on, learntFrom }: Days): Statement => sql`
  select t.site_id, t.item_id, coalesce(sum(t.units) filter (where t.day >= ${from}::date), 0)::bigint as units,
    coalesce(sum(t.value) filter (where t.day >= ${from}::date), 0)::bigint as value,
    coalesce(sum(t.units) filter (where t.day >= ${learntFrom}::date), 0)::bigint as taught_units,
    coalesce(sum(t.value) filter (where t.day >= ${learntFrom}::date), 0)::bigint as taught_value
  from (
    select m.site_id, m.item_id, (m.occurred_at at time zone 'UTC')::date as day, case when ${comesBack} then -m.quantity else m.quantity end as units,
      case when ${comesBack} then -m.value_minor else m.value_minor end as value
    from own o join move m on m.site_id = o.site_id and m.to_owner_id = o.owner_id -- every site: that is asked for
    where ${shrinks} and m.cause = 'count' and m.occurred_at >= least(${instantOf(from)}, ${instantOf(learntFrom)})
      and m.occurred_at < ${instantOf(addDays(on, 1))}) t
  group by 1, 2`

/** Our goods and their value at the end of a day: as they are, with what came after taken off again. */
function booksOf(sites: readonly SiteId[], on: Day): Statement {
  const next = startOf(addDays(on, 1))
  const late = sites.map((site) => sql`select ${site}::int as site_id, ${firstRecorded(site, next)} as sequence`)
  return sql`
    select t.site_id, t.item_id, sum(t.units)::bigint as units, sum(t.value)::bigint as value
    from (
      select v.site_id, v.item_id, v.quantity as units, v.value_minor as value
      from own o join item_value v on v.site_id = o.site_id and v.owner_id = o.owner_id -- every site: that is asked for
      union all
      select m.site_id, m.item_id, -m.quantity * ${directionOfOwn}, -m.value_minor * ${directionOfOwn}
      from (${late.reduce((before, one) => sql`${before} union all ${one}`)}) n
      join own o on o.site_id = n.site_id
      join move m on m.site_id = n.site_id and m.sequence >= n.sequence -- every site: that is asked for
      where m.occurred_at >= ${textOf(next)}::timestamptz
      union all
      select c.site_id, c.item_id, 0, -c.amount_minor
      from own o join value_correction c on c.site_id = o.site_id and c.owner_id = o.owner_id -- every site: that is asked for
      where c.counts_on > ${on}::date) t
    group by 1, 2`
}

const directionOfOwn: Statement = sql`
  ((m.to_place_id >= 100 and m.to_owner_id = o.owner_id)::int - (m.from_place_id >= 100 and m.from_owner_id = o.owner_id)::int)`

/** What one of it is worth: as the books have it, or its standard cost where they have none. */
const worth: Statement = sql`(case when b.units > 0 then b.value / b.units::float8 else i.standard_cost_minor end)`
const noBeliefs: Statement = sql`0 as believed, 0::float8 as "missingUnits", 0::float8 as "missingValue", 0::float8 as "beliefSquares"`
/** What of the record beliefs do not expect; an item without a belief is there as recorded. */
const beliefs: Statement = sql`
  count(f.item_id) as believed, coalesce(sum(f.recorded - f.expected), 0)::float8 as "missingUnits",
  coalesce(sum((f.recorded - f.expected) * ${worth}), 0)::float8 as "missingValue",
  coalesce(sum(((f.high - f.low) / ${DEVIATIONS_WIDE}::float8 * ${worth}) ^ 2), 0)::float8 as "beliefSquares"`
