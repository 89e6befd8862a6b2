// Orders, checked: every line is accounted for by the planned moves of the sites that serve it, shipments say what was posted, and every
// order has its number and its one key. What a serving site has told and the home site has not heard yet is counted as on its way.

import { sql, type Statement } from '../db.ts'
import { documentKey, lineKey, partKey, raw, sumsOf, weigh, type Balance } from './balance.ts'
import { rowCheck, type CheckGroup } from './check.ts'

/** Progress of lines that is told in messages which the home site has not taken yet. */
export const told = sql`
  -- every site: verification
  select o.to_site_id as site_id, (o.data ->> 'order')::uuid as order_id, (t.line ->> 'line')::int as line,
    coalesce(sum((t.line ->> 'quantity')::bigint) filter (where o.data ->> 'progress' = 'shipped'), 0)::bigint
      - coalesce(sum((t.line ->> 'quantity')::bigint) filter (where o.data ->> 'progress' = 'lost'), 0)::bigint as shipped,
    coalesce(sum((t.line ->> 'quantity')::bigint) filter (where o.data ->> 'progress' = 'cancelled'), 0)::bigint as cancelled,
    coalesce(sum((t.line ->> 'quantity')::bigint) filter (where o.data ->> 'progress' = 'delivered'), 0)::bigint as delivered,
    coalesce(sum((t.line ->> 'quantity')::bigint) filter (where o.data ->> 'progress' = 'cameBack'), 0)::bigint as came_back,
    coalesce(sum((t.line ->> 'quantity')::bigint) filter (where o.data ->> 'progress' = 'lost'), 0)::bigint as lost
  from outbox o
  cross join lateral json_array_elements(o.data -> 'lines') t (line)
  left join idempotency_key k on k.site_id = o.to_site_id and k.caller = 'site:' || o.site_id and k.key = o.sequence::text and k.status < 300
  where o.to_site_id is not null and o.type = 'order.line_progress' and k.site_id is null
  group by o.to_site_id, (o.data ->> 'order')::uuid, (t.line ->> 'line')::int`

/**
 * Holds at other sites come and go before a line counts on one. Only rows of the site that serves the line count, and of those the last part:
 * earlier ones expired and were taken again. One that expired and is not confirmed yet counts as open: the confirmation takes it again. Orders
 * that have such rows are few, and always looked at one by one.
 */
const unusualOf = (table: 'planned_move' | 'uncommon_plan'): Statement => sql`
  -- every site: verification
  select p.home_site_id, p.document_id from ${raw(table)} p
  where p.kind = 'order' and (p.hold_expires_at is not null or p.part > 1 or (p.site_id <> p.home_site_id and p.cancelled = p.planned))`

const linesWhere = (condition: Statement): Statement => sql`
  -- every site: verification
  select 'order_line' as "table", t.site_id as site, format('order %s, line %s', t.order_id, t.line) as key,
    format('%s asked, %s shipped, %s cancelled; planned moves have posted %s, cancelled %s, and %s are open.', t.quantity, t.shipped, t.cancelled,
      t.posted, t.given_up, t.open) as problem
  from (
    select l.site_id, l.order_id, l.line, l.quantity, l.shipped + coalesce(d.shipped, 0) as shipped, l.cancelled + coalesce(d.cancelled, 0) as cancelled,
      coalesce(p.posted, 0) as posted,
      case when p.hold_expires_at is not null and p.cancelled = p.planned then 0 else coalesce(p.cancelled, 0) end as given_up,
      case when p.hold_expires_at is not null and p.cancelled = p.planned then p.planned else coalesce(p.planned - p.posted - p.cancelled, 0) end as open
    from order_line l
    left join (
      select p.* from planned_move p
      left join planned_move q on q.site_id = p.site_id and q.document_id = p.document_id and q.line = p.line and q.part > p.part
      where p.kind = 'order' and q.site_id is null
    ) p on p.home_site_id = l.site_id and p.site_id = l.source_site_id and p.document_id = l.order_id and p.line = l.line and p.item_id = l.item_id
    left join (${told}) d on d.site_id = l.site_id and d.order_id = l.order_id and d.line = l.line
    where ${condition}
  ) t
  where t.shipped <> t.posted or t.cancelled <> t.given_up or t.quantity - t.shipped - t.cancelled <> t.open
  order by t.site_id, t.order_id, t.line limit 1`

