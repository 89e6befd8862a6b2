// Counts, checked: what a count says that it found is what its moves come to, those included that undo what was told late; a posted sheet counted each of its
// positions once, and posted what it says; one that is not posted has moved nothing.

import { sql } from '../db.ts'
import { rowCheck, type CheckGroup } from './check.ts'

const countsCheck = rowCheck(
  'counts',
  'What a count found at a position is what its moves brought there, less what they took.',
  sql`
    -- every site: verification
    select 'position_count' as "table", c.site_id as site, format('document %s, line %s', c.document_id, c.line) as key,
      format('It found %s; its moves come to %s.', c.difference, coalesce(m.quantity, 0)) as problem
    from position_count c
    left join lateral (
      select sum(case when m.to_place_id >= 100 then m.quantity else -m.quantity end)::bigint as quantity
      from move m
      where m.site_id = c.site_id and m.document_id = c.document_id and m.line = c.line and m.cause = 'count'
    ) m on true
    where c.difference <> coalesce(m.quantity, 0)
    order by c.site_id, c.document_id, c.line limit 1`,
)

const sheetsCheck = rowCheck(
  'count sheets',
  'A posted sheet says of each position that was counted what its count says, and no other sheet has posted anything.',
  sql`
    -- every site: verification
    select 'count_sheet' as "table", t.site_id as site, format('sheet %s, line %s', t.sheet_id, t.line) as key, t.problem
    from (
      select p.site_id, p.sheet_id, p.line,
        case when h.state <> 'posted' then format('It is %s and has posted a count.', h.state)
          when c.line is null then 'It is posted, and this was counted and not posted.'
          when p.counted is null then 'Nobody counted this, and it is posted.'
          else 'What is posted is another position, or of another time.' end as problem
      from count_sheet h
      join count_position p on p.site_id = h.site_id and p.sheet_id = h.sheet_id
      left join position_count c on c.site_id = p.site_id and c.document_id = p.sheet_id and c.line = p.line
      where case when h.state <> 'posted' then c.line is not null
        else (p.counted is null) <> (c.line is null) or (c.line is not null
          and (c.item_id, c.owner_id, c.place_id, c.lot, c.serial, c.counted_at) is distinct from (p.item_id, p.owner_id, p.place_id, p.lot, p.serial, p.counted_at)) end
      union all
      select p.site_id, p.sheet_id, p.line, format('There were found %s, and its first moves do not come to that.', p.difference)
      from count_sheet h
      join count_position p on p.site_id = h.site_id and p.sheet_id = h.sheet_id and p.difference <> 0
      where h.state = 'posted' and not exists (
        select from (
          select sum(case when m.to_place_id >= 100 then m.quantity else -m.quantity end) over (order by m.sequence)::bigint as quantity
          from move m where m.site_id = p.site_id and m.document_id = p.sheet_id and m.line = p.line and m.cause = 'count') r
        where r.quantity = p.difference)
    ) t
    order by t.site_id, t.sheet_id, t.line limit 1`,
)

export const countGroup: CheckGroup = { checks: [countsCheck, sheetsCheck] }
