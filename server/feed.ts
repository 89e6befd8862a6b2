// Feed: the logs of all sites as one list of events. Each site's order is kept and nothing is left out; between sites the order is the one
// in which the logs were found to have grown. A cursor is (epoch, position): the place of the last event read, valid until a restore.
//
// The feed copies no event: `feed_span` says that from some position on come these sequences of that site. Who appends thinks of the next
// position as a version: he inserts at it, and when somebody else was there first he has written nothing and reads the state anew.

import type { Instant } from '../core/calendar.ts'
import type { SiteId } from '../core/item.ts'
import { refuse, type Refusal } from '../core/refusal.ts'
import { begin, commit, rollback, sql, type Connection } from './db.ts'

/** The last sequence of a site's log. */
export interface LogHead {
  readonly site: SiteId
  readonly sequence: number
}

export interface FeedCursor {
  readonly epoch: number
  /** Of the last event that was read; 0 before the first. */
  readonly position: number
}

export interface FeedEvent {
  readonly position: number
  readonly site: SiteId
  readonly sequence: number
  readonly type: string
  readonly version: number
  readonly subject: string
  readonly occurredAt: Instant
  readonly recordedAt: Instant
  readonly data: object
}

export interface FeedPage {
  readonly events: readonly FeedEvent[]
  /** Where to go on; the same as before when nothing new has happened. */
  readonly cursor: FeedCursor
}

export const FEED_PAGE_EVENTS_MAX = 1_000
const READER = 'feed'

export const logHeads = (connection: Connection): Promise<LogHead[]> =>
  connection.query<LogHead>(sql`
  select site_id as site, outbox_sequence as sequence
  from site_head -- every site: whose log has grown
  order by site_id`)

