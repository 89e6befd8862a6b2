// Limit: the fastest that these tables take orders: committed SQL over one connection that writes the rows an order leaves, in the tables
// it leaves them in, with the same durability, 200 orders a transaction. It reads nothing, checks nothing and answers nobody, so what the
// server reaches beside it is a share of what the database can do.
//
// Its rows are true: numbers, holds, events and the sealed head go on where the lane left them, so the record verifies afterwards. Nobody
// else may write to the site meanwhile, because the head is known rather than locked.

import { hash } from 'node:crypto'
import { dayOf, instant, textOf, type Day } from '../core/calendar.ts'
import type { ItemId } from '../core/item.ts'
import { standardPlaces, virtualPlaces } from '../core/place.ts'
import { begin, commit, joined, sql, type Session, type Statement } from '../server/db.ts'
import { sealHead } from '../server/lane/chain.ts'
import { readHead, type SiteHead } from '../server/lane/head.ts'
import type { BenchItem, BenchWorld } from './world.ts'

export const ORDERS_A_TRANSACTION = 200
export const LINES_AN_ORDER = 3
/** Transactions under way: while the database writes one, the next is made. */
const UNDER_WAY_MAX = 2
const CALLER = 'key:1'
const LIST_PRICE_MINOR = 250

export interface LimitOptions {
  readonly world: BenchWorld
  readonly sealKey: Buffer
  readonly clock: () => number
  readonly newId: () => string
  /** A number from 0 to below 1. */
  readonly random: () => number
  /** Asked before each transaction whether to go on. */
  readonly more: () => boolean
  /** Told of each committed transaction. */
  readonly onCommit: (orders: number) => void
}

/** Places orders until it is told to stop. */
export async function placeAtLimit(session: Session, options: LimitOptions): Promise<void> {
  let head = await readHead(session, options.world.site)
  const underWay: Promise<void>[] = []
  try {
    while (options.more()) {
      const batch = batchOf(head, options)
      head = batch.head
      underWay.push(send(session, batch).then(() => options.onCommit(ORDERS_A_TRANSACTION)))
      if (underWay.length >= UNDER_WAY_MAX) await underWay.shift()
    }
  } finally {
    await Promise.all(underWay)
  }
}

interface Line {
  readonly order: string
  readonly line: number
  readonly item: ItemId
  readonly quantity: number
}

interface Batch {
  readonly world: BenchWorld
  readonly head: SiteHead
  readonly seal: Buffer
  readonly today: Day
  readonly now: string
  readonly orders: readonly string[]
  readonly numbers: readonly number[]
  readonly lines: readonly Line[]
  /** The outbox sequence of each line's order. */
  readonly ages: readonly number[]
  readonly keys: readonly string[]
  readonly sha256: readonly Buffer[]
  readonly answers: readonly string[]
  readonly events: readonly string[]
}

function batchOf(before: SiteHead, { world, sealKey, clock, newId, random }: LimitOptions): Batch {
  const now = instant(Math.max(clock(), before.recordedAt))
  const today = dayOf(now)
  const batch = { orders: [] as string[], numbers: [] as number[], lines: [] as Line[], ages: [] as number[] }
  const texts = { keys: [] as string[], sha256: [] as Buffer[], answers: [] as string[], events: [] as string[] }
  for (let index = 1; index <= ORDERS_A_TRANSACTION; index += 1) {
    const [order, number, key] = [newId(), before.numbers + index, newId()]
    batch.orders.push(order)
    batch.numbers.push(number)
    const told: string[] = []
    for (let line = 1; line <= LINES_AN_ORDER; line += 1) {
      const { item, sku } = world.items[Math.floor(random() * world.items.length)]!
      const quantity = 1 + Math.floor(random() * 3)
      batch.lines.push({ order, line, item, quantity })
      batch.ages.push(before.events + index)
      told.push(lineText(world, { item, sku }, line, quantity, today))
    }
    const lines = told.join(',')
    texts.keys.push(key)
    texts.sha256.push(hash('sha256', key, 'buffer'))
    texts.answers.push(`{"id":"${order}","number":"${world.siteCode}-${number}","lines":[${lines}]}`)
    texts.events.push(`{"number":"${world.siteCode}-${number}","customer":${world.customer},"lines":[${lines}]}`)
  }
  const head = {
    ...before,
    events: before.events + ORDERS_A_TRANSACTION,
    numbers: before.numbers + ORDERS_A_TRANSACTION,
    batches: before.batches + 1,
    recordedAt: now,
  }
  return { world, head, seal: sealHead(sealKey, world.site, head), today, now: textOf(now), ...batch, ...texts }
}

const lineText = ({ siteCode }: BenchWorld, { sku }: BenchItem, line: number, quantity: number, today: Day): string =>
  `{"line":${line},"sku":"${sku}","quantity":${quantity},"held":${quantity},"backordered":0,"source":"${siteCode}","promised":"${today}","reason":"in_stock"}`

