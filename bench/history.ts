// History: sites with opening stock and orders that were picked, shipped and delivered, or sold by tills, in all the rows that the lanes would have
// left behind. The database makes it by set-based statements, the chain of hashes by an aggregate of its own, so ten million moves take
// minutes; verify then finds nothing to complain about, as after a real history.

import { textOf, type Instant } from '../core/calendar.ts'
import { firstFreePlace, standardPlaces, virtualPlaces } from '../core/place.ts'
import { sql, type Connection, type Database, type Statement } from '../server/db.ts'
import { sealHead } from '../server/lane/chain.ts'
import { canonicalText } from '../server/verify/chain.ts'

/** What has happened at a site. Every item of the catalogue has opening stock there, and is ordered as often as any other. */
export interface SiteHistory {
  readonly site: number
  readonly code: string
  readonly orders: number
  readonly items: number
  /** Lines of an order; each `longer_every`-th has one more. */
  readonly lines: number
  readonly longer_every: number
  /** Orders are sales of tills: goods leave the shelf at once, nothing is picked or shipped. */
  readonly tills: boolean
  /** Who ordered: so many parties from `firstCustomer` on, the first of them most. With none it is the company itself. */
  readonly customers: number
  /** Goods stand in so many bins; with none, on the shelf. */
  readonly bins: number
  /** What is left of each item in the end; of each `sold_out_every`-th nothing. */
  readonly left: number
  readonly sold_out_every: number
  readonly begun: Instant
  /** Between an order and the next. */
  readonly milliseconds: number
}

const EVENTS = ['order.placed', 'order.allocated', 'order.picked', 'order.shipped', 'order.delivered']
const TILL_EVENTS = EVENTS.slice(0, 1)
const COST_MINOR = 100
const PRICE_MINOR = 250
const OWNER = 1
/** Goes through all items in an order that looks like none, as long as their number is no multiple of it. */
const STRIDE = 7919
export const firstItem = 1001
export const firstCustomer = 100_001
/** Statements under way at once: one a core. */
const CONNECTIONS = 2

export const linesIn = ({ orders, lines, longer_every }: SiteHistory): number => orders * lines + Math.floor(orders / longer_every)
export const movesIn = (history: SiteHistory): number => history.items + linesIn(history) * (history.tills ? 1 : 2)
const eventsOf = ({ tills }: SiteHistory): readonly string[] => (tills ? TILL_EVENTS : EVENTS)
export const endOf = ({ begun, orders, milliseconds }: SiteHistory): Instant => (begun + orders * milliseconds) as Instant

