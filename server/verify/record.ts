// The record, checked against the ledger: stock and value are what a replay of all moves gives, row by row in both directions, and no move
// went where it must not. Where the sides do not balance the moves are added up by everything that stock and value depend on, which is
// small again, and laid beside the rows.

import { virtualPlaces } from '../../core/place.ts'
import { sql, type Statement } from '../db.ts'
import { rowCheck, type CheckGroup } from './check.ts'
import { sellablePlaceKinds, stockBalance, valueBalance, virtualPlaceIds, VIRTUAL_PLACES_END } from './ledger-sums.ts'

const gatherMoves: readonly Statement[] = [
  sql`
    create temp table moved on commit drop as
    -- every site: verification
    select site_id, item_id, cause,
      from_place_id, from_package, from_lot, from_serial, from_condition, from_owner_id,
      to_place_id, to_package, to_lot, to_serial, to_condition, to_owner_id,
      sum(quantity)::bigint as quantity, sum(value_minor)::bigint as value_minor, min(sequence) as first_sequence, max(occurred_at) as last_occurred_at
    from move
    group by site_id, item_id, cause,
      from_place_id, from_package, from_lot, from_serial, from_condition, from_owner_id,
      to_place_id, to_package, to_lot, to_serial, to_condition, to_owner_id`,
  sql`analyze moved`,
]

const stockCheck = rowCheck(
  'stock',
  'Stock is what a replay of the moves gives, by its full key, in both directions.',
  sql`
    -- every site: verification
    select 'stock' as "table", site_id as site,
      format('item %s, owner %s, %s, place %s, lot "%s", serial "%s", package "%s"', item_id, owner_id, condition, place_id, lot, serial, package) as key,
      format('Its quantity is %s; the moves give %s.', coalesce(s.quantity::text, 'missing'), coalesce(t.quantity, 0)) as problem
    from stock s
    full join (
      select e.site_id, e.item_id, e.owner_id, e.condition, e.place_id, e.lot, e.serial, e.package, sum(e.quantity)::bigint as quantity
      from (
        select site_id, item_id, to_owner_id as owner_id, to_condition as condition, to_place_id as place_id, to_lot as lot, to_serial as serial,
          to_package as package, quantity
        from moved where to_place_id >= ${VIRTUAL_PLACES_END}
        union all
        select site_id, item_id, from_owner_id, from_condition, from_place_id, from_lot, from_serial, from_package, -quantity
        from moved where from_place_id >= ${VIRTUAL_PLACES_END}
      ) e
      group by e.site_id, e.item_id, e.owner_id, e.condition, e.place_id, e.lot, e.serial, e.package
    ) t using (site_id, item_id, owner_id, condition, place_id, lot, serial, package)
    where coalesce(s.quantity, 0) <> coalesce(t.quantity, 0)
    order by site_id, item_id, owner_id, condition, place_id, lot, serial, package limit 1`,
)

/** Goods change value when they come into the site, leave it, or are taken over from others, whose goods are worth nothing to us (core/ledger.ts). */
const valueCheck = rowCheck(
  'value',
  'The value of an item at a site is what its moves brought in and took out, with the corrections; none of it is worth nothing.',
  sql`
    -- every site: verification
    select 'item_value' as "table", site_id as site, format('item %s, owner %s', item_id, owner_id) as key,
      format('It says %s worth %s; the moves give %s worth %s.', coalesce(v.quantity, 0), coalesce(v.value_minor, 0), coalesce(t.quantity, 0),
        coalesce(t.value_minor, 0)) as problem
    from item_value v
    full join (
      select e.site_id, e.item_id, e.owner_id, sum(e.quantity)::bigint as quantity, sum(e.value_minor)::bigint as value_minor
      from (
        select site_id, item_id, to_owner_id as owner_id, quantity, value_minor from moved
        where to_place_id >= ${VIRTUAL_PLACES_END} and (from_place_id < ${VIRTUAL_PLACES_END} or from_owner_id <> to_owner_id)
        union all
        select site_id, item_id, from_owner_id, -quantity, case when to_place_id < ${VIRTUAL_PLACES_END} then -value_minor else 0 end from moved
        where from_place_id >= ${VIRTUAL_PLACES_END} and (to_place_id < ${VIRTUAL_PLACES_END} or from_owner_id <> to_owner_id)
        union all
        select site_id, item_id, owner_id, 0, amount_minor from value_correction
      ) e
      group by e.site_id, e.item_id, e.owner_id
    ) t using (site_id, item_id, owner_id)
    where coalesce(v.quantity, 0) <> coalesce(t.quantity, 0) or coalesce(v.value_minor, 0) <> coalesce(t.value_minor, 0)
      or (v.quantity = 0 and v.value_minor <> 0)
    order by site_id, item_id, owner_id limit 1`,
)

const goodsCheck = rowCheck(
  'goods sold',
  'Only sellable goods at places that sell are picked, shipped, sold or sent away.',
  sql`
    -- every site: verification
    select 'move' as "table", t.site_id as site, 'sequence ' || t.first_sequence as key,
      format('Its cause is %s, but the goods were %s at place %s.', t.cause, t.from_condition, t.from_place_id) as problem
    from moved t
    left join place p on p.site_id = t.site_id and p.place_id = t.from_place_id
    where t.cause in ('pick', 'shipment', 'sale', 'transfer_out')
      and (t.from_condition <> 'sellable' or p.kind is null or p.kind <> all (${sellablePlaceKinds}::text[]))
    order by t.site_id, t.first_sequence limit 1`,
)

