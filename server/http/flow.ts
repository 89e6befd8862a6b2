// Flow: what stands at each stage of a site, counted from what is open, late or lately arrived. Indexes on what is open keep history out of it.
//
// Counting takes a moment that grows with what is open, and everybody who watches asks at every event. So a count is shared, and the next one
// waits twenty times as long as the last one took, a second at least: watching never takes more than a twentieth of the database's time.

import type { Day, Instant } from '../../core/calendar.ts'
import { dayOf, textOf } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { isRefusal } from '../../core/refusal.ts'
import { sql, type Database } from '../db.ts'
import { nowOf, siteOf, type Readers } from './call.ts'

const FRESH_MILLISECONDS_MIN = 1_000
const FRESH_PER_COUNTING = 20
const RECENT_DAYS = 7
const LOOP_DAYS = 30
const DAY_MILLISECONDS = 86_400_000

interface Picture {
  readonly countedAt: string
  readonly flow: readonly object[]
  readonly loop: readonly object[]
}

interface Counted {
  readonly picture: Promise<Picture>
  /** By the injected clock; unknown while it is being counted. */
  until: number
}

const counted = new WeakMap<Database, Map<SiteId, Counted>>()

export const getFlow: Readers['getFlow'] = async (call) => {
  const site = await siteOf(call, call.query.site)
  if (isRefusal(site)) return site
  return { site: site.code, ...(await pictureOf(call.context.database, site.site, nowOf(call))) }
}

function pictureOf(database: Database, site: SiteId, now: Instant): Promise<Picture> {
  const sites = counted.get(database) ?? new Map<SiteId, Counted>()
  counted.set(database, sites)
  const last = sites.get(site)
  const began = performance.now()
  if (last !== undefined && last.until > now) return last.picture
  const next: Counted = { picture: count(database, site, now), until: Number.POSITIVE_INFINITY }
  sites.set(site, next)
  next.picture.then(
    () => (next.until = now + Math.max(FRESH_MILLISECONDS_MIN, FRESH_PER_COUNTING * (performance.now() - began))),
    () => sites.delete(site),
  )
  return next.picture
}

async function count(database: Database, site: SiteId, now: Instant): Promise<Picture> {
  const today = dayOf(now)
  const before = (days: number): string => new Date(now - days * DAY_MILLISECONDS).toISOString()
  const [demand, supply, moving, delivered, found, exceptions] = await Promise.all([
    openDemand(database, site, today),
    openSupply(database, site, today),
    shipped(database, site, today),
    arrived(database, site, before(RECENT_DAYS)),
    lostAndCounted(database, site, before(LOOP_DAYS)),
    openExceptions(database, site),
  ])
  const none = { lines: 0, value: 0, late: 0, short: 0 }
  return {
    countedAt: textOf(now),
    flow: [
      { stage: 'order', ...none, lines: demand.lines, value: demand.value, late: demand.late, short: demand.waiting },
      { stage: 'promise', ...none, lines: demand.waiting, value: demand.waitingValue, late: demand.waitingLate, short: demand.waiting },
      { stage: 'reserve', ...none, lines: demand.held, value: demand.heldValue, late: demand.heldLate },
      { stage: 'purchase', ...none, ...supply.get('purchase') },
      { stage: 'produce', ...none, ...supply.get('output') },
      { stage: 'store', ...none, lines: demand.allocated, value: demand.allocatedValue, late: demand.allocatedLate },
      { stage: 'transport', ...none, ...moving },
      { stage: 'deliver', ...none, ...delivered },
    ],
    loop: [{ part: 'record', count: exceptions, value: 0 }, ...found],
  }
}

interface Demand {
  readonly lines: number
  readonly value: number
  readonly late: number
  readonly waiting: number
  readonly waitingValue: number
  readonly waitingLate: number
  readonly held: number
  readonly heldValue: number
  readonly heldLate: number
  readonly allocated: number
  readonly allocatedValue: number
  readonly allocatedLate: number
}