async function send(session: Session, batch: Batch): Promise<void> {
  const statements = [
    begin,
    insertOrders(batch),
    insertLines(batch),
    insertPlanned(batch),
    updateAvailability(batch),
    addStandings(batch),
    insertKeys(batch),
    insertEvents(batch),
    advanceHead(batch),
  ]
  // All travel before the first is answered; one that fails fails the commit.
  const sent = [...statements.map((statement) => session.execute(statement)), commit(session)]
  const failed = (await Promise.allSettled(sent)).find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
}

const insertOrders = ({ world, orders, numbers, now }: Batch): Statement => sql`
  insert into orders (site_id, order_id, number, kind, customer_id, reference, ship_complete, priority, ordered_at, recorded_at)
  select ${world.site}, t.order_id, t.number, 'order', ${world.customer}, null, false, 5, ${now}, ${now}
  from unnest(${orders}::uuid[], ${numbers}::bigint[]) t (order_id, number)`

const insertLines = ({ world, lines, today }: Batch): Statement => sql`
  insert into order_line (site_id, order_id, line, item_id, source_site_id, quantity, unit_price_minor, requested_on, promised_on,
    cancelled, shipped, delivered, returned)
  select ${world.site}, t.order_id, t.line, t.item_id, ${world.site}, t.quantity, ${LIST_PRICE_MINOR}, ${today}, ${today}, 0, 0, 0, 0
  from unnest(
    ${lines.map((row) => row.order)}::uuid[], ${lines.map((row) => row.line)}::int[], ${lines.map((row) => row.item)}::int[],
    ${lines.map((row) => row.quantity)}::bigint[]) t (order_id, line, item_id, quantity)`

const insertPlanned = ({ world, lines, ages, today }: Batch): Statement => sql`
  insert into planned_move (site_id, document_id, line, part, kind, direction, status, item_id, owner_id, from_place_id, to_place_id, home_site_id,
    due_on, priority, age, unit_price_minor, planned, posted, cancelled, held, pegged, allocated, hold_expires_at)
  select ${world.site}, t.order_id, t.line, 1, 'order', 'demand', 'firm', t.item_id, ${world.owner}, ${standardPlaces.shelf}, ${virtualPlaces.customer},
    ${world.site}, ${today}, 5, t.age, ${LIST_PRICE_MINOR}, t.quantity, 0, 0, t.quantity, 0, 0, null
  from unnest(
    ${lines.map((row) => row.order)}::uuid[], ${lines.map((row) => row.line)}::int[], ${lines.map((row) => row.item)}::int[],
    ${lines.map((row) => row.quantity)}::bigint[], ${ages}::bigint[]) t (order_id, line, item_id, quantity, age)`

function updateAvailability({ world, lines }: Batch): Statement {
  const held = new Map<ItemId, number>()
  for (const { item, quantity } of lines) held.set(item, (held.get(item) ?? 0) + quantity)
  return sql`
    update availability a
    set reserved = a.reserved + t.held, demand = a.demand + t.held
    from unnest(${[...held.keys()]}::int[], ${[...held.keys()].map(() => world.owner)}::int[], ${[...held.values()]}::bigint[]) t (item_id, owner_id, held)
    where a.site_id = ${world.site} and a.item_id = t.item_id and a.owner_id = t.owner_id`
}

/** All lines of a transaction are due today and held. */
const addStandings = ({ world, lines, today }: Batch): Statement => sql`
  insert into flow_standing as f (site_id, stage, due_on, lines, value_minor)
  select ${world.site}, t.stage, ${today}, ${lines.length}, ${lines.reduce((sum, row) => sum + row.quantity, 0) * LIST_PRICE_MINOR}
  from unnest(array['order', 'reserve']) t (stage)
  on conflict (site_id, stage, due_on) do update set lines = f.lines + excluded.lines, value_minor = f.value_minor + excluded.value_minor`

const insertKeys = ({ world, keys, sha256, answers, now }: Batch): Statement => sql`
  insert into idempotency_key (site_id, caller, key, request_sha256, status, answer, command, recorded_at)
  select ${world.site}, ${CALLER}, t.key, t.request_sha256, 201, t.answer, 'placeOrder', ${now}
  from unnest(${keys}::text[], ${sha256}::bytea[], string_to_array(${joined(answers)}, chr(30))) t (key, request_sha256, answer)`

const insertEvents = ({ world, orders, head, events, now }: Batch): Statement => sql`
  insert into outbox (site_id, sequence, type, version, subject, to_site_id, occurred_at, recorded_at, data)
  select ${world.site}, ${head.events - orders.length} + t.place, 'order.placed', 1, t.subject, null, ${now}, ${now}, t.data::json
  from unnest(${orders}::text[], string_to_array(${joined(events)}, chr(30))) with ordinality t (subject, data, place)`

const advanceHead = ({ world, head, seal, now }: Batch): Statement => sql`
  update site_head
  set outbox_sequence = ${head.events}, last_number = ${head.numbers}, batches = ${head.batches}, recorded_at = ${now}, seal = ${seal}
  where site_id = ${world.site}`
