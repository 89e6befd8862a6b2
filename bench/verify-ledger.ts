// A long ledger, made fast: sites with opening stock, and orders of three lines that were picked, shipped and delivered, in all the rows that
// the lanes would have left behind. The database makes it by set-based statements, the chain of hashes by an aggregate of its own, so ten
// million moves take minutes; verify then finds nothing to complain about, as after a real history.

import { standardPlaces, virtualPlaces } from '../core/place.ts'
import { sql, type Connection, type Statement } from '../server/db.ts'
import { sealHead } from '../server/lane/chain.ts'
import { canonicalText } from '../server/verify/chain.ts'

export interface LedgerSize {
  readonly orders: number
  readonly items: number
}

const LINES_PER_ORDER = 3
/** Each line is picked and shipped. */
export const MOVES_PER_ORDER = 2 * LINES_PER_ORDER
const EVENTS = ['order.placed', 'order.allocated', 'order.picked', 'order.shipped', 'order.delivered']
const BEGUN = '2026-01-01T00:00:00Z'
const COST_MINOR = 100
const OWNER = 1
const FIRST_ITEM = 1001

/** Items, which all sites share. */
export async function makeItems(tx: Connection, items: number): Promise<void> {
  await tx.execute(sql`
    insert into item (item_id, sku, name, unit, tracking, standard_cost_minor, list_price_minor)
    select ${FIRST_ITEM}::int + n, 'SKU-' || n, 'Item ' || n, 'EA', 'none', ${COST_MINOR}::int, 250 from generate_series(0, ${items}::int - 1) n`)
}

/** One site with its whole history, in a transaction of its caller. */
export async function makeSite(tx: Connection, site: number, size: LedgerSize, sealKey: Buffer): Promise<void> {
  await tx.execute(sql`insert into site (site_id, code, name, owner_id) values (${site}, ${`SITE${site}`}, ${`Site ${site}`}, ${OWNER})`)
  const kinds = Object.keys(standardPlaces)
  await tx.execute(sql`
    insert into place (site_id, place_id, code, kind)
    select ${site}, t.place_id, upper(t.kind), t.kind from unnest(${Object.values(standardPlaces)}::int[], ${kinds}::text[]) t (place_id, kind)`)
  await tx.script(chainAggregate)
  for (const statement of [moves(site, size, sealKey), ...projections(site, size), ...orders(site, size)]) await tx.execute(statement)
  await makeHead(tx, site, size, sealKey)
}

/** The running hash of a chain: what server/lane/chain.ts computes a move at a time. */
const chainAggregate = `
  create or replace function pg_temp.link(bytea, text) returns bytea language sql immutable as $$ select sha256($1 || convert_to($2, 'UTF8')) $$;
  create or replace aggregate pg_temp.chain(text) (sfunc = pg_temp.link, stype = bytea, initcond = '\\x${'00'.repeat(32)}')`

const orderId = (number: Statement, site: number): Statement =>
  sql`(lpad(to_hex(${site}::int), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`
const itemOf = (items: number): Statement => sql`${FIRST_ITEM}::int + ((o * ${LINES_PER_ORDER}::int + l) % ${items}::int)`

/** Enough that no item runs out. */
const openingOf = (orders: number, items: number): number => Math.ceil((orders * LINES_PER_ORDER) / items) + 100

/** Opening stock of every item, then for each order its picks and its shipments. */
const moves = (site: number, { orders: count, items }: LedgerSize, sealKey: Buffer): Statement => sql`
  insert into move (site_id, sequence, item_id, quantity, from_place_id, from_package, from_lot, from_serial, from_condition, from_owner_id,
    to_place_id, to_package, to_lot, to_serial, to_condition, to_owner_id, cause, document_id, line, part, actor, value_minor, occurred_at, recorded_at,
    hash, seal)
  select h.site_id, h.sequence, h.item_id, h.quantity, h.from_place_id, '', '', '', 'sellable', h.from_owner_id, h.to_place_id, '', '', '', 'sellable',
    h.to_owner_id, h.cause, h.document_id, h.line, 1, h.actor, h.value_minor, h.occurred_at, h.recorded_at, h.hash,
    substr(sha256(${sealKey}::bytea || h.hash), 1, 16)
  from (
    select m.*, pg_temp.chain(${canonicalText}) over (order by m.sequence) as hash
    from (
      select ${site}::int as site_id, t.*, '' as from_package, '' as from_lot, '' as from_serial, 'sellable' as from_condition, ${OWNER}::int as from_owner_id,
        '' as to_package, '' as to_lot, '' as to_serial, 'sellable' as to_condition, ${OWNER}::int as to_owner_id, 1 as part, 'bench' as actor,
        t.quantity * ${COST_MINOR}::bigint as value_minor, t.occurred_at as recorded_at
      from (
        select n::bigint as sequence, ${FIRST_ITEM}::int + n - 1 as item_id, ${openingOf(count, items)}::bigint as quantity,
          ${virtualPlaces.opening}::int as from_place_id, ${standardPlaces.shelf}::int as to_place_id, 'opening' as cause,
          ${orderId(sql`0`, site)} as document_id, n as line, ${BEGUN}::timestamptz as occurred_at
        from generate_series(1, ${items}::int) n
        union all
        select ${items}::bigint + (o - 1) * ${MOVES_PER_ORDER}::int + s * ${LINES_PER_ORDER}::int + l, ${itemOf(items)}, 1,
          case s when 0 then ${standardPlaces.shelf}::int else ${standardPlaces.packing}::int end,
          case s when 0 then ${standardPlaces.packing}::int else ${virtualPlaces.customer}::int end,
          case s when 0 then 'pick' else 'shipment' end, ${orderId(sql`o`, site)}, l, ${BEGUN}::timestamptz + o * interval '1 second'
        from generate_series(1, ${count}::int) o, generate_series(0, 1) s, generate_series(1, ${LINES_PER_ORDER}::int) l
      ) t
    ) m
  ) h
  order by h.sequence`

