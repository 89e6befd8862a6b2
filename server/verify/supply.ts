// Supply, checked: purchases and work orders say what their planned moves say, and no value is lost or made in production: what components took in
// is in the output, back on the shelf, or still there.

import { sql } from '../db.ts'
import { rowCheck } from './check.ts'

const purchasesCheck = rowCheck(
  'purchases',
  'What a line of a purchase says was ordered, received and cancelled is what its planned move says; more is planned only where more came.',
  sql`
    -- every site: verification
    select case when sum(lines)::bigint = 0 then 'planned_move' else 'purchase_line' end as "table", site_id as site, format('purchase %s, line %s', id, line) as key,
      format('Its line says ordered %s, received %s, cancelled %s; its planned move planned %s, posted %s, cancelled %s.', sum(quantity)::bigint, sum(received)::bigint, sum(cancelled)::bigint,
        sum(planned)::bigint, sum(posted)::bigint, sum(given_up)::bigint) as problem
    from (
      select site_id, purchase_id as id, line, item_id, 1 as lines, quantity, received, cancelled, 0 as plans, 0 as planned, 0 as posted, 0 as given_up
      from purchase_line
      union all
      select site_id, document_id, line, item_id, 0, 0, 0, 0, 1, planned, posted, cancelled from uncommon_plan where kind = 'purchase'
    ) t
    group by site_id, id, line
    having sum(lines)::bigint <> 1 or sum(plans)::bigint <> 1 or min(item_id) <> max(item_id) or sum(received)::bigint <> sum(posted)::bigint or sum(cancelled)::bigint <> sum(given_up)::bigint
      or sum(planned)::bigint <> greatest(sum(quantity)::bigint, sum(received)::bigint + sum(cancelled)::bigint)
    order by site_id, id, line limit 1`,
)

const purchaseNounsCheck = rowCheck(
  'nouns of purchases',
  'Every purchase has a supplier and lines, and every line belongs to one.',
  sql`
    -- every site: verification
    select case when o.purchase_id is null then 'purchase_line' else 'purchase' end as "table", site_id as site, format('purchase %s', purchase_id) as key,
      case when o.purchase_id is null then 'There is no such purchase.' when l.site_id is null then 'It has no line.' else 'Its supplier does not exist.' end as problem
    from (select o.site_id, o.purchase_id, p.party_id from purchase o left join party p on p.party_id = o.supplier_id) o
    full join (select site_id, purchase_id from purchase_line group by site_id, purchase_id) l using (site_id, purchase_id)
    where o.party_id is null or l.site_id is null
    order by site_id, purchase_id limit 1`,
)

const rejectedCheck = rowCheck(
  'rejected',
  'What was rejected into quarantine is no more than its line says was rejected.',
  sql`
    -- every site: verification
    select 'move' as "table", m.site_id as site, format('purchase %s, line %s', m.document_id, m.line) as key,
      format('%s were moved into quarantine; the line says that %s were rejected.', m.quantity, l.rejected) as problem
    from (
      select site_id, document_id, line, sum(quantity)::bigint as quantity from uncommon_move where cause = 'rejection' group by site_id, document_id, line
    ) m
    join purchase_line l on l.site_id = m.site_id and l.purchase_id = m.document_id and l.line = m.line
    where m.quantity > l.rejected
    order by m.site_id, m.document_id, m.line limit 1`,
)

const workOrdersCheck = rowCheck(
  'work orders',
  'Every work order plans one output of its item and quantity, and components; nothing of the kind is planned without one.',
  sql`
    -- every site: verification
    select case when sum(orders)::bigint = 0 then 'planned_move' else 'work_order' end as "table", site_id as site, format('work order %s', id) as key,
      format('It is there %s times, for %s; %s outputs plan %s; it has %s components, and %s are planned.', sum(orders)::bigint, sum(quantity)::bigint, sum(outputs)::bigint, sum(planned)::bigint,
        sum(components)::bigint, sum(parts)::bigint) as problem
    from (
      select site_id, work_order_id as id, item_id, 1 as orders, quantity, 0 as outputs, 0 as planned, 0 as components, 0 as parts from work_order
      union all
      select site_id, document_id, item_id, 0, 0, 1, planned, 0, 0 from uncommon_plan where kind = 'output'
      union all
      select site_id, document_id, null, 0, 0, 0, 0, 0, 1 from uncommon_plan where kind = 'component'
      union all
      select site_id, work_order_id, null, 0, 0, 0, 0, 1, 0 from work_component
    ) t
    group by site_id, id
    having sum(orders)::bigint <> 1 or sum(outputs)::bigint <> 1 or min(item_id) <> max(item_id) or sum(quantity)::bigint <> sum(planned)::bigint or sum(components)::bigint <> sum(parts)::bigint
      or sum(components)::bigint = 0
    order by site_id, id limit 1`,
)

