// Recount: what the projections of a site must be, computed from its facts by plain SQL that shares nothing with the lane. Each question
// answers with the rows that are wrong, so a fault is named and not only found.

import { sql, type Connection, type Statement } from '../server/db.ts'

/** The rows that are wrong, with the question they answer. */
export async function wrongRows(database: Connection): Promise<readonly object[]> {
  const found: object[] = []
  for (const [question, statement] of Object.entries(questions)) {
    for (const row of await database.query<object>(statement)) found.push({ question, ...row })
  }
  return found
}

const questions: Readonly<Record<string, Statement>> = {
  'stock is what came in less what went out': sql`
    with ends as (
      select site_id, item_id, to_owner_id as owner_id, to_condition as condition, to_place_id as place_id, to_lot as lot, to_serial as serial,
        to_package as package, quantity from move where to_place_id >= 100
      union all
      select site_id, item_id, from_owner_id, from_condition, from_place_id, from_lot, from_serial, from_package, -quantity
      from move where from_place_id >= 100),
    replayed as (
      select site_id, item_id, owner_id, condition, place_id, lot, serial, package, sum(quantity)::bigint as quantity
      from ends group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(quantity)::bigint <> 0)
    select site_id, item_id, place_id, condition, lot, serial, r.quantity as replayed, s.quantity as recorded
    from replayed r full join stock s using (site_id, item_id, owner_id, condition, place_id, lot, serial, package)
    where r.quantity is distinct from s.quantity`,
  'availability is the sum over sellable stock, holds and plans': sql`
    with sellable as (
      select s.site_id, s.item_id, s.owner_id, sum(s.quantity)::bigint as quantity
      from stock s join place p using (site_id, place_id)
      where s.condition = 'sellable' and p.kind in ('dock', 'shelf', 'bin', 'packing') group by 1, 2, 3),
    planned as (
      select site_id, item_id, owner_id, sum(held)::bigint as held,
        coalesce(sum(case when bound then held else planned - posted - cancelled end) filter (where direction = 'demand'), 0)::bigint as demand,
        coalesce(sum(planned - posted - cancelled) filter (where direction = 'supply' and bound is null), 0)::bigint as supply
      from planned_move group by 1, 2, 3)
    select site_id, item_id, a.sellable, s.quantity as sellable_sum, a.reserved, p.held, a.demand, p.demand as demand_sum, a.supply, p.supply as supply_sum
    from availability a full join sellable s using (site_id, item_id, owner_id) full join planned p using (site_id, item_id, owner_id)
    where coalesce(a.sellable, 0) <> coalesce(s.quantity, 0) or coalesce(a.reserved, 0) <> coalesce(p.held, 0)
      or coalesce(a.demand, 0) <> coalesce(p.demand, 0) or coalesce(a.supply, 0) <> coalesce(p.supply, 0)`,
  'what is free waits for nobody': sql`
    select a.site_id, a.item_id, a.sellable, a.reserved, a.demand, b.doubted
    from availability a
    left join belief b on b.site_id = a.site_id and b.item_id = a.item_id and b.owner_id = a.owner_id
    where a.sellable - least(greatest(a.sellable, 0), coalesce(b.doubted_heard, 0)) > a.reserved and a.demand > a.reserved`,
  'allocations add up at the stock row': sql`
    select site_id, item_id, place_id, lot, serial, s.allocated, a.quantity
    from (select * from stock where condition = 'sellable') s full join (
      select site_id, item_id, owner_id, place_id, lot, serial, package, sum(quantity)::bigint as quantity
      from allocation group by 1, 2, 3, 4, 5, 6, 7) a using (site_id, item_id, owner_id, place_id, lot, serial, package)
    where coalesce(s.allocated, 0) <> coalesce(a.quantity, 0)`,
  'allocations add up at the planned move': sql`
    select site_id, document_id, line, part, p.allocated, a.quantity
    from planned_move p full join (
      select site_id, document_id, line, part, sum(quantity)::bigint as quantity from allocation group by 1, 2, 3, 4) a
      using (site_id, document_id, line, part)
    where coalesce(p.allocated, 0) <> coalesce(a.quantity, 0)`,
  'pegs add up at both of their ends': sql`
    select p.site_id, p.document_id, p.line, p.part, p.pegged, g.quantity
    from planned_move p left join (
      select site_id, supply_document_id as document_id, supply_line as line, supply_part as part, sum(quantity)::bigint as quantity
      from peg group by 1, 2, 3, 4
      union all
      select site_id, demand_document_id, demand_line, demand_part, sum(quantity)::bigint from peg group by 1, 2, 3, 4) g
      using (site_id, document_id, line, part)
    where p.pegged <> coalesce(g.quantity, 0)`,
  'no demand is held and pegged for more than is open': sql`
    select site_id, document_id, line, held, pegged from planned_move
    where direction = 'demand' and held + pegged > planned - posted - cancelled`,
  'what is bound is pegged to its other half alone': sql`
    select s.site_id, s.document_id, s.line, s.planned - s.posted - s.cancelled as open, g.demand_document_id, g.quantity
    from planned_move s left join peg g on g.site_id = s.site_id and g.supply_document_id = s.document_id and g.supply_line = s.line
    left join purchase_line l on l.site_id = s.site_id and l.purchase_id = s.document_id and l.line = s.line
    where s.bound and s.direction = 'supply' and s.planned - s.posted - s.cancelled > 0
      and (g.quantity, g.demand_document_id, g.demand_line) is distinct from (s.planned - s.posted - s.cancelled, l.order_id, l.order_line)`,
  'a work order is expected when its components are there and it is made': sql`
    select w.site_id, w.work_order_id, o.due_on, max(s.due_on) as component_due, w.make_days
    from work_order w
    join planned_move o on o.site_id = w.site_id and o.document_id = w.work_order_id and o.kind = 'output' and o.planned - o.posted - o.cancelled > 0
    join peg g on g.site_id = w.site_id and g.demand_document_id = w.work_order_id
    join planned_move s on s.site_id = g.site_id and s.document_id = g.supply_document_id and s.line = g.supply_line and s.part = g.supply_part
    group by w.site_id, w.work_order_id, o.due_on, w.make_days
    having o.due_on < max(s.due_on) + w.make_days`,
  'values add up over moves and corrections': sql`
    with crossing as (
      select site_id, item_id, to_owner_id as owner_id, quantity, value_minor from move where from_place_id < 100 and to_place_id >= 100
      union all
      select site_id, item_id, from_owner_id, -quantity, -value_minor from move where from_place_id >= 100 and to_place_id < 100
      union all
      select site_id, item_id, to_owner_id, quantity, value_minor from move where from_place_id >= 100 and to_place_id >= 100 and from_owner_id <> to_owner_id
      union all
      select site_id, item_id, from_owner_id, -quantity, 0 from move where from_place_id >= 100 and to_place_id >= 100 and from_owner_id <> to_owner_id
      union all
      select site_id, item_id, owner_id, 0, amount_minor from value_correction
      -- One that was only ever said to be valued otherwise.
      union all
      select site_id, item_id, owner_id, 0, 0 from restatement)
    select site_id, item_id, v.quantity, sum(c.quantity)::bigint as quantity_sum, v.value_minor, sum(c.value_minor)::bigint as value_sum
    from crossing c full join item_value v using (site_id, item_id, owner_id)
    group by site_id, item_id, owner_id, v.quantity, v.value_minor
    having sum(c.quantity)::bigint is distinct from v.quantity or sum(c.value_minor)::bigint is distinct from v.value_minor`,
  'goods of others are worth nothing, and nobody counts on them before they are taken over': sql`
    select a.site_id, a.item_id, a.owner_id, v.value_minor, a.reserved, a.demand, a.supply
    from availability a left join item_value v using (site_id, item_id, owner_id) join site s on s.site_id = a.site_id
    where a.owner_id <> s.owner_id and (v.value_minor is distinct from 0 or a.reserved <> 0 or a.demand <> 0 or a.supply <> 0)`,
  'what others brought in is still theirs, was taken over for what is owed, or went': sql`
    with theirs as (
      select m.site_id, m.item_id, m.from_owner_id as owner_id,
        sum(case when m.cause in ('receipt', 'rejection') then m.quantity when m.from_place_id = 11 then m.quantity else 0 end)::bigint as came,
        sum(case when m.cause = 'take_over' then m.quantity else 0 end)::bigint as taken,
        sum(case when m.cause = 'take_over' then m.value_minor else 0 end)::bigint as owed,
        sum(case when m.to_place_id < 100 then m.quantity else 0 end)::bigint as went
      from move m join site s on s.site_id = m.site_id where m.from_owner_id <> s.owner_id group by 1, 2, 3),
    standing as (
      select k.site_id, k.item_id, k.owner_id, sum(k.quantity)::bigint as there
      from stock k join site s on s.site_id = k.site_id where k.owner_id <> s.owner_id group by 1, 2, 3),
    bought as (
      select l.site_id, l.item_id, o.supplier_id as owner_id, sum(l.received)::bigint as received, sum(l.received * l.unit_price_minor)::bigint as price
      from purchase_line l join purchase o using (site_id, purchase_id)
      where exists (select from move m where m.site_id = l.site_id and m.document_id = l.purchase_id and m.line = l.line and m.cause = 'take_over')
      group by 1, 2, 3)
    select site_id, item_id, owner_id, t.came, t.taken, t.went, k.there, t.owed, b.received, b.price
    from theirs t left join standing k using (site_id, item_id, owner_id) left join bought b using (site_id, item_id, owner_id)
    where t.came <> t.taken + t.went + coalesce(k.there, 0) or (t.taken, t.owed) is distinct from (coalesce(b.received, 0), coalesce(b.price, 0))`,
  'a line says what its planned moves say': sql`
    select l.site_id, l.order_id, l.line, l.shipped, p.posted, l.cancelled, p.cancelled as cancelled_sum
    from order_line l join (
      select site_id, document_id, line, sum(posted)::bigint as posted, sum(cancelled)::bigint as cancelled from planned_move group by 1, 2, 3) p
      on p.site_id = l.site_id and p.document_id = l.order_id and p.line = l.line
    where l.shipped <> p.posted or l.cancelled <> p.cancelled`,
  'ledger, log and head are numbered without gaps': sql`
    select h.site_id, h.move_sequence, m.most, m.rows, h.outbox_sequence, o.most as log_most, o.rows as log_rows
    from site_head h
    left join (select site_id, max(sequence) as most, count(*) as rows from move group by 1) m using (site_id)
    left join (select site_id, max(sequence) as most, count(*) as rows from outbox group by 1) o using (site_id)
    where h.move_sequence <> coalesce(m.most, 0) or h.move_sequence <> coalesce(m.rows, 0)
      or h.outbox_sequence <> coalesce(o.most, 0) or h.outbox_sequence <> coalesce(o.rows, 0)`,
  'time of recording never goes back': sql`
    select site_id, sequence from (
      select site_id, sequence, recorded_at, lag(recorded_at) over (partition by site_id order by sequence) as before from move) m
    where recorded_at < before`,
  'the day on which a lot expires is known beforehand': sql`
    select s.site_id, s.item_id, s.lot, l.expires_on, a.next_expiry
    from stock s join lot l using (site_id, item_id, lot) join place p using (site_id, place_id) join availability a using (site_id, item_id, owner_id)
    where s.condition = 'sellable' and s.quantity > 0 and p.kind in ('dock', 'shelf', 'bin', 'packing')
      and l.expires_on is not null and (a.next_expiry is null or a.next_expiry > l.expires_on)`,
}