const expiredCheck = rowCheck(
  'expired lots',
  'No lot is picked, shipped, sold or sent away on or after the day it expires.',
  sql`
    -- every site: verification
    select 'move' as "table", m.site_id as site, 'sequence ' || m.sequence as key,
      format('Its cause is %s, but lot "%s" expired on %s.', m.cause, m.from_lot, l.expires_on) as problem
    from move m
    join lot l on l.site_id = m.site_id and l.item_id = m.item_id and l.lot = m.from_lot
    where m.from_lot <> '' and m.cause in ('pick', 'shipment', 'sale', 'transfer_out') and l.expires_on <= (m.occurred_at at time zone 'UTC')::date
    order by m.site_id, m.sequence limit 1`,
)

const recalledCheck = rowCheck(
  'recalled lots',
  'Nothing that a site was told is recalled stands there as sellable, and every mark is of a recall that told the site.',
  sql`
    -- every site: verification
    select t."table", t.site_id as site, t.key, t.problem
    from (
      select 'stock' as "table", s.site_id, format('item %s, place %s, lot "%s", serial "%s"', s.item_id, s.place_id, s.lot, s.serial) as key,
        'It is sellable, and it is recalled.' as problem
      from lot l
      join stock s on s.site_id = l.site_id and s.item_id = l.item_id
      where l.recalls <> '{}' and (s.lot = l.lot or s.serial = l.lot) and s.condition = 'sellable' and s.quantity > 0
      union all
      select m."table", m.site_id, m.key, format('There is no recall %s that told this site.', m.recall_id)
      from (
        select 'lot' as "table", site_id, format('item %s, lot "%s"', item_id, lot) as key, unnest(recalls) as recall_id from lot where recalls <> '{}'
        union all
        select 'work_order', site_id, format('work order %s', work_order_id), unnest(recalls) from work_order where recalls <> '{}'
      ) m
      left join recall r on r.recall_id = m.recall_id and m.site_id = any(r.site_ids)
      where r.recall_id is null
    ) t
    order by t.site_id, t."table", t.key limit 1`,
)

const placesCheck = rowCheck(
  'places of moves',
  'Every move goes from a place to a place that exists, one of them real unless a supplier ships to the customer, and goods keep their lot and serial on the way.',
  sql`
    -- every site: verification
    select 'move' as "table", t.site_id as site, 'sequence ' || t.first_sequence as key,
      case
        when t.from_lot <> t.to_lot or t.from_serial <> t.to_serial then 'Its lot or serial changed on the way.'
        else format('There is no place %s or %s, or it came from nowhere to nowhere.', t.from_place_id, t.to_place_id)
      end as problem
    from moved t
    left join place f on f.site_id = t.site_id and f.place_id = t.from_place_id
    left join place g on g.site_id = t.site_id and g.place_id = t.to_place_id
    where t.from_lot <> t.to_lot or t.from_serial <> t.to_serial
      or (f.place_id is null and t.from_place_id <> all (${virtualPlaceIds}::int[]))
      or (g.place_id is null and t.to_place_id <> all (${virtualPlaceIds}::int[]))
      or (f.place_id is null and g.place_id is null and not (
        t.cause = 'drop_shipment' and t.from_place_id = ${virtualPlaces.supplier} and t.to_place_id = ${virtualPlaces.customer}))
    order by t.site_id, t.first_sequence limit 1`,
)

const ownersCheck = rowCheck(
  'owners of moves',
  'Every move names owners that exist, and goods change owner only by being taken over where they stand.',
  sql`
    -- every site: verification
    select 'move' as "table", t.site_id as site, 'sequence ' || t.first_sequence as key,
      case
        when a.party_id is null or b.party_id is null then format('There is no owner %s or %s.', t.from_owner_id, t.to_owner_id)
        else format('Its goods were of owner %s and are of owner %s.', t.from_owner_id, t.to_owner_id)
      end as problem
    from moved t
    left join party a on a.party_id = t.from_owner_id
    left join party b on b.party_id = t.to_owner_id
    left join site s on s.site_id = t.site_id
    where a.party_id is null or b.party_id is null
      or (t.from_owner_id <> t.to_owner_id and not (t.cause = 'take_over' and t.to_owner_id = s.owner_id and t.from_place_id = t.to_place_id))
    order by t.site_id, t.first_sequence limit 1`,
)

const itemsCheck = rowCheck(
  'items of moves',
  'Every move names an item that exists.',
  sql`
    -- every site: verification; the index is skipped through, one step an item of a site
    with recursive found (site_id, item_id) as (
      (select site_id, item_id from move order by site_id, item_id limit 1)
      union all
      select n.site_id, n.item_id from found f
      cross join lateral (
        select m.site_id, m.item_id from move m where (m.site_id, m.item_id) > (f.site_id, f.item_id) order by m.site_id, m.item_id limit 1
      ) n
    )
    select 'move' as "table", f.site_id as site,
      'sequence ' || (select min(m.sequence) from move m where m.site_id = f.site_id and m.item_id = f.item_id) as key,
      format('There is no item %s.', f.item_id) as problem
    from found f left join item i on i.item_id = f.item_id
    where i.item_id is null
    order by f.site_id, f.item_id limit 1`,
)

export const recordGroups: readonly CheckGroup[] = [
  { checks: [itemsCheck, expiredCheck, recalledCheck] },
  {
    balances: [stockBalance, valueBalance],
    lawful: true,
    gather: gatherMoves,
    checks: [stockCheck, valueCheck, goodsCheck, placesCheck, ownersCheck],
  },
]