const orphansWhere = (condition: Statement): Statement => sql`
  -- every site: verification
  select 'planned_move' as "table", p.site_id as site, format('document %s, line %s, part %s', p.document_id, p.line, p.part) as key,
    'Its home site has no such line of this item that is served from here.' as problem
  from planned_move p
  left join order_line l on l.site_id = p.home_site_id and l.source_site_id = p.site_id and l.order_id = p.document_id and l.line = p.line
    and l.item_id = p.item_id
  where p.kind = 'order' and l.site_id is null and p.hold_expires_at is null and p.cancelled < p.planned and ${condition}
  order by p.site_id, p.document_id, p.line, p.part limit 1`

const accounted = 'What is asked for in a line is shipped, cancelled or still planned, as its planned moves say.'
const belongsToLine =
  'Whatever is planned for an order belongs to a line of it; only a hold that was never confirmed, or was let go whole, may stand alone.'
const linesCheck = rowCheck('order lines', accounted, linesWhere(sql`true`))
const unusualLinesCheck = rowCheck(
  'order lines of other sites',
  accounted,
  linesWhere(sql`(l.site_id, l.order_id) in (${unusualOf('uncommon_plan')})`),
)
const orphansCheck = rowCheck('planned for orders', belongsToLine, orphansWhere(sql`true`))
const unusualOrphansCheck = rowCheck(
  'planned for other sites',
  belongsToLine,
  orphansWhere(sql`(p.home_site_id, p.document_id) in (${unusualOf('uncommon_plan')})`),
)

/** Shipped, cancelled and open of every line, on both sides. */
const linesBalance: Balance = {
  withMoves: false,
  sides: (seed) => {
    const key = (site: string, document: string, row: string, source: string): Statement =>
      lineKey(partKey(documentKey(seed, site, document), `${row}.line`, `${row}.item_id`), source)
    return sql`
      -- every site: verification
      with unusual as materialized (${unusualOf('planned_move')})
      select ${sumsOf('t.key', [
        { amount: raw('t.shipped'), bit: 0 },
        { amount: raw('t.cancelled'), bit: 16 },
        { amount: raw('t.open'), bit: 32 },
      ])}
      from (
        select l.shipped, l.cancelled, l.quantity - l.shipped - l.cancelled as open, ${key('l.site_id', 'l.order_id', 'l', 'l.source_site_id')} as key
        from order_line l where (l.site_id, l.order_id) not in (select home_site_id, document_id from unusual)
        union all
        select -p.posted, -p.cancelled, p.posted + p.cancelled - p.planned, ${key('p.home_site_id', 'p.document_id', 'p', 'p.site_id')}
        from planned_move p where p.kind = 'order' and (p.home_site_id, p.document_id) not in (select home_site_id, document_id from unusual)
        union all
        select d.shipped, d.cancelled, - d.shipped - d.cancelled, ${key('d.site_id', 'd.order_id', 'l', 'l.source_site_id')}
        from (${told}) d join order_line l on l.site_id = d.site_id and l.order_id = d.order_id and l.line = d.line
        where (d.site_id, d.order_id) not in (select home_site_id, document_id from unusual)
        offset 0
      ) t`
  },
}

/**
 * Delivered and returned of every line, what came back undelivered, what was lost, and what shipments carry; a sale is handed over by its moves, an order by
 * its shipments. A line of no shipment weighs under a key of its own.
 */
