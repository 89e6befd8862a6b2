// The moves' side of every balance, added up in the same pass that checks their chain: what each move posts, ships, sells, takes back, brings
// to its place and takes from the other, and what it is worth. The other sides are further down, each beside the table it is read from.

import { placeKinds, virtualPlaces } from '../../core/place.ts'
import { sql, type Statement } from '../db.ts'
import { documentKey, itemKey, lineKey, partKey, raw, stockKey, sumsOf, weigh, weighValue, type Balance, type Weighed } from './balance.ts'

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
    case when m.cause in ('shipment', 'shipment_loss', 'drop_shipment', 'sale', 'transfer_out', 'transfer_in', 'issue', 'output') then ${partKey(document, 'm.line', 'm.part')} end as part_key,
    case when m.cause in ('sale', 'return', 'undelivered') then ${lineKey(document, 'm.line')} end as line_key,
    ${from} as from_item_key, ${to} as to_item_key,
    case when m.from_place_id >= ${raw(String(VIRTUAL_PLACES_END))} then ${stockKey(from, 'm.from_')} end as from_stock_key,
    case when m.to_place_id >= ${raw(String(VIRTUAL_PLACES_END))} then ${stockKey(to, 'm.to_')} end as to_stock_key`
}

const quantity: Weighed = { amount: raw('t.quantity'), bit: 0 }
const inside = (end: 'from' | 'to'): string => `t.${end}_place_id >= ${VIRTUAL_PLACES_END}`
/**
 * Goods change value when they come into the site or leave it (core/ledger.ts). Those that are taken over from others come in at their price, and are
 * no loss to others' goods, which are worth nothing to us.
 */
const leaves = raw(`${inside('from')} and (not ${inside('to')} or t.from_owner_id <> t.to_owner_id)`)
const leavesWithValue = raw(`${inside('from')} and not ${inside('to')}`)
const enters = raw(`${inside('to')} and (not ${inside('from')} or t.from_owner_id <> t.to_owner_id)`)
const worth = (end: 'from' | 'to', bit: 32 | 48): Statement => weighValue(`t.${end}_item_key`, raw('t.value_minor'), bit)

/** A move's part in all balances. What has no part in one weighs nothing there. */
const weighMove = sql`
  coalesce(${weigh('t.part_key', [quantity])}, 0)
  + case t.cause
      when 'shipment' then ${weigh('t.part_key', [{ ...quantity, bit: 16 }])}
      when 'drop_shipment' then ${weigh('t.part_key', [{ ...quantity, bit: 16 }])}
      when 'sale' then ${weigh('t.line_key', [quantity])}
      when 'return' then ${weigh('t.line_key', [{ ...quantity, bit: 16 }])}
      when 'undelivered' then ${weigh('t.line_key', [{ ...quantity, bit: 32 }])}
      -- Counted as posted above, and it is the reverse: off again, and off once.
      when 'shipment_loss' then ${weigh('t.part_key', [
        { amount: raw('-2 * t.quantity'), bit: 0 },
        { ...quantity, bit: 32 },
      ])}
      else 0
    end
  + coalesce(${weigh('t.to_stock_key', [quantity])}, 0) - coalesce(${weigh('t.from_stock_key', [quantity])}, 0)
  + case when ${enters} then ${weigh('t.to_item_key', [quantity])} + ${worth('to', 32)} else 0 end
  - case when ${leaves} then ${weigh('t.from_item_key', [quantity])} else 0 end
  - case when ${leavesWithValue} then ${worth('from', 32)} else 0 end`

/** Their values once more, where goods come in or leave. */
const weighMoveAgain = sql`
  case when ${enters} then ${worth('to', 48)} else 0 end - case when ${leavesWithValue} then ${worth('from', 48)} else 0 end`

/** What all moves of a piece `t` come to. */
export const sumColumns = (): Statement => sql`coalesce(sum(${weighMove}), 0)::text as first, coalesce(sum(${weighMoveAgain}), 0)::text as second`

/** Where moves of a site may go, and for whom. */
export interface Grounds {
  /** The site's own company; null for a site that is not there. */
  readonly owner: number | null
  /** Others whose goods stand or stood there. */
  readonly others: readonly number[]
  readonly places: readonly number[]
  readonly sellingPlaces: readonly number[]
}

/**
 * Whether a move `t` went from and to where it may, kept what tells its goods apart, and kept its owner, or was a take-over by the site's own company.
 * Where it did not, owners and places are looked at one by one.
 */
export function isLawful({ owner, others, places, sellingPlaces }: Grounds): Statement {
  const at = (end: 'from' | 'to', some: readonly number[]): Statement => sql`${raw(`t.${end}_place_id`)} = any (${some}::int[])`
  return sql`
    not t.changed and (t.to_owner_id = ${owner} or t.to_owner_id = any (${others}::int[]))
    and (t.from_owner_id = t.to_owner_id
      or t.cause = 'take_over' and t.to_owner_id = ${owner} and t.from_owner_id = any (${others}::int[]) and t.from_place_id = t.to_place_id)
    and (${at('from', places)} and ${at('to', [...places, ...virtualPlaceIds])} or ${at('from', virtualPlaceIds)} and ${at('to', places)}
      or t.cause = 'drop_shipment' and ${at('from', [virtualPlaces.supplier])} and ${at('to', [virtualPlaces.customer])})
    and (t.cause not in ('pick', 'shipment', 'sale', 'transfer_out', 'issue') or (t.from_condition = 'sellable' and ${at('from', sellingPlaces)}))`
}

export const stockBalance: Balance = {
  withMoves: true,
  sides: (seed) => sql`
    -- every site: verification
    select ${sumsOf('t.key', [{ amount: raw('-t.quantity::numeric'), bit: 0 }])}
    from (select s.quantity, ${stockKey(itemKey(seed, 's.site_id', 's.item_id', 's.owner_id'), 's.')} as key from stock s offset 0) t`,
}

export const valueBalance: Balance = {
  withMoves: true,
  sides: (seed) => sql`
    -- every site: verification
    select coalesce(sum(${weigh('t.key', [{ amount: raw('-t.quantity::numeric'), bit: 0 }])} + ${weighValue('t.key', raw('-t.value_minor::numeric'), 32)}), 0)::text as first,
      coalesce(sum(${weighValue('t.key', raw('-t.value_minor::numeric'), 48)}), 0)::text as second
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
    select ${sumsOf('t.key', [{ amount: raw('-t.posted'), bit: 0 }])}
    from (
      select p.posted, ${partKey(documentKey(seed, 'p.site_id', 'p.document_id'), 'p.line', 'p.part')} as key
      from planned_move p where p.kind <> 'purchase' and p.posted <> 0 offset 0
    ) t`,
}
