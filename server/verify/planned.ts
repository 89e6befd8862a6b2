// Planned moves, checked: what they say is posted was posted by moves, what is allocated and pegged is a sum of rows, and nothing is held,
// pegged or allocated beyond what is open.

import { virtualPlaces } from '../../core/place.ts'
import { sql } from '../db.ts'
import { rowCheck, type CheckGroup } from './check.ts'
import { postedBalance } from './ledger-sums.ts'

const arithmeticCheck = rowCheck(
  'planned quantities',
  'Planned is posted, cancelled and open; no more is held or pegged than is open, no more allocated than held.',
  sql`
    -- every site: verification
    select 'planned_move' as "table", site_id as site, format('document %s, line %s, part %s', document_id, line, part) as key,
      format('planned %s, posted %s, cancelled %s, held %s, pegged %s, allocated %s', planned, posted, cancelled, held, pegged, allocated) as problem
    from planned_move
    where planned <= 0 or posted < 0 or cancelled < 0 or pegged < 0 or allocated < 0 or allocated > held
      or planned - posted - cancelled < held or planned - posted - cancelled < pegged
    order by site_id, document_id, line, part limit 1`,
)

const postedCheck = rowCheck(
  'posted',
  'What is posted of a planned move is the sum of its moves, less what of it was lost on the way.',
  sql`
    -- every site: verification
    select case when p.site_id is null then 'move' else 'planned_move' end as "table", site_id as site,
      format('document %s, line %s, part %s', document_id, line, part) as key,
      case
        when p.site_id is null then format('%s were moved that were never planned.', m.quantity)
        else format('It says that %s are posted; its moves add up to %s.', p.posted, coalesce(m.quantity, 0))
      end as problem
    from (select * from planned_move where kind <> 'purchase') p
    full join (
      select site_id, document_id, line, part, sum(case cause when 'shipment_loss' then -quantity else quantity end)::bigint as quantity
      from move
      where cause in ('shipment', 'shipment_loss', 'drop_shipment', 'sale', 'transfer_out', 'transfer_in', 'issue', 'output')
      group by site_id, document_id, line, part
    ) m using (site_id, document_id, line, part)
    where p.site_id is null or p.posted <> coalesce(m.quantity, 0)
    order by site_id, document_id, line, part limit 1`,
)

/** A receipt without a purchase fulfils no plan. */
const receivedCheck = rowCheck(
  'received',
  'What is posted of a purchase that comes to us is the sum of its receipts.',
  sql`
    -- every site: verification
    select 'planned_move' as "table", p.site_id as site, format('document %s, line %s, part %s', p.document_id, p.line, p.part) as key,
      format('It says that %s are received; its receipts add up to %s.', p.posted, coalesce(m.quantity, 0)) as problem
    from uncommon_plan p
    left join (
      select site_id, document_id, line, part, sum(quantity)::bigint as quantity from uncommon_move where cause in ('receipt', 'take_over') group by site_id, document_id, line, part
    ) m on m.site_id = p.site_id and m.document_id = p.document_id and m.line = p.line and m.part = p.part
    where p.kind = 'purchase' and p.to_place_id <> ${virtualPlaces.customer} and p.posted <> coalesce(m.quantity, 0)
    order by p.site_id, p.document_id, p.line, p.part limit 1`,
)

const allocationsCheck = rowCheck(
  'allocations',
  'What is allocated of a planned move is the sum of its allocations, of its own item.',
  sql`
    -- every site: verification
    select case when p.site_id is null then 'allocation' else 'planned_move' end as "table", site_id as site,
      format('document %s, line %s, part %s', document_id, line, part) as key,
      format('%s are allocated; its allocations add up to %s.', coalesce(p.allocated::text, 'missing: none'), coalesce(a.quantity, 0)) as problem
    from (select * from uncommon_plan where allocated <> 0) p
    full join (
      select site_id, document_id, line, part, sum(quantity)::bigint as quantity, min(item_id) as item_id, min(owner_id) as owner_id
      from allocation group by site_id, document_id, line, part
    ) a using (site_id, document_id, line, part)
    where coalesce(p.allocated, 0) <> coalesce(a.quantity, 0) or p.item_id <> a.item_id or p.owner_id <> a.owner_id
    order by site_id, document_id, line, part limit 1`,
)

const pegsCheck = rowCheck(
  'pegs',
  'What is pegged of a planned move, supply or demand, is the sum of its pegs.',
  sql`
    -- every site: verification
    select case when p.site_id is null then 'peg' else 'planned_move' end as "table", site_id as site,
      format('document %s, line %s, part %s', document_id, line, part) as key,
      format('%s are pegged as %s; its pegs add up to %s.', coalesce(p.pegged, 0), direction, coalesce(g.quantity, 0)) as problem
    from (select * from uncommon_plan where pegged <> 0) p
    full join (
      select e.site_id, e.document_id, e.line, e.part, e.direction, sum(e.quantity)::bigint as quantity
      from (
        select site_id, supply_document_id as document_id, supply_line as line, supply_part as part, 'supply' as direction, quantity from peg
        union all
        select site_id, demand_document_id, demand_line, demand_part, 'demand', quantity from peg
      ) e
      group by e.site_id, e.document_id, e.line, e.part, e.direction
    ) g using (site_id, document_id, line, part, direction)
    where coalesce(p.pegged, 0) <> coalesce(g.quantity, 0)
    order by site_id, document_id, line, part limit 1`,
)

const pegEndsCheck = rowCheck(
  'ends of pegs',
  'A peg ties a supply to a demand of the same item and owner, and both are still open.',
  sql`
    -- every site: verification
    select 'peg' as "table", g.site_id as site, format('supply %s line %s, demand %s line %s', g.supply_document_id, g.supply_line, g.demand_document_id, g.demand_line) as key,
      'Its ends are not a supply and a demand of one item that are both open.' as problem
    from peg g
    left join uncommon_plan s on s.site_id = g.site_id and s.document_id = g.supply_document_id and s.line = g.supply_line and s.part = g.supply_part
    left join uncommon_plan d on d.site_id = g.site_id and d.document_id = g.demand_document_id and d.line = g.demand_line and d.part = g.demand_part
    where (s.direction = 'supply' and d.direction = 'demand' and s.item_id = d.item_id and s.owner_id = d.owner_id
      and s.planned - s.posted - s.cancelled > 0 and d.planned - d.posted - d.cancelled > 0) is not true
    order by g.site_id, g.supply_document_id, g.supply_line limit 1`,
)

const nounsCheck = rowCheck(
  'nouns of plans',
  'Every planned move names an item, an owner and a home site that exist.',
  sql`
    -- every site: verification
    select 'planned_move' as "table", p.site_id as site, format('item %s, owner %s, home site %s', p.item_id, p.owner_id, p.home_site_id) as key,
      'Its item, owner or home site does not exist.' as problem
    from (select site_id, item_id, owner_id, home_site_id from planned_move group by site_id, item_id, owner_id, home_site_id) p
    left join item i on i.item_id = p.item_id
    left join party o on o.party_id = p.owner_id
    left join site s on s.site_id = p.home_site_id
    where i.item_id is null or o.party_id is null or s.site_id is null
    order by p.site_id, p.item_id limit 1`,
)

export const plannedGroups: readonly CheckGroup[] = [{ balances: [postedBalance], checks: [postedCheck] }, { checks: [arithmeticCheck, nounsCheck] }]

export const uncommonPlanChecks = [receivedCheck, allocationsCheck, pegsCheck, pegEndsCheck]