const handedOverBalance: Balance = {
  withMoves: true,
  sides: (seed) => sql`
    -- every site: verification
    select ${sumsOf('t.key', [
      { amount: raw('-t.delivered'), bit: 0 },
      { amount: raw('-t.returned'), bit: 16 },
    ])}
    from (
      select l.delivered, l.returned, ${lineKey(documentKey(seed, 'l.site_id', 'l.order_id'), 'l.line')} as key
      from order_line l where l.delivered <> 0 or l.returned <> 0
      union all
      select d.delivered, 0, ${lineKey(documentKey(seed, 'd.site_id', 'd.order_id'), 'd.line')} from (${told}) d
      offset 0
    ) t
    union all
    select coalesce(sum(
        ${weigh('t.part_key', [
          { amount: raw('-t.quantity'), bit: 16 },
          { amount: raw('-t.lost'), bit: 32 },
        ])} + ${weigh('t.line_key', [{ amount: raw('-t.came_back'), bit: 32 }])}
        + ${weigh('t.home_key', [{ amount: raw('t.delivered'), bit: 0 }])}), 0)::text, '0'
    from (
      select k.quantity, k.came_back, k.lost, k.delivered, coalesce(${partKey(raw('k.document'), 'k.line', 'k.part')}, -1) as part_key,
        coalesce(${lineKey(raw('k.document'), 'k.line')}, -1) as line_key, coalesce(${lineKey(raw('k.home_document'), 'k.line')}, -1) as home_key
      from (
        select c.line, c.part, c.quantity, c.came_back, c.lost, case when h.delivered_at is null then 0 else c.delivered end as delivered,
          ${documentKey(seed, 'h.site_id', 'h.order_id')} as document,  ${documentKey(seed, 'h.home_site_id', 'h.order_id')} as home_document
        from shipment_line c left join shipment h on h.site_id = c.site_id and h.shipment_id = c.shipment_id
        offset 0
      ) k
      offset 0
    ) t`,
}

const quantitiesCheck = rowCheck(
  'order quantities',
  'No more of a line is shipped and cancelled than was asked, delivered or brought back than shipped, returned than delivered.',
  sql`
    -- every site: verification
    select 'order_line' as "table", site_id as site, format('order %s, line %s', order_id, line) as key,
      format('%s asked, %s cancelled, %s shipped, %s delivered, %s came back, %s returned.', quantity, cancelled, shipped, delivered, came_back, returned)
        as problem
    from order_line
    where cancelled < 0 or delivered < 0 or came_back < 0 or lost < 0 or returned < 0
      or cancelled + shipped > quantity or delivered + came_back > shipped or returned > delivered
    order by site_id, order_id, line limit 1`,
)

const shipmentsCheck = rowCheck(
  'shipments',
  'What was posted for an order line is what its shipments carry and did not lose; a sale is handed over and has none.',
  sql`
    -- every site: verification
    select case when s.site_id is null then 'planned_move' else 'shipment_line' end as "table", site_id as site,
      format('order %s, line %s, part %s', order_id, line, part) as key,
      format('%s are posted; shipments carry %s.', coalesce(p.posted, 0), coalesce(s.quantity, 0)) as problem
    from (
      select m.site_id, m.document_id as order_id, m.line, m.part, m.posted from planned_move m
      left join orders o on o.site_id = m.site_id and o.order_id = m.document_id and o.kind = 'sale'
      where m.kind = 'order' and m.posted <> 0 and o.site_id is null
    ) p
    full join (
      select h.site_id, h.order_id, l.line, l.part, sum(l.quantity - l.lost)::bigint as quantity
      from shipment h
      left join shipment_line l on l.site_id = h.site_id and l.shipment_id = h.shipment_id
      group by h.site_id, h.order_id, l.line, l.part
    ) s using (site_id, order_id, line, part)
    where p.posted is distinct from s.quantity
    order by site_id, order_id, line, part limit 1`,
)

const deliveredCheck = rowCheck(
  'delivered',
  'What is delivered of a line is what its delivered shipments carry; a sale is delivered when it is made.',
  sql`
    -- every site: verification
    select 'order_line' as "table", l.site_id as site, format('order %s, line %s', l.order_id, l.line) as key,
      format('It says that %s are delivered; %s are.', l.delivered, case when o.kind = 'sale' then l.quantity else coalesce(t.quantity, 0) end) as problem
    from order_line l
    join orders o on o.site_id = l.site_id and o.order_id = l.order_id
    left join (
      select h.home_site_id as site_id, h.order_id, c.line, sum(c.delivered)::bigint as quantity
      from shipment h join shipment_line c on c.site_id = h.site_id and c.shipment_id = h.shipment_id
      where h.delivered_at is not null
      group by h.home_site_id, h.order_id, c.line
    ) t on t.site_id = l.site_id and t.order_id = l.order_id and t.line = l.line
    left join (${told}) d on d.site_id = l.site_id and d.order_id = l.order_id and d.line = l.line
    where l.delivered + coalesce(d.delivered, 0) <> case when o.kind = 'sale' then l.quantity else coalesce(t.quantity, 0) end
    order by l.site_id, l.order_id, l.line limit 1`,
)

