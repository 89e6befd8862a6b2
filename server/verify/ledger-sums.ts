// The moves' side of every balance, added up in the same pass that checks their chain: what each move posts, ships, sells, takes back, brings
// to its place and takes from the other, and what it is worth. The other sides are further down, each beside the table it is read from.

import { placeKinds, virtualPlaces } from '../../core/place.ts'
import { sql, type Statement } from '../db.ts'
import { documentKey, itemKey, lineKey, partKey, raw, stockKey, sumsOf, weigh, type Balance, type Weighed } from './balance.ts'

export const sellablePlaceKinds = Object.entries(placeKinds).flatMap(([kind, sells]) => (sells ? [kind] : []))
export const VIRTUAL_PLACES_END = 100
export const virtualPlaceIds = Object.values(virtualPlaces)

/** Columns of a row `m` of the ledger that the sums need: hashes of its keys, each made once. */
export function keyColumns(seed: number): Statement {
  const document = documentKey(seed, 'm.site_id', 'm.document_id')
  const [from, to] = [itemKey(seed, 'm.site_id', 'm.item_id', 'm.from_owner_id'), itemKey(seed, 'm.site_id', 'm.item_id', 'm.to_owner_id')]
  return sql`
    m.quantity, m.value_minor, m.cause, m.from_condition, m.from_place_id, m.to_place_id, m.from_owner_id, m.to_owner_id,
    m.from_lot <> m.to_lot or m.from_serial <> m.to_serial as changed,
    case when m.cause in ('shipment', 'sale', 'transfer_out', 'transfer_in', 'issue', 'output') then ${partKey(document, 'm.line', 'm.part')} end as part_key,
    case when m.cause in ('sale', 'return', 'undelivered') then ${lineKey(document, 'm.line')} end as line_key,
    ${from} as from_item_key, ${to} as to_item_key,
    case when m.from_place_id >= ${raw(String(VIRTUAL_PLACES_END))} then ${stockKey(from, 'm.from_')} end as from_stock_key,
    case when m.to_place_id >= ${raw(String(VIRTUAL_PLACES_END))} then ${stockKey(to, 'm.to_')} end as to_stock_key`
}

const quantity: Weighed = { amount: raw('t.quantity'), part: 0 }
const inside = (end: 'from' | 'to'): string => `t.${end}_place_id >= ${VIRTUAL_PLACES_END}`
/** Goods change value when they come into the site, leave it, or change owner (core/ledger.ts). */
const leaves = raw(`${inside('from')} and (not ${inside('to')} or t.from_owner_id <> t.to_owner_id)`)
const enters = raw(`${inside('to')} and (not ${inside('from')} or t.from_owner_id <> t.to_owner_id)`)
const worth: readonly Weighed[] = [quantity, { amount: raw('t.value_minor'), part: 1 }]

/** A move's part in all balances, under one of the two weights. What has no part in one weighs nothing there. */
const weighMove = (shift: 0 | 1): Statement => {
  const end = (name: 'to' | 'from', key: 'stock_key' | 'item_key', amounts: readonly Weighed[]): Statement =>
    weigh(`t.${name}_${key}`, amounts, shift)
  return sql`
    coalesce(${weigh('t.part_key', [quantity], shift)}, 0)
    + case t.cause
        when 'shipment' then ${weigh('t.part_key', [{ ...quantity, part: 1 }], shift)}
        when 'sale' then ${weigh('t.line_key', [quantity], shift)}
        when 'return' then ${weigh('t.line_key', [{ ...quantity, part: 1 }], shift)}
        when 'undelivered' then ${weigh('t.line_key', [{ ...quantity, part: 2 }], shift)}
        else 0
      end
    + coalesce(${end('to', 'stock_key', [quantity])}, 0) - coalesce(${end('from', 'stock_key', [quantity])}, 0)
    + case when ${enters} then ${end('to', 'item_key', worth)} else 0 end - case when ${leaves} then ${end('from', 'item_key', worth)} else 0 end`
}

/** What all moves of a piece `t` come to. */
export const sumColumns = (): Statement => sql`coalesce(sum(${weighMove(0)}), 0)::text as first, coalesce(sum(${weighMove(1)}), 0)::text as second`

/**
 * Whether a move `t` with its places `f` and `g` went from and to where it may, for the site's own company, and kept what tells its goods apart.
 * Where it did not, or others own some of the goods, owners and places are looked at one by one.
 */
export const isLawful = (site: number): Statement => sql`
  not t.changed and (f.place_id is not null or g.place_id is not null)
  and t.from_owner_id = (select owner_id from site where site_id = ${site}) and t.to_owner_id = t.from_owner_id
  and (f.place_id is not null or t.from_place_id = any (${virtualPlaceIds}::int[])) and (g.place_id is not null or t.to_place_id = any (${virtualPlaceIds}::int[]))
  and (t.cause not in ('pick', 'shipment', 'sale', 'transfer_out', 'issue') or (t.from_condition = 'sellable' and f.kind = any (${sellablePlaceKinds}::text[])))`

export const stockBalance: Balance = {
  withMoves: true,
  sides: (seed) => sql`
    -- every site: verification
    select ${sumsOf('t.key', [{ amount: raw('-t.quantity'), part: 0 }])}
    from (select s.quantity, ${stockKey(itemKey(seed, 's.site_id', 's.item_id', 's.owner_id'), 's.')} as key from stock s offset 0) t`,
}

export const valueBalance: Balance = {
  withMoves: true,
  sides: (seed) => sql`
    -- every site: verification
    select ${sumsOf('t.key', [
      { amount: raw('-t.quantity'), part: 0 },
      { amount: raw('-t.value_minor'), part: 1 },
    ])}
    from (
      select v.quantity, v.value_minor, ${itemKey(seed, 'v.site_id', 'v.item_id', 'v.owner_id')} as key from item_value v
      union all
      select 0, -c.amount_minor, ${itemKey(seed, 'c.site_id', 'c.item_id', 'c.owner_id')} from value_correction c
    ) t`,
}

/** A receipt without a purchase fulfils no plan, so receipts are not weighed but laid beside the purchases. */
export const postedBalance: Balance = {
  withMoves: true,
  sides: (seed) => sql`
    -- every site: verification
    select ${sumsOf('t.key', [{ amount: raw('-t.posted'), part: 0 }])}
    from (
      select p.posted, ${partKey(documentKey(seed, 'p.site_id', 'p.document_id'), 'p.line', 'p.part')} as key
      from planned_move p where p.kind <> 'purchase' and p.posted <> 0 offset 0
    ) t`,
}

export const shipmentsBalance: Balance = {
  withMoves: true,
  sides: (seed) => sql`
    -- every site: verification
    select ${sumsOf('t.key', [{ amount: raw('-t.quantity'), part: 1 }])}
    from (
      select c.quantity, coalesce(${partKey(documentKey(seed, 'h.site_id', 'h.order_id'), 'c.line', 'c.part')}, 1) as key
      from shipment_line c left join shipment h on h.site_id = c.site_id and h.shipment_id = c.shipment_id offset 0
    ) t`,
}
