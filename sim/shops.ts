// Shops: a till sells what the shop has on record and turns the rest into an order that the distribution centre ships (an endless aisle), so no
// record goes below zero here. On two evenings of the week a shop asks for more: where stock and what is on its way have fallen to half of what was asked for
// in the last 28 days, it is filled up to all of that. Plain order-up-to, so that shops have something to sell; not how it should be decided.

import { addDays, startOf, type Day } from '../core/calendar.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import { quantity, type Quantity } from '../core/quantity.ts'
import { sql } from '../server/db.ts'
import { at, hours } from './hours.ts'
import type { Sites } from './network.ts'
import type { Step, Steps } from './steps.ts'

export const WINDOW_DAYS = 28

interface Asked {
  readonly site: SiteId
  readonly item: ItemId
  readonly quantity: number
}

/** Stock of an item below which a shop asks for more, and up to which it is filled. */
export const levels = (asked: number): { readonly minimum: number; readonly maximum: number } => ({ minimum: Math.floor(asked / 2), maximum: asked })

/** Every second shop asks on Monday and Thursday, the others on Tuesday and Friday. */
export function asksOn(shop: number, day: Day): boolean {
  const weekday = new Date(startOf(day)).getUTCDay()
  return shop % 2 === 0 ? weekday === 1 || weekday === 4 : weekday === 2 || weekday === 5
}

export class Shops {
  readonly #steps: Steps
  readonly #sites: Sites
  /** What each shop's record has free this morning, less what its tills sold since. */
  readonly #free = new Map<string, number>()
  /** What was asked for at the tills in the window, and on which day. */
  readonly #window = new Map<string, number>()
  readonly #days = new Map<Day, Asked[]>()

  constructor(steps: Steps, sites: Sites) {
    this.#steps = steps
    this.#sites = sites
  }

  /** What tills sold in the window before `day`, where the record goes on from an earlier run. */
  async remember(day: Day): Promise<void> {
    const rows = await this.#steps.opened.database.query<Asked & { on: Day }>(sql`
      select l.site_id as site, l.item_id as item, l.quantity, (o.ordered_at at time zone 'UTC')::date as on
      from orders o join order_line l on l.site_id = o.site_id and l.order_id = o.order_id
      where o.site_id = any(${this.#sites.shops}::int[]) and o.kind = 'sale' and o.ordered_at >= ${addDays(day, -WINDOW_DAYS)}::date
      order by o.site_id, o.number, l.line`)
    for (const { on, ...asked } of rows) this.note(on, asked)
  }

  async morning(): Promise<void> {
    this.#free.clear()
    const rows = await this.#steps.opened.database.query<Asked>(sql`
      select site_id as site, item_id as item, sellable - reserved as quantity
      from availability where site_id = any(${this.#sites.shops}::int[]) and sellable > reserved`)
    for (const row of rows) this.#free.set(keyOf(row), row.quantity)
  }

  hasOnRecord(asked: Asked): boolean {
    return (this.#free.get(keyOf(asked)) ?? 0) >= asked.quantity
  }

  /** What a till sells is no longer free. */
  sell(asked: Asked): void {
    this.#free.set(keyOf(asked), this.#free.get(keyOf(asked))! - asked.quantity)
  }

  /** Shops ask the distribution centre for what they lack. */
  async evening(day: Day): Promise<number> {
    this.#forget(addDays(day, -WINDOW_DAYS))
    const asking = new Set(this.#sites.shops.filter((_site, index) => asksOn(index, day)))
    if (this.#window.size === 0 || asking.size === 0) return 0
    const wanted = new Map<SiteId, { item: ItemId; quantity: Quantity }[]>()
    const positions = await this.#positions()
    for (const [key, asked] of [...this.#window].toSorted(byKey)) {
      const [site, item] = key.split('/').map(Number) as [SiteId, ItemId]
      if (!asking.has(site)) continue
      const { minimum, maximum } = levels(asked)
      const position = positions.get(key) ?? 0
      if (position > minimum || position >= maximum) continue
      wanted.set(site, [...(wanted.get(site) ?? []), { item, quantity: quantity(maximum - position) }])
    }
    return this.#steps.send([...wanted].map(([site, lines]) => this.#request(day, site, lines)))
  }

  #request(day: Day, site: SiteId, lines: readonly { readonly item: ItemId; readonly quantity: Quantity }[]): Step {
    const due = addDays(day, (this.#sites.transferDays.get(site) ?? 0) + 1)
    return {
      site,
      at: at(day, hours.cover),
      command: {
        kind: 'requestTransfer',
        transfer: this.#steps.opened.newId(),
        from: this.#sites.distribution,
        lines: lines.map((line, index) => ({ ...line, line: index + 1, due })),
      },
      note: undefined,
    }
  }

  /** What is there and on its way, less what waits. */
  async #positions(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#steps.opened.database.query<Asked>(sql`
      select site_id as site, item_id as item, sellable + supply - demand as quantity
      from availability where site_id = any(${this.#sites.shops}::int[])`)
    return new Map(rows.map((row) => [keyOf(row), row.quantity]))
  }

  /** Remembers what was asked for at a till, whether it was sold there or shipped. */
  note(day: Day, asked: Asked): void {
    const on = this.#days.get(day)
    if (on === undefined) this.#days.set(day, [asked])
    else on.push(asked)
    this.#window.set(keyOf(asked), (this.#window.get(keyOf(asked)) ?? 0) + asked.quantity)
  }

  #forget(day: Day): void {
    for (const [on, all] of this.#days) {
      if (on > day) continue
      this.#days.delete(on)
      for (const asked of all) {
        const left = this.#window.get(keyOf(asked))! - asked.quantity
        if (left > 0) this.#window.set(keyOf(asked), left)
        else this.#window.delete(keyOf(asked))
      }
    }
  }
}

const keyOf = ({ site, item }: Omit<Asked, 'quantity'>): string => `${site}/${item}`
const byKey = ([a]: readonly [string, number], [b]: readonly [string, number]): number => (a < b ? -1 : 1)
