// The log, checked: events are numbered without a gap, messages between sites were taken exactly when the reader says so, and goods in
// transit are what undelivered messages tell of: what one site sent is what the other received or will receive, at the same value.

import { sql, type Statement } from '../db.ts'
import { rowCheck, type Check, type CheckGroup, type Offence } from './check.ts'

const firstMissing = sql`
  -- every site: verification
  select 'outbox' as "table", t.site_id as site, 'sequence ' || (t.before + 1) as key, format('It is missing: after %s comes %s.', t.before, t.sequence) as problem
  from (select site_id, sequence, lag(sequence, 1, 0::bigint) over (partition by site_id order by sequence) as before from outbox) t
  where t.sequence <> t.before + 1
  order by t.site_id, t.sequence limit 1`

const outboxCheck: Check = {
  name: 'outbox',
  invariant: 'Events of a site are numbered from 1 without a gap.',
  find: async (session) => {
    // A number is given once (the primary key), so as many events as the last one's number are all of them.
    const [counted] = await session.query<{ whole: boolean }>(sql`
      -- every site: verification
      select coalesce(bool_and(t.events = t.last and t.first = 1), true) as whole
      from (select count(*) as events, min(sequence) as first, max(sequence) as last from outbox group by site_id) t`)
    return counted!.whole ? undefined : (await session.query<Offence>(firstMissing))[0]
  },
}

const cursorsCheck = rowCheck(
  'messages',
  "Every message up to the reader's place was taken by the site it was for, once.",
  sql`
    -- every site: verification
    select t."table", t.site_id as site, t.key, t.problem
    from (
      select 'outbox_cursor' as "table", c.site_id, 'reader ' || c.reader as key, format('It has read up to %s; the log ends at %s.', c.sequence, h.outbox_sequence) as problem
      from outbox_cursor c join site_head h on h.site_id = c.site_id
      where c.sequence > h.outbox_sequence
      union all
      select 'outbox', o.site_id, 'sequence ' || o.sequence, format('The message was read, but site %s has not taken it.', o.to_site_id)
      from outbox_cursor c
      join outbox o on o.site_id = c.site_id and o.to_site_id is not null and o.sequence <= c.sequence
      left join idempotency_key k on k.site_id = o.to_site_id and k.caller = 'site:' || o.site_id and k.key = o.sequence::text and k.status < 300
      where c.reader = 'messages' and k.site_id is null
    ) t
    order by t.site_id, t.key limit 1`,
)

export const gatherTransfers: readonly Statement[] = [
  sql`
    create temp table travelled on commit drop as
    -- every site: verification
    select site_id, cause, document_id, item_id, from_lot as lot, from_serial as serial, min(sequence) as first_sequence,
      sum(quantity)::bigint as quantity, sum(value_minor)::bigint as value_minor
    from uncommon_move where cause in ('transfer_out', 'transfer_in')
    group by site_id, cause, document_id, item_id, from_lot, from_serial`,
  sql`
    create temp table sent on commit drop as
    -- every site: verification
    select o.site_id, o.sequence, o.to_site_id, k.site_id is not null as taken, (o.data ->> 'transfer')::uuid as document_id, (g.goods ->> 'item')::int as item_id,
      g.goods ->> 'lot' as lot, g.goods ->> 'serial' as serial, sum((g.goods ->> 'quantity')::bigint)::bigint as quantity,
      sum((g.goods ->> 'value')::bigint)::bigint as value_minor
    from outbox o
    cross join lateral json_array_elements(o.data -> 'goods') g (goods)
    left join idempotency_key k on k.site_id = o.to_site_id and k.caller = 'site:' || o.site_id and k.key = o.sequence::text and k.status < 300
    where o.to_site_id is not null and o.type = 'transfer.sent'
    group by o.site_id, o.sequence, o.to_site_id, k.site_id, (o.data ->> 'transfer')::uuid, (g.goods ->> 'item')::int, g.goods ->> 'lot', g.goods ->> 'serial'`,
  // What sites asked others for, and whether the message was taken.
  sql`
    create temp table asked on commit drop as
    -- every site: verification
    select o.site_id, o.to_site_id, k.site_id is not null as taken, (o.data ->> 'transfer')::uuid as document_id, (l.line ->> 'line')::int as line,
      (l.line ->> 'item')::int as item_id, (l.line ->> 'quantity')::bigint as quantity
    from outbox o
    cross join lateral json_array_elements(o.data -> 'lines') l (line)
    left join idempotency_key k on k.site_id = o.to_site_id and k.caller = 'site:' || o.site_id and k.key = o.sequence::text and k.status < 300
    where o.to_site_id is not null and o.type = 'transfer.requested'`,
  // What sites told those that asked will not come, and whether the message was taken.
  sql`
    create temp table called_off on commit drop as
    -- every site: verification
    select o.site_id, o.to_site_id, k.site_id is not null as taken, (o.data ->> 'transfer')::uuid as document_id, (l.line ->> 'line')::int as line,
      sum((l.line ->> 'quantity')::bigint)::bigint as quantity
    from outbox o
    cross join lateral json_array_elements(o.data -> 'lines') l (line)
    left join idempotency_key k on k.site_id = o.to_site_id and k.caller = 'site:' || o.site_id and k.key = o.sequence::text and k.status < 300
    where o.to_site_id is not null and o.type = 'transfer.cancelled'
    group by o.site_id, o.to_site_id, k.site_id is not null, (o.data ->> 'transfer')::uuid, (l.line ->> 'line')::int`,
]

