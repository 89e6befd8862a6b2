// Valuation in the lane: what is read of the ledger to post a late cost or a correction of value, and what those leave. Whatever else is posted
// reads and writes none of it, unless something came late.

import { textOf, type Day } from '../../core/calendar.ts'
import type { Correction, CostAddition, Mark, Restatement } from '../../core/correction.ts'
import type { ItemId, PartyId, SiteId } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import type { Period } from '../../core/period.ts'
import { virtualPlaces } from '../../core/place.ts'
import { since_moves_max } from '../../core/loop/record-value.ts'
import { prompt_minutes_max } from '../../core/value.ts'
import { sql, type Statement } from '../db.ts'
import type { Needs } from '../stage.ts'
import { valueOn } from './as-of.ts'
import type { Into } from './into.ts'

/** What of valuation one batch needs in all. */
export interface WantedValuation {
  /** Documents by which goods came in, and whose they are. */
  readonly came: readonly { readonly document: string; readonly owner: PartyId }[]
  /** Items with what changed their value after a move. */
  readonly since: readonly { readonly item: ItemId; readonly owner: PartyId; readonly through: number }[]
  /** Days up to which it is wanted whether costs are still to be corrected. */
  readonly pending: readonly Day[]
}

export const wantedValuation = (needs: readonly Needs[]): WantedValuation => ({
  came: needs.flatMap((need) => need.valuation?.came ?? []),
  since: needs.flatMap((need) => need.valuation?.since ?? []),
  pending: needs.flatMap((need) => need.valuation?.pending ?? []),
})

/** Where a move `m` stands in time for those who value (core/value.ts, `valuedAt`). */
export const valuedAtOf: Statement = sql`
  case
    when m.recorded_at - m.occurred_at <= make_interval(mins => ${prompt_minutes_max}::int)
      and (m.recorded_at at time zone 'UTC')::date = (m.occurred_at at time zone 'UTC')::date then m.recorded_at
    else m.occurred_at
  end`

/** Moves `m` that change what an owner's stock of an item is worth, under a condition, in the shape of core/revaluation.ts. */
export const valueMovesWhere = (site: SiteId, owner: PartyId, condition: Statement, more: Statement = sql``): Statement => sql`
  select m.sequence, m.item_id as item, ${owner}::int as owner, m.quantity, e.comes_in as "comesIn", m.value_minor as value,
    case when e.place_id < 100 then e.place_id when e.comes_in then ${virtualPlaces.supplier}::int else ${virtualPlaces.customer}::int end as place,
    ${valuedAtOf} as at ${more}
  from move m
  cross join lateral (
    select true as comes_in, m.from_place_id as place_id
    where m.to_place_id >= 100 and m.to_owner_id = ${owner} and (m.from_place_id < 100 or m.from_owner_id <> m.to_owner_id)
    union all
    select false, m.to_place_id
    where m.from_place_id >= 100 and m.from_owner_id = ${owner} and (m.to_place_id < 100 or m.from_owner_id <> m.to_owner_id)
  ) e
  where m.site_id = ${site} and ${condition}`

export async function readValuation(into: Into, site: SiteId, { came, since, pending }: WantedValuation): Promise<void> {
  for (const { document, owner } of came) {
    const inbound = sql`m.document_id = ${document} and e.comes_in order by m.sequence`
    await Promise.all([
      into('inbound', valueMovesWhere(site, owner, inbound, sql`, m.document_id as document, m.line`)),
      into('costAddition', additionsTo(site, document)),
    ])
  }
  for (const day of pending) {
    await into(
      'revaluation',
      sql`
      select item_id as item, owner_id as owner, from_on as "from", document_id as document, mark
      from revaluation where site_id = ${site} and from_on <= ${day}::date limit 1`,
    )
  }
  for (const { item, owner: whose, through } of since) {
    await Promise.all([
      into(
        'revaluation',
        sql`
        select item_id as item, owner_id as owner, from_on as "from", document_id as document, mark
        from revaluation where site_id = ${site} and item_id = ${item} and owner_id = ${whose}`,
      ),
      into(
        'valueMove',
        valueMovesWhere(
          site,
          whose,
          sql`
        m.item_id = ${item} and m.sequence > ${through} order by m.sequence limit ${since_moves_max + 1}`,
        ),
      ),
      into(
        'correction',
        sql`
        select correction_id as correction, move_sequence as move, item_id as item, owner_id as owner, amount_minor as amount, place_id as place,
          counts_on as "countsOn", document_id as document, reason, recorded_at as "recordedAt"
        from value_correction
        where site_id = ${site} and item_id = ${item} and owner_id = ${whose} and move_sequence > ${through}`,
      ),
    ])
  }
}