const returnedCheck = rowCheck(
  'returned',
  'What is returned of a line came back by moves.',
  sql`
    -- every site: verification
    select 'order_line' as "table", site_id as site, format('order %s, line %s', order_id, line) as key,
      format('It says that %s are returned; its moves add up to %s.', coalesce(l.returned::text, 'missing: none'), coalesce(m.quantity, 0)) as problem
    from (select site_id, order_id, line, returned from order_line where returned <> 0) l
    full join (
      select site_id, document_id as order_id, line, sum(quantity)::bigint as quantity from move where cause = 'return' group by site_id, document_id, line
    ) m using (site_id, order_id, line)
    where coalesce(l.returned, 0) <> coalesce(m.quantity, 0)
    order by site_id, order_id, line limit 1`,
)

const broughtBackCheck = rowCheck(
  'brought back',
  'What shipments say came back undelivered came back by moves.',
  sql`
    -- every site: verification
    select case when s.site_id is null then 'move' else 'shipment_line' end as "table", site_id as site, format('order %s, line %s', order_id, line) as key,
      format('Its shipments say that %s came back; moves add up to %s.', coalesce(s.quantity, 0), coalesce(m.quantity, 0)) as problem
    from (
      select h.site_id, h.order_id, c.line, sum(c.came_back)::bigint as quantity
      from shipment h join shipment_line c on c.site_id = h.site_id and c.shipment_id = h.shipment_id
      where c.came_back <> 0 group by h.site_id, h.order_id, c.line
    ) s
    full join (
      select site_id, document_id as order_id, line, sum(quantity)::bigint as quantity from move where cause = 'undelivered'
      group by site_id, document_id, line
    ) m using (site_id, order_id, line)
    where coalesce(s.quantity, 0) <> coalesce(m.quantity, 0)
    order by site_id, order_id, line limit 1`,
)

const lostCheck = rowCheck(
  'lost on the way',
  'What shipments say was lost on the way was lost by moves.',
  sql`
    -- every site: verification
    select case when s.site_id is null then 'move' else 'shipment_line' end as "table", site_id as site,
      format('order %s, line %s, part %s', order_id, line, part) as key,
      format('Its shipments say that %s were lost; moves add up to %s.', coalesce(s.quantity, 0), coalesce(m.quantity, 0)) as problem
    from (
      select h.site_id, h.order_id, c.line, c.part, sum(c.lost)::bigint as quantity
      from shipment h join shipment_line c on c.site_id = h.site_id and c.shipment_id = h.shipment_id
      where c.lost <> 0 group by h.site_id, h.order_id, c.line, c.part
    ) s
    full join (
      select site_id, document_id as order_id, line, part, sum(quantity)::bigint as quantity from move where cause = 'shipment_loss'
      group by site_id, document_id, line, part
    ) m using (site_id, order_id, line, part)
    where coalesce(s.quantity, 0) <> coalesce(m.quantity, 0)
    order by site_id, order_id, line, part limit 1`,
)

const numbersCheck = rowCheck(
  'order numbers',
  'The orders of a site are numbered from 1 without a gap up to its last number.',
  sql`
    -- every site: verification
    select 'orders' as "table", t.site_id as site, 'number ' || t.expected as key, t.problem
    from (
      select n.site_id, n.expected, 'It is missing.' as problem
      from (select site_id, number, row_number() over (partition by site_id order by number) as expected from orders) n
      where n.number <> n.expected
      union all
      select h.site_id, h.last_number, format('It is the last one given out, and there are %s orders.', coalesce(c.orders, 0))
      from site_head h left join (select site_id, count(*) as orders from orders group by site_id) c on c.site_id = h.site_id
      where h.site_id <> 0 and h.last_number <> coalesce(c.orders, 0)
    ) t
    order by t.site_id, t.expected limit 1`,
)

