// Shrinkage, as SQL: which moves are losses and finds, and what was sold in the same time. A loss is a move to a place of loss, a find or an undone loss
// one from there; what is corrected later counts on the day whose value it changes. All of it is read by partial indexes that hold these moves alone.

import { addDays, startOf, textOf, type Day } from '../core/calendar.ts'
import type { SiteId } from '../core/item.ts'
import { lossPlaces } from '../core/loss.ts'
import { virtualPlaces } from '../core/place.ts'
import { begin, commit, rollback, sql, type Database, type Statement } from './db.ts'

/** Numbers that an index's condition names: as they stand there, or the index is not seen to fit. */
const ids = (places: readonly number[]): string => places.toSorted((a, b) => a - b).join(', ')
const constant = (text: string): Statement => ({ text, values: [] })

const goesTo = ids(lossPlaces)
const comesFrom = ids([...lossPlaces, virtualPlaces['gain.found']])

/** Whether a move `m` is a loss, a find or a loss undone. The same words as the index `move_shrinkage`. */
export const shrinks: Statement = constant(`(m.to_place_id in (${goesTo}) or m.from_place_id in (${comesFrom}))`)
/** Whether it comes back: then it counts against what was lost. */
export const comesBack: Statement = constant(`(m.from_place_id in (${comesFrom}))`)
/** Where it is booked. */
export const bookedAt: Statement = constant(`(case when m.from_place_id in (${comesFrom}) then m.from_place_id else m.to_place_id end)`)
const correctsLoss: Statement = constant(`c.place_id in (${comesFrom})`)

const causes = Object.fromEntries(
  Object.entries(virtualPlaces)
    .filter(([code]) => /^(?:loss|gain)\./.test(code))
    .map(([code, place]) => [place, code.replace(/^(?:loss|gain)\./, '')]),
)
/** The cause that a place of loss stands for; `found` is none. */
export const causeAt = (place: Statement): Statement => sql`${constant(`'${JSON.stringify(causes)}'::json`)} ->> (${place})::text`

/** Where a move `m` was lost: as it was entered (`n`), or by where it is booked and stood (`p`). */
export const originAt: Statement = sql`
  coalesce(n.origin, case ${causeAt(bookedAt)} when 'supplier_short' then 'supplier' when 'expiry' then 'expiry' when 'transit' then 'transit'
    else case p.kind when 'vehicle' then 'transit' when 'shelf' then 'floor' else 'backroom' end end)`

export interface Period {
  readonly sites: readonly SiteId[]
  readonly from: Day
  readonly to: Day
}

const start = (day: Day): string => textOf(startOf(day))

/** Moves `m` of a period, by their index. */
export const inPeriod = ({ from, to }: Omit<Period, 'sites'>): Statement => sql`
  m.occurred_at >= ${start(from)}::timestamptz and m.occurred_at < ${start(addDays(to, 1))}::timestamptz`

const dayOfMove: Statement = sql`(m.occurred_at at time zone 'UTC')::date`

/** What was lost: one row a move, and one a correction. `origin` is null unless it is asked for, since it is looked up move by move. */
export const lostRows = (period: Period, withOrigin: boolean): Statement => sql`
  select m.site_id, m.item_id, m.to_owner_id as owner_id, ${dayOfMove} as day, ${bookedAt} as place_id, ${withOrigin ? originAt : sql`null::text`} as origin,
    case when ${comesBack} then -m.quantity else m.quantity end as units, case when ${comesBack} then -m.value_minor else m.value_minor end as value,
    0::bigint as corrected
  from unnest(${period.sites}::int[]) s (site_id) join move m on m.site_id = s.site_id -- every site: that is asked for
  ${
    withOrigin
      ? sql`
  left join loss n on n.site_id = m.site_id and n.document_id = m.document_id and m.cause in ('loss', 'unloss')
  left join place p on p.site_id = m.site_id and p.place_id = case when ${comesBack} then m.to_place_id else m.from_place_id end`
      : sql``
  }
  where ${shrinks} and ${inPeriod(period)}
  union all
  select c.site_id, c.item_id, c.owner_id, c.counts_on, c.place_id,
    ${withOrigin ? sql`case ${causeAt(sql`c.place_id`)} when 'supplier_short' then 'supplier' when 'expiry' then 'expiry' when 'transit' then 'transit' else 'backroom' end` : sql`null::text`},
    0::bigint, -c.amount_minor, -c.amount_minor
  from unnest(${period.sites}::int[]) s (site_id) join value_correction c on c.site_id = s.site_id -- every site: that is asked for
  where ${correctsLoss} and c.counts_on between ${period.from}::date and ${period.to}::date`

