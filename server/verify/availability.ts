// Availability and stock rows, checked against each other and against planned moves: what promising reads is a sum of rows that are there.

import { sql } from '../db.ts'
import { countedQuantity } from '../lane/counted.ts'
import { rowCheck, type CheckGroup } from './check.ts'
import { sellablePlaceKinds } from './ledger-sums.ts'

const availabilityCheck = rowCheck(
  'availability',
  'Availability is the sum of sellable stock, of holds, and of what is open of planned demand and supply.',
  sql`
    -- every site: verification
    select 'availability' as "table", site_id as site, format('item %s, owner %s', item_id, owner_id) as key,
      format('It says sellable %s, reserved %s, demand %s, supply %s; the rows give %s, %s, %s, %s.', coalesce(a.sellable, 0), coalesce(a.reserved, 0),
        coalesce(a.demand, 0), coalesce(a.supply, 0), coalesce(s.sellable, 0), coalesce(p.reserved, 0), coalesce(p.demand, 0), coalesce(p.supply, 0)
      ) as problem
    from availability a
    full join (
      select k.site_id, k.item_id, k.owner_id, sum(k.quantity)::bigint as sellable
      from stock k join place c on c.site_id = k.site_id and c.place_id = k.place_id
      where k.condition = 'sellable' and c.kind = any (${sellablePlaceKinds}::text[])
      group by k.site_id, k.item_id, k.owner_id
    ) s using (site_id, item_id, owner_id)
    full join (
      select m.site_id, m.item_id, m.owner_id, sum(m.held)::bigint as reserved,
        coalesce(sum(${countedQuantity}) filter (where m.direction = 'demand' and m.status <> 'proposed'), 0)::bigint as demand,
        coalesce(sum(${countedQuantity}) filter (where m.direction = 'supply' and m.status <> 'proposed'), 0)::bigint as supply
      from planned_move m
      where m.planned - m.posted - m.cancelled <> 0 or m.held <> 0
      group by m.site_id, m.item_id, m.owner_id
    ) p using (site_id, item_id, owner_id)
    where coalesce(a.sellable, 0) <> coalesce(s.sellable, 0) or coalesce(a.reserved, 0) <> coalesce(p.reserved, 0)
      or coalesce(a.demand, 0) <> coalesce(p.demand, 0) or coalesce(a.supply, 0) <> coalesce(p.supply, 0)
    order by site_id, item_id, owner_id limit 1`,
)

const oversoldCheck = rowCheck(
  'promised once',
  'No more is reserved than there is to sell.',
  sql`
    -- every site: verification
    select 'availability' as "table", site_id as site, format('item %s, owner %s', item_id, owner_id) as key,
      format('%s are reserved of %s sellable.', reserved, sellable) as problem
    from availability
    where reserved < 0 or reserved > greatest(sellable, 0) or reserved > demand
    order by site_id, item_id, owner_id limit 1`,
)

const expiryCheck = rowCheck(
  'next expiry',
  'The next expiry of an item is known in time: not later than that of any lot in sellable stock.',
  sql`
    -- every site: verification
    select 'availability' as "table", k.site_id as site, format('item %s, owner %s', k.item_id, k.owner_id) as key,
      format('Its next expiry is %s; lot "%s" in stock expires on %s.', coalesce(a.next_expiry::text, 'unknown'), k.lot, l.expires_on) as problem
    from stock k
    join place c on c.site_id = k.site_id and c.place_id = k.place_id
    join lot l on l.site_id = k.site_id and l.item_id = k.item_id and l.lot = k.lot
    left join availability a on a.site_id = k.site_id and a.item_id = k.item_id and a.owner_id = k.owner_id
    where k.condition = 'sellable' and k.quantity > 0 and c.kind = any (${sellablePlaceKinds}::text[]) and l.expires_on is not null
      and (a.next_expiry is null or a.next_expiry > l.expires_on)
    order by k.site_id, k.item_id, k.owner_id limit 1`,
)

