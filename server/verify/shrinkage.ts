// Shrinkage, checked: what was said of a loss is what its move took, what undid it brought the same back, and none is missing; and sums of what was sold are
// what the moves come to, as far as they are rolled up.

import { sql } from '../db.ts'
import { addedSales } from '../shrinkage.ts'
import { rowCheck, type CheckGroup } from './check.ts'

const lossesCheck = rowCheck(
  'losses',
  'What was said of a loss is what its move took, and what undid it brought as much back where it was lost.',
  sql`
    -- every site: verification
    select 'loss' as "table", t.site_id as site, t.document_id::text as key, t.problem
    from (
      select l.site_id, l.document_id,
        case when m.sequence is null then 'No move is of it.'
          when l.undoes is not null and (u.document_id is null or u.undoes is not null) then 'It undoes a loss that is not there.'
          when l.undoes is not null and (u.item_id, u.owner_id, u.quantity, u.place_id, u.lot, u.serial, u.cause) is distinct from
            (l.item_id, l.owner_id, l.quantity, l.place_id, l.lot, l.serial, l.cause) then 'It undoes another loss than it says.'
          else format('It says %s worth %s; its move has %s worth %s, or other goods.', l.quantity, l.value_minor, m.quantity, m.value_minor) end as problem
      from loss l
      left join move m on m.site_id = l.site_id and m.document_id = l.document_id and m.cause = case when l.undoes is null then 'loss' else 'unloss' end
      left join loss u on u.site_id = l.site_id and u.document_id = l.undoes
      where m.sequence is null
        or case when l.undoes is null
          then (m.item_id, m.from_owner_id, m.quantity, m.from_place_id, m.from_lot, m.from_serial, m.from_condition, m.value_minor, m.occurred_at)
          else (m.item_id, m.to_owner_id, m.quantity, m.to_place_id, m.to_lot, m.to_serial, m.to_condition, m.value_minor, m.occurred_at) end
          is distinct from (l.item_id, l.owner_id, l.quantity, l.place_id, l.lot, l.serial, l.condition, l.value_minor, l.lost_at)
        or (l.undoes is not null and (u.document_id is null or u.undoes is not null
          or (u.item_id, u.owner_id, u.quantity, u.place_id, u.lot, u.serial, u.cause) is distinct from
            (l.item_id, l.owner_id, l.quantity, l.place_id, l.lot, l.serial, l.cause)))
      union all
      select o.site_id, o.subject::uuid, 'It was entered, and nothing is said of it.'
      from outbox o where o.type = 'stock.lost' and not exists (select from loss l where l.site_id = o.site_id and l.document_id = o.subject::uuid)
      union all
      select m.site_id, m.document_id, 'It was undone, and nothing is said of it.'
      from move m where m.cause = 'unloss' and not exists (select from loss l where l.site_id = m.site_id and l.document_id = m.document_id)
    ) t
    order by t.site_id, t.document_id limit 1`,
)

const salesCheck = rowCheck(
  'sums of sales',
  'What is summed up as sold of an item on a day is what left for customers less what came back, of the moves that are rolled up.',
  sql`
    -- every site: verification
    select 'sales_day' as "table", coalesce(d.site_id, n.site_id) as site, format('day %s, item %s', coalesce(d.sold_on, n.sold_on), coalesce(d.item_id, n.item_id)) as key,
      format('It says %s worth %s; the moves come to %s worth %s.', coalesce(d.units, 0), coalesce(d.value_minor, 0), coalesce(n.units, 0), coalesce(n.value_minor, 0)) as problem
    from sales_day d
    full join (${addedSales(sql`m.sequence <= (select r.move_sequence from sales_rolled r where r.site_id = m.site_id)`)}) n
      on n.site_id = d.site_id and n.sold_on = d.sold_on and n.item_id = d.item_id
    where (coalesce(d.units, 0), coalesce(d.value_minor, 0)) <> (coalesce(n.units, 0), coalesce(n.value_minor, 0))
    order by 2, coalesce(d.sold_on, n.sold_on), coalesce(d.item_id, n.item_id) limit 1`,
)

const rolledCheck = rowCheck(
  'rolled sales',
  'No more moves are summed up than there are.',
  sql`
    -- every site: verification
    select 'sales_rolled' as "table", r.site_id as site, r.site_id::text as key,
      format('It is rolled up through move %s, of %s.', r.move_sequence, coalesce(h.move_sequence, 0)) as problem
    from sales_rolled r left join site_head h on h.site_id = r.site_id
    where r.move_sequence > coalesce(h.move_sequence, 0) order by r.site_id limit 1`,
)

export const shrinkageGroup: CheckGroup = { checks: [lossesCheck, salesCheck, rolledCheck] }