/** An order's answer begins with its id and number, as `placeOrder` and `sell` give it: {"id":"..","number":"..",.. */
const keysCheck = rowCheck(
  'order keys',
  'Every answer that names an order names one that is there, and every order has exactly one key.',
  sql`
    -- every site: verification
    select case when o.order_id is null then 'idempotency_key' else 'orders' end as "table", coalesce(o.site_id, k.site_id) as site,
      case when o.order_id is null then k.name else format('order %s', o.order_id) end as key,
      case
        when o.order_id is null then format('Its answer names order %s, which is not there.', k.order_id)
        when k.keys is null then 'No key has an answer that names it.'
        when k.keys > 1 then format('%s keys name it.', k.keys)
        else format('Its number is %s; its key %s answers %s.', o.number, k.name, k.number)
      end as problem
    from (select h.site_id, h.order_id, h.order_id::text as name, s.code || '-' || h.number as number from orders h join site s on s.site_id = h.site_id) o
    full join (
      select site_id, substr(answer, 8, 36) as order_id, count(*) as keys, min(caller || ' ' || key) as name,
        min(split_part(substr(answer, 56, 40), '"', 1)) as number
      from idempotency_key
      where status = 201 and substr(answer, 1, 7) = '{"id":"' and substr(answer, 44, 12) = '","number":"'
      group by site_id, substr(answer, 8, 36)
    ) k on k.site_id = o.site_id and k.order_id = o.name
    where o.order_id is null or k.keys is distinct from 1 or k.number <> o.number
    order by 2, 3 limit 1`,
)

/** Each order's id and number on one side, each answer's on the other. */
const keysBalance: Balance = {
  withMoves: false,
  sides: (seed) => sql`
    -- every site: verification
    select ${sumsOf('t.key', [{ amount: raw('t.one'), bit: 0 }])}
    from (
      select 1 as one, hashtextextended(o.order_id::text || s.code || '-' || o.number, ${seed}::bigint + o.site_id) as key
      from orders o join site s on s.site_id = o.site_id
      union all
      select -1, hashtextextended(substr(k.answer, 8, 36) || split_part(substr(k.answer, 56, 40), '"', 1), ${seed}::bigint + k.site_id)
      from idempotency_key k
      where k.status = 201 and substr(k.answer, 1, 7) = '{"id":"' and substr(k.answer, 44, 12) = '","number":"'
      offset 0
    ) t`,
}

const nounsCheck = rowCheck(
  'nouns of orders',
  'Every order has a customer and lines; every line an order, an item and a site that serves it; every reference its key.',
  sql`
    -- every site: verification
    select t."table", t.site_id as site, t.key, t.problem
    from (
      select 'orders' as "table", o.site_id, format('order %s', o.order_id) as key, 'Its customer does not exist.' as problem
      from orders o left join party c on c.party_id = o.customer_id where c.party_id is null
      union all
      select case when o.site_id is null then 'order_line' else 'orders' end, site_id, format('order %s', order_id),
        case when o.site_id is null then 'There is no such order.' else 'It has no line.' end
      from orders o full join (select distinct site_id, order_id from order_line) l using (site_id, order_id) where o.site_id is null or l.site_id is null
      union all
      select 'orders', o.site_id, format('order %s', o.order_id), format('No key keeps its reference "%s".', o.reference)
      from orders o left join idempotency_key k on k.site_id = o.site_id and k.caller = 'reference' and k.key = o.reference
      where o.reference is not null and k.site_id is null
      union all
      select 'order_line', l.site_id, format('item %s, source %s', l.item_id, l.source_site_id), 'Its item or source does not exist.'
      from (select site_id, item_id, source_site_id from order_line group by site_id, item_id, source_site_id) l
      left join item i on i.item_id = l.item_id
      left join site s on s.site_id = l.source_site_id
      where i.item_id is null or s.site_id is null
    ) t
    order by t.site_id, t."table", t.key limit 1`,
)

const shipmentOrphansCheck = rowCheck(
  'nouns of shipments',
  'Every line of a shipment belongs to one.',
  sql`
    -- every site: verification
    select 'shipment_line' as "table", c.site_id as site, format('shipment %s, line %s, part %s', c.shipment_id, c.line, c.part) as key,
      'Its shipment does not exist.' as problem
    from shipment_line c left join shipment h on h.site_id = c.site_id and h.shipment_id = c.shipment_id
    where h.site_id is null
    order by c.site_id, c.shipment_id, c.line, c.part limit 1`,
)

export const orderGroups: readonly CheckGroup[] = [
  { balances: [linesBalance], checks: [linesCheck, orphansCheck] },
  { balances: [handedOverBalance], checks: [deliveredCheck, returnedCheck, broughtBackCheck, lostCheck, shipmentsCheck, shipmentOrphansCheck] },
  { balances: [keysBalance], checks: [keysCheck] },
  { checks: [numbersCheck, quantitiesCheck] },
  { checks: [nounsCheck] },
]

export const unusualOrderChecks = [unusualLinesCheck, unusualOrphansCheck]