const allocatedCheck = rowCheck(
  'allocated stock',
  'What is allocated at a stock row is the sum of its allocations, and is there.',
  sql`
    -- every site: verification
    select 'stock' as "table", site_id as site,
      format('item %s, owner %s, %s, place %s, lot "%s", serial "%s", package "%s"', item_id, owner_id, condition, place_id, lot, serial, package) as key,
      format('%s of %s are allocated; its allocations add up to %s.', coalesce(s.allocated, 0), coalesce(s.quantity, 0), coalesce(t.quantity, 0)) as problem
    from (select * from stock where allocated <> 0) s
    full join (
      select a.site_id, a.item_id, a.owner_id, 'sellable' as condition, a.place_id, a.lot, a.serial, a.package, sum(a.quantity)::bigint as quantity
      from allocation a
      group by a.site_id, a.item_id, a.owner_id, a.place_id, a.lot, a.serial, a.package
    ) t using (site_id, item_id, owner_id, condition, place_id, lot, serial, package)
    where coalesce(s.allocated, 0) <> coalesce(t.quantity, 0) or s.allocated > greatest(s.quantity, 0)
    order by site_id, item_id, owner_id, condition, place_id, lot, serial, package limit 1`,
)

const serialCheck = rowCheck(
  'serials',
  'A serial is in one place at a time, over all sites.',
  sql`
    -- every site: verification
    select 'stock' as "table", max(site_id) as site, format('item %s, serial "%s"', item_id, serial) as key,
      format('It is at %s places at once.', sum(quantity)::bigint) as problem
    from stock
    where serial <> '' and quantity > 0
    group by item_id, serial
    having sum(quantity)::bigint > 1
    order by item_id, serial limit 1`,
)

const nounsCheck = rowCheck(
  'nouns of stock',
  'Stock stands at real places of its site, in items and for owners that exist.',
  sql`
    -- every site: verification
    select 'stock' as "table", s.site_id as site, format('item %s, owner %s, %s, place %s, lot "%s"', s.item_id, s.owner_id, s.condition, s.place_id, s.lot) as key,
      'Its item, owner or place does not exist.' as problem
    from stock s
    left join item i on i.item_id = s.item_id
    left join party o on o.party_id = s.owner_id
    left join place c on c.site_id = s.site_id and c.place_id = s.place_id
    where i.item_id is null or o.party_id is null or c.place_id is null
    order by s.site_id, s.item_id limit 1`,
)

/** Sites are few, and each is asked for what is not its own company's. */
const consignedCheck = rowCheck(
  'goods of others',
  'Goods that suppliers left with us are worth nothing to us, and nothing is held, planned or set aside of them.',
  sql`
    -- every site: verification
    select t."table", t.site_id as site, format('item %s, owner %s', t.item_id, t.owner_id) as key, t.problem
    from (
      select 'item_value' as "table", v.site_id, v.item_id, v.owner_id, format('It is worth %s.', v.value_minor) as problem
      from item_value v join site s on s.site_id = v.site_id
      where v.owner_id <> s.owner_id and (v.value_minor <> 0 or v.last_value_minor <> 0 or v.method <> 'average')
      union all
      select 'availability', a.site_id, a.item_id, a.owner_id, format('%s are reserved, %s demanded, %s supplied.', a.reserved, a.demand, a.supply)
      from availability a join site s on s.site_id = a.site_id
      where a.owner_id <> s.owner_id and (a.reserved <> 0 or a.demand <> 0 or a.supply <> 0)
      union all
      select 'stock', k.site_id, k.item_id, k.owner_id, format('%s are set aside.', k.allocated)
      from stock k join site s on s.site_id = k.site_id
      where k.owner_id <> s.owner_id and k.allocated <> 0
      union all
      select 'availability', v.site_id, v.item_id, v.owner_id, 'Our own of the item is missing beside it.'
      from item_value v join site s on s.site_id = v.site_id
      left join availability a on a.site_id = v.site_id and a.item_id = v.item_id and a.owner_id = s.owner_id
      where v.owner_id <> s.owner_id and a.site_id is null
    ) t
    order by t.site_id, t.item_id, t.owner_id limit 1`,
)

export const availabilityGroup: CheckGroup = {
  checks: [availabilityCheck, oversoldCheck, expiryCheck, allocatedCheck, serialCheck, nounsCheck, consignedCheck],
}
