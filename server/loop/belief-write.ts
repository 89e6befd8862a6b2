// Belief, what is written: what is kept to go on from, and the rows that people and promises read. A piece of a site's ledger is taken in by one transaction
// that also moves the reader on from where it stood, so whoever was there first is seen, and nothing is taken in twice.

import { textOf, type Day, type Instant } from '../../core/calendar.ts'
import { controlSite, type ItemId, type PartyId, type SiteId } from '../../core/item.ts'
import { doubtOf, isPhantom, SERVICE_LEVEL_E3, type Doubt } from '../../core/doubt.ts'
import type { Believed, KeptItem } from '../../core/loop/belief-site.ts'
import { worthOfCount, type CountWorth } from '../../core/plan/counting/count-worth.ts'
import { begin, commit, rollback, sql, type Connection, type Statement } from '../db.ts'
import { maybe } from '../lane/rows.ts'
import type { SiteReader } from './belief-read.ts'

/** Rows of one statement. */
const ROWS_MAX = 500

export interface TakenIn {
  readonly site: SiteId
  /** Where the reader stood; undefined before it ever read. */
  readonly before: SiteReader | undefined
  readonly after: SiteReader
  readonly kept: readonly KeptItem[]
  readonly told: readonly ToldBelief[]
  readonly asOf: Instant
}

/** A belief beside what the record says. */
export interface ToldBelief {
  readonly item: ItemId
  readonly believed: Believed
  readonly recorded: number
  readonly owner: PartyId
  readonly worth: CountWorth
  readonly doubt: Doubt
  readonly level_e3: number
}

/** False when another process was there first: nothing was written. */
export async function writeTakenIn(connection: Connection, { site, before, after, kept, told, asOf }: TakenIn): Promise<boolean> {
  await connection.execute(begin)
  try {
    if ((await connection.execute(moveReader(site, before, after))) === 0) {
      await connection.execute(rollback)
      return false
    }
    for (const some of pieces(kept)) await connection.execute(upsertKept(site, some))
    for (const some of pieces(told)) await connection.execute(upsertTold(site, some, asOf))
    await commit(connection)
    return true
  } catch (error) {
    await connection.execute(rollback).catch(() => undefined)
    throw error
  }
}

/** Tells rows anew; those of what was read later stay. */
export async function writeTold(connection: Connection, site: SiteId, told: readonly ToldBelief[], asOf: Instant): Promise<void> {
  for (const some of pieces(told)) await connection.execute(upsertTold(site, some, asOf))
}

/** Unless something was learnt meanwhile. */
export const noteTold = (site: SiteId, day: Day, learntOn: Day): Statement =>
  sql`update belief_reader set told_on = ${day}::date where site_id = ${site} and told_on < ${day}::date and learnt_on = ${learntOn}::date`

/** The control site has no ledger of goods: of it only is kept how far its log was looked through. */
export const noteLevelled = (through: number, day: Day): Statement => sql`
  insert into belief_reader (site_id, move_sequence, outbox_sequence, learnt_on, told_on, shared)
  values (${controlSite}, 0, ${through}, ${day}::date, ${day}::date, '{}'::json)
  on conflict (site_id) do update set outbox_sequence = greatest(belief_reader.outbox_sequence, excluded.outbox_sequence)`

/** What was kept means something else by now: it is worked out anew from the ledger. */
export async function forget(connection: Connection, site: SiteId): Promise<void> {
  await connection.execute(begin)
  await connection.execute(sql`delete from belief where site_id = ${site}`)
  await connection.execute(sql`delete from belief_state where site_id = ${site}`)
  await connection.execute(sql`delete from belief_reader where site_id = ${site}`)
  await commit(connection)
}

const pieces = <Row>(rows: readonly Row[]): readonly (readonly Row[])[] =>
  Array.from({ length: Math.ceil(rows.length / ROWS_MAX) }, (_none, index) => rows.slice(index * ROWS_MAX, (index + 1) * ROWS_MAX))

