// Belief, what is read: the next events of a site's ledger, moves and counts merged in the order in which they were written, and what was kept of the items
// that they are about.

import { dayOf, type Day, type Instant } from '../../core/calendar.ts'
import { controlSite, type ItemId, type SiteId } from '../../core/item.ts'
import { changeOfMove, eventOfCount, eventOfMove, type BeliefEvent, type CountedGoods, type MovedGoods } from '../../core/loop/belief-event.ts'
import type { Happened } from '../../core/loop/belief-history.ts'
import { BELIEF_FORMAT } from '../../core/loop/belief-state.ts'
import { SiteBeliefs, type KeptItem, type Noted, type SharedKept } from '../../core/loop/belief-site.ts'
import type { Condition } from '../../core/move.ts'
import type { Filter } from '../../core/plan/filter/filter.ts'
import type { PlaceKind } from '../../core/place.ts'
import { sql, type Connection, type Statement } from '../db.ts'

/** How far a site's ledger is in what is believed. */
export interface Reached {
  readonly moves: number
  readonly events: number
}

export interface SiteReader extends Reached {
  readonly learntOn: Day
  readonly toldOn: Day
  readonly shared: SharedKept
}

/** A site whose ledger has grown since it was read, or of which what was kept means something else by now. */
export interface Grown {
  readonly site: SiteId
  readonly head: Reached
}

interface Read extends Happened {
  /** After which move it comes: its own number, or that of the last before a count. */
  readonly move: number
  /** A count's number in the log. */
  readonly logged?: number
}

export interface NextEvents {
  readonly events: readonly BeliefEvent[]
  readonly reached: Reached
  /** The day of the first of them, or of the one that is left to the next time. */
  readonly day: Day | undefined
  readonly isLast: boolean
}

export const grownSites = async (connection: Connection): Promise<readonly Grown[]> =>
  (
    await connection.query<{ site: SiteId; moves: number; events: number }>(sql`
      select h.site_id as site, h.move_sequence as moves, h.outbox_sequence as events
      from site_head h left join belief_reader r on r.site_id = h.site_id -- every site: whose ledger has grown
      where h.move_sequence > 0 and (
        r.site_id is null or h.move_sequence > r.move_sequence or h.outbox_sequence > r.outbox_sequence or r.shared ->> 'format' <> ${String(BELIEF_FORMAT)})
      order by h.site_id`)
  ).map(({ site, ...head }) => ({ site, head }))

export async function readerOf(connection: Connection, site: SiteId): Promise<SiteReader | undefined> {
  const [row] = await connection.query<SiteReader>(sql`
    select move_sequence as moves, outbox_sequence as events, learnt_on as "learntOn", told_on as "toldOn", shared from belief_reader where site_id = ${site}`)
  return row
}

/** Where ledgers are read. */
export const readSites = async (connection: Connection): Promise<readonly SiteId[]> =>
  (
    await connection.query<{ site: SiteId }>(sql`
      select site_id as site from belief_reader where site_id <> ${controlSite} order by site_id -- every site: an item's level counts at all of them`)
  ).map((one) => one.site)

/** Items of which it was said since how surely they are promised, the first ones first, and how far that is in the log; the reader of the control site's keeps the place. */
export async function levelledItems(
  connection: Connection,
  items_max: number,
): Promise<{ readonly items: readonly ItemId[]; readonly through: number }> {
  const rows = await connection.query<{ item: ItemId; sequence: number }>(sql`
    select i.item_id as item, o.sequence
    from outbox o join item i on i.sku = o.subject
    where o.site_id = ${controlSite} and o.type = 'item.service_level_set'
      and o.sequence > coalesce((select r.outbox_sequence from belief_reader r where r.site_id = ${controlSite}), 0)
    order by o.sequence limit ${items_max}`)
  return { items: [...new Set(rows.map((row) => row.item))], through: rows.at(-1)?.sequence ?? 0 }
}

/**
 * The next events, at most `events_max` moves and as many counts, and none of a later day of the ledger than `until`: what is learnt from all items when that
 * is due must be learnt at the same event whoever reads, and however much at a time.
 */