/** What is open of the orders that this site serves: each piece of it waits, is held, or is being picked and packed. */
async function openDemand(database: Database, site: SiteId, today: Day): Promise<Demand> {
  const [row] = await database.query<Demand>(sql`
    select count(*) as lines, coalesce(sum(open * price), 0)::bigint as value, count(*) filter (where late) as late,
      count(*) filter (where open > held) as waiting, coalesce(sum((open - held) * price), 0)::bigint as "waitingValue",
      count(*) filter (where open > held and late) as "waitingLate",
      count(*) filter (where held > allocated) as held, coalesce(sum((held - allocated) * price), 0)::bigint as "heldValue",
      count(*) filter (where held > allocated and late) as "heldLate",
      count(*) filter (where allocated > 0) as allocated, coalesce(sum(allocated * price), 0)::bigint as "allocatedValue",
      count(*) filter (where allocated > 0 and late) as "allocatedLate"
    from (
      select p.planned - p.posted - p.cancelled as open, p.held, p.allocated, l.unit_price_minor as price, coalesce(l.promised_on < ${today}::date, false) as late
      from planned_move p
      join order_line l on l.site_id = p.home_site_id and l.order_id = p.document_id and l.line = p.line -- every site: an order may live elsewhere
      where p.site_id = ${site} and p.planned - p.posted - p.cancelled > 0 and p.kind = 'order' and p.hold_expires_at is null) o`)
  return row!
}

interface Standing {
  readonly lines: number
  readonly value: number
  readonly late: number
}

/** What is ordered from suppliers and not here yet, at its price, and what is being made, at what it usually costs. */
async function openSupply(database: Database, site: SiteId, today: Day): Promise<ReadonlyMap<string, Standing>> {
  const rows = await database.query<Standing & { kind: string }>(sql`
    select p.kind, count(*) as lines, count(*) filter (where p.due_on < ${today}::date) as late,
      coalesce(sum((p.planned - p.posted - p.cancelled) * coalesce(l.unit_price_minor, i.standard_cost_minor)), 0)::bigint as value
    from planned_move p
    join item i on i.item_id = p.item_id
    left join purchase_line l on l.site_id = p.site_id and l.purchase_id = p.document_id and l.line = p.line
    where p.site_id = ${site} and p.planned - p.posted - p.cancelled > 0 and p.kind in ('purchase', 'output')
    group by p.kind`)
  return new Map(rows.map(({ kind, ...standing }) => [kind, standing]))
}

/** What left this site and has not arrived. */
async function shipped(database: Database, site: SiteId, today: Day): Promise<Standing> {
  const [row] = await database.query<Standing>(sql`
    select count(*) as lines, coalesce(sum((x.quantity - x.delivered - x.came_back) * l.unit_price_minor), 0)::bigint as value,
      count(*) filter (where l.promised_on < ${today}::date) as late
    from shipment s
    join shipment_line x on x.site_id = s.site_id and x.shipment_id = s.shipment_id
    join order_line l on l.site_id = s.home_site_id and l.order_id = s.order_id and l.line = x.line -- every site: an order may live elsewhere
    where s.site_id = ${site} and s.delivered_at is null and s.state <> 'came_back'`)
  return row!
}

/** What arrived lately; late is what arrived after its promise. */
async function arrived(database: Database, site: SiteId, since: string): Promise<Standing> {
  const [row] = await database.query<Standing>(sql`
    select count(*) as lines, coalesce(sum(x.delivered * l.unit_price_minor), 0)::bigint as value,
      count(*) filter (where l.promised_on < s.delivered_at::date) as late
    from shipment s
    join shipment_line x on x.site_id = s.site_id and x.shipment_id = s.shipment_id
    join order_line l on l.site_id = s.home_site_id and l.order_id = s.order_id and l.line = x.line -- every site: an order may live elsewhere
    where s.site_id = ${site} and s.delivered_at >= ${since}::timestamptz`)
  return row!
}

/** What was lost for a known cause, and what counts found missing or too much. */
async function lostAndCounted(database: Database, site: SiteId, since: string): Promise<readonly object[]> {
  const [row] = await database.query<{ losses: number; lost: number; counts: number; difference: number }>(sql`
    select count(*) filter (where cause <> 'count') as losses, coalesce(sum(value_minor) filter (where cause <> 'count'), 0)::bigint as lost,
      count(*) filter (where cause = 'count') as counts,
      coalesce(sum(case when to_place_id < 100 then value_minor else -value_minor end) filter (where cause = 'count'), 0)::bigint as difference
    from move
    where site_id = ${site} and occurred_at >= ${since}::timestamptz and cause in ('loss', 'expiry', 'count')`)
  return [
    { part: 'shrinkage', count: row!.losses, value: row!.lost },
    { part: 'count', count: row!.counts, value: row!.difference },
  ]
}

async function openExceptions(database: Database, site: SiteId): Promise<number> {
  const [row] = await database.query<{ exceptions: number }>(sql`
    select count(*) as exceptions from exception where site_id = ${site} and closed_at is null`)
  return row!.exceptions
}