function projections(site: number, { orders: count, items }: LedgerSize): Statement[] {
  const left = sql`
    select ${FIRST_ITEM}::int + n as item_id, ${openingOf(count, items)}::bigint - coalesce(t.sold, 0) as quantity
    from generate_series(0, ${items}::int - 1) n
    left join (
      select ${itemOf(items)} as item_id, count(*) as sold from generate_series(1, ${count}::int) o, generate_series(1, ${LINES_PER_ORDER}::int) l group by 1
    ) t on t.item_id = ${FIRST_ITEM}::int + n`
  return [
    sql`
      insert into stock (site_id, item_id, owner_id, condition, place_id, lot, serial, package, quantity, allocated)
      select ${site}, s.item_id, ${OWNER}, 'sellable', ${standardPlaces.shelf}, '', '', '', s.quantity, 0 from (${left}) s`,
    sql`
      insert into availability (site_id, item_id, owner_id, sellable, reserved, demand, supply, next_expiry)
      select ${site}, s.item_id, ${OWNER}, s.quantity, 0, 0, 0, null from (${left}) s`,
    sql`
      insert into item_value (site_id, item_id, owner_id, quantity, value_minor, last_value_minor, last_quantity)
      select ${site}, s.item_id, ${OWNER}, s.quantity, s.quantity * ${COST_MINOR}::bigint, ${COST_MINOR}, 1 from (${left}) s`,
  ]
}

function orders(site: number, { orders: count, items }: LedgerSize): Statement[] {
  const each = sql`generate_series(1, ${count}::int) o`
  const eachLine = sql`generate_series(1, ${count}::int) o, generate_series(1, ${LINES_PER_ORDER}::int) l`
  const id = orderId(sql`o`, site)
  const at = sql`${BEGUN}::timestamptz + o * interval '1 second'`
  return [
    sql`
      insert into orders (site_id, order_id, number, kind, customer_id, reference, ship_complete, priority, ordered_at, recorded_at)
      select ${site}, ${id}, o, 'order', 1, null, false, 5, ${at}, ${at} from ${each}`,
    sql`
      insert into order_line (site_id, order_id, line, item_id, source_site_id, quantity, unit_price_minor, requested_on, promised_on, cancelled, shipped,
        delivered, returned)
      select ${site}, ${id}, l, ${itemOf(items)}, ${site}, 1, 250, '2026-01-01', '2026-01-01', 0, 1, 1, 0 from ${eachLine}`,
    sql`
      insert into planned_move (site_id, document_id, line, part, kind, direction, status, item_id, owner_id, from_place_id, to_place_id, home_site_id,
        due_on, priority, age, planned, posted, cancelled, held, pegged, allocated, hold_expires_at)
      select ${site}, ${id}, l, 1, 'order', 'demand', 'firm', ${itemOf(items)}, ${OWNER}, ${standardPlaces.shelf}, ${virtualPlaces.customer}, ${site},
        '2026-01-01', 5, o, 1, 1, 0, 0, 0, 0, null
      from ${eachLine}`,
    sql`
      insert into shipment (site_id, shipment_id, order_id, home_site_id, shipped_at, delivered_at, received_by, state)
      select ${site}, ${id}, ${id}, ${site}, ${at}, ${at}, 'Ann', 'delivered' from ${each}`,
    sql`insert into shipment_line (site_id, shipment_id, line, part, quantity, delivered) select ${site}, ${id}, l, 1, 1, 1 from ${eachLine}`,
    sql`
      insert into idempotency_key (site_id, caller, key, request_sha256, status, answer, recorded_at)
      select ${site}, 'bench', 'key-' || o, sha256(convert_to('key-' || o, 'UTF8')), 201,
        format('{"id":"%s","number":"%s-%s","lines":[{"line":1,"sku":"SKU-1","quantity":1,"held":1,"backordered":0,"reason":"in_stock"}]}', ${id},
          ${`SITE${site}`}::text, o), ${at}
      from ${each}`,
    sql`
      insert into outbox (site_id, sequence, type, version, subject, to_site_id, occurred_at, recorded_at, data)
      select ${site}, (o - 1) * ${EVENTS.length}::bigint + e.place, e.type, 1, ${id}::text, null, ${at}, ${at},
        '{"lines":[{"line":1,"quantity":1},{"line":2,"quantity":1},{"line":3,"quantity":1}]}'
      from ${each}, unnest(${EVENTS}::text[]) with ordinality e (type, place)`,
  ]
}

async function makeHead(tx: Connection, site: number, { orders: count, items }: LedgerSize, sealKey: Buffer): Promise<void> {
  const [last] = await tx.query<{ hash: Buffer }>(sql`select hash from move where site_id = ${site} order by sequence desc limit 1`)
  const head = { moves: items + count * MOVES_PER_ORDER, hash: last!.hash, events: count * EVENTS.length, numbers: count }
  await tx.execute(sql`
    insert into site_head (site_id, move_sequence, move_hash, outbox_sequence, last_number, recorded_at, seal)
    values (${site}, ${head.moves}, ${head.hash}, ${head.events}, ${head.numbers}, ${BEGUN}::timestamptz + ${count}::int * interval '1 second',
      ${sealHead(sealKey, site, head)})`)
}