export async function nextEvents(
  connection: Connection,
  { site, head }: Grown,
  from: Reached,
  until: Day | undefined,
  events_max: number,
): Promise<NextEvents> {
  const [moves, counts] = await Promise.all([
    movesWhere(connection, site, sql`m.sequence > ${from.moves} and m.sequence <= ${head.moves} order by m.sequence limit ${events_max}`),
    countsWhere(connection, site, sql`sequence > ${from.events} and sequence <= ${head.events} order by sequence limit ${events_max}`),
  ])
  const movesTo = moves.length < events_max ? head.moves : moves.at(-1)!.move
  const countsTo = counts.length < events_max ? Infinity : counts.at(-1)!.move
  const upTo = Math.min(movesTo, countsTo)
  const merged = inOrder(
    moves.filter((one) => one.move <= upTo),
    counts.filter((one) => one.move <= upTo),
  )
  const telling = merged.find((one) => one.event !== undefined)
  const day = telling && dayOf(telling.recordedAt)
  const cut = merged.findIndex((one) => one.event !== undefined && dayOf(one.recordedAt) > (until ?? day!))
  const taken = cut === -1 ? merged : merged.slice(0, cut)
  const whole = cut === -1 && movesTo === head.moves && countsTo === Infinity
  const lastMove = taken.findLast((one) => one.logged === undefined)?.move ?? from.moves
  const lastCount = taken.findLast((one) => one.logged !== undefined)?.logged ?? from.events
  const reached = whole ? head : { moves: cut === -1 ? Math.max(from.moves, upTo) : lastMove, events: lastCount }
  return { events: taken.flatMap((one) => one.event ?? []), reached, day, isLast: whole }
}

/** Both lists are in order of their moves; a count comes after the move that was the last when it was made. */
function inOrder(moves: readonly Read[], counts: readonly Read[]): readonly Read[] {
  const merged: Read[] = []
  let at = 0
  for (const count of counts) {
    while (at < moves.length && moves[at]!.move <= count.move) merged.push(moves[at++]!)
    merged.push(count)
  }
  return [...merged, ...moves.slice(at)]
}

interface MoveRow extends Omit<MovedGoods, 'from' | 'to'> {
  readonly recordedAt: Instant
  readonly fromKind: PlaceKind | null
  readonly fromCondition: Condition
  readonly fromOwn: boolean
  readonly toKind: PlaceKind | null
  readonly toCondition: Condition
  readonly toOwn: boolean
}

/** Moves `m` of a site; `condition` goes on to their order and how many. */
async function movesWhere(connection: Connection, site: SiteId, condition: Statement): Promise<readonly Read[]> {
  const rows = await connection.query<MoveRow>(sql`
    select m.sequence, m.item_id as item, m.quantity, m.cause, m.occurred_at as "occurredAt", m.recorded_at as "recordedAt",
      f.kind as "fromKind", m.from_condition as "fromCondition", m.from_owner_id = s.owner_id as "fromOwn",
      t.kind as "toKind", m.to_condition as "toCondition", m.to_owner_id = s.owner_id as "toOwn"
    from move m
    join site s on s.site_id = m.site_id
    left join place f on f.site_id = m.site_id and f.place_id = m.from_place_id
    left join place t on t.site_id = m.site_id and t.place_id = m.to_place_id
    where m.site_id = ${site} and ${condition}`)
  return rows.map(({ recordedAt, fromKind, fromCondition, fromOwn, toKind, toCondition, toOwn, ...row }) => {
    const from = { kind: fromKind, condition: fromCondition, own: fromOwn }
    const to = { kind: toKind, condition: toCondition, own: toOwn }
    const move = { ...row, from, to }
    return { event: eventOfMove(move), recordedAt, change: changeOfMove(move), move: row.sequence }
  })
}

interface CountRow extends Omit<CountedGoods, 'afterMove' | 'sellable' | 'at'> {
  readonly logged: number
  readonly recordedAt: Instant
  /** Null where it was counted before the log said more. */
  readonly afterMove: number | null
  readonly sellable: number
  readonly kind: PlaceKind | null
  readonly condition: Condition
  readonly own: boolean
}