/** Both sides of every component, one above the other: no plan can lay them side by side one by one. */
const production = sql`
  -- every site: verification
  select site_id, work_order_id, line, used, returned, issued_minor, used_minor, returned_minor, 0 as posted, 0 as moved_minor, 0 as back, 0 as back_minor
  from work_component
  union all
  select site_id, document_id, line, 0, 0, 0, 0, 0, posted, 0, 0, 0 from uncommon_plan where kind = 'component'
  union all
  select site_id, document_id, line, 0, 0, 0, 0, 0, 0, value_minor, 0, 0 from uncommon_move where cause = 'issue'
  union all
  select site_id, document_id, line, 0, 0, 0, 0, 0, 0, 0, quantity, value_minor from uncommon_move where cause = 'unissue'`

const componentsCheck = rowCheck(
  'value in production',
  'Of each component no more was used and returned than was issued, and issued and returned values are those of its moves.',
  sql`
    -- every site: verification
    select 'work_component' as "table", site_id as site, format('work order %s, line %s', work_order_id, line) as key,
      format('Issued %s worth %s, used %s worth %s, returned %s worth %s; its moves issued a value of %s and returned %s worth %s.', sum(posted)::bigint, sum(issued_minor)::bigint,
        sum(used)::bigint, sum(used_minor)::bigint, sum(returned)::bigint, sum(returned_minor)::bigint, sum(moved_minor)::bigint, sum(back)::bigint, sum(back_minor)::bigint) as problem
    from (${production}) t
    group by site_id, work_order_id, line
    having sum(used)::bigint + sum(returned)::bigint > sum(posted)::bigint or sum(used_minor)::bigint + sum(returned_minor)::bigint > sum(issued_minor)::bigint
      or sum(issued_minor)::bigint <> sum(moved_minor)::bigint or sum(returned)::bigint <> sum(back)::bigint or sum(returned_minor)::bigint <> sum(back_minor)::bigint
      or (sum(used)::bigint + sum(returned)::bigint = sum(posted)::bigint and sum(used_minor)::bigint + sum(returned_minor)::bigint <> sum(issued_minor)::bigint)
    order by site_id, work_order_id, line limit 1`,
)

const outputCheck = rowCheck(
  'value of output',
  'What comes out of production is worth what was used for it.',
  sql`
    -- every site: verification
    select 'work_component' as "table", site_id as site, format('work order %s', id) as key,
      format('Its components were used at a value of %s; its output came out at %s.', sum(used)::bigint, sum(made)::bigint) as problem
    from (
      select site_id, work_order_id as id, used_minor as used, 0 as made from work_component
      union all
      select site_id, document_id, 0, value_minor from uncommon_move where cause = 'output'
    ) t
    group by site_id, id
    having sum(used)::bigint <> sum(made)::bigint
    order by site_id, id limit 1`,
)

const leftoverCheck = rowCheck(
  'finished work orders',
  'A work order that is finished has nothing left in production.',
  sql`
    -- every site: verification
    select 'work_component' as "table", site_id as site, format('work order %s', id) as key,
      format('%s pieces worth %s are left in production.', sum(pieces)::bigint, sum(value)::bigint) as problem
    from (
      select site_id, work_order_id as id, 0 as unfinished, - used - returned as pieces, issued_minor - used_minor - returned_minor as value from work_component
      union all
      select site_id, document_id, case when kind = 'output' then planned - posted - cancelled else 0 end, case when kind = 'component' then posted else 0 end, 0
      from uncommon_plan where kind in ('output', 'component')
    ) t
    group by site_id, id
    having sum(unfinished)::bigint = 0 and (sum(pieces)::bigint <> 0 or sum(value)::bigint <> 0)
    order by site_id, id limit 1`,
)

const overdueCheck = rowCheck(
  'overdue supply',
  'What is raised as overdue is a supply of which something is still to come.',
  sql`
    -- every site: verification
    select 'exception' as "table", e.site_id as site, format('exception %s', e.exception_id) as key,
      format('It says that line %s of %s is overdue, of which nothing is to come.', e.line, e.document_id) as problem
    from exception e
    left join planned_move p on p.site_id = e.site_id and p.document_id = e.document_id and p.line = e.line and p.direction = 'supply'
      and p.item_id = e.item_id and p.planned - p.posted - p.cancelled > 0
    where e.kind = 'supply_overdue' and e.closed_at is null and p.site_id is null
    order by e.site_id, e.exception_id limit 1`,
)

const billsCheck = rowCheck(
  'bills',
  'Every line of a bill names items that exist, and no item is made of itself.',
  sql`
    -- every site: verification; bills belong to none
    with recursive part (whole, item_id) as (
      select distinct parent_id, component_id from bill_line
      union
      select p.whole, b.component_id from part p join bill_line b on b.parent_id = p.item_id
    )
    select 'bill_line' as "table", 0 as site, format('parent %s, component %s', b.parent_id, b.component_id) as key,
      'Its items do not exist, or its parent is made of itself.' as problem
    from bill_line b
    left join item p on p.item_id = b.parent_id
    left join item c on c.item_id = b.component_id
    where p.item_id is null or c.item_id is null or exists (select from part o where o.whole = b.parent_id and o.item_id = b.parent_id)
    order by b.parent_id, b.component_id limit 1`,
)

export const supplyChecks = [
  purchasesCheck,
  purchaseNounsCheck,
  rejectedCheck,
  workOrdersCheck,
  componentsCheck,
  outputCheck,
  leftoverCheck,
  overdueCheck,
  billsCheck,
]