const askedCheck = rowCheck(
  'transfers asked for',
  'What a site asked another for is planned supply at the one and, once the message is taken, planned demand at the other; no other transfer is open.',
  sql`
    -- every site: verification
    select 'planned_move' as "table", site_id as site, format('transfer %s, line %s', document_id, line) as key,
      format('As %s of item %s were asked for %s; planned are %s of item %s.', kind, coalesce(a.item_id::text, 'none'), coalesce(a.quantity, 0),
        coalesce(p.planned, 0), coalesce(p.item_id::text, 'none')) as problem
    from (
      select site_id, 'transfer_in' as kind, document_id, line, item_id, quantity from asked
      union all
      select to_site_id, 'transfer_out', document_id, line, item_id, quantity from asked where taken
    ) a
    full join (
      select site_id, kind, document_id, line, item_id, planned, planned - posted - cancelled as open
      from uncommon_plan where kind in ('transfer_in', 'transfer_out')
    ) p using (site_id, kind, document_id, line)
    where (a.quantity is not null and (a.quantity is distinct from p.planned or a.item_id is distinct from p.item_id)) or (a.quantity is null and p.open <> 0)
    order by site_id, document_id, line limit 1`,
)

const calledOffCheck = rowCheck(
  'transfers called off',
  'What is cancelled of a transfer where it was asked for is what the site that was asked cancelled and told, once the message is taken.',
  sql`
    -- every site: verification
    select 'planned_move' as "table", site_id as site, format('transfer %s, line %s', document_id, line) as key,
      format('As %s %s are cancelled; told were %s.', kind, coalesce(p.cancelled, 0), coalesce(a.quantity, 0)) as problem
    from (
      select site_id, 'transfer_out' as kind, document_id, line, sum(quantity)::bigint as quantity from called_off group by site_id, document_id, line
      union all
      select to_site_id, 'transfer_in', document_id, line, sum(quantity)::bigint from called_off where taken group by to_site_id, document_id, line
    ) a
    full join (
      select site_id, kind, document_id, line, cancelled from uncommon_plan where kind in ('transfer_in', 'transfer_out') and cancelled <> 0
    ) p using (site_id, kind, document_id, line)
    where coalesce(a.quantity, 0) <> coalesce(p.cancelled, 0)
    order by site_id, document_id, line limit 1`,
)