async function countsWhere(connection: Connection, site: SiteId, condition: Statement): Promise<readonly Read[]> {
  const rows = await connection.query<CountRow>(sql`
    select o.sequence as logged, o.recorded_at as "recordedAt", o.occurred_at as "countedAt", (o.data ->> 'item')::int as item,
      (o.data ->> 'counted')::bigint as counted, (o.data ->> 'recorded')::bigint as recorded, (o.data ->> 'sellable')::bigint as sellable,
      (o.data ->> 'afterMove')::bigint as "afterMove", o.data -> 'at' ->> 'condition' as condition, not coalesce(o.data ? 'owner', false) as own, p.kind,
      concat_ws('/', o.data -> 'at' ->> 'place', o.data -> 'at' ->> 'lot', o.data -> 'at' ->> 'serial') as stock
    from (select sequence, recorded_at, occurred_at, data::jsonb as data from outbox
      where site_id = ${site} and type = 'stock.counted' and ${condition}) o
    left join place p on p.site_id = ${site} and p.place_id = (o.data -> 'at' ->> 'place')::int
    order by o.sequence`)
  return rows.map(({ logged, recordedAt, afterMove, kind, condition, own, ...row }) => {
    if (afterMove === null) return { event: undefined, recordedAt, change: 0, move: 0, logged }
    return { event: eventOfCount({ ...row, afterMove, at: { kind, condition, own } }), recordedAt, change: 0, move: afterMove, logged }
  })
}

export interface EventsOfItem {
  readonly happened: readonly Happened[]
  /** Whether there are older ones. */
  readonly isCut: boolean
}

/** The last events of one item, at most so many moves and as many counts, in the ledger's order. */
export async function eventsOfItem(connection: Connection, site: SiteId, item: ItemId, events_max: number): Promise<EventsOfItem> {
  const newest = await movesWhere(connection, site, sql`m.item_id = ${item} order by m.sequence desc limit ${events_max + 1}`)
  const counts = await countsWhere(
    connection,
    site,
    sql`subject in (
        select p.document_id::text from position_count p where p.site_id = ${site} and p.item_id = ${item} order by p.counted_at desc limit ${events_max})
      and (data ->> 'item')::int = ${item} order by sequence`,
  )
  const isCut = newest.length > events_max
  const moves = newest.slice(0, events_max).toReversed()
  const first = isCut ? moves[0]!.move : 0
  const after = counts.filter((one) => one.event !== undefined && one.move >= first)
  return { happened: inOrder(moves, after), isCut }
}

interface KeptRow {
  readonly item: ItemId
  readonly state: Buffer
  readonly noted: Noted
}

export const keptOf = (connection: Connection, site: SiteId, items: readonly ItemId[]): Promise<readonly KeptItem[]> =>
  connection.query<KeptRow>(sql`
    select k.item_id as item, k.state, k.noted from unnest(${items}::int[]) u (item_id)
    join belief_state k on k.site_id = ${site} and k.item_id = u.item_id order by k.item_id`)

/** All that is kept of a site, piece by piece. */
export async function* allKept(connection: Connection, site: SiteId, items_max: number): AsyncGenerator<readonly KeptItem[]> {
  for (let after = 0; ;) {
    const rows = await connection.query<KeptRow>(sql`
      select item_id as item, state, noted from belief_state where site_id = ${site} and item_id > ${after} order by item_id limit ${items_max}`)
    if (rows.length > 0) yield rows
    if (rows.length < items_max) return
    after = rows.at(-1)!.item
  }
}

/** Beliefs of some items to go on from, each with what its category has in common. */
export async function siteBeliefs(
  connection: Connection,
  items: readonly ItemId[],
  kept: readonly KeptItem[],
  shared: SharedKept | undefined,
  filter?: Filter,
): Promise<SiteBeliefs> {
  const rows = await connection.query<{ item: ItemId; category: string }>(sql`
    select item_id as item, category from item where item_id = any(${items}::int[]) and category is not null`)
  const categories = new Map(rows.map(({ item, category }) => [item, category]))
  return new SiteBeliefs(items, kept, shared, { categoryOf: (item) => categories.get(item) ?? '', ...(filter && { filter }) })
}
