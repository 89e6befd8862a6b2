// Sample, the shell: what a site has on record, as known after one of its moves, and which of it is counted to tell what is there altogether
// (core/plan/sampling/). The rows come in an order of their own, so whoever draws again after the same move, with the same seed and size, draws the same.

import type { Site } from '../../core/party.ts'
import { planSample } from '../../core/plan/sampling/allocation.ts'
import { draw, type DrawnStratum } from '../../core/plan/sampling/draw.ts'
import type { SampledItem } from '../../core/plan/sampling/strata.ts'
import { lastKnown } from '../as-of.ts'
import { sql, type Connection, type Database, type Statement } from '../db.ts'
import { directionFor } from '../lane/as-of.ts'
import { inSnapshot } from '../snapshot.ts'

/** An item of the site, our own goods of it wherever at the site and in whatever condition. */
export interface RecordedItem extends SampledItem {
  readonly sku: string
  readonly name: string
  readonly unit: string
  /** Where it stands, in the order in which a person walks, and when he comes to the first of them. */
  readonly places: readonly string[]
  readonly walk: number
}

export interface RecordedSite {
  /** The last move that counts as known. */
  readonly sequence: number
  /** By SKU. What the record has nowhere is not among them. */
  readonly items: readonly RecordedItem[]
}

type Row = Omit<RecordedItem, 'expected' | 'sd'>

export const recordedSite = (database: Database, site: Site, sequence?: number): Promise<RecordedSite> =>
  inSnapshot(database, async (session: Connection) => {
    const known = await lastKnown(database, site, { sequence })
    const rows = await session.query<Row>(recordedItems(site, known))
    return { sequence: known, items: rows.map((row) => ({ ...row, ...beliefOf(row.recorded) })) }
  })

/** What is lost of an item, as a share of what the record says, and by how much such shares differ: their standard deviation is as much again. */
const DOUBT = 0.05

/**
 * What is believed to be there. Nothing is known beside the record yet, so that is what is expected; it is doubted as much as losses of a twentieth vary
 * whose rate differs from item to item (a negative binomial distribution of shape 1): m + m^2, of an item that the record denies as of one piece.
 */
export function beliefOf(recorded: number): Pick<SampledItem, 'expected' | 'sd'> {
  const lost = DOUBT * Math.max(1, recorded)
  return { expected: Math.max(0, recorded), sd: Math.sqrt(lost + lost ** 2) }
}

export interface Sample {
  readonly strata: readonly DrawnStratum[]
  /** Positions of the items to count, as a person walks. */
  readonly list: readonly { readonly index: number; readonly stratum: number; readonly probability: number }[]
}

export function sampleOf({ items }: RecordedSite, size: number, seed: number): Sample {
  const strata = draw(planSample(items, size), seed)
  const list = strata.flatMap(({ drawn, items: all }, at) =>
    drawn.map((index) => ({ index, stratum: at + 1, probability: drawn.length / all.length })),
  )
  return { strata, list: list.toSorted((a, b) => items[a.index]!.walk - items[b.index]!.walk || a.index - b.index) }
}

/** A piece is worth what the books have it for; where there are as many as none of it, what it was worth last. */
const recordedItems = (site: Site, known: number): Statement => sql`
  select i.sku, i.name, i.unit, t.recorded, t.places, t.walk,
    case when t.recorded <> 0 then t.value_minor::float8 / t.recorded else coalesce(t.last_value_minor::float8 / t.last_quantity, 0) end as "unitValue"
  from (
    select e.item_id, sum(e.quantity)::bigint as recorded, sum(e.value_minor)::bigint as value_minor,
      max(e.last_value_minor) as last_value_minor, max(e.last_quantity) as last_quantity,
      array_agg(p.code order by p.walk_order, p.code collate "C") filter (where e.quantity <> 0) as places,
      min(p.walk_order) filter (where e.quantity <> 0) as walk
    from (
      select s.item_id, s.place_id, sum(s.quantity)::bigint as quantity, sum(s.value_minor)::bigint as value_minor,
        max(s.last_value_minor) as last_value_minor, max(s.last_quantity) as last_quantity
      from (${standing(site)} union all ${movedSince(site, known)}) s
      group by s.item_id, s.place_id
    ) e
    left join place p on p.site_id = ${site.site} and p.place_id = e.place_id
    group by e.item_id
    having bool_or(e.quantity <> 0)
  ) t
  join item i on i.item_id = t.item_id
  order by i.sku collate "C"`

/** What stands at each place, and what it is all worth, which stands at none. */
const standing = ({ site, owner }: Site): Statement => sql`
  select item_id, place_id, quantity, 0::bigint as value_minor, null::bigint as last_value_minor, null::bigint as last_quantity
  from stock where site_id = ${site} and owner_id = ${owner}
  union all
  select item_id, 0, 0, value_minor, last_value_minor, last_quantity from item_value where site_id = ${site} and owner_id = ${owner}`

/** To be taken off again: what has come and gone since, with its value, and what was found out since about what it cost. */
const movedSince = ({ site, owner }: Site, known: number): Statement => sql`
  select m.item_id, m.to_place_id, -m.quantity, 0, null, null from move m
  where m.site_id = ${site} and m.sequence > ${known} and m.to_place_id >= 100 and m.to_owner_id = ${owner}
  union all
  select m.item_id, m.from_place_id, m.quantity, 0, null, null from move m
  where m.site_id = ${site} and m.sequence > ${known} and m.from_place_id >= 100 and m.from_owner_id = ${owner}
  union all
  select m.item_id, 0, 0, -m.value_minor * ${directionFor(owner)}, null, null from move m
  where m.site_id = ${site} and m.sequence > ${known}
  union all
  select c.item_id, 0, 0, -c.amount_minor, null, null from value_correction c
  where c.site_id = ${site} and c.owner_id = ${owner} and c.move_sequence > ${known}`
