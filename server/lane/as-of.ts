// As of: what was there and what it was worth at an earlier time, reckoned back from what there is: all that came after is taken off again. So a look at
// yesterday costs what happened since yesterday, however old the ledger is.

import { addDays, startOf, textOf, type Day, type Instant } from '../../core/calendar.ts'
import type { PartyId, SiteId } from '../../core/item.ts'
import { sql, type Statement } from '../db.ts'

/**
 * The number of a site's first move that was recorded at an instant or later. None that was recorded before can have occurred after; and moves are
 * numbered as they are recorded, so it is found by halving.
 */
export const firstRecorded = (site: SiteId, at: Instant): Statement => sql`
  (with recursive half (low, high) as (
    select 1::bigint, h.move_sequence + 1 from site_head h where h.site_id = ${site}
    union all
    select case when t.is_before then s.middle + 1 else h.low end, case when t.is_before then h.high else s.middle end
    from half h
    cross join lateral (select (h.low + h.high) / 2 as middle) s
    cross join lateral (
      select coalesce((select n.recorded_at from move n where n.site_id = ${site} and n.sequence = s.middle) < ${textOf(at)}::timestamptz, true) as is_before) t
    where h.low < h.high
  )
  select low from half where low = high)`

/**
 * Whether a move `m` brought value in (1), took it out (-1), or neither (0). What is taken over from others where it stands comes in: theirs is worth
 * nothing.
 */
export const direction: Statement = sql`
  case when m.from_place_id >= 100 and m.to_place_id >= 100 then (m.from_owner_id <> m.to_owner_id)::int
    when m.from_place_id < 100 and m.to_place_id < 100 then 0 when m.to_place_id >= 100 then 1 else -1 end`

/** The same of one owner's goods alone, which counts pieces too. */
export const directionFor = (owner: PartyId): Statement => sql`
  ((m.to_place_id >= 100 and m.to_owner_id = ${owner})::int - (m.from_place_id >= 100 and m.from_owner_id = ${owner})::int)`

/** What all stock of a site was worth at the end of a day. */
export function valueOn(site: SiteId, day: Day): Statement {
  const next = startOf(addDays(day, 1))
  return sql`(
    select coalesce((select sum(v.value_minor)::numeric from item_value v where v.site_id = ${site}), 0)
      - coalesce((
        select sum(m.value_minor * ${direction})::numeric from move m
        where m.site_id = ${site} and m.sequence >= ${firstRecorded(site, next)} and m.occurred_at >= ${textOf(next)}::timestamptz), 0)
      - coalesce((
        select sum(c.amount_minor)::numeric from value_correction c where c.site_id = ${site} and c.counts_on > ${day}::date), 0))`
}