const additionsTo = (site: SiteId, document: string): Statement => sql`
  select document_id as document, item_id as item, owner_id as owner, move_sequence as move, amount_minor as amount, kind, note,
    counts_on as "countsOn", recorded_at as "recordedAt"
  from cost_addition
  where site_id = ${site} and move_sequence in (select m.sequence from move m where m.site_id = ${site} and m.document_id = ${document})`

export function writeValuation({ site, tables, corrections, marks }: State): Statement[] {
  const [additions, restatements, settled] = [
    tables.costAddition.changes().inserted,
    tables.restatement.changes().inserted,
    tables.revaluation.changes().deleted,
  ]
  return [
    ...(corrections.length === 0 ? [] : [insertCorrections(site, corrections)]),
    ...(additions.length === 0 ? [] : [insertAdditions(site, additions)]),
    ...(restatements.length === 0 ? [] : [insertRestatements(site, restatements)]),
    // One that is answered, before another comes.
    ...(settled.length === 0 ? [] : [deleteMarks(site, settled)]),
    ...(marks.length === 0 ? [] : [putMarks(site, marks)]),
    ...tables.period.changes().inserted.map((row) => insertPeriod(site, row)),
  ]
}

const insertCorrections = (site: SiteId, rows: readonly Correction[]): Statement => sql`
  insert into value_correction (site_id, correction_id, move_sequence, item_id, owner_id, amount_minor, place_id, counts_on, document_id, reason, recorded_at)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.correction)}::uuid[], ${rows.map((row) => row.move)}::bigint[], ${rows.map((row) => row.item)}::int[],
    ${rows.map((row) => row.owner)}::int[], ${rows.map((row) => row.amount)}::bigint[], ${rows.map((row) => row.place)}::int[],
    ${rows.map((row) => row.countsOn)}::date[], ${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.reason)}::text[],
    ${rows.map((row) => textOf(row.recordedAt))}::timestamptz[]) t`

const insertAdditions = (site: SiteId, rows: readonly CostAddition[]): Statement => sql`
  insert into cost_addition (site_id, document_id, item_id, owner_id, move_sequence, amount_minor, kind, note, counts_on, recorded_at)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.item)}::int[],
    ${rows.map((row) => row.owner)}::int[], ${rows.map((row) => row.move)}::bigint[], ${rows.map((row) => row.amount)}::bigint[],
    ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.note)}::text[], ${rows.map((row) => row.countsOn)}::date[], ${rows.map((row) => textOf(row.recordedAt))}::timestamptz[]) t`

const insertRestatements = (site: SiteId, rows: readonly Restatement[]): Statement => sql`
  insert into restatement (site_id, document_id, item_id, owner_id, move_sequence, method, standard_cost_minor, method_before,
    last_value_before_minor, last_quantity_before, restated_at, age)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.owner)}::int[],
    ${rows.map((row) => row.move)}::bigint[], ${rows.map((row) => row.method)}::text[], ${rows.map((row) => row.standardCost)}::bigint[],
    ${rows.map((row) => row.methodBefore)}::text[], ${rows.map((row) => row.lastValueBefore)}::bigint[],
    ${rows.map((row) => row.lastQuantityBefore)}::bigint[], ${rows.map((row) => textOf(row.restatedAt))}::timestamptz[],
    ${rows.map((row) => row.age)}::bigint[]) t`

const deleteMarks = (site: SiteId, rows: readonly Mark[]): Statement => sql`
  delete from revaluation where site_id = ${site} and mark = any(${rows.map((row) => row.mark)}::uuid[])
    and item_id = any(${rows.map((row) => row.item)}::int[])`

/** One an item: from the earliest day, and the last mark counts. */
function putMarks(site: SiteId, marks: readonly Mark[]): Statement {
  const rows = [...Map.groupBy(marks, (one) => `${one.item}/${one.owner}`).values()].map((some) => ({
    ...some.at(-1)!,
    from: some.map((one) => one.from).toSorted()[0]!,
  }))
  return sql`
    insert into revaluation as r (site_id, item_id, owner_id, from_on, document_id, mark)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.owner)}::int[], ${rows.map((row) => row.from)}::date[],
      ${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.mark)}::uuid[]) t
    on conflict (site_id, item_id, owner_id)
    do update set from_on = least(r.from_on, excluded.from_on), document_id = excluded.document_id, mark = excluded.mark`
}

/** What stock is worth now, without what came after the period. All that the batch leaves is written by then. */
const insertPeriod = (site: SiteId, { through, document, move, closedAt }: Period): Statement => sql`
  insert into period (site_id, closed_through, document_id, move_sequence, value_minor, closed_at)
  select ${site}, ${through}::date, ${document}::uuid, ${move}, ${valueOn(site, through)}, ${textOf(closedAt)}::timestamptz`