/** Appends to the feed over one connection, which nobody else uses meanwhile. */
export class FeedWriter {
  readonly #connection: Connection
  #state: { next: number; readonly reached: Map<SiteId, number> } | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Takes in what the logs have grown by. False when somebody else appended meanwhile: nothing was written, the next call goes on from there. */
  async append(heads: readonly LogHead[]): Promise<boolean> {
    this.#state ??= await this.#read()
    const { next, reached } = this.#state
    const spans: Span[] = []
    let position = next
    for (const { site, sequence } of heads) {
      const from = (reached.get(site) ?? 0) + 1
      if (sequence < from) continue
      spans.push({ position, site, from, to: sequence })
      position += sequence - from + 1
    }
    if (spans.length === 0) return true
    // Whatever happens from here until the commit is known to have succeeded, the state is read anew.
    this.#state = undefined
    if (!(await this.#write(spans))) return false
    for (const { site, to } of spans) reached.set(site, to)
    this.#state = { next: position, reached }
    return true
  }

  async #read(): Promise<{ next: number; reached: Map<SiteId, number> }> {
    // The position first: should somebody append in between, it is the older of the two, and inserting at it fails.
    const last = await this.#connection.query<{ next: number }>(sql`
      select position_from + sequence_to - sequence_from + 1 as next from feed_span order by position_from desc limit 1`)
    const rows = await this.#connection.query<LogHead>(sql`
      select site_id as site, sequence from outbox_cursor -- every site: how far the feed has come in each
      where reader = ${READER}`)
    return { next: last[0]?.next ?? 1, reached: new Map(rows.map((row) => [row.site, row.sequence])) }
  }

  async #write(spans: readonly Span[]): Promise<boolean> {
    const connection = this.#connection
    await connection.execute(begin)
    try {
      const inserted = await connection.execute(insertSpans(spans))
      if (inserted < spans.length) {
        await connection.execute(rollback)
        return false
      }
      await Promise.all(spans.map(({ site, to }) => connection.execute(advanceCursor(site, READER, to))))
      await commit(connection)
      return true
    } catch (error) {
      await connection.execute(rollback).catch(() => undefined)
      throw error
    }
  }
}

interface Span {
  readonly position: number
  readonly site: SiteId
  readonly from: number
  readonly to: number
}

const insertSpans = (spans: readonly Span[]) => sql`
  insert into feed_span (position_from, site_id, sequence_from, sequence_to)
  select * from unnest(
    ${spans.map((span) => span.position)}::bigint[], ${spans.map((span) => span.site)}::int[], ${spans.map((span) => span.from)}::bigint[],
    ${spans.map((span) => span.to)}::bigint[])
  on conflict (position_from) do nothing`

/** Notes how far a reader has come in a site's log; never back. */
export const advanceCursor = (site: SiteId, reader: string, sequence: number) => sql`
  insert into outbox_cursor (site_id, reader, sequence) values (${site}, ${reader}, ${sequence})
  on conflict (site_id, reader) do update set sequence = greatest(outbox_cursor.sequence, excluded.sequence)`

/**
 * Begins a new epoch: every cursor given out so far is of the past. Counted by seconds and not by ones, since the same backup may be restored
 * twice: what was read after the first restore must not pass for what comes after the second.
 */
export async function beginEpoch(connection: Connection, at: Instant, reason: string): Promise<number> {
  const [row] = await connection.query<{ epoch: number }>(sql`
    insert into epoch (epoch, begun_at, reason)
    select greatest(max(epoch) + 1, ${Math.floor((at - EPOCHS_COUNTED_FROM) / 1000)}::int), to_timestamp(${at}::float8 / 1000), ${reason} from epoch
    returning epoch`)
  return row!.epoch
}

/** Seconds since then fit into 31 bits until 2094. */
const EPOCHS_COUNTED_FROM = Date.UTC(2026, 0, 1)

/** The events after `after`, or from the first one on. A cursor of another epoch, or beyond the last event, is refused. */
export async function readFeed(database: Connection, after: FeedCursor | undefined, limit: number): Promise<FeedPage | Refusal> {
  const epochs = await database.query<{ epoch: number }>(sql`select max(epoch) as epoch from epoch`)
  const cursor = after ?? { epoch: epochs[0]!.epoch, position: 0 }
  if (cursor.epoch < epochs[0]!.epoch) return refuse('epoch_passed', 'cursor', 'The database was restored since: read everything anew.')
  if (cursor.epoch > epochs[0]!.epoch) return refuse('cursor_not_valid', 'cursor', 'There is no such epoch.')
  if (!Number.isSafeInteger(cursor.position) || cursor.position < 0)
    return refuse('cursor_not_valid', 'cursor', 'There is no such place in the feed.')
  const events_max = Math.max(1, Math.min(limit, FEED_PAGE_EVENTS_MAX))
  const spans = await spansFrom(database, cursor.position + 1, events_max)
  if (spans.length === 0 && cursor.position > (await endOf(database))) {
    return refuse('cursor_not_valid', 'cursor', 'This cursor lies beyond the end of the feed.')
  }
  const events = await eventsOf(database, spans)
  return { events, cursor: { epoch: cursor.epoch, position: events.at(-1)?.position ?? cursor.position } }
}

/** The spans that hold positions from `first` on, the first and the last of them cut to the page. */
async function spansFrom(database: Connection, first: number, events_max: number): Promise<Span[]> {
  const rows = await database.query<Span>(sql`
    select position_from as position, site_id as site, sequence_from as "from", sequence_to as "to"
    from feed_span
    where position_from >= coalesce((select max(position_from) from feed_span where position_from <= ${first}), 0)
    order by position_from limit ${events_max + 1}`)
  const spans: Span[] = []
  let left = events_max
  for (const { position, site, from, to } of rows) {
    const skipped = Math.max(first - position, 0)
    const length = Math.min(to - from + 1 - skipped, left)
    if (length <= 0) continue
    spans.push({ position: position + skipped, site, from: from + skipped, to: from + skipped + length - 1 })
    left -= length
  }
  return spans
}

/** The cursor of who has read everything. */
export async function feedEnd(database: Connection): Promise<FeedCursor> {
  const [row] = await database.query<{ epoch: number }>(sql`select max(epoch) as epoch from epoch`)
  return { epoch: row!.epoch, position: await endOf(database) }
}

async function endOf(database: Connection): Promise<number> {
  const rows = await database.query<{ end: number }>(sql`
    select position_from + sequence_to - sequence_from as end from feed_span order by position_from desc limit 1`)
  return rows[0]?.end ?? 0
}

/** A page holds an unbroken piece of each site's log, so one question a site brings it; the spans then say the order. */
async function eventsOf(database: Connection, spans: readonly Span[]): Promise<FeedEvent[]> {
  const logs = new Map<SiteId, Map<number, Logged>>()
  const sites = [...new Set(spans.map((span) => span.site))]
  await Promise.all(
    sites.map(async (site) => {
      const own = spans.filter((span) => span.site === site)
      const rows = await readLog(database, site, own[0]!.from, own.at(-1)!.to)
      logs.set(site, new Map(rows.map((row) => [row.sequence, row])))
    }),
  )
  return spans.flatMap(({ position, site, from, to }) =>
    Array.from({ length: to - from + 1 }, (_none, index) => {
      const row = logs.get(site)!.get(from + index)
      if (row === undefined) throw new Error(`Event ${from + index} of site ${site} is in the feed and not in the site's log.`)
      return { position: position + index, site, ...row }
    }),
  )
}

type Logged = Omit<FeedEvent, 'position' | 'site'>

const readLog = (database: Connection, site: SiteId, from: number, to: number): Promise<Logged[]> =>
  database.query<Logged>(sql`
  select sequence, type, version, subject, occurred_at as "occurredAt", recorded_at as "recordedAt", data
  from outbox where site_id = ${site} and sequence between ${from} and ${to}`)