const answeredCheck = rowCheck(
  'transfers answered',
  'The day on which goods of a transfer are to leave is the last that the site that asked was told; where it was told none, none is said.',
  sql`
    -- every site: verification
    select 'planned_move' as "table", p.site_id as site, format('transfer %s, line %s', p.document_id, p.line) as key,
      format('It is %s for %s; told was last %s.', p.status, p.due_on, coalesce(a.leaves_on::text, 'no day')) as problem
    from uncommon_plan p
    left join (
      select distinct on (o.site_id, document_id, line) o.site_id, (o.data ->> 'transfer')::uuid as document_id, (l.line ->> 'line')::int as line,
        (l.line ->> 'leavesOn')::date as leaves_on
      from outbox o
      cross join lateral json_array_elements(o.data -> 'lines') l (line)
      where o.to_site_id is not null and o.type = 'transfer.answered'
      order by o.site_id, document_id, line, o.sequence desc
    ) a on a.site_id = p.site_id and a.document_id = p.document_id and a.line = p.line
    where p.kind = 'transfer_out' and p.planned - p.posted - p.cancelled > 0
      and case when p.status = 'released' then a.leaves_on is distinct from p.due_on else a.leaves_on is not null end
    order by p.site_id, p.document_id, p.line limit 1`,
)

const sentCheck = rowCheck(
  'goods sent',
  'What left for another site is what the message to it tells, by item, lot, serial and value.',
  sql`
    -- every site: verification
    select case when s.sequence is null then 'move' else 'outbox' end as "table", site_id as site, 'sequence ' || coalesce(s.sequence, m.first_sequence) as key,
      format('Transfer %s of item %s: the message tells %s worth %s; the moves are %s worth %s.', document_id, item_id, coalesce(s.quantity, 0),
        coalesce(s.value_minor, 0), coalesce(m.quantity, 0), coalesce(m.value_minor, 0)) as problem
    from (
      select site_id, min(sequence) as sequence, document_id, item_id, lot, serial, sum(quantity)::bigint as quantity, sum(value_minor)::bigint as value_minor
      from sent group by site_id, document_id, item_id, lot, serial
    ) s
    full join (select * from travelled where cause = 'transfer_out') m using (site_id, document_id, item_id, lot, serial)
    where s.quantity is distinct from m.quantity or s.value_minor is distinct from m.value_minor
    order by site_id, 3 limit 1`,
)

const transitCheck = rowCheck(
  'goods in transit',
  'What another site took in or expects at its dock is what it was sent; what else is in transit is told by messages not yet taken.',
  sql`
    -- every site: verification
    select case when m.site_id is null then 'outbox' when m.first_sequence is null then 'arrival' else 'move' end as "table", coalesce(m.site_id, s.site_id) as site,
      case when m.site_id is not null and m.first_sequence is null then 'transfer ' || document_id else 'sequence ' || coalesce(m.first_sequence, s.sequence) end as key,
      format('Transfer %s of item %s: %s worth %s were sent and taken; moves and what is on its way are %s worth %s.', document_id, item_id, coalesce(s.quantity, 0),
        coalesce(s.value_minor, 0), coalesce(m.quantity, 0), coalesce(m.value_minor, 0)) as problem
    from (
      select min(site_id) as site_id, to_site_id, min(sequence) as sequence, document_id, item_id, lot, serial, sum(quantity)::bigint as quantity,
        sum(value_minor)::bigint as value_minor
      from sent where taken group by to_site_id, document_id, item_id, lot, serial
    ) s
    full join (
      select site_id, site_id as to_site_id, document_id, item_id, lot, serial, min(first_sequence) as first_sequence, sum(quantity)::bigint as quantity,
        sum(value_minor)::bigint as value_minor
      from (
        select site_id, document_id, item_id, lot, serial, first_sequence, quantity, value_minor from travelled where cause = 'transfer_in'
        union all
        select site_id, transfer_id, item_id, lot, serial, null, quantity, value_minor from arrival
      ) t
      group by site_id, document_id, item_id, lot, serial
    ) m
      using (to_site_id, document_id, item_id, lot, serial)
    where s.quantity is distinct from m.quantity or s.value_minor is distinct from m.value_minor
    order by 2, 3 limit 1`,
)

export const logGroup: CheckGroup = { checks: [outboxCheck, cursorsCheck] }

export const transferChecks = [sentCheck, transitCheck, askedCheck, answeredCheck, calledOffCheck]