/** Makes sites with their whole history. */
export async function makeHistory(
  database: Database,
  histories: readonly SiteHistory[],
  sealKey: Buffer,
  report: (step: string) => void = () => undefined,
): Promise<void> {
  for (const history of histories) await database.transaction((tx) => makeSite(tx, history))
  const work = histories.flatMap((history) => tables(history, sealKey).map((table) => ({ history, ...table })))
  // The longest first, so that the connections end together.
  work.sort((a, b) => b.history.orders * b.weight - a.history.orders * a.weight)
  let done = 0
  const take = async (): Promise<void> => {
    for (let one = work.shift(); one !== undefined; one = work.shift()) {
      const { statement } = one
      await database.transaction(async (tx) => {
        await tx.script(chainAggregate)
        await tx.execute(statement)
      })
      report(`${one.history.code}: ${one.name} (${(done += 1)} of ${done + work.length} tables)`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, take))
  for (const history of histories) await makeHead(database, history, sealKey)
}

async function makeSite(tx: Connection, { site, code, bins }: SiteHistory): Promise<void> {
  await tx.execute(sql`insert into site (site_id, code, name, owner_id) values (${site}, ${code}, ${`Site ${code}`}, ${OWNER})`)
  const kinds = Object.keys(standardPlaces)
  await tx.execute(sql`
    insert into place (site_id, place_id, code, kind)
    select ${site}, t.place_id, upper(t.kind), t.kind from unnest(${Object.values(standardPlaces)}::int[], ${kinds}::text[]) t (place_id, kind)`)
  // Ten racks of five levels an aisle; walked as core/place.ts says.
  await tx.execute(sql`
    insert into place (site_id, place_id, code, kind, aisle, rack, level, walk_order)
    select ${site}, ${firstFreePlace}::int + n, format('%s-%s-%s', aisle, rack, level), 'bin', aisle, rack, level,
      (aisle::bigint * 10000 + case when aisle % 2 = 0 then 9999 - rack else rack end) * 10000 + level
    from (select n, 1 + n / 50 as aisle, 1 + n / 5 % 10 as rack, 1 + n % 5 as level from generate_series(0, ${bins}::int - 1) n) b`)
}

/** The running hash of a chain: what server/lane/chain.ts computes a move at a time. */
const chainAggregate = `
  create or replace function pg_temp.link(bytea, text) returns bytea language sql immutable as $$ select sha256($1 || convert_to($2, 'UTF8')) $$;
  create or replace aggregate pg_temp.chain(text) (sfunc = pg_temp.link, stype = bytea, initcond = '\\x${'00'.repeat(32)}')`

interface TableOf {
  readonly name: string
  /** How long it takes, an order. */
  readonly weight: number
  readonly statement: Statement
}

function tables(history: SiteHistory, sealKey: Buffer): readonly TableOf[] {
  const shipped = history.tills ? [] : [{ name: 'shipments', weight: 2, statement: shipments(history) }]
  return [
    { name: 'moves', weight: history.tills ? 3 : 6, statement: moves(history, sealKey) },
    { name: 'events', weight: history.tills ? 1 : 4, statement: events(history) },
    { name: 'planned moves', weight: 2, statement: planned(history) },
    ...shipped,
    { name: 'order lines', weight: 2, statement: orderLines(history) },
    { name: 'keys', weight: 2, statement: keys(history) },
    { name: 'orders', weight: 1, statement: orders(history) },
    ...(history.tills ? [] : [{ name: 'standings', weight: 1, statement: standings(history) }]),
    { name: 'stock', weight: 0, statement: stock(history) },
  ]
}

/** Ids that grow with the number, and are smaller than any made later. */
const orderId = (number: Statement, { site }: SiteHistory): Statement =>
  sql`(lpad(to_hex(${site}::int), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`
const eachOrder = ({ orders: count }: SiteHistory): Statement => sql`generate_series(1, ${count}::int) o`
/** Lines `l` of orders `o`, with `n`, the number of the line in the whole history. */
const eachLine = (history: SiteHistory): Statement => sql`
  (select o, l, (o - 1)::bigint * ${history.lines}::int + (o - 1) / ${history.longer_every}::int + l as n,
      ${history.lines}::int + (o % ${history.longer_every}::int = 0)::int as lines
    from ${eachOrder(history)} cross join lateral generate_series(1, ${history.lines}::int + (o % ${history.longer_every}::int = 0)::int) l) t`
const timeOf = ({ begun, milliseconds }: SiteHistory): Statement =>
  sql`${textOf(begun)}::timestamptz + o::float8 * ${milliseconds}::float8 * interval '1 millisecond'`
const dayOf = (history: SiteHistory): Statement => sql`((${timeOf(history)}) at time zone 'UTC')::date`
/** Which of the catalogue's items line `n` is about, counted from 0. */
const itemIndex = ({ items }: SiteHistory): Statement => sql`(n * ${STRIDE}::int % ${items}::int)::int`
const itemOf = (history: SiteHistory): Statement => sql`${firstItem}::int + ${itemIndex(history)}`
const placeOf = ({ bins }: SiteHistory, index: Statement): Statement =>
  bins === 0 ? sql`${standardPlaces.shelf}::int` : sql`${firstFreePlace}::int + (${index}) % ${bins}::int`

/** Of each item, `i` from 0: what was there at first and what is left of it. */
const openings = (history: SiteHistory): Statement => sql`
  select i, greatest(coalesce(s.sold, 0) + w.wanted, 1) as opening, greatest(coalesce(s.sold, 0) + w.wanted, 1) - coalesce(s.sold, 0) as quantity
  from generate_series(0, ${history.items}::int - 1) i
  cross join lateral (select case when i % ${history.sold_out_every}::int = 3 then 0 else ${history.left}::bigint end as wanted) w
  left join (select ${itemIndex(history)} as i, count(*) as sold from ${eachLine(history)} group by 1) s using (i)`

/** Opening stock of every item, then for each order its picks and its shipments, or its sale. */
const moves = (history: SiteHistory, sealKey: Buffer): Statement => sql`
  insert into move (site_id, sequence, item_id, quantity, from_place_id, from_package, from_lot, from_serial, from_condition, from_owner_id,
    to_place_id, to_package, to_lot, to_serial, to_condition, to_owner_id, cause, document_id, line, part, actor, value_minor, occurred_at, recorded_at,
    hash, seal)
  select h.site_id, h.sequence, h.item_id, h.quantity, h.from_place_id, '', '', '', 'sellable', h.from_owner_id, h.to_place_id, '', '', '', 'sellable',
    h.to_owner_id, h.cause, h.document_id, h.line, 1, h.actor, h.value_minor, h.occurred_at, h.recorded_at, h.hash,
    substr(sha256(${sealKey}::bytea || h.hash), 1, 16)
  from (
    select m.*, pg_temp.chain(${canonicalText}) over (order by m.sequence) as hash
    from (
      select ${history.site}::int as site_id, t.*, '' as from_package, '' as from_lot, '' as from_serial, 'sellable' as from_condition,
        ${OWNER}::int as from_owner_id, '' as to_package, '' as to_lot, '' as to_serial, 'sellable' as to_condition, ${OWNER}::int as to_owner_id,
        1 as part, 'key:1' as actor, t.quantity * ${COST_MINOR}::bigint as value_minor, t.occurred_at as recorded_at
      from (
        select i::bigint + 1 as sequence, ${firstItem}::int + i as item_id, opening as quantity, ${virtualPlaces.opening}::int as from_place_id,
          ${placeOf(history, sql`i`)} as to_place_id, 'opening' as cause, ${orderId(sql`0`, history)} as document_id, i + 1 as line,
          ${textOf(history.begun)}::timestamptz as occurred_at
        from (${openings(history)}) o
        union all
        ${history.tills ? sales(history) : picksAndShipments(history)}
      ) t
    ) m
  ) h
  order by h.sequence`

const sales = (history: SiteHistory): Statement => sql`
  select ${history.items}::bigint + n, ${itemOf(history)}, 1, ${placeOf(history, itemIndex(history))}, ${virtualPlaces.customer}::int, 'sale',
    ${orderId(sql`o`, history)}, l, ${timeOf(history)}
  from ${eachLine(history)}`

const picksAndShipments = (history: SiteHistory): Statement => sql`
  select ${history.items}::bigint + 2 * (n - l) + s * lines + l, ${itemOf(history)}, 1,
    case s when 0 then ${placeOf(history, itemIndex(history))} else ${standardPlaces.packing}::int end,
    case s when 0 then ${standardPlaces.packing}::int else ${virtualPlaces.customer}::int end,
    case s when 0 then 'pick' else 'shipment' end, ${orderId(sql`o`, history)}, l, ${timeOf(history)}
  from ${eachLine(history)} cross join generate_series(0, 1) s`

/** What the moves left behind, and its value. */
const stock = (history: SiteHistory): Statement => sql`
  with stays as materialized (select ${firstItem}::int + i as item_id, i, quantity from (${openings(history)}) o),
  available as (
    insert into availability (site_id, item_id, owner_id, sellable, reserved, demand, supply, next_expiry)
    select ${history.site}, item_id, ${OWNER}, quantity, 0, 0, 0, null from stays),
  worth as (
    insert into item_value (site_id, item_id, owner_id, quantity, value_minor, last_value_minor, last_quantity)
    select ${history.site}, item_id, ${OWNER}, quantity, quantity * ${COST_MINOR}::bigint, ${COST_MINOR}, 1 from stays)
  insert into stock (site_id, item_id, owner_id, condition, place_id, lot, serial, package, quantity, allocated)
  select ${history.site}, item_id, ${OWNER}, 'sellable', ${placeOf(history, sql`i`)}, '', '', '', quantity, 0 from stays where quantity > 0`

/** The first customer orders most: the share of the first so many is the cube root of theirs in all. */
const customerOf = ({ customers }: SiteHistory): Statement =>
  customers === 0
    ? sql`${OWNER}::int`
    : sql`${firstCustomer}::int + floor(${customers}::int * power((hashint8(o) & 2147483647) / 2147483648.0::float8, 3))::int`

const orders = (history: SiteHistory): Statement => sql`
  insert into orders (site_id, order_id, number, kind, customer_id, reference, ship_complete, priority, ordered_at, recorded_at)
  select ${history.site}, ${orderId(sql`o`, history)}, o, ${history.tills ? 'sale' : 'order'}, ${customerOf(history)}, null, false,
    ${history.tills ? 0 : 5}, ${timeOf(history)}, ${timeOf(history)}
  from ${eachOrder(history)}`

const orderLines = (history: SiteHistory): Statement => sql`
  insert into order_line (site_id, order_id, line, item_id, source_site_id, quantity, unit_price_minor, requested_on, promised_on, cancelled, shipped,
    delivered, returned)
  select ${history.site}, ${orderId(sql`o`, history)}, l, ${itemOf(history)}, ${history.site}, 1, ${PRICE_MINOR}, ${dayOf(history)}, ${dayOf(history)},
    0, 1, 1, 0
  from ${eachLine(history)}`

const planned = (history: SiteHistory): Statement => sql`
  insert into planned_move (site_id, document_id, line, part, kind, direction, status, item_id, owner_id, from_place_id, to_place_id, home_site_id,
    due_on, priority, age, unit_price_minor, planned, posted, cancelled, held, pegged, allocated, hold_expires_at)
  select ${history.site}, ${orderId(sql`o`, history)}, l, 1, 'order', 'demand', 'firm', ${itemOf(history)}, ${OWNER}, ${standardPlaces.shelf},
    ${virtualPlaces.customer}, ${history.site}, ${dayOf(history)}, ${history.tills ? 0 : 5}, o, ${PRICE_MINOR}, 1, 1, 0, 0, 0, 0, null
  from ${eachLine(history)}`

const shipments = (history: SiteHistory): Statement => sql`
  with shipped as (
    insert into shipment (site_id, shipment_id, order_id, home_site_id, shipped_at, delivered_at, received_by, state)
    select ${history.site}, ${orderId(sql`o`, history)}, ${orderId(sql`o`, history)}, ${history.site}, ${timeOf(history)}, ${timeOf(history)}, 'Ann',
      'delivered'
    from ${eachOrder(history)})
  insert into shipment_line (site_id, shipment_id, line, part, quantity, delivered)
  select ${history.site}, ${orderId(sql`o`, history)}, l, 1, 1, 1 from ${eachLine(history)}`

/** Everything has arrived, on the day it was ordered. */
const standings = (history: SiteHistory): Statement => sql`
  insert into flow_standing (site_id, stage, due_on, lines, value_minor)
  select ${history.site}, 'deliver', ${dayOf(history)}, count(*), count(*) * ${PRICE_MINOR} from ${eachLine(history)} group by 3`

/** Each answer begins as those of orders and sales do. */
const keys = (history: SiteHistory): Statement => sql`
  insert into idempotency_key (site_id, caller, key, request_sha256, status, answer, command, recorded_at)
  select ${history.site}, 'key:1', 'key-' || o, sha256(convert_to('key-' || o, 'UTF8')), 201,
    format('{"id":"%s","number":"%s-%s","lines":[{"line":1,"sku":"SKU-1","quantity":1,"held":1,"backordered":0,"reason":"in_stock"}]}',
      ${orderId(sql`o`, history)}, ${history.code}::text, o),
    ${history.tills ? 'sell' : 'placeOrder'}, ${timeOf(history)}
  from ${eachOrder(history)}`

const events = (history: SiteHistory): Statement => sql`
  insert into outbox (site_id, sequence, type, version, subject, to_site_id, occurred_at, recorded_at, data)
  select ${history.site}, (o - 1)::bigint * ${eventsOf(history).length}::int + e.place, e.type, 1, ${orderId(sql`o`, history)}::text, null, ${timeOf(history)},
    ${timeOf(history)}, '{"lines":[{"line":1,"quantity":1}]}'
  from ${eachOrder(history)}, unnest(${eventsOf(history)}::text[]) with ordinality e (type, place)`

async function makeHead(database: Connection, history: SiteHistory, sealKey: Buffer): Promise<void> {
  const { site, orders: numbers } = history
  const [last] = await database.query<{ hash: Buffer }>(sql`select hash from move where site_id = ${site} order by sequence desc limit 1`)
  const head = { moves: movesIn(history), hash: last!.hash, events: numbers * eventsOf(history).length, numbers }
  await database.execute(sql`
    insert into site_head (site_id, move_sequence, move_hash, outbox_sequence, last_number, recorded_at, seal)
    values (${site}, ${head.moves}, ${head.hash}, ${head.events}, ${head.numbers}, ${textOf(endOf(history))}::timestamptz,
      ${sealHead(sealKey, site, head)})`)
}
