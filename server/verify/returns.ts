// Returns, checked: what a return says is received came back by moves of its own, and what it says became of each piece was moved there; so nothing
// that came back is sellable unless somebody said so, and nothing is said twice.

import { FIRST_PART } from '../../core/flow/return.ts'
import { sql } from '../db.ts'
import { raw } from './balance.ts'
import { rowCheck, type CheckGroup } from './check.ts'

const receivedCheck = rowCheck(
  'returns received',
  'What is received of a return came back by moves that name it.',
  sql`
    -- every site: verification
    select case when r.site_id is null then 'move' else 'rma_line' end as "table", site_id as site,
      format('order %s, line %s, return %s', order_id, line, number) as key,
      format('It says that %s are received; its moves add up to %s.', coalesce(r.received, 0), coalesce(m.quantity, 0)) as problem
    from (
      select a.site_id, a.order_id, l.order_line as line, a.number, sum(l.received)::bigint as received
      from rma a join rma_line l on l.site_id = a.site_id and l.rma_id = a.rma_id
      where l.received <> 0 group by a.site_id, a.order_id, l.order_line, a.number
    ) r
    full join (
      select site_id, document_id as order_id, line, part - ${raw(String(FIRST_PART - 1))} as number, sum(quantity)::bigint as quantity
      from move where cause = 'return' and part >= ${raw(String(FIRST_PART))} group by site_id, document_id, line, part
    ) m using (site_id, order_id, line, number)
    where coalesce(r.received, 0) <> coalesce(m.quantity, 0)
    order by site_id, order_id, line, number limit 1`,
)

const disposedCheck = rowCheck(
  'returns disposed',
  'What became of the pieces of a return is what its moves say, and what is being made good is what went there and did not leave it.',
  sql`
    -- every site: verification
    select case when l.site_id is null then 'move' else 'rma_line' end as "table", site_id as site, format('return %s, line %s', rma_id, line) as key,
      format('It says %s restocked, %s made good, %s scrapped, %s sent to the vendor; its moves say %s, %s, %s, %s.',
        coalesce(l.restocked, 0), coalesce(l.refurbishing, 0), coalesce(l.scrapped, 0), coalesce(l.to_vendor, 0),
        coalesce(m.restocked, 0), coalesce(m.refurbishing, 0), coalesce(m.scrapped, 0), coalesce(m.to_vendor, 0)) as problem
    from (select * from rma_line where restocked + refurbishing + scrapped + to_vendor <> 0) l
    full join (
      select site_id, document_id as rma_id, line,
        coalesce(sum(quantity) filter (where cause = 'restock'), 0)::bigint as restocked,
        coalesce(sum(case when cause = 'refurbish' then quantity when from_condition = 'damaged' then -quantity end), 0)::bigint as refurbishing,
        coalesce(sum(quantity) filter (where cause = 'scrap'), 0)::bigint as scrapped,
        coalesce(sum(quantity) filter (where cause = 'vendor_return'), 0)::bigint as to_vendor
      from move where cause in ('restock', 'refurbish', 'scrap', 'vendor_return') group by site_id, document_id, line
    ) m using (site_id, rma_id, line)
    where coalesce(l.restocked, 0) <> coalesce(m.restocked, 0) or coalesce(l.refurbishing, 0) <> coalesce(m.refurbishing, 0)
      or coalesce(l.scrapped, 0) <> coalesce(m.scrapped, 0) or coalesce(l.to_vendor, 0) <> coalesce(m.to_vendor, 0)
    order by site_id, rma_id, line limit 1`,
)

const authorisedCheck = rowCheck(
  'returns authorised',
  'A return is of lines of its order, and no more is authorised of a line than has left.',
  sql`
    -- every site: verification
    select 'rma_line' as "table", t.site_id as site, format('order %s, line %s', t.order_id, t.order_line) as key,
      case when l.site_id is null then 'Its order has no such line of this item.'
        else format('%s are to come or have come back, and %s have left.', t.claimed, l.shipped) end as problem
    from (
      select l.site_id, a.order_id, l.order_line, l.item_id, sum(l.quantity - l.cancelled)::bigint as claimed
      from rma_line l left join rma a on l.site_id = a.site_id and l.rma_id = a.rma_id
      group by l.site_id, a.order_id, l.order_line, l.item_id
    ) t
    left join order_line l on l.site_id = t.site_id and l.order_id = t.order_id and l.line = t.order_line and l.item_id = t.item_id
    where l.site_id is null or t.claimed > l.shipped + l.lost
    order by t.site_id, t.order_id, t.order_line limit 1`,
)

export const returnGroup: CheckGroup = { checks: [receivedCheck, disposedCheck, authorisedCheck] }
