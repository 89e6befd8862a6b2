// Truth: the shelf as it is and not as it is recorded. Goods are stolen, broken and lost in shops and nobody enters it; the simulator remembers it in a
// schema of its own, which the server's role may not even read, so whatever finds it out finds it from sales, silence and counts alone.
//
// What truly stands there is what moves of goods say, less what went unseen. A count or an entered loss moves no goods: it only makes the record know.

import type { Day } from '../core/calendar.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import type { Chance } from '../core/rng.ts'
import { sql, type Database } from '../server/db.ts'

const causes = ['theft', 'breakage', 'lost'] as const

/** Of a unit that stands on a shelf, how much goes in a day, by cause; some items are wanted by thieves four times as much as others. */
const LOSS_PER_UNIT_DAY = { theft: 0.001, breakage: 0.000_2, lost: 0.000_3 } as const
const ATTRACTION = [0.5, 0.5, 1, 2] as const

interface Standing {
  readonly site: SiteId
  readonly item: ItemId
  readonly quantity: number
}

export class Truth {
  readonly #owner: Database
  readonly #shops: readonly SiteId[]
  #shelf = new Map<string, Standing>()
  /** Units that went unseen in this run. */
  hidden = 0

  constructor(owner: Database, shops: readonly SiteId[]) {
    this.#owner = owner
    this.#shops = shops
  }

  async open(): Promise<void> {
    await this.#owner.script(`
      create schema if not exists simulation;
      create table if not exists simulation.hidden_loss (
        site_id int not null, item_id int not null, happened_on date not null, cause text not null, quantity bigint not null check (quantity > 0),
        primary key (site_id, item_id, happened_on, cause));
      create or replace view simulation.shelf as
        select site_id, item_id, sum(quantity)::bigint as quantity
        from (
          select site_id, item_id, quantity from move where to_place_id >= 100 and from_place_id < 100 and cause not in ('count', 'loss')
          union all
          select site_id, item_id, -quantity from move where from_place_id >= 100 and to_place_id < 100 and cause not in ('count', 'loss')
          union all
          select site_id, item_id, -quantity from simulation.hidden_loss
        ) t group by site_id, item_id`)
  }

  /** Looks at the shelves. */
  async look(): Promise<void> {
    const rows = await this.#owner.query<Standing>(sql`
      select site_id as site, item_id as item, quantity from simulation.shelf
      where site_id = any(${this.#shops}::int[]) and quantity > 0 order by site_id, item_id`)
    this.#shelf = new Map(rows.map((row) => [keyOf(row.site, row.item), row]))
  }

  /** Whether so many truly stand in the shop, less what was found there today. */
  finds(site: SiteId, { item, quantity }: { readonly item: ItemId; readonly quantity: number }): boolean {
    const standing = this.#shelf.get(keyOf(site, item))
    if (standing === undefined || standing.quantity < quantity) return false
    this.#shelf.set(keyOf(site, item), { ...standing, quantity: standing.quantity - quantity })
    return true
  }

  /** What goes unseen in a day. */
  async night(day: Day, chance: Chance): Promise<void> {
    const lost = [...this.#shelf.values()].flatMap(({ site, item, quantity }) =>
      causes.flatMap((cause) => {
        const attraction = cause === 'theft' ? ATTRACTION[item % ATTRACTION.length]! : 1
        return { site, item, cause, drawn: chance.poisson(quantity * LOSS_PER_UNIT_DAY[cause] * attraction), quantity }
      }),
    )
    const rows = withinShelf(lost)
    this.hidden += rows.reduce((sum, row) => sum + row.quantity, 0)
    if (rows.length === 0) return
    await this.#owner.execute(sql`
      insert into simulation.hidden_loss (site_id, item_id, happened_on, cause, quantity)
      select t.site_id, t.item_id, ${day}::date, t.cause, t.quantity from unnest(
        ${rows.map((row) => row.site)}::int[], ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.cause)}::text[],
        ${rows.map((row) => row.quantity)}::bigint[]) t (site_id, item_id, cause, quantity)`)
  }
}

interface Drawn extends Standing {
  readonly cause: (typeof causes)[number]
  readonly drawn: number
}

/** No more can go than stands there, whatever the causes. */
function withinShelf(lost: readonly Drawn[]): readonly Drawn[] {
  const left = new Map<string, number>()
  const rows: Drawn[] = []
  for (const one of lost) {
    const key = keyOf(one.site, one.item)
    const before = left.get(key) ?? one.quantity
    const quantity = Math.min(one.drawn, before)
    left.set(key, before - quantity)
    if (quantity > 0) rows.push({ ...one, quantity })
  }
  return rows
}

const keyOf = (site: SiteId, item: ItemId): string => `${site}/${item}`
