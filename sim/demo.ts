// Demo: the company goes on from wherever its record ends, day by day, with customers and tills that follow from a seed. They ask for what was asked
// for lately, in such baskets and as often; behind the record's back goods are stolen, broken and lost (truth.ts). The same seed from the same
// state gives the same history, but for ids.

import { addDays, dayOf, startOf, type Day, type Instant } from '../core/calendar.ts'
import { controlSite, type ItemId, type PartyId, type SiteId } from '../core/item.ts'
import type { Money } from '../core/money.ts'
import type { Quantity } from '../core/quantity.ts'
import { chanceOf, type Chance } from '../core/rng.ts'
import { sql } from '../server/db.ts'
import type { Opened } from '../server/open.ts'
import { Company, type Asking, type AskedLine } from './company.ts'
import { arrival } from './hours.ts'
import { furnishNetwork, type Sites } from './network.ts'
import { WINDOW_DAYS } from './shops.ts'
import { Steps, type SimulatedClock } from './steps.ts'
import { Truth } from './truth.ts'

export interface DemoOptions {
  readonly days: number
  readonly seed: number
  /** The first day at the earliest. A server that runs beside delivers messages by its own clock, which no day may lie behind. */
  readonly from?: Day | undefined
  readonly progress?: (what: string, done: number, total?: number) => void
}

export interface Demonstrated {
  readonly seed: number
  readonly days: number
  readonly first_day: Day
  readonly last_day: Day
  readonly orders: number
  readonly till_lines: number
  readonly endless_aisle_lines: number
  /** What customers left without: the record had it, the shelf did not. */
  readonly missed_lines: number
  /** Units that went unseen. */
  readonly hidden_units: number
  readonly seconds: number
}

/** Runs so many days on. The clock must be one that the lanes were opened with. */
export async function demonstrate(opened: Opened, clock: SimulatedClock, { days, seed, from, progress }: DemoOptions): Promise<Demonstrated> {
  const started = performance.now()
  const next = addDays(await lastDay(opened), 1)
  const first = from !== undefined && from > next ? from : next
  clock.now = Math.max(clock.now, startOf(first))
  const sites = await furnishNetwork(opened)
  const truth = new Truth(opened.owner, sites.shops)
  await truth.open()
  const company = new Company(new Steps(opened, clock, `demo ${seed}`), sites, {
    onOpening: () => truth.look(),
    finds: (site, line) => truth.finds(site, line),
  })
  await company.resume(first)
  const crowd = await crowdOf(opened, sites)
  let orders = 0
  for (let count = 0; count < days; count += 1) {
    const day = addDays(first, count)
    // Each day has its own chance: what happens on it does not hang on how many numbers the days before have drawn.
    const chance = chanceOf(seed ^ Math.imul(startOf(day) / DAY_SEED_STEP, 0x9e3779b1))
    const askings = crowd.askings(day, chance, seed)
    orders += askings.length
    await company.day(day, askings)
    await truth.night(day, chance)
    progress?.(`Living ${day} (seed ${seed}), day`, count + 1, days)
  }
  const { tillLines, endlessAisleLines, missedLines } = company.counts
  return {
    seed,
    days,
    first_day: first,
    last_day: addDays(first, days - 1),
    orders,
    till_lines: tillLines,
    endless_aisle_lines: endlessAisleLines,
    missed_lines: missedLines,
    hidden_units: truth.hidden,
    seconds: Math.round((performance.now() - started) / 100) / 10,
  }
}

const DAY_SEED_STEP = 86_400_000

/** The last day on which anything was recorded at a site. */
async function lastDay({ database }: Opened): Promise<Day> {
  const [row] = await database.query<{ last: Instant }>(
    sql`select max(recorded_at) as last from site_head where site_id <> ${controlSite} -- every site: the latest of them`,
  )
  return dayOf(row!.last)
}

interface Basket {
  readonly customer: PartyId
  readonly lines: readonly { readonly item: ItemId; readonly quantity: Quantity; readonly unitPrice: Money }[]
}

/** Of 10 customers so many come to a shop; the others order on the web. */
const AT_SHOPS_OF_TEN = 6
/** Baskets remembered at most. */
const BASKETS_MAX = 5_000
/** From Sunday to Saturday, how many come compared with the average. */
const WEEKDAYS = [0.8, 0.85, 0.9, 0.95, 1, 1.25, 1.25] as const

/** Customers as they were in the last days in which any ordered. */
class Crowd {
  readonly #baskets: readonly Basket[]
  readonly #sites: Sites

  constructor(baskets: readonly Basket[], sites: Sites) {
    this.#baskets = baskets
    this.#sites = sites
  }

  askings(day: Day, chance: Chance, seed: number): readonly Asking[] {
    if (this.#baskets.length === 0) return []
    const mean = (this.#baskets.length / WINDOW_DAYS) * WEEKDAYS[new Date(startOf(day)).getUTCDay()]!
    const count = chance.poisson(mean)
    return Array.from({ length: count }, (_, index): Asking => {
      const site = this.#door(chance)
      const { customer } = this.#baskets[chance.below(this.#baskets.length)]!
      const { lines } = this.#baskets[chance.below(this.#baskets.length)]!
      const asked = lines.map((line, at): AskedLine => ({ ...line, line: at + 1 }))
      return { number: `DEMO${seed}-${day}-${index + 1}`, customer, site, at: arrival(day, index, count), lines: asked }
    })
  }

  #door(chance: Chance): SiteId {
    if (chance.below(10) >= AT_SHOPS_OF_TEN) return this.#sites.distribution
    return this.#sites.shops[chance.below(this.#sites.shops.length)]!
  }
}

async function crowdOf({ database }: Opened, sites: Sites): Promise<Crowd> {
  const at = [...sites.byCode.values()]
  // A sale and the order that shipped the rest of it carry one number of the customer's: they are one basket.
  const baskets = await database.query<Basket>(sql`
    with last as (select max(ordered_at) as at from orders where site_id = any(${at}::int[]))
    select min(o.customer_id) as customer,
      json_agg(json_build_object('item', l.item_id, 'quantity', l.quantity, 'unitPrice', l.unit_price_minor) order by l.line, l.item_id) as lines
    from orders o join order_line l on l.site_id = o.site_id and l.order_id = o.order_id
    where o.site_id = any(${at}::int[]) and o.reference is not null
      and o.ordered_at > (select at from last) - make_interval(days => ${WINDOW_DAYS})
    group by o.reference order by min(o.ordered_at), o.reference limit ${BASKETS_MAX}`)
  return new Crowd(baskets, sites)
}