const sold: Statement = constant(`(m.to_place_id = ${virtualPlaces.customer} or m.from_place_id = ${virtualPlaces.customer})`)
const soldUnits: Statement = constant(`(case when m.to_place_id = ${virtualPlaces.customer} then m.quantity else -m.quantity end)`)

/** Moves `m` that were sold or came back, with the price of their line. */
const linePrice: Statement = sql`
  -- every site: of the moves that are asked for, each with its line at its own site
  left join planned_move l on l.site_id = m.site_id and l.document_id = m.document_id and l.line = m.line and l.part = m.part`

/** What was sold: sums of days as far as they are rolled up, and the moves since. */
export const soldRows = (period: Period): Statement => sql`
  select d.site_id, d.item_id, d.sold_on as day, d.units, d.value_minor as value
  from unnest(${period.sites}::int[]) s (site_id) join sales_day d on d.site_id = s.site_id -- every site: that is asked for
  where d.sold_on between ${period.from}::date and ${period.to}::date
  union all
  select m.site_id, m.item_id, ${dayOfMove}, ${soldUnits}, ${soldUnits} * coalesce(l.unit_price_minor, 0)
  from unnest(${period.sites}::int[]) s (site_id) -- every site: that is asked for
  left join sales_rolled r on r.site_id = s.site_id
  join move m on m.site_id = s.site_id and m.sequence > coalesce(r.move_sequence, 0)
  ${linePrice}
  where ${sold} and ${inPeriod(period)}`

/** Moves that are rolled up in one transaction: it holds no lane up, and is repeated until nothing is left. */
const ROLLED_MOVES_MAX = 20_000

/** Rolls up what was sold since the last time, site by site. Several processes may do it at once: who comes second finds it done. Returns how many moves that were. */
export async function rollSales(database: Database, moves_max = ROLLED_MOVES_MAX): Promise<number> {
  const behind = await database.query<{ site: SiteId; through: number; last: number }>(sql`
    select h.site_id as site, coalesce(r.move_sequence, 0) as through, h.move_sequence as last
    from site_head h left join sales_rolled r on r.site_id = h.site_id -- every site: where something moved since
    where h.move_sequence > coalesce(r.move_sequence, 0) order by h.site_id`)
  let rolled = 0
  for (const { site, through, last } of behind) {
    for (let after = through; after < last; after += moves_max) {
      const upTo = Math.min(after + moves_max, last)
      if (!(await rollSite(database, site, after, upTo))) break
      rolled += upTo - after
    }
  }
  return rolled
}

async function rollSite(database: Database, site: SiteId, after: number, upTo: number): Promise<boolean> {
  const session = await database.session()
  let isOver = false
  try {
    await session.execute(begin)
    // Who writes the mark adds what lies before it; the row's lock makes a second one wait and then find another mark.
    const marked = await session.query<object>(sql`
      insert into sales_rolled as r (site_id, move_sequence) values (${site}, ${upTo})
      on conflict (site_id) do update set move_sequence = excluded.move_sequence where r.move_sequence = ${after} returning site_id`)
    if (marked.length > 0) await session.execute(addSales(site, after, upTo))
    await commit(session)
    isOver = true
    return marked.length > 0
  } finally {
    session.release(
      !isOver &&
        (await session.execute(rollback).then(
          () => false,
          () => true,
        )),
    )
  }
}

/** Sums of what was sold by site, day and item, of the moves `m` under a condition. */
export const addedSales = (condition: Statement): Statement => sql`
  select m.site_id, ${dayOfMove} as sold_on, m.item_id, sum(${soldUnits})::bigint as units,
    sum(${soldUnits} * coalesce(l.unit_price_minor, 0))::bigint as value_minor
  from move m ${linePrice}
  where ${condition} and ${sold}
  group by 1, 2, 3`

const addSales = (site: SiteId, after: number, upTo: number): Statement => sql`
  insert into sales_day as d (site_id, sold_on, item_id, units, value_minor)
  select ${site}, t.sold_on, t.item_id, t.units, t.value_minor
  from (${addedSales(sql`m.site_id = ${site} and m.sequence > ${after} and m.sequence <= ${upTo}`)}) t
  on conflict (site_id, sold_on, item_id) do update set units = d.units + excluded.units, value_minor = d.value_minor + excluded.value_minor`