const moveReader = (site: SiteId, before: SiteReader | undefined, after: SiteReader): Statement =>
  before === undefined
    ? sql`
      insert into belief_reader (site_id, move_sequence, outbox_sequence, learnt_on, told_on, shared)
      values (${site}, ${after.moves}, ${after.events}, ${after.learntOn}::date, ${after.toldOn}::date, ${JSON.stringify(after.shared)}::json)
      on conflict (site_id) do nothing`
    : sql`
      update belief_reader
      set move_sequence = ${after.moves}, outbox_sequence = ${after.events}, learnt_on = ${after.learntOn}::date,
        told_on = least(told_on, ${after.toldOn}::date), shared = ${JSON.stringify(after.shared)}::json
      where site_id = ${site} and move_sequence = ${before.moves} and outbox_sequence = ${before.events} and learnt_on = ${before.learntOn}::date`

const upsertKept = (site: SiteId, rows: readonly KeptItem[]): Statement => sql`
  insert into belief_state (site_id, item_id, state, noted)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.item)}::int[], ${rows.map((row) => Buffer.from(row.state))}::bytea[], ${rows.map((row) => JSON.stringify(row.noted))}::json[]) t
  on conflict (site_id, item_id) do update set state = excluded.state, noted = excluded.noted`

const upsertTold = (site: SiteId, rows: readonly ToldBelief[], asOf: Instant): Statement => {
  const of = <Value>(read: (row: ToldBelief) => Value): Value[] => rows.map(read)
  return sql`
    insert into belief (site_id, item_id, as_of, expected, low, high, empty, safe, loss_per_day, units_per_day, recorded, worth_minor, minutes, doubt,
      count_rank, wrong, wrong_rank, events, sold_at, counted_at, counted, owner_id, doubted, doubted_heard, missing, phantom)
    select ${site}, t.item_id, ${textOf(asOf)}::timestamptz, t.expected, t.low, t.high, t.empty, t.safe, t.loss_per_day, t.units_per_day, t.recorded, t.worth,
      t.minutes, t.doubt, t.count_rank, t.wrong, t.wrong_rank, t.events, t.sold_at, t.counted_at, t.counted, t.owner_id, t.doubted, t.doubted, t.missing,
      t.phantom
    from unnest(
      ${of((row) => row.item)}::int[], ${of((row) => row.believed.expected)}::float8[], ${of((row) => row.believed.low)}::bigint[],
      ${of((row) => row.believed.high)}::bigint[], ${of((row) => row.believed.empty)}::float8[], ${of((row) => row.doubt.safe)}::bigint[],
      ${of((row) => row.believed.lossPerDay)}::float8[], ${of((row) => row.believed.unitsPerDay)}::float8[], ${of((row) => row.recorded)}::bigint[],
      ${of((row) => row.worth.worth)}::float8[], ${of((row) => row.worth.minutes)}::float8[], ${of(emptyOf)}::int[], ${of(rankOf)}::bigint[],
      ${of(wrongOf)}::int[], ${of((row) => Math.round(wrongOf(row) / row.worth.minutes))}::bigint[],
      ${of((row) => row.believed.noted.events)}::bigint[], ${of((row) => maybe(row.believed.noted.soldAt as Instant | null))}::timestamptz[],
      ${of((row) => maybe(row.believed.noted.countedAt as Instant | null))}::timestamptz[], ${of((row) => row.believed.noted.counted)}::bigint[],
      ${of((row) => row.owner)}::int[], ${of((row) => row.doubt.doubted)}::bigint[], ${of((row) => JSON.stringify(row.doubt.missing))}::json[],
      ${of((row) => isPhantom(row.believed.noted.recorded, row.believed.empty))}::boolean[]
    ) t (item_id, expected, low, high, empty, safe, loss_per_day, units_per_day, recorded, worth, minutes, doubt, count_rank, wrong, wrong_rank, events, sold_at,
      counted_at, counted, owner_id, doubted, missing, phantom)
    on conflict (site_id, item_id) do update
    set as_of = excluded.as_of, expected = excluded.expected, low = excluded.low, high = excluded.high, empty = excluded.empty, safe = excluded.safe,
      loss_per_day = excluded.loss_per_day, units_per_day = excluded.units_per_day, recorded = excluded.recorded, worth_minor = excluded.worth_minor,
      minutes = excluded.minutes, doubt = excluded.doubt, count_rank = excluded.count_rank, wrong = excluded.wrong,
      wrong_rank = excluded.wrong_rank, events = excluded.events, sold_at = excluded.sold_at,
      counted_at = excluded.counted_at, counted = excluded.counted, owner_id = excluded.owner_id, doubted = excluded.doubted,
      doubted_heard = greatest(belief.doubted_heard, excluded.doubted), missing = excluded.missing, phantom = excluded.phantom
    where belief.events <= excluded.events`
}

const emptyOf = ({ believed, recorded }: ToldBelief): number => (recorded > 0 ? Math.min(1_000_000, Math.round(believed.empty * 1e6)) : 0)
/** Millionths: the probability that there are not just as many as the record says. */
function wrongOf({ believed: { from, step, chances }, recorded }: ToldBelief): number {
  const right = chances[Math.floor((recorded - from) / step)] ?? 0
  return Math.min(1_000_000, Math.max(0, Math.round((1 - right / step) * 1e6)))
}
const rankOf = ({ worth: { worth, minutes } }: ToldBelief): number => Math.min(Number.MAX_SAFE_INTEGER, Math.round((worth / minutes) * 1000))

interface Recorded {
  readonly item: ItemId
  readonly owner: PartyId
  readonly level_e3: number
  readonly recorded: number
  readonly supply: number
  readonly cost: number
  readonly price: number
}

/** Beliefs beside what the record says now, and what it would be worth to count. */
export async function besideRecord(
  connection: Connection,
  site: SiteId,
  believed: ReadonlyMap<ItemId, Believed>,
  rest: () => Promise<unknown>,
): Promise<readonly ToldBelief[]> {
  const rows = await connection.query<Recorded>(sql`
    select i.item_id as item, coalesce(a.sellable, 0)::bigint as recorded, coalesce(a.supply, 0)::bigint as supply, i.standard_cost_minor as cost,
      i.list_price_minor as price, s.owner_id as owner, coalesce(i.service_level_e3, ${SERVICE_LEVEL_E3}) as level_e3
    from unnest(${[...believed.keys()]}::int[]) u (item_id)
    join item i on i.item_id = u.item_id
    join site s on s.site_id = ${site}
    left join availability a on a.site_id = ${site} and a.item_id = u.item_id and a.owner_id = s.owner_id
    order by i.item_id`)
  const told: ToldBelief[] = []
  for (const [index, { item, ...record }] of rows.entries()) {
    if (index % ROWS_BETWEEN_RESTS === 0) await rest()
    told.push(tellOf(item, believed.get(item)!, record))
  }
  return told
}

/** What a count is worth takes some microseconds, of what sells by the hundred a millisecond. */
const ROWS_BETWEEN_RESTS = 20

export function tellOf(item: ItemId, believed: Believed, record: Omit<Recorded, 'item'>): ToldBelief {
  const { chances, from: low, step, unitsPerDay, sizeShare, noted } = believed
  const { recorded, owner, level_e3 } = record
  return {
    item,
    believed,
    recorded,
    owner,
    level_e3,
    // The record of now may know of moves that the belief does not: the doubt is of the record that it does know.
    doubt: doubtOf(believed, noted.recorded, level_e3),
    worth: worthOfCount({ ...record, low, step, chances, cells: chances.length, unitsPerDay, sizeShare }),
  }
}
